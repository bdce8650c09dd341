#include "tests/support/near.h"

#include <math.h>

#include "models/policies/search/lp.h"

/* Maximise 3 x + 5 y under x <= 4, 2 y <= 12, 3 x + 2 y <= 18: the textbook's factory, (2, 6) with 36. */
static struct gw_lp *factory(void)
{
    struct gw_lp *lp = gw_lp_create(3, 2);
    assert_non_null(lp);
    static const uint32_t both[] = {0, 1}, x[] = {0}, y[] = {1};
    gw_lp_column(lp, 0, 0, INFINITY);
    gw_lp_column(lp, 1, 0, INFINITY);
    gw_lp_cost(lp, 0, -3);
    gw_lp_cost(lp, 1, -5);
    gw_lp_row(lp, 0, -INFINITY, 4, 1, x, (const double[]){1});
    gw_lp_row(lp, 1, -INFINITY, 12, 1, y, (const double[]){2});
    gw_lp_row(lp, 2, -INFINITY, 18, 2, both, (const double[]){3, 2});
    return lp;
}

static void the_textbook_s_factory_makes_what_the_textbook_says(void **state)
{
    (void)state;
    struct gw_lp *lp = factory();
    assert_int_equal(gw_lp_solve(lp), GW_LP_OPTIMAL);
    assert_near(gw_lp_objective(lp), -36, 1e-12, 0);
    assert_near(gw_lp_value(lp, 0), 2, 1e-12, 0);
    assert_near(gw_lp_value(lp, 1), 6, 1e-12, 0);
    gw_lp_destroy(lp);
}

static void a_second_solution_starts_from_the_first(void **state)
{
    (void)state;
    struct gw_lp *lp = factory();
    assert_int_equal(gw_lp_solve(lp), GW_LP_OPTIMAL);
    const uint64_t first = gw_lp_iterations(lp);
    gw_lp_cost(lp, 1, -5.5); /* the same corner is best */
    assert_int_equal(gw_lp_solve(lp), GW_LP_OPTIMAL);
    assert_near(gw_lp_objective(lp), -39, 1e-12, 0);
    assert_int_equal(gw_lp_iterations(lp), first);
    gw_lp_cost(lp, 1, -1); /* now x: (4, 3) */
    assert_int_equal(gw_lp_solve(lp), GW_LP_OPTIMAL);
    assert_near(gw_lp_objective(lp), -15, 1e-12, 0);
    gw_lp_destroy(lp);
}

static void what_has_no_optimum_says_why(void **state)
{
    (void)state;
    struct gw_lp *lp = factory();
    gw_lp_column(lp, 0, 5, INFINITY); /* against x <= 4 */
    assert_int_equal(gw_lp_solve(lp), GW_LP_INFEASIBLE);
    gw_lp_destroy(lp);

    lp = gw_lp_create(1, 1);
    gw_lp_column(lp, 0, 0, INFINITY);
    gw_lp_cost(lp, 0, -1);
    gw_lp_row(lp, 0, 1, INFINITY, 1, (const uint32_t[]){0}, (const double[]){1});
    assert_int_equal(gw_lp_solve(lp), GW_LP_UNBOUNDED);
    gw_lp_destroy(lp);
    gw_lp_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_textbook_s_factory_makes_what_the_textbook_says),
        cmocka_unit_test(a_second_solution_starts_from_the_first),
        cmocka_unit_test(what_has_no_optimum_says_why),
    };
    return cmocka_run_group_tests_name("lp", tests, NULL, NULL);
}
