/* models/grid/margin.h - the plants that answer one more kWh, hour by hour, and their turns within an hour.
 *
 *   share_f  = b_f G_f / sum over coal, gas, oil, other;   hydropower only where there is none of them
 *   marginal = sum share_f EF_f;   while wind or sun is curtailed they answer, with nothing
 *
 * With an import margin m the own shares weigh 1 - m and the neighbour's m. Within an hour one plant is at
 * the margin at a time: each holds its share of the hour, in one piece. A new hour begins with the plant that
 * ended the last one if it is at the margin again, so that turns are as few as the hours' shares allow. */
#ifndef GW_MODELS_GRID_MARGIN_H
#define GW_MODELS_GRID_MARGIN_H

#include "models/grid/merit.h"
#include "traces/series.h"

/* Nothing at all, then five kinds of own plants, then five of the neighbour's. */
enum { GW_MARGIN_KINDS = 5, GW_MARGIN_STATES = 1 + 2 * GW_MARGIN_KINDS };

struct gw_margin {
    size_t n;
    struct {
        double *share; /* [n] of each hour; they add up to 1. NULL: never at the margin */
        double lifecycle_gco2_per_kwh, direct_gco2_per_kwh;
    } state[GW_MARGIN_STATES];
};

/* `theirs` is what the plants of zone->import->from did, not looked at without an import. Arrays live in the
 * arena. False when memory is out. */
GW_MUST_USE bool gw_margin_make(const struct gw_zone *zone, const struct gw_merit *own,
                                const struct gw_merit *theirs, struct gw_margin *out, struct gw_arena *arena);

/* The mean of an hour. */
double gw_margin_hour(const struct gw_margin *self, bool direct, size_t hour);

/* Twelve values an hour with the hour's mean, from start_unix_us on. A value is that of one state, or where a
 * turn falls within the five minutes of two or more by their time. False when memory is out. */
GW_MUST_USE bool gw_margin_refine(const struct gw_margin *self, bool direct, gw_time_us start_unix_us,
                                  struct gw_series *out, struct gw_arena *arena);

#endif
