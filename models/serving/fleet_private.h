/* models/serving/fleet_private.h - the state of a fleet, shared by fleet*.c only.
 *
 *   fleet.c        creation, the one order of events, meters, questions
 *   fleet_stage.c  which replicas stand: start, stop, failure, nodes
 *   fleet_wait.c   requests at the site that no replica has: cold, behind a cut network, overload
 *   fleet_split.c  requests between two replicas: handed over, under way, without a replica to go on */
#ifndef GW_MODELS_SERVING_FLEET_PRIVATE_H
#define GW_MODELS_SERVING_FLEET_PRIVATE_H

#include "models/serving/fleet.h"
#include "models/serving/gauge.h"
#include "models/serving/inbox.h"
#include "sim/base/check.h"

/* A draining replica takes no more requests and is cold when the last of its own has left. */
enum gw_fleet_stage { GW_FLEET_COLD, GW_FLEET_STARTING, GW_FLEET_STANDING, GW_FLEET_DRAINING };

struct gw_fleet_member {
    struct gw_replica *replica; /* NULL unless standing or draining */
    uint32_t group;             /* in the order of the configuration */
    uint32_t model, node;
    enum gw_fleet_stage stage;
    gw_tick since;             /* of the stage, or the last reading */
    gw_tick from;              /* a starting one: when its node is awake */
    uint32_t waiting, running; /* as the gauge counts them */
    gw_tick link_free;         /* from when on it can send what it hands over */
};

/* One that holds replicas of one group. */
struct gw_fleet_node {
    uint32_t group, live; /* members that are not cold */
    gw_tick since;        /* live, or down, or the last reading */
    gw_tick awake;        /* live: from when on */
    uint32_t down;        /* the outage that holds it, counted from 1; 0: none */
    bool was_down;        /* since it last held a replica: it is off */
};

/* Requests in order; a ring would be no simpler, lists empty again. */
struct gw_fleet_list {
    struct gw_serve_request *at;
    size_t first, n, cap; /* at[first .. n) */
};

/* Handed over, and at the other side at at_us. */
struct gw_fleet_handover {
    gw_time_us at_us;
    uint32_t from; /* member; GW_FLEET_AWAY: of another fleet */
    struct gw_served served;
};

struct gw_fleet_handovers {
    struct gw_fleet_handover *at;
    size_t n, cap;
};

struct gw_fleet {
    struct gw_fleet_sink sink;
    struct gw_serve_sink replica_sink; /* to this fleet */
    gw_time_us base_us, now_us;
    struct gw_fleet_group *group;

    struct gw_fleet_member *member;
    uint32_t n;
    struct gw_winner due;          /* next boundary, or when a starting one stands */
    struct gw_dispatch_pool *pool; /* [models]; a pool's i-th replica is member first[model] + i */
    uint32_t *first;
    int64_t *most_room_tok; /* [models] in any replica, standing or not */
    uint32_t models, n_groups, classes;

    struct gw_fleet_node *node;
    uint32_t n_nodes, pools;
    int64_t *free_nodes;                /* [pools] neither live nor down */
    uint32_t *target;                   /* [models] replicas that are to stand */
    uint32_t dark;                      /* outages of the whole site in force */
    uint32_t cut;                       /* outages of its network in force */
    struct gw_fleet_overload *overload; /* [models] */
    uint32_t may_spill;

    struct gw_fleet_split *split;     /* [models] */
    uint32_t *whole;                  /* [models] that lanes lead to: itself, or whose requests it decodes */
    struct gw_fleet_handovers sent;   /* under way: a heap, the first to arrive on top */
    struct gw_fleet_handovers parked; /* there, but nobody to decode stands; in order */
    gw_tick *link_free;               /* [links] from when on the next can be sent */
    uint32_t links;
    uint32_t at_member; /* whose boundary is processed */
    bool split_failed;  /* memory */

    struct gw_fleet_list *cold; /* [models] at the site, no replica stands */
    struct gw_fleet_list door;  /* the network is cut */
    gw_time_us next_timeout_us; /* of those; GW_NEVER_US: none */

    struct gw_replica_meter *gone; /* [groups] of replicas that left since the last reading */
    double *gone_class_j;
    struct gw_fleet_times *times; /* [groups] running, and of the last reading */
    struct gw_fleet_times *read_times;
    gw_tick *down_ticks; /* [pools] node time lost in outages, running */
    double *down_s;      /* of the last reading */

    struct gw_gauge *gauge;     /* [models] of both phases where they are split */
    struct gw_fleet_load *load; /* [models] of the last reading */

    struct gw_inbox inbox;
    uint32_t *lane_model;
    bool advancing; /* the inbox must stay as it is: no push from a sink */

    gw_time_us last_arrival_us, last_finish_us;
    uint64_t ties;
};

static inline gw_tick gw_fleet_tick(const struct gw_fleet *self, gw_time_us at_us)
{
    return (at_us - self->base_us) * GW_TICKS_PER_US;
}

/* Of a tick, rounded up. */
static inline gw_time_us gw_fleet_us(const struct gw_fleet *self, gw_tick at)
{
    return self->base_us + (at + GW_TICKS_PER_US - 1) / GW_TICKS_PER_US;
}

/* What others know of member i from `at` on: when it moves next and how much it has to do; and when it is
 * gone, nothing. */
void gw_fleet_publish(struct gw_fleet *self, uint32_t i, gw_tick at);
void gw_fleet_publish_gone(struct gw_fleet *self, uint32_t i, gw_tick at);

void gw_fleet_add_meter(struct gw_replica_meter *sum, const struct gw_replica_meter *m);

/* A request goes to a replica that stands, or is refused. */
GW_MUST_USE bool gw_fleet_dispatch(struct gw_fleet *self, const struct gw_serve_request *request,
                                   gw_time_us at_us);

/* fleet_stage.c: the members of a model that stood at the beginning stand; a starting one stands from `at` on
 * and those that wait go to it; a draining one is empty at `at`. False when memory is out. */
GW_MUST_USE bool gw_fleet_stage_open(struct gw_fleet *self, uint32_t i);
GW_MUST_USE bool gw_fleet_stage_stand(struct gw_fleet *self, uint32_t i, gw_tick at);
GW_MUST_USE bool gw_fleet_stage_retire(struct gw_fleet *self, uint32_t i, gw_tick at);
/* One starts where somebody waits and none stands or starts. */
void gw_fleet_stage_wake(struct gw_fleet *self, uint32_t model, gw_tick at);
/* Times up to `at` into read_times and down_s; then they begin anew. */
void gw_fleet_stage_read(struct gw_fleet *self, gw_tick at);
void gw_fleet_stage_rebase(struct gw_fleet *self, gw_tick by);
void gw_fleet_stage_verify(const struct gw_fleet *self);

/* fleet_wait.c: a request is at the site at `at_us`; those that wait for the model at `at_us`; time-outs
 * before `until_us`. */
GW_MUST_USE bool gw_fleet_wait_admit(struct gw_fleet *self, const struct gw_serve_request *request,
                                     gw_time_us at_us);
GW_MUST_USE bool gw_fleet_wait_serve(struct gw_fleet *self, uint32_t model, gw_time_us at_us);
GW_MUST_USE bool gw_fleet_wait_append(struct gw_fleet_list *list, const struct gw_serve_request *request);
void gw_fleet_wait_expire(struct gw_fleet *self, gw_time_us until_us);

/* fleet_split.c: member `from` hands over at this moment; the first one under way is there; those that wait
 * for the decoding model can go on; time-outs of those that wait. `next_us` is the next time-out of others.
 */
void gw_fleet_split_hand_over(struct gw_fleet *self, uint32_t from, const struct gw_served *served);
gw_time_us gw_fleet_split_next_us(const struct gw_fleet *self);
GW_MUST_USE bool gw_fleet_split_deliver(struct gw_fleet *self);
GW_MUST_USE bool gw_fleet_split_serve(struct gw_fleet *self, uint32_t model, gw_time_us at_us);
gw_time_us gw_fleet_split_expire(struct gw_fleet *self, gw_time_us until_us, gw_time_us next_us);
/* The member failed: what it was still sending is lost. */
void gw_fleet_split_lose(struct gw_fleet *self, uint32_t from,
                         void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                         void *to);
/* Requests of a split model between two replicas; does any wait for this model to decode? */
uint32_t gw_fleet_split_between(const struct gw_fleet *self, uint32_t model);
bool gw_fleet_split_awaits(const struct gw_fleet *self, uint32_t model);
void gw_fleet_split_each(const struct gw_fleet *self,
                         void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                         void *to);
void gw_fleet_split_verify(const struct gw_fleet *self);

static inline bool gw_fleet_is_split(const struct gw_fleet *self, uint32_t model)
{
    return self->split[model].decode != GW_FLEET_WHOLE;
}

static inline bool gw_fleet_decodes_here(const struct gw_fleet *self, uint32_t model)
{
    return self->split[model].decode < self->models;
}

static inline size_t gw_fleet_list_n(const struct gw_fleet_list *list)
{
    return list->n - list->first;
}

#endif
