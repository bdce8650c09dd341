/* Techniques: factors by hand, together in any order, and what becomes of a served model's step. */
#include "tests/support/entries.h"

#include <math.h>
#include <string.h>

#include "models/serving/probe.h"

static const struct gw_technique *technique(struct entries *w, const char *name)
{
    return entry(w, "technique", name);
}

static void nothing_changes_without_techniques(void **state)
{
    (void)state;
    const struct gw_technique_effect e = gw_technique_compose(NULL, 0);
    assert_near(e.params * e.layers * e.weight_bytes * e.kv_bytes * e.arithmetic * e.decode_time * e.power,
                1.0, 0.0, 0.0);
    assert_near(e.tokens_per_step * e.step_time * e.verified * e.quality_frac, 1.0, 0.0, 0.0);
}

/* Seven drafted tokens, each accepted with 0.75: (1 - 0.75^8) / 0.25 = 3.5995 per step that takes 1.14 as
 * long: 3.16 times as fast where reading weights is everything. */
static void drafting_emits_a_geometric_sum_of_tokens(void **state)
{
    const struct gw_technique *t = technique(*state, "speculative");
    const struct gw_technique_effect e = gw_technique_compose(&t, 1);
    assert_near(e.tokens_per_step, 3.59954834, 1e-8, 0.0);
    assert_near(e.step_time, 1.14, 1e-12, 0.0);
    assert_near(e.verified, 8.0, 0.0, 0.0);
    assert_near(e.tokens_per_step / e.step_time, 3.157, 1e-3, 0.0);
}

/* FP8 weights, an FP8 cache and half of the layers: factors multiply, in whatever order they stand. */
static void techniques_multiply_in_any_order(void **state)
{
    const struct gw_technique *list[] = {technique(*state, "fp8"), technique(*state, "kv-fp8"),
                                         technique(*state, "distil-half"), technique(*state, "sparse-2-4"),
                                         technique(*state, "speculative")};
    const struct gw_technique_effect a = gw_technique_compose(list, 5);
    assert_near(a.weight_bytes, 0.5 * 0.5625, 1e-15, 0.0);
    assert_near(a.arithmetic, 0.5 * 0.63, 1e-15, 0.0);
    assert_near(a.params, 0.6, 0.0, 0.0);
    assert_near(a.layers, 0.5, 0.0, 0.0);
    assert_near(a.kv_bytes, 0.5, 0.0, 0.0);
    assert_near(a.quality_frac, 0.97 * 0.97, 1e-15, 0.0);
    for (int i = 0; i < 5; i++) {
        const struct gw_technique *first = list[0];
        memmove(list, list + 1, 4 * sizeof *list);
        list[4] = first;
        const struct gw_technique_effect b = gw_technique_compose(list, 5);
        assert_near(b.weight_bytes * b.arithmetic * b.params, a.weight_bytes * a.arithmetic * a.params, 1e-14,
                    0.0);
        assert_near(b.tokens_per_step, a.tokens_per_step, 1e-14, 0.0);
        assert_near(b.quality_frac, a.quality_frac, 1e-14, 0.0);
        assert_int_equal(gw_technique_clash(list, 5), 5);
    }
}

static void two_precisions_of_the_weights_clash(void **state)
{
    const struct gw_technique *list[] = {technique(*state, "fp8"), technique(*state, "kv-fp8"),
                                         technique(*state, "int4")};
    assert_int_equal(gw_technique_clash(list, 3), 2);
    assert_int_equal(gw_technique_clash(list, 2), 2);
}

static struct gw_probe probe(struct entries *w, const char *const *names, uint32_t n, double clock_frac,
                             int64_t batch)
{
    const struct gw_technique *list[4] = {NULL};
    for (uint32_t i = 0; i < n; i++) {
        list[i] = technique(w, names[i]);
    }
    const struct gw_technique_effect effect = gw_technique_compose(list, n);
    const struct gw_serving_setup setup = {.llm = entry(w, "llm", "llama-2-70b"),
                                           .engine = entry(w, "engine", "vllm-0.15"),
                                           .node = entry(w, "node", "h100x8"),
                                           .tensor_parallel = 8,
                                           .cap_w = INFINITY,
                                           .clock_frac = clock_frac,
                                           .effect = n > 0 ? &effect : NULL};
    struct gw_probe p;
    const struct gw_probe_point point = {.batch = batch, .context_tok = 1000};
    struct gw_error err;
    if (gw_probe_step(&setup, &point, &p, &err) != GW_OK) {
        fail_msg("%s", err.why);
    }
    return p;
}

/* FP8 halves the reading of the weights and the arithmetic, leaves overheads and cache, and what weights give
 * up the cache takes: 137.954 GB less 68.977 in 8 (0.9 x 85.9 - 1.5) GB. */
static void quantised_weights_are_read_in_half_the_time(void **state)
{
    static const char *const fp8[] = {"fp8"};
    const struct gw_probe plain = probe(*state, NULL, 0, 0.0, 64), q = probe(*state, fp8, 1, 0.0, 64);
    assert_near(q.weights_s, plain.weights_s / 2, 1e-12, 0.0);
    assert_near(q.flops_s, plain.flops_s / 2, 1e-12, 0.0);
    assert_near(q.layers_s, plain.layers_s, 0.0, 0.0);
    assert_near(q.kv_s, plain.kv_s, 0.0, 0.0);
    assert_near((q.kv_tok_max - plain.kv_tok_max) * 327680.0, 68.977e9, 1e-4, 0.0);
    assert_true(q.step_s < plain.step_s && q.j_per_tok < plain.j_per_tok);
}

/* A cache of half the size holds twice the tokens, but for a block. */
static void a_quantised_cache_holds_twice_the_tokens(void **state)
{
    static const char *const kv[] = {"kv-fp8"};
    const struct gw_probe plain = probe(*state, NULL, 0, 0.0, 64), q = probe(*state, kv, 1, 0.0, 64);
    assert_near(q.kv_tok_max, 2.0 * plain.kv_tok_max, 0.0, 16.0);
    assert_near(q.kv_s, plain.kv_s / 2, 1e-12, 0.0);
}

/* A lone sequence gains the published factor, 1.14 / 3.6 of the step; a full batch pays for eight times the
 * arithmetic and gains less. */
static void drafting_pays_for_small_batches(void **state)
{
    static const char *const draft[] = {"speculative"};
    const double one = probe(*state, NULL, 0, 0.0, 1).step_s / probe(*state, draft, 1, 0.0, 1).step_s;
    const double many = probe(*state, NULL, 0, 0.0, 256).step_s / probe(*state, draft, 1, 0.0, 256).step_s;
    assert_near(one, 3.157, 0.03, 0.0);
    assert_true(many < 0.8 * one);
    const struct gw_probe p = probe(*state, draft, 1, 0.0, 64), plain = probe(*state, NULL, 0, 0.0, 64);
    assert_near(p.flops_s, plain.flops_s * 8.0 / 3.59954834, 1e-8, 0.0);
    assert_true(p.flop_frac > plain.flop_frac);
}

/* 0.7 of the clock: arithmetic 1 / 0.7 longer, memory and overheads as before; by the law of the cap 0.41 +
 * 0.59 0.7^4.9 = 0.5128 of the limit is left, (359 - 100) / 600 = 0.4316 of what lies above loaded idle. */
static void a_locked_clock_slows_arithmetic_and_saves_power(void **state)
{
    const struct gw_probe plain = probe(*state, NULL, 0, 0.0, 64), slow = probe(*state, NULL, 0, 0.7, 64);
    assert_near(slow.flops_s, plain.flops_s / 0.7, 1e-12, 0.0);
    assert_near(slow.weights_s + slow.kv_s + slow.layers_s, plain.weights_s + plain.kv_s + plain.layers_s,
                1e-12, 0.0);
    assert_true(slow.step_s < 1.06 * plain.step_s);
    assert_near(slow.cfg.power.saved_frac, 1.0 - (0.5128 * 700.0 - 100.0) / 600.0, 1e-3, 0.0);
    assert_true(slow.j_per_tok < 0.68 * plain.j_per_tok);
    const struct gw_probe full = probe(*state, NULL, 0, 1.0, 64);
    assert_near(full.step_s, plain.step_s, 0.0, 0.0);
    assert_near(full.accelerator_w, plain.accelerator_w, 1e-12, 0.0);
}

/* For every technique of the catalogue alone: a small batch takes at most a tenth more energy per token. */
static void no_technique_of_the_catalogue_costs_energy_at_small_batches(void **state)
{
    struct entries *w = *state;
    const struct gw_node *all = gw_node_get(w->catalogue.root, "techniques");
    for (uint32_t i = 0; i < all->n; i++) {
        const char *const name = all->entry[i].key;
        const struct gw_probe plain = probe(w, NULL, 0, 0.0, 4), with = probe(w, &name, 1, 0.0, 4);
        if (!(with.j_per_tok < 1.1 * plain.j_per_tok)) {
            fail_msg("%s: %g J per token instead of %g", name, with.j_per_tok, plain.j_per_tok);
        }
    }
}

/* A hardwired unit reads no weights and runs its one model: 249 960 tokens/s at a batch of 216, 4.93 kW. */
static void hardwired_weights_are_not_read(void **state)
{
    struct entries *w = *state;
    struct gw_serving_setup setup = {.llm = entry(w, "llm", "gpt-oss-120b"),
                                     .engine = entry(w, "engine", "hardwired"),
                                     .node = entry(w, "node", "hnlpux16"),
                                     .tensor_parallel = 16,
                                     .cap_w = INFINITY};
    const struct gw_probe_point point = {.batch = 216, .context_tok = 100};
    struct gw_probe p;
    struct gw_error err;
    assert_int_equal(gw_probe_step(&setup, &point, &p, &err), GW_OK);
    assert_near(p.weights_s, 0.0, 0.0, 0.0);
    assert_near(p.tok_per_s, 249960.0, 0.03, 0.0);
    assert_near(p.replica_w, 16 * 308.39, 1e-12, 0.0);
    setup.llm = entry(w, "llm", "llama-2-7b");
    assert_int_equal(gw_probe_step(&setup, &point, &p, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "wired for gpt-oss-120b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_without_techniques),
        cmocka_unit_test(drafting_emits_a_geometric_sum_of_tokens),
        cmocka_unit_test(techniques_multiply_in_any_order),
        cmocka_unit_test(two_precisions_of_the_weights_clash),
        cmocka_unit_test(quantised_weights_are_read_in_half_the_time),
        cmocka_unit_test(a_quantised_cache_holds_twice_the_tokens),
        cmocka_unit_test(drafting_pays_for_small_batches),
        cmocka_unit_test(a_locked_clock_slows_arithmetic_and_saves_power),
        cmocka_unit_test(no_technique_of_the_catalogue_costs_energy_at_small_batches),
        cmocka_unit_test(hardwired_weights_are_not_read),
    };
    return cmocka_run_group_tests_name("technique", tests, entries_load, entries_unload);
}
