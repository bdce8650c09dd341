/* models/policies/job_plan.h - what the policies of training jobs have in common: how long a job may be put
 * off, when to start it, the cheapest pieces of a forecast, and a schedule made of them.
 *
 * Pure functions of what the desk says. The cost of a span is the integral of the policy's signal over it
 * (g/kWh times hours for carbon), so power that does not change with time drops out of every comparison.
 * Two costs within a relative 1e-9 of each other are alike: then the earlier start wins, then the site that
 * comes first. docs/policies/temporal.md has the equations. */
#ifndef GW_MODELS_POLICIES_JOB_PLAN_H
#define GW_MODELS_POLICIES_JOB_PLAN_H

#include <stdbool.h>

#include "models/policies/policy.h"

/* Sums over a year leave rounding of this order; less is no reason to wait. */
#define GW_JOB_PLAN_ALIKE 1e-9

extern const char *const gw_job_plan_signals[]; /* the names of enum gw_job_signal */

/* How far a job may still be put off. A job of a queue without a limit and without a deadline may wait
 * `unlimited_s`. `finish` is when it is done if it begins at `latest` and works without a pause; both count
 * the time that it takes to start (or to resume) and `length_us` more of work. */
struct gw_job_window {
    int64_t latest_us, finish_us;
};
struct gw_job_window gw_job_plan_window(const struct gw_job_view *job, int64_t length_us, double unlimited_s);

/* Whether the job may run there at all: allowed, and its width there is, reserved or on demand. */
bool gw_job_plan_fits(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t site);

/* Whether it comes into question: it fits, and the job has no other site that does. Only policies that move
 * jobs look further. */
bool gw_job_plan_may(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t site);

/* Time until the first work if it begins now: starting, or resuming from its checkpoint; 0 while it runs. */
int64_t gw_job_plan_overhead_us(const struct gw_job_view *job);

/* ---- one start ---- */

enum gw_job_start_rule {
    GW_JOB_START_NOW,
    GW_JOB_START_SLOT,   /* where the signal is lowest at the start */
    GW_JOB_START_WINDOW, /* where it is lowest over the length */
    GW_JOB_START_RATE,   /* where it saves most per time until the job is done (GAIA's Carbon-Time) */
    GW_JOB_START_LAST    /* as late as it may */
};

struct gw_job_start {
    int64_t at_us;
    uint32_t site; /* where nothing fits: where it is, else the first one allowed, to be refused there */
};

/* Starts in [from, latest] lie step_us apart, counted from `from`; 0 looks at every instant that can be best,
 * which are those where the span begins or ends at an edge of the series. */
struct gw_job_ask {
    enum gw_job_start_rule rule;
    uint32_t signal;
    int64_t from_us, latest_us, length_us, step_us;
};

/* The best one over the sites that come into question. */
struct gw_job_start gw_job_plan_start(const struct gw_job_desk *desk, const struct gw_job_view *job,
                                      const struct gw_job_ask *ask);

/* ---- pieces ---- */

struct gw_job_piece {
    int64_t from_us, to_us;
    double value;
    uint32_t site;
};
struct gw_job_pieces {
    struct gw_job_piece *at; /* in order of time */
    size_t n, cap;
};
void gw_job_plan_free(struct gw_job_pieces *self);

/* The intervals of the signal's series in [from, to), replacing what was there. False when memory is out. */
bool gw_job_plan_lay(struct gw_job_pieces *self, const struct gw_job_desk *desk, uint32_t signal,
                     uint32_t site, int64_t from_us, int64_t to_us);

/* The same of whichever site is lowest at each time, over the sites where the job fits. */
bool gw_job_plan_lay_least(struct gw_job_pieces *self, const struct gw_job_desk *desk,
                           const struct gw_job_view *job, uint32_t signal, int64_t from_us, int64_t to_us);

/* Keeps the cheapest ones, need_us of them in all (or all there is), and returns their cost. The dearest is
 * cut: what touches another piece stays. */
double gw_job_plan_cheapest(struct gw_job_pieces *self, int64_t need_us);

/* The value below which `share` of the time lies; the pieces come back in order of time. */
double gw_job_plan_quantile(struct gw_job_pieces *self, double share);

/* Spans that do not touch. */
size_t gw_job_plan_spans(const struct gw_job_pieces *self);

/* ---- schedules ---- */

/* From `at` until it is done. 0, or what the schedule says. */
int gw_job_plan_run(struct gw_schedule *out, const struct gw_job_view *job, uint32_t site, uint32_t tier,
                    int64_t at_us);

/* In the pieces, the last one until the job is done. */
int gw_job_plan_write(struct gw_schedule *out, const struct gw_job_view *job,
                      const struct gw_job_pieces *pieces);

/* True when nothing is to be weighed: its work stopped against its will, or its accelerators were denied. */
bool gw_job_plan_interrupted(const struct gw_job_view *job);

#endif
