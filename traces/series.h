/* traces/series.h - a time series with a fixed step: UTC, stamped at the start of each interval, NaN for
 * missing.
 *
 * Readers of other people's formats (traces/csv.h, later one file each) produce this; signals
 * (models/grid/signal.h) use it. A value holds over its whole interval. */
#ifndef GW_TRACES_SERIES_H
#define GW_TRACES_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"

struct gw_series {
    gw_time_us start_unix_us, step_us;
    size_t n;
    const double *value; /* owned by the arena it was read into */
    uint64_t missing;    /* NaNs among them */
};

/* The value of the interval that holds t; NaN outside the series. */
double gw_series_at(const struct gw_series *self, gw_time_us unix_us);

/* Mean over [from, to), weighted by time; NaN when any part is missing or outside. */
double gw_series_mean(const struct gw_series *self, gw_time_us from_unix_us, gw_time_us to_unix_us);

#endif
