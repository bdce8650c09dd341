#include <string.h>

#include "sim/tree/bind_sources.h"
#include "sim/tree/binding.h"

/* The name in `greedy-carbon` or `{ policy: greedy-carbon }`. */
static const char *name_of(const struct gw_type *named, const struct gw_node *node)
{
    return node->kind == GW_NODE_SCALAR ? node->text : gw_node_text(node, named->key);
}

/* Whether a value is of another alternative than the one it is laid on, so that their keys must not mix. */
static bool is_other_choice(const struct gw_type *type, const struct gw_node *under,
                            const struct gw_node *over)
{
    if (type->kind == GW_NAMED) {
        const char *x = name_of(type, under), *y = name_of(type, over);
        return x != NULL && y != NULL && strcmp(x, y) != 0;
    }
    return type->kind == GW_PICK && under->n > 0 && over->n > 0 && under->kind == GW_NODE_MAP &&
           over->kind == GW_NODE_MAP && strcmp(under->entry[0].key, over->entry[0].key) != 0;
}

/* The type of what stands under `key` in a value of this type, options unwrapped; NULL when the table does
 * not say. */
static const struct gw_type *type_below(const struct gw_type *type, const char *key)
{
    const struct gw_type *of = type->kind == GW_MAP ? type->of : NULL;
    if (type->kind == GW_OBJ) {
        const struct gw_field *field = gw_bind_value_field(type, key);
        of = field != NULL ? field->type : NULL;
    }
    while (of != NULL && of->kind == GW_OPT) {
        of = of->of;
    }
    return of;
}

/* Drops from `under` the choices that `over` makes differently. */
static void drop_other_choices(const struct gw_type *type, struct gw_node *under, const struct gw_node *over)
{
    for (uint32_t i = 0; under->kind == GW_NODE_MAP && over->kind == GW_NODE_MAP && i < over->n; i++) {
        const struct gw_entry *e = &over->entry[i];
        struct gw_node *value = gw_node_get(under, e->key);
        const struct gw_type *of = type_below(type, e->key);
        if (value == NULL || of == NULL) {
            continue;
        }
        if (is_other_choice(of, value, e->value)) {
            gw_node_drop(under, e->key);
        } else {
            drop_other_choices(of, value, e->value);
        }
    }
}

struct gw_node *gw_bind_overlay(struct gw_bind *b, const struct gw_type *type, struct gw_node *under,
                                struct gw_node *over)
{
    if (under == NULL || over == NULL) {
        return under != NULL ? under : over;
    }
    const bool sources_ok = gw_bind_sources_lay_over(b->tree, type, under, over);
    drop_other_choices(type, under, over);
    if (!sources_ok || !gw_node_merge(b->tree, under, over)) {
        gw_bind_report_nomem(b);
        return NULL;
    }
    under->pos = over->pos;
    return under;
}
