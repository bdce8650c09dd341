#include "sim/tree/binding.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/quantity.h"

struct verifying {
    struct gw_bind b; /* binds the defaults, and keeps path and errors */
    const struct gw_type **seen;
    size_t n_seen, cap_seen;
};

static void verify_type(struct verifying *v, const struct gw_type *type);

GW_PRINTF(2, 3) static void complain(struct verifying *v, const char *fmt, ...)
{
    char why[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    gw_bind_report(&v->b, GW_ERR_USAGE, (struct gw_pos){.file = "table"}, NULL, "%s", why);
}

/* One step down, to whatever `type` is. */
static void verify_below(struct verifying *v, const char *key, const struct gw_type *type)
{
    const struct gw_bind_step step = {.up = v->b.path, .key = key};
    v->b.path = &step;
    if (type == NULL) {
        complain(v, "has no type");
    } else {
        verify_type(v, type);
    }
    v->b.path = step.up;
}

static bool is_key(const char *key)
{
    return key[0] >= 'a' && key[0] <= 'z' &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static void verify_doc(struct verifying *v, const char *doc)
{
    if (doc == NULL || doc[0] == '\0') {
        complain(v, "has no sentence that says what it is");
    } else if (doc[strlen(doc) - 1] == '.' || strchr(doc, '\n') != NULL) {
        complain(v, "its sentence \"%s\" must be one line without a full stop", doc);
    }
}

/* ---- fields ---- */

static void verify_default(struct verifying *v, const struct gw_field *field)
{
    if (field->def == NULL) {
        return;
    }
    const size_t size = gw_bind_value_size(field->type);
    void *value = calloc(1, size > 0 ? size : 1);
    struct gw_bind_default *def = gw_bind_default_of(&v->b, field);
    if (value == NULL) {
        gw_bind_report_nomem(&v->b);
    } else if (def != NULL && gw_node_is_null(def->node)) {
        if (!gw_bind_value_absent(field->type, value)) {
            complain(v, "the default ~ means absent, but a value of this kind has no absent form");
        }
    } else if (def != NULL) {
        struct gw_node *node = gw_node_copy(v->b.tree, def->node);
        if (node == NULL) {
            gw_bind_report_nomem(&v->b);
        } else {
            (void)gw_bind_value(&v->b, field->type, &node, value);
        }
    }
    free(value);
}

static void verify_place(struct verifying *v, const struct gw_type *type, const struct gw_field *field)
{
    const size_t size = gw_bind_value_size(field->type);
    if (field->offset + size > type->size) {
        complain(v, "lies at bytes %u to %zu of an object of %u", (unsigned)field->offset,
                 field->offset + size, (unsigned)type->size);
    }
    for (const struct gw_field *other = type->of; other != field; other++) {
        const size_t other_size = other->type != NULL ? gw_bind_value_size(other->type) : 0;
        if (strcmp(other->key, field->key) == 0) {
            complain(v, "is there twice");
        } else if (field->offset < other->offset + other_size && other->offset < field->offset + size) {
            complain(v, "shares bytes with `%s`", other->key);
        }
    }
}

static void verify_fields(struct verifying *v, const struct gw_type *type)
{
    const struct gw_field *field = type->of;
    for (; field != NULL && field->key != NULL; field++) {
        const struct gw_bind_step step = {.up = v->b.path, .key = field->key};
        v->b.path = &step;
        if (!is_key(field->key)) {
            complain(v, "a key is written in small letters, digits, _ and -");
        }
        verify_doc(v, field->doc);
        if (field->type != NULL) {
            const uint64_t before = v->b.n_errors;
            verify_place(v, type, field);
            v->b.path = step.up;
            verify_below(v, field->key, field->type);
            v->b.path = &step;
            if (v->b.n_errors == before) {
                verify_default(v, field);
            }
        } else {
            complain(v, "has no type");
        }
        v->b.path = step.up;
    }
}

/* ---- types ---- */

static void verify_range(struct verifying *v, const struct gw_type *type)
{
    if (isnan(type->min) || isnan(type->max) || type->min > type->max) {
        complain(v, "the range [%g, %g] is empty", type->min, type->max);
    }
}

static void verify_unit(struct verifying *v, const struct gw_type *type)
{
    const char *unit = type->unit != NULL ? type->unit : "1";
    if (type->kind == GW_NUM && !gw_quantity_unit_ok(unit)) {
        complain(v, "the unit \"%s\" is not known", unit);
    }
    if (type->kind == GW_SPAN && type->unit != NULL && strcmp(unit, "s") != 0) {
        complain(v, "a duration is bound in microseconds and its range is in \"s\", not \"%s\"", unit);
    }
}

static void verify_words(struct verifying *v, const char *const *words)
{
    if (words == NULL || words[0] == NULL) {
        complain(v, "has no words to choose from");
        return;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(words[i], words[k]) == 0) {
                complain(v, "the word \"%s\" is there twice", words[i]);
            }
        }
    }
}

static void verify_alternatives(struct verifying *v, const struct gw_alt *alt)
{
    if (alt == NULL || alt[0].key == NULL) {
        complain(v, "has no alternatives");
        return;
    }
    for (size_t i = 0; alt[i].key != NULL; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(alt[i].key, alt[k].key) == 0) {
                complain(v, "the alternative \"%s\" is there twice", alt[i].key);
            }
        }
        if (alt[i].type != NULL) {
            verify_below(v, alt[i].key, alt[i].type);
        } else if (alt[i].scalar_form) {
            complain(v, "the keyword \"%s\" cannot be a scalar form", alt[i].key);
        }
    }
}

static void verify_registry(struct verifying *v, const struct gw_type *type)
{
    if (type->key == NULL || type->named == NULL || type->names == NULL) {
        complain(v, "a part decided by a registry needs key, named and names");
        return;
    }
    const char *const *names = type->names();
    verify_words(v, names);
    for (; names != NULL && *names != NULL; names++) {
        const struct gw_type *of = type->named(*names);
        if (of == NULL || of->kind != GW_OBJ) {
            complain(v, "the registry has no object for \"%s\"", *names);
        } else if (gw_bind_value_field(of, type->key) != NULL) {
            complain(v, "the object for \"%s\" has a key `%s` of its own", *names, type->key);
        } else {
            verify_below(v, *names, of);
        }
    }
}

/* Kinds whose C value has one size: a `size` that says otherwise is a slip in the table. */
static void verify_size(struct verifying *v, const struct gw_type *type)
{
    const struct gw_type *of = type->kind == GW_OPT ? type->of : type;
    const bool known = of != NULL && of->kind != GW_OBJ && type->kind != GW_REF;
    if (type->size != 0 && known && type->size != gw_bind_value_size(of)) {
        complain(v, "size is %u, but a value of this kind has %zu bytes", (unsigned)type->size,
                 gw_bind_value_size(of));
    }
}

/* True when the type was met before: tables may contain themselves. */
static bool was_seen(struct verifying *v, const struct gw_type *type)
{
    for (size_t i = 0; i < v->n_seen; i++) {
        if (v->seen[i] == type) {
            return true;
        }
    }
    if (!gw_array_reserve((void **)&v->seen, &v->cap_seen, v->n_seen + 1, sizeof *v->seen)) {
        gw_bind_report_nomem(&v->b);
        return true;
    }
    v->seen[v->n_seen++] = type;
    return false;
}

static void verify_type(struct verifying *v, const struct gw_type *type)
{
    if (was_seen(v, type)) {
        return;
    }
    verify_range(v, type);
    verify_unit(v, type);
    verify_size(v, type);
    switch (type->kind) {
    case GW_ENUM:
        verify_words(v, type->of);
        break;
    case GW_OBJ:
        verify_doc(v, type->doc);
        verify_fields(v, type);
        break;
    case GW_OPT:
    case GW_LIST:
    case GW_MAP:
        verify_below(v, type->kind == GW_OPT ? "~" : "*", type->of);
        break;
    case GW_PICK:
        verify_alternatives(v, type->of);
        break;
    case GW_NAMED:
        verify_registry(v, type);
        break;
    case GW_REF:
    case GW_INDEX:
        if (type->of == NULL) {
            complain(v, "refers to nothing");
        }
        break;
    default:
        break;
    }
}

void gw_bind_verify(const struct gw_type *type, struct gw_errors *errs)
{
    struct gw_tree tree;
    struct gw_arena arena = {0};
    if (gw_tree_parse(&tree, "{}", 2, "table", NULL, errs) != GW_OK) {
        return;
    }
    struct verifying v = {.b = {.tree = &tree, .arena = &arena, .errs = errs, .table_only = true}};
    verify_type(&v, type);
    gw_bind_default_fini(&v.b);
    free(v.seen);
    gw_arena_fini(&arena);
    gw_tree_fini(&tree);
}
