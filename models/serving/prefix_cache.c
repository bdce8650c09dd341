/* A list from most to least recently used, and buckets to find an identity in it. Nothing depends on the
 * order of buckets. */
#include "models/serving/prefix_cache.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/core/rng.h"

#define NONE UINT32_MAX

struct unit {
    uint64_t id;
    uint32_t newer, older; /* neighbours in the list */
    uint32_t next;         /* in its bucket */
};

struct gw_prefix_cache {
    struct gw_prefix_ids ids;
    struct unit *unit;
    uint32_t *bucket; /* [mask + 1] first unit */
    uint32_t mask;
    uint32_t n, cap;
    uint32_t newest, oldest;
};

uint64_t gw_prefix_cache_id(const struct gw_prefix_ids *ids, uint64_t prefix, uint32_t i)
{
    return ids->id != NULL ? ids->id(ids->from, prefix, i) : gw_rng_mix(prefix ^ gw_rng_mix(i));
}

struct gw_prefix_cache *gw_prefix_cache_create(uint32_t units, const struct gw_prefix_ids *ids)
{
    GW_REQUIRE(units >= 1 && units <= UINT32_C(1) << 30);
    uint32_t buckets = 1;
    while (buckets < units) {
        buckets *= 2;
    }
    struct gw_prefix_cache *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    *self = (struct gw_prefix_cache){
        .ids = *ids, .mask = buckets - 1, .cap = units, .newest = NONE, .oldest = NONE};
    self->unit = malloc(units * sizeof *self->unit);
    self->bucket = malloc(buckets * sizeof *self->bucket);
    if (self->unit == NULL || self->bucket == NULL) {
        gw_prefix_cache_destroy(self);
        return NULL;
    }
    for (uint32_t i = 0; i < buckets; i++) {
        self->bucket[i] = NONE;
    }
    return self;
}

void gw_prefix_cache_destroy(struct gw_prefix_cache *self)
{
    if (self != NULL) {
        free(self->unit);
        free(self->bucket);
        free(self);
    }
}

static uint32_t *bucket_of(const struct gw_prefix_cache *self, uint64_t id)
{
    return &self->bucket[gw_rng_mix(id) & self->mask];
}

static uint32_t look_up(const struct gw_prefix_cache *self, uint64_t id)
{
    uint32_t at = *bucket_of(self, id);
    while (at != NONE && self->unit[at].id != id) {
        at = self->unit[at].next;
    }
    return at;
}

uint32_t gw_prefix_cache_find(const struct gw_prefix_cache *self, uint64_t prefix, uint32_t n)
{
    uint32_t found = 0;
    while (self != NULL && found < n &&
           look_up(self, gw_prefix_cache_id(&self->ids, prefix, found)) != NONE) {
        found++;
    }
    return found;
}

static void unlink_unit(struct gw_prefix_cache *self, uint32_t at)
{
    const struct unit *u = &self->unit[at];
    *(u->newer == NONE ? &self->newest : &self->unit[u->newer].older) = u->older;
    *(u->older == NONE ? &self->oldest : &self->unit[u->older].newer) = u->newer;
}

static void link_newest(struct gw_prefix_cache *self, uint32_t at)
{
    self->unit[at].newer = NONE;
    self->unit[at].older = self->newest;
    *(self->newest == NONE ? &self->oldest : &self->unit[self->newest].newer) = at;
    self->newest = at;
}

/* A place for one more; the oldest goes when there is none. */
static uint32_t take_place(struct gw_prefix_cache *self)
{
    if (self->n < self->cap) {
        return self->n++;
    }
    const uint32_t at = self->oldest;
    unlink_unit(self, at);
    uint32_t *from = bucket_of(self, self->unit[at].id);
    while (*from != at) {
        from = &self->unit[*from].next;
    }
    *from = self->unit[at].next;
    return at;
}

void gw_prefix_cache_use(struct gw_prefix_cache *self, uint64_t prefix, uint32_t n)
{
    for (uint32_t i = self != NULL ? n : 0; i > 0; i--) {
        const uint64_t id = gw_prefix_cache_id(&self->ids, prefix, i - 1);
        uint32_t at = look_up(self, id);
        if (at != NONE) {
            unlink_unit(self, at);
        } else {
            at = take_place(self);
            uint32_t *bucket = bucket_of(self, id);
            self->unit[at].id = id;
            self->unit[at].next = *bucket;
            *bucket = at;
        }
        link_newest(self, at);
    }
}
