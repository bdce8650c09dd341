/* Whole runs in flow mode: the same books as in exact mode, requests and tokens conserved, energy beside the
 * exact one. */
#include "tests/support/near.h"

#include <math.h>

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){"serving.mode=flow", __VA_ARGS__, NULL})

static const char *const *const loads[] = {
    SET("time.initial=cold"),
    SET("time.initial=warm", "serving.demand[east].rate=0.3 /s"),
    SET("time.initial=cold", "serving.demand[east].rate=60 /s"),
    SET("time.initial=cold", "serving.demand[east].rate=60 /s", "time.drain=none"),
};

static void check_run(const struct experiment *e, const struct gw_run_result *run)
{
    const char *policy = e->sc.variant_name[run->policy];
    uint64_t sent = 0, completed = 0, out_tok = 0;
    for (uint32_t d = 0; d < e->sc.n_demands; d++) {
        const struct gw_demand_result *row = &run->demand[d];
        assert_int_equal(row->arrived, row->completed + row->unfinished);
        sent += row->arrived;
        completed += row->completed;
        out_tok += row->out_tok;
    }
    assert_near(run->score[GW_SCORE_ARRIVED], (double)sent, 0.0, 0.0);
    assert_near(experiment_account(e, policy, NULL, GW_ACCOUNT_ARRIVED), (double)sent, 0.0, 0.0);
    assert_near(experiment_account(e, policy, NULL, GW_ACCOUNT_FINISHED), (double)completed, 0.0, 0.0);
    /* meters count what engines do, the burn-in's rest among it */
    assert_near(experiment_account(e, policy, NULL, GW_ACCOUNT_TOKENS_OUT), (double)out_tok, 0.01, 0.0);
    assert_true(run->score[GW_SCORE_RESIDUAL] < 1e-9);
    assert_true(run->score[GW_SCORE_TTFT_P50] <= run->score[GW_SCORE_TTFT_P99]);
    assert_true(isfinite(run->score[GW_SCORE_E2E_P99]));
}

static void requests_tokens_and_energy_are_conserved(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        struct experiment e;
        experiment_run(&e, experiment_two_sites, loads[i], 0);
        for (uint32_t p = 0; p < e.result.policies; p++) {
            check_run(&e, &e.result.run[p]);
        }
        experiment_fini(&e);
    }
}

static void an_overloaded_site_is_drained_or_says_what_is_left(void **state)
{
    (void)state;
    struct experiment drained, cut;
    experiment_run(&drained, experiment_two_sites, loads[2], 0);
    experiment_run(&cut, experiment_two_sites, loads[3], 0);
    assert_true(experiment_score(&drained, "nearest", GW_SCORE_UNSERVED) == 0.0);
    assert_true(experiment_score(&drained, "nearest", GW_SCORE_NEAR_SATURATION) > 0.5);
    assert_true(experiment_score(&drained, "nearest", GW_SCORE_TTFT_P99) > 1e5);
    assert_true(experiment_score(&cut, "nearest", GW_SCORE_UNSERVED) > 0.2);
    experiment_fini(&drained);
    experiment_fini(&cut);
}

static void energy_and_tokens_are_those_of_the_exact_mode(void **state)
{
    (void)state;
    struct experiment exact, flow;
    experiment_run(&exact, experiment_two_sites, NULL, 0);
    experiment_run(&flow, experiment_two_sites, SET("seed=42"), 0);
    for (uint32_t p = 0; p < exact.result.policies; p++) {
        const double *a = exact.result.run[p].score, *b = flow.result.run[p].score;
        assert_near(b[GW_SCORE_IT], a[GW_SCORE_IT], 0.02, 0.0);
        assert_near(b[GW_SCORE_CARBON], a[GW_SCORE_CARBON], 0.02, 0.0);
        assert_near(b[GW_SCORE_ARRIVED], a[GW_SCORE_ARRIVED], 0.01, 0.0); /* 72 000 by chance: 0.4 % */
        assert_true(b[GW_SCORE_NEAR_SATURATION] == 0.0);
        assert_true(isnan(a[GW_SCORE_NEAR_SATURATION]));
    }
    experiment_fini(&exact);
    experiment_fini(&flow);
}

static void threads_do_not_show_in_the_result(void **state)
{
    (void)state;
    struct experiment one, three;
    experiment_run(&one, experiment_two_sites, loads[2], 0);
    experiment_run(&three, experiment_two_sites, loads[2], 3);
    experiment_assert_same(&one, &three);
    experiment_fini(&one);
    experiment_fini(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_tokens_and_energy_are_conserved),
        cmocka_unit_test(an_overloaded_site_is_drained_or_says_what_is_left),
        cmocka_unit_test(energy_and_tokens_are_those_of_the_exact_mode),
        cmocka_unit_test(threads_do_not_show_in_the_result),
    };
    return cmocka_run_group_tests_name("flows", tests, NULL, NULL);
}
