/* Random: each request goes to one of its allowed sites, all equally likely. Its mean is round robin's; what
 * is worse is chance: sites see arrivals as irregular as the users', not every second one of them.
 *
 * The draw is a function of the seed, the demand row and the request's number, so that it depends on nothing
 * that came before. Where flows are sent instead of requests its plan is its mean. */
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/spread.h"
#include "sim/core/rng.h"

struct random_site {
    uint64_t seed;
    const double *allowed;
};

static int random_site_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                              struct gw_policy_error *error)
{
    (void)cfg;
    struct random_site *r = malloc(sizeof *r);
    if (r == NULL) {
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *r = (struct random_site){.seed = seed, .allowed = view->table(view, "demand.allowed")->v};
    *self = r;
    return 0;
}

static int random_site_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                            struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    gw_spread_even(view, plan->share);
    return 0;
}

static uint32_t random_site_route(void *self, const struct gw_view *view, const struct gw_req *request)
{
    const struct random_site *r = self;
    const uint32_t sites = view->dims->sites;
    const double *allowed = r->allowed + (size_t)request->demand * sites;
    uint32_t n = 0;
    for (uint32_t s = 0; s < sites; s++) {
        n += allowed[s] != 0.0;
    }
    const uint64_t key = gw_rng_request_key(r->seed, request->demand, request->number, 0);
    uint32_t left = (uint32_t)(gw_rng_unit(key) * n), site = 0;
    for (uint32_t s = 0; s < sites; s++) {
        if (allowed[s] != 0.0 && left-- == 0) {
            site = s;
            break;
        }
    }
    return site;
}

const struct gw_policy_ops gw_policy_random_site = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "random-site",
    .summary = "Each request to any of its allowed sites, all equally likely",
    .create = random_site_create,
    .destroy = free,
    .plan = random_site_plan,
    .route = random_site_route,
};
