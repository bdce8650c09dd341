/* models/serving/flow.h - the replicas of one site as a fluid: rates instead of requests.
 *
 * Between two advances every class arrives at a constant rate. While a model's replicas keep up, their state
 * is that of the mean-field estimate (serving.h) at this rate and mix of classes. When more arrives than they
 * can serve, the rest waits, first come, first served, and is carried over from advance to advance:
 *
 *   work of a request   u = 1 / sum over groups of (replicas x capacity for its class alone)
 *   utilisation         rho = sum over classes of rate u
 *   backlog             B' = rho - 1 while B > 0 or rho > 1, in seconds of the site's full work
 *
 * A request that finds B waits B before it is as in a full engine. What is served is handed to the sink in
 * batches: so many requests of a class, the times over which they arrived, how long they were put off, and
 * the engine's state they met, from which flow_times.h makes times of single requests. Requests are real
 * numbers here; nothing is lost or added.
 *
 * docs/models/flow.md has the equations and the error against the exact fleet. */
#ifndef GW_MODELS_SERVING_FLOW_H
#define GW_MODELS_SERVING_FLOW_H

#include "models/serving/fleet.h"
#include "models/serving/serving.h"
#include "models/workload/burst.h"

/* What a request of a class is like on average; rate_per_s and replicas of it are not read. How they crowd:
 * any law but GW_BURST_CLIENTS. */
struct gw_flow_class {
    uint32_t model;
    struct gw_serving_load load;
    struct gw_burst burst;
};

/* Read at creation only, but for the replicas' configurations. */
struct gw_flow_cfg {
    const struct gw_fleet_group *group;
    uint32_t n_groups;
    const enum gw_dispatch *dispatch; /* [models]; not GW_DISPATCH_PACK */
    const struct gw_flow_class *class;
    uint32_t models, classes;
    gw_time_us base_us;
};

/* The state of the engines that requests met, mean over the groups they went to. */
struct gw_flow_point {
    bool full;                /* more arrived than could be served */
    double utilisation;       /* of the replicas */
    double busy_frac, met_s;  /* of the arrivals met a step under way, of this length */
    double prompt_s, in_tok;  /* time of the mean prompt, and its length */
    double plain_s, room_tok; /* a step without prompts; prompt tokens that it has room for */
    double queue_s, lump_s;   /* mean wait for prompts before and beside it; for one of them */
    double wait_frac, wait_s; /* of the arrivals waited for a place; mean wait over all */
    double itl_s;             /* mean time between tokens, */
    double jitter_s2_per_s;   /* variance of a span of decoding by prompts that come in between, per second */
};

/* Requests of a class that met one state. They arrived evenly over [from, to); the first of them were put off
 * by delay_from_s before an engine took them, the last by delay_to_s. */
struct gw_flow_batch {
    uint32_t class;
    double requests;
    gw_time_us from_us, to_us;
    double delay_from_s, delay_to_s;
    const struct gw_flow_point *point; /* valid during the call */
};

struct gw_flow_sink {
    void (*served)(void *to, const struct gw_flow_batch *batch);
    void *to;
};

struct gw_flow;

struct gw_flow *gw_flow_create(const struct gw_flow_cfg *cfg,
                               const struct gw_flow_sink *sink); /* NULL: memory */
void gw_flow_destroy(struct gw_flow *self);

/* So many requests of a class arrive at a constant mean rate between now and the next advance; at a model
 * that has replicas here. They are `share` of all that the class asks for: of its bursts only so much comes
 * here. */
void gw_flow_push(struct gw_flow *self, uint32_t class, double requests, double share);

/* False when memory is out. */
GW_MUST_USE bool gw_flow_advance(struct gw_flow *self, gw_time_us until_us);

/* Since the last reading, per group; class_j[classes] is added to. */
void gw_flow_meter(struct gw_flow *self, struct gw_replica_meter *group, double *class_j);

/* Of the last reading. KV memory is what mean contexts take. */
const struct gw_fleet_load *gw_flow_load(const struct gw_flow *self, uint32_t model);

/* Requests of a model that wait or run, as of the last advance; and those of a class that wait. */
double gw_flow_in_flight(const struct gw_flow *self, uint32_t model);
double gw_flow_waiting(const struct gw_flow *self, uint32_t class);
bool gw_flow_empty(const struct gw_flow *self); /* nobody waits */

/* Everybody who waits, by class and time of arrival. */
void gw_flow_each(const struct gw_flow *self,
                  void (*visit)(void *to, uint32_t class, double requests, gw_time_us from_us,
                                gw_time_us to_us),
                  void *to);

#endif
