/* sim/run/schema_training.h - the section `training:` of a scenario as C structs: jobs, streams of jobs,
 * queues, and the accelerators they may have. Keys, units, defaults and ranges stand in schema_training.c. */
#ifndef GW_SIM_RUN_SCHEMA_TRAINING_H
#define GW_SIM_RUN_SCHEMA_TRAINING_H

#include <stdbool.h>

#include "models/training/checkpoint.h"
#include "models/training/failures.h"
#include "models/training/job_stream.h"
#include "sim/tree/bind.h"
#include "traces/jobs.h"

struct gw_efficiency;
struct gw_llm;

enum gw_deadline_alt {
    GW_DEADLINE_NONE,
    GW_DEADLINE_AFTER,   /* submission */
    GW_DEADLINE_SLACK,   /* submission + slack times its length */
    GW_DEADLINE_WORKDAY, /* the next one's hour after the end of a job that starts at once */
    GW_DEADLINE_SEMIWEEK
};
enum gw_elasticity_alt { GW_ELASTICITY_EXPONENT, GW_ELASTICITY_CURVE, GW_ELASTICITY_EACH };
enum gw_capping_alt { GW_CAPPING_EXPONENT, GW_CAPPING_CURVE };

/* What holds for a job, or for all jobs of a stream. */
struct gw_job_terms_cfg {
    double watts, held_watts;     /* of an accelerator with its share of the node; NAN: of the pool's node */
    int64_t min_width, max_width; /* GW_ABSENT: its width */
    struct gw_pick elasticity;
    struct gw_pick capping;
    gw_time_us start_us, resume_us, checkpoint_us, reshape_us; /* GW_ABSENT: of its llm, else 0 */
    gw_time_us interval_us;                                    /* GW_ABSENT: only when it is stopped */
    int64_t spares;
    double checkpoint_gb, failures_per_day; /* NAN: of its llm, else 0; of an accelerator */
    struct gw_pick deadline;
    int64_t deadline_hour;
    gw_time_us ahead_us; /* so much before its time policies know of it and may begin it */
    struct gw_pick allowed_sites;
};

/* What is known of the training of an llm beyond its size; NAN: by the table of efficiencies. */
struct gw_training_run_cfg {
    double mfu, tflops;
    double sequence_tok, attention_frac;
    int32_t recompute;
    int64_t precision_bits;
    const struct gw_efficiency *efficiency;
    struct gw_checkpoint_cfg checkpoint;
    struct gw_failures_cfg failures;
    double compute_frac, checkpoint_frac; /* shares of an accelerator's limit */
};

struct gw_training_job_cfg {
    const char *name;
    gw_time_us at_us;   /* since the run's start */
    gw_time_us work_us; /* GW_ABSENT: of its llm and tokens */
    int64_t accelerators;
    const struct gw_llm *llm;
    double tokens;
    const struct gw_training_run_cfg *run; /* NULL: the defaults */
    gw_time_us step_us;                    /* GW_ABSENT: not given, as `steps` */
    int64_t steps;
    int64_t times; /* so many of them, `every` apart */
    gw_time_us every_us;
    struct gw_job_terms_cfg terms;
};

struct gw_training_trace_cfg {
    const char *file;
    int32_t format; /* enum gw_jobs_format */
    double speed;   /* times the recorded speed: lengths are divided by it */
};

struct gw_training_stream_cfg {
    const char *name;
    const struct gw_training_trace_cfg *trace; /* one of both */
    const struct gw_job_stream_cfg *generate;
    gw_time_us from_us, to_us; /* of the run, GW_ABSENT: to the end of arrivals */
    struct gw_job_terms_cfg terms;
};

struct gw_training_queue_cfg {
    const char *name;
    gw_time_us longest_us, wait_us; /* GW_ABSENT: no limit */
    int64_t priority;
    int64_t quota; /* accelerators, GW_ABSENT: no limit */
};

enum gw_units_alt { GW_UNITS_UNLIMITED, GW_UNITS_COUNT };
enum gw_nodes_alt { GW_NODES_SPARE, GW_NODES_COUNT };

struct gw_training_capacity_cfg {
    uint32_t site;
    const int64_t *pool; /* NULL: rented by the accelerator, no nodes of the site */
    struct gw_pick nodes;
    gw_time_us grace_us; /* GW_ABSENT: spare nodes are taken back at once */
    int64_t reserved;    /* rented */
    struct gw_pick on_demand, spot;
    double reserved_usd_per_h, on_demand_usd_per_h, spot_usd_per_h;
    double evictions_per_h;
    double nameplate_kw; /* of the rented ones; NAN: all of them at work */
};

struct gw_training_section {
    struct gw_slice jobs, streams, queues, capacity;
    struct gw_slice federated; /* struct gw_federated_cfg */
    bool backfill;
    gw_time_us slot_us, horizon_us;
    int32_t reading; /* enum gw_reading: between two values of a forecast */
    double wan_gbps;
};

extern const struct gw_type gw_schema_training;

#endif
