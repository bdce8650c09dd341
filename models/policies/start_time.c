/* Policies that choose one start for a job, when it arrives, and let it run from there: lowest-slot,
 * lowest-window, carbon-time. They differ in what they compare (models/policies/job_plan.h):
 *
 *   lowest-slot     CI(s)                                     knows nothing of the job
 *   lowest-window   C(s), the integral of CI over [s, s + L]  knows L, or the mean of its queue
 *   carbon-time     (C(a) - C(s)) / (s - a + L)               the same, and weighs the waiting
 *
 * over the starts s = a, a + step, ... up to a + W, the wait that the queue allows; lowest-slot over the
 * arrival and the hours' beginnings. Hanafy et al., "Going
 * Green for Less Green: Optimizing the Cost of Reducing Cloud Carbon Emissions" (GAIA), ASPLOS 2024.
 * docs/policies/temporal.md */
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"

static const char source[] = "Hanafy et al., GAIA, ASPLOS 2024";

struct cfg {
    double step_s, unlimited_s;
    int32_t signal, length;
};

enum { LENGTH_MEAN, LENGTH_KNOWN };
static const char *const lengths[] = {"mean", "known", NULL};

#define STEP(def)                                                                                            \
    {                                                                                                        \
        "step", "s", GW_PARAM_NUMBER, offsetof(struct cfg, step_s), def, 0.0, 1e7, NULL,                     \
            "Time between the starts that are compared, counted from the arrival; 0: all that can be best"   \
    }
#define UNLIMITED                                                                                            \
    {                                                                                                        \
        "unlimited", "s", GW_PARAM_NUMBER, offsetof(struct cfg, unlimited_s), 86400.0, 0.0, 1e9, NULL,       \
            "How long a job waits that has neither a deadline nor a queue with a limit"                      \
    }
#define SIGNAL                                                                                               \
    {                                                                                                        \
        "signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,         \
            "What is to be low: carbon intensity, or the price of electricity"                               \
    }
#define LENGTH                                                                                               \
    {                                                                                                        \
        "length", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, length), LENGTH_MEAN, 0, 0, lengths,           \
            "What is known of a job's length: the mean of its queue, or itself"                              \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }

static const struct gw_policy_param slot_params[] = {STEP(0.0), UNLIMITED, SIGNAL, END};
static const struct gw_policy_param window_params[] = {STEP(3600.0), UNLIMITED, SIGNAL, LENGTH, END};

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct cfg *p = malloc(sizeof *p);
    if (p == NULL) {
        return 1;
    }
    *p = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static int schedule(const struct cfg *cfg, enum gw_job_start_rule rule, const struct gw_job_desk *desk,
                    const struct gw_job_view *job, struct gw_schedule *out)
{
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    const bool known = cfg->length == LENGTH_KNOWN;
    const int64_t length_us = known ? job->left_us : (int64_t)job->queue_mean_us;
    const struct gw_job_window window = gw_job_plan_window(job, length_us, cfg->unlimited_s);
    const struct gw_job_ask ask = {
        .rule = job->why == GW_LOOK_ARRIVED ? rule : GW_JOB_START_NOW,
        .signal = (uint32_t)cfg->signal,
        .from_us = job->now_us,
        .latest_us = window.latest_us,
        .length_us = window.finish_us - window.latest_us,
        .step_us = (int64_t)(cfg->step_s * 1e6),
    };
    const struct gw_job_start start = gw_job_plan_start(desk, job, &ask);
    return gw_job_plan_run(out, job, start.site, GW_TIER_ANY, start.at_us);
}

static int slot_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                         const struct gw_job_view *job, struct gw_schedule *out,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return schedule(self, GW_JOB_START_SLOT, desk, job, out);
}

static int window_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                           const struct gw_job_view *job, struct gw_schedule *out,
                           struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return schedule(self, GW_JOB_START_WINDOW, desk, job, out);
}

static int rate_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                         const struct gw_job_view *job, struct gw_schedule *out,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return schedule(self, GW_JOB_START_RATE, desk, job, out);
}

#define OPS                                                                                                  \
    .abi = GW_POLICY_ABI, .bytes = sizeof(struct gw_policy_ops), .slots = GW_SLOT_TRAINING,                  \
    .reference = source, .cfg_size = sizeof(struct cfg), .create = create, .destroy = free

const struct gw_policy_ops gw_policy_lowest_slot = {
    OPS,
    .name = "lowest-slot",
    .summary = "A job starts where the forecast is lowest within its wait",
    .params = slot_params,
    .schedule = slot_schedule,
};

const struct gw_policy_ops gw_policy_lowest_window = {
    OPS,
    .name = "lowest-window",
    .summary = "A job starts where the forecast is lowest over its length",
    .params = window_params,
    .schedule = window_schedule,
};

const struct gw_policy_ops gw_policy_carbon_time = {
    OPS,
    .name = "carbon-time",
    .summary = "A job starts where it saves most per time until it is done (GAIA)",
    .params = window_params,
    .schedule = rate_schedule,
};
