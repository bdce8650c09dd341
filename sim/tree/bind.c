#include "sim/tree/bind.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/tree/bind_sources.h"
#include "sim/tree/binding.h"
#include "sim/tree/path.h"

enum { WHY_MAX = 512 }; /* more than an error holds, which then cuts between characters */

static void fini(struct gw_bind *b)
{
    gw_bind_default_fini(b);
    gw_bind_reference_fini(b);
    gw_bind_catalogue_fini(b);
}

enum gw_status gw_bind_root(struct gw_tree *tree, const struct gw_type *type, const struct gw_bind_env *env,
                            void *object, struct gw_arena *arena, struct gw_errors *errs)
{
    static const char *const extra[] = {"catalogue", NULL};
    struct gw_bind b = {.tree = tree, .env = env, .root = type, .arena = arena, .errs = errs};
    if (gw_bind_catalogue_init(&b)) {
        const bool ok = gw_bind_value_object(&b, type, tree->root, extra, object);
        GW_REQUIRE(ok || b.n_errors > 0);
        gw_bind_catalogue_finish(&b);
    }
    fini(&b);
    return b.status;
}

enum gw_status gw_bind_entry(struct gw_tree *tree, const struct gw_bind_env *env, const char *kind,
                             const char *name, const void **object, struct gw_arena *arena,
                             struct gw_errors *errs)
{
    struct gw_tree none = {0};
    if (tree == NULL) {
        const enum gw_status s = gw_tree_parse(&none, "{}", 2, "", NULL, errs);
        if (s != GW_OK) {
            return s;
        }
        tree = &none;
    }
    const struct gw_type ref = {.kind = GW_REF, .of = kind};
    struct gw_bind b = {.tree = tree, .env = env, .arena = arena, .errs = errs};
    const struct gw_node *node = gw_node_scalar(tree, name, true, (struct gw_pos){.file = kind});
    *object = NULL;
    if (node == NULL) {
        gw_bind_report_nomem(&b);
    } else if (gw_bind_catalogue_init(&b)) {
        (void)gw_bind_catalogue_entry(&b, &ref, node, object);
    }
    fini(&b);
    gw_tree_fini(&none);
    return b.status;
}

enum gw_status gw_bind_defaults(const struct gw_type *type, void *object, struct gw_arena *arena,
                                struct gw_errors *errs)
{
    struct gw_tree tree;
    const enum gw_status s = gw_tree_parse(&tree, "{}", 2, "(default)", NULL, errs);
    if (s != GW_OK) {
        return s;
    }
    const enum gw_status bound = gw_bind_root(&tree, type, NULL, object, arena, errs);
    gw_tree_fini(&tree);
    return bound;
}

/* A node below an object, as a path into `way`; *pos becomes where the last part of the way stands that a
 * default did not put there. */
static bool find_way(const struct gw_node *from, const struct gw_node *to, struct gw_text *way,
                     struct gw_pos *pos)
{
    if (from == to) {
        return true;
    }
    const struct gw_pos before = *pos;
    const size_t n_before = way->n;
    for (uint32_t i = 0; i < from->n; i++) {
        const struct gw_entry *e = &from->entry[i];
        if (e->key != NULL) {
            gw_path_add_key(way, e->key);
        } else {
            gw_path_add_element(way, e->value, i);
        }
        *pos = e->value->from_default ? before : e->value->pos;
        if (find_way(e->value, to, way, pos)) {
            return true;
        }
        way->n = n_before;
        *pos = before;
    }
    return false;
}

void gw_bind_fail(struct gw_bind *bind, const struct gw_node *at, const char *key, const char *fmt, ...)
{
    char why[WHY_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);

    struct gw_pos pos = bind->checked->pos;
    struct gw_text way = {0};
    (void)find_way(bind->checked, at, &way, &pos);
    const char *rest = key != NULL ? key : "";
    for (const struct gw_node *node = at; node != NULL && *rest != '\0';) {
        struct gw_path_part part;
        const struct gw_entry *e = gw_path_next(&rest, &part) ? gw_path_step(node, &part) : NULL;
        node = e != NULL ? e->value : NULL;
        pos = node != NULL && !node->from_default ? node->pos : pos;
    }
    if (key != NULL) {
        gw_text_addf(&way, "%s%s", way.n > 0 && key[0] != '[' ? "." : "", key);
    }
    gw_bind_report(bind, GW_ERR_RANGE, pos, way.failed || way.n == 0 ? key : way.at, "%s", why);
    gw_text_fini(&way);
}

bool gw_bind_source(const struct gw_tree *tree, const struct gw_bind_env *env, const char *kind,
                    const char *name, const char *key, struct gw_bind_source *out)
{
    for (const struct gw_catalogue_kind *k = env->catalogue; k != NULL && k->kind != NULL; k++) {
        if (strcmp(k->kind, kind) == 0) {
            const struct gw_node *section = gw_node_get(gw_node_get(tree->root, "catalogue"), k->section);
            const struct gw_node *entry = gw_node_get(section, name);
            return entry != NULL && gw_bind_sources_split(entry, key, out);
        }
    }
    return false;
}
