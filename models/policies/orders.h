/* models/policies/orders.h - the order catalogue, and the orders in force.
 *
 * A plan is shares and orders. What an order may say is a row here: the slots that may give it, the axes it
 * is addressed by, unit and range. An order stays in force until another of the same kind and address
 * replaces it; the device it is meant for reads it from the book. A new order is a row here, an enumerator in
 * policy.h and a reader at its device. */
#ifndef GW_MODELS_POLICIES_ORDERS_H
#define GW_MODELS_POLICIES_ORDERS_H

#include <stdbool.h>

#include "models/policies/policy.h"
#include "sim/base/arena.h"
#include "sim/base/status.h"

struct gw_order_doc {
    uint32_t kind;                  /* enum gw_order_kind */
    uint32_t slots;                 /* enum gw_slot, or-ed; 0: any policy may give it */
    const char *name, *axes, *unit; /* axes as in view.h: "s" is one site, "ms" a model at a site */
    double min, max;
    double rest; /* what holds before the first order; NaN: the device's own rule */
    const char *doc;
};
enum { GW_ORDER_KINDS = GW_ORDER_KIND_END - 1 };
extern const struct gw_order_doc gw_orders_docs[GW_ORDER_KINDS];

/* The orders in force in one run. */
struct gw_orders {
    struct gw_dims dims;
    double *value[GW_ORDER_KINDS]; /* dense over the axes, the last running fastest */
};

bool gw_orders_init(struct gw_orders *self, const struct gw_dims *dims, struct gw_arena *arena);

/* GW_OK and the order holds. GW_ERR_UNKNOWN: there is no such order here, or not for these slots; asking is
 * no offence. GW_ERR_POLICY: an address beyond its axis, or a value outside its range or NaN; `err->why`
 * names it. */
GW_MUST_USE enum gw_status gw_orders_take(struct gw_orders *self, uint32_t slots,
                                          const struct gw_order *order, struct gw_error *err);

/* All values of a kind. */
const double *gw_orders_values(const struct gw_orders *self, enum gw_order_kind kind);

#endif
