/* models/serving/gauge.h - how many requests wait and run over time, in the replicas of one model.
 *
 * Counts change at events, and what they were since the last one is then added up: the integrals are exact
 * and cost nothing while nothing happens. A count that lasted for no time at all - a request that enters an
 * idle engine at the instant it arrives - is no peak.
 *
 * Time is in ticks since `restart`'s instant, and must not go back. */
#ifndef GW_MODELS_SERVING_GAUGE_H
#define GW_MODELS_SERVING_GAUGE_H

#include "models/serving/step_time.h"

struct gw_gauge {
    gw_tick at; /* up to here all is added up */
    uint32_t waiting, running;
    uint32_t waiting_peak, running_peak;
    double waiting_ticks, running_ticks;
    uint64_t arrived, finished; /* the owner counts them; restart clears them */
};

static inline void gw_gauge_close(struct gw_gauge *self, gw_tick at)
{
    if (at > self->at) {
        const double ticks = (double)(at - self->at);
        self->waiting_ticks += (double)self->waiting * ticks;
        self->running_ticks += (double)self->running * ticks;
        self->waiting_peak = self->waiting > self->waiting_peak ? self->waiting : self->waiting_peak;
        self->running_peak = self->running > self->running_peak ? self->running : self->running_peak;
        self->at = at;
    }
}

/* Counts change at `at`; differences are taken modulo 2^32, so that they may be negative. */
static inline void gw_gauge_move(struct gw_gauge *self, gw_tick at, uint32_t waiting, uint32_t running)
{
    gw_gauge_close(self, at);
    self->waiting += waiting;
    self->running += running;
}

/* What is there stays, all else starts again: sums, peaks, and time at 0. */
static inline void gw_gauge_restart(struct gw_gauge *self)
{
    *self = (struct gw_gauge){.waiting = self->waiting, .running = self->running};
}

#endif
