/* models/serving/island.h - fleets that hand requests over to each other, in one order of events.
 *
 * What a fleet hands over at t is at the other one after t + delay. So if t is the first instant at which
 * anything happens in any of them, all may advance to t + delay + 1 us on their own: what they hand over on
 * the way is there at that moment at the earliest. Every fleet then sees what it would see in a merged order,
 * whatever the windows. */
#ifndef GW_MODELS_SERVING_ISLAND_H
#define GW_MODELS_SERVING_ISLAND_H

#include "models/serving/fleet.h"

/* Everything that happens in fleet[0 .. n) before until_us, up to which they advance together. least_us: the
 * shortest delay between any two. Their sinks pass on what is handed over, to gw_fleet_split_receive. False
 * when memory is out. */
GW_MUST_USE bool gw_island_advance(struct gw_fleet *const *fleet, uint32_t n, gw_time_us least_us,
                                   gw_time_us until_us);

#endif
