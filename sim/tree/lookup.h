/* sim/tree/lookup.h - names to places, for maps and lists too long to be searched one by one.
 *
 * Fill `item`, sort once, find often. Equal names keep their order, so duplicates are neighbours. */
#ifndef GW_SIM_TREE_LOOKUP_H
#define GW_SIM_TREE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/status.h"

struct gw_lookup_item {
    const char *key;
    uint32_t at;
};

struct gw_lookup {
    struct gw_lookup_item *item;
    uint32_t n;
};

/* Room for n items, to be filled by the caller, who may lower n. False when memory is out. */
GW_MUST_USE bool gw_lookup_init(struct gw_lookup *self, uint32_t n);
void gw_lookup_fini(struct gw_lookup *self);
void gw_lookup_sort(struct gw_lookup *self);

/* The first place with that name, UINT32_MAX when there is none. Sorted lookups only. */
uint32_t gw_lookup_find(const struct gw_lookup *self, const char *key);

#endif
