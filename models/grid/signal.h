/* models/grid/signal.h - a number that changes with time: carbon intensity, price, water intensity.
 *
 * A constant or a column of a series; later a generator and forecasts. Piecewise constant; asked by simulated
 * time. The mean over an interval is exact, so a step of 5 minutes and one of an hour agree on totals. */
#ifndef GW_MODELS_GRID_SIGNAL_H
#define GW_MODELS_GRID_SIGNAL_H

#include "sim/tree/bind.h"
#include "traces/series.h"

struct gw_signal {
    double constant; /* used when series is NULL */
    const struct gw_series *series;
    double scale; /* unit of the file -> unit of the signal */
};

double gw_signal_at(const struct gw_signal *self, gw_time_us unix_us);
double gw_signal_mean(const struct gw_signal *self, gw_time_us from_unix_us, gw_time_us to_unix_us);

/* True when every instant of [from, to) has a value; else *gap_unix_us is the first without. */
bool gw_signal_covers(const struct gw_signal *self, gw_time_us from_unix_us, gw_time_us to_unix_us,
                      gw_time_us *gap_unix_us);

#endif
