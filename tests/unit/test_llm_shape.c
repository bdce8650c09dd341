/* Weights counted from a model's shape: by hand, and against what each model of the catalogue states. */
#include "tests/support/entries.h"

#include <math.h>
#include <string.h>

#include "models/hardware/llm_shape.h"

/* Two layers of width 8 with 2 heads of width 4 and one of keys; gated feed-forward of width 16; 10 words. */
static struct gw_llm toy(void)
{
    return (struct gw_llm){
        .name = "toy",
        .layers = 2,
        .hidden = 8,
        .kv_heads = 1,
        .head_dim = 4,
        .experts = 1,
        .top_experts = 1,
        .shape = {.heads = 2, .attention_params = NAN, .ffn = 16, .ffn_matrices = 3, .vocab = 10}};
}

static void a_dense_model_is_counted_by_hand(void **state)
{
    (void)state;
    const struct gw_llm llm = toy();
    struct gw_llm_count c;
    assert_true(gw_llm_shape_count(&llm, &c));
    assert_near(c.attention, 2 * (8 * 8 + 8 * 8 + 2 * 8 * 4), 0.0, 0.0); /* q, o, k and v */
    assert_near(c.dense_ffn, 2 * 3 * 8 * 16, 0.0, 0.0);
    assert_near(c.embedding, 2 * 10 * 8, 0.0, 0.0);
    assert_near(c.total, 384 + 768 + 160, 0.0, 0.0);
    assert_near(c.active, 384 + 768 + 80, 0.0, 0.0);
}

static void a_mixture_counts_all_experts_and_multiplies_with_few(void **state)
{
    (void)state;
    struct gw_llm llm = toy();
    llm.experts = 4;
    llm.top_experts = 2;
    llm.shape.dense_layers = 1;
    llm.shape.expert_ffn = 5;
    llm.shape.shared_experts = 1;
    llm.shape.tied = true;
    struct gw_llm_count c;
    assert_true(gw_llm_shape_count(&llm, &c));
    assert_near(c.dense_ffn, 3 * 8 * 16, 0.0, 0.0);
    assert_near(c.routed_experts, 4 * 3 * 8 * 5, 0.0, 0.0);
    assert_near(c.shared_experts, 3 * 8 * 5, 0.0, 0.0);
    assert_near(c.routers, 8 * 4, 0.0, 0.0);
    assert_near(c.total, 384 + 384 + 480 + 120 + 32 + 80, 0.0, 0.0);
    assert_near(c.active, 384 + 384 + 240 + 120 + 32 + 80, 0.0, 0.0);
}

static void an_unknown_shape_counts_nothing(void **state)
{
    (void)state;
    struct gw_llm llm = toy();
    llm.shape.heads = 0;
    struct gw_llm_count c = {.total = 7.0};
    assert_false(gw_llm_shape_count(&llm, &c));
    assert_near(c.total, 7.0, 0.0, 0.0);
}

/* Every model of the catalogue, within 2 %: what it states and what its shape adds up to. */
static void stated_sizes_are_those_of_the_shapes(void **state)
{
    struct entries *w = *state;
    const struct gw_node *llms = gw_node_get(w->catalogue.root, "llms");
    for (uint32_t i = 0; i < llms->n; i++) {
        const struct gw_llm *l = entry(w, "llm", llms->entry[i].key);
        struct gw_llm_count c;
        if (!gw_llm_shape_count(l, &c)) {
            fail_msg("%s has no shape", l->name);
        }
        const double active = l->experts > 1 ? c.active : c.total;
        if (fabs(c.total / l->params - 1.0) > 0.02 || fabs(active / l->active_params - 1.0) > 0.02) {
            fail_msg("%s states %g and %g weights; its shape has %g and %g", l->name, l->params,
                     l->active_params, c.total, active);
        }
    }
}

/* Without a shape the experts' weights follow from params and active_params: Mixtral leaves out six of eight
 * experts, (46.7 - 12.88) 8 / 6 = 45.1 billion. */
static void experts_are_what_a_token_leaves_out(void **state)
{
    struct entries *w = *state;
    struct gw_llm l = *(const struct gw_llm *)entry(w, "llm", "mixtral-8x7b");
    const double counted = gw_llm_shape_expert_params(&l);
    assert_near(counted, 8.0 * 32 * 3 * 4096 * 14336, 1e-12, 0.0);
    l.shape.heads = 0;
    assert_near(gw_llm_shape_expert_params(&l), (46.703e9 - 12.879e9) * 8 / 6, 1e-12, 0.0);
    assert_near(gw_llm_shape_expert_params(&l), counted, 0.01, 0.0);
    assert_near(gw_llm_shape_expert_params(entry(w, "llm", "llama-2-7b")), 0.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dense_model_is_counted_by_hand),
        cmocka_unit_test(a_mixture_counts_all_experts_and_multiplies_with_few),
        cmocka_unit_test(an_unknown_shape_counts_nothing),
        cmocka_unit_test(stated_sizes_are_those_of_the_shapes),
        cmocka_unit_test(experts_are_what_a_token_leaves_out),
    };
    return cmocka_run_group_tests_name("llm_shape", tests, entries_load, entries_unload);
}
