/* A signal is a constant or a scaled series; and it knows where it has gaps. */
#include "tests/support/near.h"

#include <math.h>

#include "models/grid/signal.h"
#include "sim/base/units.h"

static const double hourly[] = {0.1, 0.2, (double)NAN, 0.4};
static const struct gw_series series = {
    .start_unix_us = 0, .step_us = GW_US_PER_H, .n = 4, .value = hourly, .missing = 1};
static const struct gw_signal price = {.series = &series,
                                       .scale = 1000}; /* USD/kWh in the file, USD/MWh here */
static const struct gw_signal flat = {.constant = 120, .scale = 1};

static void a_constant_is_the_same_at_all_times(void **state)
{
    (void)state;
    assert_true(gw_signal_at(&flat, INT64_C(-5)) == 120);
    assert_true(gw_signal_at(&flat, INT64_C(4000000000000000)) == 120);
    assert_true(gw_signal_mean(&flat, 0, 1) == 120);
}

static void a_series_is_scaled_to_the_unit_of_the_signal(void **state)
{
    (void)state;
    assert_near(gw_signal_at(&price, GW_US_PER_H), 200, 1e-15, 0);
    assert_near(gw_signal_mean(&price, 0, 2 * GW_US_PER_H), 150, 1e-15, 0);
}

static void a_span_is_covered_when_every_instant_of_it_has_a_value(void **state)
{
    (void)state;
    const gw_time_us h = GW_US_PER_H;
    gw_time_us gap;
    assert_true(gw_signal_covers(&flat, -h, 100 * h, &gap));
    assert_true(gw_signal_covers(&price, 0, 2 * h, &gap));
    assert_true(gw_signal_covers(&price, h / 3, 2 * h, &gap));
    assert_true(gw_signal_covers(&price, 3 * h, 4 * h, &gap));
}

static void the_first_instant_without_a_value_is_named(void **state)
{
    (void)state;
    const gw_time_us h = GW_US_PER_H;
    gw_time_us gap = 0;
    assert_false(gw_signal_covers(&price, h / 3, 4 * h, &gap));
    assert_int_equal(gap, 2 * h);
    assert_false(gw_signal_covers(&price, -7, h, &gap));
    assert_int_equal(gap, -7);
    assert_false(gw_signal_covers(&price, 3 * h, 4 * h + 1, &gap));
    assert_int_equal(gap, 4 * h);

    const struct gw_signal absent = {.constant = (double)NAN, .scale = 1};
    assert_false(gw_signal_covers(&absent, h, 2 * h, &gap));
    assert_int_equal(gap, h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_the_same_at_all_times),
        cmocka_unit_test(a_series_is_scaled_to_the_unit_of_the_signal),
        cmocka_unit_test(a_span_is_covered_when_every_instant_of_it_has_a_value),
        cmocka_unit_test(the_first_instant_without_a_value_is_named),
    };
    return cmocka_run_group_tests_name("signal", tests, NULL, NULL);
}
