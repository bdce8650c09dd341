/* Lines below and above curves whose hulls can be drawn by hand. */
#include "tests/support/near.h"

#include "models/policies/search/plan_curves.h"

static void a_line_is_one_side_of_its_own(void **state)
{
    (void)state;
    double x[21], y[21];
    struct gw_plan_line side[4];
    for (int k = 0; k < 21; k++) {
        x[k] = k / 20.0;
        y[k] = 70.0 * k / 20.0;
    }
    assert_int_equal(gw_plan_curves_below(x, y, 21, 4, side), 1);
    assert_near(side[0].slope, 70, 1e-12, 0);
    assert_near(side[0].start, 0, 0, 1e-12);
    const struct gw_plan_line above = gw_plan_curves_above(x, y, 21);
    assert_near(above.slope, 70, 1e-12, 0);
}

/* 0, 10, 12, 20 at 0 ... 3: below, 0 to 12 at slope 6 and on to 20 at 8; above, up to 10 and then at slope 5.
 */
static void the_hull_s_corners_are_those_of_the_pencil(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3}, y[] = {0, 10, 12, 20};
    struct gw_plan_line side[4];
    assert_int_equal(gw_plan_curves_below(x, y, 4, 4, side), 2);
    assert_near(side[0].slope, 6, 1e-15, 0);
    assert_near(side[1].slope, 8, 1e-15, 0);
    assert_near(side[1].start, -4, 1e-15, 0);
    const struct gw_plan_line above = gw_plan_curves_above(x, y, 4);
    assert_near(above.slope, 5, 1e-15, 0);
    assert_near(above.start, 5, 1e-15, 0);
}

/* x squared has 20 sides; four are kept, the first and the last among them, all below every point. */
static void few_of_many_sides_still_lie_below(void **state)
{
    (void)state;
    double x[21], y[21];
    struct gw_plan_line side[4];
    for (int k = 0; k < 21; k++) {
        x[k] = k / 20.0;
        y[k] = x[k] * x[k];
    }
    assert_int_equal(gw_plan_curves_below(x, y, 21, 4, side), 4);
    assert_near(side[0].slope, 0.05, 1e-12, 0);
    assert_near(side[3].slope, 1.95, 1e-12, 0);
    for (int k = 0; k < 21; k++) {
        for (int i = 0; i < 4; i++) {
            assert_true(side[i].slope * x[k] + side[i].start <= y[k] + 1e-12);
        }
    }
}

static void a_point_is_a_level_and_noise_no_slope(void **state)
{
    (void)state;
    const double x[] = {3, 7}, y[] = {41.2764, 41.276400000000002};
    struct gw_plan_line side[2];
    assert_int_equal(gw_plan_curves_below(x, y, 1, 2, side), 1);
    assert_true(side[0].slope == 0.0 && side[0].start == y[0]);
    assert_int_equal(gw_plan_curves_below(x, y, 2, 2, side), 1);
    assert_true(side[0].slope == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_side_of_its_own),
        cmocka_unit_test(the_hull_s_corners_are_those_of_the_pencil),
        cmocka_unit_test(few_of_many_sides_still_lie_below),
        cmocka_unit_test(a_point_is_a_level_and_noise_no_slope),
    };
    return cmocka_run_group_tests_name("plan_curves", tests, NULL, NULL);
}
