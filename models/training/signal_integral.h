/* models/training/signal_integral.h - a signal in equal intervals, and its integral over any span in O(1).
 *
 * Value times hours (a carbon intensity in g/kWh gives g per kW). `step`: a value holds over its interval, as
 * in all series of geowatt. `linear`: value i is that at the beginning of interval i, with straight lines
 * between, as some published simulators read theirs. Before the first and after the last value these hold.
 *
 * Sums are kept at the intervals' edges, so an integral is a difference of two of them: its error is that of
 * rounding the whole sum once, about 1e-16 of it. Time is whatever int64 microseconds the owner counts. */
#ifndef GW_MODELS_TRAINING_SIGNAL_INTEGRAL_H
#define GW_MODELS_TRAINING_SIGNAL_INTEGRAL_H

#include <stdbool.h>

#include "sim/base/arena.h"
#include "sim/core/clock.h"

enum gw_reading { GW_READING_STEP, GW_READING_LINEAR };

struct gw_signal_integral {
    enum gw_reading reading;
    gw_time_us start_us, step_us;
    uint32_t n;
    double *value; /* [n] */
    double *sum;   /* [n + 1] integral from the start to each edge */
};

/* Room for n >= 1 values, all 0, in the arena; false when memory is out. */
GW_MUST_USE bool gw_signal_integral_init(struct gw_signal_integral *self, enum gw_reading reading,
                                         gw_time_us start_us, gw_time_us step_us, uint32_t n,
                                         struct gw_arena *arena);

/* After `value` was written: NaNs become the value before them (the first ones that after them), 0 when there
 * is none; sums are made. */
void gw_signal_integral_seal(struct gw_signal_integral *self);

double gw_signal_integral_at(const struct gw_signal_integral *self, gw_time_us t_us);

/* Over [from, to), from <= to. */
double gw_signal_integral_between(const struct gw_signal_integral *self, gw_time_us from_us,
                                  gw_time_us to_us);

/* The first edge after t_us; GW_NEVER_US beyond the last. */
gw_time_us gw_signal_integral_edge(const struct gw_signal_integral *self, gw_time_us t_us);

/* The earliest start in [from, latest] at which the integral over `length_us` is least. Exact for step; for
 * linear to the microsecond within each piece. O(intervals between from and latest + length). */
gw_time_us gw_signal_integral_least(const struct gw_signal_integral *self, gw_time_us from_us,
                                    gw_time_us latest_us, gw_time_us length_us);

#endif
