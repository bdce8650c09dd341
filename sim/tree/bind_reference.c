#include "sim/tree/binding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tree/path.h"

/* The names of one list of the scenario, gathered on first use. */
struct gw_bind_list {
    const struct gw_index_kind *kind;
    struct gw_lookup names;
    bool gathered, there;
    bool reported; /* something is wrong with the list itself: its names may be incomplete */
};

static struct gw_bind_list *find_list(struct gw_bind *b, const char *kind)
{
    const struct gw_index_kind *kinds = b->env != NULL ? b->env->index : NULL;
    uint32_t n = 0;
    while (kinds != NULL && kinds[n].kind != NULL) {
        n++;
    }
    if (b->list == NULL && n > 0) {
        b->list = calloc(n, sizeof *b->list);
        if (b->list == NULL) {
            gw_bind_report_nomem(b);
            return NULL;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            b->list[i].kind = &kinds[i];
            return &b->list[i];
        }
    }
    return NULL;
}

/* The object that a value or the elements of a list consist of; NULL when it is none. */
static const struct gw_type *object_in(const struct gw_type *type)
{
    while (type->kind == GW_OPT || type->kind == GW_LIST) {
        type = type->of;
    }
    return type->kind == GW_OBJ ? type : NULL;
}

/* The list at a path of keys, *element becoming the type of its elements. A misspelt key on the way is
 * forgiven here. *reported: the list is missing or empty where its table does not allow that, which is said
 * elsewhere. */
static const struct gw_node *list_node(const struct gw_node *node, const char *path,
                                       const struct gw_type **element, bool *reported)
{
    const struct gw_type *type = NULL;
    while (node != NULL && *path != '\0') {
        struct gw_path_part part;
        char key[GW_TREE_KEY_BYTES + 1];
        if (!gw_path_next(&path, &part)) {
            return NULL;
        }
        snprintf(key, sizeof key, "%.*s", (int)part.len, part.at);
        const struct gw_entry *e = gw_bind_value_meant(*element, node, key);
        const struct gw_field *field = *element != NULL ? gw_bind_value_field(*element, key) : NULL;
        type = field != NULL ? field->type : NULL;
        *element = type != NULL ? object_in(type) : NULL;
        *reported = e == NULL && field != NULL && field->def == NULL;
        node = e != NULL ? e->value : NULL;
    }
    if (node != NULL && type != NULL && type->kind == GW_LIST && !gw_node_is_null(node)) {
        *reported = node->kind != GW_NODE_LIST || node->n < type->min;
    }
    return node;
}

/* An element's name, also under a misspelt key. */
static const char *name_in(const struct gw_node *element, const char *key, const struct gw_type *type)
{
    const struct gw_entry *e = gw_bind_value_meant(type, element, key);
    return e != NULL && e->value->kind == GW_NODE_SCALAR && !gw_node_is_null(e->value) ? e->value->text
                                                                                       : NULL;
}

/* From the tree, since the list may be bound later than what refers to it. A map counts in the order of its
 * keys, as gw_names does. */
static bool gather(struct gw_bind *b, struct gw_bind_list *list)
{
    if (list->gathered) {
        return true;
    }
    const struct gw_type *element = b->root;
    const struct gw_node *node = list_node(b->tree->root, list->kind->path, &element, &list->reported);
    const uint32_t n = node != NULL ? node->n : 0;
    if (!gw_lookup_init(&list->names, n)) {
        gw_bind_report_nomem(b);
        return false;
    }
    list->there = node != NULL && node->kind != GW_NODE_SCALAR;
    list->gathered = true;
    list->names.n = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct gw_node *value = node->entry[i].value;
        const char *name = node->kind == GW_NODE_MAP       ? node->entry[i].key
                           : value->kind == GW_NODE_SCALAR ? value->text
                                                           : name_in(value, list->kind->key, element);
        if (name != NULL) {
            list->names.item[list->names.n++] = (struct gw_lookup_item){.key = name, .at = i};
        }
    }
    gw_lookup_sort(&list->names);
    for (uint32_t i = 0; node != NULL && node->kind == GW_NODE_MAP && i < list->names.n; i++) {
        list->names.item[i].at = i;
    }
    return true;
}

static void report_dangling(struct gw_bind *b, const struct gw_bind_list *list, const struct gw_node *node)
{
    char where[160];
    const char **names = malloc((list->names.n + 1) * sizeof *names);
    if (names == NULL) {
        gw_bind_report_nomem(b);
        return;
    }
    for (uint32_t i = 0; i < list->names.n; i++) {
        names[i] = list->names.item[i].key;
    }
    const char *path = list->kind->path;
    if (list->names.n > 0) {
        snprintf(where, sizeof where, " in `%s`", path);
    } else {
        snprintf(where, sizeof where, ": `%s` %s", path, list->there ? "is empty" : "is not in the scenario");
    }
    gw_bind_report_missing(b, node, NULL, "", where, names, list->names.n);
    free(names);
}

bool gw_bind_reference(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, void *out)
{
    uint32_t *index = out;
    *index = UINT32_MAX;
    if (node->kind != GW_NODE_SCALAR || gw_node_is_null(node)) {
        gw_bind_report_type(b, type, node);
        return false;
    }
    if (b->table_only) {
        b->n_trusted++;
        return true;
    }
    struct gw_bind_list *list = find_list(b, type->of);
    if (list == NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, node->pos, NULL,
                       "\"%s\" cannot be looked up: no list of %s is known",
                       gw_bind_report_short(node->text).at, (const char *)type->of);
        return false;
    }
    if (!gather(b, list)) {
        return false;
    }
    *index = gw_lookup_find(&list->names, node->text);
    if (*index == UINT32_MAX && !list->reported) {
        report_dangling(b, list, node);
    }
    return *index != UINT32_MAX;
}

bool gw_bind_reference_known(struct gw_bind *b, const struct gw_type *type, const char *name)
{
    struct gw_bind_list *list = find_list(b, type->of);
    return list != NULL && gather(b, list) && gw_lookup_find(&list->names, name) != UINT32_MAX;
}

void gw_bind_reference_fini(struct gw_bind *b)
{
    const struct gw_index_kind *kinds = b->env != NULL ? b->env->index : NULL;
    for (uint32_t i = 0; b->list != NULL && kinds[i].kind != NULL; i++) {
        gw_lookup_fini(&b->list[i].names);
    }
    free(b->list);
    b->list = NULL;
}
