/* models/serving/fleet.h - the replicas of one site: dispatch, queues, meters.
 *
 * A fleet holds groups: the replicas of one served model on one kind of node. Requests arrive in lanes, one
 * per (demand, site) pair, each in order of time; the fleet merges the lanes by (time, lane, number), so that
 * the order does not depend on window length or on how arrivals were generated. Between two window edges a
 * fleet shares nothing with any other.
 *
 * Replicas are numbered model by model, within a model group by group in the order of the configuration;
 * dispatch.h chooses among those of a model. A replica moves only when it must: a tournament tree keyed by
 * the end of each planned regime finds who has a boundary before the next arrival. Boundaries are processed
 * in order of (time, replica), so that whatever the windows, all finished requests come out in one order. */
#ifndef GW_MODELS_SERVING_FLEET_H
#define GW_MODELS_SERVING_FLEET_H

#include "models/serving/dispatch.h"
#include "models/serving/replica.h"

struct gw_fleet_group {
    uint32_t model;                   /* index of the served model */
    const struct gw_replica_cfg *cfg; /* outlives the fleet */
    uint32_t replicas;
};

/* Read at creation only, but for the replicas' configurations. */
struct gw_fleet_cfg {
    const struct gw_fleet_group *group;
    uint32_t n_groups;
    const enum gw_dispatch *dispatch; /* [models] */
    const double *pack_limit;         /* [models] requests in flight per replica up to which `pack` fills */
    uint32_t models, classes, lanes;  /* lanes <= 65536 */
    const uint32_t *lane_model;       /* [lanes] */
    gw_time_us base_us;
};

/* Where finished requests go; called in order of finish, that of the lower replica first. */
struct gw_fleet_sink {
    void (*served)(void *to, uint32_t lane, const struct gw_served *served);
    void (*refused)(void *to, uint32_t lane,
                    const struct gw_serve_request *request); /* no replica, or too long */
    void *to;
    void (*timed_out)(void *to, uint32_t lane, const struct gw_served *served); /* as the replicas' */
};

struct gw_fleet;

struct gw_fleet *gw_fleet_create(const struct gw_fleet_cfg *cfg,
                                 const struct gw_fleet_sink *sink); /* NULL: memory */
void gw_fleet_destroy(struct gw_fleet *self);

/* Puts a request into a lane's inbox; per lane in order of arrival time, none before what was advanced to.
 * `class` of the request is kept, `lane` is set; the lane says which model. False when memory is out. The
 * sink must not push. */
GW_MUST_USE bool gw_fleet_push(struct gw_fleet *self, uint32_t lane, const struct gw_serve_request *request);

/* Everything that happens before `until_us`: arrivals and boundaries. False when memory is out. */
GW_MUST_USE bool gw_fleet_advance(struct gw_fleet *self, gw_time_us until_us);

/* Reads all meters at `at_us` (advanced to it), added up per group in replica order; class_j[classes] is
 * added to. Also rebases time. */
void gw_fleet_meter(struct gw_fleet *self, gw_time_us at_us, struct gw_replica_meter *group, double *class_j);

/* Counters as of the last advance: per model. */
uint32_t gw_fleet_in_flight(const struct gw_fleet *self, uint32_t model); /* dispatched, not finished */
uint64_t gw_fleet_inbox(const struct gw_fleet *self);                     /* pushed, not yet arrived */
uint32_t gw_fleet_replicas(const struct gw_fleet *self, uint32_t model);
gw_time_us gw_fleet_last_finish(const struct gw_fleet *self); /* rounded up; 0 before the first */

/* The earliest instant at which anything happens inside, rounded down: advancing to one microsecond later
 * makes progress. GW_NEVER_US when nothing will. */
gw_time_us gw_fleet_next(const struct gw_fleet *self);

/* Arrivals at the same microsecond as the arrival before: ties are ordered by rule and counted. */
uint64_t gw_fleet_ties(const struct gw_fleet *self);

/* Every request that was pushed and is not answered, in the inbox, in a queue or running. */
void gw_fleet_each(const struct gw_fleet *self,
                   void (*visit)(void *to, uint32_t lane, const struct gw_serve_request *request,
                                 bool answered_first),
                   void *to);
void gw_fleet_verify(const struct gw_fleet *self);

#endif
