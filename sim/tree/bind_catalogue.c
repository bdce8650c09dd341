#include "sim/tree/binding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tree/bind_sources.h"

enum { DEPTH_MAX = 128 }; /* steps of the path: an entry takes three */

enum progress { UNTOUCHED, RESOLVING, RESOLVED, BINDING, BOUND, BAD };

/* One name of one kind, from the built-in catalogue, the scenario's own, or both. */
struct entry {
    const char *name;
    const struct gw_node *built_in, *own; /* what each says; NULL when it does not know the name */
    struct gw_node *node;                 /* resolved: bases and overrides laid over each other */
    struct gw_node *bound;                /* its copy with the defaults filled in */
    void *object;
    enum progress progress;
    bool is_base, used;
};

/* All entries of a kind, sorted by name; gathered on first use. */
struct gw_bind_catalogue {
    const struct gw_catalogue_kind *kind;
    struct entry *entry;
    uint32_t n;
    bool gathered;
};

static const struct gw_catalogue_kind *kinds_of(const struct gw_bind *b)
{
    static const struct gw_catalogue_kind none = {0};
    return b->env != NULL && b->env->catalogue != NULL ? b->env->catalogue : &none;
}

static uint32_t count_kinds(const struct gw_bind *b)
{
    uint32_t n = 0;
    while (kinds_of(b)[n].kind != NULL) {
        n++;
    }
    return n;
}

static bool is_section(const struct gw_bind *b, const char *name)
{
    for (const struct gw_catalogue_kind *k = kinds_of(b); k->kind != NULL; k++) {
        if (strcmp(k->section, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A section of the scenario's own catalogue, also under a misspelt key: that is one error, not one for each
 * entry that is missing then. */
static const struct gw_node *own_section(const struct gw_bind *b, const struct gw_catalogue_kind *kind)
{
    const struct gw_node *own = b->own_catalogue;
    for (uint32_t i = 0; own != NULL && own->kind == GW_NODE_MAP && i < own->n; i++) {
        const char *key = own->entry[i].key;
        if (strcmp(key, kind->section) == 0 ||
            (!is_section(b, key) && gw_text_nearest(key, &kind->section, 1) != NULL)) {
            return own->entry[i].value;
        }
    }
    return NULL;
}

/* ---- gathering ---- */

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->own != NULL) - (y->own != NULL);
}

static void add_entries(struct gw_bind_catalogue *c, const struct gw_node *section, bool own)
{
    for (uint32_t i = 0; section != NULL && section->kind == GW_NODE_MAP && i < section->n; i++) {
        const struct gw_entry *e = &section->entry[i];
        c->entry[c->n++] = own ? (struct entry){.name = e->key, .own = e->value}
                               : (struct entry){.name = e->key, .built_in = e->value};
    }
}

static bool gather(struct gw_bind *b, struct gw_bind_catalogue *c)
{
    if (c->gathered) {
        return true;
    }
    const struct gw_node *built_in =
        b->env->built_in != NULL ? gw_node_get(b->env->built_in->root, c->kind->section) : NULL;
    const struct gw_node *own = own_section(b, c->kind);
    const size_t most = (size_t)(built_in != NULL ? built_in->n : 0) + (own != NULL ? own->n : 0);
    c->entry = calloc(most + 1, sizeof *c->entry);
    if (c->entry == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    c->gathered = true;
    add_entries(c, built_in, false);
    add_entries(c, own, true);
    qsort(c->entry, c->n, sizeof *c->entry, by_name);
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        if (n > 0 && strcmp(c->entry[n - 1].name, c->entry[i].name) == 0) {
            c->entry[n - 1].own = c->entry[i].own;
        } else {
            c->entry[n++] = c->entry[i];
        }
    }
    c->n = n;
    return true;
}

static struct gw_bind_catalogue *find_kind(struct gw_bind *b, const char *kind)
{
    for (uint32_t i = 0; i < count_kinds(b); i++) {
        if (strcmp(b->catalogue[i].kind->kind, kind) == 0) {
            return gather(b, &b->catalogue[i]) ? &b->catalogue[i] : NULL;
        }
    }
    return NULL;
}

static struct entry *find_entry(const struct gw_bind_catalogue *c, const char *name)
{
    uint32_t low = 0, high = c->n;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        if (strcmp(c->entry[mid].name, name) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < c->n && strcmp(c->entry[low].name, name) == 0 ? &c->entry[low] : NULL;
}

static void report_unknown(struct gw_bind *b, const struct gw_bind_catalogue *c, const char *key,
                           const struct gw_node *node)
{
    char what[64], where[96] = " in the catalogue";
    const char **names = malloc((c->n + 1) * sizeof *names);
    if (names == NULL) {
        gw_bind_report_nomem(b);
        return;
    }
    for (uint32_t i = 0; i < c->n; i++) {
        names[i] = c->entry[i].name;
    }
    snprintf(what, sizeof what, "%s ", c->kind->kind);
    if (c->n == 0) {
        snprintf(where, sizeof where, ": `catalogue.%s` is empty", c->kind->section);
    }
    gw_bind_report_missing(b, node, key, what, where, names, c->n);
    free(names);
}

/* ---- resolving ---- */

/* The steps of the path "catalogue.accelerators.h100", with the caller's path put aside. */
struct place {
    struct gw_bind_step step[3];
    const struct gw_bind_step *before;
};

static void enter(struct gw_bind *b, const struct gw_bind_catalogue *c, const struct entry *e,
                  struct place *place)
{
    const uint32_t depth = b->path != NULL ? b->path->depth : 0;
    place->step[0] = (struct gw_bind_step){.key = "catalogue", .depth = depth + 1};
    place->step[1] =
        (struct gw_bind_step){.up = &place->step[0], .key = c->kind->section, .depth = depth + 2};
    place->step[2] = (struct gw_bind_step){.up = &place->step[1], .key = e->name, .depth = depth + 3};
    place->before = b->path;
    b->path = &place->step[2];
}

/* Chains of entries cost stack, and no sensible one is long. */
static bool depth_ok(struct gw_bind *b, const struct entry *e)
{
    if (b->path->depth <= DEPTH_MAX) {
        return true;
    }
    const struct gw_node *node = e->own != NULL ? e->own : e->built_in;
    gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL,
                   "too many entries inherit from or refer to each other in a chain");
    return false;
}

static bool resolve(struct gw_bind *b, struct gw_bind_catalogue *c, struct entry *e);

/* A copy of the entry `base` names, to lay this one over; NULL with a report when there is none. */
static struct gw_node *copy_of_base(struct gw_bind *b, struct gw_bind_catalogue *c,
                                    const struct gw_node *base)
{
    if (base->kind != GW_NODE_SCALAR || gw_node_is_null(base)) {
        gw_bind_report(b, GW_ERR_TYPE, base->pos, "base", "expected the name of another %s", c->kind->kind);
        return NULL;
    }
    struct entry *from = find_entry(c, base->text);
    if (from == NULL) {
        report_unknown(b, c, "base", base);
        return NULL;
    }
    if (from->progress == RESOLVING) {
        gw_bind_report(b, GW_ERR_RANGE, base->pos, "base", "this %s inherits from itself by way of \"%s\"",
                       c->kind->kind, gw_bind_report_short(from->name).at);
        return NULL;
    }
    from->is_base = true;
    if (!resolve(b, c, from)) {
        return NULL;
    }
    struct gw_node *copy = gw_node_copy(b->tree, from->node);
    if (copy == NULL) {
        gw_bind_report_nomem(b);
    }
    return copy;
}

static struct gw_node *copy_part(struct gw_bind *b, const struct gw_node *part)
{
    struct gw_node *copy = part != NULL ? gw_node_copy(b->tree, part) : NULL;
    if (part != NULL && copy == NULL) {
        gw_bind_report_nomem(b);
    }
    return copy;
}

/* The scenario's entry over the built-in one, both over what they inherit from. */
static struct gw_node *resolved_node(struct gw_bind *b, struct gw_bind_catalogue *c, const struct entry *e)
{
    const struct gw_node *last = e->own != NULL ? e->own : e->built_in;
    if (last->kind != GW_NODE_MAP) {
        gw_bind_report_type(b, c->kind->type, last);
        return NULL;
    }
    struct gw_node *built_in = copy_part(b, e->built_in), *own = copy_part(b, e->own);
    if ((built_in == NULL && e->built_in != NULL) || (own == NULL && e->own != NULL)) {
        return NULL;
    }
    struct gw_node *node = gw_bind_overlay(b, c->kind->type, built_in, own);
    const struct gw_entry *base = node != NULL ? gw_bind_value_meant(c->kind->type, node, "base") : NULL;
    if (base == NULL) {
        return node;
    }
    if (strcmp(base->key, "base") != 0) {
        gw_bind_report(b, GW_ERR_UNKNOWN, base->key_pos, NULL, "unknown key `%s` (did you mean `base`?)",
                       base->key);
        return NULL;
    }
    struct gw_node *under = copy_of_base(b, c, base->value);
    gw_node_drop(node, "base");
    if (under == NULL) {
        return NULL;
    }
    gw_node_drop(under, "name"); /* an entry is named by its own key */
    return gw_bind_overlay(b, c->kind->type, under, node);
}

static bool resolve(struct gw_bind *b, struct gw_bind_catalogue *c, struct entry *e)
{
    if (e->progress != UNTOUCHED) {
        return e->node != NULL && e->progress != BAD;
    }
    struct place place;
    enter(b, c, e, &place);
    e->progress = RESOLVING;
    e->node = depth_ok(b, e) ? resolved_node(b, c, e) : NULL;
    e->progress = e->node != NULL ? RESOLVED : BAD;
    b->path = place.before;
    return e->node != NULL;
}

/* ---- binding ---- */

static bool bind_entry(struct gw_bind *b, struct gw_bind_catalogue *c, struct entry *e)
{
    static const char *const extra[] = {"sources", NULL};
    if (!resolve(b, c, e)) {
        return false;
    }
    const struct gw_type *type = c->kind->type;
    struct place place;
    enter(b, c, e, &place);
    const bool table_has_sources = gw_bind_value_field(type, "sources") != NULL;
    e->progress = BINDING; /* what refers back to it now is a cycle */
    e->object = gw_arena_alloc(b->arena, type->size);
    e->bound = gw_node_copy(b->tree, e->node); /* others may still inherit from the one without defaults */
    if (e->object == NULL || e->bound == NULL) {
        gw_bind_report_nomem(b);
        e->progress = BAD;
    } else {
        gw_bind_value_give_name(b, type, e->bound, e->name);
        const bool sources_ok = gw_bind_sources_check(b, type, e->bound);
        const bool ok =
            gw_bind_value_object(b, type, e->bound, table_has_sources ? NULL : extra, e->object) &&
            sources_ok;
        e->progress = ok ? BOUND : BAD;
    }
    b->path = place.before;
    return e->progress == BOUND;
}

/* Reports a name once as unknown; an entry that is itself wrong was reported where it stands. */
static bool use_entry(struct gw_bind *b, struct gw_bind_catalogue *c, const struct gw_node *node,
                      const void **out)
{
    struct entry *e = find_entry(c, node->text);
    if (e == NULL) {
        report_unknown(b, c, NULL, node);
        return false;
    }
    if (e->progress == BINDING) {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "the %s \"%s\" refers to itself", c->kind->kind,
                       gw_bind_report_short(e->name).at);
        return false;
    }
    e->used = true;
    if (e->progress != BOUND && (e->progress == BAD || !bind_entry(b, c, e))) {
        return false;
    }
    *out = e->object;
    return true;
}

bool gw_bind_catalogue_entry(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node,
                             void *out)
{
    const void **object = out;
    *object = NULL;
    if (node->kind == GW_NODE_MAP) {
        gw_bind_report(
            b, GW_ERR_TYPE, node->pos, NULL,
            "expected the name of a %s, found a map; put it into `catalogue:` under a name of its own",
            (const char *)type->of);
        return false;
    }
    if (node->kind != GW_NODE_SCALAR || gw_node_is_null(node)) {
        gw_bind_report_type(b, type, node);
        return false;
    }
    if (b->table_only) {
        b->n_trusted++;
        return true;
    }
    struct gw_bind_catalogue *c = find_kind(b, type->of);
    if (c == NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, node->pos, NULL,
                       "there is no %s \"%s\": no catalogue of them is at hand", (const char *)type->of,
                       gw_bind_report_short(node->text).at);
        return false;
    }
    return use_entry(b, c, node, out);
}

bool gw_bind_catalogue_known(struct gw_bind *b, const char *kind, const char *name)
{
    const struct gw_bind_catalogue *c = find_kind(b, kind);
    return c != NULL && find_entry(c, name) != NULL;
}

/* ---- before and after ---- */

/* Sections that no kind has, and things in `catalogue:` that are not maps of entries. */
static void check_sections(struct gw_bind *b)
{
    const struct gw_node *own = b->own_catalogue;
    if (own == NULL || gw_node_is_null(own)) {
        return;
    }
    const struct gw_bind_step step = {.key = "catalogue", .depth = 1};
    b->path = &step;
    if (own->kind != GW_NODE_MAP) {
        gw_bind_report(b, GW_ERR_TYPE, own->pos, NULL, "expected a map of sections such as `accelerators`");
    }
    const char *names[128];
    size_t n = 0;
    for (const struct gw_catalogue_kind *k = kinds_of(b); k->kind != NULL && n < 128; k++) {
        names[n++] = k->section;
    }
    for (uint32_t i = 0; own->kind == GW_NODE_MAP && i < own->n; i++) {
        const struct gw_entry *e = &own->entry[i];
        const bool known = is_section(b, e->key);
        const char *nearest = known ? NULL : gw_text_nearest(e->key, names, n);
        if (nearest != NULL) {
            gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown section `%s` (did you mean `%s`?)",
                           e->key, nearest);
        } else if (!known) {
            gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown section `%s`", e->key);
        } else if (e->value->kind != GW_NODE_MAP && !gw_node_is_null(e->value)) {
            gw_bind_report(b, GW_ERR_TYPE, e->value->pos, e->key, "expected a map of named entries");
        }
    }
    b->path = NULL;
}

bool gw_bind_catalogue_init(struct gw_bind *b)
{
    const uint32_t n = count_kinds(b);
    b->catalogue = calloc((size_t)n + 1, sizeof *b->catalogue);
    if (b->catalogue == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        b->catalogue[i].kind = &kinds_of(b)[i];
    }
    const struct gw_entry *own = gw_bind_value_meant(b->root, b->tree->root, "catalogue");
    b->own_catalogue = own != NULL ? own->value : NULL;
    check_sections(b);
    return true;
}

void gw_bind_catalogue_fini(struct gw_bind *b)
{
    for (uint32_t i = 0; b->catalogue != NULL && i < count_kinds(b); i++) {
        free(b->catalogue[i].entry);
    }
    free(b->catalogue);
    b->catalogue = NULL;
}

/* The scenario's own entries are checked even when nothing uses them, except pure bases, which may be
 * incomplete. */
static void check_unused(struct gw_bind *b, struct gw_bind_catalogue *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->entry[i].own != NULL) {
            (void)resolve(b, c, &c->entry[i]); /* finds out which are bases */
        }
    }
    for (uint32_t i = 0; i < c->n; i++) {
        struct entry *e = &c->entry[i];
        if (e->own != NULL && e->progress == RESOLVED && !e->is_base) {
            e->used = bind_entry(b, c, e);
        }
    }
}

static struct gw_node *section_of(struct gw_bind *b, struct gw_bind_catalogue *c, struct gw_pos pos)
{
    struct gw_node *section = gw_node_container(b->tree, GW_NODE_MAP, pos);
    for (uint32_t i = 0; section != NULL && i < c->n; i++) {
        const struct entry *e = &c->entry[i];
        if (e->used && e->progress == BOUND && !gw_node_put(b->tree, section, e->name, e->bound)) {
            section = NULL;
        }
    }
    if (section == NULL) {
        gw_bind_report_nomem(b);
    }
    return section;
}

void gw_bind_catalogue_finish(struct gw_bind *b)
{
    struct gw_node *root = b->tree->root;
    const struct gw_node *own = b->own_catalogue;
    struct gw_lookup sections;
    const uint32_t n = count_kinds(b);
    if (!gw_lookup_init(&sections, n)) {
        gw_bind_report_nomem(b);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct gw_bind_catalogue *c = &b->catalogue[i];
        sections.item[i] = (struct gw_lookup_item){.key = c->kind->section, .at = i};
        if (own_section(b, c->kind) != NULL && gather(b, c)) {
            check_unused(b, c);
        }
    }
    gw_lookup_sort(&sections);

    const struct gw_pos pos = own != NULL ? own->pos : (struct gw_pos){.file = "(default)"};
    struct gw_node *catalogue = gw_node_container(b->tree, GW_NODE_MAP, pos);
    for (uint32_t i = 0; catalogue != NULL && i < n; i++) {
        struct gw_node *section = section_of(b, &b->catalogue[sections.item[i].at], pos);
        if (section == NULL ||
            (section->n > 0 && !gw_node_put(b->tree, catalogue, sections.item[i].key, section))) {
            catalogue = NULL;
        }
    }
    gw_lookup_fini(&sections);
    gw_node_drop(root, "catalogue");
    if (catalogue == NULL || (catalogue->n > 0 && !gw_node_put(b->tree, root, "catalogue", catalogue))) {
        gw_bind_report_nomem(b);
    }
}
