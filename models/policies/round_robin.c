/* Round robin: every demand is dealt in equal parts to all sites that may serve it, whatever their size. The
 * engine deals shares out by interleaving, not by chance, so two sites simply alternate. */
#include "models/policies/registry.h"
#include "models/policies/spread.h"

static int round_robin_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                            struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    gw_spread_even(view, plan->share);
    return 0;
}

const struct gw_policy_ops gw_policy_round_robin = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "round-robin",
    .summary = "Each demand in equal parts to all allowed sites",
    .plan = round_robin_plan,
};
