/* Least loaded: each request goes where the fewest requests are in flight for the site's capacity, as its
 * counters said at the window's start plus what was sent since. A tie goes to the shorter round trip, then to
 * the site that stands first. It balances what is, not what is forecast.
 *
 * Where flows are sent instead of requests its plan is the balance it seeks: shares by capacity. */
#include <math.h>

#include "models/policies/registry.h"
#include "models/policies/spread.h"

static int least_loaded_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                             struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    gw_spread_by_capacity(view, plan->share);
    return 0;
}

static uint32_t least_loaded_route(void *self, const struct gw_view *view, const struct gw_req *request)
{
    (void)self;
    const uint32_t sites = view->dims->sites, d = request->demand;
    const double *allowed = view->table(view, "demand.allowed")->v + (size_t)d * sites;
    const double *capacity = view->table(view, "serving.capacity")->v + (size_t)d * sites;
    const size_t model = (size_t)view->table(view, "demand.model")->v[d];
    const size_t origin = (size_t)view->table(view, "demand.origin")->v[d];
    const double *in_flight = view->table(view, "state.in_flight")->v + model * sites;
    const double *rtt_ms = view->table(view, "network.rtt")->v + origin * sites;
    uint32_t best = 0;
    double best_load = INFINITY, best_ms = INFINITY;
    for (uint32_t s = 0; s < sites; s++) {
        if (allowed[s] == 0.0) {
            continue;
        }
        const double load = in_flight[s] / capacity[s];
        if (load < best_load || (load == best_load && rtt_ms[s] < best_ms)) {
            best = s;
            best_load = load;
            best_ms = rtt_ms[s];
        }
    }
    return best;
}

const struct gw_policy_ops gw_policy_least_loaded = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "least-loaded",
    .summary = "Each request to the site with the fewest requests in flight for its capacity",
    .plan = least_loaded_plan,
    .route = least_loaded_route,
};
