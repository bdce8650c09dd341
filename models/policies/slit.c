/* The SLIT family: one engine (models/policies/search/slit.h), four sets of settings. `slit` is our
 * reconstruction of a paper whose body we have not read; `shield` and `moela` follow what their papers and
 * MOELA's code say; `mosaic` reads an abstract; `slit+lp` is ours. docs/policies/slit.md says which number
 * comes from where. */
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/optimise.h"
#include "models/policies/registry.h"
#include "models/policies/search/slit.h"

struct cfg {
    struct gw_optimise_cfg common;
    int32_t learner, scalarisation, scale, mating, pick, adaptive, forget, priority_points, archive;
    double neighbours, mating_neighbour_prob, clusters, early_iterations, starts_early_per_cluster;
    double ls_max_fail, ls_max_improve, trees, retrain_every, rows_max, children, replace_max;
};

static const char *const learners[] = {"none", "random-forest", "gbdt", NULL};
static const char *const scalarisations[] = {"weighted-sum", "tchebycheff", NULL};
static const char *const scales[] = {"first", "population", NULL};
static const char *const matings[] = {"neighbours", "searched", NULL};
static const char *const picks[] = {"lowest", "gain", NULL};

#define CHOICE(key, def, names, doc)                                                                         \
    {                                                                                                        \
#key, NULL, GW_PARAM_CHOICE, offsetof(struct cfg, key), def, 0, 0, names, doc                        \
    }
#define NUMBER(key, def, low, high, doc)                                                                     \
    {                                                                                                        \
#key, "1", GW_PARAM_NUMBER, offsetof(struct cfg, key), def, low, high, NULL, doc                     \
    }

#define PARAMS(spend, learner_, retrain, forget_, pick_, scalar, mating_, children_, priority, adaptive_,    \
               scale_, lp_start_)                                                                            \
    {                                                                                                        \
        GW_OPTIMISE_PARAMS(struct cfg, spend),                                                               \
            CHOICE(learner, learner_, learners, "What predicts where a local search would end"),             \
            NUMBER(trees, 100, 1, 10000, "Trees of the learner"),                                            \
            NUMBER(retrain_every, retrain, 1, 1e6, "Iterations between two trainings"),                      \
            NUMBER(rows_max, 2000, 10, 1e6, "Points that the learner learns from, the newest ones"),         \
            CHOICE(forget, forget_, gw_optimise_switch_names, "Whether they are dropped after a training"),  \
            CHOICE(pick, pick_, picks, "Start where the lowest end is predicted, or the largest gain"),      \
            CHOICE(scalarisation, scalar, scalarisations, "How objectives become one number"),               \
            CHOICE(                                                                                          \
                scale, scale_, scales,                                                                       \
                "Worst values that objectives are scaled by: of the first population, or of the present"),   \
            CHOICE(mating, mating_, matings,                                                                 \
                   "Parents: neighbours, or one that was searched and one that was not"),                    \
            CHOICE(adaptive, adaptive_, gw_optimise_switch_names,                                            \
                   "Whether ls_max_fail follows success, plan by plan"),                                     \
            CHOICE(priority_points, priority, gw_optimise_switch_names,                                      \
                   "Whether the plans of the single objectives are searched in every iteration"),            \
            CHOICE(archive, (lp_start_) > 0, gw_optimise_switch_names,                                       \
                   "Whether all plans that none dominates are kept aside"),                                  \
            NUMBER(neighbours, 15, 1, 10000, "Nearest directions that mate"),                                \
            NUMBER(mating_neighbour_prob, 0.9, 0, 1, "Probability to mate with a neighbour, else with any"), \
            NUMBER(clusters, 6, 1, 10000, "Clusters of directions, each with a start per iteration"),        \
            NUMBER(early_iterations, 10, 0, 1e6, "Iterations before the learner is asked"),                  \
            NUMBER(starts_early_per_cluster, 2, 1, 10000, "Starts per cluster in these"),                    \
            NUMBER(ls_max_fail, 15, 1, 1e6, "Failures in a row that end a local search"),                    \
            NUMBER(ls_max_improve, 15, 1, 1e6, "Improvements that end it"),                                  \
            NUMBER(children, children_, 1, 1000, "Children per plan and iteration"),                         \
            NUMBER(replace_max, 1, 1, 10000, "Plans that a child may replace"),                              \
            {"lp_start",                                                                                     \
             "1",                                                                                            \
             GW_PARAM_NUMBER,                                                                                \
             offsetof(struct cfg, common.lp_start),                                                          \
             lp_start_,                                                                                      \
             0,                                                                                              \
             10000,                                                                                          \
             NULL,                                                                                           \
             "Weights of the linear programs whose plans each search begins with; 0: none"},                 \
            {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},                                                         \
    }

static const struct gw_policy_param slit_params[] =
    PARAMS(20000, GW_LEARNER_RANDOM_FOREST, 60, 0, GW_SLIT_PICK_GAIN, GW_SCALAR_WEIGHTED_SUM,
           GW_SLIT_MATING_NEIGHBOURS, 1, 1, 0, GW_SLIT_SCALE_POPULATION, 0);
static const struct gw_policy_param slit_lp_params[] =
    PARAMS(20000, GW_LEARNER_RANDOM_FOREST, 60, 0, GW_SLIT_PICK_GAIN, GW_SCALAR_WEIGHTED_SUM,
           GW_SLIT_MATING_NEIGHBOURS, 1, 1, 0, GW_SLIT_SCALE_POPULATION, 20);
static const struct gw_policy_param shield_params[] =
    PARAMS(20000, GW_LEARNER_RANDOM_FOREST, 30, 1, GW_SLIT_PICK_GAIN, GW_SCALAR_WEIGHTED_SUM,
           GW_SLIT_MATING_SEARCHED, 1, 1, 0, GW_SLIT_SCALE_POPULATION, 0);
static const struct gw_policy_param moela_params[] =
    PARAMS(5000, GW_LEARNER_RANDOM_FOREST, 1, 0, GW_SLIT_PICK_LOWEST, GW_SCALAR_TCHEBYCHEFF,
           GW_SLIT_MATING_NEIGHBOURS, 4, 0, 0, GW_SLIT_SCALE_FIRST, 0);
static const struct gw_policy_param mosaic_params[] =
    PARAMS(20000, GW_LEARNER_NONE, 1, 0, GW_SLIT_PICK_LOWEST, GW_SCALAR_WEIGHTED_SUM,
           GW_SLIT_MATING_NEIGHBOURS, 1, 1, 1, GW_SLIT_SCALE_POPULATION, 0);

struct slit {
    struct gw_slit_cfg engine;
    struct gw_optimise optimise;
};

static bool slit_search(const void *context, const struct gw_problem *problem, const struct gw_search *how,
                        struct gw_front *found)
{
    return gw_slit_run(problem, how, context, found);
}

static struct gw_slit_cfg engine_of(const struct cfg *cfg)
{
    return (struct gw_slit_cfg){
        .neighbours = (uint32_t)cfg->neighbours,
        .mating_neighbour_prob = cfg->mating_neighbour_prob,
        .clusters = (uint32_t)cfg->clusters,
        .early_iterations = (uint32_t)cfg->early_iterations,
        .starts_early_per_cluster = (uint32_t)cfg->starts_early_per_cluster,
        .ls_max_fail = (uint32_t)cfg->ls_max_fail,
        .ls_max_improve = (uint32_t)cfg->ls_max_improve,
        .ls_adaptive = cfg->adaptive != 0,
        .learner = (enum gw_learner_kind)cfg->learner,
        .trees = (uint32_t)cfg->trees,
        .retrain_every = (uint32_t)cfg->retrain_every,
        .rows_max = (uint32_t)cfg->rows_max,
        .forget = cfg->forget != 0,
        .pick = (enum gw_slit_pick)cfg->pick,
        .scalarisation = (enum gw_scalar_kind)cfg->scalarisation,
        .scale = (enum gw_slit_scale)cfg->scale,
        .mating = (enum gw_slit_mating)cfg->mating,
        .children = (uint32_t)cfg->children,
        .replace_max = (uint32_t)cfg->replace_max,
        .priority_points = cfg->priority_points != 0,
        .archive = cfg->archive != 0,
    };
}

static void slit_destroy(void *self)
{
    struct slit *s = self;
    if (s != NULL) {
        gw_optimise_fini(&s->optimise);
        free(s);
    }
}

static int slit_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                       struct gw_policy_error *error)
{
    struct slit *s = calloc(1, sizeof *s);
    if (s == NULL) {
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    const struct cfg *mine = cfg;
    s->engine = engine_of(mine);
    if (gw_optimise_init(&s->optimise, &mine->common, slit_search, &s->engine, view, seed, error) != 0) {
        slit_destroy(s);
        return 1;
    }
    *self = s;
    return 0;
}

static int slit_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                     struct gw_policy_error *error)
{
    (void)view;
    struct slit *s = self;
    return gw_optimise_plan(&s->optimise, plan, error);
}

static void slit_report(const void *self, struct gw_policy_report *out)
{
    const struct slit *s = self;
    gw_optimise_report(&s->optimise, out);
}

#define POLICY(id, key, text, source)                                                                        \
    const struct gw_policy_ops gw_policy_##id = {                                                            \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_ROUTING,                                                                            \
        .name = key,                                                                                         \
        .summary = text,                                                                                     \
        .reference = source,                                                                                 \
        .params = id##_params,                                                                               \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = slit_create,                                                                               \
        .destroy = slit_destroy,                                                                             \
        .plan = slit_plan,                                                                                   \
        .report = slit_report,                                                                               \
    }

POLICY(
    slit, "slit",
    "Guided local search and a decomposition EA over four objectives: our reconstruction of SLIT",
    "H. Moore, S. Qi, D. Milojicic, C. Bash, S. Pasricha, \"Sustainable Carbon-Aware and Water-Efficient LLM "
    "Scheduling in Geo-Distributed Cloud Datacenters\", GLSVLSI 2025, arXiv:2505.23554 (not read beyond its "
    "abstract and first equations)");
POLICY(slit_lp, "slit+lp",
       "slit that begins each search with the plans of linear programs along a lattice of weights",
       "our own: slit's search for what linear programs leave out");
POLICY(shield, "shield",
       "The same engine as SHIELD's paper describes it: random forest, weighted sums, priority points",
       "S. Qi, D. Milojicic, C. Bash, S. Pasricha, \"SHIELD: Sustainable Hybrid Evolutionary Learning "
       "Framework for "
       "Carbon, Wastewater, and Energy-Aware Data Center Management\", 2023, arXiv:2308.13086");
POLICY(moela, "moela",
       "The same engine as MOELA's code runs it: Tchebycheff, neighbours, a forest in every iteration",
       "S. Qi, Y. Li, S. Pasricha, R. Kim, \"MOELA: A Multi-Objective Evolutionary/Learning Design Space "
       "Exploration "
       "Framework for 3D Heterogeneous Manycore Platforms\", DATE 2023, arXiv:2303.06169");
POLICY(mosaic, "mosaic",
       "The same engine with adaptive local search and no learner: how we read MOSAIC's abstract",
       "S. Qi, D. Milojicic, C. Bash, S. Pasricha, \"MOSAIC: A Multi-Objective Optimization Strategy for "
       "Sustainable "
       "Datacenter Management\", 2023, arXiv:2311.08583 (abstract)");
