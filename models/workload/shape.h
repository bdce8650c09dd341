/* models/workload/shape.h - how demand moves over the day and the week.
 *
 * 24 factors for weekdays and 24 for weekends, of the origin's local standard time, linear between the
 * middles of hours, with mean 1 over a week: demand = rate * shape. `flat` is 1. Catalogue kind "shape". */
#ifndef GW_MODELS_WORKLOAD_SHAPE_H
#define GW_MODELS_WORKLOAD_SHAPE_H

#include "sim/core/clock.h"
#include "sim/tree/bind.h"

struct gw_shape {
    const char *name, *title;
    struct gw_slice weekday, weekend; /* 24 doubles each, hour 0 first; weekend may be empty: as weekdays */
};
extern const struct gw_type gw_shape_type;

/* Normalised factor at an instant for a place with that offset; shape NULL: 1. */
double gw_shape_at(const struct gw_shape *shape, gw_time_us unix_us, double utc_offset_h);

/* The first instant after unix_us at which a curve may bend: the middle of a local hour. */
gw_time_us gw_shape_next_knot(gw_time_us unix_us, double utc_offset_h);

/* The largest factor within [from, to). */
double gw_shape_peak(const struct gw_shape *shape, gw_time_us from_unix_us, gw_time_us to_unix_us,
                     double utc_offset_h);

/* Mean factor over [from, to). Exact for the piecewise linear curve. */
double gw_shape_mean(const struct gw_shape *shape, gw_time_us from_unix_us, gw_time_us to_unix_us,
                     double utc_offset_h);

#endif
