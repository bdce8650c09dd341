/* tests/support/bound.h - one object bound from a line of YAML, with the embedded catalogue behind it.
 *
 *   struct bound b;
 *   bound_read(&b, &root_type, "law: 100\n", &root);               fails the test when it does not bind
 *   bound_fini(&b);
 *   bound_fails(&b, &root_type, "law: 0\n", &root, "smallest");    fails it when it binds
 *                                                                  or says another thing */
#ifndef GW_TESTS_SUPPORT_BOUND_H
#define GW_TESTS_SUPPORT_BOUND_H

#include "tests/support/near.h"

#include <string.h>

#include "models/catalogue/catalogue.h"
#include "sim/tree/bind.h"

struct bound {
    struct gw_tree tree, built_in;
    struct gw_arena arena;
    struct gw_errors errs;
};

static inline void bound_catalogue(struct gw_tree *out)
{
    *out = (struct gw_tree){0};
    assert_int_equal(gw_catalogue_load(out, NULL), GW_OK);
}

static inline enum gw_status bound_try(struct bound *self, const struct gw_type *root, const char *yaml,
                                       void *object)
{
    *self = (struct bound){0};
    memset(object, 0, root->size);
    bound_catalogue(&self->built_in);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &self->built_in};
    const enum gw_status s = gw_tree_parse(&self->tree, yaml, strlen(yaml), "t.yaml", NULL, &self->errs);
    return s == GW_OK ? gw_bind_root(&self->tree, root, &env, object, &self->arena, &self->errs) : s;
}

static inline void bound_fini(struct bound *self)
{
    gw_tree_fini(&self->tree);
    gw_tree_fini(&self->built_in);
    gw_arena_fini(&self->arena);
}

static inline void bound_read(struct bound *self, const struct gw_type *root, const char *yaml, void *object)
{
    if (bound_try(self, root, yaml, object) != GW_OK) {
        fail_msg("%s: %s", self->errs.item[0].where, self->errs.item[0].why);
    }
}

/* The first error must hold `why`. */
static inline void bound_fails(struct bound *self, const struct gw_type *root, const char *yaml, void *object,
                               const char *why)
{
    assert_int_not_equal(bound_try(self, root, yaml, object), GW_OK);
    if (strstr(self->errs.item[0].why, why) == NULL) {
        fail_msg("\"%s\" is not in: %s: %s", why, self->errs.item[0].where, self->errs.item[0].why);
    }
    bound_fini(self);
}

#endif
