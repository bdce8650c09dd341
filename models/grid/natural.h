/* models/grid/natural.h - what weather gives a grid: demand, wind, sun and water by the hour, each of mean 1.
 *
 * Regional fleets, not single sites: neighbouring turbines smooth each other, so that the power curve is a
 * soft one and its inputs are chosen for the spread of the whole fleet. Equations: docs/models/grid.md. */
#ifndef GW_MODELS_GRID_NATURAL_H
#define GW_MODELS_GRID_NATURAL_H

#include "models/grid/zone.h"

/* What a grid's processes are drawn for: hours hour ... hour + n - 1 since 1970, scratch from the arena. */
struct gw_natural_span {
    const struct gw_zone *zone;
    struct gw_factors weather;
    int64_t hour;
    size_t n;
    struct gw_arena *arena;
};

struct gw_natural {
    size_t n;
    const double *hour_of_day, *day_of_year; /* local standard time; whole hours, days with their fractions */
    const bool *weekend;                     /* of that time */
    double *heat;                            /* anomaly of temperature, of variance 1 */
    double *demand, *wind, *solar, *inflow, *nuclear;
};

/* The weather is that of the zone's region, without one its own. */
struct gw_natural_span gw_natural_span(const struct gw_zone *zone, int64_t hour, size_t n, uint64_t seed,
                                       uint32_t replication, struct gw_arena *arena);

/* Fills all arrays. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_natural_make(const struct gw_natural_span *span, struct gw_natural *out,
                                           struct gw_error *err);

/* A process with a memory in hours, AR(1) of variance 1: of the weather, of the grid alone, and of what coal
 * and gas cost, which the grids of a market share. NULL when memory is out. */
double *gw_natural_weather(const struct gw_natural_span *span, enum gw_factor what, double memory_h);
double *gw_natural_own(const struct gw_natural_span *span, const char *what, double memory_h);
double *gw_natural_market(const struct gw_natural_span *span, double memory_h);

#endif
