/* sim/run/scenario.h - all input of an experiment: read, checked, compiled; immutable after load.
 *
 * The first half are the structs that the parameter tables fill, one per section of the YAML. The second half
 * is derived from them once: signals, replica coefficients, length tables, round trips. Threads share one
 * scenario. */
#ifndef GW_SIM_RUN_SCENARIO_H
#define GW_SIM_RUN_SCENARIO_H

#include "models/cooling/plant.h"
#include "models/grid/region.h"
#include "models/hardware/hardware.h"
#include "models/network/network.h"
#include "models/policies/registry.h"
#include "models/serving/fleet.h"
#include "models/serving/serving.h"
#include "models/workload/arrivals.h"
#include "sim/base/log.h"
#include "sim/tree/bind.h"

enum { GW_SCENARIO_SCHEMA = 1 };

/* ---- as bound ---- */

enum gw_initial { GW_INITIAL_WARM, GW_INITIAL_COLD };
enum gw_spare { GW_SPARE_IDLE, GW_SPARE_SLEEP, GW_SPARE_OFF };

struct gw_time_cfg {
    gw_time_us start_unix_us, duration_us, epoch_us, step_us, window_us; /* window GW_ABSENT: by policy */
    gw_time_us drain_max_us;                                             /* 0: no drain */
    int32_t initial;
};

struct gw_pool_cfg {
    const struct gw_machine *node;
    int64_t count;
};

struct gw_site_cfg {
    const char *name;
    struct gw_pick location, grid;
    struct gw_named cooling;
    int32_t spare;
    struct gw_slice pools; /* struct gw_pool_cfg */
};

enum gw_replicas_alt { GW_REPLICAS_AUTO, GW_REPLICAS_COUNT };

struct gw_model_cfg {
    const char *name;
    const struct gw_llm *llm;
    const struct gw_engine *engine;
    int64_t tensor_parallel;
    struct gw_pick replicas; /* auto, or how many per site */
    int32_t dispatch;
    double pack_limit;
};

struct gw_slo_cfg {
    double ttft_ms, tpot_ms; /* NAN: no limit */
};

enum gw_sites_alt { GW_SITES_ALL, GW_SITES_LIST };

struct gw_demand_cfg {
    const char *name;
    struct gw_pick origin;
    uint32_t model;
    double rate_per_s;
    const struct gw_shape *shape; /* NULL: flat */
    struct gw_pick lengths;
    struct gw_slo_cfg slo;
    struct gw_pick allowed_sites;
};

struct gw_serving_section {
    struct gw_slice models, demand;
};

/* Which policy fills each slot; an absent one is taken from `defaults`. */
struct gw_slots_cfg {
    struct gw_named routing;
};

struct gw_variant_cfg {
    const char *name;
    struct gw_slots_cfg slot;
};

struct gw_score_cfg {
    int32_t signal;        /* enum gw_carbon_signal: what carbon_kgco2 counts */
    int32_t policy_signal; /* what policies see */
    const char *baseline;  /* name of a policy; NULL: the first */
};

struct gw_output_cfg {
    gw_time_us every_us;     /* GW_ABSENT: epoch up to 7 days, then 1 h */
    struct gw_slice figures; /* const char * */
    bool embed;              /* traces inside the result */
};

struct gw_scenario_cfg {
    int64_t geowatt;
    const char *name, *title;
    int64_t seed, replications;
    struct gw_time_cfg time;
    struct gw_network_cfg network;
    struct gw_slice sites;
    struct gw_serving_section serving;
    struct gw_slots_cfg defaults;
    struct gw_slice policies;
    struct gw_score_cfg score;
    struct gw_output_cfg output;
};

extern const struct gw_type gw_scenario_type;

/* ---- as compiled ---- */

struct gw_variant {
    const char *name;
    struct gw_policy_choice routing;
    bool state_aware; /* routes request by request */
    gw_time_us window_us;
};

/* A kind of replica at one site. */
struct gw_group {
    uint32_t model, pool;
    uint32_t replicas;
    struct gw_replica_cfg cfg;
    struct gw_fleet_group fleet; /* as the fleet wants it: points to cfg */
};

struct gw_site {
    const char *name;
    const struct gw_site_cfg *cfg;
    const struct gw_place *place;
    struct gw_grid grid;
    const struct gw_plant *plant;
    uint32_t n_groups;
    struct gw_group *group;
    struct gw_fleet_group *fleet_group; /* [n_groups] */
    /* Power that flows whatever happens, at the nodes' DC side and at the wall. */
    double host_idle_w;         /* of nodes with replicas */
    double unused_idle_w;       /* accelerators of such nodes that belong to no replica */
    double spare_wall_w;        /* nodes without replicas, in their spare state */
    double idle_accelerators_w; /* all replicas loaded and idle */
    double psu_efficiency;      /* of nodes with replicas; one kind of node per site for now is not required:
                                   power-weighted */
    double host_dynamic_frac;
    double nameplate_kw;
    double embodied_kgco2;
};

struct gw_model {
    const char *name;
    const struct gw_model_cfg *cfg;
    gw_time_us api_us;
    double api_us_per_tok;
};

struct gw_demand {
    const char *name;
    const struct gw_demand_cfg *cfg;
    uint32_t model, origin;
    const struct gw_place *place;
    struct gw_length prompt, output;
    gw_time_us *rtt_us;     /* [sites] */
    uint8_t *allowed;       /* [sites] allowed, and replicas of the model stand there */
    gw_time_us slo_ttft_us; /* GW_NEVER_US: none */
    double slo_tpot_us;     /* INFINITY: none */
};

struct gw_scenario_file {
    const char *path; /* as the scenario names it */
    char *bytes;
    size_t n;
    uint64_t checksum;
};

struct gw_scenario {
    struct gw_scenario_cfg cfg;
    struct gw_arena arena;
    struct gw_tree tree;
    struct gw_text resolved; /* YAML of the whole, defaults and used catalogue entries included */

    uint32_t n_sites, n_models, n_demands, n_variants, n_origins;
    struct gw_site *site;
    struct gw_model *model;
    struct gw_demand *demand;
    struct gw_variant *variant;
    const struct gw_place **origin;
    uint32_t baseline;
    gw_time_us burn_in_us; /* simulated before the scored time, 0 when cold */
    gw_time_us every_us;
    struct gw_scenario_file *file; /* what was read beside the YAML */
    uint32_t n_files, cap_files;
    /* Names of the axes, for views, results and messages. */
    const char **site_name, **demand_name, **model_name, **origin_name, **variant_name;
};

/* How to load: all optional. */
struct gw_scenario_options {
    const char *const *set; /* "--set" assignments, in order; ended by NULL */
    const char *const
        *policy; /* names: only these variants; a name that is no variant but a policy is added */
    bool has_seed;
    uint64_t seed;
    const struct gw_log *log;
};

/* A scenario.yaml, or a result.h5 whose scenario is repeated. On failure *out is zeroed and errs says
 * everything. */
GW_MUST_USE enum gw_status gw_scenario_load(const char *path, const struct gw_scenario_options *options,
                                            struct gw_scenario *out, struct gw_errors *errs);

/* From text, for tests and tools; `name` is what messages call it and what relative paths resolve against. */
GW_MUST_USE enum gw_status gw_scenario_parse(const char *yaml, size_t n, const char *name,
                                             const struct gw_scenario_options *options,
                                             struct gw_scenario *out, struct gw_errors *errs);
void gw_scenario_fini(struct gw_scenario *self);

/* The built-in catalogue and the kinds of lists names refer to; `catalogue` must outlive the use. */
struct gw_bind_env gw_scenario_env(const struct gw_tree *catalogue);

#endif
