/* A series with a fixed step: which interval holds an instant, and means that are exact for a step function.
 */
#include "tests/support/near.h"

#include <math.h>

#include "sim/base/units.h"
#include "traces/series.h"

/* 10, 20, missing, 40: four hours from 1 h on. */
static const double hourly[] = {10, 20, (double)NAN, 40};
static const struct gw_series four = {
    .start_unix_us = GW_US_PER_H, .step_us = GW_US_PER_H, .n = 4, .value = hourly, .missing = 1};

static void a_value_holds_from_its_stamp_to_the_next(void **state)
{
    (void)state;
    assert_true(gw_series_at(&four, GW_US_PER_H) == 10);
    assert_true(gw_series_at(&four, 2 * GW_US_PER_H - 1) == 10);
    assert_true(gw_series_at(&four, 2 * GW_US_PER_H) == 20);
    assert_true(gw_series_at(&four, 5 * GW_US_PER_H - 1) == 40);
}

static void outside_and_in_gaps_there_is_no_value(void **state)
{
    (void)state;
    assert_true(isnan(gw_series_at(&four, GW_US_PER_H - 1)));
    assert_true(isnan(gw_series_at(&four, -GW_US_PER_H)));
    assert_true(isnan(gw_series_at(&four, 3 * GW_US_PER_H)));
    assert_true(isnan(gw_series_at(&four, 5 * GW_US_PER_H)));
}

static void a_mean_weighs_by_time(void **state)
{
    (void)state;
    const gw_time_us h = GW_US_PER_H;
    assert_near(gw_series_mean(&four, h, 3 * h), 15, 1e-15, 0);
    assert_near(gw_series_mean(&four, h + h / 2, 3 * h), (10 * 0.5 + 20) / 1.5, 1e-15, 0);
    assert_near(gw_series_mean(&four, 2 * h - h / 4, 2 * h + 3 * h / 4), 10 * 0.25 + 20 * 0.75, 1e-15, 0);
    assert_true(gw_series_mean(&four, 4 * h + 1, 4 * h + 2) == 40); /* a microsecond of one interval */
}

static void a_mean_over_a_gap_or_the_outside_is_missing(void **state)
{
    (void)state;
    const gw_time_us h = GW_US_PER_H;
    assert_true(isnan(gw_series_mean(&four, 2 * h, 4 * h)));
    assert_true(isnan(gw_series_mean(&four, h, 5 * h)));
    assert_true(isnan(gw_series_mean(&four, h - 1, 2 * h)));
    assert_true(isnan(gw_series_mean(&four, 4 * h, 5 * h + 1)));
    assert_true(isnan(gw_series_mean(&four, 6 * h, 7 * h)));
}

/* Twelve steps of 5 minutes and one of an hour must agree on totals, wherever the hour begins. */
static void means_of_parts_add_up_to_the_mean_of_the_whole(void **state)
{
    (void)state;
    double value[72];
    for (int i = 0; i < 72; i++) {
        value[i] = 300 + 100 * ((i * 37) % 11);
    }
    const struct gw_series series = {.start_unix_us = 0, .step_us = GW_US_PER_H, .n = 72, .value = value};
    const gw_time_us five_min = GW_US_PER_H / 12;
    for (gw_time_us from = 7; from + GW_US_PER_H < 71 * GW_US_PER_H; from += 13 * five_min + 1) {
        double sum = 0;
        for (int part = 0; part < 12; part++) {
            sum += gw_series_mean(&series, from + part * five_min, from + (part + 1) * five_min);
        }
        assert_near(sum / 12, gw_series_mean(&series, from, from + GW_US_PER_H), 1e-14, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_holds_from_its_stamp_to_the_next),
        cmocka_unit_test(outside_and_in_gaps_there_is_no_value),
        cmocka_unit_test(a_mean_weighs_by_time),
        cmocka_unit_test(a_mean_over_a_gap_or_the_outside_is_missing),
        cmocka_unit_test(means_of_parts_add_up_to_the_mean_of_the_whole),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
