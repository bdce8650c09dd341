#include "models/policies/purchase.h"

#include <math.h>

#include "models/policies/view.h"

struct gw_purchase gw_purchase_of(const struct gw_view *view)
{
    return (struct gw_purchase){
        .low_kw = view->table(view, "battery.low")->v,
        .high_kw = view->table(view, "battery.high")->v,
        .take_kw = view->table(view, "battery.take")->v,
        .give_kw = view->table(view, "battery.give")->v,
        .limit_kw = view->table(view, "site.import_limit")->v,
        .peak_kw = view->table(view, "site.peak")->v,
        .peak_usd = view->table(view, "site.peak_price")->v,
    };
}

static bool has_battery(const struct gw_purchase *self, uint32_t s)
{
    return self->take_kw[s] > 0.0 || self->give_kw[s] > 0.0;
}

static double low_of(const struct gw_purchase *self, uint32_t s)
{
    return fmin(self->low_kw[s], self->limit_kw[s]);
}

static double high_of(const struct gw_purchase *self, uint32_t s)
{
    return fmin(fmax(self->low_kw[s], self->high_kw[s]), self->limit_kw[s]);
}

double gw_purchase_kw(const struct gw_purchase *self, uint32_t s, double net_kw)
{
    double kw = net_kw;
    if (has_battery(self, s)) {
        const double low = low_of(self, s), high = high_of(self, s);
        if (net_kw < low) {
            kw = fmin(net_kw + self->take_kw[s], low);
        } else if (net_kw > high) {
            kw = fmax(net_kw - self->give_kw[s], high);
        }
    }
    return kw > 0.0 ? kw : 0.0;
}

double gw_purchase_peak_usd(const struct gw_purchase *self, uint32_t s, double bought_kw)
{
    double usd = 0.0;
    for (uint32_t p = 0; p < GW_VIEW_PEAKS; p++) {
        const double over_kw = bought_kw - self->peak_kw[s * GW_VIEW_PEAKS + p];
        usd += over_kw > 0.0 ? self->peak_usd[s * GW_VIEW_PEAKS + p] * over_kw : 0.0;
    }
    return usd;
}

uint32_t gw_purchase_bends(const struct gw_purchase *self, uint32_t s, double low_kw, double high_kw,
                           double bend_kw[GW_PURCHASE_BENDS])
{
    const double low = low_of(self, s), high = high_of(self, s);
    const double take = self->take_kw[s], give = self->give_kw[s];
    const double bend[GW_PURCHASE_BENDS] = {0.0, -take, give, low - take, low, high, high + give};
    uint32_t n = 0;
    const uint32_t candidates = has_battery(self, s) ? GW_PURCHASE_BENDS : 1;
    for (uint32_t i = 0; i < candidates; i++) {
        uint32_t at = n;
        bool is_new = bend[i] > low_kw && bend[i] < high_kw;
        for (uint32_t k = 0; k < n; k++) {
            is_new = is_new && bend_kw[k] != bend[i];
        }
        if (!is_new) {
            continue;
        }
        for (; at > 0 && bend_kw[at - 1] > bend[i]; at--) {
            bend_kw[at] = bend_kw[at - 1];
        }
        bend_kw[at] = bend[i];
        n++;
    }
    return n;
}
