/* One supply among several, by hand. */
#include "tests/support/near.h"

#include "models/federation/power_share.h"

static void a_scarce_supply_goes_by_weight(void **state)
{
    (void)state;
    const double most[] = {10, 10}, weight[] = {1, 3};
    double give[2];
    assert_near(gw_power_share(8.0, 2, most, weight, give), 0.0, 0, 0);
    assert_near(give[0], 2.0, 1e-12, 0);
    assert_near(give[1], 6.0, 1e-12, 0);
}

/* By weight 3, 3, 6 of 12: the last takes only 2, the rest is shared again, 5 each. */
static void what_one_cannot_take_the_others_get(void **state)
{
    (void)state;
    const double most[] = {10, 10, 2}, weight[] = {1, 1, 2};
    double give[3];
    assert_near(gw_power_share(12.0, 3, most, weight, give), 0.0, 0, 0);
    assert_near(give[0], 5.0, 1e-12, 0);
    assert_near(give[1], 5.0, 1e-12, 0);
    assert_near(give[2], 2.0, 1e-12, 0);
}

static void what_nobody_can_take_is_left_over(void **state)
{
    (void)state;
    const double most[] = {1, 2, 5}, weight[] = {1, 1, 0};
    double give[3];
    assert_near(gw_power_share(7.0, 3, most, weight, give), 4.0, 1e-12, 0);
    assert_near(give[0] + give[1], 3.0, 1e-12, 0);
    assert_true(give[2] == 0.0); /* no weight */
}

static void nothing_shared_is_nothing_for_all(void **state)
{
    (void)state;
    const double most[] = {1, 2}, weight[] = {1, 1};
    double give[2];
    assert_near(gw_power_share(0.0, 2, most, weight, give), 0.0, 0, 0);
    assert_true(give[0] == 0.0 && give[1] == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scarce_supply_goes_by_weight),
        cmocka_unit_test(what_one_cannot_take_the_others_get),
        cmocka_unit_test(what_nobody_can_take_is_left_over),
        cmocka_unit_test(nothing_shared_is_nothing_for_all),
    };
    return cmocka_run_group_tests_name("power_share", tests, NULL, NULL);
}
