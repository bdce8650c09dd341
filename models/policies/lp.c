/* The plan of each epoch by linear programming: the exact optimum of a relaxation of the evaluator (convex
 * from below in the load), by carbon, water, cost, time to first token, or a weighted sum of them. What the
 * relaxation leaves out is the gain of packing: where a little load costs as much as a lot, a search may do
 * better; the evaluator prices its plans as it prices everyone's.
 *
 * lp-weighted divides each objective by its own optimum, so that weights compare what is saved in parts. Ties
 * go to the shorter time to first token, then to the site that stands first by name. Stateless but for the
 * basis of the last solution; draws no random numbers. docs/policies/lp.md. */
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/search/plan_lp.h"

struct cfg {
    double limit;
    double weight[GW_OBJECTIVES]; /* of lp-weighted */
};

#define LIMIT                                                                                                \
    {                                                                                                        \
        "limit", "1", GW_PARAM_NUMBER, offsetof(struct cfg, limit), 0.9, 0.01, 1.0, NULL,                    \
            "Load of a site's replicas that is exceeded only when all are at it"                             \
    }
#define WEIGHT(key, k, def, doc)                                                                             \
    {                                                                                                        \
        key, "1", GW_PARAM_NUMBER, offsetof(struct cfg, weight) + (k) * sizeof(double), def, 0.0, 1e6, NULL, \
            doc                                                                                              \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }
static const struct gw_policy_param params[] = {LIMIT, END};
static const struct gw_policy_param weighted_params[] = {
    LIMIT,
    WEIGHT("carbon", GW_OBJ_CARBON_KG, 1.0, "Weight of carbon, relative to its optimum"),
    WEIGHT("water", GW_OBJ_WATER_L, 1.0, "Weight of water"),
    WEIGHT("cost", GW_OBJ_COST_USD, 1.0, "Weight of cost"),
    WEIGHT("ttft", GW_OBJ_TTFT_MS, 1.0, "Weight of the mean time to first token"),
    WEIGHT("energy", GW_OBJ_ENERGY_KWH, 0.0, "Weight of energy"),
    END,
};

struct lp {
    struct gw_plan_lp *program;
    struct cfg cfg;
};

static void lp_destroy(void *self)
{
    struct lp *lp = self;
    if (lp != NULL) {
        gw_plan_lp_destroy(lp->program);
        free(lp);
    }
}

static int lp_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                     struct gw_policy_error *error)
{
    (void)seed;
    struct lp *lp = calloc(1, sizeof *lp);
    struct gw_plan_lp *program = gw_plan_lp_create(view);
    if (lp == NULL || program == NULL) {
        free(lp);
        gw_plan_lp_destroy(program);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *lp = (struct lp){.program = program, .cfg = *(const struct cfg *)cfg};
    *self = lp;
    return 0;
}

static int solve(struct lp *lp, const double weight[GW_OBJECTIVES], struct gw_policy_error *error)
{
    const enum gw_lp_outcome outcome = gw_plan_lp_solve(lp->program, weight);
    if (outcome != GW_LP_OPTIMAL) {
        snprintf(error->why, sizeof error->why, "its linear program has no optimum (GLPK: %s)",
                 outcome == GW_LP_INFEASIBLE  ? "infeasible"
                 : outcome == GW_LP_UNBOUNDED ? "unbounded"
                                              : "failed");
        return 1;
    }
    return 0;
}

static int plan_for(struct lp *lp, const double weight[GW_OBJECTIVES], struct gw_plan *plan,
                    struct gw_policy_error *error)
{
    if (solve(lp, weight, error) != 0) {
        return 1;
    }
    gw_plan_lp_share(lp->program, plan->share);
    return 0;
}

static int plan_one(void *self, enum gw_objective objective, struct gw_plan *plan,
                    struct gw_policy_error *error)
{
    struct lp *lp = self;
    double weight[GW_OBJECTIVES] = {0};
    weight[objective] = 1.0;
    gw_plan_lp_read(lp->program, lp->cfg.limit, true);
    return plan_for(lp, weight, plan, error);
}

static int weighted_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                         struct gw_policy_error *error)
{
    (void)view;
    struct lp *lp = self;
    double weight[GW_OBJECTIVES] = {0};
    gw_plan_lp_read(lp->program, lp->cfg.limit, true);
    for (int k = 0; k < GW_OBJECTIVES; k++) {
        double one[GW_OBJECTIVES] = {0}, value[GW_OBJECTIVES];
        if (lp->cfg.weight[k] == 0.0) {
            continue;
        }
        one[k] = 1.0;
        if (solve(lp, one, error) != 0) {
            return 1;
        }
        gw_plan_lp_objectives(lp->program, value);
        weight[k] = value[k] > 0.0 ? lp->cfg.weight[k] / value[k] : lp->cfg.weight[k];
    }
    return plan_for(lp, weight, plan, error);
}

#define POLICY(id, key, objective, text)                                                                     \
    static int id##_plan(void *self, const struct gw_view *view, struct gw_plan *plan,                       \
                         struct gw_policy_error *error)                                                      \
    {                                                                                                        \
        (void)view;                                                                                          \
        return plan_one(self, objective, plan, error);                                                       \
    }                                                                                                        \
    const struct gw_policy_ops gw_policy_lp_##id = {                                                         \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_ROUTING,                                                                            \
        .name = key,                                                                                         \
        .summary = text,                                                                                     \
        .params = params,                                                                                    \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = lp_create,                                                                                 \
        .destroy = lp_destroy,                                                                               \
        .plan = id##_plan,                                                                                   \
    }
POLICY(carbon, "lp-carbon", GW_OBJ_CARBON_KG, "Least carbon of each epoch by linear programming");
POLICY(water, "lp-water", GW_OBJ_WATER_L, "Least water of each epoch by linear programming");
POLICY(cost, "lp-cost", GW_OBJ_COST_USD, "Least cost of each epoch by linear programming");
POLICY(ttft, "lp-ttft", GW_OBJ_TTFT_MS,
       "Shortest mean time to first token of each epoch by linear programming");

const struct gw_policy_ops gw_policy_lp_weighted = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "lp-weighted",
    .summary =
        "Least weighted sum of carbon, water, cost and time to first token, each relative to its optimum",
    .params = weighted_params,
    .cfg_size = sizeof(struct cfg),
    .create = lp_create,
    .destroy = lp_destroy,
    .plan = weighted_plan,
};
