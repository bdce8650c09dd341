/* sim/run/air.h - what reaches the sites from outside during one run: weather and the grid's signals, and
 * what the plants are told of it.
 *
 * A site whose plant needs no weather has none. What is generated depends on seed and replication and on
 * nothing that is decided: all policies meet the same days, and each replication meets others. */
#ifndef GW_SIM_RUN_AIR_H
#define GW_SIM_RUN_AIR_H

#include "sim/run/scenario.h"

struct gw_air {
    struct gw_weather_series *weather; /* [sites] zeroed where there is none */
    struct gw_grid *grid;              /* [sites] */
};

/* In the arena. Burn-in, scored time, drain and the policies' horizon are covered by weather. */
GW_MUST_USE enum gw_status gw_air_make(const struct gw_scenario *sc, uint32_t replication, struct gw_air *out,
                                       struct gw_arena *arena, struct gw_error *err);

/* A plant's input at an instant of simulated time: the air outside, and the IT power. */
struct gw_plant_in gw_air_plant_in(const struct gw_scenario *sc, uint32_t site, const struct gw_air *air,
                                   gw_time_us t_us, double it_kw);

#endif
