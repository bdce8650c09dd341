/* Nearest: every demand goes where its round trip is shortest among the sites that may serve it. The floor
 * for latency at light load, and what a plain anycast front end does; it knows neither queues nor carbon.
 * Ties go to the site that stands first in the scenario. */
#include <math.h>

#include "models/policies/registry.h"

static int nearest_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                        struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    const uint32_t sites = view->dims->sites;
    const double *rtt_ms = view->table(view, "network.rtt")->v;
    const double *allowed = view->table(view, "demand.allowed")->v;
    const double *origin = view->table(view, "demand.origin")->v;

    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const double *to_site_ms = rtt_ms + (size_t)origin[d] * sites;
        uint32_t best = 0;
        double best_ms = INFINITY;
        for (uint32_t s = 0; s < sites; s++) {
            plan->share[d * sites + s] = 0.0;
            if (allowed[d * sites + s] != 0.0 && to_site_ms[s] < best_ms) {
                best = s;
                best_ms = to_site_ms[s];
            }
        }
        plan->share[d * sites + best] = 1.0;
    }
    return 0;
}

const struct gw_policy_ops gw_policy_nearest = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "nearest",
    .summary = "Each demand to the allowed site with the shortest round trip",
    .plan = nearest_plan,
};
