/* models/workload/release.h - when requests that can wait are let go: the gate of a batch row.
 *
 *   class: batch, deadline: 6 h, release: at-once
 *   release: by-deadline                                  as late as the deadline allows
 *   release: { rule: below-carbon, limit: 200 g/kWh }     while some site that may serve them is that clean
 *
 * An epoch's gate is open or shut. With a the instant a request was asked for, t0 and a0 those of the epoch's
 * start and of the first request that waited then, and L = deadline - reserve, it goes at
 *
 *   open:  min(max(a, t0 + (a - a0) / pace), a + L)       the queue moves `pace` times as fast as time
 *   shut:  a + L
 *
 * and at the end of the run's arrivals at the latest. So the order is kept, the deadline too, where serving
 * takes less than `reserve`, and nothing depends on how an epoch is cut into windows. Waiting requests are
 * not stored: they have not been generated yet. */
#ifndef GW_MODELS_WORKLOAD_RELEASE_H
#define GW_MODELS_WORKLOAD_RELEASE_H

#include <stdbool.h>

#include "sim/core/clock.h"
#include "sim/tree/bind.h"

extern const struct gw_type gw_release_type; /* NAMED; key `rule` */

/* One epoch's gate. */
struct gw_release_epoch {
    bool open;
    gw_time_us since_us; /* t0 */
    gw_time_us from_us;  /* a0 */
};

struct gw_release {
    const struct gw_named *rule;
    gw_time_us latest_us; /* L */
    gw_time_us end_us;    /* of arrivals */
    double pace;
    gw_time_us epoch_us, first_us;
    struct gw_release_epoch *epoch; /* [epochs] so far */
    uint32_t n;
};

/* L: how long a request may be held back. */
gw_time_us gw_release_patience_us(const struct gw_named *rule, gw_time_us deadline_us);

/* The memory of all epochs; false when it is out. */
GW_MUST_USE bool gw_release_init(struct gw_release *self, const struct gw_named *rule, gw_time_us deadline_us,
                                 gw_time_us first_us, gw_time_us end_us, gw_time_us epoch_us,
                                 struct gw_arena *arena);

/* What the rule says when the cleanest site that may serve the row has this forecast, g/kWh. */
bool gw_release_wish(const struct gw_release *self, double carbon_g_per_kwh);

/* Begins an epoch; from_us: the first request that waits, or now. */
void gw_release_begin(struct gw_release *self, bool open, gw_time_us now_us, gw_time_us from_us);

/* When a request goes, in this epoch's terms; and when one that went was asked for. */
gw_time_us gw_release_at(const struct gw_release *self, gw_time_us asked_us);
gw_time_us gw_release_asked(const struct gw_release *self, gw_time_us released_us);

#endif
