/* A training as a whole: published durations by hand, the three ways to state a speed, bad input. */
#include "tests/support/entries.h"

#include <string.h>

#include "models/training/training.h"

static struct gw_training_cfg job(struct entries *w, const char *llm, const char *node)
{
    struct gw_training_cfg cfg;
    assert_int_equal(gw_training_defaults(&cfg, &w->arena, NULL), GW_OK);
    cfg.llm = entry(w, "llm", llm);
    cfg.node = entry(w, "node", node);
    cfg.efficiency = entry(w, "efficiency", "megatron-a100");
    return cfg;
}

static struct gw_training estimate(const struct gw_training_cfg *cfg)
{
    struct gw_training t;
    struct gw_error err;
    if (gw_training_estimate(cfg, &t, &err) != GW_OK) {
        fail_msg("%s", err.why);
    }
    return t;
}

/* 6 x 405.85e9 x 15.6e12 FLOP on 16384 accelerators at 400 TFLOP/s: 5.796e6 s = 67.1 d (405e9: 66.9 d). */
static void llama_3_at_its_published_rate(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-3.1-405b", "h100x8");
    cfg.accelerators = 16384;
    cfg.tokens = 15.6e12;
    cfg.sequence_tok = 0.0;
    cfg.tflops = 400.0;
    const struct gw_training t = estimate(&cfg);
    assert_near(t.ideal_s / 86400.0, 67.09, 1e-3, 0.0);
    assert_near(t.hfu, 400.0 / 989.4, 1e-12, 0.0);
    assert_near(t.nodes, 2048.0, 0.0, 0.0);
    assert_near(t.wall_s, t.ideal_s / t.failures.ettr_exact, 1e-12, 0.0);
    assert_near(t.accelerator_h, 16384.0 * t.wall_s / 3600.0, 1e-12, 0.0);
}

/* 32 accelerators at 0.4 of 312: 8 nodes of four of an LLM of 6.738e9 on 1e9 tokens. */
static void a_model_without_failures_by_hand(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "a100x4");
    cfg.accelerators = 32;
    cfg.tokens = 1e9;
    cfg.sequence_tok = 0.0;
    cfg.mfu = 0.4;
    cfg.failures = (struct gw_failures_cfg){0};
    cfg.interval_s = 180.0;
    cfg.checkpoint.stall_s = 0.0;
    cfg.checkpoint.gb_per_s = 6.738e9 * 14.0 / 1e9 / 20.0; /* 20 s */
    cfg.overhead = 2.0;
    const struct gw_training t = estimate(&cfg);
    const double ideal_s = 6.0 * 6.738e18 / (32.0 * 0.4 * 312e12);
    assert_near(t.ideal_s, ideal_s, 1e-12, 0.0);
    assert_near(t.wall_s, ideal_s / 0.9, 1e-12, 0.0);
    assert_near(t.billed_h, 2.0 * t.accelerator_h, 1e-12, 0.0);

    /* 340 W computing, 93 W loaded idle in the checkpoint: 60 W of 400 would be less than that */
    assert_near(t.waveform.compute_w, 340.0, 1e-12, 0.0);
    assert_near(t.waveform.checkpoint_w, 93.0, 1e-12, 0.0);
    const struct gw_machine *node = cfg.node;
    const double compute_w =
        (4.0 * 340.0 + node->host_idle_w + node->host_dynamic_frac * 4.0 * 247.0) / node->psu_efficiency;
    const double pause_w = (4.0 * 93.0 + node->host_idle_w) / node->psu_efficiency;
    assert_near(t.compute_w, compute_w, 1e-12, 0.0);
    assert_near(t.checkpoint_w, pause_w, 1e-12, 0.0);
    assert_near(t.mean_w, 0.9 * compute_w + 0.1 * pause_w, 1e-12, 0.0);
    assert_near(t.it_kwh, 8.0 * t.mean_w * t.wall_s / 3.6e6, 1e-12, 0.0);
    assert_near(t.swing_w, 8.0 * (compute_w - pause_w), 1e-12, 0.0);
}

/* MFU 0.3 with full recomputation is HFU 0.4 and 124.8 TFLOP/s of hardware; either gives the same duration.
 */
static void rates_and_mfu_say_the_same(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "a100x8");
    cfg.accelerators = 64;
    cfg.tokens = 1e9;
    cfg.recompute = GW_FLOPS_RECOMPUTE_FULL;
    cfg.mfu = 0.3;
    const struct gw_training by_mfu = estimate(&cfg);
    assert_near(by_mfu.hfu, 0.4, 1e-12, 0.0);
    cfg.mfu = NAN;
    cfg.tflops = 124.8;
    const struct gw_training by_rate = estimate(&cfg);
    assert_near(by_rate.mfu, 0.3, 1e-12, 0.0);
    assert_near(by_rate.ideal_s, by_mfu.ideal_s, 1e-12, 0.0);
    assert_near(gw_training_hours(by_rate.flops.model, 312.0, 0.3) / 64.0, by_rate.ideal_s / 3600.0, 1e-12,
                0.0);
    assert_near(gw_training_mfu(by_rate.flops.model, 312.0, 64.0 * by_rate.ideal_s / 3600.0), 0.3, 1e-12,
                0.0);
}

/* Out of the table: 3.6e9 weights reached 138 TFLOP/s, 7.5e9 142; 6.738e9 lie at 0.854 between their
 * logarithms. Full recomputation leaves three quarters of that as MFU. Air of 30 C costs 1.5 %. */
static void the_table_is_used_where_nothing_is_given(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "a100x8");
    cfg.accelerators = 64;
    cfg.tokens = 1e9;
    cfg.recompute = GW_FLOPS_RECOMPUTE_FULL;
    const struct gw_training t = estimate(&cfg);
    assert_true(t.table.known);
    assert_near(t.tflops, 141.416, 2e-4, 0.0);
    assert_near(t.mfu, 0.75 * t.hfu, 1e-12, 0.0);
    cfg.air_c = 30.0;
    assert_near(estimate(&cfg).ideal_s, t.ideal_s / 0.985, 1e-12, 0.0);
}

/* Sixteen nodes of four fail as often as eight of eight. */
static void failures_count_accelerators_not_boxes(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "a100x4");
    cfg.accelerators = 64;
    cfg.tokens = 1e9;
    const double of_four_s = estimate(&cfg).failures.mttf_s;
    cfg.node = entry(*state, "node", "a100x8");
    assert_near(of_four_s, estimate(&cfg).failures.mttf_s, 1e-12, 0.0);
    assert_near(of_four_s, 86400.0 / (8.0 * 3.5e-3), 1e-12, 0.0);
}

static void adapters_cost_two_thirds_and_small_checkpoints(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "a100x8");
    cfg.accelerators = 8;
    cfg.tokens = 1e8;
    cfg.sequence_tok = 0.0;
    const struct gw_training full = estimate(&cfg);
    cfg.tuning = (struct gw_tuning_cfg){.method = GW_TUNING_LORA, .frac = 0.005, .kept_frac = 1.0};
    const struct gw_training lora = estimate(&cfg);
    assert_near(lora.ideal_s / full.ideal_s, 4.03 / 6.0, 1e-12, 0.0);
    assert_near(lora.checkpoint.bytes / full.checkpoint.bytes, 0.005, 1e-12, 0.0);
}

/* FP8 doubles the peak of an H100: half of the time at the same share of it. */
static void fewer_bits_are_faster_where_there_are_units_for_them(void **state)
{
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "h100x8");
    cfg.tokens = 1e9;
    cfg.mfu = 0.3;
    const double bf16_s = estimate(&cfg).ideal_s;
    cfg.precision_bits = 8;
    assert_near(estimate(&cfg).ideal_s, 0.5 * bf16_s, 1e-3, 0.0);
    cfg.precision_bits = 32;
    assert_near(estimate(&cfg).ideal_s, 2.0 * bf16_s, 1e-12, 0.0);
    cfg.precision_bits = 8;
    cfg.node = entry(*state, "node", "a100x8");
    struct gw_training t;
    struct gw_error err;
    assert_int_equal(gw_training_estimate(&cfg, &t, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "8 bits"));
}

static void what_does_not_fit_is_said(void **state)
{
    struct gw_training t = {0};
    struct gw_error err = {0};
    struct gw_training_cfg cfg = job(*state, "llama-2-7b", "a100x8");
    cfg.tokens = 1e9;
    cfg.mfu = 0.4;
    cfg.tflops = 100.0;
    assert_int_equal(gw_training_estimate(&cfg, &t, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "one of them"));
    cfg.mfu = NAN;
    cfg.tflops = 400.0;
    assert_int_equal(gw_training_estimate(&cfg, &t, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "312"));
    cfg.tflops = NAN;
    cfg.efficiency = NULL;
    assert_int_equal(gw_training_estimate(&cfg, &t, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "neither"));
    cfg.mfu = 0.4;
    cfg.tokens = 0.0;
    assert_int_equal(gw_training_estimate(&cfg, &t, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "0 tokens"));
    cfg.tokens = 1e9;
    cfg.failures.per_node_day = 1e3;
    cfg.failures.restart_s = 86400.0;
    cfg.interval_s = 86400.0;
    assert_int_equal(gw_training_estimate(&cfg, &t, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "never ends"));
    assert_near(t.wall_s, 0.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(llama_3_at_its_published_rate),
        cmocka_unit_test(a_model_without_failures_by_hand),
        cmocka_unit_test(rates_and_mfu_say_the_same),
        cmocka_unit_test(the_table_is_used_where_nothing_is_given),
        cmocka_unit_test(failures_count_accelerators_not_boxes),
        cmocka_unit_test(adapters_cost_two_thirds_and_small_checkpoints),
        cmocka_unit_test(fewer_bits_are_faster_where_there_are_units_for_them),
        cmocka_unit_test(what_does_not_fit_is_said),
    };
    return cmocka_run_group_tests_name("training", tests, entries_load, entries_unload);
}
