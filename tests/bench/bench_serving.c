/* How fast a replica's operating point is estimated: views and planners ask for thousands of them per epoch.
 */
#include <math.h>
#include <stddef.h>

#include "models/catalogue/catalogue.h"
#include "models/serving/serving.h"
#include "tests/bench/bench.h"

struct scene {
    struct gw_replica_cfg cfg;
    double utilisation;
};

static const struct gw_serving_load conversation = {
    .in_tok = 1155.0, .out_tok = 211.0, .in_tok_sq = 2.3e6, .out_tok_sq = 7.1e4};

static double estimates(void *context)
{
    enum { N = 20000 };
    const struct scene *s = context;
    struct gw_serving_load load = conversation;
    const double rate = s->utilisation * gw_serving_capacity(&s->cfg, &load);
    double sum = 0.0;
    for (int i = 0; i < N; i++) {
        load.rate_per_s = rate * (1.0 - 1e-6 * i);
        struct gw_serving_estimate e;
        gw_serving_estimate(&s->cfg, &load, &e);
        sum += e.ttft_s + e.marginal_j;
    }
    gw_bench_keep(sum);
    return N;
}

static double power(void *context)
{
    enum { N = 1000000 };
    const struct scene *s = context;
    double sum = 0.0;
    for (int i = 0; i < N; i++) {
        const struct gw_power_state state = {
            .mem_frac = 1e-6 * i, .flop_frac = 5e-7 * i, .batch = 1.0 + 1e-4 * i};
        sum += s->cfg.power.law->watts(s->cfg.power.law_cfg, &state);
    }
    gw_bench_keep(sum);
    return N;
}

/* Llama-2-70B on eight H100, from the catalogue. */
static bool make(struct scene *scene, struct gw_tree *catalogue, struct gw_arena *arena)
{
    struct gw_errors errs = {0};
    if (gw_catalogue_load(catalogue, &errs) != GW_OK) {
        return false;
    }
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = catalogue};
    const void *llm = NULL, *engine = NULL, *node = NULL;
    if (gw_bind_entry(NULL, &env, "llm", "llama-2-70b", &llm, arena, &errs) != GW_OK ||
        gw_bind_entry(NULL, &env, "engine", "vllm-0.15", &engine, arena, &errs) != GW_OK ||
        gw_bind_entry(NULL, &env, "node", "h100x8", &node, arena, &errs) != GW_OK) {
        return false;
    }
    const struct gw_serving_setup setup = {
        .llm = llm, .engine = engine, .node = node, .tensor_parallel = 8, .cap_w = INFINITY};
    return gw_serving_cfg(&setup, &scene->cfg, NULL) == GW_OK;
}

void gw_bench_serving(struct gw_bench *b);
void gw_bench_serving(struct gw_bench *b)
{
    struct gw_tree catalogue = {0};
    struct gw_arena arena = {0};
    struct scene scene;
    if (make(&scene, &catalogue, &arena)) {
        scene.utilisation = 0.05;
        gw_bench_run(b, "serving estimate, load 5 %", "estimates/s", 200e3, estimates, &scene);
        scene.utilisation = 0.6;
        gw_bench_run(b, "serving estimate, load 60 %", "estimates/s", 400e3, estimates, &scene);
        scene.utilisation = 0.95;
        gw_bench_run(b, "serving estimate, load 95 %", "estimates/s", 80e3, estimates, &scene);
        gw_bench_run(b, "power law two-util", "evaluations/s", 25e6, power, &scene);
    }
    gw_arena_fini(&arena);
    gw_tree_fini(&catalogue);
}
