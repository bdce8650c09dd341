/* The arithmetic of training, by hand. */
#include "tests/support/entries.h"

#include "models/training/flops.h"

/* 6 x 405e9 x 15.6e12 = 3.79e25, the figure of the Llama 3 paper. */
static void six_flop_per_weight_and_token(void **state)
{
    (void)state;
    const struct gw_flops_cfg cfg = {
        .active_params = 405e9, .tokens = 15.6e12, .per_param = 6.0, .forward = 2.0, .attention_passes = 3.0};
    const struct gw_flops f = gw_flops_count(&cfg);
    assert_near(f.linear, 3.7908e25, 1e-12, 0.0);
    assert_near(f.model, f.linear, 0.0, 0.0);
    assert_near(f.hardware, f.linear, 0.0, 0.0);
}

/* 12 x 2 layers x 8 wide x 100 tokens of sequence x 1000 tokens = 1.92e7; a causal kernel does half. */
static void attention_grows_with_the_sequence(void **state)
{
    (void)state;
    struct gw_flops_cfg cfg = {.active_params = 1000.0,
                               .layers = 2.0,
                               .width = 8.0,
                               .tokens = 1000.0,
                               .sequence_tok = 100.0,
                               .per_param = 6.0,
                               .forward = 2.0,
                               .attention_passes = 3.0,
                               .attention_frac = 1.0};
    assert_near(gw_flops_count(&cfg).attention, 1.92e7, 1e-12, 0.0);
    assert_near(gw_flops_count(&cfg).model, 1.92e7 + 6e6, 1e-12, 0.0);
    cfg.attention_frac = 0.5;
    assert_near(gw_flops_count(&cfg).attention, 0.96e7, 1e-12, 0.0);
    cfg.sequence_tok = 200.0;
    assert_near(gw_flops_count(&cfg).attention, 1.92e7, 1e-12, 0.0);
}

/* Full recomputation repeats a forward pass: a third of everything. Selective: a third of the attention. */
static void recomputing_repeats_forward_passes(void **state)
{
    (void)state;
    struct gw_flops_cfg cfg = {.active_params = 1000.0,
                               .layers = 2.0,
                               .width = 8.0,
                               .tokens = 1000.0,
                               .sequence_tok = 100.0,
                               .per_param = 6.0,
                               .forward = 2.0,
                               .attention_passes = 3.0,
                               .attention_frac = 1.0,
                               .recompute = GW_FLOPS_RECOMPUTE_FULL};
    const struct gw_flops full = gw_flops_count(&cfg);
    assert_near(full.hardware, full.model * 4.0 / 3.0, 1e-12, 0.0);
    cfg.recompute = GW_FLOPS_RECOMPUTE_SELECTIVE;
    const struct gw_flops selective = gw_flops_count(&cfg);
    assert_near(selective.recomputed, 1.92e7 / 3.0, 1e-12, 0.0);
    assert_near(selective.model, full.model, 0.0, 0.0);
}

/* With adapters (4 FLOP instead of 6) the repeated forward pass still costs 2. */
static void what_is_repeated_does_not_depend_on_what_is_trained(void **state)
{
    (void)state;
    const struct gw_flops_cfg cfg = {.active_params = 1000.0,
                                     .tokens = 1.0,
                                     .per_param = 4.0,
                                     .forward = 2.0,
                                     .attention_passes = 3.0,
                                     .recompute = GW_FLOPS_RECOMPUTE_FULL};
    assert_near(gw_flops_count(&cfg).model, 4000.0, 1e-12, 0.0);
    assert_near(gw_flops_count(&cfg).recomputed, 2000.0, 1e-12, 0.0);
}

static void a_mixture_counts_the_experts_of_a_token(void **state)
{
    const struct gw_llm *llm = entry(*state, "llm", "mixtral-8x7b");
    const struct gw_flops_cfg cfg = gw_flops_of(llm, 1e9, 0.0);
    assert_near(gw_flops_count(&cfg).model, 6e9 * llm->active_params, 1e-12, 0.0);
    assert_true(llm->active_params < 0.5 * llm->params);
    assert_near(cfg.width, 32.0 * 128.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_flop_per_weight_and_token),
        cmocka_unit_test(attention_grows_with_the_sequence),
        cmocka_unit_test(recomputing_repeats_forward_passes),
        cmocka_unit_test(what_is_repeated_does_not_depend_on_what_is_trained),
        cmocka_unit_test(a_mixture_counts_the_experts_of_a_token),
    };
    return cmocka_run_group_tests_name("flops", tests, entries_load, entries_unload);
}
