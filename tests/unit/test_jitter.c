/* Lateness: its law, by quantiles anyone can redo, and by its mean. */
#include "tests/support/near.h"

#include "models/network/jitter.h"
#include "sim/core/rng.h"

static void nothing_is_late_without_jitter_or_at_the_lowest_draw(void **state)
{
    (void)state;
    assert_int_equal(gw_jitter_us(0.0, 100000, UINT64_MAX), 0);
    assert_int_equal(gw_jitter_us(0.1, 100000, 0), 0);
}

/* Mean 10 ms: the median is 10 ln 2, the latest of all 53-bit draws 10 * 53 ln 2 = 367.4 ms. */
static void quantiles_are_those_of_the_exponential_law(void **state)
{
    (void)state;
    assert_int_equal(gw_jitter_us(0.1, 100000, UINT64_C(1) << 63), 6931);
    assert_int_equal(gw_jitter_us(0.1, 100000, UINT64_MAX), 367368);
}

static void the_mean_is_the_share_of_the_round_trip(void **state)
{
    (void)state;
    double sum_us = 0;
    for (uint64_t i = 0; i < 100000; i++) {
        sum_us += (double)gw_jitter_us(0.05, 80000, gw_rng_mix(i));
    }
    assert_near(sum_us / 1e5, 4000, 0.01, 0); /* three standard errors */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_late_without_jitter_or_at_the_lowest_draw),
        cmocka_unit_test(quantiles_are_those_of_the_exponential_law),
        cmocka_unit_test(the_mean_is_the_share_of_the_round_trip),
    };
    return cmocka_run_group_tests_name("jitter", tests, NULL, NULL);
}
