#include "sim/run/cite.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"

struct keys {
    const char **item;
    size_t n, cap;
    struct gw_arena *arena;
};

static bool add_key(struct keys *keys, const char *key)
{
    for (size_t i = 0; i < keys->n; i++) {
        if (strcmp(keys->item[i], key) == 0) {
            return true;
        }
    }
    void *at = keys->item;
    if (!gw_array_reserve(&at, &keys->cap, keys->n + 1, sizeof *keys->item)) {
        return false;
    }
    keys->item = at;
    keys->item[keys->n] = gw_arena_text(keys->arena, key);
    return keys->item[keys->n++] != NULL;
}

/* "S nvidia-h100 datasheet, table 1": a mark, a citation key, a remark; checked when it was bound. */
static bool add_source(struct keys *keys, const char *text)
{
    const char *key = strchr(text, ' ');
    if (key == NULL) {
        return true;
    }
    key++;
    char *copy = gw_arena_text_n(keys->arena, key, strcspn(key, " "));
    return copy != NULL && add_key(keys, copy);
}

static bool add_entry(struct keys *keys, const struct gw_node *entry)
{
    const struct gw_node *sources = gw_node_get(entry, "sources");
    for (uint32_t i = 0; sources != NULL && sources->kind == GW_NODE_MAP && i < sources->n; i++) {
        const char *text = sources->entry[i].value->text;
        if (text != NULL && !add_source(keys, text)) {
            return false;
        }
    }
    return true;
}

static bool collect(const struct gw_scenario *sc, struct keys *keys)
{
    const struct gw_node *catalogue = gw_node_get(sc->tree.root, "catalogue");
    for (uint32_t k = 0; catalogue != NULL && k < catalogue->n; k++) {
        const struct gw_node *section = catalogue->entry[k].value;
        for (uint32_t i = 0; section->kind == GW_NODE_MAP && i < section->n; i++) {
            if (!add_entry(keys, section->entry[i].value)) {
                return false;
            }
        }
    }
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The text of a citation key; the key itself when the catalogue does not know it (an entry of the user's
 * own). */
static const char *citation_text(const struct gw_scenario *sc, const char *key)
{
    const struct gw_node *known = gw_node_get(sc->catalogue.root, "citations");
    const char *text = known != NULL ? gw_node_text(gw_node_get(known, key), "text") : NULL;
    return text != NULL ? text : "(no entry in the catalogue)";
}

bool gw_cite_list(const struct gw_scenario *sc, const char *const **out, uint32_t *n, struct gw_arena *arena)
{
    struct keys keys = {.arena = arena};
    bool good = collect(sc, &keys);
    if (good && keys.n > 0) {
        qsort(keys.item, keys.n, sizeof *keys.item, compare_keys);
    }
    const size_t most = keys.n + (size_t)sc->n_variants * GW_SLOTS_COUNT;
    const char **line = good ? gw_arena_array(arena, most, sizeof *line) : NULL;
    uint32_t lines = 0;
    good = good && line != NULL;
    for (size_t i = 0; good && i < most; i++) {
        const size_t k = i >= keys.n ? i - keys.n : 0;
        const struct gw_policy_ops *ops = sc->variant[k / GW_SLOTS_COUNT].slot[k % GW_SLOTS_COUNT].ops;
        ops = i >= keys.n ? ops : NULL;
        if (i >= keys.n && (ops == NULL || ops->reference == NULL)) {
            continue;
        }
        struct gw_text text = {0};
        gw_text_addf(&text, "%s: %s", ops != NULL ? ops->name : keys.item[i],
                     ops != NULL ? ops->reference : citation_text(sc, keys.item[i]));
        line[lines] = text.failed ? NULL : gw_arena_text_n(arena, text.at, text.n);
        good = line[lines++] != NULL;
        gw_text_fini(&text);
    }
    free(keys.item);
    *out = line;
    *n = lines;
    return good;
}
