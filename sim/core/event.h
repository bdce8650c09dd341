/* sim/core/event.h - the queue of future events.
 *
 * Order is (time, priority, sequence): earlier first, then the lower priority number, then the one
 * pushed first. Two events never compare equal, so no address, hash or heap layout decides anything.
 * Ties are normal (integer hours!) and are counted.
 *
 * An event is named by a handle {slot, generation}; a handle of an event that was popped or cancelled
 * is stale and recognised, also after its slot has been used again. Rescheduling keeps the handle and
 * takes a new sequence number: it goes behind events already waiting at that instant.
 * A 4-ary heap of 24-byte records; push, pop, cancel and reschedule O(log n), no allocation once the
 * queue has reached its largest size. */
#ifndef GW_SIM_CORE_EVENT_H
#define GW_SIM_CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"
#include "sim/core/clock.h"

struct gw_event {
    gw_time_us t_us;
    int16_t priority;
    uint16_t kind;   /* the owner's meaning */
    uint32_t object; /* index of what it concerns, the owner's meaning */
};

struct gw_event_handle {
    uint32_t slot, generation; /* generation 0: none */
};

struct gw_event_queue;

/* NULL when memory is out. */
struct gw_event_queue *gw_event_queue_create(size_t capacity_hint);
void gw_event_queue_destroy(struct gw_event_queue *self);

/* Handle with generation 0 when memory is out. The time must not lie before the last popped event. */
struct gw_event_handle gw_event_push(struct gw_event_queue *self, struct gw_event event);

/* False when empty. */
bool gw_event_peek(const struct gw_event_queue *self, struct gw_event *out);
bool gw_event_pop(struct gw_event_queue *self, struct gw_event *out);

/* False when the handle is stale; then nothing changes. */
bool gw_event_cancel(struct gw_event_queue *self, struct gw_event_handle handle);
bool gw_event_reschedule(struct gw_event_queue *self, struct gw_event_handle handle, gw_time_us t_us);

size_t gw_event_count(const struct gw_event_queue *self);
gw_time_us gw_event_now(const struct gw_event_queue *self); /* of the last popped event, first INT64_MIN */
uint64_t gw_event_ties(const struct gw_event_queue *self);  /* pops at the same time as the pop before */

/* Every invariant of the heap the slow way (GW_REQUIRE). */
void gw_event_verify(const struct gw_event_queue *self);

#endif
