/* What the tables say: the commented YAML of all defaults, the reference page, one key. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/tree/explain.h"
#include "tests/support/small_world.h"

/* The example values of required keys. */
static const char *example(const char *path)
{
    static const struct {
        const char *path, *value;
    } examples[] = {
        {"name", "example"},         {"seed", "42"}, {"sites.name", "oregon"}, {"sites.pools.node", "h100x8"},
        {"sites.pools.count", "24"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        if (strcmp(examples[i].path, path) == 0) {
            return examples[i].value;
        }
    }
    return NULL;
}

static void every_key_stands_with_its_sentence_unit_range_and_default(void **state)
{
    (void)state;
    struct gw_text out = {0};
    gw_explain_yaml(&small_world_type, example, &out);
    assert_string_equal(
        out.at, "# Version of the format. Whole number, always 1.\n"
                "geowatt: 1\n"
                "# What results are called. Text; required.\n"
                "name: example\n"
                "# Where randomness starts. Whole number; required.\n"
                "seed: 42\n"
                "# First instant. UTC time.\n"
                "start: 2023-01-01\n"
                "# Interval of plans. Duration, 1 s to 365 d. Default: round number.\n"
                "epoch: 15 min\n"
                "# Whether models are loaded. True or false.\n"
                "warm: true\n"
                "# Held back. Number, 0 to 0.5.\n"
                "margin: 10 %\n"
                "# Never exceeded. Number, 0 to 0.5.\n"
                "limit: ~\n"
                "# What power costs. File name.\n"
                "prices: ~\n"
                "# Where things run. List of maps, 1 to 100000 entries; required.\n"
                "sites:\n"
                "  - # What others call it. Text; required.\n"
                "    name: oregon\n"
                "    # Where power comes from. Text, `{file: ...}`, `{constant: ...}` or `auto`.\n"
                "    grid: auto\n"
                "    # grid:\n"
                "    #   constant:\n"
                "    #     # Carbon intensity. Mass per energy in g/kWh, 0 to 2000; required.\n"
                "    #     carbon: required\n"
                "    # What stands in it. List of maps, 1 to 100 entries; required.\n"
                "    pools:\n"
                "      - # Which server. Name of a node in the catalogue; required.\n"
                "        node: h100x8\n"
                "        # How many. Whole number, 1 to 1000; required.\n"
                "        count: 24\n"
                "    # Storage. Map, or ~ for none.\n"
                "    battery: ~\n"
                "    # battery:\n"
                "    #   # What it holds. Energy in kWh, 0 to 1000000; required.\n"
                "    #   energy: required\n"
                "    #   # How fast. Power in kW, 0 to 1000000; required.\n"
                "    #   power: required\n"
                "    # Solar panels. Power in kW, 0 to 1000000.\n"
                "    pv: 0\n"
                "# What runs. List of maps.\n"
                "models: []\n"
                "# models:\n"
                "#   - # What demands call it. Text; required.\n"
                "#     name: required\n"
                "#     # What it is. Text.\n"
                "#     llm: ~\n"
                "# Who asks. List of maps.\n"
                "demand: []\n"
                "# demand:\n"
                "#   - # Who answers. Name of one of the models; required.\n"
                "#     model: required\n"
                "#     # Requests. Rate in 1/s, 0 to 1000000; required.\n"
                "#     rate: required\n"
                "#     # How urgent. One of interactive, batch.\n"
                "#     class: interactive\n"
                "#     # Share by origin. Map from names to (number, 0 to 0.5).\n"
                "#     shares: { a: 0.1, b: 20 % }\n"
                "# Two laws. List of (linear, curve, flat; or a map with `law` and the keys of that one).\n"
                "laws: [flat, { law: curve, bend: 2 }]\n");
    gw_text_fini(&out);
}

/* The explained scenario is a scenario: binding it gives the same tree as leaving out all that has a default.
 */
static void the_explained_scenario_is_the_default_one(void **state)
{
    (void)state;
    static const char shortest[] = "name: example\nseed: 42\n"
                                   "sites: [ { name: oregon, pools: [ { node: h100x8, count: 24 } ] } ]\n";
    struct gw_text explained = {0};
    gw_explain_yaml(&small_world_type, example, &explained);
    const char *const texts[] = {explained.at, shortest};
    struct gw_tree built_in, trees[2];
    struct gw_errors errs = {0};
    struct gw_arena arena = {0};
    assert_int_equal(
        gw_tree_parse(&built_in, small_built_in, sizeof small_built_in - 1, "built-in", NULL, &errs), GW_OK);
    const struct gw_bind_env env = {small_catalogue, small_index, &built_in};
    for (int i = 0; i < 2; i++) {
        struct small_world world = {0};
        assert_int_equal(gw_tree_parse(&trees[i], texts[i], strlen(texts[i]), "t.yaml", NULL, &errs), GW_OK);
        assert_int_equal(gw_bind_root(&trees[i], &small_world_type, &env, &world, &arena, &errs), GW_OK);
    }
    assert_true(gw_node_equal(trees[0].root, trees[1].root));
    gw_tree_fini(&trees[0]);
    gw_tree_fini(&trees[1]);
    gw_tree_fini(&built_in);
    gw_arena_fini(&arena);
    gw_text_fini(&explained);
}

static void the_reference_page_has_a_table_per_object(void **state)
{
    (void)state;
    struct gw_text out = {0};
    gw_explain_markdown(&small_site_type, "Sites", &out);
    assert_string_equal(
        out.at,
        "# Sites\n"
        "\n"
        "A datacenter.\n"
        "\n"
        "| key | meaning | takes | default | source |\n"
        "|---|---|---|---|---|\n"
        "| `name` | What others call it | text | required |  |\n"
        "| `grid` | Where power comes from | text, `{file: ...}`, `{constant: ...}` or `auto` | `auto` |  |\n"
        "| `pools` | What stands in it | list of maps, 1 to 100 entries | required |  |\n"
        "| `battery` | Storage | map, or ~ for none | `~` |  |\n"
        "| `pv` | Solar panels | power in kW, 0 to 1000000 | `0` |  |\n"
        "\n"
        "## `grid.constant`\n"
        "\n"
        "A grid that never changes.\n"
        "\n"
        "| key | meaning | takes | default | source |\n"
        "|---|---|---|---|---|\n"
        "| `carbon` | Carbon intensity | mass per energy in g/kWh, 0 to 2000 | required |  |\n"
        "\n"
        "## `pools`\n"
        "\n"
        "Equal servers.\n"
        "\n"
        "| key | meaning | takes | default | source |\n"
        "|---|---|---|---|---|\n"
        "| `node` | Which server | name of a node in the catalogue | required |  |\n"
        "| `count` | How many | whole number, 1 to 1000 | required |  |\n"
        "\n"
        "## `battery`\n"
        "\n"
        "A battery.\n"
        "\n"
        "| key | meaning | takes | default | source |\n"
        "|---|---|---|---|---|\n"
        "| `energy` | What it holds | energy in kWh, 0 to 1000000 | required |  |\n"
        "| `power` | How fast | power in kW, 0 to 1000000 | required |  |\n");
    gw_text_fini(&out);
}

static void parts_of_a_registry_have_tables_of_their_own(void **state)
{
    (void)state;
    struct gw_text out = {0};
    gw_explain_markdown(&small_chip_type, "Chips", &out);
    assert_non_null(strstr(out.at, "## `power: linear`\n\nA straight line.\n"));
    assert_non_null(strstr(out.at, "| `slope` | Rise per load | number | `1` | round number |\n"));
    assert_non_null(strstr(out.at, "## `power: curve`\n"));
    assert_null(strstr(out.at, "## `power: flat`\n")); /* it has no keys */
    gw_text_fini(&out);
}

static void one_key_is_explained_by_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *path, *expected;
    } cases[] = {
        {"epoch", "epoch\n"
                  "  Interval of plans.\n"
                  "  takes    duration, 1 s to 365 d\n"
                  "  default  15 min\n"
                  "  source   round number\n"},
        {"sites[oregon].pv", "sites[oregon].pv\n"
                             "  Solar panels.\n"
                             "  takes    power in kW, 0 to 1000000\n"
                             "  default  0\n"},
        {"sites.pools", "sites.pools\n"
                        "  What stands in it.\n"
                        "  takes    list of maps, 1 to 100 entries\n"
                        "  default  none, it must be given\n"
                        "\n"
                        "# Which server. Name of a node in the catalogue; required.\n"
                        "node: required\n"
                        "# How many. Whole number, 1 to 1000; required.\n"
                        "count: required\n"},
        {"laws.curve", "laws.curve\n"
                       "  A power of the load.\n"
                       "  takes    map\n"
                       "\n"
                       "# Value without load. Number.\n"
                       "start: 0.1\n"
                       "# Exponent. Number; required.\n"
                       "bend: required\n"},
        {"laws.slope", "laws.slope\n"
                       "  Rise per load.\n"
                       "  takes    number\n"
                       "  default  1\n"
                       "  source   round number\n"},
        {"sites.grid.constant.carbon", "sites.grid.constant.carbon\n"
                                       "  Carbon intensity.\n"
                                       "  takes    mass per energy in g/kWh, 0 to 2000\n"
                                       "  default  none, it must be given\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_text out = {0};
        assert_true(gw_explain_key(&small_world_type, cases[i].path, &out, NULL));
        assert_string_equal(out.at, cases[i].expected);
        gw_text_fini(&out);
    }
}

static void an_unknown_key_gets_the_nearest_path(void **state)
{
    (void)state;
    static const struct {
        const char *path, *nearest;
    } cases[] = {
        {"epoc", "epoch"},                              /* spelt alike */
        {"battery", "sites.battery"},                   /* the end of a path */
        {"pools.count", "sites.pools.count"},           /* the same, of two parts */
        {"site.batery.energy", "sites.battery.energy"}, /* spelt alike as a whole */
        {"batery", "sites.battery"},                    /* the last key spelt alike */
        {"epoch.x", "epoch"},
        {"nothing.like.it", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_text out = {0}, nearest = {0};
        assert_false(gw_explain_key(&small_world_type, cases[i].path, &out, &nearest));
        assert_int_equal(out.n, 0);
        assert_string_equal(nearest.at, cases[i].nearest);
        gw_text_fini(&nearest);
        gw_text_fini(&out);
    }
}

/* A table may contain itself: then the inner one is not spelled out again. */
static void a_table_that_contains_itself_ends(void **state)
{
    (void)state;
    struct tree {
        double weight;
        struct gw_slice children;
    };
    static struct gw_type type = {.kind = GW_OBJ, .size = sizeof(struct tree), .doc = "A tree"};
    static const struct gw_type list = {.kind = GW_LIST, .of = &type};
    static const struct gw_field fields[] = {
        GW_FIELD(struct tree, weight, &small_number, "1", "What it weighs", NULL),
        GW_FIELD(struct tree, children, &list, "[]", "What hangs on it", NULL),
        GW_FIELD_END,
    };
    type.of = fields;
    struct gw_text out = {0}, nearest = {0};
    struct gw_errors errs = {0};
    gw_explain_yaml(&type, NULL, &out);
    assert_string_equal(out.at, "# What it weighs. Number.\nweight: 1\n"
                                "# What hangs on it. List of maps.\nchildren: []\n");
    gw_text_fini(&out);
    assert_true(gw_explain_key(&type, "children.children.weight", &out, &nearest));
    assert_false(gw_explain_key(&type, "wieght", &out, &nearest));
    assert_string_equal(nearest.at, "weight");
    gw_bind_verify(&type, &errs);
    assert_int_equal(errs.n, 0);
    gw_text_fini(&out);
    gw_text_fini(&nearest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_stands_with_its_sentence_unit_range_and_default),
        cmocka_unit_test(the_explained_scenario_is_the_default_one),
        cmocka_unit_test(the_reference_page_has_a_table_per_object),
        cmocka_unit_test(parts_of_a_registry_have_tables_of_their_own),
        cmocka_unit_test(one_key_is_explained_by_its_path),
        cmocka_unit_test(an_unknown_key_gets_the_nearest_path),
        cmocka_unit_test(a_table_that_contains_itself_ends),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
