/* sim/run/shedding.h - a site that slows down rather than draw more than it is given.
 *
 * Where `beyond_limit: cap` stands, accelerators are capped at the beginning of each step to the highest
 * whole percent p of their limit at which, with all of them at the cap,
 *
 *   facility(IT(p), air) <= import limit + PV + wind + battery
 *
 * the air being the worse of both ends of the step, PV and wind their least level in it, the battery what it
 * can serve all through it. Within an outage of the grid the limit is 0. Idle machines stay on: where no cap
 * is low enough the lowest holds and what is missing is booked (supply.h). docs/models/supply.md. */
#ifndef GW_SIM_RUN_SHEDDING_H
#define GW_SIM_RUN_SHEDDING_H

#include "sim/run/caps.h"
#include "sim/run/onsite.h"

/* Whether any site of the scenario has to. */
bool gw_shedding_ever(const struct gw_scenario *sc);

/* The share of their limit, in percent, that accelerators of site s may draw in [from, to); 100 where it need
 * not shed. 0 when memory is out. */
uint32_t gw_shedding_percent(struct gw_caps *caps, uint32_t s, const struct gw_air *air,
                             const struct gw_onsite *onsite, gw_time_us from_us, gw_time_us to_us);

#endif
