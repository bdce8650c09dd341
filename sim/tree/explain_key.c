#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/tree/explain.h"
#include "sim/tree/explain_type.h"
#include "sim/tree/path.h"

enum { DEPTH_MAX = 16 };

/* What a path leads to: a field, or an object that a registry or a PICK names. */
struct target {
    const struct gw_field *field; /* the last field on the way */
    const struct gw_type *type;
};

static const struct gw_type *through(const struct gw_type *type)
{
    const struct gw_type *object = gw_explain_type_object(type);
    return object != NULL ? object : gw_explain_type_choice(type);
}

static bool same(const char *text, const struct gw_path_part *part)
{
    return strncmp(text, part->at, part->len) == 0 && text[part->len] == '\0';
}

static bool find_field(const struct gw_type *object, const struct gw_path_part *part, struct target *t)
{
    for (const struct gw_field *f = object->of; f != NULL && f->key != NULL; f++) {
        if (same(f->key, part)) {
            *t = (struct target){.field = f, .type = f->type};
            return true;
        }
    }
    return false;
}

/* A name of the registry, or a key that one of its objects has. */
static bool find_named(const struct gw_type *named, const struct gw_path_part *part, struct target *t)
{
    const char *const *names = named->names();
    for (size_t i = 0; names[i] != NULL; i++) {
        if (same(names[i], part)) {
            t->type = named->named(names[i]);
            return t->type != NULL;
        }
    }
    for (size_t i = 0; names[i] != NULL; i++) {
        const struct gw_type *object = named->named(names[i]);
        if (object != NULL && find_field(object, part, t)) {
            return true;
        }
    }
    return false;
}

static bool find_alternative(const struct gw_type *pick, const struct gw_path_part *part, struct target *t)
{
    for (const struct gw_alt *alt = pick->of; alt->key != NULL; alt++) {
        if (alt->type != NULL && same(alt->key, part)) {
            t->type = alt->type;
            return true;
        }
    }
    return false;
}

static bool step(struct target *t, const struct gw_path_part *part)
{
    if (part->bracket) {
        return true; /* one element is like another */
    }
    const struct gw_type *type = through(t->type);
    if (type == NULL) {
        return false;
    }
    return type->kind == GW_OBJ     ? find_field(type, part, t)
           : type->kind == GW_NAMED ? find_named(type, part, t)
                                    : find_alternative(type, part, t);
}

static bool find(const struct gw_type *type, const char *path, struct target *t)
{
    *t = (struct target){.type = type};
    while (*path != '\0') {
        struct gw_path_part part;
        if (!gw_path_next(&path, &part) || !step(t, &part)) {
            return false;
        }
    }
    return true;
}

/* ---- the nearest path ---- */

struct paths {
    char **at;
    size_t n, cap;
    const struct gw_type *open[DEPTH_MAX];
    uint32_t n_open;
    bool failed; /* memory ran out */
};

static void gather(struct paths *p, const struct gw_type *type, const char *path);

static void gather_below(struct paths *p, const struct gw_type *type, const char *path, const char *key)
{
    struct gw_text below = {0};
    gw_text_addf(&below, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
    if (!below.failed && gw_array_reserve((void **)&p->at, &p->cap, p->n + 1, sizeof *p->at)) {
        p->at[p->n++] = below.at;
        gather(p, type, below.at);
    } else {
        p->failed = true;
        gw_text_fini(&below);
    }
}

static void gather(struct paths *p, const struct gw_type *type, const char *path)
{
    type = through(type);
    for (uint32_t i = 0; type != NULL && i < p->n_open; i++) {
        if (p->open[i] == type) {
            return;
        }
    }
    if (type == NULL || p->n_open == DEPTH_MAX) {
        return;
    }
    p->open[p->n_open++] = type;
    if (type->kind == GW_OBJ) {
        for (const struct gw_field *f = type->of; f != NULL && f->key != NULL; f++) {
            gather_below(p, f->type, path, f->key);
        }
    } else if (type->kind == GW_NAMED) {
        for (const char *const *name = type->names(); *name != NULL; name++) {
            const struct gw_type *of = type->named(*name);
            if (of != NULL) {
                gather_below(p, of, path, *name);
            }
        }
    } else {
        for (const struct gw_alt *alt = type->of; alt->key != NULL; alt++) {
            if (alt->type != NULL) {
                gather_below(p, alt->type, path, alt->key);
            }
        }
    }
    p->n_open--;
}

static bool ends_with(const char *path, const char *tail)
{
    const size_t n = strlen(path), n_tail = strlen(tail);
    return n > n_tail && strcmp(path + n - n_tail, tail) == 0 && path[n - n_tail - 1] == '.';
}

static const char *last_part(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL ? dot + 1 : path;
}

/* A path of which `path` is the end ("epoch" of "time.epoch"), else one spelt alike, else one whose last key
 * is spelt alike. */
static void find_nearest(const struct gw_type *type, const char *path, struct gw_text *nearest)
{
    struct paths p = {0};
    gather(&p, type, "");
    const char **names = malloc((p.n + 1) * sizeof *names);
    const char *found = NULL;
    nearest->failed = nearest->failed || p.failed || names == NULL;
    const size_t n = names != NULL ? p.n : 0;
    for (size_t i = 0; i < n; i++) {
        names[i] = p.at[i];
        found = found == NULL && ends_with(p.at[i], path) ? p.at[i] : found;
    }
    found = found != NULL ? found : gw_text_nearest(path, names, n);
    for (size_t i = 0; i < n; i++) {
        names[i] = last_part(p.at[i]);
    }
    const char *last = found == NULL ? gw_text_nearest(last_part(path), names, n) : NULL;
    for (size_t i = 0; last != NULL && found == NULL && i < n; i++) {
        found = names[i] == last ? p.at[i] : NULL;
    }
    gw_text_add(nearest, found != NULL ? found : "");
    free(names);
    for (size_t i = 0; i < p.n; i++) {
        free(p.at[i]);
    }
    free(p.at);
}

/* ---- what is printed ---- */

bool gw_explain_key(const struct gw_type *type, const char *path, struct gw_text *out,
                    struct gw_text *nearest)
{
    struct target t;
    if (!find(type, path, &t)) {
        if (nearest != NULL) {
            find_nearest(type, path, nearest);
        }
        return false;
    }
    const struct gw_field *field = t.field;
    const bool is_field = field != NULL && field->type == t.type;
    const char *doc = is_field ? field->doc : t.type->doc;
    gw_text_addf(out, "%s\n", path[0] != '\0' ? path : "scenario");
    if (doc != NULL) {
        gw_text_addf(out, "  %s.\n", doc);
    }
    gw_text_add(out, "  takes    ");
    gw_explain_type_words(t.type, out);
    gw_text_add(out, "\n");
    if (is_field) {
        gw_text_addf(out, "  default  %s\n",
                     field->def == NULL             ? "none, it must be given"
                     : strcmp(field->def, "~") == 0 ? "~ (absent)"
                                                    : field->def);
    }
    if (is_field && field->source != NULL) {
        gw_text_addf(out, "  source   %s\n", field->source);
    }
    if (gw_explain_type_object(t.type) != NULL) {
        gw_text_add(out, "\n");
        gw_explain_yaml(t.type, NULL, out);
    }
    return true;
}
