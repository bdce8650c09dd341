/* Sprout's program against its vertices by hand, and where it has no answer. */
#include "tests/support/near.h"

#include <math.h>

#include "models/policies/answer_levels.h"

/* Quality falls from 1 to 0.9 between 20 and 400 g/kWh, and stays there. */
static void the_floor_falls_as_the_grid_becomes_dirty(void **state)
{
    (void)state;
    assert_near(gw_answer_levels_floor(0.1, 20.0, 20.0, 400.0), 1.0, 0.0, 0.0);
    assert_near(gw_answer_levels_floor(0.1, 210.0, 20.0, 400.0), 0.95, 1e-15, 0.0);
    assert_near(gw_answer_levels_floor(0.1, 400.0, 20.0, 400.0), 0.9, 1e-15, 0.0);
    assert_near(gw_answer_levels_floor(0.1, 900.0, 20.0, 400.0), 0.9, 1e-15, 0.0);
    assert_near(gw_answer_levels_floor(0.1, 5.0, 20.0, 400.0), 1.0, 0.0, 0.0);
    assert_near(gw_answer_levels_floor(0.1, 50.0, 50.0, 50.0), 0.9, 1e-15, 0.0); /* a flat grid */
}

/* Two levels meet the floor with equality: x_i = (floor - q_j) / (q_i - q_j). Levels cost 4, 2, 1. */
static void the_optimum_is_a_vertex(void **state)
{
    (void)state;
    static const double cost[] = {4.0, 2.0, 1.0};
    static const double quality[] = {1.0, 0.9, 0.5};
    static const struct {
        double floor, x[3];
    } rows[] = {
        {1.0, {1.0, 0.0, 0.0}}, {0.98, {0.8, 0.2, 0.0}}, /* (0.98 - 0.9) / 0.1 */
        {0.9, {0.0, 1.0, 0.0}}, {0.7, {0.0, 0.5, 0.5}},  /* (0.7 - 0.5) / 0.4 */
        {0.5, {0.0, 0.0, 1.0}}, {0.1, {0.0, 0.0, 1.0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double x[3] = {0};
        assert_true(gw_answer_levels_solve(3, cost, quality, rows[i].floor, x));
        for (int l = 0; l < 3; l++) {
            assert_near(x[l], rows[i].x[l], 1e-9, 1e-9);
        }
        assert_near(x[0] + x[1] + x[2], 1.0, 1e-15, 0.0);
    }
}

/* The scale of the costs, 1e-9 g or 1e9 g, does not matter. */
static void costs_of_any_scale_are_told_apart(void **state)
{
    (void)state;
    static const double quality[] = {1.0, 0.9};
    for (int e = -9; e <= 9; e += 3) {
        const double cost[] = {4.0 * pow(10.0, e), 1.0 * pow(10.0, e)};
        double x[2] = {0};
        assert_true(gw_answer_levels_solve(2, cost, quality, 0.95, x));
        assert_near(x[0], 0.5, 1e-9, 0.0);
    }
}

/* Where shorter answers are liked better they win on both sides. */
static void a_level_that_is_liked_better_takes_all(void **state)
{
    (void)state;
    static const double cost[] = {4.0, 1.0, 2.0};
    static const double quality[] = {1.0, 1.2, 1.4};
    double x[3] = {0};
    assert_true(gw_answer_levels_solve(3, cost, quality, 1.0, x));
    assert_near(x[1], 1.0, 1e-12, 0.0);
}

static void a_floor_above_every_level_has_no_answer(void **state)
{
    (void)state;
    static const double cost[] = {2.0, 1.0}, quality[] = {1.0, 0.9};
    double x[2] = {7.0, 7.0};
    assert_false(gw_answer_levels_solve(2, cost, quality, 1.1, x));
    assert_true(x[0] == 7.0 && x[1] == 7.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_floor_falls_as_the_grid_becomes_dirty),
        cmocka_unit_test(the_optimum_is_a_vertex),
        cmocka_unit_test(costs_of_any_scale_are_told_apart),
        cmocka_unit_test(a_level_that_is_liked_better_takes_all),
        cmocka_unit_test(a_floor_above_every_level_has_no_answer),
    };
    return cmocka_run_group_tests_name("answer_levels", tests, NULL, NULL);
}
