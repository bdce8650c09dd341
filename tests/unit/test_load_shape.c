/* Shapes of demand over the day and the year. */
#include "tests/support/near.h"

#include "models/grid/load_shape.h"

static void demand_has_mean_1_over_every_kind_of_day(void **state)
{
    (void)state;
    for (int day = 0; day < GW_LOAD_DAYS; day++) {
        double sum = 0;
        for (int h = 0; h < 24; h++) {
            sum += gw_load_shape_hour((enum gw_load_day)day, h);
        }
        assert_near(sum, 24, 1e-14, 0);
    }
}

static void months_stand_at_their_middles_with_lines_between(void **state)
{
    (void)state;
    const double month[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    assert_near(gw_load_shape_at(month, 1.5 * 365.25 / 12), 2, 1e-12, 0); /* the middle of February */
    assert_near(gw_load_shape_at(month, 365.25 / 12), 1.5, 1e-12, 0);     /* its beginning */
    assert_near(gw_load_shape_at(month, 0), 6.5, 1e-12, 0);               /* between December and January */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demand_has_mean_1_over_every_kind_of_day),
        cmocka_unit_test(months_stand_at_their_middles_with_lines_between),
    };
    return cmocka_run_group_tests_name("load shape", tests, NULL, NULL);
}
