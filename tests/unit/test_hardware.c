/* The parameter tables of accelerators, nodes, llms and engines: what they accept, and which nonsense they
 * name. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "models/hardware/hardware.h"

static void tables_are_well_formed(void **state)
{
    (void)state;
    static const struct gw_type *const types[] = {&gw_accelerator_type, &gw_machine_type, &gw_llm_type,
                                                  &gw_engine_type};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct gw_errors errs = {0};
        gw_bind_verify(types[i], &errs);
        if (errs.n > 0) {
            fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
        }
    }
    for (const char *const *law = gw_power_law_names(); *law != NULL; law++) {
        struct gw_errors errs = {0};
        gw_bind_verify(gw_power_law_type(*law), &errs);
        assert_int_equal(errs.n, 0);
    }
}

/* A catalogue written by a user, and one entry of it bound. */
struct bound {
    struct gw_tree tree, built_in;
    struct gw_arena arena;
    struct gw_errors errs;
    const void *entry;
};

static enum gw_status bind(struct bound *b, const char *yaml, const char *kind, const char *name)
{
    memset(b, 0, sizeof *b);
    assert_int_equal(gw_tree_parse(&b->tree, yaml, strlen(yaml), "user.yaml", NULL, &b->errs), GW_OK);
    assert_int_equal(gw_catalogue_load(&b->built_in, &b->errs), GW_OK);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &b->built_in};
    return gw_bind_entry(&b->tree, &env, kind, name, &b->entry, &b->arena, &b->errs);
}

static void release(struct bound *b)
{
    gw_arena_fini(&b->arena);
    gw_tree_fini(&b->tree);
    gw_tree_fini(&b->built_in);
}

static const char small_world[] =
    "catalogue:\n"
    "  accelerators:\n"
    "    toy:\n"
    "      title: A toy\n"
    "      tdp_w: 0.3 kW\n"
    "      idle_w: 20\n"
    "      loaded_idle_w: 30 W\n"
    "      memory_gb: 80 GiB\n"
    "      bandwidth_gb_per_s: 1 TB/s\n"
    "      dense_tflops: 0.1 PFLOPS\n"
    "      power: { law: states, prefill_w: 300 W, decode_w: 250 W }\n"
    "  nodes:\n"
    "    toy-box: { title: Box, accelerator: toy, count: 2, host_idle_w: 100 W,\n"
    "      host_dynamic_frac: 30 %, psu_efficiency: 0.9, sleep_w: 10 W, off_w: 5 W }\n"
    "  engines:\n"
    "    plain:\n"
    "      { title: E, max_seqs: 8, token_budget: 64, block_tok: 16,\n"
    "        memory_frac: 0.9, activation_gb: 0, api_ms: 0, api_us_per_tok: 0,\n"
    "        fits: { toy: { step_us: 1 ms, layer_us: 50, layer_parallel_us: 5,\n"
    "          seq_us: 10, weight_inv_eff: 1.2, kv_inv_eff: 1.3,\n"
    "          decode_flop_inv_eff: 1.4, prompt_flop_eff: 0.5,\n"
    "          quality: transferred } } }\n";

static void units_reach_the_structs(void **state)
{
    (void)state;
    struct bound b;
    assert_int_equal(bind(&b, small_world, "node", "toy-box"), GW_OK);
    const struct gw_machine *node = b.entry;
    assert_string_equal(node->name, "toy-box");
    assert_int_equal(node->count, 2);
    assert_near(node->host_dynamic_frac, 0.3, 1e-15, 0.0);
    const struct gw_accelerator *a = node->accelerator;
    assert_string_equal(a->name, "toy");
    assert_near(a->tdp_w, 300.0, 0.0, 0.0);
    assert_near(a->memory_gb, 80.0 * 1.073741824, 1e-15, 0.0); /* 2^30 / 10^9 */
    assert_near(a->bandwidth_gb_per_s, 1000.0, 0.0, 0.0);
    assert_near(a->dense_tflops, 100.0, 1e-15, 0.0);
    assert_true(isnan(a->embodied_kgco2));
    assert_string_equal(a->power.name, "states");
    assert_near(((const struct gw_power_states *)a->power.cfg)->decode_w, 250.0, 0.0, 0.0);
    release(&b);
}

static void a_fit_is_found_by_the_accelerators_name(void **state)
{
    (void)state;
    struct bound b;
    assert_int_equal(bind(&b, small_world, "engine", "plain"), GW_OK);
    const struct gw_accelerator toy = {.name = "toy"}, other = {.name = "to"};
    const struct gw_engine_fit *fit = gw_engine_fit_for(b.entry, &toy);
    assert_non_null(fit);
    assert_near(fit->step_us, 1000.0, 0.0, 0.0);
    assert_int_equal(fit->quality, GW_FIT_TRANSFERRED);
    assert_null(gw_engine_fit_for(b.entry, &other));
    release(&b);
}

/* Each pair of values that cannot both be true is refused, and the message stands at the key. */
static void nonsense_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *name, *yaml, *where, *why;
    } cases[] = {
        {"accelerator", "x",
         "catalogue: { accelerators: { x: { title: X, tdp_w: 100, idle_w: 60, loaded_idle_w: 50, memory_gb: "
         "1,\n"
         "  bandwidth_gb_per_s: 1, dense_tflops: 1, power: { law: states, prefill_w: 1, decode_w: 1 } } } "
         "}\n",
         "loaded_idle_w", "below idle_w 60"},
        {"accelerator", "x",
         "catalogue: { accelerators: { x: { title: X, tdp_w: 100, idle_w: 60, loaded_idle_w: 101, memory_gb: "
         "1,\n"
         "  bandwidth_gb_per_s: 1, dense_tflops: 1, power: { law: states, prefill_w: 1, decode_w: 1 } } } "
         "}\n",
         "loaded_idle_w", "above tdp_w 100"},
        {"accelerator", "x",
         "catalogue: { accelerators: { x: { title: X, tdp_w: 100, idle_w: 6, loaded_idle_w: 10, memory_gb: "
         "1,\n"
         "  bandwidth_gb_per_s: 1, dense_tflops: 1, power: { law: logistc, base_w: 1 } } } }\n",
         "power", "logistic"},
        {"accelerator", "x",
         "catalogue: { accelerators: { x: { title: X, tdp_w: 100, idle_w: 6, loaded_idle_w: 10, memory_gb: "
         "1,\n"
         "  bandwidth_gb_per_s: 1, dense_tflops: 1, power: { law: states, prefill_w: 1, decode_w: 1 },\n"
         "  cap_static_frac: 1 } } }\n",
         "cap_static_frac", "below 1"},
        {"llm", "x",
         "catalogue: { llms: { x: { title: X, params: 7e9, active_params: 8e9, layers: 2, hidden: 8, "
         "kv_heads: 1,\n"
         "  head_dim: 8 } } }\n",
         "active_params", "above params"},
        {"llm", "x",
         "catalogue: { llms: { x: { title: X, params: 7e9, active_params: 7e9, layers: 2, hidden: 8, "
         "kv_heads: 0,\n"
         "  head_dim: 8 } } }\n",
         "kv_heads", ""},
        {"llm", "x", "catalogue: { llms: { x: { base: llama-2-7b, title: X, params: 8e9 } } }\n", "params",
         "6.738e+09 weights"},
        {"llm", "x", "catalogue: { llms: { x: { base: mixtral-8x7b, title: X, experts_per_token: 9 } } }\n",
         "experts_per_token", "9 of 8"},
        {"llm", "x",
         "catalogue: { llms: { x: { base: mixtral-8x7b, title: X, active_params: 46.703e9 } } }\n",
         "active_params", "2 of 8 experts"},
        {"engine", "x",
         "catalogue: { engines: { x: { title: X, max_seqs: 65, token_budget: 64, block_tok: 16, memory_frac: "
         "0.9,\n"
         "  activation_gb: 0, api_ms: 0, api_us_per_tok: 0, fits: { y: { step_us: 1, layer_us: 50,\n"
         "  layer_parallel_us: 5, seq_us: 10, weight_inv_eff: 1.2, kv_inv_eff: 1.3, decode_flop_inv_eff: "
         "1.4,\n"
         "  prompt_flop_eff: 0.5, quality: measured } } } } }\n",
         "max_seqs", "token_budget is 64"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        assert_int_not_equal(bind(&b, cases[i].yaml, cases[i].kind, cases[i].name), GW_OK);
        assert_int_equal(b.errs.n, 1);
        if (strstr(b.errs.item[0].where, cases[i].where) == NULL ||
            strstr(b.errs.item[0].why, cases[i].why) == NULL) {
            fail_msg("case %zu: %s: %s", i, b.errs.item[0].where, b.errs.item[0].why);
        }
        release(&b);
    }
}

/* Llama-2-70B: 2 bytes a weight; 2 * 80 layers * 8 heads * 128 * 2 bytes a token. */
static void bytes_of_a_model(void **state)
{
    (void)state;
    const struct gw_llm llm = {.params = 68.977e9,
                               .layers = 80,
                               .kv_heads = 8,
                               .head_dim = 128,
                               .bytes_per_weight = 2.0,
                               .bytes_per_kv = 2.0};
    assert_near(gw_llm_weight_bytes(&llm), 137.954e9, 1e-15, 0.0);
    assert_near(gw_llm_kv_bytes(&llm), 327680.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_well_formed),
        cmocka_unit_test(units_reach_the_structs),
        cmocka_unit_test(a_fit_is_found_by_the_accelerators_name),
        cmocka_unit_test(nonsense_is_named),
        cmocka_unit_test(bytes_of_a_model),
    };
    return cmocka_run_group_tests_name("hardware", tests, NULL, NULL);
}
