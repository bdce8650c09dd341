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
 * in order of (time, replica), so that whatever the windows, all finished requests come out in one order.
 *
 * Stages. A replica is cold, starting, standing or draining. Starting: its node wakes if it was spare, the
 * weights are loaded, the engine starts. Draining: it takes no more requests. A node with a replica that is
 * not cold is up; others are spare or down. Requests that find no replica standing wait in order of arrival;
 * where none stands or starts the first of them starts one, whatever the target. An outage takes nodes, or
 * all the site, or its network: what their replicas had begun is lost, their requests are at the site again
 * and are treated as arrivals, from which their times still count. docs/models/serving.md, docs/contracts.md.
 *
 * Phases apart. A model may be split: the replicas that its lanes lead to only prefill, those of another
 * model of this fleet, that no lane leads to, decode. A replica's link carries what it hands over one after
 * the other, from the step of the first token on; rounded up to the microsecond the request is at the other
 * side and is dispatched there by that model's rule, or gives up if its time-out has passed. Where nobody
 * stands it waits at the sender. An outage of the sender before that loses it like those inside. Or they
 * decode at another site: then all that goes there shares one link, and island.h keeps the order of events.
 */
#ifndef GW_MODELS_SERVING_FLEET_H
#define GW_MODELS_SERVING_FLEET_H

#include "models/serving/dispatch.h"
#include "models/serving/replica.h"

struct gw_fleet_group {
    uint32_t model;                   /* index of the served model */
    const struct gw_replica_cfg *cfg; /* outlives the fleet */
    uint32_t replicas;                /* that stand at the beginning */
    uint32_t more;                    /* that may be started later */
    uint32_t pool, per_node;          /* replicas a node holds; 0: one */
    gw_time_us load_us;               /* from an awake node to a standing replica */
    gw_time_us wake_us, boot_us;      /* of a node from the spare state; after an outage */
};

/* What happens to a request when its site has too many. Too many are `limit` per standing replica (for one,
 * if none stands), of those the model has there; any when network or site are out. */
enum gw_overload { GW_OVERLOAD_QUEUE, GW_OVERLOAD_REJECT, GW_OVERLOAD_SPILL };
extern const char *const gw_fleet_wait_overload_names[]; /* "queue", "reject", "spill", NULL */
struct gw_fleet_overload {
    enum gw_overload rule;
    uint32_t limit;
};

/* Replicas of `decode` continue what the model's hand over. GW_FLEET_WHOLE: they do it all themselves.
 * GW_FLEET_AWAY: those of another fleet do, which gets it by gw_fleet_split_receive. */
#define GW_FLEET_WHOLE UINT32_MAX
#define GW_FLEET_AWAY  (UINT32_MAX - 1)
struct gw_fleet_split {
    uint32_t decode;
    gw_tick tok_ticks; /* that a prompt token's keys and values take on the link; below 2^40 */
    double tok_j;      /* and the energy */
    /* away only */
    uint32_t link;       /* of the fleet, for all models and replicas that name it */
    gw_time_us delay_us; /* from its end to the other fleet, >= 0 */
    int64_t room_tok;    /* the longest context that any replica there holds */
};

/* Of a group, between two readings: of its replicas and of the nodes they stand on. */
struct gw_fleet_times {
    double standing_s, starting_s; /* draining counts as standing; starting from when the node is awake */
    double node_s, waking_s;       /* nodes up; of it waking */
    gw_tick standing, starting, up, waking; /* the same, running */
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
    const int64_t *pool_nodes; /* [pools] nodes of each; NULL: as many as anybody wants */
    uint32_t pools;
    const struct gw_fleet_overload *overload; /* [models]; NULL: all queue */
    const struct gw_fleet_split *split;       /* [models]; NULL: none is */
    uint32_t may_spill;                       /* lanes below it; the others' requests have been spilled */
    uint32_t links;                           /* to other fleets */
};

/* Where finished requests go; called in order of finish, that of the lower replica first. */
struct gw_fleet_sink {
    void (*served)(void *to, uint32_t lane, const struct gw_served *served);
    void (*refused)(void *to, uint32_t lane,
                    const struct gw_serve_request *request); /* no replica, or too long */
    void *to;
    void (*timed_out)(void *to, uint32_t lane, const struct gw_served *served); /* as the replicas' */
    void (*spilled)(void *to, uint32_t lane, const struct gw_serve_request *request, gw_time_us at_us);
    /* a request that an outage interrupted lacks time-out and priority: to fill in; NULL: there are none */
    void (*again)(void *to, uint32_t lane, struct gw_serve_request *request);
    /* away: keys and values are at the other fleet at at_us, later than this moment by more than the delay */
    void (*handed_over)(void *to, uint32_t lane, const struct gw_served *served, gw_time_us at_us);
};

/* What the replicas of one model held between two meter readings: integrals over time, changed at events, and
 * the largest values that lasted for any time at all. */
struct gw_fleet_load {
    double waiting_s, running_s;         /* requests in queues, and in engines */
    uint32_t waiting_peak, running_peak; /* in all replicas together */
    uint64_t arrived, finished;          /* given to a replica; answered in full */
    double kv_tok_s, room_tok_s;         /* KV memory in use, and there */
    double kv_peak_frac;                 /* of the fullest replica */
    double busy_s, batch_s, replica_s;   /* steps running, times decoding sequences; replicas standing */
};

struct gw_fleet;

struct gw_fleet *gw_fleet_create(const struct gw_fleet_cfg *cfg,
                                 const struct gw_fleet_sink *sink); /* NULL: memory */
void gw_fleet_destroy(struct gw_fleet *self);

/* Puts a request into a lane's inbox; per lane in order of arrival time, none before what was advanced to.
 * `class` of the request is kept, `lane` is set; the lane says which model. False when memory is out. The
 * sink must not push. */
GW_MUST_USE bool gw_fleet_push(struct gw_fleet *self, uint32_t lane, const struct gw_serve_request *request);

/* The same, but at the site at this moment, whenever it arrived first. */
GW_MUST_USE bool gw_fleet_hand(struct gw_fleet *self, uint32_t lane, const struct gw_serve_request *request);

/* What another fleet has handed over is here at at_us, not before what was advanced to; the lane's model is
 * split, and decodes here. False when memory is out. */
GW_MUST_USE bool gw_fleet_split_receive(struct gw_fleet *self, uint32_t lane,
                                        const struct gw_served *handed_over, gw_time_us at_us);

/* From now on `replicas` of the model are to stand, as far as nodes allow: the lowest indices start, the
 * highest stop. False when memory is out, here and below. */
GW_MUST_USE bool gw_fleet_stage_target(struct gw_fleet *self, uint32_t model, uint32_t replicas);

/* Replicas of group `group` take the times and powers of another configuration, each from its next step
 * boundary on, and those that stand later from their beginning: see gw_replica_retune. */
void gw_fleet_stage_retune(struct gw_fleet *self, uint32_t group, const struct gw_replica_cfg *cfg);

/* Outage `id` (from 1) begins now: of the nodes of at most `replicas` replicas that stand or start, of one
 * model (both phases) or pool or of all (GW_FLEET_ALL), those with the highest index first; of the whole
 * site; of its network. Its end. */
#define GW_FLEET_ALL UINT32_MAX
GW_MUST_USE bool gw_fleet_stage_fail(struct gw_fleet *self, uint32_t id, uint32_t model, uint32_t pool,
                                     uint32_t replicas);
GW_MUST_USE bool gw_fleet_stage_darken(struct gw_fleet *self, uint32_t id);
void gw_fleet_wait_cut(struct gw_fleet *self);
GW_MUST_USE bool gw_fleet_stage_repair(struct gw_fleet *self, uint32_t id);
GW_MUST_USE bool gw_fleet_stage_lighten(struct gw_fleet *self, uint32_t id);
GW_MUST_USE bool gw_fleet_wait_join(struct gw_fleet *self);

/* Everything that happens before `until_us`: arrivals and boundaries. False when memory is out. */
GW_MUST_USE bool gw_fleet_advance(struct gw_fleet *self, gw_time_us until_us);

/* Reads all meters at `at_us` (advanced to it), added up per group in replica order; class_j[classes] is
 * added to. Also rebases time. */
void gw_fleet_meter(struct gw_fleet *self, gw_time_us at_us, struct gw_replica_meter *group, double *class_j);

/* Of the last reading, [groups]; node time lost in outages, [pools]. */
const struct gw_fleet_times *gw_fleet_read_times(const struct gw_fleet *self);
const double *gw_fleet_down_s(const struct gw_fleet *self);

/* What gw_fleet_meter found of a model at its last reading, since the one before. */
const struct gw_fleet_load *gw_fleet_load(const struct gw_fleet *self, uint32_t model);

/* Counters as of the last advance: per model. */
/* At the site, not finished: of a split model in either phase or between them. */
uint32_t gw_fleet_in_flight(const struct gw_fleet *self, uint32_t model);
uint64_t gw_fleet_waiting(const struct gw_fleet *self); /* at the site, no replica has them; all models */
uint32_t gw_fleet_group_up(const struct gw_fleet *self, uint32_t group); /* standing or starting */
bool gw_fleet_dark(const struct gw_fleet *self);
bool gw_fleet_reachable(const struct gw_fleet *self); /* neither dark nor cut off */
bool gw_fleet_wait_overloaded(const struct gw_fleet *self,
                              uint32_t model);        /* by its rule; never when it queues */
uint64_t gw_fleet_inbox(const struct gw_fleet *self); /* pushed, not yet arrived */
uint32_t gw_fleet_replicas(const struct gw_fleet *self, uint32_t model); /* that take requests */
gw_time_us gw_fleet_last_finish(const struct gw_fleet *self);            /* rounded up; 0 before the first */

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
