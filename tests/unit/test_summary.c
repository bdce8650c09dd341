/* What replications say together, against numbers that can be redone by hand. */
#include "tests/support/near.h"

#include "plots/summary.h"
#include "tests/support/figure_result.h"

static struct gw_result_file result;

static int three_policies_three_replications(void **state)
{
    (void)state;
    return gw_figure_result_init(&result, 3, 3, 2) ? 0 : 1;
}

static int free_result(void **state)
{
    (void)state;
    gw_figure_result_fini(&result);
    return 0;
}

static double *carbon_of(uint32_t policy)
{
    return result.score[GW_SCORE_CARBON].value + policy * result.replications;
}

static struct gw_summary carbon(uint32_t policy)
{
    return gw_summary_score(&result, gw_result_file_score(&result, "carbon_kgco2"), policy);
}

/* 1, 2, 3: mean 2, standard deviation 1; t with 2 degrees of freedom at 97.5 % is 4.302653. */
static void mean_and_interval_are_students(void **state)
{
    (void)state;
    carbon_of(1)[0] = 1.0;
    carbon_of(1)[1] = 2.0;
    carbon_of(1)[2] = 3.0;
    const struct gw_summary s = carbon(1);
    assert_int_equal(s.n, 3);
    assert_near(s.mean, 2.0, 1e-15, 0.0);
    assert_near(s.half, 4.302653 / sqrt(3.0), 1e-6, 0.0);
}

static void failed_runs_and_missing_numbers_do_not_count(void **state)
{
    (void)state;
    carbon_of(1)[0] = 5.0;
    carbon_of(1)[1] = NAN;
    gw_figure_result_fail(&result, 1, 2);
    const struct gw_summary s = carbon(1);
    assert_int_equal(s.n, 1);
    assert_near(s.mean, 5.0, 0.0, 0.0);
    assert_true(isnan(s.half));
}

static void nothing_at_all_is_nan(void **state)
{
    (void)state;
    gw_figure_result_set(&result, "carbon_kgco2", 1, INFINITY);
    assert_int_equal(carbon(1).n, 0);
    assert_true(isnan(carbon(1).mean));
    assert_int_equal(gw_summary_score(&result, NULL, 0).n, 0);
}

static void equal_work_is_comparable(void **state)
{
    (void)state;
    const struct gw_summary_runs runs = gw_summary_runs(&result, 2);
    assert_int_equal(runs.whole, 3);
    assert_int_equal(runs.failed, 0);
    assert_true(runs.comparable);
}

/* 0.1 % of a million are a thousand requests. */
static void one_replication_of_other_work_is_enough(void **state)
{
    (void)state;
    double *completed = result.score[GW_SCORE_COMPLETED].value + 3; /* of policy 1 */
    completed[1] = 1e6 - 900.0;
    assert_true(gw_summary_runs(&result, 1).comparable);
    completed[1] = 1e6 - 1100.0;
    assert_false(gw_summary_runs(&result, 1).comparable);
    assert_true(gw_summary_runs(&result, 2).comparable);
}

static void only_pairs_of_whole_runs_are_compared(void **state)
{
    (void)state;
    gw_figure_result_fail(&result, 0, 0); /* the baseline's */
    gw_figure_result_fail(&result, 1, 1);
    assert_int_equal(gw_summary_runs(&result, 1).whole, 2);
    assert_int_equal(gw_summary_runs(&result, 1).failed, 1);
    assert_true(gw_summary_runs(&result, 1).comparable);
    gw_figure_result_fail(&result, 1, 2);
    assert_false(gw_summary_runs(&result, 1).comparable); /* replication 0 has no partner */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, three_policies_three_replications, free_result)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mean_and_interval_are_students),
        TEST(failed_runs_and_missing_numbers_do_not_count),
        TEST(nothing_at_all_is_nan),
        TEST(equal_work_is_comparable),
        TEST(one_replication_of_other_work_is_enough),
        TEST(only_pairs_of_whole_runs_are_compared),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
