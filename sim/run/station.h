/* sim/run/station.h - whatever serves requests at a site, as the run loop sees it: pushed to, advanced to an
 * instant, metered, emptied.
 *
 * Everything is asked of the station, so that the stages of a run read the same whatever stands behind it. */
#ifndef GW_SIM_RUN_STATION_H
#define GW_SIM_RUN_STATION_H

#include "models/serving/flow.h"
#include "sim/run/scenario.h"

struct gw_flows;

/* One of two kinds, by serving.mode. */
struct gw_station {
    struct gw_fleet *fleet; /* replicas, token by token; NULL in flow mode */
    struct gw_flow *flow;   /* rates */
    struct gw_flows *flows; /* and their way into the tally */
    bool staged;            /* its replicas start, stop or fail: power at rest follows them */
};

/* Accepts a zeroed one. */
void gw_station_close(struct gw_station *self);

/* Everything that happens before until_us. False when memory is out. */
GW_MUST_USE bool gw_station_advance(struct gw_station *self, gw_time_us until_us);

/* Reads all meters at at_us, to which it has been advanced: per group of the site; class_j is added to. */
void gw_station_meter(struct gw_station *self, gw_time_us at_us, struct gw_replica_meter *group,
                      double *class_j);

/* What a model's replicas held between the last two readings. */
const struct gw_fleet_load *gw_station_load(const struct gw_station *self, uint32_t model);

/* Requests of a model that are here and not answered, as of the last advance. */
double gw_station_in_flight(const struct gw_station *self, uint32_t model);

/* When something happens next, at a flow now; GW_NEVER_US: it is empty. */
gw_time_us gw_station_next(const struct gw_station *self);

/* Arrivals at the same microsecond as the arrival before. */
uint64_t gw_station_ties(const struct gw_station *self);

#endif
