/* Any tree of any texts dumps to YAML that loads back to an equal tree, whatever characters and shapes it
 * has. */
#include "tests/support/near.h"

#include <string.h>

#include <gsl/gsl_rng.h>

#include "sim/core/rng.h"
#include "sim/tree/tree.h"
#include "sim/tree/yaml.h"

enum { TREES = 3000, NODES = 60 };

static const struct gw_pos nowhere = {.file = "random"};

/* Texts made of what YAML readers trip over. */
static void random_text(gsl_rng *r, unsigned long longest, struct gw_text *out)
{
    static const char *const pieces[] = {
        "a",
        "B7",
        "x y",
        " ",
        "  ",
        "\t",
        "\n",
        "\r",
        ":",
        ": ",
        "#",
        " #",
        "-",
        "- ",
        "--- ",
        "...",
        "?",
        "? ",
        ",",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "&",
        "*",
        "!",
        "|",
        ">",
        "'",
        "\"",
        "%",
        "@",
        "`",
        "\\",
        "~",
        "null",
        "true",
        "NO",
        "12",
        "1e3",
        "35 MW",
        "0x1F",
        "<<",
        "\x01",
        "\x7f",
        "é",
        "漢",
        "\xF0\x9F\x94\x8B",
        "\xC2\x85",
        "\xE2\x80\xA8",
        "\xEF\xBB\xBF",
        "=",
        "2023-01-01",
        "include",
    };
    gw_text_add(out, "");
    const unsigned long n = gsl_rng_uniform_int(r, longest + 1);
    for (unsigned long i = 0; i < n; i++) {
        gw_text_add(out, pieces[gsl_rng_uniform_int(r, sizeof pieces / sizeof pieces[0])]);
    }
}

static struct gw_node *random_scalar(struct gw_tree *tree, gsl_rng *r)
{
    struct gw_text text = {0};
    random_text(r, gsl_rng_uniform_int(r, 20) == 0 ? 60 : 4, &text);
    const char *at = text.at != NULL ? text.at : "";
    /* A text that cannot stand without quotes is quoted, as the loader has it. */
    const bool quoted = !gw_yaml_plain_ok(at) || gsl_rng_uniform_int(r, 3) == 0;
    struct gw_node *node = gw_node_scalar(tree, at, quoted, nowhere);
    gw_text_fini(&text);
    return node;
}

static struct gw_node *random_node(struct gw_tree *tree, gsl_rng *r, int *budget, int depth)
{
    const unsigned long kind = depth == 0 ? 2 : gsl_rng_uniform_int(r, 4);
    if (depth >= GW_TREE_DEPTH || --*budget <= 0 || kind == 0 || kind == 3) {
        return random_scalar(tree, r);
    }
    struct gw_node *node = gw_node_container(tree, kind == 1 ? GW_NODE_LIST : GW_NODE_MAP, nowhere);
    const unsigned long n = gsl_rng_uniform_int(r, 6);
    for (unsigned long i = 0; i < n; i++) {
        struct gw_text key = {0};
        random_text(r, 3, &key);
        const bool usable = key.n > 0 && strcmp(key.at, "include") != 0 &&
                            strpbrk(key.at, "\t\n\r\x01\x7f") == NULL && gw_node_get(node, key.at) == NULL;
        struct gw_node *value = random_node(tree, r, budget, depth + 1);
        value->from_default = gsl_rng_uniform_int(r, 2) == 0;
        if (kind == 1 || usable) {
            assert_true(gw_node_put(tree, node, kind == 1 ? NULL : key.at, value));
        }
        gw_text_fini(&key);
    }
    return node;
}

static void any_tree_survives_its_dump(void **state)
{
    (void)state;
    gsl_rng *r = gw_rng_create(20240607, 0, "test/tree");
    for (int trial = 0; trial < TREES; trial++) {
        struct gw_tree tree = {0}, again;
        struct gw_errors errs = {0};
        int budget = NODES;
        tree.root = random_node(&tree, r, &budget, 0);
        for (int origins = 0; origins < 2; origins++) {
            struct gw_text dump = {0};
            gw_tree_dump(tree.root, origins == 1, &dump);
            assert_false(dump.failed);
            if (gw_tree_parse(&again, dump.at, dump.n, "dump", NULL, &errs) != GW_OK) {
                fail_msg("trial %d: %s: %s\n%s", trial, errs.item[0].where, errs.item[0].why, dump.at);
            }
            if (!gw_node_equal(tree.root, again.root)) {
                fail_msg("trial %d: not equal after\n%s", trial, dump.at);
            }
            gw_tree_fini(&again);
            gw_text_fini(&dump);
        }
        gw_tree_fini(&tree);
    }
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_tree_survives_its_dump),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
