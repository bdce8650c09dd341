/* Each defect that grid data is known for, made by hand: that it is found, counted, placed, and repaired or
 * refused. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/units.h"
#include "tests/support/trace_text.h"
#include "traces/trace_checks.h"

#define START_US (INT64_C(1672531200) * GW_US_PER_S) /* 2023-01-01T00:00:00Z, a Sunday */

enum { DAY = 24, HOURS_MAX = 24 * 60 };

/* One hourly column on a grid, as the readers leave it: hour i comes from line i + 2. */
struct made {
    struct gw_trace trace;
    struct gw_trace_column column;
    double value[HOURS_MAX];
    uint32_t line[HOURS_MAX];
    struct gw_arena arena;
};

/* Values that no check has anything to say about: a slow wave with other values each day. */
static void make(struct made *m, const char *name, size_t n)
{
    *m = (struct made){0};
    for (size_t i = 0; i < n; i++) {
        m->value[i] = 300 + 50 * sin(0.3 * (double)i);
        m->line[i] = (uint32_t)i + 2;
    }
    m->column = (struct gw_trace_column){.name = name, .value = m->value};
    m->trace = (struct gw_trace){.format = "made",
                                 .file = "made.csv",
                                 .line_word = "line",
                                 .start_unix_us = START_US,
                                 .step_us = GW_US_PER_H,
                                 .n = n,
                                 .rows = n,
                                 .columns = 1,
                                 .column = &m->column,
                                 .line = m->line};
}

static void run(struct made *m)
{
    assert_true(gw_trace_checks_run(&m->trace, (double)NAN, 48, &m->arena));
}

static void expect(const struct made *m, enum gw_trace_kind kind, enum gw_trace_verdict verdict,
                   uint64_t count, uint64_t line)
{
    assert_int_equal(m->trace.findings, 1);
    assert_int_equal(m->trace.finding[0].kind, kind);
    assert_int_equal(m->trace.finding[0].verdict, verdict);
    assert_int_equal(m->trace.finding[0].count, count);
    assert_int_equal(m->trace.finding[0].line, line);
}

static void good_values_are_left_alone(void **state)
{
    (void)state;
    struct made m;
    double before[10 * DAY];
    make(&m, "ci_lifecycle_gco2_per_kwh", 10 * DAY);
    memcpy(before, m.value, sizeof before);
    run(&m);
    assert_int_equal(m.trace.findings, 0);
    assert_memory_equal(m.value, before, sizeof before);
    gw_arena_fini(&m.arena);
}

static void a_short_gap_is_bridged_by_a_straight_line(void **state)
{
    (void)state;
    struct made m;
    make(&m, "ci_lifecycle_gco2_per_kwh", 3 * DAY);
    m.value[9] = 300;
    m.value[10] = m.value[11] = m.value[12] = (double)NAN;
    m.value[13] = 340;
    run(&m);
    assert_near(m.value[10], 310, 1e-12, 0);
    assert_near(m.value[11], 320, 1e-12, 0);
    assert_near(m.value[12], 330, 1e-12, 0);
    expect(&m, GW_TRACE_GAP, GW_TRACE_REPAIR, 3, 12);
    assert_int_equal(m.column.missing, 0);
    gw_arena_fini(&m.arena);
}

static void a_gap_of_a_day_takes_the_same_time_of_the_days_around(void **state)
{
    (void)state;
    struct made m;
    make(&m, "price_eur_per_mwh", 6 * DAY);
    m.value[2 * DAY + 5] = 100;
    m.value[4 * DAY + 5] = 200;
    for (size_t i = 3 * DAY; i < 4 * DAY; i++) {
        m.value[i] = (double)NAN;
    }
    run(&m);
    assert_near(m.value[3 * DAY + 5], 150, 1e-12, 0);
    expect(&m, GW_TRACE_GAP, GW_TRACE_REPAIR, 24, 3 * DAY + 2);
    gw_arena_fini(&m.arena);
}

static void a_gap_at_the_end_takes_the_day_before(void **state)
{
    (void)state;
    struct made m;
    make(&m, "price_eur_per_mwh", 3 * DAY);
    m.value[3 * DAY - 1] = (double)NAN;
    run(&m);
    assert_true(m.value[3 * DAY - 1] == m.value[2 * DAY - 1]);
    gw_arena_fini(&m.arena);
}

static void a_gap_longer_than_that_is_refused_in_a_signal_and_left_open_elsewhere(void **state)
{
    (void)state;
    static const char *const names[] = {"ci_direct_gco2_per_kwh", "load_mw"};
    for (size_t k = 0; k < 2; k++) {
        struct made m;
        make(&m, names[k], 10 * DAY);
        for (size_t i = 100; i < 149; i++) {
            m.value[i] = (double)NAN;
        }
        run(&m);
        expect(&m, GW_TRACE_GAP, k == 0 ? GW_TRACE_REFUSAL : GW_TRACE_NOTE, 49, 102);
        assert_true(isnan(m.value[120]));
        assert_int_equal(m.column.missing, 49);
        gw_arena_fini(&m.arena);
    }
}

static void how_long_a_gap_may_be_is_up_to_the_user(void **state)
{
    (void)state;
    struct made m;
    make(&m, "ci_direct_gco2_per_kwh", 3 * DAY);
    m.value[30] = m.value[31] = (double)NAN;
    assert_true(gw_trace_checks_run(&m.trace, (double)NAN, 1, &m.arena));
    expect(&m, GW_TRACE_GAP, GW_TRACE_REFUSAL, 2, 32);
    gw_arena_fini(&m.arena);
}

static void intensity_out_of_range_is_refused_where_it_stands(void **state)
{
    (void)state;
    static const double values[] = {-0.5, 1500.5};
    for (size_t k = 0; k < 2; k++) {
        struct made m;
        struct gw_error err;
        make(&m, "ci_marginal_direct_gco2_per_kwh", 3 * DAY);
        m.value[40] = values[k];
        run(&m);
        assert_int_equal(m.trace.finding[0].kind, GW_TRACE_RANGE);
        assert_int_equal(gw_trace_accept(&m.trace, &err), GW_ERR_RANGE);
        assert_string_equal(err.where, "made.csv:42");
        gw_arena_fini(&m.arena);
    }
}

static void constants_and_repeated_days_are_noted(void **state)
{
    (void)state;
    struct made m;
    make(&m, "ci_lifecycle_gco2_per_kwh", 10 * DAY);
    for (size_t i = 0; i < m.trace.n; i++) {
        m.value[i] = 475;
    }
    run(&m);
    expect(&m, GW_TRACE_CONSTANT, GW_TRACE_NOTE, 10 * DAY, 0);
    gw_arena_fini(&m.arena);

    make(&m, "ci_lifecycle_gco2_per_kwh", 10 * DAY);
    for (size_t i = 0; i < m.trace.n; i++) {
        m.value[i] = 400 + (double)(i % DAY);
    }
    run(&m);
    expect(&m, GW_TRACE_PERIODIC, GW_TRACE_NOTE, 9 * DAY, 0);
    gw_arena_fini(&m.arena);
}

/* Median 10 and MAD 1 by construction: 17.9 is within 8 MAD, 18.1 is not. */
static void outliers_are_noted_and_kept(void **state)
{
    (void)state;
    struct made m;
    make(&m, "load_mw", 101);
    for (size_t i = 0; i < 101; i++) {
        m.value[i] = 10 + (double)(i % 3) - 1; /* 9, 10, 11: two thirds lie 1 away */
    }
    m.value[50] = 17.9;
    m.value[60] = 18.1;
    run(&m);
    expect(&m, GW_TRACE_OUTLIER, GW_TRACE_NOTE, 1, 62);
    assert_true(m.value[60] == 18.1);
    gw_arena_fini(&m.arena);
}

/* Sun from 6 to 18 h UTC has its middle at 12 h: right for longitude 0, 5 h off for New York. */
static void solar_power_off_noon_is_noted(void **state)
{
    (void)state;
    static const struct {
        double noon_utc_h;
        uint32_t findings;
    } cases[] = {{12, 0}, {13.9, 0}, {10.1, 0}, {17, 1}, {(double)NAN, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct made m;
        make(&m, "generation_solar_mw", 5 * DAY);
        for (size_t i = 0; i < m.trace.n; i++) {
            m.value[i] = i % DAY >= 6 && i % DAY < 18 ? 100 : 1;
        }
        assert_true(gw_trace_checks_run(&m.trace, cases[k].noon_utc_h, 48, &m.arena));
        assert_int_equal(m.trace.findings, cases[k].findings);
        gw_arena_fini(&m.arena);
    }
}

#define TWO "time_utc,generation_wind_mw,generation_gas_mw,load_mw\n"

static void hours_in_which_no_fuel_generates_are_missing(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r,
                    TWO "2023-01-01T00:00:00Z,10,0,50\n2023-01-01T01:00:00Z,0,0,51\n"
                        "2023-01-01T02:00:00Z,20,30,52\n",
                    NULL);
    const struct gw_trace_finding *f = trace_text_finding(&r, GW_TRACE_NO_GENERATION);
    assert_non_null(f);
    assert_int_equal(f->count, 1);
    assert_int_equal(f->line, 3);
    assert_near(trace_text_at(&r, "generation_gas_mw", 1), 15, 1e-12, 0); /* filled from 0 and 30 */
    assert_true(trace_text_at(&r, "load_mw", 1) == 51);
    gw_arena_fini(&r.arena);
}

static void a_column_without_values_is_left_out(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, TWO "2023-01-01T00:00:00Z,10,,50\n2023-01-01T01:00:00Z,5,n/e,51\n", NULL);
    assert_int_equal(r.trace.columns, 2);
    assert_string_equal(trace_text_finding(&r, GW_TRACE_EMPTY)->column, "generation_gas_mw");
    gw_arena_fini(&r.arena);
    trace_text_read(&r, "time_utc,load_mw\n2023-01-01T00:00:00Z,\n2023-01-01T01:00:00Z,\n", NULL);
    assert_int_equal(gw_trace_accept(&r.trace, NULL), GW_ERR_RANGE);
    gw_arena_fini(&r.arena);
}

#define BOTH "time_utc,ci_direct_gco2_per_kwh,ci_lifecycle_gco2_per_kwh\n2023-01-01T00:00:00Z,100,150\n"

static void direct_above_lifecycle_is_refused_beyond_rounding(void **state)
{
    (void)state;
    struct trace_text r;
    struct gw_error err;
    trace_text_read(&r, BOTH "2023-01-01T01:00:00Z,150.005,150\n", NULL);
    assert_int_equal(gw_trace_accept(&r.trace, &err), GW_OK);
    gw_arena_fini(&r.arena);
    trace_text_read(&r, BOTH "2023-01-01T01:00:00Z,151,150\n", NULL);
    assert_int_equal(gw_trace_accept(&r.trace, &err), GW_ERR_RANGE);
    assert_string_equal(err.where, "t.csv:3");
    gw_arena_fini(&r.arena);
}

static void the_share_of_estimates_is_told(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r,
                    "Datetime (UTC),Zone id,Carbon intensity gCO2eq/kWh (direct),Data estimated\n"
                    "2023-01-01 00:00:00,X,1,false\n2023-01-01 01:00:00,X,2,true\n"
                    "2023-01-01 02:00:00,X,3,false\n2023-01-01 03:00:00,X,4,false\n",
                    NULL);
    const struct gw_trace_finding *f = trace_text_finding(&r, GW_TRACE_ESTIMATED);
    assert_int_equal(f->count, 1);
    assert_non_null(strstr(f->text, "25.0 %"));
    gw_arena_fini(&r.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_values_are_left_alone),
        cmocka_unit_test(a_short_gap_is_bridged_by_a_straight_line),
        cmocka_unit_test(a_gap_of_a_day_takes_the_same_time_of_the_days_around),
        cmocka_unit_test(a_gap_at_the_end_takes_the_day_before),
        cmocka_unit_test(a_gap_longer_than_that_is_refused_in_a_signal_and_left_open_elsewhere),
        cmocka_unit_test(how_long_a_gap_may_be_is_up_to_the_user),
        cmocka_unit_test(intensity_out_of_range_is_refused_where_it_stands),
        cmocka_unit_test(constants_and_repeated_days_are_noted),
        cmocka_unit_test(outliers_are_noted_and_kept),
        cmocka_unit_test(solar_power_off_noon_is_noted),
        cmocka_unit_test(hours_in_which_no_fuel_generates_are_missing),
        cmocka_unit_test(a_column_without_values_is_left_out),
        cmocka_unit_test(direct_above_lifecycle_is_refused_beyond_rounding),
        cmocka_unit_test(the_share_of_estimates_is_told),
    };
    return cmocka_run_group_tests_name("trace_checks", tests, NULL, NULL);
}
