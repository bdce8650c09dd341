/* models/serving/inbox.h - requests on their way to a site: one lane per stream of demand, merged in order.
 *
 * Each lane is in order of arrival; the whole comes out by (arrival, lane, order of pushing), however far
 * ahead each lane was filled. Lanes are rings that grow and then keep their size. */
#ifndef GW_MODELS_SERVING_INBOX_H
#define GW_MODELS_SERVING_INBOX_H

#include "models/serving/replica.h"
#include "models/serving/winner.h"

struct gw_inbox_lane {
    struct gw_serve_request *ring;
    uint32_t cap; /* a power of two, or 0 */
    uint32_t head, n;
    gw_time_us last_us; /* arrival of the last one pushed */
};

struct gw_inbox {
    struct gw_inbox_lane *lane;
    uint32_t lanes;
    uint64_t n; /* in all lanes */
    struct gw_winner next;
};

/* False when memory is out. */
GW_MUST_USE bool gw_inbox_init(struct gw_inbox *self, uint32_t lanes);
void gw_inbox_fini(struct gw_inbox *self);

/* Behind the others of its lane, whose arrivals are not later; its `lane` is set. False when memory is out.
 */
GW_MUST_USE bool gw_inbox_push(struct gw_inbox *self, uint32_t lane, const struct gw_serve_request *request);

/* Arrival of the next one; GW_NEVER_US when empty. */
static inline gw_time_us gw_inbox_next_us(const struct gw_inbox *self)
{
    return gw_winner_best_key(&self->next);
}

/* Takes the next one out; there must be one. It stays where it is until the next push. */
const struct gw_serve_request *gw_inbox_pop(struct gw_inbox *self);

/* The i-th of a lane, 0 the next one. */
static inline const struct gw_serve_request *gw_inbox_at(const struct gw_inbox_lane *lane, uint32_t i)
{
    return &lane->ring[(lane->head + i) & (lane->cap - 1)];
}

#endif
