/* models/training/training.h - how long a training takes, what it draws, what is lost on the way.
 *
 *   step_tflops = HFU peak hot              per accelerator; HFU given, out of an MFU, or from the table
 *   ideal_s     = hardware FLOP / (n step_tflops)
 *   wall_s      = ideal_s / ETTR
 *   billed_h    = wall_h overhead           runs beside the final one that are billed with it
 *   node_w      = docs/models/hardware.md, eq. 3, at the watts of the moment
 *
 * The mean of one job without a clock: what a scheduler, a planner and `geowatt probe training` ask. What a
 * job does over time is the run loop's. docs/models/training.md, eq. 8 and 16. */
#ifndef GW_MODELS_TRAINING_TRAINING_H
#define GW_MODELS_TRAINING_TRAINING_H

#include "models/training/checkpoint.h"
#include "models/training/efficiency.h"
#include "models/training/failures.h"
#include "models/training/flops.h"
#include "models/training/tuning.h"
#include "models/training/waveform.h"

/* Shares of an accelerator's limit. */
struct gw_training_power {
    double compute_frac, exchange_frac; /* while it computes; while it waits for an exchange */
    double checkpoint_frac;
    double exposed_frac; /* share of a step in which nothing but the exchange happens */
    double step_s;
};

struct gw_training_cfg {
    const struct gw_llm *llm;
    const struct gw_machine *node;
    int64_t accelerators;        /* n; a node that is not filled counts whole */
    double tokens, sequence_tok; /* of all epochs */
    int32_t recompute;           /* enum gw_flops_recompute */
    double attention_frac;
    int64_t precision_bits; /* 16: BF16; 8: FP8 on accelerators that have it; 32: TF32, at half the rate */
    double mfu, tflops;     /* per accelerator; at most one given, NAN: not */
    const struct gw_efficiency *efficiency; /* used when neither is */
    struct gw_tuning_cfg tuning;
    struct gw_checkpoint_cfg checkpoint;
    double interval_s; /* between checkpoints; NAN: Daly's */
    struct gw_failures_cfg failures;
    struct gw_training_power power;
    double overhead; /* hours billed over hours of the final run */
    double air_c;    /* outdoors; NAN: cool */
};

struct gw_training {
    struct gw_tuning_cost tuning;
    struct gw_flops flops;
    struct gw_efficiency_at table; /* zero when MFU or TFLOP/s were given */
    double hfu, mfu;
    double tflops; /* of the hardware, per accelerator */
    double ideal_s;
    double nodes;
    struct gw_checkpoint_cost checkpoint;
    double interval_s;
    struct gw_failures_cost failures;
    double wall_s;                             /* ideal_s / exact ETTR */
    double accelerator_h;                      /* n wall, the final run */
    double billed_h;                           /* n wall overhead */
    struct gw_waveform waveform;               /* watts of one accelerator, without failures */
    double compute_w, checkpoint_w, recover_w; /* per node at the plug */
    double mean_w;                             /* per node at the plug, over wall time */
    double it_kwh;                             /* final run, all nodes */
    double swing_w;                            /* all nodes, between the highest and the lowest of a cycle */
};

/* The defaults of docs/models/training.md; llm, node, efficiency and tokens are the caller's. */
GW_MUST_USE enum gw_status gw_training_defaults(struct gw_training_cfg *cfg, struct gw_arena *arena,
                                                struct gw_errors *errs);

/* GW_ERR_RANGE with a sentence when something does not fit: both an MFU and a rate, no efficiency, numbers
 * that the accelerator does not have, more than the peak. *out is untouched then. */
GW_MUST_USE enum gw_status gw_training_estimate(const struct gw_training_cfg *cfg, struct gw_training *out,
                                                struct gw_error *err);

/* Any two of accelerator hours, MFU and FLOP say the third. */
double gw_training_hours(double model_flop, double peak_tflops, double mfu);
double gw_training_mfu(double model_flop, double peak_tflops, double hours);

#endif
