/* models/weather/weather.h - the air outside, over time: hourly nodes in the middle of their hours, lines
 * between.
 *
 * The wet bulb is solved at the nodes and interpolated like the rest: between hours it is off by some
 * hundredths of a degree, and dew point <= wet bulb <= dry bulb holds everywhere. Made by
 * models/weather/generator.h or models/weather/import.h; a site's choice is models/weather/site_weather.h. */
#ifndef GW_MODELS_WEATHER_WEATHER_H
#define GW_MODELS_WEATHER_WEATHER_H

#include <stddef.h>

#include "sim/core/clock.h"

/* Cloud, wind and GHI are NAN where a file does not tell them. */
struct gw_weather {
    double dry_bulb_c, wet_bulb_c, dew_point_c;
    double pressure_pa;
    double cloud_frac, wind_m_per_s, ghi_w_per_m2; /* global horizontal irradiance */
};

struct gw_weather_series {
    gw_time_us first_unix_us, step_us; /* of the nodes */
    size_t n;
    struct gw_weather *node;
};

/* At an instant at most one step before the first node or after the last; there it holds their value. */
struct gw_weather gw_weather_at(const struct gw_weather_series *self, gw_time_us unix_us);

/* Solves dew point and wet bulb of a node from its dry bulb, pressure and vapour pressure; vapour that the
 * air cannot hold is left out. */
void gw_weather_solve(struct gw_weather *node, double vapour_pa);

#endif
