/* Uniform: every demand is dealt to all sites that may serve it in proportion to what they can serve, so that
 * all of them are equally loaded. The floor for fairness of load; it knows neither distance nor carbon. */
#include "models/policies/registry.h"
#include "models/policies/spread.h"

static int uniform_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                        struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    gw_spread_by_capacity(view, plan->share);
    return 0;
}

const struct gw_policy_ops gw_policy_uniform = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "uniform",
    .summary = "Each demand to all allowed sites in proportion to their capacity",
    .plan = uniform_plan,
};
