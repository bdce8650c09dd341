#include "sim/run/compiler.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WHERE_BYTES = 320, WHY_BYTES = 600 };

struct gw_compiler_place gw_compiler_at(const char *fmt, ...)
{
    struct gw_compiler_place p;
    va_list args;
    va_start(args, fmt);
    vsnprintf(p.path, sizeof p.path, fmt, args);
    va_end(args);
    return p;
}

/* The node of `path`, or the nearest one around it that somebody wrote: a default stands in no file. */
static const struct gw_node *written_at(const struct gw_tree *tree, struct gw_compiler_place at)
{
    for (;;) {
        const struct gw_node *node = gw_tree_at(tree, at.path);
        if (node != NULL && !node->from_default) {
            return node;
        }
        char *dot = strrchr(at.path, '.'), *bracket = strrchr(at.path, '[');
        char *end = dot > bracket ? dot : bracket;
        if (end == NULL) {
            return tree->root;
        }
        *end = '\0';
    }
}

enum gw_status gw_compiler_fail(struct gw_compiler *c, enum gw_status status, struct gw_compiler_place at,
                                const char *fmt, ...)
{
    char where[WHERE_BYTES] = "", why[WHY_BYTES];
    gw_pos_print(written_at(&c->sc->tree, at)->pos, where, sizeof where);
    const size_t n = strlen(where);
    snprintf(where + n, sizeof where - n, "%s%s", n > 0 ? ": " : "", at.path);
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    gw_errors_add(c->errs, status, where, "%s", why);
    return status;
}

enum gw_status gw_compiler_no_memory(struct gw_compiler *c)
{
    gw_errors_add(c->errs, GW_ERR_NOMEM, "scenario", "out of memory");
    return GW_ERR_NOMEM;
}

void *gw_compiler_array(struct gw_compiler *c, size_t n, size_t size)
{
    return gw_arena_array(&c->sc->arena, n, size);
}

gw_time_us gw_compiler_arrivals_end_us(const struct gw_scenario *sc)
{
    return sc->cfg.time.duration_us + sc->burn_in_us;
}
