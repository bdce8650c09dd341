/* Convergence models against printed and hand-computed values. */
#include "tests/support/near.h"

#include "models/federation/convergence.h"

static void without_a_model_only_work_counts(void **state)
{
    (void)state;
    const struct gw_convergence_cfg cfg = gw_convergence_default(GW_CONVERGENCE_NONE);
    assert_true(gw_convergence_loss_ratio(&cfg, 8.0, 1000.0, 0.5) == 1.0);
    assert_true(gw_convergence_tokens_factor(&cfg, 8.0, 1000.0, 0.5) == 1.0);
    assert_true(isnan(gw_convergence_rounds(&cfg, 0.0)));
}

/* L = A N^-a at 10^9 and 10^10 parameters over the data-parallel fit's. */
static void more_replicas_cost_small_models_more(void **state)
{
    (void)state;
    static const struct {
        double params, replicas, ratio;
    } cases[] = {
        {1e9, 2.0, 1.001484},
        {1e9, 4.0, 1.005442},
        {1e9, 8.0, 1.014843},
        {1e10, 4.0, 0.996454},
    };
    struct gw_convergence_cfg cfg = gw_convergence_default(GW_CONVERGENCE_DILOCO_LAW);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cfg.params = cases[i].params;
        assert_near(gw_convergence_loss_ratio(&cfg, cases[i].replicas, 30.0, 0.0), cases[i].ratio, 1e-6, 0);
    }
    cfg.params = 1e9;
    assert_near(gw_convergence_tokens_factor(&cfg, 8.0, 30.0, 0.0), 1.50573, 1e-5, 0);
    cfg.params = 1e10;
    assert_true(gw_convergence_tokens_factor(&cfg, 4.0, 30.0, 0.0) == 1.0); /* never less than alone */
}

/* Eight times as many replicas, beyond the last fit: 8^0.0116. */
static void beyond_eight_replicas_the_joint_fit_goes_on(void **state)
{
    (void)state;
    const struct gw_convergence_cfg cfg = gw_convergence_default(GW_CONVERGENCE_DILOCO_LAW);
    const double eight = gw_convergence_loss_ratio(&cfg, 8.0, 30.0, 0.0);
    assert_near(gw_convergence_loss_ratio(&cfg, 64.0, 30.0, 0.0) / eight, pow(8.0, 0.0116), 1e-12, 0);
}

/* Alone 10^9 parameters end at 18.129 x 10^(-9 x 0.0953) = 2.5158 nats; perplexity rises by 2.9 % from 50 to
 * 1000 steps, by 2.1 % when half of the updates are lost. */
static void rare_rounds_and_lost_updates_cost_perplexity(void **state)
{
    (void)state;
    const struct gw_convergence_cfg cfg = gw_convergence_default(GW_CONVERGENCE_DILOCO_LAW);
    const double nats = 18.129 * pow(1e9, -0.0953);
    assert_near(nats, 2.5158, 1e-4, 0);
    const double plain = gw_convergence_loss_ratio(&cfg, 4.0, 50.0, 0.0);
    assert_near(exp(nats * (gw_convergence_loss_ratio(&cfg, 4.0, 1000.0, 0.0) - plain)), 1.029, 1e-12, 0);
    assert_near(exp(nats * (gw_convergence_loss_ratio(&cfg, 4.0, 50.0, 0.5) - plain)), 1.021, 1e-12, 0);
    assert_near(gw_convergence_loss_ratio(&cfg, 4.0, 5.0, 0.0), plain, 0, 0);
}

/* err = 0.1 + R^-0.5: 0.2 after 100 rounds. */
static void error_falls_as_a_power_of_rounds(void **state)
{
    (void)state;
    struct gw_convergence_cfg cfg = {
        .model = GW_CONVERGENCE_POWER_ROUNDS, .floor = 0.1, .a = 1.0, .b = 0.5, .target = 0.2};
    assert_near(gw_convergence_rounds(&cfg, 0.0), 100.0, 1e-12, 0);
    assert_near(gw_convergence_rounds(&cfg, 0.5), 150.0, 1e-12, 0);
    assert_near(gw_convergence_metric(&cfg, 100.0, 0.0), 0.2, 1e-12, 0);
    assert_near(gw_convergence_metric(&cfg, 150.0, 0.5), 0.2, 1e-12, 0);
    cfg.target = 0.1;
    assert_true(isinf(gw_convergence_rounds(&cfg, 0.0)));
}

/* One client in every round, one in every second: (0 + 1) / 2; who never came counts as half a time. */
static void uneven_selection_spreads_weights(void **state)
{
    (void)state;
    const uint32_t joined[] = {10, 5};
    assert_near(gw_convergence_spread(joined, 2, 10.0), 0.5, 1e-12, 0);
    const uint32_t never[] = {10, 0};
    assert_near(gw_convergence_spread(never, 2, 10.0), 9.5, 1e-12, 0);
}

/* 0.8 at 10 rounds, 0.9 at 1000: 0.85 half way along the logarithm, at 100. */
static void a_table_is_read_along_the_logarithm_of_rounds(void **state)
{
    (void)state;
    const struct gw_convergence_row row[] = {{10.0, 0.8}, {1000.0, 0.9}};
    struct gw_convergence_cfg cfg = {.model = GW_CONVERGENCE_TABLE, .row = row, .n_rows = 2, .target = 0.85};
    assert_near(gw_convergence_metric(&cfg, 100.0, 0.0), 0.85, 1e-12, 0);
    assert_near(gw_convergence_metric(&cfg, 1.0, 0.0), 0.8, 0, 0);
    assert_near(gw_convergence_metric(&cfg, 5000.0, 0.0), 0.9, 0, 0);
    assert_near(gw_convergence_rounds(&cfg, 0.0), 100.0, 1e-9, 0);
    cfg.target = 0.95;
    assert_true(isinf(gw_convergence_rounds(&cfg, 0.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_model_only_work_counts),
        cmocka_unit_test(more_replicas_cost_small_models_more),
        cmocka_unit_test(beyond_eight_replicas_the_joint_fit_goes_on),
        cmocka_unit_test(rare_rounds_and_lost_updates_cost_perplexity),
        cmocka_unit_test(error_falls_as_a_power_of_rounds),
        cmocka_unit_test(uneven_selection_spreads_weights),
        cmocka_unit_test(a_table_is_read_along_the_logarithm_of_rounds),
    };
    return cmocka_run_group_tests_name("convergence", tests, NULL, NULL);
}
