#include "sim/tree/path.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tree/yaml.h"

bool gw_path_next(const char **path, struct gw_path_part *part)
{
    const char *p = *path;
    if (*p == '[') {
        const size_t len = strcspn(p + 1, "]");
        if (p[1 + len] != ']' || len == 0) {
            return false;
        }
        *part = (struct gw_path_part){.at = p + 1, .len = len, .bracket = true};
        p += len + 2;
    } else {
        const size_t len = strcspn(p, ".[");
        if (len == 0) {
            return false;
        }
        *part = (struct gw_path_part){.at = p, .len = len};
        p += len;
    }
    /* A dot must be followed by another part; behind a bracket only a dot or a bracket may stand. */
    if (*p == '.') {
        if (p[1] == '\0' || p[1] == '.' || p[1] == '[') {
            return false;
        }
        p++;
    } else if (*p != '\0' && *p != '[') {
        return false;
    }
    *path = p;
    return true;
}

static bool same(const char *text, const struct gw_path_part *part)
{
    return text != NULL && strncmp(text, part->at, part->len) == 0 && text[part->len] == '\0';
}

/* Digits only and in range, else UINT32_MAX. */
static uint32_t index_of(const struct gw_path_part *part, uint32_t n)
{
    uint64_t index = 0;
    for (size_t i = 0; i < part->len; i++) {
        if (part->at[i] < '0' || part->at[i] > '9' || index >= n) {
            return UINT32_MAX;
        }
        index = 10 * index + (uint64_t)(part->at[i] - '0');
    }
    return index < n ? (uint32_t)index : UINT32_MAX;
}

struct gw_entry *gw_path_step(const struct gw_node *node, const struct gw_path_part *part)
{
    if (node->kind == GW_NODE_LIST) {
        const uint32_t index = index_of(part, node->n);
        if (index != UINT32_MAX) {
            return &node->entry[index];
        }
    }
    for (uint32_t i = 0; i < node->n; i++) {
        const struct gw_entry *e = &node->entry[i];
        const char *name = node->kind == GW_NODE_MAP ? e->key : gw_node_text(e->value, "name");
        if (same(name, part)) {
            return &node->entry[i];
        }
    }
    return NULL;
}

struct gw_node *gw_path_find(struct gw_node *node, const char *path)
{
    while (node != NULL && *path != '\0') {
        struct gw_path_part part;
        if (!gw_path_next(&path, &part)) {
            return NULL;
        }
        const struct gw_entry *e = gw_path_step(node, &part);
        node = e != NULL ? e->value : NULL;
    }
    return node;
}

void gw_path_add_key(struct gw_text *out, const char *key)
{
    if (key[0] == '\0' || strpbrk(key, ".[]= ") != NULL) {
        gw_text_addf(out, "[%s]", key);
    } else {
        gw_text_addf(out, "%s%s", out->n > 0 ? "." : "", key);
    }
}

void gw_path_add_element(struct gw_text *out, const struct gw_node *element, uint32_t index)
{
    const char *name = gw_node_text(element, "name");
    if (name != NULL && name[0] != '\0' && !gw_text_has_control(name)) {
        gw_text_addf(out, "[%s]", name);
    } else {
        gw_text_addf(out, "[%u]", (unsigned)index);
    }
}

/* ---- assignment ---- */

struct assigning {
    struct gw_tree *tree;
    struct gw_errors *errs;
    const char *where; /* "--set sites[x].y=1" */
    const char *begin; /* of the path, which lives in the tree's arena */
};

GW_PRINTF(3, 4)
static enum gw_status refuse(const struct assigning *a, enum gw_status s, const char *fmt, ...)
{
    char why[512]; /* more than an error holds, which then cuts between characters */
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    gw_errors_add(a->errs, s, a->where, "%s", why);
    return s;
}

/* The name in a map or list that looks most like the part, or NULL. *ok is false when memory is out. */
static const char *nearest_name(const struct gw_node *node, const struct gw_path_part *part, bool *ok)
{
    const char **name = malloc(((size_t)node->n + 1) * sizeof *name);
    char *wanted = strndup(part->at, part->len);
    const char *nearest = NULL;
    *ok = name != NULL && wanted != NULL;
    if (*ok) {
        size_t n = 0;
        for (uint32_t i = 0; i < node->n; i++) {
            const struct gw_entry *e = &node->entry[i];
            name[n] = node->kind == GW_NODE_MAP ? e->key : gw_node_text(e->value, "name");
            n += name[n] != NULL;
        }
        nearest = gw_text_nearest(wanted, name, n);
    }
    free(name);
    free(wanted);
    return nearest;
}

static enum gw_status refuse_unknown(const struct assigning *a, const struct gw_node *node,
                                     const struct gw_path_part *part)
{
    bool ok;
    const char *nearest = nearest_name(node, part, &ok);
    const size_t n_before = (size_t)(part->at - a->begin) - (part->at > a->begin ? 1 : 0);
    struct gw_text why = {0};
    gw_text_addf(&why, "there is no `%.*s` in ", (int)part->len, part->at);
    if (n_before > 0) {
        gw_text_addf(&why, "`%.*s`", (int)n_before, a->begin);
    } else {
        gw_text_add(&why, "the scenario");
    }
    if (nearest != NULL) {
        gw_text_addf(&why, " (did you mean `%s`?)", nearest);
    } else if (node->kind == GW_NODE_SCALAR) {
        gw_text_add(&why, ", a single value");
    } else if (node->kind == GW_NODE_LIST) {
        gw_text_addf(&why, ", a list of %u elements counted from 0", (unsigned)node->n);
    }
    ok = ok && !why.failed;
    const enum gw_status s =
        ok ? refuse(a, GW_ERR_UNKNOWN, "%s", why.at) : refuse(a, GW_ERR_NOMEM, "out of memory");
    gw_text_fini(&why);
    return s;
}

/* The `=` that ends the path: the first one outside brackets. */
static char *find_equals(char *assignment)
{
    bool in_bracket = false;
    for (char *p = assignment; *p != '\0'; p++) {
        if (*p == '[' || *p == ']') {
            in_bracket = *p == '[';
        } else if (*p == '=' && !in_bracket) {
            return p;
        }
    }
    return NULL;
}

/* True when the rest of a path names keys and no elements: then nothing can fail on it any more. */
static bool only_keys(const char *path)
{
    struct gw_path_part part = {0};
    while (*path != '\0') {
        if (!gw_path_next(&path, &part) || part.bracket || same("include", &part) ||
            part.len > GW_TREE_KEY_BYTES) {
            return false;
        }
    }
    return true;
}

/* A section the file left out, `output` in `output.every=1 h`, as an empty map; NULL where the part is more
 * likely a typo of a key that is there, is no key, or where memory is out. A wrong name is then the binder's
 * to report. */
static struct gw_entry *new_section(const struct assigning *a, struct gw_node *node,
                                    const struct gw_path_part *part)
{
    char *key = gw_arena_text_n(&a->tree->arena, part->at, part->len);
    if (key == NULL || part->bracket || node->kind != GW_NODE_MAP || part->len > GW_TREE_KEY_BYTES) {
        return NULL;
    }
    for (uint32_t i = 0; i < node->n; i++) {
        const char *known = node->entry[i].key;
        if (gw_text_nearest(key, &known, 1) != NULL) {
            return NULL;
        }
    }
    struct gw_node *section = gw_node_container(a->tree, GW_NODE_MAP, (struct gw_pos){.file = a->where});
    return section != NULL && gw_node_put(a->tree, node, key, section) ? &node->entry[node->n - 1] : NULL;
}

/* Puts `value` at the path: in place of what is there, or as a new key, sections on the way included. */
static enum gw_status put_at(const struct assigning *a, const char *path, struct gw_node *value)
{
    struct gw_node *node = a->tree->root;
    while (true) {
        struct gw_path_part part;
        if (!gw_path_next(&path, &part)) {
            return refuse(a, GW_ERR_USAGE, "this is not a path such as `sites[oregon].pools[0].count`");
        }
        const bool last = *path == '\0';
        struct gw_entry *e = gw_path_step(node, &part);
        if (e == NULL && last && node->kind == GW_NODE_MAP) {
            if (same("include", &part)) {
                return refuse(a, GW_ERR_USAGE, "`include` works in files only");
            }
            if (part.len > GW_TREE_KEY_BYTES) {
                return refuse(a, GW_ERR_USAGE, "a key has %zu bytes; %d are the most", part.len,
                              GW_TREE_KEY_BYTES);
            }
            const char *key = gw_arena_text_n(&a->tree->arena, part.at, part.len);
            if (key == NULL || !gw_node_put(a->tree, node, key, value)) {
                return refuse(a, GW_ERR_NOMEM, "out of memory");
            }
            return GW_OK;
        }
        if (e == NULL && only_keys(path)) {
            e = new_section(a, node, &part);
        }
        if (e == NULL) {
            return refuse_unknown(a, node, &part);
        }
        if (last) {
            e->value = value;
            return GW_OK;
        }
        if (gw_node_is_null(e->value) && only_keys(path)) { /* `battery: ~` is a section left out as well */
            struct gw_node *section =
                gw_node_container(a->tree, GW_NODE_MAP, (struct gw_pos){.file = a->where});
            if (section == NULL) {
                return refuse(a, GW_ERR_NOMEM, "out of memory");
            }
            e->value = section;
        }
        node = e->value;
    }
}

static uint32_t depth_of(const char *path)
{
    uint32_t depth = 0;
    for (struct gw_path_part part; gw_path_next(&path, &part); depth++) {
    }
    return depth;
}

enum gw_status gw_path_assign(struct gw_tree *tree, const char *assignment, struct gw_errors *errs)
{
    struct assigning a = {.tree = tree, .errs = errs, .where = "--set"};
    size_t bad;
    if (!gw_text_is_utf8(assignment, strlen(assignment), &bad)) {
        return refuse(&a, GW_ERR_SYNTAX, "the assignment is not UTF-8");
    }
    struct gw_text where = {0};
    gw_text_addf(&where, "--set %s", assignment);
    a.where = where.failed ? NULL : gw_arena_text(&tree->arena, where.at);
    gw_text_fini(&where);
    char *path = gw_arena_text(&tree->arena, assignment);
    if (a.where == NULL || path == NULL) {
        a.where = "--set";
        return refuse(&a, GW_ERR_NOMEM, "out of memory");
    }
    a.begin = path;

    char *equals = find_equals(path);
    if (equals == NULL || equals == path) {
        return refuse(&a, GW_ERR_USAGE, "expected `path=value`, for example `seed=7`");
    }
    *equals = '\0';
    for (const char *p = path; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            return refuse(&a, GW_ERR_USAGE, "a key may not hold line breaks, tabs or control characters");
        }
    }
    if (depth_of(path) > GW_TREE_DEPTH) {
        return refuse(&a, GW_ERR_SYNTAX, "nested deeper than %d levels", GW_TREE_DEPTH);
    }
    const struct gw_yaml_text text = {
        .bytes = equals + 1,
        .n = strlen(equals + 1),
        .file = a.where,
        .no_lines = true,
        .depth = depth_of(path),
    };
    struct gw_node *value = NULL;
    bool has_include = false;
    const enum gw_status s = gw_yaml_read(tree, &text, &value, &has_include, errs);
    if (s != GW_OK) {
        return s;
    }
    return has_include ? refuse(&a, GW_ERR_USAGE, "`include` works in files only") : put_at(&a, path, value);
}
