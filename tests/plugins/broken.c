/* A policy that breaks its contract in the way its parameter says: the run has to stop with a sentence. */
#include "models/policies/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum how { NOT_A_NUMBER, NEGATIVE, SUM, FORBIDDEN, REFUSES };
struct cfg {
    int32_t how;
};

static const char *const hows[] = {"nan", "negative", "sum", "forbidden", "refuses", NULL};
static const struct gw_policy_param params[] = {
    {"how", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, how), 0, 0, 4, hows, "How the contract is broken"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int32_t chosen; /* one run at a time uses this test's plug-in */

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    chosen = ((const struct cfg *)cfg)->how;
    *self = &chosen;
    return 0;
}

static int plan(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error)
{
    const double *allowed = view->table(view, "demand.allowed")->v;
    const int32_t how = *(const int32_t *)self;
    if (how == REFUSES) {
        snprintf(error->why, sizeof error->why, "no site is good enough");
        return 1;
    }
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        double *share = plan->share + (size_t)d * view->dims->sites;
        memset(share, 0, view->dims->sites * sizeof *share);
        if (how == FORBIDDEN) {
            uint32_t s = 0;
            while (s + 1 < view->dims->sites && allowed[d * view->dims->sites + s] != 0.0) {
                s++;
            }
            share[s] = 1.0;
        } else {
            share[0] = how == NOT_A_NUMBER ? NAN : how == NEGATIVE ? -0.25 : 0.75;
        }
    }
    return 0;
}

static const struct gw_policy_ops broken = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "broken",
    .summary = "Breaks its contract",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .plan = plan,
};

const struct gw_policy_ops *gw_policy_plugin(void);
const struct gw_policy_ops *gw_policy_plugin(void)
{
    return &broken;
}
