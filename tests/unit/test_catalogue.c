/* The embedded catalogue: every entry binds, and what must agree between entries does. */
#include "tests/support/entries.h"

#include <string.h>

#include "models/hardware/hardware.h"
#include "tests/support/failing_malloc.h"

static const struct gw_node *section(const struct entries *w, const char *name)
{
    const struct gw_node *at = gw_node_get(w->catalogue.root, name);
    assert_non_null(at);
    return at;
}

static void every_entry_of_every_kind_binds(void **state)
{
    struct entries *w = *state;
    for (const struct gw_catalogue_kind *k = gw_catalogue_kinds(); k->kind != NULL; k++) {
        const struct gw_node *entries = section(w, k->section);
        assert_true(entries->n > 0);
        for (uint32_t i = 0; i < entries->n; i++) {
            assert_non_null(entry(w, k->kind, entries->entry[i].key));
        }
    }
}

static void every_section_has_a_kind(void **state)
{
    const struct entries *w = *state;
    const struct gw_node *root = w->catalogue.root;
    for (uint32_t i = 0; i < root->n; i++) {
        bool known = false;
        for (const struct gw_catalogue_kind *k = gw_catalogue_kinds(); k->kind != NULL; k++) {
            known = known || strcmp(k->section, root->entry[i].key) == 0;
        }
        if (!known) {
            fail_msg("no kind reads the section %s", root->entry[i].key);
        }
    }
}

static void every_file_is_recorded_as_an_input(void **state)
{
    const struct entries *w = *state;
    for (size_t i = 0; i < gw_catalogue_n_files; i++) {
        bool recorded = false;
        for (uint32_t j = 0; j < w->catalogue.n_inputs; j++) {
            recorded = recorded || strcmp(w->catalogue.input[j].path, gw_catalogue_files[i].name) == 0;
        }
        assert_true(recorded);
    }
    assert_null(gw_catalogue_files[gw_catalogue_n_files].name);
}

/* Loads with the n-th allocation failing, for every n: an error that says so, or the whole catalogue. */
static void a_lack_of_memory_is_reported(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct gw_tree tree = {0};
        struct gw_errors errs = {0};
        gw_failing_malloc_arm(n);
        const enum gw_status status = gw_catalogue_load(&tree, &errs);
        if (!gw_failing_malloc_disarm()) {
            assert_int_equal(status, GW_OK);
            gw_tree_fini(&tree);
            return;
        }
        assert_int_equal(status, GW_ERR_NOMEM);
        assert_true(errs.n > 0);
        assert_null(tree.root);
        gw_tree_fini(&tree);
    }
}

static void engines_fit_accelerators_that_exist(void **state)
{
    struct entries *w = *state;
    const struct gw_node *engines = section(w, "engines");
    for (uint32_t i = 0; i < engines->n; i++) {
        const struct gw_engine *e = entry(w, "engine", engines->entry[i].key);
        for (uint32_t j = 0; j < e->fits.n; j++) {
            const struct gw_accelerator *a = entry(w, "accelerator", e->fits.key[j]);
            assert_non_null(gw_engine_fit_for(e, a));
        }
    }
}

/* A law must not idle above the accelerator's own idle power by more than its fit says it may: at no
 * utilisation the two-util laws give about idle_w, so that a nearly empty step never jumps. */
static void two_util_laws_start_at_idle(void **state)
{
    struct entries *w = *state;
    const struct gw_node *accelerators = section(w, "accelerators");
    for (uint32_t i = 0; i < accelerators->n; i++) {
        const struct gw_accelerator *a = entry(w, "accelerator", accelerators->entry[i].key);
        if (strcmp(a->power.name, "two-util") == 0) {
            const struct gw_power_two_util *law = a->power.cfg;
            assert_near(law->idle_w, a->idle_w, 0.0, 10.0);
        }
    }
}

/* KV bytes per token, as published for these models. */
static void models_have_the_published_kv_size(void **state)
{
    struct entries *w = *state;
    static const struct {
        const char *llm;
        double bytes;
    } cases[] = {
        {"llama-2-7b", 524288},  {"llama-2-13b", 819200}, {"llama-3.1-8b", 131072}, {"llama-2-70b", 327680},
        {"bloom-176b", 4014080}, {"opt-66b", 2359296},    {"opt-13b", 819200},      {"llama-3.1-70b", 327680},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(gw_llm_kv_bytes(entry(w, "llm", cases[i].llm)), cases[i].bytes, 0.0, 0.0);
    }
}

/* The names that scenarios of the field ask for. */
static void nothing_that_people_ask_for_is_missing(void **state)
{
    struct entries *w = *state;
    static const char *const names[][2] = {
        {"llm", "llama-2-7b"},
        {"llm", "llama-2-13b"},
        {"llm", "llama-2-70b"},
        {"llm", "llama-3.1-8b"},
        {"llm", "llama-3.1-70b"},
        {"llm", "llama-3.1-405b"},
        {"llm", "llama-4-scout"},
        {"llm", "qwen3-8b"},
        {"llm", "qwen3-14b"},
        {"llm", "qwen3-32b"},
        {"llm", "gemma-3-12b"},
        {"llm", "gemma-3-27b"},
        {"llm", "mistral-nemo-12b"},
        {"llm", "mixtral-8x7b"},
        {"llm", "mixtral-8x22b"},
        {"llm", "bloom-176b"},
        {"llm", "opt-13b"},
        {"llm", "opt-66b"},
        {"llm", "opt-175b"},
        {"llm", "gpt-oss-20b"},
        {"llm", "gpt-oss-120b"},
        {"llm", "deepseek-v3"},
        {"llm", "deepseek-r1"},
        {"accelerator", "v100"},
        {"accelerator", "a100-40"},
        {"accelerator", "a100-80"},
        {"accelerator", "a40"},
        {"accelerator", "h100-sxm"},
        {"accelerator", "h100-pcie"},
        {"accelerator", "h100-nvl"},
        {"accelerator", "h200-sxm"},
        {"accelerator", "b200"},
        {"accelerator", "mi300x"},
        {"accelerator", "l4"},
        {"accelerator", "l40s"},
        {"accelerator", "t4"},
        {"accelerator", "rtx-pro-6000"},
        {"accelerator", "rtx-4090"},
        {"accelerator", "tpu-v4"},
        {"accelerator", "tpu-v5e"},
        {"accelerator", "tpu-v5p"},
        {"accelerator", "tpu-v6e"},
        {"accelerator", "wse-3"},
        {"accelerator", "hnlpu"},
        {"accelerator", "edge-soc"},
        {"accelerator", "laptop-gpu"},
        {"node", "a100x2"},
        {"node", "a100x4"},
        {"node", "a100x8"},
        {"node", "h100x2"},
        {"node", "h100x4"},
        {"node", "h100x8"},
        {"node", "dgx-a100"},
        {"node", "dgx-h100"},
        {"node", "dgx-b200"},
        {"node", "aws-p5-48xlarge"},
        {"node", "azure-nd-h100-v5"},
        {"node", "gcp-a3-highgpu-8g"},
        {"engine", "vllm-0.15"},
        {"engine", "vllm-2024"},
        {"engine", "hf-2023"},
        {"engine", "splitwise-2023"},
        {"technique", "int8"},
        {"technique", "int4"},
        {"technique", "fp8"},
        {"technique", "kv-fp8"},
        {"technique", "sparse-2-4"},
        {"technique", "distil-half"},
        {"technique", "speculative"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_non_null(entry(w, names[i][0], names[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry_of_every_kind_binds),
        cmocka_unit_test(every_section_has_a_kind),
        cmocka_unit_test(every_file_is_recorded_as_an_input),
        cmocka_unit_test(a_lack_of_memory_is_reported),
        cmocka_unit_test(engines_fit_accelerators_that_exist),
        cmocka_unit_test(two_util_laws_start_at_idle),
        cmocka_unit_test(models_have_the_published_kv_size),
        cmocka_unit_test(nothing_that_people_ask_for_is_missing),
    };
    return cmocka_run_group_tests_name("catalogue", tests, entries_load, entries_unload);
}
