#include "models/cooling/plant_read.h"

struct root {
    struct gw_named cooling;
};
static const struct gw_type named = {.kind = GW_NAMED,
                                     .size = sizeof(struct gw_named),
                                     .key = "plant",
                                     .named = gw_plant_type,
                                     .names = gw_plant_names};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, cooling, &named, NULL, "A plant", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A site's cooling"};

static enum gw_status bind(struct gw_tree *tree, struct gw_named *out, struct gw_arena *arena,
                           struct gw_errors *errs)
{
    static const struct gw_bind_env env = {0};
    struct root root = {0};
    const enum gw_status s = gw_bind_root(tree, &root_type, &env, &root, arena, errs);
    *out = root.cooling;
    return s;
}

static enum gw_status no_memory(const char *where, struct gw_errors *errs)
{
    gw_errors_add(errs, GW_ERR_NOMEM, where, "out of memory");
    return GW_ERR_NOMEM;
}

static enum gw_status parse(struct gw_tree *tree, const char *cooling, const char *where,
                            struct gw_errors *errs)
{
    struct gw_text yaml = {0};
    gw_text_addf(&yaml, "cooling: %s\n", cooling);
    const enum gw_status s =
        yaml.failed ? no_memory(where, errs) : gw_tree_parse(tree, yaml.at, yaml.n, where, NULL, errs);
    gw_text_fini(&yaml);
    return s;
}

enum gw_status gw_plant_read_text(const char *cooling, const char *where, struct gw_named *out,
                                  struct gw_arena *arena, struct gw_errors *errs)
{
    struct gw_tree tree = {0};
    enum gw_status s = parse(&tree, cooling, where, errs);
    if (s == GW_OK) {
        s = bind(&tree, out, arena, errs);
    }
    gw_tree_fini(&tree);
    return s;
}

enum gw_status gw_plant_read_node(const struct gw_node *cooling, struct gw_named *out, struct gw_arena *arena,
                                  struct gw_errors *errs)
{
    struct gw_tree tree = {0};
    enum gw_status s = parse(&tree, "~", "cooling", errs);
    if (s == GW_OK) {
        struct gw_node *copy = gw_node_copy(&tree, cooling);
        tree.root->entry[0].value = copy;
        s = copy == NULL ? no_memory("cooling", errs) : bind(&tree, out, arena, errs);
    }
    gw_tree_fini(&tree);
    return s;
}
