/* Where a replica keeps its requests: slots, the lists through them, the order in which the waiting ones are
 * admitted, and when they give up. */
#include "models/serving/replica_private.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 16 };

/* --- slots -------------------------------------------------------------------------------------- */

static bool more_slots(struct gw_replica *self)
{
    const uint32_t slots = self->slots > 0 ? 2 * self->slots : FIRST_SLOTS;
    struct gw_replica_slot *slot = realloc(self->slot, slots * sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    self->slot = slot;
    for (uint32_t i = self->slots; i < slots; i++) {
        slot[i].next = i + 1 < slots ? i + 1 : GW_REPLICA_NONE;
    }
    self->free_slot = self->slots;
    self->slots = slots;
    return true;
}

/* What only some requests ask for has room beside the slots once the first of them arrives. */
static bool reserve_for(struct gw_replica *self, const struct gw_serve_request *request)
{
    if (request->timeout_ms > 0 && !gw_slot_heap_reserve(&self->deadline, self->slots)) {
        return false;
    }
    return self->cfg->admission == GW_ADMISSION_FCFS || gw_slot_heap_reserve(&self->order, self->slots);
}

uint32_t gw_replica_queue_take_slot(struct gw_replica *self, const struct gw_serve_request *request)
{
    if ((self->free_slot == GW_REPLICA_NONE && !more_slots(self)) || !reserve_for(self, request)) {
        return GW_REPLICA_NONE;
    }
    const uint32_t taken = self->free_slot;
    self->free_slot = self->slot[taken].next;
    return taken;
}

void gw_replica_queue_free_slot(struct gw_replica *self, uint32_t i)
{
    gw_slot_heap_remove(&self->deadline, i);
    self->slot[i].next = self->free_slot;
    self->free_slot = i;
}

/* --- lists -------------------------------------------------------------------------------------- */

void gw_replica_queue_append(struct gw_replica *self, struct gw_replica_list *list, uint32_t i)
{
    self->slot[i].prev = list->tail;
    self->slot[i].next = GW_REPLICA_NONE;
    if (list->tail == GW_REPLICA_NONE) {
        list->head = i;
    } else {
        self->slot[list->tail].next = i;
    }
    list->tail = i;
    list->n++;
}

static void prepend(struct gw_replica *self, struct gw_replica_list *list, uint32_t i)
{
    self->slot[i].prev = GW_REPLICA_NONE;
    self->slot[i].next = list->head;
    if (list->head == GW_REPLICA_NONE) {
        list->tail = i;
    } else {
        self->slot[list->head].prev = i;
    }
    list->head = i;
    list->n++;
}

void gw_replica_queue_unlink(struct gw_replica *self, struct gw_replica_list *list, uint32_t i)
{
    const struct gw_replica_slot *s = &self->slot[i];
    if (s->prev == GW_REPLICA_NONE) {
        list->head = s->next;
    } else {
        self->slot[s->prev].next = s->next;
    }
    if (s->next == GW_REPLICA_NONE) {
        list->tail = s->prev;
    } else {
        self->slot[s->next].prev = s->prev;
    }
    list->n--;
}

/* --- the queue ---------------------------------------------------------------------------------- */

static int64_t rank_us(const struct gw_replica *self, const struct gw_serve_request *request)
{
    const struct gw_replica_cfg *cfg = self->cfg;
    return cfg->admission == GW_ADMISSION_PRIORITY ? request->arrival_us - request->priority * cfg->rank_us
                                                   : request->arrival_us + request->in_tok * cfg->rank_us;
}

bool gw_replica_queue_push(struct gw_replica *self, uint32_t i, const struct gw_serve_request *request)
{
    self->queue_tok += request->in_tok;
    if (self->cfg->admission == GW_ADMISSION_FCFS) {
        gw_replica_queue_append(self, &self->queue, i);
        return self->queue.n == 1;
    }
    gw_slot_heap_push(&self->order, i, rank_us(self, request));
    return self->queue.n == 0 && self->order.entry[0].slot == i;
}

void gw_replica_queue_unshift(struct gw_replica *self, uint32_t i)
{
    prepend(self, &self->queue, i);
    self->queue_tok += gw_replica_prompt_len(&self->slot[i]);
}

uint32_t gw_replica_queue_head(const struct gw_replica *self)
{
    return self->queue.n > 0   ? self->queue.head
           : self->order.n > 0 ? self->order.entry[0].slot
                               : GW_REPLICA_NONE;
}

void gw_replica_queue_remove(struct gw_replica *self, uint32_t i)
{
    self->queue_tok -= gw_replica_prompt_len(&self->slot[i]);
    if (i < self->order.slots && self->order.at[i] != UINT32_MAX) {
        gw_slot_heap_remove(&self->order, i);
    } else {
        gw_replica_queue_unlink(self, &self->queue, i);
    }
}

/* --- time-outs ---------------------------------------------------------------------------------- */

void gw_replica_queue_watch(struct gw_replica *self, uint32_t i, const struct gw_serve_request *request)
{
    if (request->timeout_ms > 0) {
        gw_slot_heap_push(&self->deadline, i, request->arrival_us + request->timeout_ms * INT64_C(1000));
    }
}
