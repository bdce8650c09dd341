/* sim/run/scenario.h - all input of an experiment: read, checked, compiled; immutable after load.
 *
 * schema.h has the structs that the YAML fills; here is what is derived from them once: signals, replica
 * coefficients, length tables, round trips. Threads share one scenario.
 */
#ifndef GW_SIM_RUN_SCENARIO_H
#define GW_SIM_RUN_SCENARIO_H

#include "models/cooling/plant.h"
#include "models/forecast/forecast.h"
#include "models/grid/region.h"
#include "models/hardware/hardware.h"
#include "models/network/network.h"
#include "models/policies/registry.h"
#include "models/serving/fleet.h"
#include "models/serving/serving.h"
#include "models/supply/contracts.h"
#include "models/supply/stress.h"
#include "models/supply/tariff.h"
#include "models/training/yard.h"
#include "models/weather/site_weather.h"
#include "models/workload/replay.h"
#include "models/workload/sessions.h"
#include "sim/base/log.h"
#include "sim/run/schema.h"
#include "sim/run/schema_federation.h"
#include "sim/tree/bind.h"

struct gw_variant {
    const char *name;
    struct gw_policy_choice slot[GW_SLOTS_COUNT]; /* ops NULL: empty */
    gw_time_us every_us[GW_SLOTS_COUNT];
    bool state_aware; /* routes request by request */
    bool staged;      /* a policy says how many replicas stand */
    gw_time_us window_us;
};

enum gw_phase { GW_PHASE_BOTH, GW_PHASE_PREFILL, GW_PHASE_DECODE, GW_PHASES };

/* The replicas of one model on one pool of a site, and the nodes they stand on. */
struct gw_group {
    uint32_t model, pool, replicas, nodes;
    enum gw_phase phase; /* of requests, that these replicas are for */
    const struct gw_machine *node;
    enum gw_fit_quality quality; /* of the engine's coefficients on these accelerators */
    struct gw_replica_cfg cfg;
    struct gw_replica_cfg drawn; /* what is simulated where drafts are drawn (drafts.tokens > 0); its key is a
                                    run's */
    uint32_t more;               /* replicas that may be started where a policy says how many stand */
    uint32_t per_node;           /* replicas that a node holds */
    double accelerators;         /* of a replica */
    double idle_w;               /* accelerators of all replicas, loaded and idle */
    double unused_idle_w;        /* accelerators of these nodes that belong to no replica */
    double host_idle_w;          /* these nodes without accelerators */
};

struct gw_site {
    const char *name;
    const struct gw_site_cfg *cfg;
    const struct gw_place *place;
    struct gw_grid first_grid; /* of replication 0; a run reads that of air.h */
    struct gw_forecast forecast[GW_FORECAST_SIGNALS];
    const struct gw_plant *plant;
    bool has_weather; /* its cooling plant, panels or turbines need it */
    const struct gw_tariff *tariff;
    double carbon_usd_per_t;
    uint32_t n_contracts;
    struct gw_contract_ready *contract;
    enum gw_stress stress;
    const struct gw_plant_reuse *reuse; /* NULL: by the plant's own parameters */
    uint32_t reuse_months;              /* bit m - 1: heat is taken in month m; else none is */
    bool has_heat_user;                 /* by heat_reuse or by the plant's own parameters */
    struct gw_site_weather weather;
    uint32_t n_groups;
    struct gw_group *group;
    struct gw_fleet_group *fleet_group; /* [n_groups] as the fleet wants them */
    struct gw_fleet_split *fleet_split; /* [fleet_models] */
    uint32_t island;                    /* the first site of those it hands over to or gets from; itself */
    double spare_wall_w;                /* nodes without replicas, in their spare state */
    int64_t *pool_nodes;                /* [pools] */
    double *spare_node_w;               /* [pools] a node in its spare state, at the wall */
    double fixed_it_kw;                 /* IT power at no load, at the nodes' plugs */
    double nameplate_kw;
};

/* Phases of a model at two sites. */
#define GW_AT_ANY_SITE UINT32_MAX

struct gw_model {
    const char *name;
    const struct gw_model_cfg *cfg;
    uint32_t prefill_site, decode_site; /* GW_AT_ANY_SITE: each does all */
    double kv_bytes_per_tok;            /* of one with phases at two sites */
    double kv_gbps;                     /* between them */
    gw_time_us kv_delay_us;
    gw_time_us api_us;
    double api_us_per_tok;
    struct gw_technique_effect effect;
};

struct gw_demand {
    const char *name;
    const struct gw_demand_cfg *cfg;
    uint32_t model, origin;
    const struct gw_place *place;
    struct gw_length prompt, output;
    double prompt_mean, prompt_mean_sq; /* with the turns before it in the context */
    struct gw_arrivals_cfg arrivals;    /* endless: forecasts look beyond the run */
    struct gw_sessions_cfg sessions;    /* turns 0: none */
    struct gw_replay *replay;           /* NULL: requests are generated */
    struct gw_request_law law;          /* of its requests, in time since the burn-in's start */
    struct gw_forecast forecast;        /* of its rate */
    gw_time_us *rtt_us;                 /* [sites] */
    uint8_t *allowed;                   /* [sites] allowed, and replicas of the model stand there */
    gw_time_us slo_ttft_us;             /* GW_NEVER_US: none */
    double slo_tpot_us;                 /* INFINITY: none */
};

/* docs of outages.h; GW_FLEET_ALL in model, pool, replicas: not restricted. */
struct gw_outage {
    enum gw_outage_what what;
    uint32_t site, model, pool, replicas;
    gw_time_us from_us, to_us;
};

/* What a site lends to training. */
struct gw_training_place {
    const struct gw_training_capacity_cfg *row; /* NULL: nothing */
    bool has_pool, spare;                       /* spare: the nodes without replicas, as many as there are */
    uint32_t pool;
    int64_t nodes; /* that serving does not have */
    const struct gw_machine *node;
};

/* Where jobs come from: one listed row, or one stream; the kind of the same index is theirs. */
struct gw_training_source {
    const char *name;
    const struct gw_job_terms_cfg *terms;
    gw_time_us work_us;   /* of a listed row */
    struct gw_jobs trace; /* of a stream from a file */
};

struct gw_training_ready {
    struct gw_training_place *place; /* [sites] */
    uint32_t sources;                /* first the listed jobs, then the streams */
    struct gw_training_source *source;
    struct gw_job_kind *kind; /* [sources] */
    uint32_t queues;
    struct gw_job_queue *queue; /* means are counted by each run */
    struct gw_yard_site *site;  /* [sites], without what a run knows */
    double *gb_per_s;           /* [sites][sites] */
};

/* A federated job, with what its sites and the network between them make of it. */
struct gw_federated_ready {
    const struct gw_federated_cfg *cfg;
    struct gw_federation_cfg job;
    uint32_t clients;
    const struct gw_fed_client *client;
    struct gw_fed_links links; /* [clients][clients] */
};

struct gw_scenario_file {
    const char *path; /* as the scenario names it */
    char *bytes;
    size_t n;
    uint64_t checksum;
    const char *repairs; /* what was mended or left out in it, a line each; NULL: nothing */
};

struct gw_scenario {
    struct gw_scenario_cfg cfg;
    struct gw_arena arena;
    const char *path;         /* as it was given to load: relative paths in it resolve against its folder */
    struct gw_tree catalogue; /* bound entries point into it */
    struct gw_tree tree;
    struct gw_text resolved; /* YAML of the whole, defaults and used catalogue entries included */

    uint32_t n_sites, n_models, n_demands, n_variants, n_origins;
    struct gw_site *site;
    struct gw_model *model;
    struct gw_demand *demand;
    struct gw_variant *variant;
    struct gw_outage *outage;
    uint32_t n_outages;
    const struct gw_place **origin;
    uint32_t baseline;
    uint32_t fleet_models; /* of a fleet: behind all models those that decode for split ones */
    struct gw_training_ready training;
    uint32_t n_federated;
    struct gw_federated_ready *federated;
    gw_time_us drain_max_us;
    gw_time_us burn_in_us; /* simulated before the scored time, 0 when cold */
    gw_time_us every_us;
    struct gw_scenario_file *file; /* what was read beside the YAML */
    uint32_t n_files, cap_files;
    /* Names of the axes, for views, results and messages. */
    const char **site_name, **demand_name, **model_name, **origin_name, **variant_name;
};

/* How to load: all optional. */
struct gw_scenario_options {
    const char *const *set;    /* "--set" assignments, in order; ended by NULL */
    const char *const *policy; /* only these variants; one that is none but a policy's name is added */
    bool has_seed;
    uint64_t seed;
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

/* True when what some row asks for depends on how it was served: sessions of several turns, elastic demand.
 */
bool gw_scenario_closes_loop(const struct gw_scenario *self);

/* The built-in catalogue and the kinds of lists names refer to; `catalogue` must outlive the use. */
struct gw_bind_env gw_scenario_env(const struct gw_tree *catalogue);

#endif
