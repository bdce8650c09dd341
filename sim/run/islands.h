/* sim/run/islands.h - sites that are coupled within a window: prompts at one, decoding at another.
 *
 * Of a model with prefill_site and decode_site the first takes its requests, the second goes on with them.
 * Sites that do so for each other, directly or through a third, form an island: they advance together, on one
 * thread, in one order of events (models/serving/island.h). Every other site is an island of its own.
 * docs/models/serving.md, rule 10; docs/contracts.md, "Islands". */
#ifndef GW_SIM_RUN_ISLANDS_H
#define GW_SIM_RUN_ISLANDS_H

#include "sim/run/compiler.h"
#include "sim/run/station.h"

/* Once the sites have their places: which site does what, and the network between. */
GW_MUST_USE enum gw_status gw_islands_compile(struct gw_compiler *c);

/* What cannot happen at such sites, once outages are known. */
GW_MUST_USE enum gw_status gw_islands_check(struct gw_compiler *c);

/* How many other sites the fleet of site s may have a link to: to each, or to none. */
uint32_t gw_islands_links(const struct gw_scenario *sc, uint32_t s);

/* Stations by island. */
struct gw_islands {
    const struct gw_scenario *sc;
    struct gw_station *station; /* [sites] */
    struct gw_fleet **fleet;    /* [sites] one island after the other */
    uint32_t *first, *n;        /* [sites] of the island that begins with the site; n 0: of another */
    gw_time_us *least_us;       /* [sites] its shortest way */
};

/* station[sites] are open, and outlive it. False when memory is out. */
GW_MUST_USE bool gw_islands_open(struct gw_islands *self, const struct gw_scenario *sc,
                                 struct gw_station *station, struct gw_arena *arena);

/* Everything before until_us at the sites of the island that begins with site s; nothing where none does. */
GW_MUST_USE bool gw_islands_advance(const struct gw_islands *self, uint32_t s, gw_time_us until_us);

#endif
