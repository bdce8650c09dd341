/* Round robin: every demand is dealt in equal parts to all sites that may serve it, whatever their size. The
 * engine deals shares out by interleaving, not by chance, so two sites simply alternate. */
#include "models/policies/registry.h"

static int round_robin_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                            struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    const uint32_t sites = view->dims->sites;
    const double *allowed = view->table(view, "demand.allowed")->v;

    for (uint32_t d = 0; d < view->dims->demands; d++) {
        double n = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            n += allowed[d * sites + s];
        }
        for (uint32_t s = 0; s < sites; s++) {
            plan->share[d * sites + s] = allowed[d * sites + s] / n;
        }
    }
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
