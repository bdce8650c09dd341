/* Carbon-flex: learns from the days behind what a cheap hour is, and needs no forecast. For each queue and
 * site it lets the greedy of models/policies/job_scale.h plan a job of the queue's mean length on each of the
 * last `days` days, as seen afterwards, and keeps the cost per work of the dearest level that was taken.
 * Their median, in units of the signal at the least width, is the threshold:
 *
 *   theta = median over days of (dearest cost per work) / (P(w_0) / v(w_0))
 *
 * Every `poll` a job takes the greatest width whose last widening is worth it now,
 *
 *   CI (P(w_j) - P(w_(j-1))) / (v(w_j) - v(w_(j-1))) <= theta P(w_0) / v(w_0)
 *
 * and stands still when none is, until its wait is used up; then it works at its own width to the end. While
 * there is no day behind, the forecast of the time ahead takes its place.
 *
 * The idea of CarbonFlex (learning from an offline oracle on past traces when and how far to scale) without
 * its cluster state. docs/policies/carbon-flex.md */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_scale.h"
#include "models/policies/registry.h"
#include "sim/base/array.h"

enum { DAYS_MAX = 31 };
static const int64_t DAY_US = INT64_C(86400000000);

struct cfg {
    double days, poll_s, refresh_s, widen, unlimited_s;
    int32_t signal;
};

static const struct gw_policy_param params[] = {
    {"days", "1", GW_PARAM_NUMBER, offsetof(struct cfg, days), 7.0, 1.0, DAYS_MAX, NULL,
     "Days behind that it learns from"},
    {"poll", "s", GW_PARAM_NUMBER, offsetof(struct cfg, poll_s), 3600.0, 1.0, 1e7, NULL,
     "Time between two looks at a job"},
    {"refresh", "s", GW_PARAM_NUMBER, offsetof(struct cfg, refresh_s), 21600.0, 1.0, 1e7, NULL,
     "Time after which a threshold is learned anew"},
    {"widen", "1", GW_PARAM_NUMBER, offsetof(struct cfg, widen), 1.0, 1.0, 1e6, NULL,
     "Accelerators that are added at a time"},
    {"signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,
     "What is to be low: carbon intensity, or the price of electricity"},
    {"unlimited", "s", GW_PARAM_NUMBER, offsetof(struct cfg, unlimited_s), 86400.0, 0.0, 1e9, NULL,
     "How long a job waits that has neither a deadline nor a queue with a limit"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct lesson {
    int64_t again_us; /* learned anew from then on */
    double theta;
};

struct flex {
    struct cfg cfg;
    struct lesson *lesson; /* [queue][site] */
    size_t n_lessons, lesson_cap;
    struct gw_job_scale plan;
};

static int flex_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                       struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct flex *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static void flex_destroy(void *self)
{
    struct flex *p = self;
    if (p != NULL) {
        free(p->lesson);
        gw_job_scale_free(&p->plan);
        free(p);
    }
}

static struct lesson *lesson_of(struct flex *p, const struct gw_job_view *job, uint32_t site)
{
    const size_t at = (size_t)job->queue * job->sites + site;
    if (!gw_array_reserve((void **)&p->lesson, &p->lesson_cap, at + 1, sizeof *p->lesson)) {
        return NULL;
    }
    for (; p->n_lessons <= at; p->n_lessons++) {
        p->lesson[p->n_lessons] = (struct lesson){INT64_MIN, NAN};
    }
    return &p->lesson[at];
}

/* The levels of the plan are those of this job at this site already. */
static bool learn(struct flex *p, const struct gw_job_desk *desk, const struct gw_job_view *job,
                  uint32_t site, int64_t slack_us, struct lesson *lesson)
{
    const double work_us = fmax(job->queue_mean_us, 1.0);
    const size_t behind = (size_t)(job->now_us / DAY_US), wanted = (size_t)p->cfg.days;
    const size_t days = behind < wanted ? behind : wanted;
    double theta[DAYS_MAX];
    size_t n = 0;
    for (size_t d = days > 0 ? 1 : 0; d <= days; d++) {
        const int64_t from_us = job->now_us - (int64_t)d * DAY_US;
        const int64_t to_us = from_us + slack_us + (int64_t)work_us;
        if (!gw_job_plan_lay(&p->plan.slots, desk, (uint32_t)p->cfg.signal, site, from_us, to_us) ||
            !gw_job_scale_plan(&p->plan, work_us)) {
            return false;
        }
        theta[n++] = p->plan.dearest / p->plan.level[0].watts_per_speed;
    }
    gsl_sort(theta, 1, n);
    lesson->theta = gsl_stats_median_from_sorted_data(theta, 1, n);
    lesson->again_us = job->now_us + (int64_t)(p->cfg.refresh_s * 1e6);
    return true;
}

/* The greatest width that is worth it at this value of the signal; 0: none. */
static uint32_t worth_width(const struct gw_job_scale *plan, double value, double theta)
{
    const double limit = theta * (1.0 + GW_JOB_PLAN_ALIKE) * plan->level[0].watts_per_speed;
    uint32_t width = 0;
    for (size_t j = 0; j < plan->n_levels && value * plan->level[j].watts_per_speed <= limit; j++) {
        width = plan->level[j].width;
    }
    return width;
}

static int flex_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                         const struct gw_job_view *job, struct gw_schedule *out,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct flex *p = self;
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    const uint32_t signal = (uint32_t)p->cfg.signal;
    const struct gw_job_ask now = {GW_JOB_START_SLOT, signal, job->now_us, job->now_us, 1, 1};
    const uint32_t site = gw_job_plan_start(desk, job, &now).site;
    const struct gw_job_window window = gw_job_plan_window(job, job->left_us, p->cfg.unlimited_s);
    const int64_t slack_us = window.latest_us - job->now_us;
    struct lesson *lesson = lesson_of(p, job, site);
    if (lesson == NULL || !gw_job_scale_levels(&p->plan, desk, job, site, (uint32_t)p->cfg.widen)) {
        return 1;
    }
    if (slack_us <= 0 || job->why == GW_LOOK_DENIED || p->plan.n_levels == 0) {
        return gw_job_plan_run(out, job, site, GW_TIER_ANY, job->now_us);
    }
    if (job->now_us >= lesson->again_us && !learn(p, desk, job, site, slack_us, lesson)) {
        return 1;
    }
    const int64_t poll_us = (int64_t)(p->cfg.poll_s * 1e6);
    const uint32_t width = worth_width(&p->plan, desk->value(desk, signal, site, job->now_us), lesson->theta);
    out->look_again_us = job->now_us + (width > 0 || poll_us < slack_us ? poll_us : slack_us);
    const struct gw_segment segment = {job->now_us, INT64_MAX, site, GW_TIER_ANY, width, 1.0};
    return width > 0 ? out->add(out, &segment) : 0;
}

const struct gw_policy_ops gw_policy_carbon_flex = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .name = "carbon-flex",
    .summary = "Widths by a threshold learned from the days behind; no forecast",
    .reference = "CarbonFlex, after its idea: an offline plan of past days sets the threshold",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = flex_create,
    .destroy = flex_destroy,
    .schedule = flex_schedule,
};
