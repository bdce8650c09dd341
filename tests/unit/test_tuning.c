/* FLOP per token and weight of the ways to train a part of a model, by hand. */
#include "tests/support/near.h"

#include "models/training/tuning.h"

static struct gw_tuning_cost cost_of(int method, double frac)
{
    const struct gw_tuning_cfg cfg = {.method = method, .frac = frac, .kept_frac = 1.0};
    return gw_tuning_cost(&cfg);
}

static void costs_are_those_of_the_three_passes(void **state)
{
    (void)state;
    static const struct {
        int method;
        double frac, total, trained;
    } cases[] = {
        {GW_TUNING_FULL, 1.0, 6.0, 1.0},    /* 2 + 2 + 2 */
        {GW_TUNING_LORA, 0.0, 4.0, 0.0},    /* no weight has a gradient */
        {GW_TUNING_LORA, 0.01, 4.06, 0.01}, /* 2.02 + 2.02 + 0.02 */
        {GW_TUNING_TOP, 0.25, 3.0, 0.25},   /* 2 + 0.5 + 0.5 */
        {GW_TUNING_TOP, 1.0, 6.0, 1.0},     /* all layers: full */
        {GW_TUNING_BUDGET, 0.5, 3.0, 0.25}, /* 2 forward, 0.5 and 0.5 backward */
        {GW_TUNING_BUDGET, 0.1, 2.0, 0.0},  /* a forward pass is the least there is */
        {GW_TUNING_BUDGET, 1.0, 6.0, 1.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_tuning_cost c = cost_of(cases[i].method, cases[i].frac);
        assert_near(c.total, cases[i].total, 1e-12, 0.0);
        assert_near(c.of_full, cases[i].total / 6.0, 1e-12, 0.0);
        assert_near(c.trained_frac, cases[i].trained, 1e-12, 1e-15);
    }
}

/* GreenTrainer saves up to 64 % of the FLOP of full tuning: a budget of 0.36, above the forward pass. */
static void greentrainers_best_saving_is_within_reach(void **state)
{
    (void)state;
    assert_near(cost_of(GW_TUNING_BUDGET, 0.36).of_full, 0.36, 1e-12, 0.0);
}

/* Adapters need the gradient of every activation; the last quarter of the layers only its own. */
static void attention_is_passed_as_far_as_gradients_go(void **state)
{
    (void)state;
    assert_near(cost_of(GW_TUNING_FULL, 1.0).attention_passes, 3.0, 1e-12, 0.0);
    assert_near(cost_of(GW_TUNING_LORA, 0.01).attention_passes, 3.0, 1e-12, 0.0);
    assert_near(cost_of(GW_TUNING_TOP, 0.25).attention_passes, 1.5, 1e-12, 0.0);
    assert_near(cost_of(GW_TUNING_BUDGET, 0.1).attention_passes, 1.0, 1e-12, 0.0);
}

/* A teacher four times as large: 6 + 2 x 4. */
static void a_teacher_adds_its_forward_pass(void **state)
{
    (void)state;
    struct gw_tuning_cfg cfg = gw_tuning_full();
    cfg.teacher_ratio = 4.0;
    assert_near(gw_tuning_cost(&cfg).total, 14.0, 1e-12, 0.0);
    assert_near(gw_tuning_cost(&cfg).trained_frac, 1.0, 0.0, 0.0);
}

static void pruned_weights_cost_nothing(void **state)
{
    (void)state;
    struct gw_tuning_cfg cfg = gw_tuning_full();
    cfg.kept_frac = 0.5;
    assert_near(gw_tuning_cost(&cfg).total, 3.0, 1e-12, 0.0);
    assert_near(gw_tuning_cost(&cfg).trained_frac, 0.5, 1e-12, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_are_those_of_the_three_passes),
        cmocka_unit_test(greentrainers_best_saving_is_within_reach),
        cmocka_unit_test(attention_is_passed_as_far_as_gradients_go),
        cmocka_unit_test(a_teacher_adds_its_forward_pass),
        cmocka_unit_test(pruned_weights_cost_nothing),
    };
    return cmocka_run_group_tests_name("tuning", tests, NULL, NULL);
}
