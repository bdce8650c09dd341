/* tests/reference/sorted_queue.h - the event queue as a sorted list: slow, obvious, the judge of
 * sim/core/event.c.
 *
 * Every event has a ticket, the number of its push from 1, which nothing ever reuses. */
#ifndef GW_TESTS_REFERENCE_SORTED_QUEUE_H
#define GW_TESTS_REFERENCE_SORTED_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/event.h"

struct sorted_entry {
    struct gw_event event;
    uint64_t sequence, ticket;
};

struct sorted_queue {
    struct sorted_entry *entry; /* the earliest last */
    size_t n, cap;
    uint64_t sequence, tickets;
    gw_time_us now_us;
    uint64_t pops, ties;
};

/* A zeroed struct is valid and empty. Running out of memory ends the test. */
void sorted_queue_fini(struct sorted_queue *self);
uint64_t sorted_queue_push(struct sorted_queue *self, struct gw_event event);
bool sorted_queue_peek(const struct sorted_queue *self, struct gw_event *out);
bool sorted_queue_pop(struct sorted_queue *self, struct gw_event *out);
bool sorted_queue_cancel(struct sorted_queue *self, uint64_t ticket);
bool sorted_queue_reschedule(struct sorted_queue *self, uint64_t ticket, gw_time_us t_us);

#endif
