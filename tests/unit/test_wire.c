/* The network in a whole run: what is carried, what it costs, who is late, and that lateness changes nothing
 * else. */
#include "tests/support/near.h"

#include <string.h>

#include "tests/support/experiment.h"

static const char *const aws[] = {"network.egress=aws", NULL};

/* Every prompt and every answer once: bytes from the tokens and requests of the rows. */
static void what_is_carried_is_what_was_asked_and_answered(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites, aws, 0);
    const struct gw_run_result *run = &e.result.run[0];
    double completed = 0, in_tok = 0, out_tok = 0;
    for (uint32_t d = 0; d < e.sc.n_demands; d++) {
        assert_int_equal(run->demand[d].arrived, run->demand[d].completed);
        completed += (double)run->demand[d].completed;
        in_tok += (double)run->demand[d].in_tok;
        out_tok += (double)run->demand[d].out_tok;
    }
    const double in_gb = (1000 * completed + 4 * in_tok) / 1e9,
                 out_gb = (1000 * completed + 4 * out_tok) / 1e9;
    const char *policy = e.sc.variant_name[0];
    assert_near(experiment_account(&e, policy, NULL, GW_ACCOUNT_NETWORK_IN), in_gb, 1e-12, 0);
    assert_near(experiment_account(&e, policy, NULL, GW_ACCOUNT_NETWORK_OUT), out_gb, 1e-12, 0);
    assert_near(experiment_score(&e, policy, GW_SCORE_NETWORK), 0.001 * (in_gb + out_gb), 1e-12, 0);
    assert_near(experiment_score(&e, policy, GW_SCORE_TRANSFER), 0.09 * out_gb, 1e-12,
                0); /* both in America */
    experiment_fini(&e);
}

static void cost_holds_transfer_and_nothing_else_changes(void **state)
{
    (void)state;
    struct experiment priced, plain;
    experiment_run(&priced, experiment_two_sites, aws, 0);
    experiment_run(&plain, experiment_two_sites, (const char *const[]){"network.attribution=off", NULL}, 0);
    const double *a = priced.result.run[0].score, *b = plain.result.run[0].score;
    assert_true(a[GW_SCORE_TRANSFER] > 0 && b[GW_SCORE_TRANSFER] == 0 && b[GW_SCORE_NETWORK] == 0);
    assert_near(a[GW_SCORE_COST] - b[GW_SCORE_COST], a[GW_SCORE_TRANSFER], 1e-9, 0);
    assert_near(a[GW_SCORE_ENERGY], b[GW_SCORE_ENERGY], 0, 0);
    assert_near(a[GW_SCORE_TTFT_MEAN], b[GW_SCORE_TTFT_MEAN], 0, 0);
    double rows_usd = 0;
    for (uint32_t d = 0; d < priced.sc.n_demands; d++) {
        rows_usd += priced.result.run[0].demand[d].cost_usd - plain.result.run[0].demand[d].cost_usd;
    }
    assert_near(rows_usd, a[GW_SCORE_TRANSFER], 1e-9, 0);
    experiment_fini(&priced);
    experiment_fini(&plain);
}

/* Answers come later on their way back, and only the account that sums when they came knows of it; what
 * happens at the sites is the same to the bit. */
static void jitter_makes_answers_late_and_leaves_the_sites_alone(void **state)
{
    (void)state;
    struct experiment late, plain;
    experiment_run(&late, experiment_two_sites, (const char *const[]){"network.jitter=0.5", NULL}, 0);
    experiment_run(&plain, experiment_two_sites, NULL, 0);
    for (uint32_t r = 0; r < late.result.policies; r++) {
        const struct gw_run_result *a = &late.result.run[r], *b = &plain.result.run[r];
        for (uint32_t s = 0; s < late.result.sites; s++) {
            double *of_late = &a->site[s * GW_ACCOUNT_COUNT + GW_ACCOUNT_TTFT_S];
            assert_true(*of_late >=
                        b->site[s * GW_ACCOUNT_COUNT + GW_ACCOUNT_TTFT_S]); /* equal where nobody came */
            *of_late = b->site[s * GW_ACCOUNT_COUNT + GW_ACCOUNT_TTFT_S];
        }
        assert_memory_equal(a->site, b->site, sizeof(double) * late.result.sites * GW_ACCOUNT_COUNT);
        assert_true(a->score[GW_SCORE_TTFT_MEAN] > b->score[GW_SCORE_TTFT_MEAN]);
        assert_true(a->score[GW_SCORE_TPOT_MEAN] == b->score[GW_SCORE_TPOT_MEAN]);
        assert_near(a->score[GW_SCORE_E2E_MEAN] - b->score[GW_SCORE_E2E_MEAN],
                    a->score[GW_SCORE_TTFT_MEAN] - b->score[GW_SCORE_TTFT_MEAN], 1e-6, 0);
    }
    experiment_fini(&late);
    experiment_fini(&plain);
}

/* A prompt of n tokens takes 8 (1000 + 4 n) bits over 1 Mbit/s before it is there. */
static void a_thin_link_of_the_user_delays_long_prompts(void **state)
{
    (void)state;
    struct experiment thin, plain;
    experiment_run(&thin, experiment_two_sites,
                   (const char *const[]){"network.bandwidth.user_link=1 Mbit/s", NULL}, 0);
    experiment_run(&plain, experiment_two_sites, NULL, 0);
    const struct gw_demand_result *a = &thin.result.run[0].demand[0], *b = &plain.result.run[0].demand[0];
    const double mean_in_tok = (double)a->in_tok / (double)a->completed;
    assert_near(a->ttft_ms_mean - b->ttft_ms_mean, 8e-3 * (1000 + 4 * mean_in_tok), 1e-4, 0);
    experiment_fini(&thin);
    experiment_fini(&plain);
}

static void a_place_without_a_price_is_refused(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const char *const set[] = {"network.egress=aws",
                               "sites[virginia].place={at: {lat: 39, lon: -77, utc_offset: -5 h}}", NULL};
    const struct gw_scenario_options options = {.set = set};
    assert_int_equal(gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "two.yaml",
                                       &options, &sc, &errs),
                     GW_ERR_RANGE);
    assert_non_null(strstr(errs.item[0].why, "no price"));
    assert_non_null(strstr(errs.item[0].why, "unknown"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_carried_is_what_was_asked_and_answered),
        cmocka_unit_test(cost_holds_transfer_and_nothing_else_changes),
        cmocka_unit_test(jitter_makes_answers_late_and_leaves_the_sites_alone),
        cmocka_unit_test(a_thin_link_of_the_user_delays_long_prompts),
        cmocka_unit_test(a_place_without_a_price_is_refused),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
