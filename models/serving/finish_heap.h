/* models/serving/finish_heap.h - when the decoding sequences of a replica finish.
 *
 * A sequence finishes at a decode step whose number is fixed when it starts to decode, so that its entry is
 * never updated: key = step number << 32 | slot, smallest first. A 4-ary heap over memory of the owner. */
#ifndef GW_MODELS_SERVING_FINISH_HEAP_H
#define GW_MODELS_SERVING_FINISH_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct gw_finish_heap {
    uint64_t *key; /* room for as many sequences as the engine takes */
    uint32_t n;
};

static inline uint64_t gw_finish_heap_key(uint32_t step, uint32_t slot)
{
    return (uint64_t)step << 32 | slot;
}
static inline uint32_t gw_finish_heap_step(uint64_t key)
{
    return (uint32_t)(key >> 32);
}
static inline uint32_t gw_finish_heap_slot(uint64_t key)
{
    return (uint32_t)key;
}

void gw_finish_heap_push(struct gw_finish_heap *self, uint64_t key);
uint64_t gw_finish_heap_pop(struct gw_finish_heap *self);

/* Is the slot inside? In O(n): only who gives up asks. */
bool gw_finish_heap_holds(const struct gw_finish_heap *self, uint32_t slot);

/* Takes out a slot's entry, wherever it is, in O(n): preemptions are rare. Returns its key. */
uint64_t gw_finish_heap_remove(struct gw_finish_heap *self, uint32_t slot);

/* Numbers the steps anew: `by` less in each entry. */
void gw_finish_heap_renumber(struct gw_finish_heap *self, uint32_t by);

#endif
