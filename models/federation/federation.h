/* models/federation/federation.h - federated learning between datacenters, round by round, without ticks.
 *
 *   off -> starting -> ready -> down -> train -> up -> done -> (aggregate) -> ready
 *
 * A client trains `local_steps` from the common state and sends its copy back; a round closes when all have,
 * or by its rule for stragglers. Speed follows power, which is level between two calls of `set`:
 *
 *   speed = steps_per_s min(spare, limit / (train_kw pue))                                              (17)
 *
 * and in mode excess-only also what its power domain gives it: first to those below least_steps, then in
 * proportion to what each still needs. Ends of phases are solved for, so that nothing depends on how often
 * `advance` is called. Shares of a domain are set anew whenever one of its clients changes phase.
 *
 * A round of one client sends nothing and ends when a second is ready; a job that only ever has one is
 * training at one site. Work counts when its round closes: until then it is pending, afterwards compute or
 * wasted. Of the excess that a domain has, its clients use the same part of what they draw; the rest of their
 * power is the grid's.
 *
 *   energy = compute + gap + idle + wasted  (IT),  network beside it: kwh_per_gb, half at each end       (18)
 *
 * gap: starting, transfers, aggregation; idle: ready, or waiting for slower ones; standby, when asked for, is
 * a machine that is there and not called. The caller owns time: it says what holds (`set`), lets the policy
 * speak (`decide`), and goes on (`advance`). docs/models/federation.md. */
#ifndef GW_MODELS_FEDERATION_FEDERATION_H
#define GW_MODELS_FEDERATION_FEDERATION_H

#include <stdbool.h>

#include "models/federation/aggregator.h"
#include "models/federation/blocklist.h"
#include "models/federation/convergence.h"
#include "models/federation/sync.h"
#include "models/policies/policy.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"

struct gw_fed_client {
    const char *name;
    double steps_per_s, tok_per_step; /* local steps at full speed, tokens in each */
    double train_kw, idle_kw;         /* IT: at full speed; on and waiting */
    double accelerators;              /* only whole ones train; 0: any share of its power does */
    double start_s;                   /* from a call to ready: provisioning, loading, compiling */
    double utility;
    uint32_t domain; /* whose excess power it shares; below the number of clients */
};

enum gw_fed_power { GW_FED_CAPACITY, GW_FED_EXCESS_ONLY };
extern const char *const gw_federation_power_names[]; /* ended by NULL */

/* Synchronous: wait for all; cut at a deadline, work above least_steps counts; ask too many and take the
 * first. Asynchronous: every copy is taken as it comes unless more than `staleness` others came between. */
enum gw_fed_straggler { GW_FED_WAIT, GW_FED_DEADLINE, GW_FED_OVER_SELECT, GW_FED_ASYNC };
extern const char *const gw_federation_straggler_names[];

struct gw_federation_cfg {
    double tokens; /* to be trained, at one site */
    double local_steps, least_steps;
    struct gw_sync_cfg sync;
    struct gw_convergence_cfg convergence;
    int32_t aggregator;       /* enum gw_aggregator_rule; ring also sets sync.topology */
    uint32_t aggregator_site; /* where it begins, an index of clients */
    double aggregator_worth_g;
    int32_t power;       /* enum gw_fed_power */
    int32_t straggler;   /* enum gw_fed_straggler */
    double deadline_s;   /* DEADLINE */
    double over_select;  /* OVER_SELECT: asked over needed, >= 1 */
    double staleness;    /* ASYNC */
    double quorum_frac;  /* of the chosen that must be ready for a round to begin; at least one */
    double dropout_frac; /* a client fails in a round with this probability, anywhere in it */
    bool leave_at_once;  /* who is no longer chosen stops in the middle; else after the round */
    bool stay_on;        /* who is not chosen waits instead of going off */
    bool always_on;      /* who is off draws idle power all the same, also when the job is done */
    bool unbiased;       /* updates weighed by 1 / pi_c: (12) counts */
    double kwh_per_gb;   /* of the network */
    struct gw_blocklist_cfg blocklist;
    uint64_t seed;
};

/* A star of 16-bit copies every 100 steps, waiting for all, no limits; params and tokens must be given. */
struct gw_federation_cfg gw_federation_default(double params, double tokens);

/* GW_ERR_RANGE names what cannot be. */
GW_MUST_USE enum gw_status gw_federation_check(const struct gw_federation_cfg *cfg, uint32_t clients,
                                               const struct gw_fed_client *client, struct gw_error *err);

/* What holds at a client from now on. */
struct gw_fed_now {
    double excess_kw;  /* of its domain, the same for all its members, behind the facilities' meters */
    double spare_frac; /* of its accelerators that the job may have */
    double limit_kw;   /* facility power that the job may draw here; INFINITY: none */
    double pue;
    double carbon_g_per_kwh, price_usd_per_kwh;
    double water_onsite_l_per_kwh, water_offsite_l_per_kwh; /* per IT kWh; per kWh from the grid */
    double renewable_frac, buffer_frac;
};

/* PUE 1, everything else free, no excess. */
struct gw_fed_now gw_federation_plain(void);

/* Forecasts for the policy, [client][h], borrowed until the next call; see struct gw_round. */
struct gw_fed_outlook {
    uint32_t horizon;
    gw_time_us step_us;
    const double *const *carbon, *const *price, *const *water, *const *excess, *const *truth;
};

/* What one client has cost so far. */
struct gw_fed_books {
    double compute_kwh, gap_kwh, idle_kwh, wasted_kwh, pending_kwh; /* IT */
    double standby_kwh;                                             /* IT, of who is off; see always_on */
    double network_kwh;                                             /* its half of both directions */
    double facility_kwh, grid_kwh, excess_kwh;                      /* facility = grid + excess */
    double carbon_g, network_carbon_g;
    double cost_usd, egress_usd;
    double water_onsite_l, water_offsite_l;
    double sent_gb, received_gb;
    double steps, wasted_steps; /* that counted; that did not */
    double on_h;                /* not off */
    uint32_t joined, dropped;   /* rounds */
};

struct gw_fed_state {
    uint32_t rounds, failed_rounds; /* closed with work; without */
    uint32_t aggregator;
    double tokens, effective_tokens; /* that counted; over (10) */
    double loss_ratio;               /* (7) to (9), mean over tokens */
    double spread;                   /* (12), 0 unless unbiased */
    double jain;                     /* of how often clients joined: 1 all alike */
    double round_s;                  /* mean over closed rounds */
    double utilisation;              /* training time over round time, over clients */
    bool reached;                    /* the goal */
    gw_time_us reached_us;           /* GW_NEVER_US before */
};

struct gw_federation;

/* Everything given is copied but links and selector, which must outlive it. NULL when memory is out. */
struct gw_fed_selector {
    const struct gw_policy_ops *ops; /* NULL: all clients, always */
    void *self;
    const struct gw_view *view;
};
struct gw_federation *gw_federation_create(const struct gw_federation_cfg *cfg, uint32_t clients,
                                           const struct gw_fed_client *client,
                                           const struct gw_fed_links *links,
                                           const struct gw_fed_selector *selector);
void gw_federation_destroy(struct gw_federation *self);

/* Cheap when nothing changes. */
void gw_federation_set(struct gw_federation *self, uint32_t client, const struct gw_fed_now *now);

/* The policy's say at this instant; it is also asked whenever a round has closed, on the same outlook. */
GW_MUST_USE enum gw_status gw_federation_decide(struct gw_federation *self,
                                                const struct gw_fed_outlook *outlook, struct gw_error *err);

/* On to to_us >= now. Stops where the goal is reached: then all clients are off and time goes on for nothing.
 */
GW_MUST_USE enum gw_status gw_federation_advance(struct gw_federation *self, gw_time_us to_us,
                                                 struct gw_error *err);

double gw_federation_it_kw(const struct gw_federation *self, uint32_t client); /* at this instant */

/* Settled up to now. */
struct gw_fed_books gw_federation_books(struct gw_federation *self, uint32_t client);
struct gw_fed_state gw_federation_state(struct gw_federation *self);

#endif
