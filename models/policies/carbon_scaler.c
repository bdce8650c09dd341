/* Carbon-scaler: elastic jobs of known length, wide in clean hours, narrow or stopped in dirty ones. The
 * greedy of models/policies/job_scale.h over the forecast, at each site that comes into question; the best
 * site. Planned at the job's arrival and again when it was disturbed. A job that cannot be done by its
 * deadline works at its greatest useful width until it is done. Hanafy et al., "CarbonScaler: Leveraging
 * Cloud Workload Elasticity for Optimizing Carbon-Efficiency", SIGMETRICS 2024.
 * docs/policies/carbon-scaler.md
 *
 * Oracle: the same at each job's arrival, but over whichever site is lowest at each time, as if moving cost
 * nothing. Where checkpoints do take time it keeps to the best single site. With perfect forecasts, free
 * accelerators and stops that cost nothing no policy that keeps to the same deadlines emits less. */
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_scale.h"
#include "models/policies/registry.h"

struct cfg {
    double widen, unlimited_s;
    int32_t signal;
};

static const struct gw_policy_param params[] = {
    {"widen", "1", GW_PARAM_NUMBER, offsetof(struct cfg, widen), 1.0, 1.0, 1e6, NULL,
     "Accelerators that are added at a time"},
    {"signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,
     "What is to be low: carbon intensity, or the price of electricity"},
    {"unlimited", "s", GW_PARAM_NUMBER, offsetof(struct cfg, unlimited_s), 86400.0, 0.0, 1e9, NULL,
     "How long a job waits that has neither a deadline nor a queue with a limit"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct scaler {
    struct cfg cfg;
    struct gw_job_scale plan, best;
};

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct scaler *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static void destroy(void *self)
{
    struct scaler *p = self;
    if (p != NULL) {
        gw_job_scale_free(&p->plan);
        gw_job_scale_free(&p->best);
        free(p);
    }
}

static void swap(struct gw_job_scale *a, struct gw_job_scale *b)
{
    const struct gw_job_scale c = *a;
    *a = *b;
    *b = c;
}

/* As wide as helps, where the work costs least from now on; or where it was denied, at its own width. */
static int hurry(struct scaler *p, const struct gw_job_desk *desk, const struct gw_job_view *job,
                 struct gw_schedule *out)
{
    const uint32_t signal = (uint32_t)p->cfg.signal;
    const struct gw_job_ask now = {
        GW_JOB_START_NOW, signal, job->now_us, job->now_us, job->left_us, 1,
    };
    struct gw_segment all = {job->now_us, INT64_MAX, 0, GW_TIER_ANY, job->width, 1.0};
    all.site = gw_job_plan_start(desk, job, &now).site;
    if (job->why != GW_LOOK_DENIED) {
        if (!gw_job_scale_levels(&p->plan, desk, job, all.site, (uint32_t)p->cfg.widen)) {
            return 1;
        }
        all.width = p->plan.n_levels > 0 ? p->plan.level[p->plan.n_levels - 1].width : job->width;
    }
    return out->add(out, &all);
}

/* Writes the cheapest plan over the sites that come into question. */
static int one_site(struct scaler *p, const struct gw_job_desk *desk, const struct gw_job_view *job,
                    int64_t finish_us, struct gw_schedule *out)
{
    bool found = false;
    double least = INFINITY;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (!gw_job_plan_may(desk, job, s)) {
            continue;
        }
        const double cost = gw_job_scale_fit(&p->plan, desk, job, (uint32_t)p->cfg.signal, s,
                                             (uint32_t)p->cfg.widen, finish_us);
        if (isnan(cost)) {
            return 1;
        }
        if (isfinite(cost) && (!found || cost < least - GW_JOB_PLAN_ALIKE * fabs(least))) {
            found = true;
            least = cost;
            swap(&p->plan, &p->best);
        }
    }
    return found ? gw_job_scale_write(&p->best, out) : hurry(p, desk, job, out);
}

static int scaler_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                           const struct gw_job_view *job, struct gw_schedule *out,
                           struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct scaler *p = self;
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    const struct gw_job_window window = gw_job_plan_window(job, job->left_us, p->cfg.unlimited_s);
    return job->why == GW_LOOK_DENIED ? hurry(p, desk, job, out)
                                      : one_site(p, desk, job, window.finish_us, out);
}

/* The first site where the job fits; UINT32_MAX where a move between two that do takes time, or none does. */
static uint32_t free_to_move(const struct gw_job_desk *desk, const struct gw_job_view *job)
{
    uint32_t first = UINT32_MAX;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (!gw_job_plan_fits(desk, job, s)) {
            continue;
        }
        first = first == UINT32_MAX ? s : first;
        for (uint32_t d = 0; d < job->sites; d++) {
            if (d != s && gw_job_plan_fits(desk, job, d) && desk->move_us(desk, job, s, d) > 0) {
                return UINT32_MAX;
            }
        }
    }
    return first;
}

static int oracle_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                           const struct gw_job_view *job, struct gw_schedule *out,
                           struct gw_policy_error *error)
{
    const uint32_t site = free_to_move(desk, job);
    struct scaler *p = self;
    if (job->why == GW_LOOK_DONE || job->why == GW_LOOK_DENIED || site == UINT32_MAX) {
        return scaler_schedule(self, view, desk, job, out, error);
    }
    const struct gw_job_window window = gw_job_plan_window(job, job->left_us, p->cfg.unlimited_s);
    const double work_us = (double)(job->left_us + gw_job_plan_overhead_us(job));
    if (!gw_job_scale_levels(&p->plan, desk, job, site, (uint32_t)p->cfg.widen) ||
        !gw_job_plan_lay_least(&p->plan.slots, desk, job, (uint32_t)p->cfg.signal, job->now_us,
                               window.finish_us) ||
        !gw_job_scale_plan(&p->plan, work_us)) {
        return 1;
    }
    return p->plan.work_us < work_us ? hurry(p, desk, job, out) : gw_job_scale_write(&p->plan, out);
}

const struct gw_policy_ops gw_policy_carbon_scaler = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .name = "carbon-scaler",
    .summary = "Elastic jobs: wide in clean hours, narrow or stopped in dirty ones",
    .reference = "Hanafy et al., CarbonScaler, SIGMETRICS 2024",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .destroy = destroy,
    .schedule = scaler_schedule,
};

const struct gw_policy_ops gw_policy_oracle = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .flags = GW_POLICY_ORACLE,
    .name = "oracle",
    .summary = "Elastic jobs in the cleanest hours of any site, as if moving cost nothing",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .destroy = destroy,
    .schedule = oracle_schedule,
};
