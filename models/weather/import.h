/* models/weather/import.h - measured weather made ready for a run: gaps filled, wet bulbs solved, years laid
 * out.
 *
 * Gaps of up to six hours in dry bulb, humidity and pressure are bridged by straight lines; longer ones are
 * errors that say where. Humidity comes from the dew point, where that is missing from the relative humidity.
 * Pressure, where the file has none, is that of the standard atmosphere at the file's height, or else the
 * place's. Cloud, wind and GHI stay unknown where they are missing. */
#ifndef GW_MODELS_WEATHER_IMPORT_H
#define GW_MODELS_WEATHER_IMPORT_H

#include "models/weather/weather.h"
#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "traces/meteo.h"

struct gw_import {
    const char *name;
    bool repeat;              /* one year, 29 February left out, that stands for every year */
    double utc_offset_h;      /* of its calendar when it repeats */
    gw_time_us first_unix_us; /* of the first node; of a repeated year in local time of 1970 */
    gw_time_us step_us;
    size_t n;
    struct gw_weather *node;
    size_t bridged; /* values that were missing */
};

/* From what a file holds. `repeat` makes the file's first 365 days of the calendar stand for every year;
 * typical years repeat anyway. elevation_m is the place's, NAN when unknown. Everything lives in the arena.
 */
GW_MUST_USE enum gw_status gw_import_prepare(const struct gw_meteo *file, const char *name, bool repeat,
                                             double elevation_m, struct gw_import *out,
                                             struct gw_arena *arena, struct gw_error *err);

/* The nodes for [from, to) in a series. A repeated year is laid out anew: 29 February is like the 28th. One
 * with stamps must cover every instant to within a step, else GW_ERR_RANGE names the first one missing. */
GW_MUST_USE enum gw_status gw_import_make(const struct gw_import *self, gw_time_us from_unix_us,
                                          gw_time_us to_unix_us, struct gw_weather_series *out,
                                          struct gw_arena *arena, struct gw_error *err);

#endif
