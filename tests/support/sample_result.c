#include "tests/support/sample_result.h"

#include <math.h>
#include "sim/base/check.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"
#include "sim/run/load.h"

static const char *const policies[] = {"nearest", "slït, \"quoted\"", "lp-carbon"};
static const char *const sites[] = {"oregon", "virginia"};
static const char *const demands[] = {"us-east/chat", "us-west/chat", "code"};
static const char *const models[] = {"llama-2-7b", "llama-2-70b"};
static const char *const citations[] = {"macknick2012: Water factors, p. 7", "li2024: Carbon of regions"};
static const char trace[] = "time_utc,ci\n\0\xff binary \x1a tail";

static void *room(struct gw_run_result *run, size_t n, size_t size)
{
    void *at = gw_arena_array(&run->arena, n, size);
    GW_REQUIRE(at != NULL);
    return at;
}

static void fill_load(struct gw_run_result *run, double base)
{
    run->load = room(run, run->rows * SAMPLE_SITES * SAMPLE_MODELS * GW_LOAD_COUNT, sizeof *run->load);
    double *to = run->load;
    for (size_t t = 0; t < run->rows; t++) {
        for (size_t s = 0; s < SAMPLE_SITES; s++) {
            for (size_t m = 0; m < SAMPLE_MODELS; m++) {
                for (size_t c = 0; c < GW_LOAD_COUNT; c++) {
                    *to++ = base + 10.0 * (double)s + (double)m + (double)c / 100.0 + (double)t / 10000.0;
                }
            }
        }
    }
}

static void fill_run(struct gw_run_result *run, uint32_t p, uint32_t r)
{
    const double base = 1000.0 * p + 100.0 * r;
    run->policy = p;
    run->replication = r;
    for (int i = 0; i < GW_SCORE_COUNT; i++) {
        run->score[i] = base + i / 100.0;
    }
    run->score[GW_SCORE_COMPLETED] = p == 1 && r == 1 ? 900 : 1000;
    run->score[GW_SCORE_TOKENS_OUT] = 250000;
    run->score[GW_SCORE_TRAINING_WORK] = 40;
    run->score[GW_SCORE_LEARNT] = 1e9;
    run->score[GW_SCORE_MISSING] = 0;

    run->rows = SAMPLE_ROWS + p;
    run->site = room(run, SAMPLE_SITES * GW_ACCOUNT_COUNT, sizeof *run->site);
    run->series = room(run, run->rows * SAMPLE_SITES * GW_ACCOUNT_COUNT, sizeof *run->series);
    for (size_t s = 0; s < SAMPLE_SITES; s++) {
        for (size_t a = 0; a < GW_ACCOUNT_COUNT; a++) {
            const double value = base + 10.0 * (double)s + (double)a / 100.0;
            run->site[s * GW_ACCOUNT_COUNT + a] = value;
            for (size_t t = 0; t < run->rows; t++) {
                run->series[(t * SAMPLE_SITES + s) * GW_ACCOUNT_COUNT + a] = value + (double)t / 10000.0;
            }
        }
    }

    fill_load(run, base);
    run->demand = room(run, SAMPLE_DEMANDS, sizeof *run->demand);
    run->ttft_count = room(run, SAMPLE_DEMANDS * GW_RESULT_TTFT_BINS, sizeof *run->ttft_count);
    for (size_t i = 0; i < SAMPLE_DEMANDS * GW_RESULT_TTFT_BINS; i++) {
        run->ttft_count[i] = 1000 * p + 100 * r + i;
    }
    run->sent_frac = room(run, SAMPLE_DEMANDS * SAMPLE_SITES, sizeof *run->sent_frac);
    for (size_t d = 0; d < SAMPLE_DEMANDS; d++) {
        run->demand[d].busy_kwh = base + (double)d;
        run->demand[d].arrived = 7 * d;
        run->sent_frac[d * SAMPLE_SITES + d % SAMPLE_SITES] = 1;
    }
    run->end_us = (gw_time_us)run->rows * 900 * GW_US_PER_S;
    run->ties = p;
    run->wall_s = 1.5;
    run->plan_s = 0.25;
    run->events = 12345;
}

static void fail_run(struct gw_run_result *run)
{
    GW_REQUIRE(gw_fail(&run->error, GW_ERR_POLICY, "lp-carbon", "shares of \"code\" sum to 1.2") != GW_OK);
    run->site = run->series = run->load = run->sent_frac = NULL; /* nothing behind a failed run may be read */
    run->demand = NULL;
    run->ttft_count = NULL;
    run->rows = 0;
}

void gw_sample_result_make(struct gw_sample_result *self)
{
    *self = (struct gw_sample_result){0};
    GW_REQUIRE(
        gw_result_init(&self->result, SAMPLE_POLICIES, SAMPLE_REPLICATIONS, SAMPLE_SITES, SAMPLE_DEMANDS));
    self->result.models = SAMPLE_MODELS;
    self->result.every_us = 900 * GW_US_PER_S;
    for (uint32_t p = 0; p < SAMPLE_POLICIES; p++) {
        for (uint32_t r = 0; r < SAMPLE_REPLICATIONS; r++) {
            fill_run(gw_sample_result_run(self, p, r), p, r);
        }
    }
    fail_run(gw_sample_result_run(self, 2, 1));

    self->input[0] = (struct gw_result_input){
        .path = "traces/ci.csv",
        .bytes = trace,
        .n = sizeof trace - 1,
        .checksum = gw_hash_fnv1a(GW_HASH_START, trace, sizeof trace - 1),
    };
    self->input[1] = (struct gw_result_input){.path = "traces/large.csv.gz", .checksum = 0x0123456789abcdef};
    static const char *grid_names[] = {"US-NW-BPAT", "constant"};
    self->facts = (struct gw_result_facts){
        .transferred = "vllm-0.15 on a100-80",
        .scenario_name = "two-sites",
        .version = "0.1.0",
        .commit = "3f2a90c41b7e",
        .scenario_yaml = "geowatt: 1\nname: two-sites\nseed: 42\n",
        .seed = UINT64_MAX - 41,
        .libm_fingerprint = 0xfeedfacecafebeef,
        .policy = policies,
        .site = sites,
        .demand = demands,
        .model = models,
        .start_unix_us = INT64_C(1685577600) * GW_US_PER_S, /* 2023-06-01T00:00:00Z */
        .duration_us = GW_US_PER_H,
        .step_us = 300 * GW_US_PER_S,
        .epoch_us = 900 * GW_US_PER_S,
        .baseline = 0,
        .input = self->input,
        .n_inputs = 2,
        .citation = citations,
        .n_citations = 2,
        .grids = {.hours = SAMPLE_HOURS,
                  .name = grid_names,
                  .utc_offset_h = self->utc_offset_h,
                  .column = self->column,
                  .n_columns = 2},
    };
    self->utc_offset_h[0] = 0;
    self->utc_offset_h[1] = -8;
    for (size_t i = 0; i < SAMPLE_SITES * SAMPLE_HOURS; i++) {
        self->hour[0][i] = 10.0 * (double)(i / SAMPLE_HOURS) + (double)(i % SAMPLE_HOURS);
        self->hour[1][i] = i < SAMPLE_HOURS ? self->hour[0][i] : NAN;
    }
    self->column[0] =
        (struct gw_result_column){"price_usd_per_mwh", "USD/MWh", "Wholesale price", self->hour[0]};
    self->column[1] = (struct gw_result_column){"renewable_frac", "1", "Share of renewables", self->hour[1]};
}

void gw_sample_result_fini(struct gw_sample_result *self)
{
    gw_result_fini(&self->result);
}

struct gw_run_result *gw_sample_result_run(struct gw_sample_result *self, uint32_t p, uint32_t r)
{
    return &self->result.run[p * SAMPLE_REPLICATIONS + r];
}
