#include "sim/tree/binding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/quantity.h"
#include "sim/tree/path.h"

enum {
    WHERE_MAX = 320,
    WHY_MAX = 512, /* more than an error holds, which then cuts between characters */
    NAMES_COLUMNS = 160,
};

/* Where the binding is, as people write it. */
static void add_path(const struct gw_bind_step *path, struct gw_text *out)
{
    if (path == NULL) {
        return;
    }
    add_path(path->up, out);
    if (path->key != NULL) {
        gw_path_add_key(out, path->key);
    } else {
        gw_path_add_element(out, path->element, path->index);
    }
}

bool gw_bind_report_is_full(const struct gw_bind *b)
{
    return b->errs == NULL || b->errs->n == GW_ERRORS_MAX;
}

void gw_bind_report(struct gw_bind *b, enum gw_status s, struct gw_pos pos, const char *key, const char *fmt,
                    ...)
{
    b->status = b->n_errors++ == 0 ? s : b->status;
    if (gw_bind_report_is_full(b)) {
        gw_errors_add(b->errs, s, "", "%s", "");
        return;
    }
    char at[WHERE_MAX], why[WHY_MAX];
    gw_pos_print(pos, at, sizeof at);
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);

    struct gw_text path = {0};
    add_path(b->path, &path);
    if (key != NULL) {
        gw_text_addf(&path, "%s%s", path.n > 0 && key[0] != '[' ? "." : "", key);
    }
    struct gw_text where = {0};
    gw_text_add(&where, at);
    if (path.n > 0) {
        gw_text_addf(&where, "%s%s", at[0] != '\0' ? ": " : "", path.at);
    }
    for (size_t i = 0; i < where.n; i++) { /* names may hold anything; a message is one line */
        where.at[i] = (unsigned char)where.at[i] < 0x20 ? ' ' : where.at[i];
    }
    gw_errors_add(b->errs, s, where.failed || where.at == NULL ? at : where.at, "%s", why);
    gw_text_fini(&where);
    gw_text_fini(&path);
}

void gw_bind_report_nomem(struct gw_bind *b)
{
    b->status = b->n_errors++ == 0 ? GW_ERR_NOMEM : b->status;
    gw_errors_add(b->errs, GW_ERR_NOMEM, b->tree->root->pos.file, "out of memory");
}

struct gw_bind_short gw_bind_report_short(const char *text)
{
    struct gw_bind_short out = {{0}};
    size_t n = 0, columns = 0;
    for (; text[n] != '\0'; n++) {
        const bool starts = ((unsigned char)text[n] & 0xC0) != 0x80;
        if (starts && columns++ == GW_BIND_SHORT_COLUMNS) {
            break;
        }
        out.at[n] = (unsigned char)text[n] < 0x20 ? ' ' : text[n]; /* a message is one line */
    }
    if (text[n] != '\0') {
        memcpy(out.at + n, "...", 4);
    }
    return out;
}

static void add_found(const struct gw_node *node, struct gw_text *out)
{
    if (node->kind == GW_NODE_LIST) {
        gw_text_add(out, node->n == 0 ? "an empty list" : "a list");
    } else if (node->kind == GW_NODE_MAP) {
        gw_text_add(out, node->n == 0 ? "an empty map" : "a map");
    } else if (gw_node_is_null(node)) {
        gw_text_add(out, "nothing");
    } else {
        gw_text_addf(out, "\"%s\"%s", gw_bind_report_short(node->text).at, node->quoted ? " in quotes" : "");
    }
}

void gw_bind_report_names(const char *const *names, size_t n, struct gw_text *out)
{
    size_t columns = 0;
    for (size_t i = 0; i < n; i++) {
        columns += strlen(names[i]) + 2;
        if (columns > NAMES_COLUMNS) {
            gw_text_add(out, ", ...");
            return;
        }
        gw_text_addf(out, "%s%s", i > 0 ? ", " : "", names[i]);
    }
}

/* How many bytes two names have in common at their beginning. */
static size_t common(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] != '\0' && a[n] == b[n]) {
        n++;
    }
    return n;
}

/* " (did you mean ...?)" with the nearest name or those that begin alike, else "; there are ..." with all. */
static void add_known(const char *name, const char *const *names, size_t n, struct gw_text *out)
{
    enum { ALIKE = 3, ALIKE_NAMES = 8 }; /* bytes in common; as many names are still a hint */
    const char *alike[ALIKE_NAMES];
    size_t most = 0, n_alike = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t same = common(name, names[i]);
        n_alike = same > most ? 0 : n_alike;
        most = same > most ? same : most;
        if (same == most && n_alike < ALIKE_NAMES) {
            alike[n_alike++] = names[i];
        }
    }
    const char *nearest = gw_text_nearest(name, names, n);
    if (nearest == NULL && most >= ALIKE && n_alike == 1) {
        nearest = alike[0];
    }
    if (nearest != NULL) {
        gw_text_addf(out, " (did you mean \"%s\"?)", nearest);
    } else if (most >= ALIKE) {
        gw_text_add(out, " (did you mean one of ");
        gw_bind_report_names(alike, n_alike, out);
        gw_text_add(out, "?)");
    } else {
        gw_text_add(out, n == 1 ? "; there is only " : "; there are ");
        gw_bind_report_names(names, n, out);
    }
}

void gw_bind_report_missing(struct gw_bind *b, const struct gw_node *node, const char *key, const char *what,
                            const char *where, const char *const *names, size_t n)
{
    struct gw_text why = {0};
    gw_text_addf(&why, "there is no %s\"%s\"%s", what, gw_bind_report_short(node->text).at, where);
    if (!gw_bind_report_is_full(b) && n > 0) {
        add_known(node->text, names, n, &why);
    }
    gw_bind_report(b, GW_ERR_UNKNOWN, node->pos, key, "%s",
                   why.failed ? "there is nothing of that name" : why.at);
    gw_text_fini(&why);
}

static void add_enum(const struct gw_type *type, struct gw_text *out)
{
    const char *const *names = type->of;
    size_t n = 0;
    while (names[n] != NULL) {
        n++;
    }
    gw_text_add(out, "one of ");
    gw_bind_report_names(names, n, out);
}

static void add_alternatives(const struct gw_bind *b, const struct gw_type *type, struct gw_text *out)
{
    const struct gw_alt *alt = type->of;
    for (size_t i = 0; alt[i].key != NULL; i++) {
        gw_text_add(out, i == 0 ? "" : alt[i + 1].key == NULL ? " or " : ", ");
        if (alt[i].type == NULL) {
            gw_text_addf(out, "`%s`", alt[i].key);
        } else if (alt[i].scalar_form) {
            gw_bind_report_expected(b, alt[i].type, out);
        } else {
            gw_text_addf(out, "`{%s: ...}`", alt[i].key);
        }
    }
}

static const char *path_of_list(const struct gw_bind *b, const char *kind)
{
    const struct gw_index_kind *k = b->env != NULL ? b->env->index : NULL;
    for (; k != NULL && k->kind != NULL; k++) {
        if (strcmp(k->kind, kind) == 0) {
            return k->path;
        }
    }
    return kind;
}

static void add_number(const struct gw_type *type, struct gw_text *out)
{
    const char *unit = type->unit != NULL ? type->unit : "1";
    if (strcmp(unit, "1") == 0) {
        gw_text_add(out, "a number such as 0.12 or 12 %");
    } else {
        gw_text_addf(out, "a number with a unit of %s such as \"35 %s\"", gw_quantity_dimension(unit), unit);
    }
}

void gw_bind_report_expected(const struct gw_bind *b, const struct gw_type *type, struct gw_text *out)
{
    switch (type->kind) {
    case GW_BOOL:
        gw_text_add(out, "true or false");
        break;
    case GW_INT:
        gw_text_add(out, "a whole number");
        break;
    case GW_NUM:
        add_number(type, out);
        break;
    case GW_TIME:
        gw_text_add(out, "a UTC time such as 2023-06-01T00:00:00Z");
        break;
    case GW_SPAN:
        gw_text_add(out, "a duration such as \"15 min\"");
        break;
    case GW_TEXT:
        gw_text_add(out, "a text");
        break;
    case GW_PATH:
        gw_text_add(out, "a file name");
        break;
    case GW_ENUM:
        add_enum(type, out);
        break;
    case GW_OBJ:
        gw_text_add(out, "a map of keys");
        break;
    case GW_OPT:
        gw_bind_report_expected(b, type->of, out);
        gw_text_add(out, ", or ~ for none");
        break;
    case GW_REF:
        gw_text_addf(out, "the name of a %s in the catalogue", (const char *)type->of);
        break;
    case GW_INDEX:
        gw_text_addf(out, "a name from `%s`", path_of_list(b, type->of));
        break;
    case GW_LIST:
        gw_text_add(out, "a list");
        break;
    case GW_MAP:
        gw_text_add(out, "a map of named entries");
        break;
    case GW_PICK:
        add_alternatives(b, type, out);
        break;
    case GW_NAMED:
        gw_text_addf(out, "a name or a map with the key `%s`", type->key);
        break;
    }
}

void gw_bind_report_type(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node)
{
    struct gw_text why = {0};
    gw_text_add(&why, "expected ");
    gw_bind_report_expected(b, type, &why);
    gw_text_add(&why, ", found ");
    add_found(node, &why);
    if (type->kind == GW_LIST && node->kind == GW_NODE_SCALAR && !gw_node_is_null(node)) {
        gw_text_addf(&why, "; write [%s]", gw_bind_report_short(node->text).at);
    }
    gw_bind_report(b, GW_ERR_TYPE, node->pos, NULL, "%s", why.failed ? "value of the wrong type" : why.at);
    gw_text_fini(&why);
}
