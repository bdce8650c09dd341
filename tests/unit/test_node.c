/* Nodes: looking up, adding, copying, merging, comparing. */
#include "tests/support/near.h"

#include <stdio.h>
#include <string.h>

#include "sim/tree/lookup.h"
#include "sim/tree/tree.h"

static struct gw_tree load(const char *yaml)
{
    struct gw_tree tree;
    struct gw_errors errs = {0};
    if (gw_tree_parse(&tree, yaml, strlen(yaml), "t.yaml", NULL, &errs) != GW_OK) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
    return tree;
}

static void get_finds_a_key_of_a_map_and_nothing_elsewhere(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: 1\nb: [2]\n");
    assert_string_equal(gw_node_get(tree.root, "a")->text, "1");
    assert_null(gw_node_get(tree.root, "c"));
    assert_null(gw_node_get(gw_node_get(tree.root, "b"), "a"));
    assert_null(gw_node_get(NULL, "a"));
    gw_tree_fini(&tree);
}

static void null_is_what_yaml_writes_without_quotes(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: ~\nb: null\nc:\nd: 'null'\ne: ''\nf: []\n");
    assert_true(gw_node_is_null(gw_node_get(tree.root, "a")));
    assert_true(gw_node_is_null(gw_node_get(tree.root, "b")));
    assert_true(gw_node_is_null(gw_node_get(tree.root, "c")));
    assert_false(gw_node_is_null(gw_node_get(tree.root, "d")));
    assert_false(gw_node_is_null(gw_node_get(tree.root, "e")));
    assert_false(gw_node_is_null(gw_node_get(tree.root, "f")));
    assert_null(gw_node_text(tree.root, "a"));
    assert_string_equal(gw_node_text(tree.root, "d"), "null");
    gw_tree_fini(&tree);
}

static void nodes_remember_line_and_column(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: 1\nsites:\n  - {name: \"\xc3\xa4\", x: 5}\n");
    const struct gw_node *x = gw_tree_at(&tree, "sites[0].x");
    char where[64];
    gw_pos_print(x->pos, where, sizeof where);
    assert_string_equal(where, "t.yaml:3:20"); /* columns count characters, not bytes */
    gw_pos_print((struct gw_pos){.file = "--set a=1"}, where, sizeof where);
    assert_string_equal(where, "--set a=1");
    gw_tree_fini(&tree);
}

static void put_adds_keys_to_maps_and_elements_to_lists(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: 1\nl: []\n");
    const struct gw_pos pos = {.file = "t.yaml", .line = 9, .col = 1};
    assert_true(gw_node_put(&tree, tree.root, "b", gw_node_scalar(&tree, "2", false, pos)));
    assert_true(gw_node_put(&tree, gw_node_get(tree.root, "l"), NULL, gw_node_scalar(&tree, "x", true, pos)));
    struct gw_tree expected = load("a: 1\nl: ['x']\nb: 2\n");
    assert_true(gw_node_equal(tree.root, expected.root));
    gw_tree_fini(&tree);
    gw_tree_fini(&expected);
}

static void equality_sees_kind_text_quotes_keys_and_order(void **state)
{
    (void)state;
    static const char *const others[] = {
        "a: 2\nb: [x]\n", "a: '1'\nb: [x]\n",  "b: [x]\na: 1\n",
        "a: 1\nb: x\n",   "a: 1\nb: [x, y]\n", "a: 1\nc: [x]\n",
    };
    struct gw_tree tree = load("a: 1\nb: [x]\n"), same = load("{ a: 1, b:\n   [ x ] }");
    assert_true(gw_node_equal(tree.root, same.root));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct gw_tree other = load(others[i]);
        assert_false(gw_node_equal(tree.root, other.root));
        gw_tree_fini(&other);
    }
    gw_tree_fini(&tree);
    gw_tree_fini(&same);
}

/* A copy may outlive the tree it was made from, positions included. */
static void copies_own_everything(void **state)
{
    (void)state;
    struct gw_tree from = load("a: {b: [1, 'x']}\n"), to = load("{}"), expected = load("a: {b: [1, 'x']}\n");
    struct gw_node *copy = gw_node_copy(&to, from.root);
    gw_tree_fini(&from);
    assert_true(gw_node_equal(copy, expected.root));
    char where[64];
    gw_pos_print(gw_node_get(copy, "a")->pos, where, sizeof where);
    assert_string_equal(where, "t.yaml:1:4");
    gw_tree_fini(&to);
    gw_tree_fini(&expected);
}

static void merging_goes_key_by_key_and_replaces_the_rest(void **state)
{
    (void)state;
    struct gw_tree under = load("a: {x: 1, y: 2}\nb: [1, 2]\nc: {z: 1}\n");
    struct gw_tree over = load("b: [3]\na: {y: 3, w: 4}\nc: 5\nd: 6\n");
    struct gw_tree expected = load("a: {x: 1, y: 3, w: 4}\nb: [3]\nc: 5\nd: 6\n");
    assert_true(gw_node_merge(&under, under.root, over.root));
    assert_true(gw_node_equal(under.root, expected.root));
    gw_tree_fini(&under);
    gw_tree_fini(&over);
    gw_tree_fini(&expected);
}

/* Beyond a few keys names are sorted instead of searched one by one; the result is the same. */
static void wide_maps_merge_alike(void **state)
{
    (void)state;
    struct gw_text under_yaml = {0}, over_yaml = {0}, expected_yaml = {0};
    for (unsigned i = 0; i < 2000; i++) {
        gw_text_addf(&under_yaml, "k%u: %u\n", i * 7919 % 2000, i);
        gw_text_addf(&expected_yaml, "k%u: %s\n", i * 7919 % 2000, i * 7919 % 2000 < 1000 ? "new" : "old");
    }
    for (unsigned i = 0; i < 1000; i++) {
        gw_text_addf(&over_yaml, "k%u: new\n", i);
    }
    struct gw_tree under = load(under_yaml.at), over = load(over_yaml.at), expected = load(expected_yaml.at);
    assert_true(gw_node_merge(&under, under.root, over.root));
    assert_int_equal(under.root->n, 2000);
    for (uint32_t i = 0; i < under.root->n; i++) {
        const struct gw_entry *got = &under.root->entry[i], *want = &expected.root->entry[i];
        assert_string_equal(got->key, want->key);
        assert_int_equal(strcmp(got->value->text, "new") == 0, strcmp(want->value->text, "new") == 0);
    }
    gw_tree_fini(&under);
    gw_tree_fini(&over);
    gw_tree_fini(&expected);
    gw_text_fini(&under_yaml);
    gw_text_fini(&over_yaml);
    gw_text_fini(&expected_yaml);
}

static void a_lookup_finds_the_first_of_equal_names(void **state)
{
    (void)state;
    static const char *const keys[] = {"b", "a", "c", "a"};
    struct gw_lookup names;
    assert_true(gw_lookup_init(&names, 4));
    for (uint32_t i = 0; i < 4; i++) {
        names.item[i] = (struct gw_lookup_item){.key = keys[i], .at = i};
    }
    gw_lookup_sort(&names);
    assert_int_equal(gw_lookup_find(&names, "a"), 1);
    assert_int_equal(gw_lookup_find(&names, "b"), 0);
    assert_int_equal(gw_lookup_find(&names, "c"), 2);
    assert_int_equal(gw_lookup_find(&names, ""), UINT32_MAX);
    assert_int_equal(gw_lookup_find(&names, "d"), UINT32_MAX);
    gw_lookup_fini(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(get_finds_a_key_of_a_map_and_nothing_elsewhere),
        cmocka_unit_test(null_is_what_yaml_writes_without_quotes),
        cmocka_unit_test(nodes_remember_line_and_column),
        cmocka_unit_test(put_adds_keys_to_maps_and_elements_to_lists),
        cmocka_unit_test(equality_sees_kind_text_quotes_keys_and_order),
        cmocka_unit_test(copies_own_everything),
        cmocka_unit_test(merging_goes_key_by_key_and_replaces_the_rest),
        cmocka_unit_test(wide_maps_merge_alike),
        cmocka_unit_test(a_lookup_finds_the_first_of_equal_names),
    };
    return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
