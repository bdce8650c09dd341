/* sim/run/traffic.h - requests from their origins to the sites' inboxes, window by window.
 *
 * A plan's shares are realised by interleaved weighted round robin per demand row, not by draws: with shares
 * 2:1 every three requests go A B A. A policy that routes each request is asked for every one, in order of
 * (time, demand row), on the state as of the window's start plus what was sent since. A request reaches its
 * site half a round trip later.
 *
 * In flow mode a row's expected number of requests is sent times the shares, without draws or delays. */
#ifndef GW_SIM_RUN_TRAFFIC_H
#define GW_SIM_RUN_TRAFFIC_H

#include "models/workload/release.h"
#include "sim/run/levels.h"
#include "sim/run/observer.h"
#include "sim/run/tally.h"

struct gw_traffic {
    const struct gw_scenario *sc;
    struct gw_request_source **source; /* [demands] */
    struct gw_ask *head; /* [demands] the next request of each row, for the merge of state-aware routing */
    bool *has_head;
    struct gw_ask *held; /* [demands] the first request behind the gate of a batch row */
    bool *has_held;
    struct gw_release *release;     /* [demands] gates of batch rows; the others' have no epochs */
    double *credit;                 /* [demands][sites] of the weighted round robin */
    uint64_t *sent;                 /* [demands][sites] in this epoch */
    const struct gw_levels *levels; /* of answers; NULL: all have the first */
    gw_time_us now_us;              /* flow mode: up to where requests were sent */
};

GW_MUST_USE enum gw_status gw_traffic_init(struct gw_traffic *self, const struct gw_scenario *sc,
                                           uint32_t replication, struct gw_arena *arena,
                                           struct gw_error *err);
void gw_traffic_fini(struct gw_traffic *self);

/* Before an epoch: opens or shuts the gates of batch rows by order[demands] (NaN: by the row's own rule). */
void gw_traffic_gates(struct gw_traffic *self, gw_time_us now_us, const double *order,
                      const struct gw_observer *observer);

/* Requests of row d that wait, by their expectation; and when the one that was sent at sent_us was asked for.
 */
double gw_traffic_held(const struct gw_traffic *self, uint32_t d, gw_time_us now_us);
gw_time_us gw_traffic_asked(const struct gw_traffic *self, uint32_t d, gw_time_us sent_us);

/* What a row's requests have in common: time-out and priority. */
void gw_traffic_terms(const struct gw_demand_cfg *demand, struct gw_serve_request *request);

/* Prompt tokens whose KV is there by the row's prefix_hit_frac. */
uint32_t gw_traffic_cached_tok(const struct gw_demand_cfg *demand, uint32_t in_tok);

/* What routes: either a plan or a policy's route function. */
struct gw_traffic_rule {
    const double *share; /* [demands][sites] */
    const struct gw_policy_ops *ops;
    void *self;
};

/* Sends every request with t < until_us. *requests receives how many. */
GW_MUST_USE enum gw_status gw_traffic_window(struct gw_traffic *self, gw_time_us until_us,
                                             const struct gw_traffic_rule *rule, struct gw_observer *observer,
                                             struct gw_station *station, struct gw_tally *tally,
                                             uint64_t *requests, struct gw_error *err);

#endif
