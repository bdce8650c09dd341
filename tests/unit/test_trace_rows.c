/* Rows onto a grid: order, step, repeats, gaps, rows beside the grid, days of 23 and 25 hours. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/units.h"
#include "tests/support/trace_text.h"

#define HEAD "time_utc,load_mw\n"

static void expect(const struct trace_text *r, enum gw_trace_kind kind, enum gw_trace_verdict verdict,
                   uint64_t count, uint64_t line)
{
    const struct gw_trace_finding *f = trace_text_finding(r, kind);
    assert_non_null(f);
    assert_int_equal(f->verdict, verdict);
    assert_int_equal(f->count, count);
    assert_int_equal(f->line, line);
}

static void rows_out_of_order_are_sorted(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, HEAD "2023-01-01T02:00Z,3\n2023-01-01T00:00Z,1\n2023-01-01T01:00Z,2\n", NULL);
    for (size_t i = 0; i < 3; i++) {
        assert_true(trace_text_at(&r, "load_mw", i) == (double)i + 1);
    }
    expect(&r, GW_TRACE_ORDER, GW_TRACE_REPAIR, 1, 3);
    gw_arena_fini(&r.arena);
}

static void of_rows_with_the_same_time_the_first_counts(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r,
                    HEAD "2023-01-01T00:00Z,1\n2023-01-01T00:00Z,1\n2023-01-01T01:00Z,2\n"
                         "2023-01-01T01:00Z,9\n2023-01-01T02:00Z,3\n",
                    NULL);
    assert_true(trace_text_at(&r, "load_mw", 1) == 2);
    expect(&r, GW_TRACE_REPEATED, GW_TRACE_REPAIR, 1, 3);
    expect(&r, GW_TRACE_CONFLICT, GW_TRACE_REPAIR, 1, 5);
    gw_arena_fini(&r.arena);
}

static void the_step_is_the_most_frequent_distance(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r,
                    HEAD "2023-01-01T00:00Z,1\n2023-01-01T03:00Z,4\n2023-01-01T04:00Z,5\n"
                         "2023-01-01T05:00Z,6\n",
                    NULL);
    assert_true(r.trace.step_us == GW_US_PER_H);
    assert_int_equal(r.trace.n, 6);
    assert_near(trace_text_at(&r, "load_mw", 1), 2, 1e-12, 0); /* the gap is filled */
    expect(&r, GW_TRACE_STEP, GW_TRACE_NOTE, 1, 0);
    gw_arena_fini(&r.arena);
}

/* n hourly rows, one of them `late_min` minutes late. */
static void hourly_with_one_late(int n, int late_min, struct gw_text *out)
{
    gw_text_add(out, HEAD);
    for (int i = 0; i < n; i++) {
        char time[GW_CLOCK_TEXT_MAX];
        gw_clock_print(i * GW_US_PER_H + (i == n / 2 ? late_min * 60 * GW_US_PER_S : 0), time);
        gw_text_addf(out, "%s,%d\n", time, i);
    }
    assert_false(out->failed);
}

static void few_rows_beside_the_grid_are_left_out_and_many_refused(void **state)
{
    (void)state;
    static const struct {
        int rows;
        enum gw_trace_verdict verdict;
    } cases[] = {{100, GW_TRACE_REPAIR}, {50, GW_TRACE_REFUSAL}};
    for (size_t k = 0; k < 2; k++) {
        struct gw_text text = {0};
        struct trace_text r;
        hourly_with_one_late(cases[k].rows, 7, &text);
        trace_text_read(&r, text.at, NULL);
        expect(&r, GW_TRACE_OFF_GRID, cases[k].verdict, 1, (uint64_t)cases[k].rows / 2 + 2);
        gw_arena_fini(&r.arena);
        gw_text_fini(&text);
    }
}

static void rows_spread_over_ages_are_refused(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, HEAD "1970-01-01T00:00Z,1\n1970-01-01T01:00Z,2\n2999-01-01T00:00Z,3\n", NULL);
    assert_int_equal(r.status, GW_ERR_RANGE);
    gw_arena_fini(&r.arena);
}

/* Every hour of 2023 as a clock in Berlin shows it, without its offset. */
static void year_of_berlin(struct gw_text *out)
{
    gw_text_add(out, "Datetime,Price (EUR/MWh)\n");
    const gw_time_us start_us = INT64_C(1672531200) * GW_US_PER_S;  /* 2023-01-01T00:00:00Z */
    const gw_time_us spring_us = INT64_C(1679792400) * GW_US_PER_S; /* 2023-03-26T01:00:00Z */
    const gw_time_us autumn_us = INT64_C(1698541200) * GW_US_PER_S; /* 2023-10-29T01:00:00Z */
    for (int i = 0; i < 8760; i++) {
        const gw_time_us us = start_us + i * GW_US_PER_H;
        const int offset_h = us >= spring_us && us < autumn_us ? 2 : 1;
        char time[GW_CLOCK_TEXT_MAX];
        gw_clock_print(us + offset_h * GW_US_PER_H, time);
        gw_text_addf(out, "%.19s,%d\n", time, i);
    }
    assert_false(out->failed);
}

static void days_of_23_and_25_hours_need_a_clock(void **state)
{
    (void)state;
    struct gw_text text = {0};
    struct trace_text r;
    year_of_berlin(&text);
    trace_text_read(&r, text.at, NULL);
    assert_int_equal(trace_text_finding(&r, GW_TRACE_DAYLIGHT)->verdict, GW_TRACE_REFUSAL);
    assert_int_equal(gw_trace_accept(&r.trace, NULL), GW_ERR_RANGE);
    gw_arena_fini(&r.arena);

    trace_text_read(&r, text.at, &(struct gw_trace_options){.clock = "Europe/Berlin"});
    assert_int_equal(gw_trace_accept(&r.trace, NULL), GW_OK);
    assert_int_equal(r.trace.n, 8760);
    for (size_t i = 0; i < 8760; i++) {
        assert_true(trace_text_at(&r, "price_eur_per_mwh", i) == (double)i);
    }
    gw_arena_fini(&r.arena);
    gw_text_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_out_of_order_are_sorted),
        cmocka_unit_test(of_rows_with_the_same_time_the_first_counts),
        cmocka_unit_test(the_step_is_the_most_frequent_distance),
        cmocka_unit_test(few_rows_beside_the_grid_are_left_out_and_many_refused),
        cmocka_unit_test(rows_spread_over_ages_are_refused),
        cmocka_unit_test(days_of_23_and_25_hours_need_a_clock),
    };
    return cmocka_run_group_tests_name("trace_rows", tests, NULL, NULL);
}
