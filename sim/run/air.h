/* sim/run/air.h - the weather at the sites during one run, and what their plants are told of it.
 *
 * A site whose plant needs no weather has none. Generated weather depends on seed and replication and on
 * nothing that is decided, so all policies meet the same days. */
#ifndef GW_SIM_RUN_AIR_H
#define GW_SIM_RUN_AIR_H

#include "sim/run/scenario.h"

/* One series per site, zeroed where there is none; in the arena. Burn-in, scored time, drain and the
 * policies' horizon are covered. */
GW_MUST_USE enum gw_status gw_air_make(const struct gw_scenario *sc, uint32_t replication,
                                       struct gw_weather_series **out, struct gw_arena *arena,
                                       struct gw_error *err);

/* A plant's input at an instant of simulated time: the air outside, and the IT power. */
struct gw_plant_in gw_air_plant_in(const struct gw_scenario *sc, uint32_t site,
                                   const struct gw_weather_series *air, gw_time_us t_us, double it_kw);

#endif
