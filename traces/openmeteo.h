/* traces/openmeteo.h - answers of the Open-Meteo services, CSV and JSON, and files of the same make.
 *
 * CSV: a line of names (latitude,longitude,elevation,utc_offset_seconds,...), one of values, a blank one,
 * then "time,temperature_2m (degC),..." and a row per hour; the first three may be absent. JSON: the same as
 * `hourly: {time: [...], temperature_2m: [...]}` with `hourly_units`.
 *
 * Read are temperature_2m, dew_point_2m, relative_humidity_2m, surface_pressure, cloud_cover, wind_speed_10m,
 * shortwave_radiation, also in their older spelling (relativehumidity_2m). Units are read from the file: C or
 * F, km/h, m/s, mph or knots. Times are local at the one utc_offset_seconds of the file, also over a change
 * of daylight saving, or Unix seconds. Values are of the instant of their stamp; radiation is of the hour
 * before it and becomes the mean of the hours before and after. An empty field or null is a gap. */
#ifndef GW_TRACES_OPENMETEO_H
#define GW_TRACES_OPENMETEO_H

#include "traces/meteo.h"

GW_MUST_USE enum gw_status gw_openmeteo_parse_csv(const char *bytes, size_t n, const char *name,
                                                  struct gw_meteo *out, struct gw_arena *arena,
                                                  struct gw_error *err);
GW_MUST_USE enum gw_status gw_openmeteo_parse_json(const char *bytes, size_t n, const char *name,
                                                   struct gw_meteo *out, struct gw_arena *arena,
                                                   struct gw_error *err);

#endif
