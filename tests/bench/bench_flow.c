/* A year of sixteen sites in flow mode, planned every hour: whole runs, with plants, weather, grids and
 * books. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/run/run.h"

enum { SITES = 16, HOURS = 365 * 24 };

static const struct {
    const char *place, *grid;
} sites[SITES] = {
    {"san-jose", "US-CAL-CISO"},
    {"dallas", "US-TEX-ERCO"},
    {"ashburn", "US-MIDA-PJM"},
    {"the-dalles", "US-NW-BPAT"},
    {"london", "GB"},
    {"frankfurt", "DE"},
    {"paris", "FR"},
    {"stockholm", "SE-SE3"},
    {"mumbai", "IN-WE"},
    {"tokyo", "JP-TK"},
    {"singapore", "SG"},
    {"sao-paulo", "BR-CS"},
    {"las-vegas", "US-CAL-CISO"},
    {"dallas", "US-TEX-ERCO"},
    {"frankfurt", "DE"},
    {"paris", "FR"},
};
static const char *const origins[] = {"us-east", "us-west", "eu-west", "asia-east"};

static void year(struct gw_text *yaml, const char *policy)
{
    gw_text_add(yaml,
                "geowatt: 1\nname: bench\n"
                "time: { start: 2023-01-01T00:00:00Z, duration: 365 d, epoch: 1 h, step: 1 h }\nsites:\n");
    for (size_t i = 0; i < SITES; i++) {
        gw_text_addf(yaml,
                     "  - { name: s%zu, place: %s, grid: %s, cooling: wc-wse,\n"
                     "      pools: [ { node: h100x8, count: 10 } ] }\n",
                     i, sites[i].place, sites[i].grid);
    }
    gw_text_add(yaml, "serving:\n  mode: flow\n"
                      "  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 8 } ]\n  demand:\n");
    for (size_t o = 0; o < sizeof origins / sizeof origins[0]; o++) {
        gw_text_addf(
            yaml,
            "    - { origin: %s, model: llama-2-70b, rate: 60 /s, shape: business, slo: { ttft: 2 s } }\n",
            origins[o]);
    }
    gw_text_addf(yaml, "policies: [ %s ]\n", policy);
}

/* One run; the site-hours of it. */
static double serve(void *context)
{
    const struct gw_scenario *sc = context;
    struct gw_run_result result = {0};
    struct gw_error err;
    const bool good = gw_run_exec(sc, 0, 0, NULL, NULL, &result, &err) == GW_OK;
    gw_arena_fini(&result.arena);
    return good ? (double)SITES * HOURS : 0.0;
}

static void bench(struct gw_bench *b, const char *name, const char *policy)
{
    if (!gw_bench_wanted(b, name)) {
        return;
    }
    struct gw_text yaml = {0};
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    year(&yaml, policy);
    if (!yaml.failed && gw_scenario_parse(yaml.at, yaml.n, "bench.yaml", NULL, &sc, &errs) == GW_OK) {
        gw_bench_run(b, name, "site-hours/s", SITES * HOURS / 3.0, serve, &sc);
        gw_scenario_fini(&sc);
    } else {
        fprintf(stderr, "bench.yaml: %s: %s\n", errs.item[0].where, errs.item[0].why);
    }
    gw_text_fini(&yaml);
}

void gw_bench_flow(struct gw_bench *b);
void gw_bench_flow(struct gw_bench *b)
{
    /* design.md section 11: a year in 3 s */
    bench(b, "flow mode, a year, sixteen sites, greedy-carbon", "greedy-carbon");
    bench(b, "flow mode, a year, sixteen sites, round-robin", "round-robin");
}
