/* models/serving/prefix_cache.h - which pieces of earlier prompts an engine still holds: least recently used
 * goes first.
 *
 * A prompt is cut into units of equal length. A unit is known by a 64-bit identity that stands for its text
 * and for all text before it, so a prompt finds as many units as match from its start. Memory for `units` of
 * them; NULL stands for a cache that holds nothing. */
#ifndef GW_MODELS_SERVING_PREFIX_CACHE_H
#define GW_MODELS_SERVING_PREFIX_CACHE_H

#include <stdint.h>

/* Where a prompt's identities come from. */
struct gw_prefix_ids {
    /* Of unit `i` of the text `prefix`; NULL: mixed from both. */
    uint64_t (*id)(const void *from, uint64_t prefix, uint32_t i);
    const void *from;
};

uint64_t gw_prefix_cache_id(const struct gw_prefix_ids *ids, uint64_t prefix, uint32_t i);

struct gw_prefix_cache;

/* units >= 1; NULL when memory is out. */
struct gw_prefix_cache *gw_prefix_cache_create(uint32_t units, const struct gw_prefix_ids *ids);
void gw_prefix_cache_destroy(struct gw_prefix_cache *self);

/* Units held from the start of the text on, up to n. */
uint32_t gw_prefix_cache_find(const struct gw_prefix_cache *self, uint64_t prefix, uint32_t n);

/* The first n units of the text have just been used, the first one last: it is the last to go. */
void gw_prefix_cache_use(struct gw_prefix_cache *self, uint64_t prefix, uint32_t n);

#endif
