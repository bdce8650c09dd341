/* sim/run/bounds.h - how far plans are from the best there is, and the bounds themselves, during one run.
 *
 *   plan_gap     = (value - bound) / bound      of each epoch, its mean over epochs is a score
 *   bound-epoch  = sum of the epochs' bounds, by the forecasts that policies see
 *   bound-day    = the same with the requests that were sent and the signals that came, by the score's signal
 *
 * value: gw_eval_plan of the plan in force; of policies that route each request, of the shares that came to
 * be. bound: gw_plan_lp_bound in the same view. So a bound is one of the evaluator, at the plants' operating
 * points and with the replicas of this run, over all routings that overload no site; an epoch whose plan
 * overloads one has no gap. Nothing is claimed for percentiles. Batteries hold what they held in this run
 * when the epoch began, and do what they were ordered. Nothing couples epochs in the evaluator, so the least
 * sum over a day is the sum of the least. docs/policies/bounds.md. */
#ifndef GW_SIM_RUN_BOUNDS_H
#define GW_SIM_RUN_BOUNDS_H

#include "models/policies/search/plan_lp.h"
#include "sim/core/moments.h"
#include "sim/run/observer.h"
#include "sim/run/result.h"

struct gw_bounds {
    const struct gw_scenario *sc;
    uint32_t asked; /* objectives, as bits; 0: nothing here does anything */
    const struct gw_observer *seen;
    struct gw_observer real; /* what would be seen without forecasts */
    struct gw_plan_lp *program[GW_BOUNDS];
    struct gw_sum bound[GW_BOUNDS][GW_SCORE_OBJECTIVES], requests[GW_BOUNDS];
    struct gw_sum gap[GW_SCORE_OBJECTIVES];
    uint64_t gaps[GW_SCORE_OBJECTIVES];
    double *gap_row; /* [epochs][GW_SCORE_OBJECTIVES] in the result's arena */
    size_t rows;
};

/* `seen` is what the run's policies see, ready for its first epoch. False when memory is out; to be closed
 * then, too. */
GW_MUST_USE bool gw_bounds_open(struct gw_bounds *self, const struct gw_scenario *sc, uint32_t replication,
                                const struct gw_observer *seen, struct gw_run_result *out,
                                struct gw_arena *arena);
void gw_bounds_close(struct gw_bounds *self);

/* The epoch that begins at now_us is planned; share: the plan in force, NULL when requests are routed one by
 * one; realised: the shares of the last epoch, NULL before the first. */
void gw_bounds_planned(struct gw_bounds *self, gw_time_us now_us, const double *share,
                       const double *realised);

/* It is over: how many requests went where, and as shares. one_by_one: requests were routed so. */
void gw_bounds_over(struct gw_bounds *self, const uint64_t *sent, const double *realised, bool one_by_one);

/* Bounds and gaps into the result; NaN where there is none. */
void gw_bounds_write(const struct gw_bounds *self, struct gw_run_result *out);

/* Of the whole result: each run's score over that of the run whose routing is lp-carbon, lp-water, ...,
 * minus 1. NaN where no such policy ran or it did other work. */
void gw_bounds_fill_sim_gaps(const struct gw_scenario *sc, struct gw_result *result);

#endif
