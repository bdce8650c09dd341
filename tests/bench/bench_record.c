/* Rows of requests.h5 per second: counted by a site, put in order, packed into the file's bytes. Requests
 * finish nearly in the order in which they were sent, which is how a site meets them. */
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/core/rng.h"
#include "sim/run/record_file.h"
#include "sim/run/tally.h"
#include "tests/bench/bench.h"

void gw_bench_record(struct gw_bench *b);

enum { ROWS = 1000000, GAP_US = 1000, STAY_US = 20 * 1000 * 1000 };

/* A scenario of one site and one demand row, as far as the record asks for it. */
struct world {
    struct gw_engine engine;
    struct gw_model_cfg model_cfg;
    struct gw_model model;
    struct gw_demand_cfg demand_cfg;
    struct gw_demand demand;
    gw_time_us rtt_us;
    const char *name;
    struct gw_scenario sc;
    struct gw_record_sample sample;
    uint64_t key;
    bool packs;
};

static double count_and_pack(void *context)
{
    const struct world *w = context;
    struct gw_run_result run = {0};
    const struct gw_result result = {.policies = 1, .replications = 1, .sites = 1, .demands = 1, .run = &run};
    struct gw_tally tally;
    struct gw_arena arena = {0};
    struct gw_rng rng;
    struct gw_error err;
    char *bytes = NULL;
    size_t n = 0;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/record"));
    GW_REQUIRE(gw_tally_init(&tally, &w->sc, 0, w->sample, &arena));
    for (uint64_t i = 0; i < ROWS; i++) {
        const uint64_t x = gw_rng_next(&rng);
        const gw_time_us sent_us = (gw_time_us)(i * GAP_US + x % STAY_US);
        const gw_tick first = (gw_tick)(20000 + x % 100000) * GW_TICKS_PER_US;
        const struct gw_served served = {
            .request = {.arrival_us = sent_us, .in_tok = 1 + x % 4096, .out_tok = 2 + x % 512, .number = i},
            .first_token = first,
            .finish = first + (gw_tick)(1 + x % STAY_US) * GW_TICKS_PER_US,
        };
        gw_tally_served(&tally, 0, sent_us, 0, 0, &served);
    }
    GW_REQUIRE(gw_tally_record(&tally, &w->sc, &run) && !tally.failed);
    if (w->packs) {
        GW_REQUIRE(gw_record_file_pack(&w->sc, &result, 0, "requests.h5", &bytes, &n, &err) == GW_OK);
    }
    gw_bench_keep((double)n);
    free(bytes);
    gw_tally_fini(&tally);
    gw_arena_fini(&run.arena);
    gw_arena_fini(&arena);
    return ROWS;
}

void gw_bench_record(struct gw_bench *b)
{
    struct world w = {.name = "one", .key = 1};
    w.model_cfg.engine = &w.engine;
    w.model = (struct gw_model){.name = w.name, .cfg = &w.model_cfg};
    w.demand = (struct gw_demand){.name = w.name,
                                  .cfg = &w.demand_cfg,
                                  .rtt_us = &w.rtt_us,
                                  .slo_ttft_us = GW_NEVER_US,
                                  .slo_tpot_us = 1e6};
    w.sc = (struct gw_scenario){.demand = &w.demand,
                                .model = &w.model,
                                .n_demands = 1,
                                .n_models = 1,
                                .n_sites = 1,
                                .n_variants = 1,
                                .demand_name = &w.name,
                                .site_name = &w.name,
                                .variant_name = &w.name};
    w.sc.cfg.name = w.name;
    gw_bench_run(b, "tally, no record", "requests/s", 0, count_and_pack, &w);
    w.sample = (struct gw_record_sample){.key = &w.key, .frac = 0.01};
    gw_bench_run(b, "tally, record of 1 %", "requests/s", 0, count_and_pack, &w);
    w.sample.frac = 1.0;
    w.packs = true;
    gw_bench_run(b, "record of all, tally to file", "rows/s", 1e6, count_and_pack, &w);
}
