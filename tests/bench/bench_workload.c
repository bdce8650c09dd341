/* Requests out of the generator: arrivals over a working day's curve, both lengths drawn. */
#include "models/catalogue/catalogue.h"
#include "models/workload/arrivals.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "tests/bench/bench.h"

void gw_bench_workload(struct gw_bench *b);

enum { WINDOW_S = 900, DAY_S = 86400, DRAWS = 20000000 };

static double one_day(void *context)
{
    const struct gw_arrivals_cfg *cfg = context;
    struct gw_arrivals arrivals;
    gw_arrivals_init(&arrivals, cfg, 1, 0, "bench");
    struct gw_ask ask;
    uint64_t n = 0, tokens = 0;
    for (gw_time_us until_us = WINDOW_S * GW_US_PER_S; until_us <= cfg->end_us;
         until_us += WINDOW_S * GW_US_PER_S) {
        while (gw_arrivals_next(&arrivals, until_us, &ask)) {
            tokens += ask.in_tok + ask.out_tok;
            n++;
        }
    }
    gw_bench_keep((double)tokens);
    return (double)n;
}

/* All laws but the plain one, through the source that a run asks. */
static double one_day_of_a_source(void *context)
{
    const struct gw_arrivals_cfg *cfg = context;
    const struct gw_request_law law = gw_arrivals_law(cfg);
    struct gw_arena arena = {0};
    struct gw_error err;
    struct gw_request_source *source = law.ops->open(&law, cfg->end_us, 1, 0, "bench", &arena, &err);
    GW_REQUIRE(source != NULL);
    struct gw_ask ask;
    uint64_t n = 0, tokens = 0;
    while (gw_request_source_next(source, GW_NEVER_US, &ask)) {
        tokens += ask.in_tok + ask.out_tok;
        n++;
    }
    gw_request_source_close(source);
    gw_arena_fini(&arena);
    gw_bench_keep((double)tokens);
    return (double)n;
}

static double lengths(void *context)
{
    const struct gw_length *length = context;
    uint64_t tokens = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        tokens += gw_length_at(length, gw_rng_unit(gw_rng_mix(i)));
    }
    gw_bench_keep((double)tokens);
    return DRAWS;
}

/* An entry of the catalogue; it must be there. */
static const void *entry(const struct gw_bind_env *env, const char *kind, const char *name,
                         struct gw_arena *arena)
{
    const void *object = NULL;
    GW_REQUIRE(gw_bind_entry(NULL, env, kind, name, &object, arena, NULL) == GW_OK);
    return object;
}

void gw_bench_workload(struct gw_bench *b)
{
    struct gw_tree catalogue = {0};
    struct gw_arena arena = {0};
    GW_REQUIRE(gw_catalogue_load(&catalogue, NULL) == GW_OK);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    const struct gw_length_pair_cfg *pair = entry(&env, "length", "azure-conversation", &arena);
    struct gw_length prompt, output;
    GW_REQUIRE(gw_length_build(&pair->prompt, &prompt, &arena));
    GW_REQUIRE(gw_length_build(&pair->output, &output, &arena));

    struct gw_arrivals_cfg cfg = {.rate_per_s = 120,
                                  .shape = entry(&env, "shape", "business", &arena),
                                  .utc_offset_h = -5,
                                  .end_us = DAY_S * GW_US_PER_S,
                                  .prompt = &prompt,
                                  .output = &output};
    gw_bench_run(b, "workload, a day of business hours", "requests/s", 10e6, one_day, &cfg);
    cfg.shape = NULL;
    gw_bench_run(b, "workload, flat", "requests/s", 10e6, one_day, &cfg);
    cfg.burst = (struct gw_burst){.law = GW_BURST_GAMMA, .cv = 2};
    gw_bench_run(b, "workload, gamma", "requests/s", 0, one_day_of_a_source, &cfg);
    cfg.burst =
        (struct gw_burst){.law = GW_BURST_MMPP, .high_us = 9 * GW_US_PER_S, .low_us = 36 * GW_US_PER_S};
    gw_bench_run(b, "workload, mmpp", "requests/s", 10e6, one_day_of_a_source, &cfg);
    cfg.burst = (struct gw_burst){
        .law = GW_BURST_CLIENTS, .count = 100, .skew = 1, .cv = 1.25, .cv_spread = 1.15, .own_lengths = 0.3};
    gw_bench_run(b, "workload, 100 clients", "requests/s", 0, one_day_of_a_source, &cfg);
    gw_bench_run(b, "workload, one length", "draws/s", 0, lengths, &prompt);

    gw_arena_fini(&arena);
    gw_tree_fini(&catalogue);
}
