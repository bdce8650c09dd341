/* A policy that deals evenly and orders every plant to run so much warmer or colder than designed. It fails
 * when an order that does not exist is taken. */
#include "models/policies/policy.h"

#include <stdlib.h>

struct cfg {
    double shift;
};

static const struct gw_policy_param params[] = {
    {"shift", "K", GW_PARAM_NUMBER, offsetof(struct cfg, shift), 0.0, -50.0, 50.0, NULL,
     "Kelvin added to every supply temperature"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct cfg *own = malloc(sizeof *own);
    if (own == NULL) {
        return 1;
    }
    *own = *(const struct cfg *)cfg;
    *self = own;
    return 0;
}

static int refused(struct gw_plan *plan, uint32_t kind, uint32_t site, double value)
{
    const struct gw_order order = {.kind = kind, .at = {site}, .value = value};
    return plan->order(plan, &order) != 0;
}

static int plan(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error)
{
    (void)error;
    const struct cfg *cfg = self;
    const uint32_t sites = view->dims->sites;
    if (!refused(plan, 999, 0, 1.0)) { /* asking for an order that is not there is no offence */
        return 1;
    }
    for (uint32_t s = 0; s < sites; s++) {
        (void)refused(plan, GW_ORDER_SET_POINT, s, cfg->shift);
    }
    for (uint32_t i = 0; i < view->dims->demands * sites; i++) {
        plan->share[i] = 1.0 / sites;
    }
    return 0;
}

static const struct gw_policy_ops warm_halls = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "warm-halls",
    .summary = "Even shares and warmer plants",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .destroy = free,
    .plan = plan,
};

const struct gw_policy_ops *gw_policy_plugin(void);
const struct gw_policy_ops *gw_policy_plugin(void)
{
    return &warm_halls;
}
