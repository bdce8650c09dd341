/* models/grid/load_shape.h - how the electricity demand of a region moves over the day and the year.
 *
 * Five days and nine years, read off hourly demand of North American and European grids and rounded
 * (docs/models/grid.md). Days are by local standard hour, years by month. */
#ifndef GW_MODELS_GRID_LOAD_SHAPE_H
#define GW_MODELS_GRID_LOAD_SHAPE_H

enum gw_load_day { GW_LOAD_HOT, GW_LOAD_MIX, GW_LOAD_WINTER, GW_LOAD_GB, GW_LOAD_FLAT, GW_LOAD_DAYS };
enum gw_load_year {
    GW_LOAD_YEAR_HOT,
    GW_LOAD_YEAR_MIX,
    GW_LOAD_YEAR_WINTER,
    GW_LOAD_YEAR_GB,
    GW_LOAD_YEAR_EUROPE,
    GW_LOAD_YEAR_FLAT,
    GW_LOAD_YEAR_SOUTH,
    GW_LOAD_YEAR_JAPAN,
    GW_LOAD_YEAR_TROPICS,
};
extern const char *const gw_load_shape_days[], *const gw_load_shape_years[]; /* ended by NULL */

/* Relative to the day's mean; local hour 0..23. */
double gw_load_shape_hour(enum gw_load_day day, int hour);

/* Twelve values, one per month. */
const double *gw_load_shape_months(enum gw_load_year year);

/* Twelve values on the middles of months, lines between; day_of_year from 0, a fraction of a day counts. */
double gw_load_shape_at(const double month[12], double day_of_year);

#endif
