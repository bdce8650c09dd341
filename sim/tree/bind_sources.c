#include "sim/tree/bind_sources.h"

#include <stdio.h>
#include <string.h>

#include "sim/tree/binding.h"

/* What a changed value is marked with when nobody says where the new one comes from. */
static const char unsourced[] = "A unsourced replaces a value that had a source";

static const char *source_text(const struct gw_node *sources, const char *key)
{
    return sources != NULL ? gw_node_text(sources, key) : NULL;
}

/* "S key remark" taken apart; false when it does not read so. */
static bool split(const char *text, struct gw_bind_source *out)
{
    if (text[0] == '\0' || strchr("SRCA", text[0]) == NULL || text[1] != ' ') {
        return false;
    }
    const char *citation = text + 1 + strspn(text + 1, " ");
    const size_t n = strcspn(citation, " ");
    if (n == 0 || n >= sizeof out->citation) {
        return false;
    }
    *out = (struct gw_bind_source){.mark = text[0], .remark = citation + n + strspn(citation + n, " ")};
    memcpy(out->citation, citation, n);
    return true;
}

bool gw_bind_sources_split(const struct gw_node *entry, const char *key, struct gw_bind_source *out)
{
    const struct gw_node *sources = gw_node_get(entry, "sources");
    const char *text = source_text(sources, key);
    text = text != NULL ? text : source_text(sources, "*");
    return text != NULL && split(text, out);
}

static void check_key(struct gw_bind *b, const struct gw_type *type, const struct gw_entry *e)
{
    char key[GW_TREE_KEY_BYTES + 1];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(e->key, "."), e->key); /* "power.idle_w" is of `power` */
    if (strcmp(e->key, "*") == 0 || gw_bind_value_field(type, key) != NULL) {
        return;
    }
    const char *names[64];
    size_t n = 0;
    for (const struct gw_field *f = type->of; f != NULL && f->key != NULL && n < 64; f++) {
        names[n++] = f->key;
    }
    const char *nearest = gw_text_nearest(key, names, n);
    if (nearest != NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL,
                       "there is no key `%s` to have a source (did you mean `%s`?)", e->key, nearest);
    } else {
        gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "there is no key `%s` to have a source", e->key);
    }
}

bool gw_bind_sources_check(struct gw_bind *b, const struct gw_type *type, const struct gw_node *entry)
{
    const struct gw_node *sources = gw_node_get(entry, "sources");
    if (sources == NULL || gw_node_is_null(sources)) {
        return true;
    }
    const uint64_t before = b->n_errors;
    const struct gw_bind_step step = {
        .up = b->path, .key = "sources", .depth = b->path != NULL ? b->path->depth + 1 : 1};
    b->path = &step;
    if (sources->kind != GW_NODE_MAP) {
        gw_bind_report(b, GW_ERR_TYPE, sources->pos, NULL,
                       "expected a map from keys to where they come from");
    }
    for (uint32_t i = 0; sources->kind == GW_NODE_MAP && i < sources->n; i++) {
        const struct gw_entry *e = &sources->entry[i];
        const char *text = gw_node_text(sources, e->key);
        struct gw_bind_source source;
        check_key(b, type, e);
        if (text == NULL || !split(text, &source)) {
            gw_bind_report(
                b, GW_ERR_SYNTAX, e->value->pos, e->key,
                "expected a mark (S seen, R recalled, C computed, A assumed), a citation key of up to %d "
                "letters and a remark, such as \"S nvidia-2022 table 1\"",
                GW_BIND_CITATION_MAX - 1);
        }
    }
    b->path = step.up;
    return b->n_errors == before;
}

static bool put_source(struct gw_tree *tree, struct gw_node *sources, const char *key, const char *text,
                       struct gw_pos pos)
{
    struct gw_node *value = gw_node_scalar(tree, text, false, pos);
    return value != NULL && gw_node_put(tree, sources, key, value);
}

bool gw_bind_sources_lay_over(struct gw_tree *tree, const struct gw_type *type, struct gw_node *under,
                              struct gw_node *over)
{
    const struct gw_node *old = gw_node_get(under, "sources");
    struct gw_node *new = gw_node_get(over, "sources");
    if (old == NULL || old->kind != GW_NODE_MAP || (new != NULL &&new->kind != GW_NODE_MAP)) {
        return true;
    }
    const char *old_all = source_text(old, "*"), *new_all = source_text(new, "*");
    /* The same "*" on both sides is the resolved dump of this very entry, read again: nothing changes hands.
     */
    if (new_all != NULL && old_all != NULL && strcmp(new_all, old_all) == 0) {
        return true;
    }
    const uint32_t n = over->n;
    for (uint32_t i = 0; i < n; i++) {
        const struct gw_entry *e = &over->entry[i];
        const struct gw_node *before = gw_node_get(under, e->key);
        /* "*" of the old entry must not speak for values it never had either. */
        const bool claimed = old_all != NULL || (before != NULL && source_text(old, e->key) != NULL);
        const bool has_source = strcmp(e->key, "sources") != 0 && strcmp(e->key, "name") != 0 &&
                                gw_bind_value_field(type, e->key) != NULL;
        if (!has_source || source_text(new, e->key) != NULL || !claimed ||
            (before != NULL && gw_node_equal(before, e->value))) {
            continue;
        }
        if (new == NULL) {
            new = gw_node_container(tree, GW_NODE_MAP, over->pos);
            if (new == NULL || !gw_node_put(tree, over, "sources", new)) {
                return false;
            }
            e = &over->entry[i];
        }
        if (!put_source(tree, new, e->key, new_all != NULL ? new_all : unsourced, e->key_pos)) {
            return false;
        }
    }
    if (old_all != NULL && new_all != NULL) {
        gw_node_drop(new, "*"); /* spelled out above; what stays keeps the old one */
    }
    return true;
}
