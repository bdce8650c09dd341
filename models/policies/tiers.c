/* Policies that weigh what accelerators cost against waiting for clean hours: res-first, spot-first,
 * spot-res.
 *
 *   res-first    a job starts at once where reserved accelerators, which are paid anyhow, are free, or as
 * soon as they become so; else at the start that `base` chooses, reserved or on demand spot-first   jobs of
 * queues with a mean up to `short` start on spot, all others reserved or on demand, both at the start that
 * `base` chooses spot-res     short jobs as in spot-first, the others as in res-first
 *
 * A job that loses its spot accelerators goes on at once, reserved or on demand. Hanafy et al., "Going Green
 * for Less Green" (GAIA), ASPLOS 2024. docs/policies/tiers.md */
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"

static const char source[] = "Hanafy et al., GAIA, ASPLOS 2024";

struct cfg {
    double step_s, unlimited_s, short_s;
    int32_t signal, base;
};

/* in the order of enum gw_job_start_rule */
static const char *const bases[] = {"now", "lowest-slot", "lowest-window", "carbon-time", "last", NULL};

#define COMMON                                                                                               \
    {"base",                                                                                                 \
     NULL,                                                                                                   \
     GW_PARAM_CHOICE,                                                                                        \
     offsetof(struct cfg, base),                                                                             \
     GW_JOB_START_RATE,                                                                                      \
     0,                                                                                                      \
     0,                                                                                                      \
     bases,                                                                                                  \
     "Who chooses the start of a job that has to wait; last: as late as its queue allows"},                  \
        {"step",                                                                                             \
         "s",                                                                                                \
         GW_PARAM_NUMBER,                                                                                    \
         offsetof(struct cfg, step_s),                                                                       \
         3600.0,                                                                                             \
         0.0,                                                                                                \
         1e7,                                                                                                \
         NULL,                                                                                               \
         "Time between the starts that are compared, counted from the arrival; 0: all that can be best"},    \
        {"unlimited",                                                                                        \
         "s",                                                                                                \
         GW_PARAM_NUMBER,                                                                                    \
         offsetof(struct cfg, unlimited_s),                                                                  \
         86400.0,                                                                                            \
         0.0,                                                                                                \
         1e9,                                                                                                \
         NULL,                                                                                               \
         "How long a job waits that has neither a deadline nor a queue with a limit"},                       \
    {                                                                                                        \
        "signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,         \
            "What is to be low: carbon intensity, or the price of electricity"                               \
    }
#define SHORT                                                                                                \
    {                                                                                                        \
        "short", "s", GW_PARAM_NUMBER, offsetof(struct cfg, short_s), 7200.0, 0.0, 1e9, NULL,                \
            "Jobs of queues with a mean length up to this go on spot"                                        \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }

static const struct gw_policy_param res_params[] = {COMMON, END};
static const struct gw_policy_param spot_params[] = {COMMON, SHORT, END};

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

/* The start that `base` chose at the job's arrival. Asked again later it finds the same one, because before
 * now the desk tells what the signal was; where forecasts were wrong it may differ, and is never in the past.
 */
static struct gw_job_start planned(const struct cfg *cfg, const struct gw_job_desk *desk,
                                   const struct gw_job_view *job)
{
    const int64_t length_us = (int64_t)job->queue_mean_us;
    const struct gw_job_window window = gw_job_plan_window(job, length_us, cfg->unlimited_s);
    const bool waits = job->why == GW_LOOK_ARRIVED || job->why == GW_LOOK_FREED;
    const struct gw_job_ask ask = {
        .rule = waits ? (enum gw_job_start_rule)cfg->base : GW_JOB_START_NOW,
        .signal = (uint32_t)cfg->signal,
        .from_us = waits ? job->submitted_us : job->now_us,
        .latest_us = window.latest_us,
        .length_us = window.finish_us - window.latest_us,
        .step_us = (int64_t)(cfg->step_s * 1e6),
    };
    struct gw_job_start start = gw_job_plan_start(desk, job, &ask);
    start.at_us = start.at_us > job->now_us ? start.at_us : job->now_us;
    return start;
}

/* The site with free reserved accelerators where the signal is lowest now; UINT32_MAX: none. */
static uint32_t reserved_site(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t signal)
{
    uint32_t best = UINT32_MAX;
    double least = 0.0;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (gw_job_plan_may(desk, job, s) && desk->free(desk, s, GW_TIER_RESERVED) >= job->width) {
            const double value = desk->value(desk, signal, s, job->now_us);
            if (best == UINT32_MAX || value < least) {
                best = s;
                least = value;
            }
        }
    }
    return best;
}

static bool is_short(const struct cfg *cfg, const struct gw_job_view *job)
{
    return job->queue_mean_us <= cfg->short_s * 1e6;
}

static int run_reserved(const struct cfg *cfg, const struct gw_job_desk *desk, const struct gw_job_view *job,
                        struct gw_schedule *out)
{
    const uint32_t site = reserved_site(desk, job, (uint32_t)cfg->signal);
    if (site != UINT32_MAX) {
        return gw_job_plan_run(out, job, site, GW_TIER_RESERVED, job->now_us);
    }
    const struct gw_job_start start = planned(cfg, desk, job);
    if (start.at_us <= job->now_us) {
        return gw_job_plan_run(out, job, start.site, GW_TIER_ANY, job->now_us);
    }
    out->look_again_us = start.at_us;
    out->wait_tier = GW_TIER_RESERVED;
    return 0;
}

static int run_spot(const struct cfg *cfg, const struct gw_job_desk *desk, const struct gw_job_view *job,
                    struct gw_schedule *out)
{
    const struct gw_job_start start = planned(cfg, desk, job);
    const uint32_t tier = gw_job_plan_interrupted(job) ? GW_TIER_ANY : GW_TIER_SPOT;
    return gw_job_plan_run(out, job, start.site, tier, start.at_us);
}

static int res_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                        const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return job->why == GW_LOOK_DONE ? 0 : run_reserved(self, desk, job, out);
}

static int spot_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                         const struct gw_job_view *job, struct gw_schedule *out,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    if (is_short(self, job)) {
        return run_spot(self, desk, job, out);
    }
    const struct gw_job_start start = planned(self, desk, job);
    return gw_job_plan_run(out, job, start.site, GW_TIER_ANY, start.at_us);
}

static int spot_res_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                             const struct gw_job_view *job, struct gw_schedule *out,
                             struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    return is_short(self, job) ? run_spot(self, desk, job, out) : run_reserved(self, desk, job, out);
}

#define OPS                                                                                                  \
    .abi = GW_POLICY_ABI, .bytes = sizeof(struct gw_policy_ops), .slots = GW_SLOT_TRAINING,                  \
    .reference = source, .cfg_size = sizeof(struct cfg), .create = create, .destroy = free

const struct gw_policy_ops gw_policy_res_first = {
    OPS,
    .name = "res-first",
    .summary = "At once where reserved accelerators are free, else at a clean start",
    .params = res_params,
    .schedule = res_schedule,
};

const struct gw_policy_ops gw_policy_spot_first = {
    OPS,
    .name = "spot-first",
    .summary = "Short jobs on spot accelerators, all of them at a clean start",
    .params = spot_params,
    .schedule = spot_schedule,
};

const struct gw_policy_ops gw_policy_spot_res = {
    OPS,
    .name = "spot-res",
    .summary = "Short jobs on spot at a clean start, the others on reserved accelerators first",
    .params = spot_params,
    .schedule = spot_res_schedule,
};
