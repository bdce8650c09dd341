#include "sim/tree/binding.h"

#include <stdio.h>
#include <string.h>

/* ---- PICK ---- */

/* Whether a scalar or list can be this type at all; its range is checked when it is bound. */
static bool fits(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node)
{
    switch (type->kind) {
    case GW_LIST:
        return node->kind == GW_NODE_LIST;
    case GW_REF:
        return node->kind == GW_NODE_SCALAR && gw_bind_catalogue_known(b, type->of, node->text);
    case GW_INDEX:
        return node->kind == GW_NODE_SCALAR && gw_bind_reference_known(b, type, node->text);
    case GW_OBJ:
    case GW_MAP:
        return false;
    case GW_NAMED:
        return node->kind == GW_NODE_SCALAR && type->named(node->text) != NULL;
    case GW_OPT:
    case GW_PICK:
        return true;
    default:
        return gw_bind_scalar_fits(type, node);
    }
}

static void report_alternatives(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node,
                                const char *nearest)
{
    if (nearest == NULL) {
        gw_bind_report_type(b, type, node);
        return;
    }
    struct gw_text expected = {0};
    gw_bind_report_expected(b, type, &expected);
    gw_bind_report(
        b, GW_ERR_UNKNOWN, node->pos, NULL, "there is no \"%s\" (did you mean \"%s\"?); expected %s",
        gw_bind_report_short(node->text).at, nearest, expected.failed ? "another form" : expected.at);
    gw_text_fini(&expected);
}

static const char *nearest_key(const struct gw_alt *alt, const char *key, bool keywords)
{
    const char *names[64];
    size_t n = 0;
    for (; alt->key != NULL && n < sizeof names / sizeof names[0]; alt++) {
        if ((alt->type == NULL) == keywords) {
            names[n++] = alt->key;
        }
    }
    return gw_text_nearest(key, names, n);
}

/* The alternative whose key stands in the map, -1 with a report when there is none. */
static int32_t choose_by_key(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node)
{
    const struct gw_alt *alt = type->of;
    for (int32_t i = 0; alt[i].key != NULL; i++) {
        if (alt[i].type == NULL || gw_node_get(node, alt[i].key) == NULL) {
            continue;
        }
        if (node->n == 1) {
            return i;
        }
        for (uint32_t k = 0; k < node->n; k++) {
            if (strcmp(node->entry[k].key, alt[i].key) != 0) {
                gw_bind_report(b, GW_ERR_UNKNOWN, node->entry[k].key_pos, NULL,
                               "the key `%s` may not stand beside `%s`", node->entry[k].key, alt[i].key);
            }
        }
        return -1;
    }
    const char *nearest = node->n > 0 ? nearest_key(alt, node->entry[0].key, false) : NULL;
    if (nearest != NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, node->entry[0].key_pos, NULL,
                       "unknown key `%s` (did you mean `%s`?)", node->entry[0].key, nearest);
    } else {
        report_alternatives(b, type, node, NULL);
    }
    return -1;
}

static int32_t keyword_of(const struct gw_alt *alt, const struct gw_node *node)
{
    for (int32_t i = 0; alt[i].key != NULL && node->kind == GW_NODE_SCALAR && !node->quoted; i++) {
        if (alt[i].type == NULL && strcmp(alt[i].key, node->text) == 0) {
            return i;
        }
    }
    return -1;
}

/* With one scalar form and nothing else that could be meant, that form's own message says best what is wrong.
 */
static bool speaks_for_itself(const struct gw_alt *alt, int32_t only, const struct gw_node *node)
{
    if (node->kind != GW_NODE_SCALAR || gw_node_is_null(node)) {
        return false;
    }
    const enum gw_kind kind = alt[only].type->kind;
    return kind == GW_REF || kind == GW_INDEX || (only == 0 && alt[1].key == NULL);
}

/* The alternative a scalar or list is, -1 with a report when it is none. A keyword comes before what else
 * could be written so: in quotes it is a text. */
static int32_t choose_by_form(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node)
{
    const struct gw_alt *alt = type->of;
    const int32_t keyword = keyword_of(alt, node);
    if (keyword >= 0) {
        return keyword;
    }
    int32_t only = -1, n_forms = 0;
    for (int32_t i = 0; alt[i].key != NULL; i++) {
        if (alt[i].type == NULL || !alt[i].scalar_form) {
            continue;
        }
        if (fits(b, alt[i].type, node)) {
            return i;
        }
        n_forms++;
        only = i;
    }
    const char *nearest = node->kind == GW_NODE_SCALAR ? nearest_key(alt, node->text, true) : NULL;
    if (n_forms == 1 && nearest == NULL && speaks_for_itself(alt, only, node)) {
        return only;
    }
    report_alternatives(b, type, node, nearest);
    return -1;
}

bool gw_bind_choice_pick(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, void *out)
{
    const struct gw_alt *alt = type->of;
    struct gw_pick *pick = out;
    struct gw_node *from = *node;
    const bool by_key = from->kind == GW_NODE_MAP;
    const int32_t chosen = by_key ? choose_by_key(b, type, from) : choose_by_form(b, type, from);
    if (chosen < 0) {
        return false;
    }
    *pick = (struct gw_pick){.alt = chosen};
    const struct gw_type *of = alt[chosen].type;
    if (of == NULL) {
        return true;
    }
    pick->at = gw_arena_alloc(b->arena, gw_bind_value_size(of));
    if (pick->at == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    if (!by_key) {
        return gw_bind_value(b, of, node, pick->at);
    }
    const struct gw_bind_step step = {
        .up = b->path, .key = alt[chosen].key, .depth = b->path != NULL ? b->path->depth + 1 : 1};
    b->path = &step;
    const bool ok = gw_bind_value(b, of, &from->entry[0].value, pick->at);
    b->path = step.up;
    return ok;
}

/* ---- NAMED ---- */

static void report_unknown_name(struct gw_bind *b, const struct gw_type *type, const struct gw_node *at)
{
    char what[64];
    const char *const *names = type->names();
    size_t n = 0;
    while (names[n] != NULL) {
        n++;
    }
    snprintf(what, sizeof what, "%s ", type->key);
    gw_bind_report_missing(b, at, NULL, what, "", names, n);
}

/* `greedy-carbon` as the map `{ policy: greedy-carbon }`, so that its defaults have a place in the tree. */
static struct gw_node *as_map(struct gw_bind *b, const struct gw_type *type, struct gw_node *name)
{
    struct gw_node *map = gw_node_container(b->tree, GW_NODE_MAP, name->pos);
    if (map == NULL || !gw_node_put(b->tree, map, type->key, name)) {
        gw_bind_report_nomem(b);
        return NULL;
    }
    map->from_default = name->from_default;
    return map;
}

/* The registry's key first, then the fields. */
static void move_to_front(struct gw_node *map, const char *key)
{
    for (uint32_t i = 1; i < map->n; i++) {
        if (strcmp(map->entry[i].key, key) == 0) {
            const struct gw_entry e = map->entry[i];
            memmove(map->entry + 1, map->entry, i * sizeof e);
            map->entry[0] = e;
            return;
        }
    }
}

bool gw_bind_choice_named(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, void *out)
{
    struct gw_named *named = out;
    struct gw_node *from = *node;
    struct gw_node *name = from->kind == GW_NODE_MAP ? gw_node_get(from, type->key) : from;
    for (uint32_t i = 0; name == NULL && i < from->n && from->kind == GW_NODE_MAP; i++) {
        const struct gw_entry *e = &from->entry[i];
        if (gw_text_nearest(e->key, &type->key, 1) != NULL) {
            gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown key `%s` (did you mean `%s`?)",
                           e->key, type->key);
            return false;
        }
    }
    if (name == NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, from->pos, NULL,
                       "the key `%s` is missing; it says which one is meant", type->key);
        return false;
    }
    if (name->kind != GW_NODE_SCALAR || gw_node_is_null(name)) {
        gw_bind_report_type(b, type, name);
        return false;
    }
    const struct gw_type *of = type->named(name->text);
    if (of == NULL) {
        report_unknown_name(b, type, name);
        return false;
    }
    const struct gw_field *fields = of->of;
    if (from->kind == GW_NODE_SCALAR && fields != NULL && fields->key != NULL) {
        from = as_map(b, type, name);
        if (from == NULL) {
            return false;
        }
        *node = from;
    }
    *named = (struct gw_named){
        .name = gw_arena_text(b->arena, name->text), .type = of, .cfg = gw_arena_alloc(b->arena, of->size)};
    if (named->name == NULL || named->cfg == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    if (from->kind == GW_NODE_SCALAR) {
        return true;
    }
    const char *const extra[] = {type->key, NULL};
    const bool ok = gw_bind_value_object(b, of, from, extra, named->cfg);
    move_to_front(from, type->key);
    return ok;
}
