/* Five-minute series: their hours keep their means, nothing turns negative, the noise is as large as asked.
 */
#include "tests/support/near.h"

#include <math.h>

#include "models/grid/refine.h"
#include "sim/base/units.h"

enum { HOURS = 2000 };

static double value[HOURS];

static struct gw_series hours_of(double mean, double swing)
{
    for (size_t i = 0; i < HOURS; i++) {
        value[i] = mean + swing * sin((double)i / 4);
    }
    return (struct gw_series){.step_us = GW_US_PER_H, .n = HOURS, .value = value};
}

static void an_hour_keeps_its_mean(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_series hourly = hours_of(20, 60); /* prices: negative at times */
    struct gw_series fine;
    assert_true(gw_refine_make(&hourly, 0.15, 1, 0, "grid/x/price", &fine, &arena));
    assert_int_equal(fine.n, 12 * HOURS);
    assert_int_equal(fine.step_us, 5 * 60 * GW_US_PER_S);
    for (size_t i = 0; i < HOURS; i++) {
        const gw_time_us from = (gw_time_us)i * GW_US_PER_H;
        assert_near(gw_series_mean(&fine, from, from + GW_US_PER_H), value[i], 1e-12, 1e-11);
    }
    gw_arena_fini(&arena);
}

static void what_was_not_negative_stays_so(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_series hourly = hours_of(10, 10); /* touches 0 */
    struct gw_series fine;
    assert_true(gw_refine_make(&hourly, 0.5, 1, 0, "grid/x/carbon", &fine, &arena));
    for (size_t i = 0; i < fine.n; i++) {
        assert_true(fine.value[i] >= -1e-12);
    }
    gw_arena_fini(&arena);
}

/* Taking out the hour's mean takes most of a noise that lasts 20 minutes with it, but not all. */
static void the_noise_lies_around_lines_between_hours(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_series hourly = hours_of(100, 0);
    struct gw_series fine;
    assert_true(gw_refine_make(&hourly, 0.02, 1, 0, "grid/x/carbon", &fine, &arena));
    double squares = 0;
    for (size_t i = 0; i < fine.n; i++) {
        squares += (fine.value[i] - 100) * (fine.value[i] - 100) / (double)fine.n;
    }
    assert_true(sqrt(squares) > 1 && sqrt(squares) < 2);
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_keeps_its_mean),
        cmocka_unit_test(what_was_not_negative_stays_so),
        cmocka_unit_test(the_noise_lies_around_lines_between_hours),
    };
    return cmocka_run_group_tests_name("refine", tests, NULL, NULL);
}
