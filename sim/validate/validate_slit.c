/* The order of policies that SLIT's abstract and digests claim, on the quick form of scenarios/slit-day.yaml:
 * the same sites, models and users, two hours from noon UTC.
 *
 * No figure of SLIT's evaluation is known to us, so none is here. Claimed are orders: each variant has the
 * least of its own objective, and the balanced one beats Helix and Splitwise. */
#include <math.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/validate/validators.h"

/* ---- the scenario ---- */

/* A node of two for the 7B model, then eight accelerators for the 70B model. */
static const struct {
    const char *place, *grid, *cooling, *two, *node;
    int nodes;
} sites[] = {
    {"ashburn", "US-MIDA-PJM", "wc-wse", "h100x2", "h100x8", 1},
    {"the-dalles", "US-NW-BPAT", "ae-dec", "a100x2", "a100x8", 1},
    {"dallas", "US-TEX-ERCO", "ac", "h100x2", "h100x4", 2},
    {"montreal", "CA-QC", "wc-wse", "a100x2", "a100x4", 2},
    {"sao-paulo", "BR-CS", "ac", "a100x2", "a100x2", 4},
    {"london", "GB", "ae-dec", "h100x2", "h100x2", 4},
    {"frankfurt", "DE", "wc-wse", "h100x2", "h100x8", 1},
    {"stockholm", "SE-SE3", "ae-ac", "a100x2", "a100x8", 1},
    {"johannesburg", "ZA", "ac", "a100x2", "a100x4", 2},
    {"mumbai", "IN-WE", "wc", "a100x2", "a100x2", 4},
    {"tokyo", "JP-TK", "wc-wse", "h100x2", "h100x4", 2},
    {"sydney", "AU-NSW", "ae-dec", "h100x2", "h100x2", 4},
};
static const struct {
    const char *origin;
    double rate_7b, rate_70b;
} users[] = {{"us-east", 8, 5}, {"eu-central", 8, 5}, {"asia-east", 8, 5}, {"sa-east", 4, 2.5}};

enum { SPLITWISE, HELIX, GREEDY, RANDOM, TTFT, CARBON, WATER, COST, BALANCE, POLICIES };
static const char policies[] =
    "policies:\n"
    "  - splitwise-geo\n"
    "  - helix-geo\n"
    "  - greedy-weighted\n"
    "  - { name: random-search, routing: { policy: random-search, select: balance } }\n"
    "  - { name: slit-ttft, routing: { policy: slit, select: ttft, learner: none } }\n"
    "  - { name: slit-carbon, routing: { policy: slit, select: carbon, learner: none } }\n"
    "  - { name: slit-water, routing: { policy: slit, select: water, learner: none } }\n"
    "  - { name: slit-cost, routing: { policy: slit, select: cost, learner: none } }\n"
    "  - { name: slit-balance, routing: { policy: slit, select: balance, learner: none } }\n"
    "score: { baseline: splitwise-geo }\n";

static void write_scenario(struct gw_text *yaml)
{
    gw_text_addf(yaml, "geowatt: 1\nname: slit-day\nseed: 2025\n"
                       "time: { start: 2023-07-11T12:00:00Z, duration: 2 h, epoch: 15 min, step: 15 min }\n"
                       "sites:\n");
    for (size_t i = 0; i < sizeof sites / sizeof sites[0]; i++) {
        gw_text_addf(yaml,
                     "  - { name: %s, place: %s, grid: %s, cooling: %s,\n"
                     "      pools: [ { node: %s, count: 1 }, { node: %s, count: %d } ] }\n",
                     sites[i].place, sites[i].place, sites[i].grid, sites[i].cooling, sites[i].two,
                     sites[i].node, sites[i].nodes);
    }
    gw_text_addf(yaml,
                 "serving:\n  models:\n"
                 "    - { name: 7b, llm: llama-2-7b, engine: splitwise-2023, tensor_parallel: 1, "
                 "replicas: 2 }\n"
                 "    - { name: 70b, llm: llama-2-70b, engine: splitwise-2023, tensor_parallel: node }\n"
                 "  demand:\n");
    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
        gw_text_addf(yaml,
                     "    - { name: %s-7b, origin: %s, model: 7b, rate: %g /s, shape: business,\n"
                     "        slo: { ttft: 1 s } }\n"
                     "    - { name: %s-70b, origin: %s, model: 70b, rate: %g /s, shape: business,\n"
                     "        slo: { ttft: 2 s } }\n",
                     users[i].origin, users[i].origin, users[i].rate_7b, users[i].origin, users[i].origin,
                     users[i].rate_70b);
    }
    gw_text_addf(yaml, "%s", policies);
}

/* Scores of all policies. */
static enum gw_status run(double score[POLICIES][GW_SCORE_COUNT], struct gw_error *err)
{
    struct gw_text yaml = {0};
    struct gw_errors errs = {0};
    struct gw_scenario sc;
    write_scenario(&yaml);
    enum gw_status s = yaml.failed ? gw_fail(err, GW_ERR_NOMEM, "slit", "out of memory")
                                   : gw_scenario_parse(yaml.at, yaml.n, "slit-day.yaml", NULL, &sc, &errs);
    gw_text_fini(&yaml);
    if (s != GW_OK) {
        *err = errs.n > 0 ? errs.item[0] : *err;
        return s;
    }
    for (uint32_t v = 0; v < POLICIES && s == GW_OK; v++) {
        struct gw_run_result result = {0};
        s = gw_run_exec(&sc, v, 0, NULL, NULL, &result, err);
        memcpy(score[v], result.score, sizeof score[v]);
        gw_arena_fini(&result.arena);
    }
    gw_scenario_fini(&sc);
    return s;
}

/* ---- the claims ---- */

static const char source[] =
    "order claimed by SLIT's abstract and digests (Moore et al., GLSVLSI 2025; evaluation not seen)";

static void add(struct gw_validation *out, const char *group, const char *name, double ours, const char *note)
{
    gw_validation_add(out, &(struct gw_validation_row){.group = group,
                                                       .name = name,
                                                       .kind = GW_VALIDATION_PREDICTED,
                                                       .rule = GW_VALIDATION_AT_MOST,
                                                       .published = 1.0,
                                                       .ours = ours,
                                                       .unit = "1",
                                                       .source = source,
                                                       .note = note});
}

static const struct {
    const char *name, *select;
    int slit;
    enum gw_score score;
} objectives[] = {{"mean TTFT", "ttft", TTFT, GW_SCORE_TTFT_MEAN},
                  {"carbon", "carbon", CARBON, GW_SCORE_CARBON},
                  {"water", "water", WATER, GW_SCORE_WATER},
                  {"cost", "cost", COST, GW_SCORE_COST}};

static void add_best(struct gw_validation *out, double score[POLICIES][GW_SCORE_COUNT])
{
    for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++) {
        double least = INFINITY;
        for (int v = 0; v < POLICIES; v++) {
            least = v != objectives[i].slit ? fmin(least, score[v][objectives[i].score]) : least;
        }
        add(out, "Each slit over the best of the other policies in its own objective",
            gw_validation_text(out, "%s of slit-%s", objectives[i].name, objectives[i].select),
            score[objectives[i].slit][objectives[i].score] / least, NULL);
    }
}

static void add_balance(struct gw_validation *out, double score[POLICIES][GW_SCORE_COUNT])
{
    static const struct {
        const char *name;
        int policy;
    } rivals[] = {{"helix-geo", HELIX}, {"splitwise-geo", SPLITWISE}};
    static const char group[] = "slit-balance over the baselines";
    for (size_t r = 0; r < sizeof rivals / sizeof rivals[0]; r++) {
        for (size_t i = 1; i < sizeof objectives / sizeof objectives[0]; i++) {
            const enum gw_score k = objectives[i].score;
            add(out, group, gw_validation_text(out, "%s, over %s", objectives[i].name, rivals[r].name),
                score[BALANCE][k] / score[rivals[r].policy][k], NULL);
        }
    }
    double most = 0.0;
    for (int v = 0; v < POLICIES; v++) {
        most = v != BALANCE ? fmax(most, score[v][GW_SCORE_TTFT_MEAN]) : most;
    }
    add(out, group, "mean TTFT, over the worst of all", score[BALANCE][GW_SCORE_TTFT_MEAN] / most,
        gw_validation_text(out, "over helix-geo %.3f, over splitwise-geo %.3f",
                           score[BALANCE][GW_SCORE_TTFT_MEAN] / score[HELIX][GW_SCORE_TTFT_MEAN],
                           score[BALANCE][GW_SCORE_TTFT_MEAN] / score[SPLITWISE][GW_SCORE_TTFT_MEAN]));
}

enum gw_status gw_validate_slit(struct gw_validation *out, struct gw_error *err)
{
    if (out->quick) {
        gw_validation_skip(out,
                           &(struct gw_validation_row){.group = "Order of policies",
                                                       .name = "slit against baselines",
                                                       .kind = GW_VALIDATION_PREDICTED,
                                                       .rule = GW_VALIDATION_AT_MOST,
                                                       .unit = "1",
                                                       .source = source,
                                                       .note = "left out where only quick rows are wanted"});
        return GW_OK;
    }
    double score[POLICIES][GW_SCORE_COUNT];
    const enum gw_status s = run(score, err);
    if (s == GW_OK) {
        add_best(out, score);
        add_balance(out, score);
    }
    return s;
}
