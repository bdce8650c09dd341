#include "sim/tree/include.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/tree/yaml.h"

enum { WHERE_MAX = 320 };

struct loading {
    struct gw_tree *tree;
    const struct gw_source *source;
    struct gw_errors *errs;
    const char *chain[GW_TREE_INCLUDES + 1]; /* the file being read and those that led to it */
    uint32_t n_chain;
    uint64_t total_bytes;
    uint32_t n_files;
    enum gw_status status;
};

static enum gw_status read_map(struct loading *l, const char *bytes, size_t n, const char *name,
                               uint32_t depth, struct gw_node **map);

static void refuse(struct loading *l, struct gw_pos pos, enum gw_status s, const char *before,
                   const char *name, const char *after)
{
    char where[WHERE_MAX];
    gw_pos_print(pos, where, sizeof where);
    gw_errors_add(l->errs, s, where, "%s%s%s", before, name, after);
    l->status = s;
}

static void out_of_memory(struct loading *l, const char *file)
{
    gw_errors_add(l->errs, GW_ERR_NOMEM, file, "out of memory while reading this file");
    l->status = GW_ERR_NOMEM;
}

static uint64_t fnv1a(const char *bytes, size_t n)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    }
    return h;
}

static bool record_input(struct gw_tree *tree, const char *path, const char *bytes, size_t n)
{
    for (uint32_t i = 0; i < tree->n_inputs; i++) {
        if (strcmp(tree->input[i].path, path) == 0) {
            return true;
        }
    }
    if (tree->n_inputs == tree->cap_inputs) {
        const uint32_t cap = tree->cap_inputs > 0 ? 2 * tree->cap_inputs : 4;
        struct gw_input *input = gw_arena_array(&tree->arena, cap, sizeof *input);
        if (input == NULL) {
            return false;
        }
        if (tree->n_inputs > 0) {
            memcpy(input, tree->input, tree->n_inputs * sizeof *input);
        }
        tree->input = input;
        tree->cap_inputs = cap;
    }
    tree->input[tree->n_inputs++] = (struct gw_input){.path = path, .bytes = n, .checksum = fnv1a(bytes, n)};
    return true;
}

/* Drops "." and "x/.." from a path in place, so that two ways to name a file look alike. */
static void simplify(char *path)
{
    char *out = path, *part = path;
    const bool absolute = path[0] == '/';
    size_t n_up = 0; /* parts written that a later ".." may take back */
    while (*part != '\0') {
        const size_t len = strcspn(part, "/");
        char *next = part + len + (part[len] == '/');
        if (len == 2 && memcmp(part, "..", 2) == 0 && n_up > 0) {
            n_up--;
            for (out--; out > path && out[-1] != '/'; out--) {
            }
        } else if (len > 0 && !(len == 1 && part[0] == '.')) {
            n_up += !(len == 2 && memcmp(part, "..", 2) == 0);
            memmove(out, part, (size_t)(next - part));
            out += next - part;
        } else if (len == 0 && absolute && part == path) {
            out++;
        }
        part = next;
    }
    *out = '\0';
}

/* Refuses a file that is already being read, with the chain that leads back to it. */
static bool leads_back(struct loading *l, const char *path, struct gw_pos pos)
{
    for (uint32_t i = 0; i < l->n_chain; i++) {
        if (strcmp(l->chain[i], path) != 0) {
            continue;
        }
        struct gw_text chain = {0};
        for (uint32_t k = i; k < l->n_chain; k++) {
            gw_text_addf(&chain, "%s includes ", l->chain[k]);
        }
        gw_text_add(&chain, path);
        refuse(l, pos, GW_ERR_SYNTAX, "include cycle: ", chain.failed ? path : chain.at, "");
        gw_text_fini(&chain);
        return true;
    }
    return false;
}

static bool within_limits(struct loading *l, struct gw_pos pos)
{
    char limit[80];
    if (l->n_chain > GW_TREE_INCLUDES) {
        snprintf(limit, sizeof limit, "files include each other more than %d deep", GW_TREE_INCLUDES);
    } else if (l->n_files >= GW_TREE_FILES) {
        snprintf(limit, sizeof limit, "more than %d files are included", GW_TREE_FILES);
    } else if (l->total_bytes > GW_TREE_TOTAL) {
        snprintf(limit, sizeof limit, "the included files have more than %d MiB", GW_TREE_TOTAL >> 20);
    } else {
        return true;
    }
    refuse(l, pos, GW_ERR_RANGE, limit, "", "");
    return false;
}

/* One included file as a map, or NULL with the error reported at the name in the including file. */
static struct gw_node *include_one(struct loading *l, const struct gw_node *name, uint32_t depth)
{
    if (name->kind != GW_NODE_SCALAR || gw_node_is_null(name)) {
        refuse(l, name->pos, GW_ERR_TYPE, "`include` takes a file name or a list of file names", "", "");
        return NULL;
    }
    char *resolved = gw_file_resolve(name->pos.file, name->text);
    if (resolved == NULL) {
        out_of_memory(l, name->pos.file);
        return NULL;
    }
    simplify(resolved);
    const char *path = gw_arena_text(&l->tree->arena, resolved);
    free(resolved);
    if (path == NULL) {
        out_of_memory(l, name->pos.file);
        return NULL;
    }
    if (leads_back(l, path, name->pos) || !within_limits(l, name->pos)) {
        return NULL;
    }

    char *bytes = NULL;
    size_t n = 0;
    struct gw_error err = {0};
    const enum gw_status s = l->source != NULL
                                 ? l->source->read(l->source->from, path, GW_TREE_BYTES, &bytes, &n, &err)
                                 : gw_file_read(path, GW_TREE_BYTES, &bytes, &n, &err);
    if (s != GW_OK) {
        char before[sizeof err.where + 32];
        snprintf(before, sizeof before, "cannot include %s: ", path);
        refuse(l, name->pos, s, before, err.why, "");
        return NULL;
    }
    struct gw_node *map = NULL;
    if (read_map(l, bytes, n, path, depth, &map) != GW_OK) {
        map = NULL;
    }
    free(bytes);
    return map;
}

/* The included maps, the later ones over the earlier ones. */
static struct gw_node *include_all(struct loading *l, const struct gw_node *names, uint32_t depth)
{
    if (names->kind != GW_NODE_LIST) {
        return include_one(l, names, depth);
    }
    struct gw_node *all = gw_node_container(l->tree, GW_NODE_MAP, names->pos);
    if (all == NULL) {
        out_of_memory(l, names->pos.file);
    }
    for (uint32_t i = 0; all != NULL && i < names->n; i++) {
        const struct gw_node *one = include_one(l, names->entry[i].value, depth);
        if (one != NULL && !gw_node_merge(l->tree, all, one)) {
            out_of_memory(l, names->pos.file);
        }
    }
    return all;
}

/* Replaces every `include` below `node`, which has depth - 1 containers around it. */
static void expand(struct loading *l, struct gw_node *node, uint32_t depth)
{
    bool includes = false;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct gw_entry *e = &node->entry[i];
        if (node->kind == GW_NODE_MAP && strcmp(e->key, "include") == 0) {
            includes = i == 0;
            if (i > 0) {
                refuse(l, e->key_pos, GW_ERR_SYNTAX, "`include` must be the first key of its map", "", "");
            }
        } else if (e->value->kind != GW_NODE_SCALAR) {
            expand(l, e->value, depth + 1);
        }
    }
    if (!includes) {
        return;
    }
    struct gw_node *under = include_all(l, node->entry[0].value, depth);
    const struct gw_node own = {.kind = GW_NODE_MAP, .n = node->n - 1, .entry = node->entry + 1};
    if (under == NULL) {
        return;
    }
    if (!gw_node_merge(l->tree, under, &own)) {
        out_of_memory(l, node->pos.file);
        return;
    }
    node->entry = under->entry;
    node->n = under->n;
    node->cap = under->cap;
}

static const char *kind_in_words(const struct gw_node *node)
{
    return gw_node_is_null(node) ? "nothing" : node->kind == GW_NODE_LIST ? "a list" : "a single value";
}

static enum gw_status read_map(struct loading *l, const char *bytes, size_t n, const char *name,
                               uint32_t depth, struct gw_node **map)
{
    l->n_files++;
    l->total_bytes += n;
    if (!record_input(l->tree, name, bytes, n)) {
        out_of_memory(l, name);
        return l->status;
    }
    const struct gw_yaml_text text = {.bytes = bytes, .n = n, .file = name, .depth = depth - 1};
    struct gw_node *root = NULL;
    bool has_include = false;
    const enum gw_status s = gw_yaml_read(l->tree, &text, &root, &has_include, l->errs);
    if (s != GW_OK) {
        l->status = s;
        return s;
    }
    if (root->kind != GW_NODE_MAP) {
        refuse(l, (struct gw_pos){name, 1, 1}, GW_ERR_TYPE,
               "expected a map of keys such as `name: value`, found ", kind_in_words(root), "");
        return l->status;
    }
    if (has_include) {
        char *self = gw_arena_text(&l->tree->arena, name);
        if (self == NULL) {
            out_of_memory(l, name);
            return l->status;
        }
        simplify(self);
        l->chain[l->n_chain++] = self;
        expand(l, root, depth);
        l->n_chain--;
    }
    *map = root;
    return l->status;
}

enum gw_status gw_include_read(struct gw_tree *tree, const char *bytes, size_t n, const char *name,
                               const struct gw_source *source, struct gw_errors *errs)
{
    struct loading l = {.tree = tree, .source = source, .errs = errs};
    const char *own_name = gw_arena_text(&tree->arena, name);
    if (own_name == NULL) {
        out_of_memory(&l, name);
        return l.status;
    }
    return read_map(&l, bytes, n, own_name, 1, &tree->root);
}
