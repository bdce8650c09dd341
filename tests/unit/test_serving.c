/* From catalogue entries to a replica's integers, and the estimate: by hand, in its limits, against the
 * engine. */
#include "tests/support/entries.h"

#include <math.h>
#include <string.h>

#include "models/serving/serving.h"
#include "sim/core/rng.h"
#include "tests/support/one_replica.h"

static struct gw_serving_setup setup_of(struct entries *w, const char *llm, const char *node, int64_t tp,
                                        const char *engine)
{
    return (struct gw_serving_setup){.llm = entry(w, "llm", llm),
                                     .engine = entry(w, "engine", engine),
                                     .node = entry(w, "node", node),
                                     .tensor_parallel = tp,
                                     .cap_w = INFINITY};
}

static struct gw_replica_cfg cfg_of(struct entries *w, const char *llm, const char *node, int64_t tp)
{
    const struct gw_serving_setup setup = setup_of(w, llm, node, tp, "vllm-0.15");
    struct gw_replica_cfg cfg;
    struct gw_error err;
    if (gw_serving_cfg(&setup, &cfg, &err) != GW_OK) {
        fail_msg("%s on %s: %s", llm, node, err.why);
    }
    return cfg;
}

static double us(gw_tick ticks)
{
    return (double)ticks / (double)GW_TICKS_PER_US;
}

/* --- coefficients ---------------------------------------------------------------------------------- */

/* Llama-2-70B on eight H100: W = 137.954 GB, eight times 3352 GB/s and 989.4 TFLOP/s. */
static void coefficients_match_a_pencil(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    const double bytes_per_us = 8 * 3352e9 / 1e6, flop_per_us = 8 * 989.4e12 / 1e6;

    assert_near(us(cfg.time.step), 80 * 79.5 + 137.954e9 / bytes_per_us * 0.957, 1e-9, 0.0);
    assert_near(us(cfg.time.seq), 39.1 + 137.954e9 / flop_per_us * 1.634, 1e-6, 0.0);
    assert_near(us(cfg.time.kv), 327680 / bytes_per_us * 0.985, 1e-4, 0.0); /* a few ten thousand ticks */
    assert_near(us(cfg.time.prompt), 137.954e9 / flop_per_us / 0.6, 1e-6, 0.0);
    assert_near(us(cfg.time.pair), 4.0 * 80 * 8192 / flop_per_us / 0.6, 1e-3, 0.0);

    /* a tick is 2^-20 us; utilisation counts time at the peak rates */
    assert_near(cfg.power.mem_step_ticks, 137.954e9 / bytes_per_us * 1048576, 1e-12, 0.0);
    assert_near(cfg.power.flop_tok_ticks, 137.954e9 / flop_per_us * 1048576, 1e-12, 0.0);
    assert_near(cfg.power.cap_w, 700.0, 0.0, 0.0);
    assert_near(cfg.power.n_accelerators, 8.0, 0.0, 0.0);
    assert_int_equal(cfg.max_seqs, 256);
    assert_int_equal(cfg.token_budget, 2048);
}

/* Of 405.85e9 weights eight tenths are multiplied at 1979 instead of 989.4 TFLOP/s; an A100 has no such
 * units. */
static void products_in_fp8_take_half_as_long(void **state)
{
    const struct gw_replica_cfg h100 = cfg_of(*state, "llama-3.1-405b-fp8", "h100x8", 8);
    const struct gw_replica_cfg a100 = cfg_of(*state, "llama-3.1-405b-fp8", "a100x8", 8);
    const double flop = 2 * 405.85e9;

    assert_near(us(h100.time.step), 126 * 79.5 + 1.2 * 405.85e9 / (8 * 3352e3) * 0.957, 1e-9, 0.0);
    assert_near(us(h100.time.prompt), flop / 8 / 0.6 * (0.2 / 989.4e6 + 0.8 / 1979e6), 1e-6, 0.0);
    assert_near(us(a100.time.prompt), flop / 8 / 0.65 / 312e6, 1e-6, 0.0);
}

/* Seven drafts at 0.02 of a step each, 0.75 accepted: of 3.5995 tokens the mean has its share of a step and
 * of drafting, the drawn step has both whole. A step that decodes nothing drafts nothing. */
static void drawn_drafts_take_the_time_of_a_step(void **state)
{
    struct entries *w = *state;
    const struct gw_technique *const list[] = {entry(w, "technique", "speculative")};
    const struct gw_technique_effect effect = gw_technique_compose(list, 1);
    struct gw_serving_setup setup = setup_of(w, "llama-2-70b", "h100x8", 8, "vllm-0.15");
    setup.effect = &effect;
    struct gw_replica_cfg mean, drawn;
    assert_int_equal(gw_serving_cfg(&setup, &mean, NULL), GW_OK);
    setup.drawn = true;
    assert_int_equal(gw_serving_cfg(&setup, &drawn, NULL), GW_OK);

    const double tokens = (1.0 - pow(0.75, 8)) / 0.25;
    assert_int_equal(drawn.drafts.tokens, 7);
    assert_near((double)drawn.drafts.accept * 0x1p-32, 0.75, 1e-9, 0.0);
    assert_int_equal(mean.drafts.tokens, 0);
    assert_near(us(drawn.time.step + drawn.time.draft), us(mean.time.step) * tokens, 1e-9, 0.0);
    assert_near(us(drawn.time.draft), us(drawn.time.step) * 7 * 0.02, 1e-9, 0.0);
    assert_near(us(drawn.time.seq), us(mean.time.seq) * tokens, 1e-6, 0.0);
    assert_near(us(drawn.time.kv), us(mean.time.kv) * tokens, 1e-3, 0.0);
    assert_int_equal(drawn.time.prompt, mean.time.prompt);

    /* one sequence: products and traffic per step */
    const struct gw_power_state a =
        gw_step_power_state(&mean.power, &(struct gw_step_load){.batch = 1, .context = 500}, mean.time.step);
    const struct gw_power_state b = gw_step_power_state(
        &drawn.power, &(struct gw_step_load){.batch = 1, .context = 500}, drawn.time.step + drawn.time.draft);
    assert_near(a.mem_frac, b.mem_frac, 1e-6, 0.0);
    assert_near(a.flop_frac, b.flop_frac, 1e-2, 0.0); /* attention of 500 tokens is not per token emitted */
}

/* The pairs of a whole prompt cost what 2 n L E FLOP per token and layer cost: 2 L E n^2 for large n. */
static void attention_of_a_whole_prompt(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    const double n = 2000.0;
    const double pairs = n * (n + 1.0) / 2.0;
    assert_near(us(cfg.time.pair) * pairs, 2.0 * 80 * 8192 * n * n / (8 * 989.4e6 * 0.6), 2e-3, 0.0);
}

/* Measured medians between tokens of ML.ENERGY v3, at a mean context of 100 + 0.65 output tokens. */
static void a_decode_step_takes_what_was_measured(void **state)
{
    static const struct {
        const char *llm, *node;
        int64_t tp;
        double batch, out_tok, measured_ms, rtol;
    } cases[] = {
        {"llama-3.1-8b", "h100x8", 1, 64, 396, 11.50, 0.10},
        {"llama-3.1-8b", "h100x8", 1, 255, 404, 26.13, 0.10},
        {"llama-3.1-70b", "h100x8", 4, 8, 350, 16.57, 0.10},
        {"llama-3.1-70b", "h100x8", 4, 64, 352, 22.43, 0.10},
        {"llama-3.1-70b", "h100x8", 4, 255, 349, 39.84, 0.10},
        {"qwen3-32b", "h100x8", 2, 64, 635, 22.45, 0.10},
        {"qwen3-32b", "h100x8", 2, 256, 634, 44.45, 0.10},
        {"qwen3-8b", "h100x8", 1, 64, 645, 13.95, 0.10},
        {"llama-3.1-405b", "b200x8", 8, 255, 440, 49.3, 0.15},
        {"llama-3.1-70b", "b200x8", 2, 64, 352, 21.7, 0.15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_replica_cfg cfg = cfg_of(*state, cases[i].llm, cases[i].node, cases[i].tp);
        const double context = 100.0 + 0.65 * cases[i].out_tok;
        const double step_us =
            us(cfg.time.step) + cases[i].batch * (us(cfg.time.seq) + context * us(cfg.time.kv));
        assert_near(step_us / 1e3, cases[i].measured_ms, cases[i].rtol, 0.0);
    }
}

/* KV tokens that engines reported at start, 90 % of the memory: docs/models/hardware.md, table 2. The last
 * two nearly fill the memory with weights, where a small error of the rest is a large one of what remains. */
static void kv_capacity_meets_the_engines_logs(void **state)
{
    static const struct {
        const char *llm, *node, *engine;
        int64_t tp;
        double measured_tok, rtol;
    } cases[] = {
        {"llama-2-7b", "h100x8", "vllm-0.15", 1, 119408, 0.03},
        {"qwen2.5-7b", "h100x8", "vllm-0.15", 1, 1045632, 0.03},
        {"mistral-nemo-12b", "h100x8", "vllm-0.15", 1, 308016, 0.03},
        {"llama-3.1-70b", "h100x8", "vllm-0.15", 4, 484016, 0.03},
        {"opt-13b", "a100x8", "splitwise-2023", 1, 66144, 0.06}, /* no activation memory set apart */
        {"opt-13b", "a100x8", "splitwise-2023", 2, 163008, 0.06},
        {"opt-13b", "a100x8", "splitwise-2023", 4, 356736, 0.06},
        {"opt-66b", "a100x8", "splitwise-2023", 4, 78496, 0.06},
        {"opt-66b", "a100x8", "splitwise-2023", 2, 11600, 0.20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_serving_setup setup =
            setup_of(*state, cases[i].llm, cases[i].node, cases[i].tp, cases[i].engine);
        struct gw_replica_cfg cfg;
        assert_int_equal(gw_serving_cfg(&setup, &cfg, NULL), GW_OK);
        assert_near((double)cfg.kv_blocks * cfg.block_tok, cases[i].measured_tok, cases[i].rtol, 0.0);
    }
}

static void what_cannot_serve_is_refused(void **state)
{
    struct entries *w = *state;
    struct gw_accelerator strange = *(const struct gw_accelerator *)entry(w, "accelerator", "h100-sxm");
    strange.name = "x1";
    struct gw_machine strange_node = *(const struct gw_machine *)entry(w, "node", "h100x8");
    strange_node.accelerator = &strange;

    struct gw_serving_setup fits = setup_of(w, "llama-2-70b", "h100x8", 8, "vllm-0.15");
    struct {
        struct gw_serving_setup setup;
        enum gw_status status;
        const char *why;
    } cases[] = {
        {fits, GW_ERR_RANGE, "multiple of tensor_parallel 3"},
        {fits, GW_ERR_RANGE, "multiple of tensor_parallel 0"},
        {fits, GW_ERR_RANGE, "weights of llama-2-70b take 138.0 GB"},
        {fits, GW_ERR_UNKNOWN, "no coefficients for the accelerator x1"},
        {fits, GW_ERR_RANGE, "cap of 200 W is below"},
    };
    cases[0].setup.tensor_parallel = 3;
    cases[1].setup.tensor_parallel = 0;
    cases[2].setup.tensor_parallel = 1;
    cases[3].setup.node = &strange_node;
    cases[4].setup.cap_w = 200.0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_replica_cfg cfg = {.max_seqs = 77};
        struct gw_error err;
        assert_int_equal(gw_serving_cfg(&cases[i].setup, &cfg, &err), cases[i].status);
        if (strstr(err.why, cases[i].why) == NULL) {
            fail_msg("case %zu: %s", i, err.why);
        }
        assert_int_equal(cfg.max_seqs, 77);
    }
}

/* 500 W for prompts that want 700: ((5/7 - 0.41) / 0.59)^(1/4.9) = 0.8732 of the speed. */
static void a_cap_slows_and_saves(void **state)
{
    struct gw_serving_setup setup = setup_of(*state, "llama-2-70b", "h100x8", 8, "vllm-0.15");
    struct gw_replica_cfg free_cfg, capped;
    assert_int_equal(gw_serving_cfg(&setup, &free_cfg, NULL), GW_OK);
    setup.cap_w = 500.0;
    assert_int_equal(gw_serving_cfg(&setup, &capped, NULL), GW_OK);
    assert_near((double)free_cfg.time.prompt / (double)capped.time.prompt, 0.8732, 1e-3, 0.0);
    assert_true(capped.time.step > free_cfg.time.step);
    assert_true((double)capped.time.step < 1.1 * (double)free_cfg.time.step);
    assert_near(capped.power.cap_w, 500.0, 0.0, 0.0);

    setup.cap_w = 699.0; /* no step wants more than its share of that for long: nearly nothing changes */
    assert_int_equal(gw_serving_cfg(&setup, &capped, NULL), GW_OK);
    assert_near((double)capped.time.prompt, (double)free_cfg.time.prompt, 1e-3, 0.0);
}

/* --- the estimate in its limits -------------------------------------------------------------------- */

static const struct gw_serving_load conversation = {
    .in_tok = 1155.0, .out_tok = 211.0, .in_tok_sq = 2.3e6, .out_tok_sq = 7.1e4};
static const struct gw_serving_load fixed = {.in_tok = 512.0, .out_tok = 128.0};

static struct gw_serving_estimate estimate(const struct gw_replica_cfg *cfg, struct gw_serving_load load,
                                           double utilisation)
{
    struct gw_serving_estimate out;
    load.rate_per_s = utilisation * gw_serving_capacity(cfg, &load);
    gw_serving_estimate(cfg, &load, &out);
    return out;
}

/* A lone request: one step for the prompt, then steps with one sequence at contexts 513 to 639. */
static void a_lone_request_needs_no_queueing_theory(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    const struct gw_serving_estimate e = estimate(&cfg, fixed, 0.0);
    const double prompt_us =
        us(cfg.time.step) + 512 * us(cfg.time.prompt) + 512 * 513 / 2 * us(cfg.time.pair);
    const double decode_us = us(cfg.time.step) + us(cfg.time.seq) + 576 * us(cfg.time.kv);
    assert_near(e.ttft_s * 1e6, prompt_us, 1e-3, 0.0);
    assert_near(e.itl_s * 1e6, decode_us, 1e-3, 0.0);
    assert_near(e.e2e_s * 1e6, prompt_us + 127 * decode_us, 1e-3, 0.0);
    assert_near(e.power_w, 8 * 100.0, 0.0, 0.0);
    assert_near(e.busy_frac, 0.0, 0.0, 0.0);

    /* its energy is that of these steps: watts of the engine's own law times their time */
    const struct gw_step_load prompt = {
        .prompt_tok = 512, .pairs = 512 * 513 / 2, .prompt_kv = 512, .prompts = 1};
    const struct gw_step_load decode = {.batch = 1, .context = 576};
    const double joules =
        gw_step_power_w(&cfg.power, &prompt, gw_step_time_of(&cfg.time, &prompt)) * prompt_us * 1e-6 +
        127 * gw_step_power_w(&cfg.power, &decode, gw_step_time_of(&cfg.time, &decode)) * decode_us * 1e-6;
    assert_near(e.request_j, joules, 2e-3, 0.0);

    /* the first requests also take idle power away */
    const double idle_j = 8 * 100.0 * (prompt_us + 127 * decode_us) * 1e-6;
    assert_near(e.marginal_j, joules - idle_j, 0.01, 0.0);
}

/* Replicas kept level by a dispatcher, a request a month and fewer: idle power, and the lone request's energy
 * that does not depend on how seldom it comes. */
static void a_request_a_century_is_no_division_by_zero(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x2", 2);
    struct gw_serving_load load = conversation;
    load.level = 4;
    load.rate_per_s = 1e-6;
    struct gw_serving_estimate month, rare;
    gw_serving_estimate(&cfg, &load, &month);
    for (double rate = 1e-6; rate > 1e-16; rate *= 0.3) {
        load.rate_per_s = rate;
        gw_serving_estimate(&cfg, &load, &rare);
        assert_near(rare.power_w, 2 * 100.0, 1e-3, 0.0);
        assert_near(rare.ttft_s, month.ttft_s, 1e-3, 0.0);
        assert_near(rare.batch, month.batch, 1e-3, 0.0);
    }
}

/* One token per answer: an M/G/1 queue of prompts. */
static void answers_of_one_token_have_no_decode(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    const struct gw_serving_load load = {.in_tok = 512.0, .out_tok = 1.0};
    for (double u = 0.0; u < 0.99; u += 0.1) {
        const struct gw_serving_estimate e = estimate(&cfg, load, u);
        assert_near(e.itl_s, 0.0, 0.0, 0.0);
        assert_near(e.e2e_s, e.ttft_s, 0.0, 0.0);
        assert_near(e.batch, 0.0, 0.0, 0.0);
        assert_true(isfinite(e.ttft_s) && isfinite(e.power_w));
    }
}

/* Little's law, and power = idle + energy per request times rate. */
/* Prompts alone, long in a small budget: what is cached is neither computed nor read again. */
static void cached_halves_of_prompts_cost_nothing(void **state)
{
    struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    cfg.time.pair = 0;
    struct gw_serving_load load = {.in_tok = 4000, .out_tok = 1};
    const double capacity = gw_serving_capacity(&cfg, &load);
    load.cached_frac = 0.5;
    assert_near(gw_serving_capacity(&cfg, &load), 2.0 * capacity, 1e-9, 0.0);
}

/* A quarter of 16-token blocks, in units of 32. */
static void prefixes_get_their_share_of_the_kv_memory(void **state)
{
    struct gw_serving_setup setup = setup_of(*state, "llama-2-70b", "h100x8", 8, "vllm-0.15");
    const struct gw_replica_cfg plain = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    struct gw_engine engine = *setup.engine;
    engine.prefix_frac = 0.25;
    engine.prefix_unit_tok = 32;
    setup.engine = &engine;
    struct gw_replica_cfg cfg;
    assert_int_equal(gw_serving_cfg(&setup, &cfg, NULL), GW_OK);
    assert_int_equal(cfg.prefix_units, plain.kv_blocks / 8);
    assert_int_equal(cfg.kv_blocks + 2 * cfg.prefix_units, plain.kv_blocks);
}

/* Two stages of four: the layers one after the other, everything per sequence and token over eight. */
static void a_pipeline_shares_the_work_and_not_the_layers(void **state)
{
    struct gw_serving_setup setup = setup_of(*state, "llama-2-70b", "h100x8", 4, "vllm-0.15");
    const struct gw_replica_cfg four = cfg_of(*state, "llama-2-70b", "h100x8", 4);
    const struct gw_replica_cfg eight = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    setup.pipeline_parallel = 2;
    struct gw_replica_cfg cfg;
    assert_int_equal(gw_serving_cfg(&setup, &cfg, NULL), GW_OK);
    assert_near(us(cfg.time.step), us(four.time.step) + 2 * 100.0, 1e-9, 0.0);
    assert_int_equal(cfg.time.kv, eight.time.kv);
    assert_int_equal(cfg.time.prompt, eight.time.prompt);
    assert_int_equal(cfg.time.pair, eight.time.pair);
    assert_int_equal(cfg.time.seq, eight.time.seq);
    assert_int_equal(cfg.kv_blocks, eight.kv_blocks);

    /* one sequence fills one of two stages: half of the weights' traffic, over twice the accelerators */
    const struct gw_step_load one = gw_serving_cfg_load(&cfg, 1, 0, 0);
    const struct gw_step_load two = gw_serving_cfg_load(&cfg, 2, 0, 0);
    const double a = gw_step_power_state(&cfg.power, &one, 1000000).mem_frac;
    const double b = gw_step_power_state(&cfg.power, &two, 1000000).mem_frac;
    assert_near(2.0 * a, b, 1e-12, 0.0);

    struct gw_error err;
    setup.pipeline_parallel = 3;
    assert_int_equal(gw_serving_cfg(&setup, &cfg, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "pipeline_parallel 3"));
}

static void the_parts_add_up(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    const double capacity = gw_serving_capacity(&cfg, &conversation);
    for (double u = 0.01; u < 0.999; u += 0.049) {
        const struct gw_serving_estimate e = estimate(&cfg, conversation, u);
        const double rate = u * capacity;
        assert_near(e.utilisation, u, 1e-12, 0.0);
        assert_near(e.batch * e.busy_frac, rate * 210.0 * e.itl_s, 1e-9, 0.0);
        assert_near(e.power_w, (1.0 - e.busy_frac) * 800.0 + rate * e.request_j, 1e-9, 0.0);
        assert_near(e.e2e_s, e.ttft_s + 210.0 * e.itl_s, 1e-12, 0.0);
    }
}

static void beyond_capacity_times_are_infinite_and_the_rest_is_not(void **state)
{
    const struct gw_replica_cfg cfg = cfg_of(*state, "llama-2-70b", "h100x8", 8);
    const struct gw_serving_estimate full = estimate(&cfg, conversation, 0.9989);
    const struct gw_serving_estimate over = estimate(&cfg, conversation, 3.0);
    assert_true(full.stable && isfinite(full.e2e_s));
    assert_false(over.stable);
    assert_near(over.utilisation, 3.0, 1e-12, 0.0);
    assert_true(isinf(over.ttft_s) && isinf(over.itl_s) && isinf(over.e2e_s));
    assert_near(over.power_w, full.power_w, 1e-3, 0.0);
    assert_near(over.batch, full.batch, 1e-2, 0.0);
    assert_true(over.marginal_j > 0.0 && isfinite(over.marginal_j));
}

/* For every model, length mix and load: finite, positive, and more load never makes anything better. The few
 * watts by which a sum and its quadrature differ are allowed. */
static void more_load_is_never_better(void **state)
{
    static const struct {
        const char *llm, *node;
        int64_t tp;
    } engines[] = {{"llama-2-70b", "h100x8", 8},  {"llama-2-13b", "a100x8", 1},
                   {"llama-3.1-8b", "h100x8", 1}, {"llama-2-70b", "h100x2", 2},
                   {"mixtral-8x7b", "h100x8", 2}, {"llama-3.1-405b", "b200x8", 8}};
    struct gw_rng rng;
    gw_rng_init(&rng, 20240607);
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++) {
        const struct gw_replica_cfg cfg = cfg_of(*state, engines[i].llm, engines[i].node, engines[i].tp);
        for (int trial = 0; trial < 100; trial++) {
            struct gw_serving_load load = {.in_tok = exp(1.0 + 7.0 * gw_rng_unit(gw_rng_next(&rng))),
                                           .out_tok = exp(7.0 * gw_rng_unit(gw_rng_next(&rng)))};
            load.in_tok_sq = load.in_tok * load.in_tok * (1.0 + 2.0 * gw_rng_unit(gw_rng_next(&rng)));
            load.out_tok_sq = load.out_tok * load.out_tok * (1.0 + 2.0 * gw_rng_unit(gw_rng_next(&rng)));
            struct gw_serving_estimate before = estimate(&cfg, load, 0.0);
            for (int step = 1; step < 60; step++) {
                const struct gw_serving_estimate e = estimate(&cfg, load, step / 50.0);
                const bool finite = isfinite(e.power_w) && isfinite(e.batch) && isfinite(e.request_j) &&
                                    isfinite(e.marginal_j) && isfinite(e.ttft_s) == e.stable;
                const bool worse = e.power_w >= before.power_w * 0.99 && e.itl_s >= before.itl_s * 0.999 &&
                                   e.ttft_s >= before.ttft_s * 0.999 &&
                                   e.busy_frac >= before.busy_frac * 0.999;
                if (!finite || !worse || e.busy_frac > 1.0) {
                    fail_msg("%s in %g out %g load %g: %g W %g s %g s busy %g; before %g W %g s %g s busy %g",
                             engines[i].llm, load.in_tok, load.out_tok, step / 50.0, e.power_w, e.ttft_s,
                             e.itl_s, e.busy_frac, before.power_w, before.ttft_s, before.itl_s,
                             before.busy_frac);
                }
                before = e;
            }
        }
    }
}

/* --- against the engine --------------------------------------------------------------------------- */

/* 60 000 requests of the Azure conversation trace's lengths through one replica. */
static void the_estimate_meets_the_simulated_engine(void **state)
{
    struct entries *w = *state;
    const struct gw_replica_cfg cfg = cfg_of(w, "llama-2-70b", "h100x8", 8);
    const struct gw_length_pair_cfg *lengths = entry(w, "length", "azure-conversation");
    struct gw_length prompt, output;
    assert_true(gw_length_build(&lengths->prompt, &prompt, &w->arena));
    assert_true(gw_length_build(&lengths->output, &output, &w->arena));
    struct gw_serving_load load = {.in_tok = prompt.mean,
                                   .out_tok = output.mean,
                                   .in_tok_sq = prompt.mean_sq,
                                   .out_tok_sq = output.mean_sq};
    for (double u = 0.1; u < 0.85; u += 0.23) {
        struct gw_one_replica simulated;
        gw_one_replica_measure(&cfg, &prompt, &output, u * gw_serving_capacity(&cfg, &load), 60000, 7,
                               &simulated);
        struct gw_serving_estimate e;
        gw_serving_estimate(&cfg, &simulated.load, &e);
        assert_near(e.power_w, simulated.power_w, 0.02, 0.0);
        assert_near(e.request_j, simulated.request_j, 0.02, 0.0);
        assert_near(e.busy_frac, simulated.busy_frac, 0.02, 0.0);
        assert_near(e.batch, simulated.batch, 0.04, 0.0);
        assert_near(e.itl_s, simulated.itl_s, 0.03, 0.0);
        assert_near(e.ttft_s, simulated.ttft_s, 0.06, 0.0);
        assert_near(e.e2e_s, simulated.e2e_s, 0.03, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coefficients_match_a_pencil),
        cmocka_unit_test(products_in_fp8_take_half_as_long),
        cmocka_unit_test(drawn_drafts_take_the_time_of_a_step),
        cmocka_unit_test(attention_of_a_whole_prompt),
        cmocka_unit_test(a_decode_step_takes_what_was_measured),
        cmocka_unit_test(kv_capacity_meets_the_engines_logs),
        cmocka_unit_test(what_cannot_serve_is_refused),
        cmocka_unit_test(a_cap_slows_and_saves),
        cmocka_unit_test(a_lone_request_needs_no_queueing_theory),
        cmocka_unit_test(a_request_a_century_is_no_division_by_zero),
        cmocka_unit_test(answers_of_one_token_have_no_decode),
        cmocka_unit_test(cached_halves_of_prompts_cost_nothing),
        cmocka_unit_test(prefixes_get_their_share_of_the_kv_memory),
        cmocka_unit_test(a_pipeline_shares_the_work_and_not_the_layers),
        cmocka_unit_test(the_parts_add_up),
        cmocka_unit_test(beyond_capacity_times_are_infinite_and_the_rest_is_not),
        cmocka_unit_test(more_load_is_never_better),
        cmocka_unit_test(the_estimate_meets_the_simulated_engine),
    };
    return cmocka_run_group_tests_name("serving", tests, entries_load, entries_unload);
}
