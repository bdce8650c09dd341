#include "models/policies/orders.h"

#include <math.h>

#include "models/policies/view.h"

const struct gw_order_doc gw_orders_docs[GW_ORDER_KINDS] = {
    {GW_ORDER_SET_POINT, 0, "set-point", "s", "K", -GW_ORDER_SET_POINT_MAX_K, GW_ORDER_SET_POINT_MAX_K, 0.0,
     "Added to the supply temperature that the site's plant was designed for, from the next step on"},
    {GW_ORDER_RELEASE, 0, "release", "d", "1", 0.0, 1.0, NAN,
     "Whether a batch row's requests go (1) or wait (0) in the coming epoch; deadlines go before it"},
    {GW_ORDER_REPLICAS, GW_SLOT_REPLICAS, "replicas", "ms", "1", 0.0, 1e6, NAN,
     "Replicas that are to stand, from now on, as far as there are nodes; they start and drain in their "
     "time"},
    {GW_ORDER_BATTERY, GW_SLOT_BATTERY, "battery", "s", "kW", -1e6, 1e6, NAN,
     "Power that the site's battery charges (positive) or serves the site with, from now on, as far as it "
     "can; "
     "until the first such order the site's own battery policy rules"},
    {GW_ORDER_DIRECTIVES, GW_SLOT_DIRECTIVES, "directives", "dl", "1", 0.0, 1.0, NAN,
     "Share of the row's requests that are answered at this level of its directives, from now on; the shares "
     "of a row sum to 1; until the first such order all have the first level"},
    {GW_ORDER_POWER_CAP, GW_SLOT_POWER, "power-cap", "ms", "1", 0.1, 1.0, NAN,
     "Share of their limit that the accelerators of the model at the site may draw, in whole percent, from "
     "each "
     "replica's next step on; a pool's own cap stays"},
    {GW_ORDER_IMPORT_LOW, GW_SLOT_BATTERY, "import-low", "s", "kW", -1e9, 1e9, NAN,
     "Net load of the site up to which its battery charges, step by step, as far as it can; with "
     "import-high, "
     "and before an order battery"},
    {GW_ORDER_IMPORT_HIGH, GW_SLOT_BATTERY, "import-high", "s", "kW", -1e9, 1e9, NAN,
     "Net load of the site down to which its battery serves it, step by step; not below import-low"},
};

static size_t cells(const struct gw_dims *dims, const char *axes)
{
    size_t n = 1;
    for (; *axes != '\0'; axes++) {
        n *= gw_view_axis_length(dims, *axes);
    }
    return n;
}

bool gw_orders_init(struct gw_orders *self, const struct gw_dims *dims, struct gw_arena *arena)
{
    *self = (struct gw_orders){.dims = *dims};
    for (size_t k = 0; k < GW_ORDER_KINDS; k++) {
        const size_t n = cells(dims, gw_orders_docs[k].axes);
        self->value[k] = gw_arena_array(arena, n, sizeof(double));
        if (self->value[k] == NULL) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            self->value[k][i] = gw_orders_docs[k].rest;
        }
    }
    return true;
}

enum gw_status gw_orders_take(struct gw_orders *self, uint32_t slots, const struct gw_order *order,
                              struct gw_error *err)
{
    if (order->kind == 0 || order->kind > GW_ORDER_KINDS) {
        return gw_fail(err, GW_ERR_UNKNOWN, "order", "there is no order %u", (unsigned)order->kind);
    }
    const struct gw_order_doc *doc = &gw_orders_docs[order->kind - 1];
    if (doc->slots != 0 && (doc->slots & slots) == 0) {
        return gw_fail(err, GW_ERR_UNKNOWN, doc->name, "is not for the slots that this policy fills");
    }
    if (!(order->value >= doc->min && order->value <= doc->max)) {
        return gw_fail(err, GW_ERR_POLICY, doc->name, "%g lies outside %g to %g %s", order->value, doc->min,
                       doc->max, doc->unit);
    }
    size_t at = 0;
    for (size_t i = 0; doc->axes[i] != '\0'; i++) {
        const uint32_t length = gw_view_axis_length(&self->dims, doc->axes[i]);
        if (order->at[i] >= length) {
            return gw_fail(err, GW_ERR_POLICY, doc->name, "index %zu is %u, the axis has only %u", i,
                           (unsigned)order->at[i], (unsigned)length);
        }
        at = at * length + order->at[i];
    }
    self->value[order->kind - 1][at] = order->value;
    return GW_OK;
}

const double *gw_orders_values(const struct gw_orders *self, enum gw_order_kind kind)
{
    return self->value[kind - 1];
}
