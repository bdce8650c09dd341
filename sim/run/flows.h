/* sim/run/flows.h - flow mode's side of a run: which scenarios it can do, a site's station, and what became
 * of the requests as whole numbers for the tally.
 *
 * Flows are real numbers, tallies count requests: what is left over by rounding is carried to the next step,
 * so that sums are right to one request per demand row and site, and what was sent is what ended. Each step's
 * requests of a row at a site stand in the tally's sketches as a few lots at places of flow_times.h. */
#ifndef GW_SIM_RUN_FLOWS_H
#define GW_SIM_RUN_FLOWS_H

#include "sim/run/station.h"
#include "sim/run/tally.h"
#include "sim/run/wire.h"

/* GW_OK, or what of the scenario flow mode does not know; err->where is a path in the scenario. */
GW_MUST_USE enum gw_status gw_flows_check(const struct gw_scenario *sc, struct gw_error *err);

/* A site's station of flows, which tells the tally of that site and the network. False when memory is out. */
GW_MUST_USE bool gw_flows_open(const struct gw_scenario *sc, uint32_t site, struct gw_tally *tally,
                               struct gw_wire *wire, struct gw_arena *arena, struct gw_station *out);

/* `requests` of row d arrive between now and the next advance. Returns how many of them count as whole. */
uint64_t gw_flows_send(struct gw_station *self, uint32_t d, double asked, double share, gw_time_us from_us);

/* When the run is over: those who wait. */
void gw_flows_left(struct gw_station *self, gw_time_us end_us);

#endif
