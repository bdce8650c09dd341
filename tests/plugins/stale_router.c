/* A policy that routes request by request to the allowed site with the fewest requests in flight, as the
 * view's counters say: state of the window's start plus what was sent since. */
#include "models/policies/policy.h"

static uint32_t route(void *self, const struct gw_view *view, const struct gw_req *request)
{
    (void)self;
    const uint32_t sites = view->dims->sites;
    const double *allowed = view->table(view, "demand.allowed")->v + (size_t)request->demand * sites;
    const size_t model = (size_t)view->table(view, "demand.model")->v[request->demand];
    const double *in_flight = view->table(view, "state.in_flight")->v + model * sites;
    uint32_t best = sites;
    for (uint32_t s = 0; s < sites; s++) {
        if (allowed[s] != 0.0 && (best == sites || in_flight[s] < in_flight[best])) {
            best = s;
        }
    }
    return best;
}

static const struct gw_policy_ops stale_router = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "stale-router",
    .summary = "Fewest requests in flight, by the counters",
    .route = route,
};

const struct gw_policy_ops *gw_policy_plugin(void);
const struct gw_policy_ops *gw_policy_plugin(void)
{
    return &stale_router;
}
