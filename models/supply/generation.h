/* models/supply/generation.h - what a site's PV and turbines give during a run, from its weather.
 *
 * A node stands for each hour of the weather: the mean over the hour of PV under the moving sun (its hourly
 * irradiance spread as the sun's height would have it, temperature and cloud held), and the turbines in the
 * hour's wind. Lines lie between the nodes, which keeps a day's energy. A site sees them five minutes at a
 * time: power is level over each five minutes of the UTC clock, at the line's value in their middle. Made
 * once per run; asked by every step. */
#ifndef GW_MODELS_SUPPLY_GENERATION_H
#define GW_MODELS_SUPPLY_GENERATION_H

#include "models/supply/supply.h"
#include "models/weather/weather.h"
#include "sim/base/arena.h"

#define GW_GENERATION_SLOT_US INT64_C(300000000)

struct gw_generation {
    gw_time_us first_unix_us, step_us; /* of the nodes */
    size_t n;
    struct gw_generation_node {
        double pv_kw, wind_kw;
    } * node;
};

/* In the arena. GW_ERR_RANGE when the weather lacks irradiance and cloud for PV, or wind for turbines: the
 * error names the hour and `where`. */
GW_MUST_USE enum gw_status gw_generation_make(const struct gw_supply_cfg *cfg, double lat_deg, double lon_deg,
                                              const struct gw_weather_series *weather, const char *where,
                                              struct gw_generation *out, struct gw_arena *arena,
                                              struct gw_error *err);

/* The level of the slot that unix_us lies in; zeros when there is no plant. */
struct gw_generation_node gw_generation_at(const struct gw_generation *self, gw_time_us unix_us);

/* The end of that slot; GW_NEVER_US when there is no plant. */
gw_time_us gw_generation_next(const struct gw_generation *self, gw_time_us unix_us);

/* Mean over [from, to) of PV and wind together, as lines, kW: what forecasts are made of. */
double gw_generation_mean_kw(const struct gw_generation *self, gw_time_us from_unix_us,
                             gw_time_us to_unix_us);

#endif
