/* sim/run/outages.h - what breaks when: the scenario's `events:`.
 *
 *   { at: 14 h, for: 20 min, site: oregon, what: site-outage }
 *
 *   site-outage      everything is dark: no node, no plant; nothing is drawn
 *   node-outage      nodes on which replicas stand: all, or those of a pool, of a model, of at most n
 * replicas grid-outage      nothing can be imported: own plants and the battery carry the load, the rest is
 * unserved network-outage   requests wait outside, answers inside; what runs goes on
 *
 * They begin and end at step boundaries. docs/contracts.md, "Outages", says what becomes of requests. */
#ifndef GW_SIM_RUN_OUTAGES_H
#define GW_SIM_RUN_OUTAGES_H

#include "sim/run/compiler.h"
#include "sim/run/station.h"

/* Fills the outages of the scenario; sites have their replicas. */
GW_MUST_USE enum gw_status gw_outages_compile(struct gw_compiler *c);

/* Whether replicas of the site may fail. */
bool gw_outages_stage(const struct gw_scenario *sc, uint32_t site);

/* Ends, then begins, what ends and begins at now_us at the sites' stations [sites]. False when memory is out.
 */
GW_MUST_USE bool gw_outages_apply(const struct gw_scenario *sc, gw_time_us now_us,
                                  struct gw_station *station);

/* Whether an outage of this kind holds at the site at an instant, or anywhere in the run. */
bool gw_outages_at(const struct gw_scenario *sc, uint32_t site, enum gw_outage_what what, gw_time_us at_us);
bool gw_outages_ever(const struct gw_scenario *sc, uint32_t site, enum gw_outage_what what);

/* When what is said at at_us is heard outside the site: then, or when its network is back. */
gw_time_us gw_outages_heard_us(const struct gw_scenario *sc, uint32_t site, gw_time_us at_us);

/* Whether anything ends or begins after now_us. */
bool gw_outages_to_come(const struct gw_scenario *sc, gw_time_us now_us);

#endif
