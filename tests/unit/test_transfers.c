/* Pairs of engine and accelerator whose speed was measured elsewhere: named once, only where replicas stand.
 * And what a pool and a model say of their replicas reaches these. */
#include "tests/support/near.h"

#include <stdio.h>
#include <string.h>

#include "sim/run/transfers.h"

static const char yaml[] =
    "geowatt: 1\nname: t\ntime: { start: 2023-06-01T00:00:00Z, duration: 1 h }\n"
    "sites:\n"
    "  - { name: o, place: the-dalles, grid: US-NW-BPAT, pools: [ { node: h100x8, count: 1 },\n"
    "      { node: a100x8, count: 1 }, { node: l4x1, count: 1 } ] }\n"
    "  - { name: v, place: ashburn, grid: US-MIDA-PJM, pools: [ { node: a100x8, count: 2, power_cap: 0.8,\n"
    "      clock: 1200 MHz } ] }\n"
    "serving:\n"
    "  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 2, techniques: [kv-fp8] } ]\n"
    "  demand: [ { origin: us-east, model: llama-2-70b, rate: 5 /s } ]\n"
    "policies: [ nearest ]\n";

static void load(struct gw_scenario *sc)
{
    struct gw_errors errs = {0};
    if (gw_scenario_parse(yaml, strlen(yaml), "t.yaml", NULL, sc, &errs) != GW_OK) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
}

/* Measured on the H100; the L4 is too small for the model: the A100 of both sites is left, once. */
static void each_pair_is_named_once(void **state)
{
    (void)state;
    struct gw_scenario sc = {0};
    load(&sc);
    struct gw_transfer list[GW_TRANSFERS_MAX];
    assert_int_equal(gw_transfers_find(&sc, list), 1);
    assert_string_equal(list[0].engine->name, "vllm-0.15");
    assert_string_equal(list[0].accelerator->name, "a100-80");
    struct gw_text text = {0};
    gw_transfers_print(&sc, &text);
    assert_string_equal(text.at, "vllm-0.15 on a100-80");
    gw_text_fini(&text);
    gw_scenario_fini(&sc);
}

/* 0.8 of 400 W; 1200 of 1410 MHz leaves (p 400 - 93) / (400 - 93) of what lies above loaded idle. */
static void limits_and_techniques_reach_the_replicas(void **state)
{
    (void)state;
    struct gw_scenario sc = {0};
    load(&sc);
    assert_int_equal(sc.site[0].n_groups, 2);
    const struct gw_group *free_group = &sc.site[0].group[1], *limited = &sc.site[1].group[0];
    assert_string_equal(free_group->node->name, "a100x8");
    assert_near(free_group->cfg.power.cap_w, 400.0, 0.0, 0.0);
    assert_near(free_group->cfg.power.saved_frac, 0.0, 0.0, 0.0);
    assert_near(limited->cfg.power.cap_w, 320.0, 1e-12, 0.0);
    const double p = gw_power_cap_power(&limited->node->accelerator->cap, 1200.0 / 1410.0);
    assert_near(limited->cfg.power.saved_frac, 1.0 - (400.0 * p - 93.0) / 307.0, 1e-12, 0.0);
    assert_true(limited->cfg.time.prompt > free_group->cfg.time.prompt);
    assert_near(sc.model[0].effect.kv_bytes, 0.5, 0.0, 0.0);
    gw_scenario_fini(&sc);
}

static enum gw_status load_drafting(const char *keys, struct gw_scenario *sc, struct gw_errors *errs)
{
    char text[1024];
    (void)snprintf(
        text, sizeof text,
        "geowatt: 1\nname: t\ntime: { start: 2023-06-01T00:00:00Z, duration: 1 h }\n"
        "catalogue: { techniques: { half: { base: speculative, title: h, draft_tokens: 3.5 } } }\n"
        "sites: [ { name: o, place: the-dalles, grid: US-NW-BPAT, pools: [ { node: h100x8, count: "
        "2 } ] } ]\n"
        "serving:\n  models: [ { llm: llama-2-70b, tensor_parallel: 8, %s } ]\n"
        "  demand: [ { origin: us-east, model: llama-2-70b, rate: 5 /s } ]\npolicies: [ nearest ]\n",
        keys);
    return gw_scenario_parse(text, strlen(text), "t.yaml", NULL, sc, errs);
}

/* What is simulated is drawn; what is estimated has the mean. Of two phases only one decodes. */
static void drawn_drafts_reach_the_replicas_that_decode(void **state)
{
    (void)state;
    struct gw_scenario sc = {0};
    struct gw_errors errs = {0};
    assert_int_equal(load_drafting("techniques: [speculative], drafts: drawn, "
                                   "replicas: { split: { prefill: 1, decode: 1 } }",
                                   &sc, &errs),
                     GW_OK);
    assert_int_equal(sc.site[0].n_groups, 2);
    for (uint32_t g = 0; g < 2; g++) {
        const struct gw_group *group = &sc.site[0].group[g];
        assert_int_equal(group->cfg.drafts.tokens, 0);
        assert_int_equal(group->drawn.drafts.tokens, group->phase == GW_PHASE_DECODE ? 7 : 0);
    }
    gw_scenario_fini(&sc);
}

static void half_a_token_cannot_be_drawn(void **state)
{
    (void)state;
    struct gw_scenario sc = {0};
    struct gw_errors errs = {0};
    assert_int_not_equal(load_drafting("techniques: [half], drafts: drawn", &sc, &errs), GW_OK);
    assert_non_null(strstr(errs.item[0].where, "serving.models[llama-2-70b].drafts"));
    assert_non_null(strstr(errs.item[0].why, "3.5 tokens of half"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_is_named_once),
        cmocka_unit_test(limits_and_techniques_reach_the_replicas),
        cmocka_unit_test(drawn_drafts_reach_the_replicas_that_decode),
        cmocka_unit_test(half_a_token_cannot_be_drawn),
    };
    return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
