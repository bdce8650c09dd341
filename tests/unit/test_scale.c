/* Values to places, and which values an axis marks. */
#include "tests/support/near.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#include "plots/scale.h"
#include "sim/base/units.h"
#include "sim/core/clock.h"

static struct gw_scale scale_of(enum gw_scale_kind kind, double lo, double hi)
{
    return (struct gw_scale){kind, lo, hi, 100.0, 200.0};
}

static void linear_places_are_shares_of_the_span(void **state)
{
    (void)state;
    const struct gw_scale scale = scale_of(GW_SCALE_LINEAR, 0.0, 50.0);
    assert_near(gw_scale_at(&scale, 0.0), 100.0, 0.0, 0.0);
    assert_near(gw_scale_at(&scale, 10.0), 120.0, 1e-12, 0.0);
    assert_near(gw_scale_at(&scale, 50.0), 200.0, 0.0, 0.0);
}

static void log_places_are_equal_for_equal_factors(void **state)
{
    (void)state;
    const struct gw_scale scale = scale_of(GW_SCALE_LOG, 10.0, 1000.0);
    assert_near(gw_scale_at(&scale, 10.0), 100.0, 0.0, 0.0);
    assert_near(gw_scale_at(&scale, 100.0), 150.0, 1e-12, 0.0);
    assert_near(gw_scale_at(&scale, 1000.0), 200.0, 0.0, 0.0);
}

static void an_axis_may_run_upwards(void **state)
{
    (void)state;
    const struct gw_scale scale = {GW_SCALE_LINEAR, 0.0, 4.0, 300.0, 100.0};
    assert_near(gw_scale_at(&scale, 1.0), 250.0, 1e-12, 0.0);
}

static void values_beyond_an_end_lie_at_it(void **state)
{
    (void)state;
    const struct gw_scale scale = scale_of(GW_SCALE_LINEAR, 0.0, 50.0);
    assert_near(gw_scale_at(&scale, -1.0), 100.0, 0.0, 0.0);
    assert_near(gw_scale_at(&scale, INFINITY), 200.0, 0.0, 0.0);
    const struct gw_scale huge = scale_of(GW_SCALE_LINEAR, -DBL_MAX, DBL_MAX);
    assert_near(gw_scale_at(&huge, 0.0), 150.0, 1e-12, 0.0);
}

static void bars_begin_at_zero_and_end_with_some_air(void **state)
{
    (void)state;
    double from, to;
    gw_scale_span_from_zero(5.0, 50.0, &from, &to);
    assert_near(from, 0.0, 0.0, 0.0);
    assert_near(to, 52.0, 1e-12, 0.0);
    gw_scale_span_from_zero(-50.0, 50.0, &from, &to);
    assert_near(from, -54.0, 1e-12, 0.0);
    gw_scale_span_from_zero(0.0, 0.0, &from, &to);
    assert_near(from, 0.0, 0.0, 0.0);
    assert_near(to, 1.04, 1e-12, 0.0);
    gw_scale_span_from_zero(0.0, DBL_MAX, &from, &to);
    assert_true(from < to && isfinite(to));
}

static void a_log_span_is_never_narrower_than_a_factor_of_two(void **state)
{
    (void)state;
    double from, to;
    gw_scale_span_log(100.0, 100.0, &from, &to);
    assert_true(from < 100.0 / 1.4 && 140.0 < to && to / from >= 2.0);
    gw_scale_span_log(1.0, 1000.0, &from, &to);
    assert_true(0.5 < from && from < 1.0 && 1000.0 < to && to < 2000.0);
    gw_scale_span_log(DBL_MIN, DBL_MAX, &from, &to);
    assert_true(from > 0.0 && isfinite(to));
}

/* The labels with blanks between. */
static const char *labels(const struct gw_ticks *ticks, char out[256])
{
    out[0] = '\0';
    for (size_t i = 0; i < ticks->n; i++) {
        const size_t n = strlen(out);
        snprintf(out + n, 256 - n, "%s%s", i > 0 ? " " : "", ticks->tick[i].label.text);
    }
    return out;
}

static void linear_marks_are_round_and_few(void **state)
{
    (void)state;
    static const struct {
        double lo, hi;
        size_t at_most;
        const char *labels;
    } cases[] = {
        {0.0, 50.0, 6, "0 10 20 30 40 50"},
        {0.0, 50.0, 3, "0 20 40"},
        {0.0, 1.66, 4, "0 0.5 1.0 1.5"},
        {0.0, 0.83, 5, "0 0.2 0.4 0.6 0.8"},
        {-7.0, 7.0, 3, "−5 0 5"},
        {0.0, 1e300, 3, "0 5×10²⁹⁹ 10³⁰⁰"},
        {0.0, 24000.0, 3, "0 10\u2009000 20\u2009000"},
        {0.0, 0.01, 3, "0 0.005 0.010"},
        {3.2, 3.9, 4, "3.2 3.4 3.6 3.8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[256];
        const struct gw_scale scale = scale_of(GW_SCALE_LINEAR, cases[i].lo, cases[i].hi);
        const struct gw_ticks ticks = gw_scale_ticks(&scale, cases[i].at_most);
        assert_string_equal(labels(&ticks, out), cases[i].labels);
    }
}

static void log_marks_thin_out_with_the_room(void **state)
{
    (void)state;
    static const struct {
        double lo, hi;
        size_t at_most;
        const char *labels;
    } cases[] = {
        {0.9, 110.0, 8, "1 2 5 10 20 50 100"}, {0.9, 110.0, 6, "1 3 10 30 100"},
        {0.9, 110.0, 3, "1 10 100"},           {0.9, 2e6, 4, "1 100 10\u2009000 1\u2009000\u2009000"},
        {210.0, 480.0, 4, "300 400"}, /* no power of ten within: linear */
        {0.09, 1.1, 3, "0.1 0.3 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[256];
        const struct gw_scale scale = scale_of(GW_SCALE_LOG, cases[i].lo, cases[i].hi);
        const struct gw_ticks ticks = gw_scale_ticks(&scale, cases[i].at_most);
        assert_string_equal(labels(&ticks, out), cases[i].labels);
    }
}

static gw_time_us unix_us(const char *text)
{
    gw_time_us t;
    assert_int_equal(gw_clock_parse(text, &t, NULL), GW_OK);
    return t;
}

static void time_marks_stand_at_full_hours_days_and_months(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        size_t at_most;
        const char *labels;
    } cases[] = {
        {"2023-06-01", "2023-06-02", 5, "1 Jun 06:00 12:00 18:00 2 Jun"},
        {"2023-06-01T09:10Z", "2023-06-01T09:50Z", 4, "09:15 09:30 09:45"},
        {"2023-02-27", "2023-03-02", 4, "27 Feb 28 Feb 1 Mar 2 Mar"},
        {"2023-06-01", "2023-06-30", 6, "1 Jun 8 Jun 15 Jun 22 Jun 29 Jun"},
        {"2023-01-01", "2023-12-31", 12, "2023 Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"},
        {"2023-01-01", "2024-02-01", 5, "2023 Apr Jul Oct 2024"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[256];
        const struct gw_scale scale =
            scale_of(GW_SCALE_TIME, (double)unix_us(cases[i].from), (double)unix_us(cases[i].to));
        const struct gw_ticks ticks = gw_scale_ticks(&scale, cases[i].at_most);
        assert_string_equal(labels(&ticks, out), cases[i].labels);
    }
}

/* Whatever the span, marks lie within it, ascend, and are at most as many as asked for. */
static void marks_lie_within_and_ascend(void **state)
{
    (void)state;
    static const double ends[] = {1e-300, 1e-8, 0.03, 0.9999, 1.0, 17.3, 12345.678, 9.99e15, 1e200, 1.7e308};
    enum { ENDS = sizeof ends / sizeof ends[0] };
    for (size_t i = 0; i < ENDS * ENDS * 2; i++) {
        const enum gw_scale_kind kind = i % 2 == 0 ? GW_SCALE_LINEAR : GW_SCALE_LOG;
        const double lo = ends[i / 2 % ENDS], hi = ends[i / 2 / ENDS];
        for (size_t at_most = 2; lo < hi && at_most <= GW_SCALE_TICKS_MAX; at_most++) {
            const struct gw_scale scale = scale_of(kind, lo, hi);
            const struct gw_ticks ticks = gw_scale_ticks(&scale, at_most);
            assert_in_range(ticks.n, 0, at_most);
            for (size_t t = 0; t < ticks.n; t++) {
                const double at = ticks.tick[t].at;
                assert_true(at >= lo - 1e-9 * (hi - lo) && at <= hi * (1 + 1e-9));
                assert_true(t == 0 || at > ticks.tick[t - 1].at);
            }
        }
    }
}

static void bands_are_equal_and_fill_the_axis(void **state)
{
    (void)state;
    const struct gw_bands bands = {100.0, 160.0, 3};
    assert_near(gw_scale_band_pt(&bands), 20.0, 1e-12, 0.0);
    assert_near(gw_scale_band_centre(&bands, 0), 110.0, 1e-12, 0.0);
    assert_near(gw_scale_band_centre(&bands, 2), 150.0, 1e-12, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_places_are_shares_of_the_span),
        cmocka_unit_test(log_places_are_equal_for_equal_factors),
        cmocka_unit_test(an_axis_may_run_upwards),
        cmocka_unit_test(values_beyond_an_end_lie_at_it),
        cmocka_unit_test(bars_begin_at_zero_and_end_with_some_air),
        cmocka_unit_test(a_log_span_is_never_narrower_than_a_factor_of_two),
        cmocka_unit_test(linear_marks_are_round_and_few),
        cmocka_unit_test(log_marks_thin_out_with_the_room),
        cmocka_unit_test(time_marks_stand_at_full_hours_days_and_months),
        cmocka_unit_test(marks_lie_within_and_ascend),
        cmocka_unit_test(bands_are_equal_and_fill_the_axis),
    };
    return cmocka_run_group_tests_name("scale", tests, NULL, NULL);
}
