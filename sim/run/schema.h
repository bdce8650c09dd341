/* sim/run/schema.h - the scenario file as C structs: one per section of the YAML, filled by the parameter
 * tables of schema.c. What each key means, its unit, default and range stand in those tables and nowhere
 * else. */
#ifndef GW_SIM_RUN_SCHEMA_H
#define GW_SIM_RUN_SCHEMA_H

#include "models/network/network.h"
#include "models/workload/directive.h"
#include "models/workload/replay.h"
#include "models/policies/slots.h"
#include "models/supply/supply.h"
#include "sim/core/clock.h"
#include "sim/run/pool_limits.h"
#include "sim/run/schema_training.h"
#include "sim/tree/bind.h"

struct gw_engine;
struct gw_tariff_before;
struct gw_llm;
struct gw_machine;
struct gw_shape;

enum { GW_SCHEMA_VERSION = 1 };
enum { GW_NAME_BYTES_MAX = 100 }; /* of a site, model, demand row or policy */

enum gw_initial { GW_INITIAL_WARM, GW_INITIAL_COLD };
enum gw_drain_alt { GW_DRAIN_UNTIL_DONE, GW_DRAIN_NONE, GW_DRAIN_AT_MOST };
enum gw_spare { GW_SPARE_IDLE, GW_SPARE_SLEEP, GW_SPARE_OFF };

struct gw_time_cfg {
    gw_time_us start_unix_us, duration_us, epoch_us, step_us;
    gw_time_us window_us; /* GW_ABSENT: by policy */
    struct gw_pick drain;
    int32_t initial;
};

/* What is forecast of a site. */
enum gw_forecast_signal { GW_FORECAST_CARBON, GW_FORECAST_PRICE, GW_FORECAST_WATER, GW_FORECAST_SIGNALS };

/* How each signal is forecast; of a site's own, what is absent (name NULL) is taken from the scenario's. */
struct gw_forecasts_cfg {
    struct gw_named signal[GW_FORECAST_SIGNALS];
    struct gw_named demand, weather; /* of the scenario only */
};

struct gw_pool_cfg {
    const struct gw_machine *node;
    int64_t count;
    struct gw_pool_limits limits;
};

/* Somebody takes heat of the site, in some months of the year. */
struct gw_heat_reuse_cfg {
    double share, supply_c, most_kw; /* most_kw: NAN is as much as there is */
    struct gw_slice months;          /* int64_t 1..12; empty: all */
};

struct gw_site_cfg {
    const char *name;
    struct gw_pick place, grid;
    struct gw_named cooling;
    const struct gw_pick *weather; /* NULL: the climate of its place */
    const int32_t *water_stress;   /* enum gw_stress; NULL: that of its place */
    const struct gw_heat_reuse_cfg *heat_reuse;
    struct gw_pick tariff;                       /* gw_tariff_of */
    const struct gw_tariff_before *peaks_before; /* NULL: none */
    const struct gw_pick *carbon_price;          /* NULL: the scenario's */
    struct gw_slice contracts;                   /* struct gw_contract */
    double residual_gco2_per_kwh;                /* NAN: the grid's average */
    int32_t spare;
    struct gw_slice pools; /* struct gw_pool_cfg */
    struct gw_supply_cfg supply;
    struct gw_forecasts_cfg forecast;
};

enum gw_replicas_alt { GW_REPLICAS_AUTO, GW_REPLICAS_COUNT, GW_REPLICAS_SPLIT };

/* Prompts on some replicas, decoding on others; per site, or at two sites. */
struct gw_split_cfg {
    int64_t prefill, decode;
    const uint32_t *prefill_site, *decode_site; /* NULL: each site does both */
    double link_gbps;
    double link_j_per_gb;
};

/* How many drafted tokens are accepted: their mean, or drawn step by step. */
enum gw_drafts_taken { GW_DRAFTS_MEAN, GW_DRAFTS_DRAWN };

enum gw_tensor_parallel_alt { GW_TENSOR_PARALLEL_NODE, GW_TENSOR_PARALLEL_COUNT };

struct gw_model_cfg {
    const char *name;
    const struct gw_llm *llm;
    const struct gw_engine *engine;
    struct gw_slice techniques;     /* const struct gw_technique * */
    int32_t drafts;                 /* enum gw_drafts_taken */
    struct gw_pick tensor_parallel; /* as many as the node has, or a number */
    int64_t pipeline_parallel;
    struct gw_pick replicas; /* auto, or how many per site, or how many for each phase */
    int32_t dispatch;
    double pack_limit;
    int32_t on_overload; /* enum gw_overload */
    int64_t queue_limit;
};

struct gw_slo_cfg {
    double ttft_ms, tpot_ms; /* NAN: no limit */
};

enum gw_sites_alt { GW_SITES_ALL, GW_SITES_LIST };

enum gw_class { GW_CLASS_INTERACTIVE, GW_CLASS_BATCH };

struct gw_demand_cfg {
    const char *name;
    struct gw_pick origin;
    uint32_t model;
    double rate_per_s;
    const struct gw_shape *shape; /* NULL: flat */
    struct gw_named arrivals, sessions;
    struct gw_named elastic; /* name NULL: the rate answers to nothing */
    int32_t class;           /* enum gw_class */
    gw_time_us deadline_us;
    struct gw_named release;
    struct gw_pick lengths;
    const struct gw_replay_cfg *trace; /* NULL: requests are generated */
    struct gw_slo_cfg slo;
    struct gw_pick allowed_sites;
    struct gw_named forecast;              /* name NULL: the scenario's */
    int64_t priority;                      /* the higher the earlier, where the engine's admission asks */
    double prefix_hit_frac;                /* of each prompt's tokens, in any engine's cache */
    double timeout_ms;                     /* after arrival at the engine; NAN: none */
    const struct gw_directive *directives; /* NULL: answers are as long as they are */
};

enum gw_mode { GW_MODE_EXACT, GW_MODE_FLOW };

struct gw_serving_section {
    int32_t mode; /* enum gw_mode */
    struct gw_slice models, demand;
};

/* Which policy fills each slot; an absent one is taken from `defaults`, and if there is none either the slot
 * stays empty: devices then follow their own rules. */
struct gw_slots_cfg {
    struct gw_named slot[GW_SLOTS_COUNT];
};

/* How often each slot plans; GW_ABSENT: once per epoch. */
struct gw_every_cfg {
    gw_time_us slot_us[GW_SLOTS_COUNT];
};

struct gw_variant_cfg {
    const char *name;
    struct gw_slots_cfg slots;
    struct gw_every_cfg every;
};

enum gw_outage_what { GW_OUTAGE_SITE, GW_OUTAGE_NODE, GW_OUTAGE_GRID, GW_OUTAGE_NETWORK };

struct gw_event_cfg {
    gw_time_us at_us, for_us;
    uint32_t site;
    int32_t what;                   /* enum gw_outage_what */
    const int64_t *pool, *replicas; /* NULL: all */
    const uint32_t *model;          /* NULL: all */
};

struct gw_score_cfg {
    int32_t signal;          /* enum gw_carbon_signal: what carbon_kgco2 counts */
    int32_t policy_signal;   /* what policies see */
    int32_t marginal_signal; /* of delta_carbon_marginal_kgco2 */
    const char *baseline;    /* name of a policy; NULL: the first */
    struct gw_slice bounds;  /* int32_t, enum gw_objective */
};

/* Which requests go into requests.h5. */
enum gw_requests_alt { GW_REQUESTS_NONE, GW_REQUESTS_ALL, GW_REQUESTS_SAMPLE };

struct gw_output_cfg {
    gw_time_us every_us;     /* GW_ABSENT: epoch up to 7 days, then 1 h */
    struct gw_slice figures; /* const char * */
    bool embed;              /* traces inside the result */
    struct gw_pick requests; /* enum gw_requests_alt; a sample has its share, double */
};

struct gw_scenario_cfg {
    int64_t geowatt;
    const char *name, *title;
    int64_t seed, replications;
    struct gw_time_cfg time;
    struct gw_network_cfg network;
    struct gw_pick carbon_price;
    struct gw_slice sites;
    struct gw_serving_section serving;
    struct gw_training_section training;
    struct gw_forecasts_cfg forecast;
    struct gw_slots_cfg defaults;
    struct gw_slice policies;
    struct gw_slice events; /* struct gw_event_cfg */
    struct gw_score_cfg score;
    struct gw_output_cfg output;
};

extern const struct gw_type gw_schema_scenario;

/* A fitting value for a required key ("sites.name" -> "oregon"), as YAML; NULL when none is known. For
 * explained.yaml. */
const char *gw_schema_example(const char *path);

/* The lists that other keys refer to by name. */
extern const struct gw_index_kind gw_schema_lists[];

#endif
