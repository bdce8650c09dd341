#include "sim/run/normalise.h"

#include <stdio.h>
#include <string.h>

#include "models/cooling/plant.h"
#include "models/policies/registry.h"
#include "models/policies/slots.h"

enum { NAME_BYTES = 200 };

static enum gw_status no_memory(struct gw_errors *errs)
{
    gw_errors_add(errs, GW_ERR_NOMEM, "scenario", "out of memory");
    return GW_ERR_NOMEM;
}

static bool put_text(struct gw_tree *tree, struct gw_node *map, const char *key, const char *text,
                     struct gw_pos pos)
{
    char *own = gw_arena_text(&tree->arena, text);
    struct gw_node *node = own != NULL ? gw_node_scalar(tree, own, false, pos) : NULL;
    return node != NULL && gw_node_put(tree, map, key, node);
}

/* ---- policies ---- */

/* How a row is written short. */
enum short_form { BUILT_IN, PLUGIN, EXEC };

static enum short_form form_of(const struct gw_node *row)
{
    return gw_node_text(row, "plugin") != NULL ? PLUGIN : gw_node_get(row, "exec") != NULL ? EXEC : BUILT_IN;
}

/* Puts `value` under the key of every slot the policy is made for, or that its row names; unknown names and
 * plug-ins go to routing, where errors are then reported. */
static bool put_slots(struct gw_tree *tree, struct gw_node *out, const char *policy,
                      const struct gw_node *slots, struct gw_node *value)
{
    const struct gw_policy_ops *ops = policy != NULL ? gw_registry_find(policy) : NULL;
    if (slots != NULL && slots->kind == GW_NODE_LIST && slots->n > 0) {
        for (uint32_t i = 0; i < slots->n; i++) {
            const struct gw_node *slot = slots->entry[i].value;
            if (slot->kind == GW_NODE_SCALAR && !gw_node_put(tree, out, slot->text, value)) {
                return false;
            }
        }
        return true;
    }
    if (ops == NULL) {
        return gw_node_put(tree, out, "routing", value);
    }
    for (size_t i = 0; i < GW_SLOTS_COUNT; i++) {
        if ((ops->slots & gw_slots_docs[i].slot) != 0 &&
            !gw_node_put(tree, out, gw_slots_docs[i].key, value)) {
            return false;
        }
    }
    return true;
}

/* { policy: x, a: 1 }, { plugin: x.so, a: 1 } and { exec: [x], a: 1 } without the name and the rhythm
 * that a row may carry; a plug-in may have a parameter of that name. */
static struct gw_node *policy_map(struct gw_tree *tree, const struct gw_node *row)
{
    static const char *const word[] = {[BUILT_IN] = "policy", [PLUGIN] = "plugin", [EXEC] = "exec"};
    static const char *const key[] = {[BUILT_IN] = "policy", [PLUGIN] = "path", [EXEC] = "command"};
    const enum short_form form = form_of(row);
    struct gw_node *map = gw_node_container(tree, GW_NODE_MAP, row->pos);
    struct gw_node *set = gw_node_container(tree, GW_NODE_MAP, row->pos);
    if (map == NULL || set == NULL ||
        (form != BUILT_IN && !put_text(tree, map, "policy", word[form], row->pos))) {
        return NULL;
    }
    for (uint32_t i = 0; i < row->n; i++) {
        const struct gw_entry *e = &row->entry[i];
        if (strcmp(e->key, "name") == 0 || (form != PLUGIN && strcmp(e->key, "every") == 0) ||
            (form == EXEC && strcmp(e->key, "slots") == 0)) {
            continue;
        }
        const bool is_word = strcmp(e->key, word[form]) == 0;
        struct gw_node *into = form == PLUGIN && !is_word ? set : map;
        if (!gw_node_put(tree, into, is_word ? key[form] : e->key, e->value)) {
            return NULL;
        }
        into->entry[into->n - 1].key_pos = e->key_pos;
    }
    return form != PLUGIN || gw_node_put(tree, map, "set", set) ? map : NULL;
}

/* "./policies/my_policy.so" -> "my_policy" */
static void stem_of(const char *path, char out[NAME_BYTES])
{
    const char *slash = strrchr(path, '/');
    const char *stem = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(stem, '.');
    snprintf(out, NAME_BYTES, "%.*s", (int)(dot != NULL && dot != stem ? dot - stem : (long)strlen(stem)),
             stem);
}

/* [python3, -u, my_policy.py, fast] -> "my_policy": what the program is to run, else the program. */
static void command_stem(const struct gw_node *command, char out[NAME_BYTES])
{
    const char *best = command->kind == GW_NODE_SCALAR ? command->text : "exec";
    for (uint32_t i = 0; command->kind == GW_NODE_LIST && i < command->n; i++) {
        const struct gw_node *word = command->entry[i].value;
        if (word->kind != GW_NODE_SCALAR || word->text[0] == '-') {
            continue;
        }
        best = word->text;
        if (i > 0) {
            break;
        }
    }
    stem_of(best, out);
}

/* The spelled-out row for a short one; the row itself when it is not short; NULL without memory. */
static struct gw_node *spell_out_policy(struct gw_tree *tree, struct gw_node *row)
{
    const char *policy = row->kind == GW_NODE_SCALAR ? row->text : gw_node_text(row, "policy");
    const enum short_form form = row->kind == GW_NODE_SCALAR ? BUILT_IN : form_of(row);
    if (gw_node_is_null(row) || (policy == NULL && form == BUILT_IN)) {
        return row;
    }
    char name[NAME_BYTES];
    if (gw_node_text(row, "name") != NULL) {
        snprintf(name, sizeof name, "%s", gw_node_text(row, "name"));
    } else if (form == PLUGIN) {
        stem_of(gw_node_text(row, "plugin"), name);
    } else if (form == EXEC) {
        command_stem(gw_node_get(row, "exec"), name);
    } else {
        snprintf(name, sizeof name, "%s", policy);
    }
    struct gw_node *value = row->kind == GW_NODE_SCALAR ? row : policy_map(tree, row);
    struct gw_node *out = gw_node_container(tree, GW_NODE_MAP, row->pos);
    const struct gw_node *slots = form == EXEC ? gw_node_get(row, "slots") : NULL;
    struct gw_node *every = NULL;
    for (uint32_t i = 0; form != PLUGIN && row->kind == GW_NODE_MAP && i < row->n; i++) {
        every = strcmp(row->entry[i].key, "every") == 0 ? row->entry[i].value : every;
    }
    const bool good = value != NULL && out != NULL && put_text(tree, out, "name", name, row->pos) &&
                      put_slots(tree, out, form == BUILT_IN ? policy : NULL, slots, value) &&
                      (every == NULL || gw_node_put(tree, out, "every", every));
    return good ? out : NULL;
}

static uint32_t find_named(const struct gw_node *list, const char *name)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const char *text = gw_node_text(list->entry[i].value, "name");
        if (text != NULL && strcmp(text, name) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* Only the rows asked for, in the order asked for. A name that no row has is taken for a policy's own. */
static struct gw_node *choose_policies(struct gw_tree *tree, const struct gw_node *list,
                                       const char *const *policy)
{
    struct gw_node *chosen = gw_node_container(tree, GW_NODE_LIST, list->pos);
    for (; chosen != NULL && *policy != NULL; policy++) {
        const uint32_t at = find_named(list, *policy);
        struct gw_node *row = NULL;
        if (at != UINT32_MAX) {
            row = list->entry[at].value;
        } else {
            char *own = gw_arena_text(&tree->arena, *policy);
            struct gw_pos pos = {.file = "--policy"};
            row = own != NULL ? gw_node_scalar(tree, own, false, pos) : NULL;
            row = row != NULL ? spell_out_policy(tree, row) : NULL;
        }
        if (row == NULL || !gw_node_put(tree, chosen, NULL, row)) {
            return NULL;
        }
    }
    return chosen;
}

static struct gw_entry *entry_of(const struct gw_node *map, const char *key)
{
    for (uint32_t i = 0; map != NULL && map->kind == GW_NODE_MAP && i < map->n; i++) {
        if (strcmp(map->entry[i].key, key) == 0) {
            return &map->entry[i];
        }
    }
    return NULL;
}

static enum gw_status normalise_policies(struct gw_tree *tree, const char *const *policy,
                                         struct gw_errors *errs)
{
    struct gw_entry *entry = entry_of(tree->root, "policies");
    if (entry == NULL || entry->value->kind != GW_NODE_LIST) {
        return GW_OK;
    }
    for (uint32_t i = 0; i < entry->value->n; i++) {
        struct gw_node *row = spell_out_policy(tree, entry->value->entry[i].value);
        if (row == NULL) {
            return no_memory(errs);
        }
        entry->value->entry[i].value = row;
    }
    if (policy != NULL && *policy != NULL) {
        struct gw_node *chosen = choose_policies(tree, entry->value, policy);
        if (chosen == NULL) {
            return no_memory(errs);
        }
        entry->value = chosen;
    }
    return GW_OK;
}

/* ---- names ---- */

/* Names the element after `base`, or "base-2", ... when that is taken. */
static bool name_after(struct gw_tree *tree, struct gw_node *list, struct gw_node *element, const char *base)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s", base);
    for (unsigned n = 2; find_named(list, name) != UINT32_MAX; n++) {
        snprintf(name, sizeof name, "%.*s-%u", NAME_BYTES - 16, base, n);
    }
    return put_text(tree, element, "name", name, element->pos);
}

/* Elements without a name get that of what `key` names. */
static enum gw_status normalise_names(struct gw_tree *tree, const char *list_path, const char *key,
                                      struct gw_errors *errs)
{
    struct gw_node *list = gw_tree_at(tree, list_path);
    for (uint32_t i = 0; list != NULL && list->kind == GW_NODE_LIST && i < list->n; i++) {
        struct gw_node *element = list->entry[i].value;
        const char *base = gw_node_text(element, key);
        if (element->kind != GW_NODE_MAP || gw_node_get(element, "name") != NULL) {
            continue;
        }
        if (!name_after(tree, list, element, base != NULL ? base : key)) {
            return no_memory(errs);
        }
    }
    return GW_OK;
}

/* ---- weather ---- */

static bool plant_needs_weather(const struct gw_node *cooling)
{
    const char *name =
        cooling != NULL && cooling->kind == GW_NODE_SCALAR ? cooling->text : gw_node_text(cooling, "plant");
    const struct gw_plant *plant = name != NULL ? gw_plant_find(name) : NULL;
    return plant != NULL && plant->needs_weather;
}

static bool written(const struct gw_node *site, const char *key)
{
    const struct gw_node *value = gw_node_get(site, key);
    return value != NULL && !gw_node_is_null(value);
}

/* Written out, so that the climate that was used is part of the resolved scenario. */
static enum gw_status normalise_weather(struct gw_tree *tree, const struct gw_tree *catalogue,
                                        struct gw_errors *errs)
{
    const struct gw_node *climates = gw_node_get(catalogue->root, "climates");
    struct gw_node *list = gw_tree_at(tree, "sites");
    for (uint32_t i = 0; list != NULL && list->kind == GW_NODE_LIST && i < list->n; i++) {
        struct gw_node *site = list->entry[i].value;
        const char *place = gw_node_text(site, "place");
        if (place == NULL || gw_node_get(site, "weather") != NULL || gw_node_get(climates, place) == NULL ||
            !(plant_needs_weather(gw_node_get(site, "cooling")) || written(site, "pv") ||
              written(site, "wind"))) {
            continue;
        }
        if (!put_text(tree, site, "weather", place, site->pos)) {
            return no_memory(errs);
        }
    }
    return GW_OK;
}

/* ---- scores ---- */

/* Several signals for one column are a misunderstanding that the type alone would not explain. */
static enum gw_status check_one_signal(const struct gw_tree *tree, struct gw_errors *errs)
{
    const struct gw_node *signal = gw_tree_at(tree, "score.signal");
    if (signal == NULL || signal->kind == GW_NODE_SCALAR) {
        return GW_OK;
    }
    char at[NAME_BYTES], where[NAME_BYTES + 20];
    gw_pos_print(signal->pos, at, sizeof at);
    snprintf(where, sizeof where, "%s: score.signal", at);
    gw_errors_add(
        errs, GW_ERR_TYPE, where,
        "a column has one signal: a sum over two would be of neither. Name the one of carbon_kgco2; "
        "carbon_lifecycle_kgco2, carbon_direct_kgco2 and delta_carbon_marginal_kgco2 stand beside it in any "
        "case");
    return GW_ERR_TYPE;
}

/* ---- own plants ---- */

/* `pv: 2 MW` as `pv: { power: 2 MW }`, and so for wind. */
static enum gw_status normalise_plants(struct gw_tree *tree, struct gw_errors *errs)
{
    static const char *const keys[] = {"pv", "wind"};
    struct gw_node *list = gw_tree_at(tree, "sites");
    for (uint32_t i = 0; list != NULL && list->kind == GW_NODE_LIST && i < list->n; i++) {
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            struct gw_entry *entry = entry_of(list->entry[i].value, keys[k]);
            if (entry == NULL || entry->value->kind != GW_NODE_SCALAR || gw_node_is_null(entry->value)) {
                continue;
            }
            struct gw_node *map = gw_node_container(tree, GW_NODE_MAP, entry->value->pos);
            if (map == NULL || !gw_node_put(tree, map, "power", entry->value)) {
                return no_memory(errs);
            }
            entry->value = map;
        }
    }
    return GW_OK;
}

enum gw_status gw_normalise_tree(struct gw_tree *tree, const struct gw_tree *catalogue,
                                 const char *const *policy, struct gw_errors *errs)
{
    enum gw_status s = normalise_policies(tree, policy, errs);
    if (s == GW_OK) {
        s = normalise_names(tree, "serving.models", "llm", errs);
    }
    if (s == GW_OK) {
        s = normalise_names(tree, "serving.demand", "origin", errs);
    }
    if (s == GW_OK) {
        s = normalise_plants(tree, errs);
    }
    if (s == GW_OK) {
        s = normalise_weather(tree, catalogue, errs);
    }
    if (s == GW_OK) {
        s = check_one_signal(tree, errs);
    }
    return s;
}
