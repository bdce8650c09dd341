/* models/weather/site_weather.h - which weather a site has.
 *
 *   weather: generated                                  the climate of the site's own place
 *   weather: dublin                                     another climate of the catalogue
 *   weather: { generator: { climate: dublin, years: varying } }
 *   weather: { file: { path: ashburn.epw } }            EPW, TMY3, Open-Meteo or own CSV: traces/meteo.h
 *
 * Typical years of files repeat; files with stamps must cover the run, or say `repeat: true`. Files are read
 * once per scenario; the series of a run is made from them, or generated, once per run.
 * docs/models/weather.md. */
#ifndef GW_MODELS_WEATHER_SITE_WEATHER_H
#define GW_MODELS_WEATHER_SITE_WEATHER_H

#include "models/weather/climate.h"
#include "models/weather/generator.h"
#include "models/weather/import.h"
#include "models/weather/weather.h"

enum gw_site_weather_alt {
    GW_SITE_WEATHER_GENERATED,
    GW_SITE_WEATHER_GENERATOR,
    GW_SITE_WEATHER_MEASURED,
    GW_SITE_WEATHER_CLIMATE
};
extern const struct gw_type gw_site_weather_type; /* PICK for a site's `weather:` */

/* Ready to make series from. */
struct gw_site_weather {
    const char *label;                /* the climate's name or the file's path */
    const struct gw_climate *climate; /* NULL: from a file */
    int32_t years;                    /* enum gw_generator_years */
    struct gw_import import;
};

/* Reads what the pick names. `home` is the climate of the site's place; NULL when the catalogue has none, an
 * error where the pick needs it, which `where` then names. elevation_m, NAN when unknown, gives the pressure
 * to a file that has neither. Files come through `source` (so that a result file can give back its embedded
 * ones), NULL: from the disk. Everything lives in the arena. */
struct gw_source;
GW_MUST_USE enum gw_status gw_site_weather_load(const struct gw_pick *pick, const struct gw_climate *home,
                                                double elevation_m, const char *where,
                                                const struct gw_source *source, struct gw_site_weather *out,
                                                struct gw_arena *arena, struct gw_error *err);

/* The series of one run, for every instant of [from, to). */
GW_MUST_USE enum gw_status gw_site_weather_make(const struct gw_site_weather *self, uint64_t seed,
                                                uint32_t replication, gw_time_us from_unix_us,
                                                gw_time_us to_unix_us, struct gw_weather_series *out,
                                                struct gw_arena *arena, struct gw_error *err);

#endif
