/* tests/support/job_desk.h - a desk over plain arrays of hours, a job on it, and a slow obvious executor that
 * lets one job run as a policy says, with as many accelerators as it wants.
 *
 * Hours beyond the array hold its last value. One accelerator draws 1 kW, so carbon is the integral of the
 * signal over accelerator hours at work. Sites are free to move between unless move_us says otherwise. */
#ifndef GW_TESTS_SUPPORT_JOB_DESK_H
#define GW_TESTS_SUPPORT_JOB_DESK_H

#include <stdbool.h>

#include "models/policies/policy.h"

#define JOB_DESK_HOUR INT64_C(3600000000)

enum { JOB_DESK_SITES = 4, JOB_DESK_SEGMENTS = 512 };

struct job_desk {
    struct gw_job_desk public; /* first: the functions find the rest by it */
    const double *signal[JOB_DESK_SITES];
    uint32_t hours, sites;
    uint32_t total[GW_TIERS], free[GW_TIERS]; /* the same at every site */
    int64_t move_us;
    double exponent;      /* speed = (width / the job's)^exponent */
    uint32_t flat_beyond; /* widths beyond it gain nothing; 0: none is flat */
};

/* Sites with these hours of signal and 1000 reserved accelerators each, none on other terms. */
void job_desk_init(struct job_desk *self, uint32_t sites, const double *const *signal, uint32_t hours);

/* A job of one accelerator that came at `at`, allowed everywhere, in a queue of jobs like it. */
struct gw_job_view job_desk_job(const struct job_desk *desk, int64_t at_us, int64_t length_us,
                                int64_t wait_us);

struct job_desk_plan {
    struct gw_schedule public; /* first */
    struct gw_segment segment[JOB_DESK_SEGMENTS];
    uint32_t n;
};
void job_desk_plan_init(struct job_desk_plan *self);

/* A policy with its default parameters and these changes: "key", value, ..., NULL. A choice is its index. */
struct job_desk_policy {
    const struct gw_policy_ops *ops;
    double cfg[16];
    void *self;
};
void job_desk_policy_init(struct job_desk_policy *self, const struct gw_policy_ops *ops, ...);
void job_desk_policy_fini(struct job_desk_policy *self);

/* One decision; it has to succeed. */
void job_desk_ask(struct job_desk_policy *policy, const struct job_desk *desk, const struct gw_job_view *job,
                  struct job_desk_plan *out);

/* From arrival to end. */
struct job_desk_run {
    double carbon; /* signal times accelerator hours */
    int64_t end_us, waited_us;
    uint32_t stops, moves, looks;
};
struct job_desk_run job_desk_run(struct job_desk_policy *policy, const struct job_desk *desk,
                                 struct gw_job_view job);

#endif
