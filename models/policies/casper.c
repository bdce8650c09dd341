/* casper: least carbon within a limit on latency, as CASPER (Souza et al., IGSC 2023) plans each hour.
 *
 *   minimise  sum_ds x_ds rate_d kwh_ds marginal_s carbon_s
 *   x_ds = 0  where rtt_ds > latency;   a site's load <= limit
 *
 * A row that no site can serve within `latency` goes to its nearest. What is CASPER's and what is ours:
 * docs/policies/casper.md. Draws no random numbers. */
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/share_lp.h"

struct cfg {
    double latency_ms, limit;
};

static const struct gw_policy_param params[] = {
    {"latency", "ms", GW_PARAM_NUMBER, offsetof(struct cfg, latency_ms), 100.0, 0.0, 1e5, NULL,
     "Longest round trip between a user and the site that serves it"},
    {"limit", "1", GW_PARAM_NUMBER, offsetof(struct cfg, limit), 0.9, 0.01, 1.0, NULL,
     "Load of a site's replicas that is exceeded only when all are at it"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct casper {
    struct cfg cfg;
    struct gw_share_lp program;
};

static void casper_destroy(void *self)
{
    struct casper *c = self;
    if (c != NULL) {
        gw_share_lp_fini(&c->program);
        free(c);
    }
}

static int casper_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)seed;
    struct casper *c = calloc(1, sizeof *c);
    if (c == NULL || !gw_share_lp_init(&c->program, view, 0, ((const struct cfg *)cfg)->limit)) {
        casper_destroy(c);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    c->cfg = *(const struct cfg *)cfg;
    *self = c;
    return 0;
}

static int casper_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                       struct gw_policy_error *error)
{
    struct casper *c = self;
    const uint32_t sites = view->dims->sites, horizon = view->dims->horizon;
    const double *rtt_ms = view->table(view, "network.rtt")->v;
    const double *origin = view->table(view, "demand.origin")->v;
    const double *marginal = view->table(view, "site.marginal")->v;
    const double *carbon = view->table(view, "site.carbon")->v;
    gw_share_lp_begin(&c->program);
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        gw_share_lp_within(&c->program, d, rtt_ms + (size_t)origin[d] * sites, c->cfg.latency_ms);
        for (uint32_t s = 0; s < sites; s++) {
            const size_t cell = (size_t)d * sites + s, now = (size_t)s * horizon;
            const double it_kwh = gw_share_lp_request_kwh(&c->program, d, s);
            c->program.cost[cell] = c->program.rate[d] * it_kwh * marginal[now] * carbon[now];
        }
    }
    return gw_share_lp_plan(&c->program, plan->share, error);
}

const struct gw_policy_ops gw_policy_casper = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "casper",
    .summary = "Least carbon among sites within a round trip, after CASPER",
    .reference = "A. Souza et al., CASPER: Carbon-Aware Scheduling and Provisioning for Distributed Web "
                 "Services, IGSC 2023, arXiv:2403.14792",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = casper_create,
    .destroy = casper_destroy,
    .plan = casper_plan,
};
