/* How much power the accelerators of training jobs may draw: run-capped, run-zeus, run-chase and
 * run-chase-static. Jobs begin when they come and work to their end, as under run-now; what is chosen is a
 * share p of full power, from the points at which the job's speed was measured (`capping`), else 40 %, 45 %,
 * ... 100 %. With P(p) watts, T(p) time per work and Pmax the accelerators' limit
 *
 *   run-capped         the least p that is at least `cap`, all the time
 *   run-zeus           least (eta P + (1 - eta) Pmax) T, once (You, Chung, Chowdhury, Zeus, NSDI 2023)
 *   run-chase          least (eta P CI + (1 - eta) Pmax CI_max) T, anew for each `period` by the forecast
 *   run-chase-static   the same once, by the mean CI until the job is done
 *
 * (Yang, Meng, Xu, Chase, arXiv 2303.02508). What Chase saves beyond run-chase-static comes of following
 * carbon, the rest of a cap. Zeus's batch sizes are points of a curve like its caps: a curve of the catalogue
 * may be that of the best batch size under each cap. docs/policies/power.md */
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"
#include "sim/base/units.h"

enum { LAW_CAPS = 13 }; /* of a job without measured points */
static const double law_cap[LAW_CAPS] = {0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70,
                                         0.75, 0.80, 0.85, 0.90, 0.95, 1.00};

struct cfg {
    double cap, eta, high, period_s;
};

#define NUMBER(key, unit, field, def, min, max, doc)                                                         \
    {                                                                                                        \
        key, unit, GW_PARAM_NUMBER, offsetof(struct cfg, field), def, min, max, NULL, doc                    \
    }
#define ETA(doc) NUMBER("eta", "1", eta, 0.5, 0.0, 1.0, doc)
#define HIGH                                                                                                 \
    NUMBER("high", "gCO2/kWh", high, 0.0, 0.0, 1e5,                                                          \
           "Intensity of the dirtiest hour; 0: the highest from submission until the job is done")
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }

static const struct gw_policy_param capped_params[] = {
    NUMBER("cap", "1", cap, 0.75, 0.01, 1.0,
           "Share of full power; what lies between measured points is the upper one"),
    END};
static const struct gw_policy_param zeus_params[] = {ETA("Weight of energy; the rest is that of time"), END};
static const struct gw_policy_param chase_params[] = {
    ETA("Weight of carbon; the rest is that of time"), HIGH,
    NUMBER("period", "s", period_s, 1800.0, 60.0, 1e7, "Time between two choices"), END};
static const struct gw_policy_param chase_static_params[] = {
    ETA("Weight of carbon; the rest is that of time"), HIGH, END};

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct cfg *own = malloc(sizeof *own);
    if (own == NULL) {
        return 1;
    }
    *own = *(const struct cfg *)cfg;
    *self = own;
    return 0;
}

/* ---- choosing ---- */

/* What a job's caps cost: (weight P(p) + time Pmax) T(p), of the choices for this job. */
struct choice {
    const struct gw_job_desk *desk;
    const struct gw_job_view *job;
    double weight, time;
};

/* Of equal ones the highest. */
static double cheapest(const struct choice *c)
{
    const struct gw_job_view *job = c->job;
    const double *cap = job->caps > 0 ? job->cap : law_cap;
    const double full_w = c->desk->watts(c->desk, job, job->width, 1.0);
    double best = 1.0, least = INFINITY;
    for (uint32_t i = job->caps > 0 ? job->caps : LAW_CAPS; i-- > 0;) {
        const double watts = c->desk->watts(c->desk, job, job->width, cap[i]);
        const double cost = (c->weight * watts + c->time * job->limit_frac * full_w) /
                            c->desk->speed(c->desk, job, job->width, cap[i]);
        if (cost < least * (1.0 - 1e-12)) {
            least = cost;
            best = cap[i];
        }
    }
    return best;
}

/* At the site where it is, else the cleanest one now; until it is done. */
static int run(const struct gw_job_desk *desk, const struct gw_job_view *job, struct gw_schedule *out,
               double (*power)(const struct cfg *cfg, const struct choice *at, uint32_t site),
               const struct cfg *cfg, int64_t again_us)
{
    const struct gw_job_ask now = {
        GW_JOB_START_NOW, GW_JOB_CARBON, job->now_us, job->now_us, job->left_us, 1,
    };
    const uint32_t site = job->held > 0 ? job->site : gw_job_plan_start(desk, job, &now).site;
    const struct choice c = {.desk = desk, .job = job};
    const struct gw_segment all = {
        job->now_us > job->meant_us ? job->now_us : job->meant_us,
        INT64_MAX,
        site,
        job->held > 0 ? job->tier : GW_TIER_ANY,
        job->held > 0 ? job->held : job->width,
        power(cfg, &c, site),
    };
    out->look_again_us = again_us;
    return out->add(out, &all);
}

/* ---- the rules ---- */

static double capped_power(const struct cfg *cfg, const struct choice *c, uint32_t site)
{
    (void)site;
    for (uint32_t i = 0; i < c->job->caps; i++) {
        if (c->job->cap[i] >= cfg->cap) {
            return c->job->cap[i];
        }
    }
    return cfg->cap;
}

static double zeus_power(const struct cfg *cfg, const struct choice *c, uint32_t site)
{
    (void)site;
    struct choice zeus = *c;
    zeus.weight = cfg->eta;
    zeus.time = 1.0 - cfg->eta;
    return cheapest(&zeus);
}

static int64_t done_us(const struct gw_job_view *job)
{
    return job->now_us + (job->left_us > 0 ? job->left_us : 1);
}

/* The greatest value from its submission until it is done. */
static double dirtiest(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t site)
{
    double most = desk->value(desk, GW_JOB_CARBON, site, job->submitted_us);
    for (int64_t t = desk->edge(desk, GW_JOB_CARBON, site, job->submitted_us); t < done_us(job);
         t = desk->edge(desk, GW_JOB_CARBON, site, t)) {
        most = fmax(most, desk->value(desk, GW_JOB_CARBON, site, t));
    }
    return most;
}

static double chase_for(const struct cfg *cfg, const struct choice *c, uint32_t site, int64_t until_us)
{
    const double hours = gw_h_from_us(until_us - c->job->now_us);
    const double ci = c->desk->integral(c->desk, GW_JOB_CARBON, site, c->job->now_us, until_us) / hours;
    const double high = cfg->high > 0.0 ? cfg->high : dirtiest(c->desk, c->job, site);
    struct choice chase = *c;
    chase.weight = cfg->eta * ci;
    chase.time = (1.0 - cfg->eta) * high;
    return isfinite(ci) && isfinite(high) ? cheapest(&chase) : 1.0;
}

static int64_t next_us(const struct cfg *cfg, const struct gw_job_view *job)
{
    return job->now_us + (int64_t)(cfg->period_s * 1e6);
}

static double chase_power(const struct cfg *cfg, const struct choice *c, uint32_t site)
{
    return chase_for(cfg, c, site, next_us(cfg, c->job));
}

static double chase_static_power(const struct cfg *cfg, const struct choice *c, uint32_t site)
{
    return chase_for(cfg, c, site, done_us(c->job));
}

#define SCHEDULE(name, power, again)                                                                         \
    static int name(void *self, const struct gw_view *view, const struct gw_job_desk *desk,                  \
                    const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error)   \
    {                                                                                                        \
        (void)view;                                                                                          \
        (void)error;                                                                                         \
        const struct cfg *cfg = self;                                                                        \
        return job->why == GW_LOOK_DONE ? 0 : run(desk, job, out, power, cfg, again);                        \
    }
SCHEDULE(capped_schedule, capped_power, INT64_MAX)
SCHEDULE(zeus_schedule, zeus_power, INT64_MAX)
SCHEDULE(chase_schedule, chase_power, next_us(cfg, job))
SCHEDULE(chase_static_schedule, chase_static_power, INT64_MAX)
#undef SCHEDULE

#define OPS(id, word, what, cite, parameters, how)                                                           \
    const struct gw_policy_ops gw_policy_job_caps_##id = {                                                   \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_TRAINING,                                                                           \
        .name = word,                                                                                        \
        .summary = what,                                                                                     \
        .reference = cite,                                                                                   \
        .params = parameters,                                                                                \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = create,                                                                                    \
        .destroy = free,                                                                                     \
        .schedule = how,                                                                                     \
    }
OPS(fixed, "run-capped", "Every job when it comes, under one power cap", NULL, capped_params,
    capped_schedule);
OPS(zeus, "run-zeus", "Every job when it comes, under the cap with the least of energy and time, after Zeus",
    "zeus-nsdi23", zeus_params, zeus_schedule);
OPS(chase, "run-chase", "Every job when it comes, its cap following the carbon intensity, after Chase",
    "chase-2023", chase_params, chase_schedule);
OPS(chase_static, "run-chase-static", "Chase's cap for the mean intensity of the job's hours, all the time",
    "chase-2023", chase_static_params, chase_static_schedule);
