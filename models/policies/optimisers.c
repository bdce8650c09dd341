/* General searches as routers, on the same problem as the SLIT family: what is left when nothing but the
 * search differs. One table each; how they work stands in models/policies/search. */
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/optimise.h"
#include "models/policies/registry.h"

struct cfg {
    struct gw_optimise_cfg common;
};

#define PARAMS(spend)                                                                                        \
    {                                                                                                        \
        GW_OPTIMISE_PARAMS(struct cfg, spend),                                                               \
        {                                                                                                    \
            NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                            \
        }                                                                                                    \
    }
static const struct gw_policy_param params[] = PARAMS(20000);
static const struct gw_policy_param params_costly[] = PARAMS(2000); /* a hypervolume per child */

static void optimiser_destroy(void *self)
{
    if (self != NULL) {
        gw_optimise_fini(self);
        free(self);
    }
}

static int create(void **self, const void *cfg, gw_optimise_fn *search, const struct gw_view *view,
                  uint64_t seed, struct gw_policy_error *error)
{
    struct gw_optimise *o = calloc(1, sizeof *o);
    if (o == NULL) {
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    if (gw_optimise_init(o, &((const struct cfg *)cfg)->common, search, NULL, view, seed, error) != 0) {
        optimiser_destroy(o);
        return 1;
    }
    *self = o;
    return 0;
}

static int optimiser_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                          struct gw_policy_error *error)
{
    (void)view;
    return gw_optimise_plan(self, plan, error);
}

static void optimiser_report(const void *self, struct gw_policy_report *out)
{
    gw_optimise_report(self, out);
}

#define POLICY(id, key, table, text, source)                                                                 \
    static bool id##_search(const void *context, const struct gw_problem *problem,                           \
                            const struct gw_search *how, struct gw_front *found)                             \
    {                                                                                                        \
        (void)context;                                                                                       \
        return gw_##id##_run(problem, how, found);                                                           \
    }                                                                                                        \
    static int id##_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,          \
                           struct gw_policy_error *error)                                                    \
    {                                                                                                        \
        return create(self, cfg, id##_search, view, seed, error);                                            \
    }                                                                                                        \
    const struct gw_policy_ops gw_policy_##id = {                                                            \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_ROUTING,                                                                            \
        .name = key,                                                                                         \
        .summary = text,                                                                                     \
        .reference = source,                                                                                 \
        .params = table,                                                                                     \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = id##_create,                                                                               \
        .destroy = optimiser_destroy,                                                                        \
        .plan = optimiser_plan,                                                                              \
        .report = optimiser_report,                                                                          \
    }

POLICY(
    nsga2, "nsga2", params, "NSGA-II: rank, then crowding",
    "K. Deb et al., \"A fast and elitist multiobjective genetic algorithm: NSGA-II\", IEEE TEVC 6(2), 2002");
POLICY(nsga3, "nsga3", params, "NSGA-III: rank, then reference directions with few members",
       "K. Deb, H. Jain, \"An evolutionary many-objective optimization algorithm using reference-point-based "
       "nondominated sorting approach, part I\", IEEE TEVC 18(4), 2014");
POLICY(moead, "moead", params, "MOEA/D: every plan serves one direction, neighbours breed",
       "Q. Zhang, H. Li, \"MOEA/D: a multiobjective evolutionary algorithm based on decomposition\", IEEE "
       "TEVC 11(6), "
       "2007");
POLICY(sms_emoa, "sms-emoa", params_costly, "SMS-EMOA: whoever adds least hypervolume goes",
       "N. Beume, B. Naujoks, M. Emmerich, \"SMS-EMOA: multiobjective selection based on dominated "
       "hypervolume\", "
       "EJOR 181(3), 2007");
POLICY(random_search, "random-search", params, "Random plans: what a search must beat", NULL);
POLICY(anneal, "annealing", params, "Simulated annealing of weighted sums, a chain per direction",
       "S. Kirkpatrick, C. Gelatt, M. Vecchi, \"Optimization by simulated annealing\", Science 220, 1983");
POLICY(ga, "ga", params, "A genetic algorithm on weighted sums, one direction after the other",
       "D. Goldberg, \"Genetic algorithms in search, optimization and machine learning\", 1989");
