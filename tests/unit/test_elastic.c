/* Elastic demand: the formula, what a run does with it, and where it is refused. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/workload/elastic.h"

static void the_factor_is_a_power_of_the_value_over_its_reference(void **state)
{
    (void)state;
    const struct gw_elastic e = {
        .of = GW_ELASTIC_LATENCY, .elasticity = -0.5, .reference = 800.0, .least = 0.25, .most = 3.0};
    assert_true(gw_elastic_factor(&e, 800.0) == 1.0);
    assert_near(gw_elastic_factor(&e, 3200.0), 0.5, 1e-15, 0); /* (4)^-0.5 */
    assert_near(gw_elastic_factor(&e, 200.0), 2.0, 1e-15, 0);  /* (1/4)^-0.5 */
    assert_true(gw_elastic_factor(&e, 1e9) == 0.25);
    assert_true(gw_elastic_factor(&e, 1.0) == 3.0);
}

static void no_price_or_a_negative_one_leads_to_a_bound(void **state)
{
    (void)state;
    struct gw_elastic e = {
        .of = GW_ELASTIC_PRICE, .elasticity = -1.0, .reference = 0.01, .least = 0.5, .most = 2.0};
    assert_true(gw_elastic_factor(&e, 0.0) == 2.0);
    assert_true(gw_elastic_factor(&e, -0.02) == 2.0);
    e.elasticity = 1.0;
    assert_true(gw_elastic_factor(&e, -0.02) == 0.5);
    e.elasticity = 0.0;
    assert_true(gw_elastic_factor(&e, -0.02) == 1.0);
}

/* ---- in a run ---- */

static const char *const cold = "time={ start: 2023-06-01T00:00:00Z, duration: 1 h, epoch: 15 min, step: 5 "
                                "min, initial: cold }";

#define ROW(more) "serving.demand=[ { name: east, origin: us-east, model: llama-2-70b, rate: 2 /s" more " } ]"

static void run(struct experiment *e, const char *row, unsigned threads)
{
    experiment_run(e, experiment_two_sites, (const char *const[]){cold, row, NULL}, threads);
}

static void an_elasticity_of_zero_changes_no_byte(void **state)
{
    (void)state;
    struct experiment rigid, zero;
    run(&rigid, ROW(), 0);
    run(&zero, ROW(", elastic: { of: energy, elasticity: 0, reference: 1 Wh }"), 0);
    experiment_assert_same(&rigid, &zero);
    experiment_fini(&rigid);
    experiment_fini(&zero);
}

/* 1800 requests in the first quarter of an hour, at either bound in the three that follow. */
static void the_rate_of_an_epoch_answers_to_the_epoch_before(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        double arrived;
    } cases[] = {
        {ROW(", elastic: { of: energy, elasticity: -1, reference: 1 MWh, most: 2 }"), 1800 * (1 + 3 * 2.0)},
        {ROW(", elastic: { of: latency, elasticity: -1, reference: 1 us, least: 0.5 }"),
         1800 * (1 + 3 * 0.5)},
        {ROW(", elastic: { of: price, elasticity: 1, reference: 1000 USD, least: 0.5 }"),
         1800 * (1 + 3 * 0.5)},
        {ROW(", elastic: { of: energy, elasticity: -1, reference: 1 MWh, most: 2 }, sessions: { kind: chat, "
             "turns: 1 }"),
         1800 * (1 + 3 * 2.0)},
        {ROW(", elastic: { of: energy, elasticity: -1, reference: 1 MWh, most: 2 }, arrivals: { law: "
             "clients, count: 5, cv: 1, cv_spread: 0 }"),
         1800 * (1 + 3 * 2.0)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct experiment e;
        run(&e, cases[i].row, 0);
        /* Poisson: four standard deviations */
        assert_near(experiment_score(&e, "nearest", GW_SCORE_ARRIVED), cases[i].arrived, 0,
                    4 * sqrt(cases[i].arrived));
        assert_true(experiment_score(&e, "nearest", GW_SCORE_RESIDUAL) < 1e-9);
        experiment_fini(&e);
    }
}

static void threads_change_no_byte(void **state)
{
    (void)state;
    const char *row = ROW(", elastic: { of: latency, elasticity: -0.3, reference: 100 ms }");
    struct experiment one, two;
    run(&one, row, 0);
    run(&two, row, 2);
    experiment_assert_same(&one, &two);
    experiment_fini(&one);
    experiment_fini(&two);
}

static void a_row_that_nobody_waits_for_is_not_elastic(void **state)
{
    (void)state;
    struct gw_scenario sc = {0};
    struct gw_errors errs = {0};
    const char *const set[] = {
        ROW(", class: batch, elastic: { of: energy, elasticity: -1, reference: 1 Wh }"), NULL};
    const struct gw_scenario_options options = {.set = set};
    assert_int_not_equal(
        gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "t.yaml", &options, &sc, &errs),
        GW_OK);
    assert_non_null(strstr(errs.item[0].why, "nobody waits"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factor_is_a_power_of_the_value_over_its_reference),
        cmocka_unit_test(no_price_or_a_negative_one_leads_to_a_bound),
        cmocka_unit_test(an_elasticity_of_zero_changes_no_byte),
        cmocka_unit_test(the_rate_of_an_epoch_answers_to_the_epoch_before),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(a_row_that_nobody_waits_for_is_not_elastic),
    };
    return cmocka_run_group_tests_name("elastic", tests, NULL, NULL);
}
