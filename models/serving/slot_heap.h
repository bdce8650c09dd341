/* models/serving/slot_heap.h - slots of a replica by a key: smallest first, first come first among equals.
 *
 * Any slot can be taken out in O(log n), so a request that leaves for another reason leaves nothing behind.
 */
#ifndef GW_MODELS_SERVING_SLOT_HEAP_H
#define GW_MODELS_SERVING_SLOT_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/status.h"

struct gw_slot_heap_entry {
    int64_t key;
    uint64_t turn; /* of pushing */
    uint32_t slot;
};

/* Zeroed: empty, without room. */
struct gw_slot_heap {
    struct gw_slot_heap_entry *entry;
    uint32_t *at; /* [slots] where a slot stands; UINT32_MAX: it does not */
    uint32_t n, slots;
    uint64_t turns;
};

/* Room for slots 0 .. slots - 1; those inside stay. False when memory is out. */
GW_MUST_USE bool gw_slot_heap_reserve(struct gw_slot_heap *self, uint32_t slots);
void gw_slot_heap_fini(struct gw_slot_heap *self);

/* A slot that is not inside. */
void gw_slot_heap_push(struct gw_slot_heap *self, uint32_t slot, int64_t key);

/* Does nothing when the slot is not inside, or has no room at all. */
void gw_slot_heap_remove(struct gw_slot_heap *self, uint32_t slot);

/* Heap order and places (GW_REQUIRE). */
void gw_slot_heap_verify(const struct gw_slot_heap *self);

#endif
