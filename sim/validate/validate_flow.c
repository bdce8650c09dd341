#include <math.h>
#include <string.h>

#include "sim/run/compile.h"
#include "sim/run/run.h"
#include "sim/validate/validators.h"

/* A site of equal replicas under a flat rate, once token by token and once as a flow. */
struct scene {
    const char *what, *llm, *node, *lengths;
    int tensor_parallel, replicas, nodes;
    const char *arrivals; /* beside `poisson` nothing is promised */
};
static const struct scene scenes[] = {
    {"Llama-2-70B on 4 x 8 H100, conversation", "llama-2-70b", "h100x8", "azure-conversation", 8, 4, 4,
     "poisson"},
    {"Llama-3.1-8B on 4 x 1 H100, conversation", "llama-3.1-8b", "h100x8", "azure-conversation", 1, 4, 1,
     "poisson"},
    {"Llama-2-70B on 4 x 8 H100, code", "llama-2-70b", "h100x8", "azure-code", 8, 4, 4, "poisson"},
    {"Llama-2-13B on 8 x 1 A100, conversation: memory is the limit", "llama-2-13b", "a100x8",
     "azure-conversation", 1, 8, 1, "poisson"},
    {"Llama-2-70B on 1 x 8 H100, conversation", "llama-2-70b", "h100x8", "azure-conversation", 8, 1, 1,
     "poisson"},
    {"Gaps with cv 2: Llama-2-70B on 4 x 8 H100, conversation", "llama-2-70b", "h100x8", "azure-conversation",
     8, 4, 4, "{ law: gamma, cv: 2 }"},
    {"Gaps with cv 5: Llama-2-70B on 4 x 8 H100, conversation", "llama-2-70b", "h100x8", "azure-conversation",
     8, 4, 4, "{ law: gamma, cv: 5 }"},
    {"Five times the rate and back within a second: Llama-2-70B on 4 x 8 H100, conversation", "llama-2-70b",
     "h100x8", "azure-conversation", 8, 4, 4, "{ law: mmpp, ratio: 0.2, high: 0.5 s, low: 0.5 s }"},
    {"Four times the rate for 1 s of 3: Llama-2-70B on 4 x 8 H100, conversation", "llama-2-70b", "h100x8",
     "azure-conversation", 8, 4, 4, "{ law: mmpp, ratio: 0.25, high: 1 s, low: 2 s }"},
    {"On for 1 s of 5: Llama-2-70B on 4 x 8 H100, conversation", "llama-2-70b", "h100x8",
     "azure-conversation", 8, 4, 4, "{ law: mmpp, ratio: 0, high: 1 s, low: 4 s }"},
};
static const double loads[] = {0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95};

/* Requests of a run, at least: enough for a mean TTFT to 1 % below 80 % load. */
static const double requests = 50e3;

static const char *const source = "geowatt's exact mode, same site, rate and lengths";

static enum gw_status load(const struct scene *s, const char *mode, double rate_per_s, int quarters,
                           struct gw_scenario *out, struct gw_error *err)
{
    struct gw_text yaml = {0};
    struct gw_errors errs = {0};
    gw_text_addf(&yaml,
                 "geowatt: 1\nname: flow\ntime: { start: 2023-06-01T00:00:00Z, duration: %d min }\n"
                 "sites: [ { name: s, place: ashburn, grid: { mean: US-MIDA-PJM }, spare: off,\n"
                 "    pools: [ { node: %s, count: %d } ] } ]\n"
                 "serving:\n  mode: %s\n"
                 "  models: [ { llm: %s, tensor_parallel: %d, replicas: %d } ]\n"
                 "  demand: [ { origin: us-east, model: %s, rate: %.9g, lengths: %s,\n"
                 "    arrivals: %s } ]\n"
                 "policies: [ nearest ]\n",
                 15 * quarters, s->node, s->nodes, mode, s->llm, s->tensor_parallel, s->replicas, s->llm,
                 rate_per_s, s->lengths, s->arrivals);
    enum gw_status status = GW_ERR_NOMEM;
    if (!yaml.failed) {
        status = gw_scenario_parse(yaml.at, yaml.n, "flow.yaml", NULL, out, &errs);
    }
    if (status != GW_OK) {
        *err = errs.item[0];
    }
    gw_text_fini(&yaml);
    return status;
}

static enum gw_status run(const struct scene *s, const char *mode, double rate_per_s, double *score,
                          struct gw_error *err)
{
    const double quarters = fmin(fmax(ceil(requests / rate_per_s / 900.0), 1.0), 4.0 * 24 * 30);
    struct gw_scenario sc;
    struct gw_run_result result = {0};
    enum gw_status status = load(s, mode, rate_per_s, (int)quarters, &sc, err);
    if (status == GW_OK) {
        status = gw_run_exec(&sc, 0, 0, NULL, NULL, &result, err);
        for (size_t i = 0; i < GW_SCORE_COUNT; i++) {
            score[i] = result.score[i];
        }
        gw_arena_fini(&result.arena);
        gw_scenario_fini(&sc);
    }
    return status;
}

static enum gw_status capacity_of(const struct scene *s, double *per_s, struct gw_error *err)
{
    struct gw_scenario sc;
    const enum gw_status status = load(s, "flow", 1.0, 4, &sc, err);
    if (status == GW_OK) {
        const struct gw_serving_load mix = gw_compile_load(&sc.demand[0], 1.0);
        *per_s = s->replicas * gw_serving_capacity(&sc.site[0].group[0].cfg, &mix);
        gw_scenario_fini(&sc);
    }
    return status;
}

static void add(struct gw_validation *out, const struct scene *s, double at, const char *what,
                enum gw_score score, double tolerance, const double *flow, const double *exact)
{
    const bool promised = tolerance > 0.0 && at <= 0.8 && strcmp(s->arrivals, "poisson") == 0;
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = s->what,
                               .name = gw_validation_text(out, "%s at %.0f %% load", what, 100.0 * at),
                               .kind = GW_VALIDATION_IDENTITY,
                               .rule = GW_VALIDATION_REL,
                               .published = exact[score],
                               .ours = flow[score],
                               .tolerance = promised ? tolerance : 0.5,
                               .unit = gw_score_doc(score).unit,
                               .source = source,
                               .detail = !promised,
                           });
}

enum gw_status gw_validate_flow(struct gw_validation *out, struct gw_error *err)
{
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        const struct scene *s = &scenes[i];
        double capacity;
        enum gw_status status = capacity_of(s, &capacity, err);
        for (size_t j = 0; j < sizeof loads / sizeof loads[0] && status == GW_OK; j++) {
            double flow[GW_SCORE_COUNT], exact[GW_SCORE_COUNT];
            status = run(s, "flow", loads[j] * capacity, flow, err);
            status = status == GW_OK ? run(s, "exact", loads[j] * capacity, exact, err) : status;
            if (status == GW_OK) {
                add(out, s, loads[j], "energy", GW_SCORE_IT, 0.02, flow, exact);
                add(out, s, loads[j], "mean TTFT", GW_SCORE_TTFT_MEAN, 0.15, flow, exact);
                add(out, s, loads[j], "TTFT p99", GW_SCORE_TTFT_P99, 0.0, flow, exact);
                add(out, s, loads[j], "mean TPOT", GW_SCORE_TPOT_MEAN, 0.0, flow, exact);
                add(out, s, loads[j], "E2E p99", GW_SCORE_E2E_P99, 0.0, flow, exact);
            }
        }
        if (status != GW_OK) {
            return status;
        }
    }
    return GW_OK;
}
