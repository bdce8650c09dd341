/* Energy around a final run, by hand. */
#include "tests/support/near.h"

#include "models/training/project.h"

/* 100 MWh; half as much again billed; half of it tried before; two retrainings a year at a tenth over two
 * years; two nodes that wait at 2 kW for three quarters of the time. */
static void everything_is_counted_once(void **state)
{
    (void)state;
    const struct gw_project_cfg cfg = {.final_kwh = 1e5,
                                       .overhead = 1.5,
                                       .development_frac = 0.5,
                                       .retrain_per_year = 2.0,
                                       .years = 2.0,
                                       .retrain_frac = 0.1,
                                       .held_nodes = 2.0,
                                       .held_w = 2000.0,
                                       .busy_frac = 0.25};
    const struct gw_project p = gw_project_total(&cfg);
    assert_near(p.overhead_kwh, 5e4, 1e-12, 0.0);
    assert_near(p.development_kwh, 5e4, 1e-12, 0.0);
    assert_near(p.retraining_kwh, 6e4, 1e-12, 0.0); /* 1e5 x 1.5 x 4 x 0.1 */
    assert_near(p.holding_kwh, 4.0 * 0.75 * 17520.0, 1e-12, 0.0);
    assert_near(p.total_kwh, 1e5 + 5e4 + 5e4 + 6e4 + 52560.0, 1e-12, 0.0);
    assert_near(p.of_final, 3.1256, 1e-12, 0.0);
}

static void a_final_run_alone_is_itself(void **state)
{
    (void)state;
    const struct gw_project_cfg cfg = {.final_kwh = 433196.0, .overhead = 1.0};
    assert_near(gw_project_total(&cfg).total_kwh, 433196.0, 0.0, 0.0);
    assert_near(gw_project_total(&cfg).of_final, 1.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_counted_once),
        cmocka_unit_test(a_final_run_alone_is_itself),
    };
    return cmocka_run_group_tests_name("project", tests, NULL, NULL);
}
