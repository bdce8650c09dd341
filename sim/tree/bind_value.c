#include "sim/tree/binding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than any tree can be: only a table that contains itself in its own defaults gets there. */
enum { DEPTH_MAX = 4 * GW_TREE_DEPTH };

size_t gw_bind_value_size(const struct gw_type *type)
{
    switch (type->kind) {
    case GW_BOOL:
        return sizeof(bool);
    case GW_INT:
    case GW_TIME:
    case GW_SPAN:
        return sizeof(int64_t);
    case GW_NUM:
        return sizeof(double);
    case GW_TEXT:
    case GW_PATH:
        return sizeof(const char *);
    case GW_OPT:
    case GW_REF:
        return sizeof(const void *);
    case GW_ENUM:
        return sizeof(int32_t);
    case GW_INDEX:
        return sizeof(uint32_t);
    case GW_OBJ:
        return type->size;
    case GW_LIST:
        return sizeof(struct gw_slice);
    case GW_MAP:
        return sizeof(struct gw_names);
    case GW_PICK:
        return sizeof(struct gw_pick);
    case GW_NAMED:
        return sizeof(struct gw_named);
    }
    return 0;
}

bool gw_bind_value_absent(const struct gw_type *type, void *out)
{
    static const double no_number = NAN;
    static const int64_t no_count = GW_ABSENT;
    static const uint32_t no_index = UINT32_MAX;
    switch (type->kind) {
    case GW_NUM:
        memcpy(out, &no_number, sizeof no_number);
        return true;
    case GW_INT:
    case GW_TIME:
    case GW_SPAN:
        memcpy(out, &no_count, sizeof no_count);
        return true;
    case GW_INDEX:
        memcpy(out, &no_index, sizeof no_index);
        return true;
    case GW_TEXT:
    case GW_PATH:
    case GW_REF:
    case GW_OPT:
    case GW_LIST:
    case GW_MAP:
    case GW_NAMED:
        memset(out, 0, gw_bind_value_size(type));
        return true;
    default:
        return false;
    }
}

/* ---- objects ---- */

static uint32_t count_fields(const struct gw_type *type)
{
    const struct gw_field *field = type->of;
    uint32_t n = 0;
    while (field != NULL && field[n].key != NULL) {
        n++;
    }
    return n;
}

const struct gw_field *gw_bind_value_field(const struct gw_type *type, const char *key)
{
    for (const struct gw_field *field = type->of; field != NULL && field->key != NULL; field++) {
        if (strcmp(field->key, key) == 0) {
            return field;
        }
    }
    return NULL;
}

const struct gw_entry *gw_bind_value_meant(const struct gw_type *object, const struct gw_node *map,
                                           const char *key)
{
    for (uint32_t i = 0; map->kind == GW_NODE_MAP && i < map->n; i++) {
        if (strcmp(map->entry[i].key, key) == 0) {
            return &map->entry[i];
        }
    }
    for (uint32_t i = 0; object != NULL && map->kind == GW_NODE_MAP && i < map->n; i++) {
        const char *other = map->entry[i].key;
        if (gw_text_nearest(other, &key, 1) != NULL && gw_bind_value_field(object, other) == NULL) {
            return &map->entry[i];
        }
    }
    return NULL;
}

/* An object while its keys are sorted into the fields. slot[i] belongs to field i; behind them stand the
 * extras, then the unknown keys, which stay for others that look for a misspelt name. */
struct filling {
    const struct gw_field *field;
    uint32_t n_fields, n_extra, n_unknown;
    const char *const *extra;
    struct gw_entry *slot;
    bool *excused; /* missing fields that a misspelt key was probably meant for: one error, not two */
};

/* Place of a key, looked for from `hint` on, since people mostly follow the order of the reference. */
static uint32_t slot_of(const struct filling *f, const char *key, uint32_t hint)
{
    for (uint32_t i = 0; i < f->n_fields; i++) {
        const uint32_t at = hint + i < f->n_fields ? hint + i : hint + i - f->n_fields;
        if (f->field[at].key[0] == key[0] && strcmp(f->field[at].key, key) == 0) {
            return at;
        }
    }
    for (uint32_t i = 0; i < f->n_extra; i++) {
        if (strcmp(f->extra[i], key) == 0) {
            return f->n_fields + i;
        }
    }
    return UINT32_MAX;
}

/* The one name that begins with the key, as `tdp_w` with `tdp`, or the other way round; NULL when there are
 * more. */
static const char *with_same_beginning(const char *key, const char *const *names, size_t n)
{
    const char *found = NULL;
    for (size_t i = 0; i < n && strlen(key) >= 3; i++) {
        const size_t shorter = strlen(names[i]) < strlen(key) ? strlen(names[i]) : strlen(key);
        if (shorter >= 3 && strncmp(names[i], key, shorter) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = names[i];
        }
    }
    return found;
}

static void report_unknown(struct gw_bind *b, const struct filling *f, const struct gw_entry *e)
{
    if (gw_bind_report_is_full(b)) {
        gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown key");
        return;
    }
    const char **names = malloc((f->n_fields + 1) * sizeof *names);
    if (names == NULL) {
        gw_bind_report_nomem(b);
        return;
    }
    /* Keys that are written already are not what was meant here, unless nothing else comes near. */
    size_t n = 0;
    for (uint32_t i = 0; i < f->n_fields; i++) {
        if (f->slot[i].value == NULL) {
            names[n++] = f->field[i].key;
        }
    }
    const char *nearest = gw_text_nearest(e->key, names, n);
    nearest = nearest != NULL ? nearest : with_same_beginning(e->key, names, n);
    for (uint32_t i = 0; i < f->n_fields; i++) {
        if (nearest != NULL && strcmp(f->field[i].key, nearest) == 0) {
            f->excused[i] = true;
        }
        names[i] = f->field[i].key;
    }
    if (nearest == NULL) {
        nearest = gw_text_nearest(e->key, names, f->n_fields);
        nearest = nearest != NULL ? nearest : with_same_beginning(e->key, names, f->n_fields);
    }
    if (nearest == NULL && f->n_extra > 0) {
        nearest = gw_text_nearest(e->key, f->extra, f->n_extra);
    }

    struct gw_text known = {0};
    gw_bind_report_names(names, f->n_fields, &known);
    if (nearest != NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown key `%s` (did you mean `%s`?)", e->key,
                       nearest);
    } else if (f->n_fields == 0) {
        gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown key `%s`; no keys are known here",
                       e->key);
    } else {
        gw_bind_report(b, GW_ERR_UNKNOWN, e->key_pos, NULL, "unknown key `%s`; known here: %s", e->key,
                       known.failed ? "" : known.at);
    }
    gw_text_fini(&known);
    free(names);
}

/* Room for unknown keys, of which there mostly are none. */
static bool add_room(struct gw_bind *b, struct filling *f, uint32_t n_more)
{
    const size_t n_known = (size_t)f->n_fields + f->n_extra;
    struct gw_entry *slot = gw_arena_array(&b->tree->arena, n_known + n_more, sizeof *slot);
    if (slot == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    memcpy(slot, f->slot, n_known * sizeof *slot);
    f->slot = slot;
    return true;
}

static void sort_keys(struct gw_bind *b, struct filling *f, const struct gw_node *node)
{
    const uint32_t n_known = f->n_fields + f->n_extra;
    uint32_t hint = 0;
    for (uint32_t i = 0; i < node->n; i++) {
        const uint32_t at = slot_of(f, node->entry[i].key, hint);
        if (at != UINT32_MAX) {
            f->slot[at] = node->entry[i];
            hint = at + 1 < f->n_fields ? at + 1 : 0;
        } else if (f->n_unknown > 0 || add_room(b, f, node->n - i)) {
            f->slot[n_known + f->n_unknown++] = node->entry[i];
        }
    }
    for (uint32_t i = 0; i < f->n_unknown; i++) {
        report_unknown(b, f, &f->slot[n_known + i]);
    }
}

static bool is_absent_by_default(const struct gw_field *field)
{
    return field->def != NULL && (strcmp(field->def, "~") == 0 || strcmp(field->def, "null") == 0);
}

static bool bind_null_field(struct gw_bind *b, const struct gw_field *field, const struct gw_node *node,
                            void *out)
{
    if ((is_absent_by_default(field) || field->type->kind == GW_OPT) &&
        gw_bind_value_absent(field->type, out)) {
        return true;
    }
    struct gw_text expected = {0};
    gw_bind_report_expected(b, field->type, &expected);
    if (field->def != NULL) {
        gw_bind_report(b, GW_ERR_TYPE, node->pos, NULL,
                       "no value is given; leave the key out for the default %s", field->def);
    } else {
        gw_bind_report(b, GW_ERR_TYPE, node->pos, NULL, "no value is given; expected %s",
                       expected.failed ? "a value" : expected.at);
    }
    gw_text_fini(&expected);
    return false;
}

/* Kinds whose bound value fits a default's cache and owns nothing that two objects could not share. */
static bool is_shared(const struct gw_type *type, const struct gw_node *node)
{
    return node->kind == GW_NODE_SCALAR && type->kind != GW_OBJ && type->kind != GW_LIST &&
           type->kind != GW_MAP && type->kind != GW_PICK && type->kind != GW_NAMED && type->kind != GW_OPT;
}

/* The default of a field that is not written, into the object and into the slot. */
static bool bind_default(struct gw_bind *b, const struct gw_field *field, struct gw_entry *slot, void *out)
{
    struct gw_bind_default *def = gw_bind_default_of(b, field);
    if (def == NULL) {
        return false;
    }
    struct gw_node *node = def->node->kind == GW_NODE_SCALAR ? def->node : gw_node_copy(b->tree, def->node);
    if (node == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    *slot = (struct gw_entry){.key = def->key, .key_pos = node->pos, .value = node};
    const size_t size = gw_bind_value_size(field->type);
    if (def->bound) {
        memcpy(out, def->value, size);
        return true;
    }
    const bool ok = gw_node_is_null(node) ? bind_null_field(b, field, node, out)
                                          : gw_bind_value(b, field->type, &slot->value, out);
    if (ok && is_shared(field->type, node) && size <= sizeof def->value) {
        /* Binding may have grown the table of defaults. */
        def = gw_bind_default_of(b, field);
        if (def == NULL) {
            return false;
        }
        memcpy(def->value, out, size);
        def->bound = true;
    }
    return ok;
}

static bool bind_field(struct gw_bind *b, const struct filling *f, uint32_t i, const struct gw_node *node,
                       void *out)
{
    const struct gw_field *field = &f->field[i];
    struct gw_entry *slot = &f->slot[i];
    if (slot->value == NULL && field->def == NULL) {
        if (!f->excused[i]) {
            gw_bind_report(b, GW_ERR_UNKNOWN, node->pos, NULL, "the key `%s` is missing (%s)", field->key,
                           field->doc != NULL ? field->doc : "required");
        }
        return false;
    }
    const struct gw_bind_step step = {
        .up = b->path, .key = field->key, .depth = b->path != NULL ? b->path->depth + 1 : 1};
    if (step.depth > DEPTH_MAX) {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, field->key, "the defaults contain themselves without end");
        return false;
    }
    b->path = &step;
    bool ok;
    if (slot->value == NULL) {
        ok = bind_default(b, field, slot, out);
    } else if (gw_node_is_null(slot->value)) {
        ok = bind_null_field(b, field, slot->value, out);
    } else {
        ok = gw_bind_value(b, field->type, &slot->value, out);
    }
    b->path = step.up;
    return ok;
}

/* The slots become the map, in their order. */
static void adopt_slots(struct gw_node *node, const struct filling *f)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n_fields + f->n_extra + f->n_unknown; i++) {
        if (f->slot[i].value != NULL) {
            f->slot[n++] = f->slot[i];
        }
    }
    node->entry = f->slot;
    node->n = n;
    node->cap = n;
}

bool gw_bind_value_object(struct gw_bind *b, const struct gw_type *type, struct gw_node *node,
                          const char *const *extra, void *out)
{
    if (node->kind != GW_NODE_MAP) {
        gw_bind_report_type(b, type, node);
        return false;
    }
    struct filling f = {.field = type->of, .n_fields = count_fields(type), .extra = extra};
    while (extra != NULL && extra[f.n_extra] != NULL) {
        f.n_extra++;
    }
    f.slot = gw_arena_array(&b->tree->arena, (size_t)f.n_fields + f.n_extra, sizeof *f.slot);
    f.excused = calloc(f.n_fields + 1, sizeof *f.excused);
    if (f.slot == NULL || f.excused == NULL) {
        free(f.excused);
        gw_bind_report_nomem(b);
        return false;
    }

    const uint64_t errors_before = b->n_errors, trusted_before = b->n_trusted;
    bool ok = true;
    sort_keys(b, &f, node);
    for (uint32_t i = 0; i < f.n_fields; i++) {
        ok = bind_field(b, &f, i, node, (char *)out + f.field[i].offset) && ok;
    }
    adopt_slots(node, &f);
    free(f.excused);
    ok = ok && b->n_errors == errors_before;
    if (ok && type->check != NULL && b->n_trusted == trusted_before) {
        b->checked = node;
        type->check(out, b, node);
        ok = b->n_errors == errors_before;
    }
    return ok;
}

/* ---- lists and maps ---- */

static bool length_ok(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node)
{
    const bool is_list = type->kind == GW_LIST;
    if ((type->min == 0.0 && type->max == 0.0) || (node->n >= type->min && node->n <= type->max)) {
        return true;
    }
    const char *what = is_list ? "list" : "map";
    const unsigned least = (unsigned)type->min;
    if (node->n == 0) {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "the %s is empty; at least %u %s needed", what,
                       least, least == 1 ? "entry is" : "entries are");
    } else if (node->n < type->min) {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "the %s has %u entries; at least %u are needed",
                       what, (unsigned)node->n, least);
    } else {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "the %s has %u entries; at most %u are allowed",
                       what, (unsigned)node->n, (unsigned)type->max);
    }
    return false;
}

/* Elements that others address by `name` must have different ones. */
static bool names_differ(struct gw_bind *b, const struct gw_node *list)
{
    struct gw_lookup names;
    if (!gw_lookup_init(&names, list->n)) {
        gw_bind_report_nomem(b);
        return false;
    }
    names.n = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        const char *name = gw_node_text(list->entry[i].value, "name");
        if (name != NULL) {
            names.item[names.n++] = (struct gw_lookup_item){.key = name, .at = i};
        }
    }
    gw_lookup_sort(&names);
    bool ok = true;
    for (uint32_t i = 1, first = 0; i < names.n; i++) {
        if (strcmp(names.item[i].key, names.item[first].key) != 0) {
            first = i;
            continue;
        }
        const struct gw_node *again = list->entry[names.item[i].at].value;
        gw_bind_report(b, GW_ERR_RANGE, gw_node_get(again, "name")->pos, NULL,
                       "two elements are named \"%s\"; the first is in line %u",
                       gw_bind_report_short(names.item[i].key).at,
                       (unsigned)list->entry[names.item[first].at].value->pos.line);
        ok = false;
    }
    gw_lookup_fini(&names);
    return ok;
}

static bool has_names(const struct gw_type *type)
{
    return type->kind == GW_OBJ && gw_bind_value_field(type, "name") != NULL;
}

static bool bind_element(struct gw_bind *b, const struct gw_type *type, struct gw_bind_step *step,
                         struct gw_node **node, void *out)
{
    step->up = b->path;
    step->depth = b->path != NULL ? b->path->depth + 1 : 1;
    b->path = step;
    const bool ok = gw_bind_value(b, type, node, out);
    b->path = step->up;
    return ok;
}

static bool bind_list(struct gw_bind *b, const struct gw_type *type, struct gw_node *node,
                      struct gw_slice *out)
{
    const struct gw_type *of = type->of;
    if (node->kind != GW_NODE_LIST) {
        gw_bind_report_type(b, type, node);
        return false;
    }
    const size_t size = gw_bind_value_size(of);
    char *at = gw_arena_array(b->arena, node->n, size);
    if (at == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    bool ok = length_ok(b, type, node) && (!has_names(of) || names_differ(b, node));
    for (uint32_t i = 0; i < node->n; i++) {
        struct gw_bind_step step = {.element = node->entry[i].value, .index = i};
        ok = bind_element(b, of, &step, &node->entry[i].value, at + i * size) && ok;
    }
    *out = (struct gw_slice){.n = node->n, .at = at};
    return ok;
}

void gw_bind_value_give_name(struct gw_bind *b, const struct gw_type *type, struct gw_node *node,
                             const char *name)
{
    if (!has_names(type) || node->kind != GW_NODE_MAP || gw_node_get(node, "name") != NULL) {
        return;
    }
    struct gw_node *value = gw_node_scalar(b->tree, name, false, node->pos);
    if (value == NULL || !gw_node_put(b->tree, node, "name", value)) {
        gw_bind_report_nomem(b);
        return;
    }
    value->from_default = true;
}

static bool bind_map(struct gw_bind *b, const struct gw_type *type, struct gw_node *node,
                     struct gw_names *out)
{
    const struct gw_type *of = type->of;
    if (node->kind != GW_NODE_MAP) {
        gw_bind_report_type(b, type, node);
        return false;
    }
    const size_t size = gw_bind_value_size(of);
    char *at = gw_arena_array(b->arena, node->n, size);
    const char **key = gw_arena_array(b->arena, node->n, sizeof *key);
    struct gw_lookup names;
    if (at == NULL || key == NULL || !gw_lookup_init(&names, node->n)) {
        gw_bind_report_nomem(b);
        return false;
    }
    for (uint32_t i = 0; i < node->n; i++) {
        names.item[i] = (struct gw_lookup_item){.key = node->entry[i].key, .at = i};
    }
    gw_lookup_sort(&names);

    bool ok = length_ok(b, type, node);
    for (uint32_t i = 0; i < node->n; i++) {
        struct gw_entry *e = &node->entry[names.item[i].at];
        struct gw_bind_step step = {.key = e->key};
        gw_bind_value_give_name(b, of, e->value, e->key);
        ok = bind_element(b, of, &step, &e->value, at + i * size) && ok;
        key[i] = gw_arena_text(b->arena, e->key);
        if (key[i] == NULL) {
            gw_bind_report_nomem(b);
            ok = false;
        }
    }
    gw_lookup_fini(&names);
    *out = (struct gw_names){.n = node->n, .key = key, .at = at};
    return ok;
}

/* ---- any kind ---- */

static bool bind_opt(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, const void **out)
{
    const struct gw_type *of = type->of;
    *out = NULL;
    if (gw_node_is_null(*node)) {
        return true;
    }
    void *value = gw_arena_alloc(b->arena, gw_bind_value_size(of));
    if (value == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    if (!gw_bind_value(b, of, node, value)) {
        return false;
    }
    *out = value;
    return true;
}

bool gw_bind_value(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, void *out)
{
    switch (type->kind) {
    case GW_OBJ:
        return gw_bind_value_object(b, type, *node, NULL, out);
    case GW_OPT:
        return bind_opt(b, type, node, out);
    case GW_LIST:
        return bind_list(b, type, *node, out);
    case GW_MAP:
        return bind_map(b, type, *node, out);
    case GW_PICK:
        return gw_bind_choice_pick(b, type, node, out);
    case GW_NAMED:
        return gw_bind_choice_named(b, type, node, out);
    case GW_REF:
        return gw_bind_catalogue_entry(b, type, *node, out);
    case GW_INDEX:
        return gw_bind_reference(b, type, *node, out);
    default:
        return gw_bind_scalar(b, type, *node, out);
    }
}
