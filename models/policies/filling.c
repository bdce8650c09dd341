#include "models/policies/filling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/eval.h"

static const double load_steps = 20.0; /* over which waiting is taken: the grid of serving.power */

struct gw_filling {
    struct gw_filling_cfg cfg;
    const struct gw_dims *dims;
    bool several; /* prices have to be made comparable */
    /* tables of the view, found once */
    const double *rate, *model, *origin, *allowed, *limit_ms, *rtt_ms, *ttft_ms, *transfer;
    const double *power_kw, *capacity, *marginal, *carbon, *water, *water_onsite, *price;
    const double *fixed_kw, *onsite_kw;
    double *used;                    /* [models][sites] capacity given away this epoch */
    double *drawn_kw;                /* [sites] facility power of what was given to the site this epoch */
    double scale[GW_FILLING_PRICES]; /* of the row at hand */
};

/* What a site says to a row: so many requests per second at this score, until then. */
struct offer {
    uint32_t site;
    bool in_time;
    double score, room;
    double used_end; /* load at which the room ends */
    bool power_ends; /* or the site's own power is used up before */
};

void gw_filling_destroy(struct gw_filling *self)
{
    if (self != NULL) {
        free(self->used);
        free(self->drawn_kw);
        free(self);
    }
}

struct gw_filling *gw_filling_create(const struct gw_view *view, const struct gw_filling_cfg *cfg)
{
    struct gw_filling *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    *self = (struct gw_filling){
        .cfg = *cfg,
        .dims = view->dims,
        .rate = view->table(view, "demand.rate")->v,
        .model = view->table(view, "demand.model")->v,
        .origin = view->table(view, "demand.origin")->v,
        .allowed = view->table(view, "demand.allowed")->v,
        .limit_ms = view->table(view, "demand.slo_ttft")->v,
        .rtt_ms = view->table(view, "network.rtt")->v,
        .ttft_ms = view->table(view, "serving.ttft")->v,
        .transfer = view->table(view, "network.transfer")->v,
        .power_kw = view->table(view, "serving.power")->v,
        .capacity = view->table(view, "serving.capacity")->v,
        .marginal = view->table(view, "site.marginal")->v,
        .carbon = view->table(view, "site.carbon")->v,
        .water = view->table(view, "site.water")->v,
        .water_onsite = view->table(view, "site.water_onsite")->v,
        .price = view->table(view, "site.price")->v,
        .fixed_kw = view->table(view, "site.fixed_facility")->v,
        .onsite_kw = view->table(view, "site.onsite")->v,
        .used = calloc((size_t)view->dims->models * view->dims->sites, sizeof(double)),
        .drawn_kw = calloc(view->dims->sites, sizeof(double)),
    };
    uint32_t weights = 0;
    for (uint32_t k = 0; k < GW_FILLING_PRICES; k++) {
        weights += cfg->weight[k] != 0.0;
    }
    self->several = weights > 1;
    if (self->used == NULL || self->drawn_kw == NULL) {
        gw_filling_destroy(self);
        return NULL;
    }
    return self;
}

/* ---- prices ---- */

/* How much longer all requests at the site take to their first token for one more, over the step of load. */
static double wait_slope(double from, double to)
{
    return (to * gw_eval_wait_factor(to) - from * gw_eval_wait_factor(from)) / (to - from);
}

/* IT power of row d's model at site s, kW. */
static double power_at(const struct gw_filling *self, uint32_t d, uint32_t s, double used)
{
    const size_t cell = (size_t)self->model[d] * self->dims->sites + s;
    return gw_eval_power_kw(self->power_kw + cell * GW_VIEW_LOADS, used);
}

/* Of a request of row d, when `left` of the row or what there is room for fills the site from `used` on. */
static double request_kwh(const struct gw_filling *self, uint32_t d, uint32_t s, double used, double used_end,
                          double left)
{
    const double capacity = self->capacity[(size_t)d * self->dims->sites + s];
    const double rate = self->rate[(size_t)d * self->dims->horizon] * left;
    const double end = rate > 0.0 ? fmin(used_end, used + rate / capacity) : used_end;
    return (power_at(self, d, s, end) - power_at(self, d, s, used)) / ((end - used) * capacity * 3600.0);
}

static void prices(const struct gw_filling *self, uint32_t d, uint32_t s, double it_kwh, double bought_frac,
                   double wait, double price[GW_FILLING_PRICES])
{
    const size_t cell = (size_t)d * self->dims->sites + s, now = (size_t)s * self->dims->horizon;
    const double bought_kwh = it_kwh * self->marginal[now] * bought_frac;
    const double rtt_ms = self->rtt_ms[(size_t)self->origin[d] * self->dims->sites + s];
    price[GW_OBJ_CARBON_KG] = bought_kwh * self->carbon[now];
    price[GW_OBJ_WATER_L] = bought_kwh * self->water[now] + it_kwh * self->water_onsite[now];
    price[GW_OBJ_COST_USD] = bought_kwh * self->price[now] + self->transfer[cell];
    price[GW_OBJ_TTFT_MS] = rtt_ms + self->ttft_ms[cell] * (1.0 + wait);
    price[GW_OBJ_ENERGY_KWH] = bought_kwh;
    price[GW_FILLING_INTENSITY] = self->carbon[now];
    price[GW_FILLING_DISTANCE] = rtt_ms;
}

/* Mean price over the row's sites at no load and no power of one's own: a weight of 1 and 1 trades one
 * percent of what round robin would pay of this for one percent of that. */
static void set_scale(struct gw_filling *self, uint32_t d)
{
    double n = 0.0;
    for (uint32_t k = 0; k < GW_FILLING_PRICES; k++) {
        self->scale[k] = self->several ? 0.0 : 1.0;
    }
    for (uint32_t s = 0; self->several && s < self->dims->sites; s++) {
        double price[GW_FILLING_PRICES];
        if (self->allowed[(size_t)d * self->dims->sites + s] != 0.0) {
            n += 1.0;
            prices(self, d, s, request_kwh(self, d, s, 0.0, self->cfg.fill, 1.0), 1.0, 0.0, price);
            for (uint32_t k = 0; k < GW_FILLING_PRICES; k++) {
                self->scale[k] += (fabs(price[k]) - self->scale[k]) / n;
            }
        }
    }
}

/* No room: no offer. */
static struct offer offer_of(const struct gw_filling *self, uint32_t d, uint32_t s, double left)
{
    const size_t cell = (size_t)d * self->dims->sites + s, now = (size_t)s * self->dims->horizon;
    const double used = self->used[(size_t)self->model[d] * self->dims->sites + s];
    if (self->allowed[cell] == 0.0 || used >= self->cfg.fill) {
        return (struct offer){0};
    }
    const bool waits = self->cfg.weight[GW_OBJ_TTFT_MS] != 0.0;
    const double step = (floor(used * load_steps + 1e-9) + 1.0) / load_steps;
    const double used_end = waits ? fmin(step, self->cfg.fill) : self->cfg.fill;

    const double it_kwh = request_kwh(self, d, s, used, used_end, left);
    const double request_kw = 3600.0 * it_kwh * self->marginal[now];
    const double own_kw = self->onsite_kw[now] - self->fixed_kw[now] - self->drawn_kw[s];
    const bool own = self->onsite_kw[now] > 0.0 && own_kw > 0.0;
    const double by_load = (used_end - used) * self->capacity[cell];
    const double by_power = own && request_kw > 0.0 ? own_kw / request_kw : INFINITY;

    double price[GW_FILLING_PRICES];
    prices(self, d, s, it_kwh, own ? 0.0 : 1.0, waits ? wait_slope(used, used_end) : 0.0, price);
    const double ms = self->rtt_ms[(size_t)self->origin[d] * self->dims->sites + s] + self->ttft_ms[cell];
    struct offer out = {.site = s,
                        .in_time = !self->cfg.guard || ms <= self->limit_ms[d] - self->cfg.slo_margin_ms,
                        .room = fmin(by_load, by_power),
                        .used_end = used_end,
                        .power_ends = by_power < by_load};
    for (uint32_t k = 0; k < GW_FILLING_PRICES; k++) {
        if (self->cfg.weight[k] != 0.0 && self->scale[k] > 0.0) {
            out.score += self->cfg.weight[k] * price[k] / self->scale[k];
        }
    }
    return out;
}

/* ---- handing out ---- */

/* In time first, then the lowest score; strictly, so that a tie goes to the site that stands first. */
static struct offer best_offer(const struct gw_filling *self, uint32_t d, double left)
{
    struct offer best = {0};
    for (uint32_t s = 0; s < self->dims->sites; s++) {
        const struct offer offer = offer_of(self, d, s, left);
        if (offer.room > 0.0 && (best.room == 0.0 || (offer.in_time && !best.in_time) ||
                                 (offer.in_time == best.in_time && offer.score < best.score))) {
            best = offer;
        }
    }
    return best;
}

/* Gives the site what it offers, at most `left` of row d; the share. What ends the offer ends exactly. */
static double take(struct gw_filling *self, uint32_t d, const struct offer *offer, double left)
{
    const size_t cell = (size_t)d * self->dims->sites + offer->site;
    const size_t now = (size_t)offer->site * self->dims->horizon;
    const double rate = self->rate[(size_t)d * self->dims->horizon];
    const bool all = rate * left <= offer->room;
    const double share = all ? left : offer->room / rate;
    double *used = &self->used[(size_t)self->model[d] * self->dims->sites + offer->site];
    double *drawn_kw = &self->drawn_kw[offer->site];
    const double before_kw = power_at(self, d, offer->site, *used);
    *used = all || offer->power_ends ? *used + rate * share / self->capacity[cell] : offer->used_end;
    if (!all && offer->power_ends) {
        *drawn_kw = self->onsite_kw[now] - self->fixed_kw[now];
    } else {
        *drawn_kw += self->marginal[now] * (power_at(self, d, offer->site, *used) - before_kw);
    }
    return share;
}

/* What is left of row d when every site is filled: to each site by its capacity. */
static void spread(const struct gw_filling *self, uint32_t d, double left, double *share)
{
    const size_t row = (size_t)d * self->dims->sites;
    double capacity = 0.0;
    for (uint32_t s = 0; s < self->dims->sites; s++) {
        capacity += self->allowed[row + s] * self->capacity[row + s];
    }
    for (uint32_t s = 0; s < self->dims->sites; s++) {
        share[s] += left * self->allowed[row + s] * self->capacity[row + s] / capacity;
    }
}

void gw_filling_plan(struct gw_filling *self, double *share)
{
    const uint32_t sites = self->dims->sites;
    memset(self->used, 0, (size_t)self->dims->models * sites * sizeof *self->used);
    memset(self->drawn_kw, 0, sites * sizeof *self->drawn_kw);
    for (uint32_t d = 0; d < self->dims->demands; d++) {
        double *row = share + (size_t)d * sites, left = 1.0;
        memset(row, 0, sites * sizeof *row);
        set_scale(self, d);
        for (struct offer o = best_offer(self, d, left); left > 0.0 && o.room > 0.0;
             o = best_offer(self, d, left)) {
            const double given = take(self, d, &o, left);
            row[o.site] += given;
            left -= given;
        }
        if (left > 0.0) {
            spread(self, d, left, row);
        }
    }
}
