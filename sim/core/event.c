#define _DEFAULT_SOURCE /* madvise */

#include "sim/core/event.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/base/check.h"

struct record {
    gw_time_us t_us;
    uint64_t rank; /* priority + 2^15 in the upper 16 bits, sequence below: one comparison decides a tie */
    uint64_t what; /* slot in the upper half, the event's object in the lower */
};

/* What a handle names. */
struct slot {
    uint32_t generation; /* odd while in use, so that no handle of a free slot is valid */
    uint32_t link;       /* in use: the event's kind; free: the next free slot */
};

enum {
    ARITY = 4,
    ROOT = ARITY - 1,
    LINE_BYTES = 64,
    HUGE_PAGE_BYTES = 2 << 20,
    FIRST_CAPACITY = 16,
    SEQUENCE_BITS = 48
};
#define CAPACITY_MAX (UINT32_C(1) << 29) /* four times a node still fits 32 bits */
#define NO_SLOT      UINT32_MAX

/* Node i has the children 4i - 8 ... 4i - 5 and the parent i / 4 + 2. With the root at 3, every group of four
 * siblings starts at a multiple of 96 bytes and so spans two cache lines, never three.
 *
 * A pop leaves a gap at the root. The push that usually follows drops its event there and sinks it: one
 * walk through the heap instead of two. Whatever else comes first closes the gap with the last event. */
struct gw_event_queue {
    struct record *heap; /* nodes ROOT ... end - 1; begins the one block that holds the next two as well */
    struct slot *slot;
    uint32_t *position;     /* of a slot in use: its node */
    uint32_t end, capacity; /* capacity in events */
    uint32_t n_slots, first_free;
    bool gap; /* node ROOT is vacant */
    uint64_t sequence;
    gw_time_us now_us;
    uint64_t ties;
};

/* Beyond this many events the heap leaves the nearest caches, and fetching ahead pays. */
enum { FAR_EVENTS = 4096 };

static inline void fetch_ahead(const void *at)
{
#ifdef __GNUC__
    __builtin_prefetch(at);
#else
    (void)at;
#endif
}

/* A branch for the tie, which is rare in large heaps and predicted well; none for the times, which are
 * random. */
static inline bool earlier(gw_time_us a_us, uint64_t a_rank, gw_time_us b_us, uint64_t b_rank)
{
    if (a_us == b_us) {
        return a_rank < b_rank;
    }
    return a_us < b_us;
}

static bool before(const struct record *a, const struct record *b)
{
    return earlier(a->t_us, a->rank, b->t_us, b->rank);
}

static uint32_t slot_of(uint64_t what)
{
    return (uint32_t)(what >> 32);
}

static uint32_t parent_of(uint32_t node)
{
    return node / ARITY + 2;
}

static uint32_t first_child_of(uint32_t node)
{
    return node * ARITY - 8;
}

/* Field by field: a record on its way through the heap stays in registers, which copying it whole would
 * prevent. */
static inline void place(struct gw_event_queue *self, uint32_t node, struct record r)
{
    struct record *at = &self->heap[node];
    at->t_us = r.t_us;
    at->rank = r.rank;
    at->what = r.what;
    self->position[slot_of(r.what)] = node;
}

/* Moves the vacancy at `node` up to where r belongs. */
static inline void rise(struct gw_event_queue *self, uint32_t node, struct record r)
{
    while (node > ROOT) {
        const uint32_t parent = parent_of(node);
        if (!before(&r, &self->heap[parent])) {
            break;
        }
        place(self, node, self->heap[parent]);
        node = parent;
    }
    place(self, node, r);
}

/* The earliest of the nodes first ... last - 1, which are not none. */
static inline uint32_t earliest(const struct record *heap, uint32_t first, uint32_t last)
{
    uint32_t best = first;
    gw_time_us t_us = heap[first].t_us;
    uint64_t rank = heap[first].rank;
    for (uint32_t i = first + 1; i < last; i++) {
        const bool better = earlier(heap[i].t_us, heap[i].rank, t_us, rank);
        best = better ? i : best;
        t_us = better ? heap[i].t_us : t_us;
        rank = better ? heap[i].rank : rank;
    }
    return best;
}

/* Moves the vacancy at `node` down to where r belongs. */
static inline void sink(struct gw_event_queue *self, uint32_t node, struct record r)
{
    const struct record *heap = self->heap;
    const uint32_t end = self->end;
    for (;;) {
        const uint32_t first = first_child_of(node);
        if (first >= end) {
            break;
        }
        const uint32_t next = first_child_of(first);
        if (end > FAR_EVENTS &&
            next + ARITY * ARITY <= end) { /* one of the groups of grandchildren is next */
            for (uint32_t i = next; i < next + ARITY * ARITY; i += 2) {
                fetch_ahead(&heap[i]);
            }
        }
        /* two calls, because a group of known size needs no loop */
        const uint32_t child =
            first + ARITY <= end ? earliest(heap, first, first + ARITY) : earliest(heap, first, end);
        if (!before(&heap[child], &r)) {
            break;
        }
        place(self, node, heap[child]);
        node = child;
    }
    place(self, node, r);
}

/* Puts r where `node` has become vacant. */
static void settle(struct gw_event_queue *self, uint32_t node, struct record r)
{
    if (node > ROOT && before(&r, &self->heap[parent_of(node)])) {
        rise(self, node, r);
    } else {
        sink(self, node, r);
    }
}

static void fill_with_last(struct gw_event_queue *self, uint32_t node)
{
    const struct record last = self->heap[--self->end];
    if (node != self->end) {
        settle(self, node, last);
    }
}

static void close_gap(struct gw_event_queue *self)
{
    if (self->gap) {
        self->gap = false;
        fill_with_last(self, ROOT);
    }
}

/* Many pages are walked with a page miss at each of the heap's lower levels, so a large queue asks for large
 * pages; whether the system has some changes the speed alone. */
static void *create_block(size_t bytes)
{
    const size_t unit = bytes < HUGE_PAGE_BYTES ? LINE_BYTES : HUGE_PAGE_BYTES;
    void *block = aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
#ifdef MADV_HUGEPAGE
    if (block != NULL && unit == HUGE_PAGE_BYTES) {
        (void)madvise(block, bytes, MADV_HUGEPAGE);
    }
#endif
    return block;
}

/* Room for `capacity` events: heap, slots and positions one behind the other. On failure the queue is as it
 * was. */
static bool grow(struct gw_event_queue *self, size_t capacity)
{
    if (capacity > CAPACITY_MAX) {
        return false;
    }
    const size_t nodes = ROOT + capacity; /* those before the root are never used */
    struct record *heap =
        create_block(nodes * sizeof *heap + capacity * (sizeof *self->slot + sizeof *self->position));
    if (heap == NULL) {
        return false;
    }
    struct slot *slot = (void *)(heap + nodes);
    uint32_t *position = (void *)(slot + capacity);
    if (self->heap != NULL) {
        memcpy(heap + ROOT, self->heap + ROOT, (self->end - ROOT) * sizeof *heap);
        memcpy(slot, self->slot, self->n_slots * sizeof *slot);
        memcpy(position, self->position, self->n_slots * sizeof *position);
        free(self->heap);
    }
    self->heap = heap;
    self->slot = slot;
    self->position = position;
    self->capacity = (uint32_t)capacity;
    return true;
}

struct gw_event_queue *gw_event_queue_create(size_t capacity_hint)
{
    struct gw_event_queue *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->end = ROOT;
    self->first_free = NO_SLOT;
    self->now_us = INT64_MIN;
    if (!grow(self, capacity_hint < FIRST_CAPACITY ? FIRST_CAPACITY : capacity_hint)) {
        gw_event_queue_destroy(self);
        return NULL;
    }
    return self;
}

void gw_event_queue_destroy(struct gw_event_queue *self)
{
    if (self == NULL) {
        return;
    }
    free(self->heap);
    free(self);
}

static bool has_slot(const struct gw_event_queue *self)
{
    return self->first_free != NO_SLOT || self->n_slots < self->capacity;
}

static uint32_t take_slot(struct gw_event_queue *self, uint16_t kind)
{
    uint32_t slot = self->first_free;
    if (slot != NO_SLOT) {
        self->first_free = self->slot[slot].link;
    } else {
        slot = self->n_slots++;
        self->slot[slot].generation = 0;
    }
    self->slot[slot].generation++;
    self->slot[slot].link = kind;
    return slot;
}

static void free_slot(struct gw_event_queue *self, uint32_t slot)
{
    self->slot[slot].generation++;
    self->slot[slot].link = self->first_free;
    self->first_free = slot;
}

/* 2^48 sequence numbers last nine years at a million events a second. */
static uint64_t next_rank(struct gw_event_queue *self, uint64_t priority_bits)
{
    GW_REQUIRE(self->sequence >> SEQUENCE_BITS == 0);
    return priority_bits << SEQUENCE_BITS | self->sequence++;
}

struct gw_event_handle gw_event_push(struct gw_event_queue *self, struct gw_event event)
{
    GW_REQUIRE(event.t_us >= self->now_us);
    if (!has_slot(self) && !grow(self, 2 * (size_t)self->capacity)) {
        return (struct gw_event_handle){0};
    }
    const uint32_t slot = take_slot(self, event.kind);
    const struct record r = {
        .t_us = event.t_us,
        .rank = next_rank(self, (uint64_t)(event.priority - INT16_MIN)),
        .what = (uint64_t)slot << 32 | event.object,
    };
    if (self->gap) {
        self->gap = false;
        sink(self, ROOT, r);
    } else {
        rise(self, self->end++, r);
    }
    return (struct gw_event_handle){slot, self->slot[slot].generation};
}

static struct gw_event event_of(const struct gw_event_queue *self, const struct record *r)
{
    return (struct gw_event){
        .t_us = r->t_us,
        .priority = (int16_t)((int32_t)(r->rank >> SEQUENCE_BITS) + INT16_MIN),
        .kind = (uint16_t)self->slot[slot_of(r->what)].link,
        .object = (uint32_t)r->what,
    };
}

bool gw_event_peek(const struct gw_event_queue *self, struct gw_event *out)
{
    uint32_t node = ROOT + self->gap;
    if (node >= self->end) {
        return false;
    }
    if (self->gap) {
        node = earliest(self->heap, node, self->end < node + ARITY ? self->end : node + ARITY);
    }
    *out = event_of(self, &self->heap[node]);
    return true;
}

bool gw_event_pop(struct gw_event_queue *self, struct gw_event *out)
{
    close_gap(self);
    if (self->end == ROOT) {
        return false;
    }
    const struct record *first = &self->heap[ROOT];
    *out = event_of(self, first);
    self->ties += first->t_us == self->now_us;
    self->now_us = first->t_us;
    free_slot(self, slot_of(first->what));
    self->gap = true;
    if (self->end > FAR_EVENTS) { /* one of the root's children is likely to be popped next */
        for (uint32_t child = first_child_of(ROOT); child < first_child_of(ROOT) + ARITY; child++) {
            fetch_ahead(&self->slot[slot_of(self->heap[child].what)]);
        }
    }
    return true;
}

static bool is_valid(const struct gw_event_queue *self, struct gw_event_handle handle)
{
    return handle.generation % 2 == 1 && handle.slot < self->n_slots &&
           self->slot[handle.slot].generation == handle.generation;
}

bool gw_event_cancel(struct gw_event_queue *self, struct gw_event_handle handle)
{
    if (!is_valid(self, handle)) {
        return false;
    }
    close_gap(self);
    const uint32_t node = self->position[handle.slot];
    free_slot(self, handle.slot);
    fill_with_last(self, node);
    return true;
}

bool gw_event_reschedule(struct gw_event_queue *self, struct gw_event_handle handle, gw_time_us t_us)
{
    if (!is_valid(self, handle)) {
        return false;
    }
    GW_REQUIRE(t_us >= self->now_us);
    close_gap(self);
    const uint32_t node = self->position[handle.slot];
    struct record r = self->heap[node];
    r.t_us = t_us;
    r.rank = next_rank(self, r.rank >> SEQUENCE_BITS);
    settle(self, node, r);
    return true;
}

size_t gw_event_count(const struct gw_event_queue *self)
{
    return self->end - ROOT - self->gap;
}

gw_time_us gw_event_now(const struct gw_event_queue *self)
{
    return self->now_us;
}

uint64_t gw_event_ties(const struct gw_event_queue *self)
{
    return self->ties;
}

void gw_event_verify(const struct gw_event_queue *self)
{
    const uint32_t first = ROOT + self->gap;
    for (uint32_t i = first; i < self->end; i++) {
        const struct record *r = &self->heap[i];
        const uint32_t slot = slot_of(r->what);
        GW_REQUIRE(r->t_us >= self->now_us);
        GW_REQUIRE(slot < self->n_slots);
        GW_REQUIRE(self->position[slot] == i);
        GW_REQUIRE(self->slot[slot].generation % 2 == 1);
        GW_REQUIRE(i == ROOT || parent_of(i) < first || before(&self->heap[parent_of(i)], r));
    }

    size_t n_free = 0;
    for (uint32_t s = self->first_free; s != NO_SLOT; s = self->slot[s].link) {
        GW_REQUIRE(s < self->n_slots);
        GW_REQUIRE(self->slot[s].generation % 2 == 0);
        GW_REQUIRE(n_free < self->n_slots);
        n_free++;
    }
    GW_REQUIRE(gw_event_count(self) + n_free == self->n_slots);
}
