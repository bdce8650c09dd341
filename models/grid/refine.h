/* models/grid/refine.h - five-minute series from hourly ones.
 *
 *   y(t) = line between the middles of hours + hour's mean * spread * AR(1) of 20 minutes,
 *   shifted so that the twelve values of an hour have exactly the hour's mean (to rounding)
 *
 * Values that were never negative stay so: an hour whose refinement would dip below 0 keeps its mean
 * throughout. A function of (series, seed, replication, name) alone. */
#ifndef GW_MODELS_GRID_REFINE_H
#define GW_MODELS_GRID_REFINE_H

#include "traces/series.h"

/* `hourly` must have a step of one hour and no gaps; false when memory is out. */
GW_MUST_USE bool gw_refine_make(const struct gw_series *hourly, double spread, uint64_t seed,
                                uint32_t replication, const char *name, struct gw_series *out,
                                struct gw_arena *arena);

#endif
