/* models/training/checkpoint.h - what a checkpoint holds, how long training stands still for it, how often
 * one pays, and what another layout or another site costs.
 *
 *   bytes = (state_bytes q + weight_bytes (1 - q)) P     q: share of the weights that is trained
 *   w     = stall_s, or bytes / bandwidth where writing blocks
 *   young = sqrt(2 w M)          loss sqrt(2 w / M)     M: mean time between failures
 *   daly  = sqrt(2 w M) - w      at least w
 *
 * Rounded down to whole steps by the caller. docs/models/training.md, eq. 9 and 10. */
#ifndef GW_MODELS_TRAINING_CHECKPOINT_H
#define GW_MODELS_TRAINING_CHECKPOINT_H

#include <stdbool.h>

#include "sim/tree/bind.h"

struct gw_checkpoint_cfg {
    double state_bytes;  /* per trained weight: 14 = weights 2, master copy 4, two moments of 4 */
    double weight_bytes; /* per weight that is not trained; 0: not written */
    double gb_per_s;     /* to and from storage, all nodes together */
    double stall_s;      /* of an asynchronous checkpoint; 0: training waits until it is written */
    double reshape_s;    /* to change tensor or pipeline parallelism: weights change places */
    double reshape_dp_s; /* to change data parallelism alone */
};

extern const struct gw_type gw_checkpoint_type; /* with the defaults of docs/models/training.md */

struct gw_checkpoint_cost {
    double bytes;
    double write_s;    /* until it is safe */
    double blocking_s; /* w */
    double read_s;
};

struct gw_checkpoint_cost gw_checkpoint_cost(const struct gw_checkpoint_cfg *cfg, double params,
                                             double trained_frac);

/* Seconds of training between two checkpoints. blocking_s at least 0, mttf_s positive (INFINITY: never). */
double gw_checkpoint_young_s(double blocking_s, double mttf_s);
double gw_checkpoint_daly_s(double blocking_s, double mttf_s);

/* Share of time lost at Young's interval to writing and to repeated work. */
double gw_checkpoint_least_loss(double blocking_s, double mttf_s);

/* Seconds from one layout of tensor, pipeline and data parallelism to another. */
double gw_checkpoint_reshape_s(const struct gw_checkpoint_cfg *cfg, bool data_parallel_only);

/* Seconds in which bytes reach another site over a link, its round trip included. */
double gw_checkpoint_move_s(double bytes, double gbit_per_s, double rtt_ms);

#endif
