/* sim/run/deciders.h - the policies of one variant at work: one per filled slot, created once, asked to plan
 * when their time has come.
 *
 * A policy that fills several slots with the same parameters is one decider. Plans are checked here: a policy
 * that breaks its contract stops the run with a sentence that names it. */
#ifndef GW_SIM_RUN_DECIDERS_H
#define GW_SIM_RUN_DECIDERS_H

#include "models/policies/orders.h"
#include "sim/run/exec_policy.h"
#include "sim/run/observer.h"

struct gw_decider {
    const struct gw_policy_choice *choice;
    void *self;
    uint32_t slots; /* enum gw_slot, or-ed: what it fills in this variant */
    gw_time_us every_us;
};

/* Hears of each plan as it is made, before who comes later plans: what it ordered may change the view. */
struct gw_deciders_hook {
    enum gw_status (*planned)(void *to, uint32_t slots, struct gw_error *err);
    void *to;
};

struct gw_deciders {
    const struct gw_variant *variant;
    struct gw_decider decider[GW_SLOTS_COUNT]; /* in the order in which they plan */
    uint32_t n;
    struct gw_decider *router; /* fills the routing slot */
    double *share;             /* [demands][sites] the plan in force */
    struct gw_orders orders;   /* in force */
    struct gw_deciders_hook hook;
    struct gw_exec_programs *programs; /* of the run: they outlive these deciders */
    bool planned;
    double plan_s; /* wall time of planning */
};

/* Room for share and orders; before the view exists. False when memory is out. */
GW_MUST_USE bool gw_deciders_init(struct gw_deciders *self, const struct gw_scenario *sc,
                                  const struct gw_dims *dims, struct gw_arena *arena);

/* `view` shows the run's beginning. On failure, too, to be closed. */
GW_MUST_USE enum gw_status gw_deciders_open(struct gw_deciders *self, const struct gw_scenario *sc,
                                            const struct gw_variant *variant, uint32_t replication,
                                            const struct gw_view_store *view, struct gw_error *err);
void gw_deciders_close(struct gw_deciders *self);

/* Whether any of them plans at this moment; and their plans. */
bool gw_deciders_due(const struct gw_deciders *self, gw_time_us now_us);
GW_MUST_USE enum gw_status gw_deciders_plan(struct gw_deciders *self, gw_time_us now_us,
                                            const struct gw_view_store *view, struct gw_error *err);

/* What the router says of its planning; NaN where it says nothing. */
struct gw_policy_report gw_deciders_report(const struct gw_deciders *self);

#endif
