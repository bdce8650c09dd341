/* Any bytes at all: either a tree that dumps and loads back, takes a setting and binds or not, or an error
 * that says where and why. The last line, when it is a comment, is tried as a `--set`. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "tests/support/small_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

/* One file that can be included, and the input itself, which includes itself then. */
static enum gw_status read_included(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                    struct gw_error *err)
{
    static const char part[] =
        "name: included\nsites: [ { name: far, pools: [ { node: h100x8, count: 1 } ] } ]\n";
    const struct input *input = from;
    const bool is_part = strcmp(path, "part.yaml") == 0;
    *n = is_part ? sizeof part - 1 : input->size;
    if ((!is_part && strcmp(path, "again.yaml") != 0) || *n > max_bytes) {
        return gw_fail(err, GW_ERR_IO, path, "there is no such file");
    }
    *bytes = malloc(*n + 1);
    GW_REQUIRE(*bytes != NULL);
    memcpy(*bytes, is_part ? (const void *)part : (const void *)input->data, *n);
    return GW_OK;
}

static void require_told(const struct gw_errors *errs)
{
    GW_REQUIRE(errs->n > 0);
    for (uint32_t i = 0; i < errs->n; i++) {
        GW_REQUIRE(errs->item[i].where[0] != '\0');
        GW_REQUIRE(errs->item[i].why[0] != '\0');
    }
}

static void require_sound(const struct gw_node *node, int depth)
{
    GW_REQUIRE(depth <= GW_TREE_DEPTH);
    GW_REQUIRE(node->kind == GW_NODE_SCALAR ? node->text != NULL : node->n <= node->cap);
    for (uint32_t i = 0; i < node->n; i++) {
        GW_REQUIRE((node->entry[i].key != NULL) == (node->kind == GW_NODE_MAP));
        require_sound(node->entry[i].value, depth + 1);
    }
}

/* The dump reads back to an equal tree, with or without comments; `plain` receives the one without. */
static void require_round_trip(const struct gw_tree *tree, struct gw_text *plain)
{
    for (int origins = 1; origins >= 0; origins--) {
        struct gw_errors errs = {0};
        struct gw_tree again;
        plain->n = 0;
        gw_tree_dump(tree->root, origins == 1, plain);
        GW_REQUIRE(!plain->failed);
        GW_REQUIRE(gw_tree_parse(&again, plain->at, plain->n, "fuzz.yaml", NULL, &errs) == GW_OK);
        GW_REQUIRE(gw_node_equal(tree->root, again.root));
        gw_tree_fini(&again);
    }
}

/* Binds; true when that worked. The tree is then the resolved one. */
static bool bind(struct gw_tree *tree, const struct gw_bind_env *env)
{
    struct gw_errors errs = {0};
    struct gw_arena arena = {0};
    struct small_world world = {0};
    const bool ok = gw_bind_root(tree, &small_world_type, env, &world, &arena, &errs) == GW_OK;
    if (ok) {
        GW_REQUIRE(errs.n == 0);
        GW_REQUIRE(world.sites.n > 0);
    } else {
        require_told(&errs);
    }
    gw_arena_fini(&arena);
    return ok;
}

/* A bound tree is resolved: its dump binds, to the same dump. */
static void try_bind(struct gw_tree *tree, const struct gw_bind_env *env)
{
    struct gw_text first = {0}, second = {0};
    struct gw_tree again;
    struct gw_errors errs = {0};
    if (bind(tree, env)) {
        require_round_trip(tree, &first);
        GW_REQUIRE(gw_tree_parse(&again, first.at, first.n, "fuzz.yaml", NULL, &errs) == GW_OK);
        GW_REQUIRE(bind(&again, env));
        gw_tree_dump(again.root, false, &second);
        GW_REQUIRE(strcmp(first.at, second.at) == 0);
        gw_tree_fini(&again);
    }
    gw_text_fini(&first);
    gw_text_fini(&second);
}

static void try_set(struct gw_tree *tree, const uint8_t *data, size_t size)
{
    size_t begin = size;
    while (begin > 0 && data[begin - 1] != '\n') {
        begin--;
    }
    if (begin == size || data[begin] != '#') {
        return;
    }
    const size_t n = size - begin - 1;
    char *assignment = malloc(n + 1);
    GW_REQUIRE(assignment != NULL);
    memcpy(assignment, data + begin + 1, n);
    assignment[n] = '\0';
    struct gw_errors errs = {0};
    if (gw_tree_set(tree, assignment, &errs) != GW_OK) {
        require_told(&errs);
    }
    free(assignment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    const struct gw_source source = {.read = read_included, .from = &input};
    struct gw_errors errs = {0};
    struct gw_tree tree, built_in;
    if (gw_tree_parse(&tree, (const char *)data, size, "fuzz.yaml", &source, &errs) != GW_OK) {
        require_told(&errs);
        GW_REQUIRE(tree.root == NULL);
        return 0;
    }
    GW_REQUIRE(gw_tree_parse(&built_in, small_built_in, sizeof small_built_in - 1, "built-in", NULL, &errs) ==
               GW_OK);
    const struct gw_bind_env env = {small_catalogue, small_index, &built_in};
    struct gw_text dump = {0};
    try_set(&tree, data, size);
    require_sound(tree.root, 0);
    require_round_trip(&tree, &dump);
    try_bind(&tree, &env);
    gw_text_fini(&dump);
    gw_tree_fini(&built_in);
    gw_tree_fini(&tree);
    return 0;
}
