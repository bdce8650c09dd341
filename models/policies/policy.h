/* policy.h - the interface between geowatt and a policy. The only public ABI; installed as
 * <geowatt/policy.h>.
 *
 * A policy decides where, when and how work runs. It sees a *view* of the world as named, read-only tables
 * and writes a *plan*: shares of each demand row over the sites, and orders from a catalogue. It never sees a
 * request's output length, only its row's expectation; it never reads a clock or another source of randomness
 * than its seed.
 *
 * A policy is one file: doc string, citation, parameters, create, destroy, plan and/or route. Built in
 * through models/policies/registry.h, or compiled on its own against this header alone and loaded by `plugin:
 * ./my_policy.so`; then it exports one symbol:
 *
 *   const struct gw_policy_ops *gw_policy_plugin(void);
 *
 * Versions: a plug-in built for another GW_POLICY_ABI is refused. Within one ABI number structs only grow at
 * their end and carry their size in `bytes`; new slots and tables add names, never change old ones.
 * docs/policies/authors-guide.md */
#ifndef GW_POLICY_H
#define GW_POLICY_H

#include <stddef.h>
#include <stdint.h>

#define GW_POLICY_ABI 1u

enum gw_slot {
    GW_SLOT_ROUTING = 1,
    GW_SLOT_DIRECTIVES = 2,
    GW_SLOT_REPLICAS = 4,
    GW_SLOT_POWER = 8,
    GW_SLOT_TRAINING = 16,
    GW_SLOT_FEDERATION = 32,
    GW_SLOT_BATTERY = 64
};

/* Lengths of the axes. `demands` are the rows of `serving.demand`, `horizon` counts epochs from now. */
struct gw_dims {
    uint32_t bytes;
    uint32_t origins, demands, models, sites, pools, jobs, clients, levels, horizon;
};

/* A named, read-only, dense table; the last index runs fastest. Its address stays the same for the whole run,
 * its values change from epoch to epoch (counters: from window to window). */
struct gw_table {
    const double *v;
    uint32_t rank;
    uint32_t dim[4];
    const char *unit;
};

/* What a plan is worth according to geowatt's own models, the same for every optimiser (gw_plan_eval). */
enum gw_objective {
    GW_OBJ_CARBON_KG,
    GW_OBJ_WATER_L,
    GW_OBJ_COST_USD,
    GW_OBJ_TTFT_MS,
    GW_OBJ_ENERGY_KWH,
    GW_OBJECTIVES
};

struct gw_view {
    uint32_t bytes;
    int64_t now_us, epoch_us; /* since the scenario's start */
    const struct gw_dims *dims;
    /* NULL when there is no such table. Names and units: docs/policies/authors-guide.md. */
    const struct gw_table *(*table)(const struct gw_view *self, const char *name);
    /* Name of an element of an axis: "site", "demand", "model", "origin", "objective"; NULL beyond its end.
     */
    const char *(*name)(const struct gw_view *self, const char *axis, uint32_t index);
    /* Objectives of the coming epoch for share[demands][sites]; objective[GW_OBJECTIVES] is written. */
    void (*eval)(const struct gw_view *self, const double *share, double *objective);
};

/* One order. What an order may say is a row of the order catalogue (kind -> slot, axes, unit, range). */
struct gw_order {
    uint32_t kind;
    uint32_t at[4];
    double value;
};

/* The order catalogue; docs/reference/policies.md says who may give which, and what each means. */
enum gw_order_kind {
    GW_ORDER_SET_POINT = 1, /* at[0] site; K */
    GW_ORDER_RELEASE = 2,   /* at[0] demand row of class batch; 1 lets its requests go, 0 holds them */
    GW_ORDER_REPLICAS,      /* at[0] model, at[1] site; how many are to stand */
    GW_ORDER_BATTERY,       /* at[0] site; kW, positive charges */
    GW_ORDER_KIND_END
};
#define GW_ORDER_SET_POINT_MAX_K 10.0 /* either way; more is refused */

/* Write-only; what is left unsaid keeps its last value. */
struct gw_plan {
    uint32_t bytes;
    double *share; /* [demands][sites], >= 0, each row sums to 1; 0 where the demand is not allowed; NULL for
                      a policy that does not fill the routing slot */
    int (*order)(struct gw_plan *self,
                 const struct gw_order *order); /* 0 accepted; else there is no such order */
};

/* One request, as a router sees it. */
struct gw_req {
    uint32_t bytes;
    uint32_t demand;
    int64_t at_us;
    uint64_t number; /* within its demand */
    uint32_t in_tok;
    double out_tok_expected;
};

enum gw_param_kind { GW_PARAM_NUMBER, GW_PARAM_CHOICE };

/* A parameter: NUMBER fills a double in `unit`; CHOICE an int32_t, the index into `choice`. key NULL ends a
 * table. */
struct gw_policy_param {
    const char *key;
    const char *unit;
    uint32_t kind; /* enum gw_param_kind */
    uint32_t offset;
    double def, min, max;
    const char *const *choice;
    const char *doc;
};

struct gw_policy_error {
    char why[256];
};

enum { GW_POLICY_ORACLE = 1 }; /* flags: uses what no real policy can know; a ceiling, not a contender */

/* What a planner says of its work when the run ends; NaN where it has nothing to say. It stands there as NaN.
 */
struct gw_policy_report {
    uint32_t bytes;
    double evaluations; /* plans valued, all epochs */
    double
        hypervolume; /* of its fronts, mean over epochs, scaled to 0..1 by a reference that its page states */
};

/* Functions return 0, or anything else for failure with error->why filled: the run then stops with that
 * sentence. */
struct gw_policy_ops {
    uint32_t abi, bytes;
    uint32_t slots; /* enum gw_slot, or-ed: the slots it can fill */
    uint32_t flags;
    const char *name, *summary, *reference; /* reference: what to cite, or NULL */
    const struct gw_policy_param *params;   /* NULL: none */
    size_t cfg_size;
    int (*create)(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error);
    void (*destroy)(void *self); /* accepts NULL */
    /* Once per epoch. Required unless route is given. */
    int (*plan)(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error);
    /* Per request, on the state at the window's start plus what was sent since. Optional: returns the site.
     */
    uint32_t (*route)(void *self, const struct gw_view *view, const struct gw_req *request);
    /* Once, before destroy. Optional. */
    void (*report)(const void *self, struct gw_policy_report *out);
};

#endif
