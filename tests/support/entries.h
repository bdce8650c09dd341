/* tests/support/entries.h - entries of the embedded catalogue for a whole group of tests.
 *
 *   static void it_works(void **state)
 *   {
 *       const struct gw_llm *llm = entry(*state, "llm", "llama-2-7b");      lives as long as the group
 *   ...
 *   cmocka_run_group_tests_name("x", tests, entries_load, entries_unload); */
#ifndef GW_TESTS_SUPPORT_ENTRIES_H
#define GW_TESTS_SUPPORT_ENTRIES_H

#include "tests/support/near.h"

#include "models/catalogue/catalogue.h"

struct entries {
    struct gw_tree catalogue;
    struct gw_arena arena;
    struct gw_bind_env env;
};

static inline int entries_load(void **state)
{
    static struct entries entries;
    struct gw_errors errs = {0};
    if (gw_catalogue_load(&entries.catalogue, &errs) != GW_OK) {
        print_error("%s: %s\n", errs.item[0].where, errs.item[0].why);
        return -1;
    }
    entries.env = (struct gw_bind_env){.catalogue = gw_catalogue_kinds(), .built_in = &entries.catalogue};
    *state = &entries;
    return 0;
}

static inline int entries_unload(void **state)
{
    struct entries *self = *state;
    gw_arena_fini(&self->arena);
    gw_tree_fini(&self->catalogue);
    return 0;
}

/* Fails the test when there is no such entry. */
static inline const void *entry(struct entries *self, const char *kind, const char *name)
{
    struct gw_errors errs = {0};
    const void *object = NULL;
    if (gw_bind_entry(NULL, &self->env, kind, name, &object, &self->arena, &errs) != GW_OK) {
        fail_msg("%s %s: %s: %s", kind, name, errs.item[0].where, errs.item[0].why);
    }
    return object;
}

#endif
