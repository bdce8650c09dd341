/* Bytes of CSV per second: years of five-minute rows, in the spelling that most files have and in a slower
 * one. */
#include "sim/base/check.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"
#include "traces/csv.h"

void gw_bench_csv(struct gw_bench *b);

#define START_US (INT64_C(1672531200) * GW_US_PER_S) /* 2023-01-01T00:00:00Z */
#define STEP_US  (300 * GW_US_PER_S)

enum { ROWS = 500000 };

static void fill(const char *row, struct gw_text *out)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/csv"));
    gw_text_add(out, "time_utc,ci_gco2_per_kwh,price_usd_per_mwh,ewif_l_per_kwh\n");
    for (int64_t i = 0; i < ROWS; i++) {
        char time[GW_CLOCK_TEXT_MAX];
        gw_clock_print(START_US + i * STEP_US, time);
        const double carbon = 600 * gw_rng_unit(gw_rng_next(&rng));
        const double price = 200 * gw_rng_unit(gw_rng_next(&rng)) - 20;
        const double water = 3 * gw_rng_unit(gw_rng_next(&rng));
        gw_text_addf(out, row, time, carbon, price, water);
    }
    GW_REQUIRE(!out->failed);
}

static double parse(void *context)
{
    const struct gw_text *text = context;
    struct gw_csv csv;
    struct gw_arena arena = {0};
    GW_REQUIRE(gw_csv_parse(text->at, text->n, "bench.csv", false, &csv, &arena, NULL) == GW_OK);
    GW_REQUIRE(csv.series[0].n == ROWS);
    gw_bench_keep(csv.series[2].value[ROWS - 1]);
    gw_arena_fini(&arena);
    return (double)text->n;
}

void gw_bench_csv(struct gw_bench *b)
{
    static const struct {
        const char *name, *row;
        double budget;
    } cases[] = {
        {"csv, plain numbers", "%s,%.2f,%.2f,%.3f\n", 200e6},
        {"csv, 17 digits", "%s,%.17g,%.17g,%.17g\n", 0},
        {"csv, quoted", "\"%s\",\"%.2f\",\"%.2f\",\"%.3f\"\n", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (!gw_bench_wanted(b, cases[i].name)) {
            continue;
        }
        struct gw_text text = {0};
        fill(cases[i].row, &text);
        gw_bench_run(b, cases[i].name, "B/s", cases[i].budget, parse, &text);
        gw_text_fini(&text);
    }
}
