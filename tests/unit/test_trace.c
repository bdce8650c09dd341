/* A trace as a whole: printed in geowatt's own form, without memory, and read from the files that are there
 * when GEOWATT_REFERENCE_DATA names a folder with public data. */
#include "tests/support/failing_malloc.h"
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/base/units.h"
#include "tests/support/trace_text.h"
#include "traces/csv.h"

static const char two_repairs[] =
    "time_utc,ci_direct_gco2_per_kwh,load_mw\n2023-01-01T00:00Z,100,5\n2023-01-01T00:00Z,100,5\n"
    "2023-01-01T01:00Z,,6\n2023-01-01T02:00Z,120,7\n";

/* What is printed reads back as the same values; findings stand above it. */
static void a_trace_prints_in_our_own_form(void **state)
{
    (void)state;
    struct trace_text r;
    struct gw_text out = {0};
    struct gw_csv csv;
    trace_text_read(&r, two_repairs, NULL);
    gw_trace_print_csv(&r.trace, &out);
    assert_false(out.failed);
    assert_string_equal(
        out.at, "# imported from t.csv, format generic, 4 rows\n"
                "# repair: repeated, rows that repeat another one; left out; count 1, first at line 3\n"
                "# repair: gap, ci_direct_gco2_per_kwh: gaps: 1, longest 1 h; 1 values filled by a "
                "straight line, 0 from the same time of other days; count 1, first at line 4\n"
                "time_utc,ci_direct_gco2_per_kwh,load_mw\n2023-01-01T00:00:00Z,100,5\n"
                "2023-01-01T01:00:00Z,110,6\n2023-01-01T02:00:00Z,120,7\n");
    assert_int_equal(gw_csv_parse(out.at, out.n, "out.csv", false, &csv, &r.arena, NULL), GW_OK);
    assert_true(csv.series[0].value[1] == 110);
    gw_text_fini(&out);
    gw_arena_fini(&r.arena);
}

static void a_column_is_a_series(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, two_repairs, NULL);
    const struct gw_series s = gw_trace_series(&r.trace, gw_trace_find(&r.trace, "load_mw"));
    assert_true(gw_series_mean(&s, s.start_unix_us, s.start_unix_us + 3 * GW_US_PER_H) == 6);
    gw_arena_fini(&r.arena);
}

/* Whichever allocation fails: out of memory is said, and nothing is left behind. */
static void without_memory_nothing_is_half_done(void **state)
{
    (void)state;
    static const char *const texts[] = {
        two_repairs,
        "[{\"Location\":\"a\",\"Time\":\"2021-10-25T14:00\",\"Rating\":90},{\"Location\":\"a\",\"Time\":"
        "\"2021-10-25T15:00\",\"Rating\":91}]",
    };
    for (size_t k = 0; k < 2; k++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            struct trace_text r;
            gw_failing_malloc_arm(n);
            trace_text_read(&r, texts[k], NULL);
            failed = gw_failing_malloc_disarm();
            assert_int_equal(r.status, failed ? GW_ERR_NOMEM : GW_OK);
            assert_true(failed ? r.trace.columns == 0 : r.trace.columns > 0);
            gw_arena_fini(&r.arena);
        }
    }
}

static void unknown_clocks_are_refused(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, two_repairs, &(struct gw_trace_options){.clock = "Mars"});
    assert_int_equal(r.status, GW_ERR_UNKNOWN);
    gw_arena_fini(&r.arena);
}

/* Facts about published files: format, rows, mean of a column; or why it is refused. */
static const struct real {
    const char *file, *format, *column;
    size_t n;
    double mean, tolerance;
    struct gw_trace_options options;
    enum gw_status accepted;
} reals[] = {
    {"ci_2023/DE-LU_2023_hourly.csv",
     "electricity-maps",
     "ci_lifecycle_gco2_per_kwh",
     8760,
     367.0,
     0.05,
     {0},
     GW_OK},
    {"ci_2023/US-CAL-CISO_2023_hourly.csv",
     "electricity-maps",
     "ci_direct_gco2_per_kwh",
     8760,
     194.0,
     0.05,
     {0},
     GW_OK},
    {"ci_2022_lca_zones.csv", "generic", "ci_fr_gco2_per_kwh", 8759, 99.5, 0.05, {.unit = "g/kWh"}, GW_OK},
    {"samples/watttime_example.csv",
     "vessim-moer",
     "ci_marginal_direct_gco2_per_kwh",
     8928,
     355.3,
     0.05,
     {0},
     GW_OK},
    {"samples/eia930_balance_sample.csv", "eia-930", "load_forecast_mw", 9, 997.9, 0.05, {0}, GW_OK},
    {"samples/electricitymap_full_format_sample.csv",
     "electricity-maps-full",
     "ci_lifecycle_gco2_per_kwh",
     1346,
     312,
     0.5,
     {0},
     GW_ERR_RANGE},
    {"samples/carbon_aware_sdk_sample.json",
     "carbon-aware-sdk",
     "ci_gco2_per_kwh",
     8,
     0.65,
     0.1,
     {.area = "Sydney"},
     GW_ERR_RANGE},
    {"samples/solar_example.csv", "generic", "berlin_mw", 8352, 0.000219, 0.000001, {.unit = "kW"}, GW_OK},
    {"fuelmix/PJM_NG_avgCI_2022.csv", "sustaindc", "ci_lifecycle_gco2_per_kwh", 8760, 361.7, 1.5, {0}, GW_OK},
    {"prices_2023/US-TEX-ERCO_electricity_prices_2023.csv",
     "sustaincluster",
     "price_usd_per_mwh",
     8760,
     55.9,
     0.05,
     {0},
     GW_OK},
    {"prices_2023/AT_electricity_prices_2023.csv",
     "sustaincluster",
     "price_eur_per_mwh",
     8760,
     102.15,
     0.01,
     {0},
     GW_OK},
};

static void check_real(const char *folder, const struct real *real)
{
    char path[512];
    char *bytes;
    size_t n;
    struct trace_text r = {0};
    snprintf(path, sizeof path, "%s/grid/%s", folder, real->file);
    if (gw_file_read(path, (size_t)1 << 30, &bytes, &n, &r.err) != GW_OK) {
        fail_msg("%s: %s", r.err.where, r.err.why);
    }
    if (gw_trace_read(bytes, n, real->file, &real->options, &r.trace, &r.arena, &r.err) != GW_OK) {
        fail_msg("%s: %s", r.err.where, r.err.why);
    }
    assert_string_equal(r.trace.format, real->format);
    assert_int_equal(r.trace.n, real->n);
    assert_int_equal(gw_trace_accept(&r.trace, &r.err), real->accepted);
    double sum = 0, count = 0;
    for (size_t i = 0; i < r.trace.n; i++) {
        const double x = trace_text_at(&r, real->column, i);
        sum += isnan(x) ? 0 : x;
        count += isnan(x) ? 0 : 1;
    }
    assert_near(sum / count, real->mean, 0, real->tolerance);
    gw_arena_fini(&r.arena);
    free(bytes);
}

static void published_files_are_read(void **state)
{
    (void)state;
    const char *folder = getenv("GEOWATT_REFERENCE_DATA");
    if (folder == NULL) {
        skip();
    }
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        check_real(folder, &reals[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_prints_in_our_own_form),
        cmocka_unit_test(a_column_is_a_series),
        cmocka_unit_test(without_memory_nothing_is_half_done),
        cmocka_unit_test(unknown_clocks_are_refused),
        cmocka_unit_test(published_files_are_read),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
