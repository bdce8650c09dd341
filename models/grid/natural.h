/* models/grid/natural.h - what weather gives a grid: demand, wind, sun and water by the hour, each of mean 1.
 *
 * Regional fleets, not single sites: neighbouring turbines smooth each other, so that the power curve is a
 * soft one and its inputs are chosen for the spread of the whole fleet. Equations: docs/models/grid.md. */
#ifndef GW_MODELS_GRID_NATURAL_H
#define GW_MODELS_GRID_NATURAL_H

#include "models/grid/grid_factors.h"

struct gw_natural {
    size_t n;
    const double *hour_of_day, *day_of_year; /* local standard time; whole hours, days with their fractions */
    const bool *weekend;                     /* of that time */
    double *demand, *wind, *solar, *inflow, *nuclear;
};

/* Fills all arrays for hours hour ... hour + n - 1 since 1970. The arena is scratch: nothing but `out` needs
 * it. */
GW_MUST_USE enum gw_status gw_natural_make(const struct gw_zone *zone, const struct gw_grid_factors *factors,
                                           int64_t hour, size_t n, uint64_t seed, uint32_t replication,
                                           struct gw_natural *out, struct gw_arena *arena,
                                           struct gw_error *err);

/* A process of the grid's own: AR(1) of variance 1 with a memory in hours. NULL when memory is out. */
double *gw_natural_own(const struct gw_zone *zone, const char *what, double memory_h, int64_t hour, size_t n,
                       uint64_t seed, uint32_t replication, struct gw_arena *arena);

/* One of the factors with a memory: AR(1) of variance 1, warmed up. NULL when memory is out. */
double *gw_natural_shared(const double *white, double memory_h, size_t n, struct gw_arena *arena);

#endif
