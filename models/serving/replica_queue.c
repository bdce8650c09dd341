/* Where a replica keeps its requests: slots, the lists through them, the order in which the waiting ones are
 * admitted, and when they give up. */
#include "models/serving/replica_private.h"

#include <stdlib.h>
#include <string.h>

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

static bool has_more(const struct gw_replica *self, const struct gw_serve_request *request)
{
    return request->cached_tok > 0 || request->prefilled || self->cfg->prefill_only ||
           gw_replica_drafts(self) || (request->prefix != 0 && self->prefixes != NULL);
}

static bool reserve_more(struct gw_replica *self)
{
    struct gw_replica_more *more = realloc(self->more, self->slots * sizeof *more);
    if (more == NULL) {
        return false;
    }
    const uint32_t known = self->more != NULL ? self->more_slots : 0;
    memset(&more[known], 0, (self->slots - known) * sizeof *more);
    self->more = more;
    self->more_slots = self->slots;
    return true;
}

/* What only some requests ask for has room beside the slots once the first of them arrives. */
static bool reserve_for(struct gw_replica *self, const struct gw_serve_request *request)
{
    if ((self->more != NULL || has_more(self, request)) && self->more_slots < self->slots &&
        !reserve_more(self)) {
        return false;
    }
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
    if (self->more != NULL) {
        self->more[taken] = (struct gw_replica_more){
            .prefix = request->prefix,
            .prefix_tok = request->prefix_tok,
            .cached_tok = request->cached_tok,
            .timeout_ms = request->timeout_ms,
            .priority = request->priority,
            .prefilled = request->prefilled,
        };
    }
    return taken;
}

void gw_replica_queue_free_slot(struct gw_replica *self, uint32_t i)
{
    if (self->deadline.n > 0) {
        gw_slot_heap_remove(&self->deadline, i);
    }
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

void gw_replica_queue_insert(struct gw_replica *self, struct gw_replica_list *list, uint32_t i,
                             uint32_t before)
{
    const uint32_t prev = self->slot[before].prev;
    self->slot[i].prev = prev;
    self->slot[i].next = before;
    self->slot[before].prev = i;
    *(prev == GW_REPLICA_NONE ? &list->head : &self->slot[prev].next) = i;
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
    self->queue_tok += gw_replica_prompt_len(&self->slot[i]);
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

/* --- prefixes ----------------------------------------------------------------------------------- */

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t gw_replica_queue_find(struct gw_replica *self, uint32_t i)
{
    struct gw_replica_more *more = &self->more[i];
    const uint32_t in_tok = self->slot[i].in_tok;
    more->found = least(more->cached_tok, in_tok);
    if (self->prefixes != NULL && more->prefix != 0) {
        const uint32_t unit_tok = (uint32_t)self->cfg->prefix_unit_tok;
        const uint32_t units = least(more->prefix_tok, in_tok) / unit_tok;
        const uint32_t held_tok = gw_prefix_cache_find(self->prefixes, more->prefix, units) * unit_tok;
        more->found = held_tok > more->found ? held_tok : more->found;
    }
    more->found = least(more->found, gw_replica_prompt_len(&self->slot[i]) - 1);
    self->since.cached_tok += more->found;
    return more->found;
}

void gw_replica_queue_keep(struct gw_replica *self, uint32_t i, bool answer)
{
    if (self->more == NULL || self->more[i].prefix == 0) {
        return;
    }
    const struct gw_replica_slot *s = &self->slot[i];
    const struct gw_replica_more *more = &self->more[i];
    if (answer && more->prefix_tok <= s->in_tok) {
        return;
    }
    const uint32_t through_tok = answer ? s->in_tok + s->out_tok - 1 : s->in_tok;
    const uint32_t seen_tok = least(more->prefix_tok, through_tok);
    gw_prefix_cache_use(self->prefixes, more->prefix, seen_tok / (uint32_t)self->cfg->prefix_unit_tok);
}

/* --- time-outs ---------------------------------------------------------------------------------- */

void gw_replica_queue_watch(struct gw_replica *self, uint32_t i, const struct gw_serve_request *request)
{
    if (request->timeout_ms > 0) {
        gw_slot_heap_push(&self->deadline, i, request->arrival_us + request->timeout_ms * INT64_C(1000));
    }
}
