/* models/policies/optimise.h - what the optimising routers share: the problem of each epoch, the pick from
 * what a search found, and the account of it.
 *
 * A policy fills `gw_optimise_cfg` from its parameters and hands over how to search; the rest is the same for
 * all, so that they differ in nothing else. */
#ifndef GW_MODELS_POLICIES_OPTIMISE_H
#define GW_MODELS_POLICIES_OPTIMISE_H

#include "models/policies/routing_problem.h"
#include "models/policies/search/plan_lp.h"
#include "models/policies/search/search.h"

enum gw_optimise_select {
    GW_OPTIMISE_BALANCE,
    GW_OPTIMISE_TTFT,
    GW_OPTIMISE_CARBON,
    GW_OPTIMISE_WATER,
    GW_OPTIMISE_COST
};

/* Parameters that all of them have; first member of a policy's own. */
struct gw_optimise_cfg {
    int32_t select, eval; /* enum gw_optimise_select, gw_routing_problem_eval */
    int32_t warm_start;   /* 0 or 1 */
    double evaluations, population, fill;
    double lp_front; /* weights of the front that its hypervolume is compared with; 0: none */
    double lp_start; /* weights of the front that each search begins with; 0: none */
};

extern const char *const gw_optimise_select_names[], *const gw_optimise_eval_names[],
                                                         *const gw_optimise_switch_names[];

/* Rows for these in a policy's parameter table; `type` begins with a gw_optimise_cfg called `common`. */
#define GW_OPTIMISE_PARAMS(type, spend)                                                                      \
    {"select",                                                                                               \
     NULL,                                                                                                   \
     GW_PARAM_CHOICE,                                                                                        \
     offsetof(type, common.select),                                                                          \
     GW_OPTIMISE_BALANCE,                                                                                    \
     0,                                                                                                      \
     0,                                                                                                      \
     gw_optimise_select_names,                                                                               \
     "Which plan of the front is followed: the one that is best in this"},                                   \
        {"eval",                                                                                             \
         NULL,                                                                                               \
         GW_PARAM_CHOICE,                                                                                    \
         offsetof(type, common.eval),                                                                        \
         GW_ROUTING_PROBLEM_FULL,                                                                            \
         0,                                                                                                  \
         0,                                                                                                  \
         gw_optimise_eval_names,                                                                             \
         "What a plan is worth: by geowatt's plan evaluator, or by constant energy per request without "     \
         "queues"},                                                                                          \
        {"evaluations",                                                                                      \
         "1",                                                                                                \
         GW_PARAM_NUMBER,                                                                                    \
         offsetof(type, common.evaluations),                                                                 \
         spend,                                                                                              \
         100,                                                                                                \
         1e9,                                                                                                \
         NULL,                                                                                               \
         "Plans that are valued in each epoch"},                                                             \
        {"population",                                                                                       \
         "1",                                                                                                \
         GW_PARAM_NUMBER,                                                                                    \
         offsetof(type, common.population),                                                                  \
         50,                                                                                                 \
         8,                                                                                                  \
         10000,                                                                                              \
         NULL,                                                                                               \
         "Plans that are kept at a time"},                                                                   \
        {"lp_front",                                                                                         \
         "1",                                                                                                \
         GW_PARAM_NUMBER,                                                                                    \
         offsetof(type, common.lp_front),                                                                    \
         0,                                                                                                  \
         0,                                                                                                  \
         10000,                                                                                              \
         NULL,                                                                                               \
         "Weights of the linear programs whose front hypervolume_ratio is over; 0: none"},                   \
        {"fill",                                                                                             \
         "1",                                                                                                \
         GW_PARAM_NUMBER,                                                                                    \
         offsetof(type, common.fill),                                                                        \
         0.9,                                                                                                \
         0.01,                                                                                               \
         1,                                                                                                  \
         NULL,                                                                                               \
         "Share of a site's capacity that may be filled"},                                                   \
    {                                                                                                        \
        "warm_start", NULL, GW_PARAM_CHOICE, offsetof(type, common.warm_start), 1, 0, 0,                     \
            gw_optimise_switch_names, "Whether the front of the last epoch is where the next search begins"  \
    }

/* How a policy searches; `context` is what it gave to gw_optimise_init. */
typedef bool gw_optimise_fn(const void *context, const struct gw_problem *problem,
                            const struct gw_search *how, struct gw_front *found);

struct gw_optimise {
    struct gw_optimise_cfg cfg;
    gw_optimise_fn *search;
    const void *context;
    uint64_t seed, epochs;
    struct gw_arena arena;
    struct gw_routing_problem routing;
    struct gw_front last;
    struct gw_plan_lp *lp;           /* NULL: nobody asks for a front of linear programs */
    double evaluations, hypervolume; /* sums over epochs */
    double lp_hypervolume;
};

/* 0, or 1 with error filled; then to be ended all the same. `context` outlives self. */
int gw_optimise_init(struct gw_optimise *self, const struct gw_optimise_cfg *cfg, gw_optimise_fn *search,
                     const void *context, const struct gw_view *view, uint64_t seed,
                     struct gw_policy_error *error);
void gw_optimise_fini(struct gw_optimise *self);

/* Searches, picks, writes plan->share. */
int gw_optimise_plan(struct gw_optimise *self, struct gw_plan *plan, struct gw_policy_error *error);

/* Evaluations of all epochs; mean hypervolume of their fronts, between the best and the worst that each
 * objective could have in the linear world (0: nothing better than the worst, 1: best in all); and that over
 * the same of the front of `lp_front` weights (plan_front.h), which may exceed 1. */
void gw_optimise_report(const struct gw_optimise *self, struct gw_policy_report *out);

#endif
