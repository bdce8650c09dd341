/* A policy for batteries alone: in the first epoch it orders one power for all sites, and nothing after. */
#include "models/policies/policy.h"

#include <stdlib.h>

struct cfg {
    double power;
};

static const struct gw_policy_param params[] = {
    {"power", "kW", GW_PARAM_NUMBER, offsetof(struct cfg, power), 0.0, -1e7, 1e7, NULL,
     "Charged (positive) or discharged"},
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

/* Its orders may speak of batteries, not of the replicas of slots that others fill. */
static int plan(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error)
{
    (void)error;
    struct cfg *cfg = self;
    const struct gw_order foreign = {.kind = GW_ORDER_REPLICAS, .value = 1.0};
    if (plan->share != NULL || plan->order(plan, &foreign) == 0) {
        return 1;
    }
    for (uint32_t s = 0; s < view->dims->sites && cfg->power != 0.0; s++) {
        const struct gw_order order = {.kind = GW_ORDER_BATTERY, .at = {s}, .value = cfg->power};
        (void)plan->order(plan, &order);
    }
    cfg->power = 0.0;
    return 0;
}

static const struct gw_policy_ops steady_battery = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_BATTERY,
    .name = "steady-battery",
    .summary = "One power for all batteries",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .destroy = free,
    .plan = plan,
};

const struct gw_policy_ops *gw_policy_plugin(void);
const struct gw_policy_ops *gw_policy_plugin(void)
{
    return &steady_battery;
}
