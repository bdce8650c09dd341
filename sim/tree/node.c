#include "sim/tree/node.h"

#include <string.h>

#include "sim/tree/lookup.h"
#include "sim/tree/tree.h"

/* Up to this many keys a plain search beats sorting them. */
enum { FEW_KEYS = 16 };

struct gw_node *gw_node_get(const struct gw_node *map, const char *key)
{
    if (map == NULL || map->kind != GW_NODE_MAP) {
        return NULL;
    }
    for (uint32_t i = 0; i < map->n; i++) {
        if (strcmp(map->entry[i].key, key) == 0) {
            return map->entry[i].value;
        }
    }
    return NULL;
}

bool gw_node_is_null(const struct gw_node *node)
{
    return node->kind == GW_NODE_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const char *gw_node_text(const struct gw_node *map, const char *key)
{
    const struct gw_node *node = gw_node_get(map, key);
    const bool is_text = node != NULL && node->kind == GW_NODE_SCALAR && !gw_node_is_null(node);
    return is_text ? node->text : NULL;
}

struct gw_node *gw_node_scalar(struct gw_tree *tree, const char *text, bool quoted, struct gw_pos pos)
{
    struct gw_node *node = gw_arena_alloc(&tree->arena, sizeof *node);
    const char *copy = gw_arena_text(&tree->arena, text);
    if (node == NULL || copy == NULL) {
        return NULL;
    }
    *node = (struct gw_node){.kind = GW_NODE_SCALAR, .quoted = quoted, .text = copy, .pos = pos};
    return node;
}

struct gw_node *gw_node_container(struct gw_tree *tree, enum gw_node_kind kind, struct gw_pos pos)
{
    struct gw_node *node = gw_arena_alloc(&tree->arena, sizeof *node);
    if (node != NULL) {
        *node = (struct gw_node){.kind = kind, .pos = pos};
    }
    return node;
}

static bool reserve(struct gw_tree *tree, struct gw_node *node, uint32_t need)
{
    if (need <= node->cap) {
        return true;
    }
    const uint32_t cap = need > 2 * node->cap ? need : 2 * node->cap;
    struct gw_entry *entry = gw_arena_array(&tree->arena, cap, sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    if (node->n > 0) {
        memcpy(entry, node->entry, node->n * sizeof *entry);
    }
    node->entry = entry;
    node->cap = cap;
    return true;
}

bool gw_node_put(struct gw_tree *tree, struct gw_node *node, const char *key, struct gw_node *value)
{
    const char *copy = key != NULL ? gw_arena_text(&tree->arena, key) : NULL;
    if ((key != NULL && copy == NULL) || !reserve(tree, node, node->n + 1)) {
        return false;
    }
    node->entry[node->n++] = (struct gw_entry){.key = copy, .key_pos = value->pos, .value = value};
    return true;
}

void gw_node_drop(struct gw_node *map, const char *key)
{
    for (uint32_t i = 0; i < map->n; i++) {
        if (strcmp(map->entry[i].key, key) == 0) {
            memmove(&map->entry[i], &map->entry[i + 1], (map->n - i - 1) * sizeof map->entry[0]);
            map->n--;
            return;
        }
    }
}

/* Copies share one text per run of equal file names. */
struct copying {
    struct gw_tree *tree;
    const char *file, *file_copy;
};

static bool copy_pos(struct copying *c, struct gw_pos from, struct gw_pos *to)
{
    if (from.file == NULL) {
        *to = from;
        return true;
    }
    if (from.file != c->file) {
        c->file_copy = gw_arena_text(&c->tree->arena, from.file);
        c->file = c->file_copy != NULL ? from.file : NULL;
    }
    *to = (struct gw_pos){.file = c->file_copy, .line = from.line, .col = from.col};
    return c->file_copy != NULL;
}

static struct gw_node *copy_node(struct copying *c, const struct gw_node *from)
{
    struct gw_node *to = gw_arena_alloc(&c->tree->arena, sizeof *to);
    if (to == NULL) {
        return NULL;
    }
    *to = *from;
    if (!copy_pos(c, from->pos, &to->pos)) {
        return NULL;
    }
    if (from->kind == GW_NODE_SCALAR) {
        to->text = gw_arena_text(&c->tree->arena, from->text);
        return to->text != NULL ? to : NULL;
    }
    to->cap = from->n;
    to->entry = gw_arena_array(&c->tree->arena, from->n, sizeof *to->entry);
    for (uint32_t i = 0; to->entry != NULL && i < from->n; i++) {
        const struct gw_entry *e = &from->entry[i];
        struct gw_entry *copy = &to->entry[i];
        copy->key = e->key != NULL ? gw_arena_text(&c->tree->arena, e->key) : NULL;
        copy->value = copy_node(c, e->value);
        if (copy->value == NULL || !copy_pos(c, e->key_pos, &copy->key_pos) ||
            (e->key != NULL && copy->key == NULL)) {
            return NULL;
        }
    }
    return to->entry != NULL ? to : NULL;
}

struct gw_node *gw_node_copy(struct gw_tree *tree, const struct gw_node *node)
{
    return copy_node(&(struct copying){.tree = tree}, node);
}

/* Place of key among the first n entries, UINT32_MAX when absent. `names` is empty for small maps. */
static uint32_t place_of(const struct gw_node *map, const struct gw_lookup *names, uint32_t n,
                         const char *key)
{
    if (names->item != NULL) {
        return gw_lookup_find(names, key);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(map->entry[i].key, key) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

bool gw_node_merge(struct gw_tree *tree, struct gw_node *under, const struct gw_node *over)
{
    const uint32_t n = under->n;
    struct gw_lookup names = {0};
    if (n > FEW_KEYS && over->n > 1) {
        if (!gw_lookup_init(&names, n)) {
            return false;
        }
        for (uint32_t i = 0; i < n; i++) {
            names.item[i] = (struct gw_lookup_item){.key = under->entry[i].key, .at = i};
        }
        gw_lookup_sort(&names);
    }

    bool ok = true;
    for (uint32_t i = 0; ok && i < over->n; i++) {
        const struct gw_entry *e = &over->entry[i];
        const uint32_t at = place_of(under, &names, n, e->key);
        if (at == UINT32_MAX) {
            ok = reserve(tree, under, under->n + 1);
            if (ok) {
                under->entry[under->n++] = *e;
            }
        } else if (e->value->kind == GW_NODE_MAP && under->entry[at].value->kind == GW_NODE_MAP) {
            ok = gw_node_merge(tree, under->entry[at].value, e->value);
        } else {
            under->entry[at] = *e;
        }
    }
    gw_lookup_fini(&names);
    return ok;
}

bool gw_node_equal(const struct gw_node *a, const struct gw_node *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == GW_NODE_SCALAR) {
        return a->quoted == b->quoted && strcmp(a->text, b->text) == 0;
    }
    if (a->n != b->n) {
        return false;
    }
    for (uint32_t i = 0; i < a->n; i++) {
        const struct gw_entry *x = &a->entry[i], *y = &b->entry[i];
        if ((a->kind == GW_NODE_MAP && strcmp(x->key, y->key) != 0) || !gw_node_equal(x->value, y->value)) {
            return false;
        }
    }
    return true;
}
