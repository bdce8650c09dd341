/* Wait-awhile: the cheapest hours before a deadline, for a job whose length is known. Uninterrupted, the one
 * span of its length with the least integral; interrupted, the cheapest pieces that add up to its length.
 * With d the latest end (submission + wait + length, or the job's deadline where that is earlier):
 *
 *   uninterrupted   min over s of C(s), s + L <= d
 *   interrupted     the pieces of [a, d) in order of CI, until their lengths add up to L
 *
 * Each checkpoint and resumption takes time of its own, so a plan in k spans has (k - 1) of them to place as
 * well; the plan is the better of the two. Wiesner et al., "Let's Wait Awhile: How Temporal Workload Shifting
 * Can Reduce Carbon Emissions in the Cloud", Middleware 2021. docs/policies/temporal.md */
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"

struct cfg {
    double step_s, unlimited_s;
    int32_t signal, interrupt;
};

enum { INTERRUPT_YES, INTERRUPT_NO };
enum { ROUNDS = 8 }; /* of making room for resumptions: each adds spans, fewer each time */
static const char *const yes_no[] = {"yes", "no", NULL};

static const struct gw_policy_param params[] = {
    {"interrupt", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, interrupt), INTERRUPT_YES, 0, 0, yes_no,
     "Whether a job may be stopped and resumed"},
    {"signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,
     "What is to be low: carbon intensity, or the price of electricity"},
    {"step", "s", GW_PARAM_NUMBER, offsetof(struct cfg, step_s), 0.0, 0.0, 1e7, NULL,
     "Uninterrupted: time between the starts that are compared; 0: all that can be best"},
    {"unlimited", "s", GW_PARAM_NUMBER, offsetof(struct cfg, unlimited_s), 86400.0, 0.0, 1e9, NULL,
     "How long a job waits that has neither a deadline nor a queue with a limit"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct wait_awhile {
    struct cfg cfg;
    struct gw_job_pieces pieces, best;
};

static int wait_awhile_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                              struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct wait_awhile *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static void wait_awhile_destroy(void *self)
{
    struct wait_awhile *p = self;
    if (p != NULL) {
        gw_job_plan_free(&p->pieces);
        gw_job_plan_free(&p->best);
        free(p);
    }
}

/* The cheapest pieces at one site with room for their own resumptions: NAN when memory is out. */
static double in_pieces(struct gw_job_pieces *pieces, const struct gw_job_desk *desk,
                        const struct gw_job_view *job, uint32_t signal, uint32_t site, int64_t finish_us)
{
    const int64_t once_us = gw_job_plan_overhead_us(job) + job->left_us;
    int64_t need_us = once_us;
    for (int round = 0; round < ROUNDS; round++) {
        if (!gw_job_plan_lay(pieces, desk, signal, site, job->now_us, finish_us)) {
            return NAN;
        }
        const double cost = gw_job_plan_cheapest(pieces, need_us);
        const int64_t stops = (int64_t)gw_job_plan_spans(pieces) - 1;
        const int64_t again_us = stops * (job->checkpoint_us + job->resume_us);
        if (once_us + again_us <= need_us) {
            return cost;
        }
        need_us = once_us + again_us;
    }
    return INFINITY; /* spans so short that resuming eats them */
}

static void swap(struct gw_job_pieces *a, struct gw_job_pieces *b)
{
    const struct gw_job_pieces c = *a;
    *a = *b;
    *b = c;
}

static int wait_awhile_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                                const struct gw_job_view *job, struct gw_schedule *out,
                                struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct wait_awhile *p = self;
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    const uint32_t signal = (uint32_t)p->cfg.signal;
    const struct gw_job_window window = gw_job_plan_window(job, job->left_us, p->cfg.unlimited_s);
    const int64_t busy_us = window.finish_us - window.latest_us;
    const struct gw_job_ask ask = {
        .rule = job->why == GW_LOOK_DENIED ? GW_JOB_START_NOW : GW_JOB_START_WINDOW,
        .signal = signal,
        .from_us = job->now_us,
        .latest_us = window.latest_us,
        .length_us = busy_us,
        .step_us = (int64_t)(p->cfg.step_s * 1e6),
    };
    const struct gw_job_start start = gw_job_plan_start(desk, job, &ask);
    if (p->cfg.interrupt == INTERRUPT_NO || job->why == GW_LOOK_DENIED) {
        return gw_job_plan_run(out, job, start.site, GW_TIER_ANY, start.at_us);
    }

    double least = desk->integral(desk, signal, start.site, start.at_us, start.at_us + busy_us);
    uint32_t site = UINT32_MAX;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (!gw_job_plan_may(desk, job, s)) {
            continue;
        }
        const double cost = in_pieces(&p->pieces, desk, job, signal, s, window.finish_us);
        if (isnan(cost)) {
            return 1;
        }
        if (cost < least - GW_JOB_PLAN_ALIKE * fabs(least)) {
            least = cost;
            site = s;
            swap(&p->pieces, &p->best);
        }
    }
    return site == UINT32_MAX ? gw_job_plan_run(out, job, start.site, GW_TIER_ANY, start.at_us)
                              : gw_job_plan_write(out, job, &p->best);
}

const struct gw_policy_ops gw_policy_wait_awhile = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .name = "wait-awhile",
    .summary = "The cheapest hours before a deadline, for jobs of known length",
    .reference = "Wiesner et al., Let's Wait Awhile, Middleware 2021",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = wait_awhile_create,
    .destroy = wait_awhile_destroy,
    .schedule = wait_awhile_schedule,
};
