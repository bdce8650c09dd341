#include "tests/support/near.h"

#include "models/policies/search/quality.h"

static const double wanted[] = {0, 2, 1, 1, 2, 0};

static void a_set_that_is_the_wanted_one_is_at_distance_0(void **state)
{
    (void)state;
    assert_near(gw_quality_igd(wanted, 3, wanted, 3, 2), 0, 0, 0);
    assert_near(gw_quality_igd_plus(wanted, 3, wanted, 3, 2), 0, 0, 0);
    assert_near(gw_quality_epsilon(wanted, 3, wanted, 3, 2), 0, 0, 0);
    assert_near(gw_quality_spread(wanted, 3, wanted, wanted + 4), 0, 0, 1e-15);
}

/* (1,1) alone is sqrt 2 from either end; of (0,2) it is worse by 1 in the first objective only. */
static void one_point_is_measured_against_every_wanted_one(void **state)
{
    (void)state;
    const double f[] = {1, 1};
    assert_near(gw_quality_igd(f, 1, wanted, 3, 2), 2 * sqrt(2) / 3, 1e-15, 0);
    assert_near(gw_quality_igd_plus(f, 1, wanted, 3, 2), 2.0 / 3, 1e-15, 0);
    assert_near(gw_quality_epsilon(f, 1, wanted, 3, 2), 1, 0, 0);
}

static void better_than_wanted_is_no_fault_except_to_igd(void **state)
{
    (void)state;
    const double f[] = {-1, -1};
    assert_near(gw_quality_igd_plus(f, 1, wanted, 3, 2), 0, 0, 0);
    assert_near(gw_quality_epsilon(f, 1, wanted, 3, 2), -1, 0, 0);
    assert_true(gw_quality_igd(f, 1, wanted, 3, 2) > 2);
}

/* Gaps 1 and 3 along a line, ends met: mean 2, (1 + 1) / 4. */
static void uneven_gaps_raise_the_spread(void **state)
{
    (void)state;
    const double f[] = {4, 0, 0, 0, 1, 0}, first[] = {0, 0}, last[] = {4, 0};
    assert_near(gw_quality_spread(f, 3, first, last), 0.5, 1e-15, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_that_is_the_wanted_one_is_at_distance_0),
        cmocka_unit_test(one_point_is_measured_against_every_wanted_one),
        cmocka_unit_test(better_than_wanted_is_no_fault_except_to_igd),
        cmocka_unit_test(uneven_gaps_raise_the_spread),
    };
    return cmocka_run_group_tests_name("quality", tests, NULL, NULL);
}
