/* models/grid/grid_factors.h - the weather that neighbouring grids share, as white numbers.
 *
 *   e_i(t) = sqrt(a1) G1(t) + sqrt(a2) G2(t) + sqrt(1 - a1 - a2) L_i(t)
 *
 * Standard normal numbers by hour since 1970 (heat: by day). G is a function of (seed, replication, group,
 * factor, hour), L of the grid's name: a grid more, another span or another order of asking changes none of
 * them. What has a memory is a filter of them (gw_grid_factors_ar1, _ar2), so that grids of one group with
 * different memories still see the same lulls. */
#ifndef GW_MODELS_GRID_GRID_FACTORS_H
#define GW_MODELS_GRID_GRID_FACTORS_H

#include <stddef.h>
#include <stdint.h>

#include "models/grid/zone.h"

/* What a grid takes from the weather. Each array begins GW_GRID_WARM_UP_H hours before the span (heat: at
 * the day of that hour), so that filters have forgotten their start. */
enum { GW_GRID_WARM_UP_H = 400 };
struct gw_grid_factors {
    const double *wind, *cloud, *rain, *fuel; /* one per hour; fuel: of coal and gas prices */
    const double *heat;                       /* one per day */
};

/* The day since 1970 that holds an hour. */
int64_t gw_grid_factors_day(int64_t hour);

/* How many numbers each array holds for a span of hours. */
size_t gw_grid_factors_hours(size_t hours);
size_t gw_grid_factors_days(size_t hours);

/* For the span that begins at `hour` since 1970. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_grid_factors_make(const struct gw_zone *zone, int64_t hour, size_t hours,
                                                uint64_t seed, uint32_t replication,
                                                struct gw_grid_factors *out, struct gw_arena *arena,
                                                struct gw_error *err);

/* White standard normal numbers of one named process, for times first ... first + n - 1. */
void gw_grid_factors_white(uint64_t seed, uint32_t replication, const char *name, int64_t first, size_t n,
                           double *out);

/* In place, both of variance 1: x_t = r x_t-1 + sqrt(1 - r^2) e_t with r = exp(-1/memory), and critically
 * damped x_t = 2 r x_t-1 - r^2 x_t-2 + s e_t,  s^2 = (1 - r^2)^3 / (1 + r^2). */
void gw_grid_factors_ar1(double memory, double *x, size_t n);
void gw_grid_factors_ar2(double memory, double *x, size_t n);

#endif
