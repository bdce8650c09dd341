#include "tests/reference/sorted_queue.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"

void sorted_queue_fini(struct sorted_queue *self)
{
    free(self->entry);
    *self = (struct sorted_queue){0};
}

/* The three rules of event.h, one after the other. */
static bool comes_before(const struct sorted_entry *a, const struct sorted_entry *b)
{
    if (a->event.t_us != b->event.t_us) {
        return a->event.t_us < b->event.t_us;
    }
    if (a->event.priority != b->event.priority) {
        return a->event.priority < b->event.priority;
    }
    return a->sequence < b->sequence;
}

static void insert(struct sorted_queue *self, struct sorted_entry new)
{
    void *at = self->entry;
    GW_REQUIRE(gw_array_reserve(&at, &self->cap, self->n + 1, sizeof *self->entry));
    self->entry = at;
    size_t i = self->n++;
    for (; i > 0 && comes_before(&self->entry[i - 1], &new); i--) {
        self->entry[i] = self->entry[i - 1];
    }
    self->entry[i] = new;
}

/* Takes the event with this ticket out of the list. */
static bool take(struct sorted_queue *self, uint64_t ticket, struct sorted_entry *out)
{
    for (size_t i = 0; i < self->n; i++) {
        if (self->entry[i].ticket == ticket) {
            *out = self->entry[i];
            self->n--;
            memmove(&self->entry[i], &self->entry[i + 1], (self->n - i) * sizeof *self->entry);
            return true;
        }
    }
    return false;
}

uint64_t sorted_queue_push(struct sorted_queue *self, struct gw_event event)
{
    insert(self, (struct sorted_entry){event, ++self->sequence, ++self->tickets});
    return self->tickets;
}

bool sorted_queue_peek(const struct sorted_queue *self, struct gw_event *out)
{
    if (self->n == 0) {
        return false;
    }
    *out = self->entry[self->n - 1].event;
    return true;
}

bool sorted_queue_pop(struct sorted_queue *self, struct gw_event *out)
{
    if (!sorted_queue_peek(self, out)) {
        return false;
    }
    self->n--;
    self->ties += self->pops > 0 && out->t_us == self->now_us;
    self->pops++;
    self->now_us = out->t_us;
    return true;
}

bool sorted_queue_cancel(struct sorted_queue *self, uint64_t ticket)
{
    struct sorted_entry gone;
    return take(self, ticket, &gone);
}

bool sorted_queue_reschedule(struct sorted_queue *self, uint64_t ticket, gw_time_us t_us)
{
    struct sorted_entry moved;
    if (!take(self, ticket, &moved)) {
        return false;
    }
    moved.event.t_us = t_us;
    moved.sequence = ++self->sequence;
    insert(self, moved);
    return true;
}
