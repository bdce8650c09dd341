/* Bounds and gaps of whole runs: what a result says of how good its plans are. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/run/result_csv.h"

static const char *const policies = "policies=[nearest, round-robin, greedy-carbon, lp-carbon]";
static const char *const asked = "score.bounds=[carbon, water, cost, ttft]";

static void run_with(struct experiment *e, const char *more)
{
    experiment_run(e, experiment_two_sites, (const char *[]){policies, asked, more, NULL}, 0);
}

static double bound(const struct experiment *e, enum gw_bound b, int k)
{
    return gw_result_bound(&e->result, b, 0, (enum gw_objective)k);
}

static void no_plan_is_better_than_its_bound_and_the_linear_program_is_nearest_to_its_own(void **state)
{
    (void)state;
    struct experiment e;
    run_with(&e, "time.duration=1 h");
    for (uint32_t p = 0; p < e.result.policies; p++) {
        const struct gw_run_result *run = &e.result.run[p];
        assert_int_equal(run->n_gaps, 4);
        for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
            const double gap = run->score[gw_score_objective((enum gw_objective)k).plan_gap];
            double sum = 0.0;
            for (size_t i = 0; i < run->n_gaps; i++) {
                sum += run->gap[i * GW_SCORE_OBJECTIVES + (size_t)k];
                assert_true(run->gap[i * GW_SCORE_OBJECTIVES + (size_t)k] >= 0.0);
            }
            assert_near(gap, sum / 4.0, 1e-12, 0);
        }
    }
    assert_true(experiment_score(&e, "lp-carbon", GW_SCORE_PLAN_GAP_CARBON) <
                experiment_score(&e, "nearest", GW_SCORE_PLAN_GAP_CARBON));
    experiment_fini(&e);
}

/* The evaluator's sum over the epochs, of the shares that came to be, is carbon x (1 + its error). */
static void the_row_of_a_bound_lies_below_the_evaluator_for_every_policy(void **state)
{
    (void)state;
    struct experiment e;
    run_with(&e, "time.duration=1 h");
    for (uint32_t p = 0; p < e.result.policies; p++) {
        const double *score = e.result.run[p].score;
        const double evaluator = score[GW_SCORE_CARBON] * (1.0 + score[GW_SCORE_ESTIMATE_ERROR_CARBON]);
        assert_true(bound(&e, GW_BOUND_EPOCH, GW_OBJ_CARBON_KG) <= evaluator);
        assert_true(bound(&e, GW_BOUND_EPOCH, GW_OBJ_CARBON_KG) > 0.0);
        assert_true(bound(&e, GW_BOUND_EPOCH, GW_OBJ_CARBON_KG) <=
                    e.result.run[p].bound[GW_BOUND_EPOCH][GW_OBJ_CARBON_KG]);
    }
    experiment_fini(&e);
}

/* Flat rows and constant grids: an epoch's forecast is its truth but for the luck of arrivals. */
static void the_bound_of_the_day_follows_what_arrived_and_the_score_s_signal(void **state)
{
    (void)state;
    struct experiment e;
    run_with(&e, "time.duration=1 h");
    for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
        const double day = bound(&e, GW_BOUND_DAY, k), epoch = bound(&e, GW_BOUND_EPOCH, k);
        assert_near(day, epoch, 0.02, 0);
        assert_true(day != epoch);
    }
    experiment_fini(&e);
}

static void a_simulated_gap_is_to_the_linear_program_of_that_objective_where_it_ran(void **state)
{
    (void)state;
    struct experiment e;
    run_with(&e, "time.duration=1 h");
    assert_true(experiment_score(&e, "lp-carbon", GW_SCORE_SIM_GAP_CARBON) == 0.0);
    assert_near(experiment_score(&e, "nearest", GW_SCORE_SIM_GAP_CARBON),
                experiment_score(&e, "nearest", GW_SCORE_CARBON) /
                        experiment_score(&e, "lp-carbon", GW_SCORE_CARBON) -
                    1.0,
                1e-12, 0);
    assert_true(isnan(experiment_score(&e, "nearest", GW_SCORE_SIM_GAP_COST)));
    experiment_fini(&e);
}

/* What a battery gives is not in the evaluator; it does not hasten a token. */
static void a_battery_is_within_the_bound(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(
        &e, experiment_two_sites,
        (const char *[]){policies, asked, "time.duration=1 h",
                         "sites[oregon].battery={ energy: 100 kWh, power: 50 kW, policy: carbon-arbitrage }",
                         "sites[oregon].pv=40 kW", NULL},
        0);
    for (uint32_t p = 0; p < e.result.policies; p++) {
        const struct gw_run_result *run = &e.result.run[p];
        for (size_t i = 0; i < run->n_gaps * GW_SCORE_OBJECTIVES; i++) {
            assert_true(run->gap[i] >= 0.0);
        }
        assert_true(run->bound[GW_BOUND_EPOCH][GW_OBJ_CARBON_KG] > 0.0);
    }
    experiment_fini(&e);
}

static void who_does_not_ask_gets_no_rows_and_no_gaps_and_the_same_scores(void **state)
{
    (void)state;
    struct experiment with, without;
    run_with(&with, "time.duration=30 min");
    experiment_run(&without, experiment_two_sites, (const char *[]){policies, "time.duration=30 min", NULL},
                   0);
    assert_true(isnan(bound(&without, GW_BOUND_EPOCH, GW_OBJ_CARBON_KG)));
    assert_true(isnan(experiment_score(&without, "nearest", GW_SCORE_PLAN_GAP_CARBON)));
    assert_null(without.result.run[0].gap);
    assert_true(experiment_score(&with, "nearest", GW_SCORE_CARBON) ==
                experiment_score(&without, "nearest", GW_SCORE_CARBON));

    struct gw_text csv = {0};
    gw_result_csv_print(&without.result, without.sc.variant_name, 0, &csv);
    assert_null(strstr(csv.at, "bound"));
    gw_text_fini(&csv);
    gw_result_csv_print(&with.result, with.sc.variant_name, 0, &csv);
    assert_non_null(strstr(csv.at, "\nbound-epoch,0,bound,false,"));
    assert_non_null(strstr(csv.at, "\nbound-day,0,bound,false,"));
    gw_text_fini(&csv);
    experiment_fini(&with);
    experiment_fini(&without);
}

/* It keeps whatever it met and nothing dominates, and it met their plans first. */
static void a_search_that_begins_with_linear_programs_does_not_end_below_their_front(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(
        &e, experiment_two_sites,
        (const char *[]){
            "time.duration=30 min",
            "policies=[{ name: begun, routing: { policy: slit+lp, evaluations: 100, lp_front: 20 } }]", NULL},
        0);
    const double ratio = experiment_score(&e, "begun", GW_SCORE_HYPERVOLUME_RATIO);
    if (!(ratio >= 1.0)) {
        fail_msg("%g of the front's hypervolume", ratio);
    }
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_plan_is_better_than_its_bound_and_the_linear_program_is_nearest_to_its_own),
        cmocka_unit_test(the_row_of_a_bound_lies_below_the_evaluator_for_every_policy),
        cmocka_unit_test(the_bound_of_the_day_follows_what_arrived_and_the_score_s_signal),
        cmocka_unit_test(a_simulated_gap_is_to_the_linear_program_of_that_objective_where_it_ran),
        cmocka_unit_test(a_battery_is_within_the_bound),
        cmocka_unit_test(who_does_not_ask_gets_no_rows_and_no_gaps_and_the_same_scores),
        cmocka_unit_test(a_search_that_begins_with_linear_programs_does_not_end_below_their_front),
    };
    return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
