/* Geo-migrate: a job runs where the signal is lowest, and moves when that pays. Looked at every `poll`:
 *
 *   gain(d) = P (C_here - C_d)                 over the coming `look`, or what is left of the job if less
 *   cost(d) = P_move (CI_here + CI_d) / 2 + P (T_checkpoint CI_here + T_resume CI_d)
 *   moves to the d with the largest gain - (1 + margin) cost, if that is above 0
 *
 * C is the integral of the forecast, P the job's power. While the checkpoint travels the job holds nothing,
 * so a move costs energy for writing and resuming, and time: work that is put off meets the hours that
 * follow, so C_d begins when the checkpoint is there. `transfer` is the energy of the transfer itself, in
 * kWh; half counts at each end. A job that would be late by moving stays. It starts, when it comes, where the
 * same integral is lowest.
 *
 * The hysteresis keeps jobs from following small differences: with `margin` 0 every gain counts that pays for
 * the move alone. Sukprasert et al., "On the Limitations of Carbon-Aware Temporal and Spatial Workload
 * Shifting in the Cloud", EuroSys 2024, for what such moves can gain. docs/policies/geo-migrate.md */
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"
#include "sim/base/units.h"

struct cfg {
    double poll_s, look_s, margin, transfer_kwh;
    int32_t signal;
};

static const struct gw_policy_param params[] = {
    {"poll", "s", GW_PARAM_NUMBER, offsetof(struct cfg, poll_s), 3600.0, 1.0, 1e7, NULL,
     "Time between two looks"},
    {"look", "s", GW_PARAM_NUMBER, offsetof(struct cfg, look_s), 86400.0, 1.0, 1e7, NULL,
     "How far ahead a move has to pay, at most"},
    {"margin", "1", GW_PARAM_NUMBER, offsetof(struct cfg, margin), 0.5, 0.0, 1e3, NULL,
     "Hysteresis: how much more than the move costs it has to gain"},
    {"transfer", "kWh", GW_PARAM_NUMBER, offsetof(struct cfg, transfer_kwh), 0.0, 0.0, 1e6, NULL,
     "Energy of sending the checkpoint"},
    {"signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,
     "What is to be low: carbon intensity, or the price of electricity"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

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

static bool has_room(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t site)
{
    return desk->free(desk, site, GW_TIER_RESERVED) >= job->width ||
           desk->free(desk, site, GW_TIER_ON_DEMAND) >= job->width;
}

/* What a move gains beyond what it has to, in signal times kWh; -INFINITY where it cannot be. */
static double worth(const struct cfg *cfg, const struct gw_job_desk *desk, const struct gw_job_view *job,
                    uint32_t to, int64_t *arrives_us)
{
    const uint32_t signal = (uint32_t)cfg->signal, here = job->site;
    const int64_t travels_us = desk->move_us(desk, job, here, to);
    if (travels_us == INT64_MAX || !gw_job_plan_fits(desk, job, to) || !has_room(desk, job, to)) {
        return -INFINITY;
    }
    *arrives_us = job->now_us + job->checkpoint_us + travels_us;
    if (job->deadline_us != INT64_MAX && *arrives_us + job->resume_us + job->left_us > job->deadline_us) {
        return -INFINITY;
    }
    const int64_t look_us = (int64_t)(cfg->look_s * 1e6);
    const int64_t span_us = job->left_us < look_us ? job->left_us : look_us;
    const double kw = (double)job->width * job->watts / 1e3;
    const double stays = desk->integral(desk, signal, here, job->now_us, job->now_us + span_us);
    const double goes = desk->integral(desk, signal, to, *arrives_us, *arrives_us + span_us);
    const double ci_here = desk->value(desk, signal, here, job->now_us);
    const double ci_there = desk->value(desk, signal, to, *arrives_us);
    const double cost =
        cfg->transfer_kwh * (ci_here + ci_there) / 2.0 +
        kw * (gw_h_from_us(job->checkpoint_us) * ci_here + gw_h_from_us(job->resume_us) * ci_there);
    return kw * (stays - goes) - (1.0 + cfg->margin) * cost;
}

/* Where it is cheapest from now on: with room if there is such a site, else where it fits. */
static uint32_t first_site(const struct cfg *cfg, const struct gw_job_desk *desk,
                           const struct gw_job_view *job)
{
    const uint32_t signal = (uint32_t)cfg->signal;
    const int64_t look_us = (int64_t)(cfg->look_s * 1e6);
    const int64_t span_us = job->left_us < look_us ? job->left_us : look_us;
    uint32_t best = UINT32_MAX;
    bool best_room = false;
    double least = INFINITY;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (!gw_job_plan_fits(desk, job, s)) {
            continue;
        }
        const bool room = has_room(desk, job, s);
        const double cost = desk->integral(desk, signal, s, job->now_us, job->now_us + span_us);
        const bool lower = cost < least - GW_JOB_PLAN_ALIKE * fabs(least);
        if (best == UINT32_MAX || (room && !best_room) || (room == best_room && lower)) {
            best = s;
            best_room = room;
            least = cost;
        }
    }
    const struct gw_job_ask now = {
        GW_JOB_START_NOW, signal, job->now_us, job->now_us, span_us, 1,
    };
    return best != UINT32_MAX ? best : gw_job_plan_start(desk, job, &now).site;
}

static int schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                    const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    const struct cfg *cfg = self;
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    out->look_again_us = job->now_us + (int64_t)(cfg->poll_s * 1e6);
    if (job->site == UINT32_MAX) {
        return gw_job_plan_run(out, job, first_site(cfg, desk, job), GW_TIER_ANY, job->now_us);
    }
    uint32_t to = UINT32_MAX;
    int64_t arrives_us = job->now_us;
    double most = 0.0;
    for (uint32_t s = 0; s < job->sites; s++) {
        int64_t at_us = 0;
        const double gain = s != job->site ? worth(cfg, desk, job, s, &at_us) : -INFINITY;
        if (gain > most * (1.0 + GW_JOB_PLAN_ALIKE)) {
            to = s;
            most = gain;
            arrives_us = at_us;
        }
    }
    if (to == UINT32_MAX) {
        return gw_job_plan_run(out, job, job->site, GW_TIER_ANY, job->now_us);
    }
    out->look_again_us =
        arrives_us + (int64_t)(cfg->poll_s * 1e6); /* a checkpoint on its way is left alone */
    return gw_job_plan_run(out, job, to, GW_TIER_ANY, arrives_us);
}

const struct gw_policy_ops gw_policy_geo_migrate = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .name = "geo-migrate",
    .summary = "A job runs where the signal is lowest, and moves its checkpoint when that pays",
    .reference = "Sukprasert et al., Limitations of Carbon-Aware Shifting, EuroSys 2024",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .destroy = free,
    .schedule = schedule,
};
