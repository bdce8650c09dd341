#include "sim/tree/binding.h"

#include <stdlib.h>
#include <string.h>

#include "sim/tree/yaml.h"

/* Fields are told apart by address. The order of this table reaches no result. */
static struct gw_bind_default *slot_of(const struct gw_bind_defaults *table, const struct gw_field *field)
{
    size_t i = ((uintptr_t)field >> 3) * (size_t)UINT64_C(0x9E3779B97F4A7C15) >> 20;
    for (;; i++) {
        struct gw_bind_default *slot = &table->at[i & (table->cap - 1)];
        if (slot->field == NULL || slot->field == field) {
            return slot;
        }
    }
}

static bool grow(struct gw_bind_defaults *table)
{
    const struct gw_bind_defaults old = *table;
    table->cap = old.cap > 0 ? 2 * old.cap : 64;
    table->at = calloc(table->cap, sizeof *table->at);
    if (table->at == NULL) {
        *table = old;
        return false;
    }
    for (uint32_t i = 0; i < old.cap; i++) {
        if (old.at[i].field != NULL) {
            *slot_of(table, old.at[i].field) = old.at[i];
        }
    }
    free(old.at);
    return true;
}

static void mark_as_default(struct gw_node *node)
{
    node->from_default = true;
    for (uint32_t i = 0; i < node->n; i++) {
        mark_as_default(node->entry[i].value);
    }
}

static struct gw_node *parse(struct gw_bind *b, const char *def)
{
    const struct gw_yaml_text text = {.bytes = def, .n = strlen(def), .file = "(default)", .no_lines = true};
    const struct gw_pos pos = {.file = text.file};
    struct gw_node *node = NULL;
    if (gw_yaml_plain_ok_in_flow(def)) {
        node = gw_node_scalar(b->tree, def, false, pos); /* most defaults need no parser */
    } else {
        struct gw_errors errs = {0};
        const enum gw_status s = gw_yaml_read(b->tree, &text, &node, NULL, &errs);
        if (s != GW_OK && s != GW_ERR_NOMEM) {
            gw_bind_report(b, s, pos, NULL, "the default `%s`: %s", def, errs.item[0].why);
            return NULL;
        }
    }
    if (node == NULL) {
        gw_bind_report_nomem(b);
        return NULL;
    }
    mark_as_default(node);
    return node;
}

struct gw_bind_default *gw_bind_default_of(struct gw_bind *b, const struct gw_field *field)
{
    struct gw_bind_defaults *table = &b->defaults;
    if (2 * (table->n + 1) > table->cap && !grow(table)) {
        gw_bind_report_nomem(b);
        return NULL;
    }
    struct gw_bind_default *slot = slot_of(table, field);
    if (slot->field == NULL) {
        struct gw_node *node = parse(b, field->def);
        const char *key = gw_arena_text(&b->tree->arena, field->key);
        if (node == NULL) {
            return NULL;
        }
        if (key == NULL) {
            gw_bind_report_nomem(b);
            return NULL;
        }
        *slot = (struct gw_bind_default){.field = field, .key = key, .node = node};
        table->n++;
    }
    return slot;
}

void gw_bind_default_fini(struct gw_bind *b)
{
    free(b->defaults.at);
    b->defaults = (struct gw_bind_defaults){0};
}
