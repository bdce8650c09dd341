/* A binary heap that knows where each slot stands. */
#include "models/serving/slot_heap.h"

#include <stdlib.h>

#include "sim/base/check.h"

bool gw_slot_heap_reserve(struct gw_slot_heap *self, uint32_t slots)
{
    if (slots <= self->slots) {
        return true;
    }
    struct gw_slot_heap_entry *entry = realloc(self->entry, slots * sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    self->entry = entry;
    uint32_t *at = realloc(self->at, slots * sizeof *at);
    if (at == NULL) {
        return false;
    }
    self->at = at;
    for (uint32_t i = self->slots; i < slots; i++) {
        at[i] = UINT32_MAX;
    }
    self->slots = slots;
    return true;
}

void gw_slot_heap_fini(struct gw_slot_heap *self)
{
    free(self->entry);
    free(self->at);
    *self = (struct gw_slot_heap){0};
}

static bool before(const struct gw_slot_heap_entry *a, const struct gw_slot_heap_entry *b)
{
    return a->key != b->key ? a->key < b->key : a->turn < b->turn;
}

static void put(struct gw_slot_heap *self, uint32_t at, struct gw_slot_heap_entry x)
{
    self->entry[at] = x;
    self->at[x.slot] = at;
}

static void sift_up(struct gw_slot_heap *self, uint32_t at, struct gw_slot_heap_entry x)
{
    for (; at > 0 && before(&x, &self->entry[(at - 1) / 2]); at = (at - 1) / 2) {
        put(self, at, self->entry[(at - 1) / 2]);
    }
    put(self, at, x);
}

static void sift_down(struct gw_slot_heap *self, uint32_t at, struct gw_slot_heap_entry x)
{
    for (uint32_t child; (child = 2 * at + 1) < self->n; at = child) {
        child += child + 1 < self->n && before(&self->entry[child + 1], &self->entry[child]);
        if (!before(&self->entry[child], &x)) {
            break;
        }
        put(self, at, self->entry[child]);
    }
    put(self, at, x);
}

void gw_slot_heap_push(struct gw_slot_heap *self, uint32_t slot, int64_t key)
{
    GW_REQUIRE(slot < self->slots);
    GW_REQUIRE(self->at[slot] == UINT32_MAX);
    sift_up(self, self->n++, (struct gw_slot_heap_entry){key, self->turns++, slot});
}

void gw_slot_heap_remove(struct gw_slot_heap *self, uint32_t slot)
{
    if (slot >= self->slots || self->at[slot] == UINT32_MAX) {
        return;
    }
    const uint32_t at = self->at[slot];
    const struct gw_slot_heap_entry last = self->entry[--self->n];
    self->at[slot] = UINT32_MAX;
    if (at == self->n) {
        return;
    }
    if (at > 0 && before(&last, &self->entry[(at - 1) / 2])) {
        sift_up(self, at, last);
    } else {
        sift_down(self, at, last);
    }
}

void gw_slot_heap_verify(const struct gw_slot_heap *self)
{
    uint32_t inside = 0;
    for (uint32_t i = 0; i < self->slots; i++) {
        inside += self->at[i] != UINT32_MAX;
    }
    GW_REQUIRE(inside == self->n);
    for (uint32_t i = 0; i < self->n; i++) {
        GW_REQUIRE(self->at[self->entry[i].slot] == i);
        GW_REQUIRE(i == 0 || !before(&self->entry[i], &self->entry[(i - 1) / 2]));
    }
}
