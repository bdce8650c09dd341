/* models/training/failures.h - failures of a job that needs all of its nodes, and what they cost.
 *
 *   M    = 1 / (n r + r_job)                                  mean time between failures
 *   u0   = detect + restart + wait                            before it computes again
 *   ETTR = (1 - (u0 + interval / 2) / M)+ / (1 + w / interval)          first order, as published
 *   ETTR = interval / (M e^(u0 / M) (e^((interval + w) / M) - 1))       exact for Poisson failures (Daly)
 *
 * In the exact form a failure may also strike while the job starts again or writes a checkpoint. A node that
 * failed is replaced by a spare; when all s spares are in repair the job waits for the first of s + 1 nodes.
 * Failures that find none: Erlang's loss formula B(s, a), a = n r repair, for repair times without memory.
 * docs/models/training.md, eq. 11 to 13. */
#ifndef GW_MODELS_TRAINING_FAILURES_H
#define GW_MODELS_TRAINING_FAILURES_H

#include "sim/tree/bind.h"

struct gw_failures_cfg {
    double per_node_day; /* r: failures of a node of eight accelerators */
    double per_job_day;  /* r_job: software and users, whatever the size */
    double detect_s, restart_s;
    int64_t spares;  /* nodes kept ready */
    double repair_h; /* until a failed node is back */
};

extern const struct gw_type gw_failures_type; /* with the defaults of docs/models/training.md */

/* Of one job on n nodes with a checkpoint every interval_s that blocks for blocking_s. */
struct gw_failures_cost {
    double mttf_s;     /* M, INFINITY: never */
    double in_repair;  /* a: nodes in repair, were there always a spare */
    double short_frac; /* share of failures that find no spare */
    double wait_s;     /* mean wait for a repaired node, over all failures */
    double recover_s;  /* u0 */
    double ettr;       /* first order; 0 where it would be negative */
    double ettr_exact;
    /* Shares of wall time, exact form; they add up to 1. */
    double checkpoint_frac, lost_frac, recover_frac; /* work done again counts as lost */
};

/* nodes and interval_s positive. */
struct gw_failures_cost gw_failures_cost(const struct gw_failures_cfg *cfg, double nodes, double interval_s,
                                         double blocking_s);

double gw_failures_mttf_s(const struct gw_failures_cfg *cfg, double nodes);

/* Spares with which at most `frac` of the failures find none. */
int64_t gw_failures_spares(const struct gw_failures_cfg *cfg, double nodes, double frac);

/* What stopped Llama 3 405B in 54 days on 16 384 accelerators, for pictures and for draws. */
struct gw_failures_cause {
    const char *name; /* NULL ends the table */
    int count;
    bool hardware;
};
extern const struct gw_failures_cause gw_failures_causes[];

#endif
