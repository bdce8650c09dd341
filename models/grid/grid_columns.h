/* models/grid/grid_columns.h - a made year as columns with names: what can be exported, printed, plotted.
 *
 * Names end in their units, as those of files do (docs/models/grid-traces.md): generation, demand,
 * curtailment and export are in mean demands. Water has a column per convention. */
#ifndef GW_MODELS_GRID_GRID_COLUMNS_H
#define GW_MODELS_GRID_GRID_COLUMNS_H

#include "models/grid/grid_year.h"

enum { GW_GRID_COLUMNS_NAME_BYTES = 80, GW_GRID_COLUMNS_MAX = 64 };

struct gw_grid_column {
    char name[GW_GRID_COLUMNS_NAME_BYTES];
    struct gw_series series;
};

/* All columns, first carbon in the order of enum gw_carbon_signal, then price, last water under each of the n
 * sets; returns how many, 0 when memory is out. Sets beyond
 * GW_GRID_COLUMNS_MAX columns are left out. Values are the year's or live in the arena. */
GW_MUST_USE size_t gw_grid_columns_of(const struct gw_grid_year *year, const struct gw_water_set *const *set,
                                      size_t n, struct gw_grid_column out[GW_GRID_COLUMNS_MAX],
                                      struct gw_arena *arena);

/* The year behind a generated `grid:`: the hours that a run in the span sees, calendar years and four days.
 */
GW_MUST_USE enum gw_status gw_grid_columns_year(const struct gw_zone *zone, const struct gw_water_set *water,
                                                const struct gw_grid_span *span, struct gw_grid_year *out,
                                                struct gw_arena *arena, struct gw_error *err);

/* Water by another set than the year was made with: litres per kWh of what ran in each hour. */
GW_MUST_USE bool gw_grid_columns_water(const struct gw_grid_year *year, const struct gw_water_set *set,
                                       struct gw_series *out, struct gw_arena *arena);

#endif
