/* traces/meteo.h - hourly weather as a file tells it, whatever the format.
 *
 *   EPW          year of building simulation, begins with LOCATION        traces/epw.h
 *   TMY3         typical year of NREL, "Date (MM/DD/YYYY)" in line 2      traces/tmy3.h
 *   Open-Meteo   archive service, begins with latitude, time or {         traces/openmeteo.h
 *   geowatt CSV  time_utc and columns named as below                      traces/csv.h
 *
 * Units are converted and missing values are NAN; nothing is filled in here. Own CSV files name their columns
 * dry_bulb_c, dew_point_c, humidity_frac, pressure_pa, cloud_frac, wind_m_per_s, ghi_w_per_m2. */
#ifndef GW_TRACES_METEO_H
#define GW_TRACES_METEO_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"

enum gw_meteo_column {
    GW_METEO_DRY_BULB_C,
    GW_METEO_DEW_POINT_C,
    GW_METEO_HUMIDITY_FRAC, /* relative */
    GW_METEO_PRESSURE_PA,   /* at the station */
    GW_METEO_CLOUD_FRAC,
    GW_METEO_WIND_M_PER_S,
    GW_METEO_GHI_W_PER_M2,
    GW_METEO_COLUMNS,
};
extern const char *const gw_meteo_names[]; /* "dry_bulb_c", ...; ended by NULL */

enum { GW_METEO_TYPICAL_HOURS = 8760 };

struct gw_meteo {
    double lat_deg, lon_deg, elevation_m; /* NAN: the file does not tell */
    /* A typical year: its hours count from 1 January, 0 h, local standard time; the year they were measured
     * in means nothing. A 29 February is left out. */
    bool typical;
    double utc_offset_h;
    gw_time_us
        first_unix_us; /* the instant the first value stands for; of a typical year in local time, 1970 */
    gw_time_us step_us;
    size_t n;
    double *value[GW_METEO_COLUMNS]; /* NULL: no such column. GHI is the mean of the hour about the instant */
};

/* Any of the formats, told apart by how they begin. Everything lives in the arena; on failure *out is zeroed
 * and the error names file and line. */
GW_MUST_USE enum gw_status gw_meteo_parse(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                          struct gw_arena *arena, struct gw_error *err);

/* For the readers: gives the column n values, all NAN. False when memory is out. */
GW_MUST_USE bool gw_meteo_add_column(struct gw_meteo *self, enum gw_meteo_column column,
                                     struct gw_arena *arena);

#endif
