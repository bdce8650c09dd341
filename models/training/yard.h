/* models/training/yard.h - where training jobs are scheduled: jobs in, decisions of a policy, accelerators of
 * sites by tier, and what was drawn, held, lost and paid.
 *
 * The core knows no ticks: a job has one next event (its segment begins or ends, it is done, a checkpoint is
 * written, an accelerator fails or is taken away, the policy wants to look), all of them in one queue. At one
 * instant first accelerators become free, then who is due starts or is looked at, then new jobs arrive. Work
 * and energy are exact to the microsecond: power is a sum of whole microwatts that changes at events, so any
 * times of reading give the same energy.
 *
 *   waiting -> [moving] -> preparing -> working -> saving -> waiting ... -> done
 *
 * moving: its checkpoint is on the way to another site, nothing is held. preparing, saving: accelerators are
 * held without work. A job that is denied accelerators waits in its site's line: higher priority first, then
 * first come, first served; whose queue has its quota keeps nobody of other queues waiting.
 * Draws are keyed by (seed, job, how often it got accelerators): a policy does not change another's luck.
 * Deterministic; one thread. docs/models/training.md. */
#ifndef GW_MODELS_TRAINING_YARD_H
#define GW_MODELS_TRAINING_YARD_H

#include "models/policies/policy.h"
#include "models/training/job.h"
#include "models/training/signal_integral.h"
#include "sim/base/status.h"

#define GW_YARD_UNLIMITED UINT32_MAX

struct gw_yard_site {
    const char *name;
    uint32_t total[GW_TIERS]; /* accelerators; GW_YARD_UNLIMITED: as many as anybody wants */
    uint32_t rented;          /* of the reserved ones; the others, nodes of the site, are taken first */
    gw_time_us grace_us;      /* given to jobs whose reserved ones are taken back; 0: none */
    double usd_per_h[GW_TIERS];
    double evictions_per_h;                  /* of a job on spot accelerators */
    const struct gw_signal_integral *carbon; /* the truth, for the records; NULL: not recorded */
};

/* What the desk answers with: the signal as forecast at now_us, NULL when there is no such signal. Called
 * with now_us in order. */
struct gw_yard_outlook {
    const struct gw_signal_integral *(*at)(void *of, uint32_t signal, uint32_t site, gw_time_us now_us);
    void *of;
};

struct gw_yard_cfg {
    const struct gw_job *job; /* in order of (submit_us, number) */
    uint32_t jobs;
    const struct gw_job_kind *kind;
    const struct gw_job_queue *queue;
    const struct gw_yard_site *site;
    uint32_t sites;
    const double *gb_per_s; /* [sites][sites] for checkpoints, 0: no way; NULL: they are everywhere at once */
    bool backfill;          /* who fits may pass who waits in line */
    uint64_t seed;
    gw_time_us begin_us; /* no job is submitted before it */
    struct gw_yard_outlook outlook;
    const struct gw_policy_ops *policy;
    void *self;
    const char *policy_name; /* in messages */
    const struct gw_view *view;
};

/* What became of a job. Energy at the nodes' plugs if the kinds' watts are; carbon of it by the site's truth.
 */
struct gw_job_record {
    gw_time_us start_us, end_us; /* of its first accelerators, of its work; GW_NEVER_US: not yet */
    gw_time_us waited_us;        /* without accelerators since it was submitted */
    uint32_t site;               /* where it was last; UINT32_MAX: nowhere */
    uint32_t stops, moves, evictions, failures;
    double left_us; /* of its work */
    double energy_j, lost_j, carbon_g, usd;
};

/* Of a site between two readings. */
struct gw_yard_meter {
    double work_j, held_j;
    double lost_j;           /* of both, for work that was done for nothing; told when it is lost */
    double held_s[GW_TIERS]; /* accelerator seconds, held in any way */
    double nodes_s;          /* of reserved ones that are the site's nodes and not being given back */
    double work_s;           /* of them at work */
    double usd;              /* on demand and spot; reserved ones are paid for anyway */
};

struct gw_yard;

/* `cfg` is copied, what it points to outlives the yard. NULL when memory is out. */
struct gw_yard *gw_yard_create(const struct gw_yard_cfg *cfg);
void gw_yard_destroy(struct gw_yard *self);

/* Everything before until_us. GW_ERR_POLICY names the policy and the contract it broke. */
GW_MUST_USE enum gw_status gw_yard_advance(struct gw_yard *self, gw_time_us until_us, struct gw_error *err);

/* As of the last advance. A smaller total takes accelerators back: from the lowest priority, of these from
 * who got them last. With a grace that is long enough he writes a checkpoint at once and then lets go; else
 * he loses them now, and what is not saved. */
GW_MUST_USE enum gw_status gw_yard_resize(struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t total,
                                          struct gw_error *err);
GW_MUST_USE enum gw_status gw_yard_outage(struct gw_yard *self, uint32_t site, bool out,
                                          struct gw_error *err);

/* Up to at_us, to which it has been advanced, since the reading before. */
struct gw_yard_meter gw_yard_read(struct gw_yard *self, uint32_t site, gw_time_us at_us);

/* The next event, an arrival included; GW_NEVER_US when nothing will happen. */
gw_time_us gw_yard_next(const struct gw_yard *self);
uint32_t gw_yard_used(const struct gw_yard *self, uint32_t site, uint32_t tier);
uint32_t gw_yard_done(const struct gw_yard *self);
uint64_t gw_yard_looks(const struct gw_yard *self); /* how often the policy was asked */

/* Brings the records of jobs under way up to the last advance. */
void gw_yard_settle(struct gw_yard *self);
const struct gw_job_record *gw_yard_record(const struct gw_yard *self,
                                           uint32_t job); /* by its place in cfg */

/* Every invariant the slow way (GW_REQUIRE). */
void gw_yard_verify(const struct gw_yard *self);

#endif
