/* One engine step taken apart: the parts make the whole, and the whole is the engine's. */
#include "tests/support/entries.h"

#include <math.h>

#include "models/serving/probe.h"

static struct gw_serving_setup setup_of(struct entries *w, int64_t tp, double cap_w)
{
    return (struct gw_serving_setup){.llm = entry(w, "llm", "llama-3.1-70b"),
                                     .engine = entry(w, "engine", "vllm-0.15"),
                                     .node = entry(w, "node", "h100x8"),
                                     .tensor_parallel = tp,
                                     .cap_w = cap_w};
}

static struct gw_probe probe(struct entries *w, double cap_w, int64_t batch, int64_t context, int64_t prompt)
{
    const struct gw_serving_setup setup = setup_of(w, 4, cap_w);
    const struct gw_probe_point point = {.batch = batch, .context_tok = context, .prompt_tok = prompt};
    struct gw_probe p;
    assert_int_equal(gw_probe_step(&setup, &point, &p, NULL), GW_OK);
    return p;
}

static void the_parts_make_the_step(void **state)
{
    const struct gw_probe p = probe(*state, INFINITY, 64, 330, 512);
    assert_near(p.fixed_s + p.layers_s + p.weights_s + p.seqs_s + p.flops_s + p.kv_s + p.prompt_s +
                    p.attention_s,
                p.step_s, 1e-6, 0.0);
    assert_near(p.capped_times, 1.0, 1e-6, 0.0);
}

/* 70.554e9 weights of two bytes over four times 3.352 TB/s; 64 times 330 tokens of 327680 bytes. */
static void the_parts_can_be_redone_by_hand(void **state)
{
    const struct gw_probe p = probe(*state, INFINITY, 64, 330, 0);
    assert_near(p.layers_s, 80 * 79.5e-6, 1e-12, 0.0);
    assert_near(p.weights_s, 141.108e9 / 13.408e12 * 0.957, 1e-9, 0.0);
    assert_near(p.kv_s, 64 * 330 * 327680.0 / 13.408e12 * 0.985, 1e-9, 0.0);
    assert_near(p.flops_s, 64 * 141.108e9 / 3957.6e12 * 1.634, 1e-9, 0.0);
    assert_near(p.mem_frac, (141.108e9 + 64 * 330 * 327680.0) / 13.408e12 / p.step_s, 1e-9, 0.0);
    assert_near(p.tok_per_s, 64 / p.step_s, 1e-12, 0.0);
    assert_near(p.j_per_tok * 64, p.replica_w * p.step_s, 1e-12, 0.0);
    assert_near(p.accelerator_w * 4, p.replica_w, 1e-12, 0.0);
}

/* ML.ENERGY v3: 500 W per accelerator and 0.80 J per token at this batch. */
static void watts_and_joules_are_near_the_measured_ones(void **state)
{
    const struct gw_probe p = probe(*state, INFINITY, 64, 330, 0);
    assert_near(p.accelerator_w, 500.4, 0.11, 0.0);
    assert_near(p.j_per_tok, 0.797, 0.15, 0.0);
}

static void limits_are_told(void **state)
{
    assert_true(probe(*state, INFINITY, 256, 330, 0).within_limits);
    assert_false(probe(*state, INFINITY, 257, 330, 0).within_limits);    /* sequences */
    assert_false(probe(*state, INFINITY, 256, 330, 100).within_limits);  /* the prompt is one, too */
    assert_false(probe(*state, INFINITY, 100, 330, 1949).within_limits); /* 2048 tokens in a step */
    const struct gw_probe p = probe(*state, INFINITY, 256, 4000, 0);
    assert_true(p.kv_frac > 1.0);
    assert_false(p.within_limits);
}

static void a_cap_shows_in_the_step(void **state)
{
    const struct gw_probe capped = probe(*state, 450.0, 64, 330, 0),
                          free = probe(*state, INFINITY, 64, 330, 0);
    assert_true(capped.capped_times > 1.05);
    assert_near(capped.step_s, capped.capped_times * free.step_s, 1e-6, 0.0);
    assert_true(capped.accelerator_w <= 450.0);
}

static void a_setup_that_cannot_serve_is_refused(void **state)
{
    const struct gw_serving_setup setup = setup_of(*state, 1, INFINITY);
    const struct gw_probe_point point = {.batch = 1};
    struct gw_probe p = {.step_s = 7.0};
    struct gw_error err;
    assert_int_equal(gw_probe_step(&setup, &point, &p, &err), GW_ERR_RANGE);
    assert_near(p.step_s, 7.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_make_the_step),
        cmocka_unit_test(the_parts_can_be_redone_by_hand),
        cmocka_unit_test(watts_and_joules_are_near_the_measured_ones),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(a_cap_shows_in_the_step),
        cmocka_unit_test(a_setup_that_cannot_serve_is_refused),
    };
    return cmocka_run_group_tests_name("probe", tests, entries_load, entries_unload);
}
