/* Whole runs: a day of ten million requests at twelve sites, and one busy site with 120 replicas. Ledger,
 * demand rows and scores are on, as they always are. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/run/run.h"

static const char *const regions[] = {"US-CAL-CISO", "US-TEX-ERCO", "US-MIDA-PJM", "US-NW-BPAT",
                                      "GB",          "DE",          "FR",          "SE-SE3",
                                      "IN-WE",       "JP-TK",       "SG",          "BR-CS"};
static const char *const places[] = {"us-west",    "us-central", "us-east",    "the-dalles",
                                     "eu-west",    "eu-central", "eu-central", "eu-west",
                                     "asia-south", "asia-east",  "asia-east",  "sa-east"};
static const char *const origins[] = {"us-east", "us-west", "eu-west", "asia-east"};

struct whole_run {
    struct gw_scenario sc;
    bool loaded;
};

static void load(struct whole_run *run, const struct gw_text *yaml)
{
    struct gw_errors errs = {0};
    run->loaded =
        !yaml->failed && gw_scenario_parse(yaml->at, yaml->n, "bench.yaml", NULL, &run->sc, &errs) == GW_OK;
    if (!run->loaded) {
        fprintf(stderr, "bench.yaml: %s: %s\n", errs.item[0].where, errs.item[0].why);
    }
}

/* One run of the first policy; the requests it served. */
static double serve(void *context)
{
    struct whole_run *run = context;
    struct gw_run_result result = {0};
    struct gw_error err;
    double requests = 0.0;
    if (run->loaded && gw_run_exec(&run->sc, 0, 0, NULL, NULL, &result, &err) == GW_OK) {
        requests = result.score[GW_SCORE_COMPLETED];
    }
    gw_arena_fini(&result.arena);
    return requests;
}

static void add_head(struct gw_text *yaml, const char *duration, const char *sites)
{
    gw_text_addf(yaml,
                 "geowatt: 1\nname: bench\ntime: { start: 2023-06-01T00:00:00Z, duration: %s }\nsites:\n%s",
                 duration, sites);
}

/* 12 sites, 4 origins, 2 models; 116 requests/s are 10 million a day. */
static void twelve_sites(struct gw_text *yaml, double rate_per_s, const char *duration)
{
    struct gw_text sites = {0};
    for (size_t i = 0; i < 12; i++) {
        gw_text_addf(&sites,
                     "  - { name: s%zu, place: %s, grid: %s, pools: [ { node: h100x8, count: 10 } ] }\n", i,
                     places[i], regions[i]);
    }
    add_head(yaml, duration, sites.at);
    gw_text_add(yaml, "serving:\n  models:\n"
                      "    - { name: large, llm: llama-2-70b, tensor_parallel: 8, replicas: 4 }\n"
                      "    - { name: small, llm: llama-2-7b, tensor_parallel: 1, replicas: 8 }\n  demand:\n");
    for (size_t o = 0; o < 4; o++) {
        gw_text_addf(yaml, "    - { name: l%zu, origin: %s, model: large, rate: %.6f, slo: { ttft: 2 s } }\n",
                     o, origins[o], rate_per_s / 8.0);
        gw_text_addf(yaml,
                     "    - { name: s%zu, origin: %s, model: small, rate: %.6f, lengths: azure-code }\n", o,
                     origins[o], rate_per_s / 8.0);
    }
    gw_text_add(yaml, "policies: [ round-robin ]\n");
    gw_text_fini(&sites);
}

static void one_site(struct gw_text *yaml)
{
    add_head(yaml, "1 h",
             "  - { name: s, place: ashburn, grid: US-MIDA-PJM, pools: [ { node: h100x8, count: 120 } ] }\n");
    gw_text_add(
        yaml, "serving:\n  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 120 } ]\n  demand:\n");
    for (size_t o = 0; o < 4; o++) {
        gw_text_addf(
            yaml,
            "    - { origin: %s, model: llama-2-70b, rate: 270 /s, slo: { ttft: 2 s, tpot: 100 ms } }\n",
            origins[o]);
    }
    gw_text_add(yaml, "policies: [ nearest ]\n");
}

static void bench(struct gw_bench *b, const char *name, double budget, struct gw_text *yaml)
{
    if (gw_bench_wanted(b, name)) {
        struct whole_run run = {0};
        load(&run, yaml);
        gw_bench_run(b, name, "requests/s", budget, serve, &run);
        gw_scenario_fini(&run.sc);
    }
    gw_text_fini(yaml);
}

void gw_bench_experiment(struct gw_bench *b);
void gw_bench_experiment(struct gw_bench *b)
{
    struct gw_text day = {0}, busy = {0};
    /* design.md section 11: ten million requests in 6 s; four of the day's hours stand for it */
    twelve_sites(&day, 116.0, "4 h");
    bench(b, "run, twelve sites, two models, four origins", 10e6 / 6.0, &day);
    one_site(&busy);
    bench(b, "run, one site, least-pending over 120 replicas", 2e6, &busy);
}
