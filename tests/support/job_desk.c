#include "tests/support/job_desk.h"

#include "tests/support/near.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* ---- the desk ---- */

static const struct job_desk *of(const struct gw_job_desk *public)
{
    return (const struct job_desk *)public;
}

static double desk_value(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t at_us)
{
    (void)signal;
    const struct job_desk *d = of(self);
    const int64_t hour = at_us / JOB_DESK_HOUR;
    return d->signal[site][hour < d->hours ? hour : d->hours - 1];
}

static int64_t desk_edge(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t after_us)
{
    (void)signal;
    (void)site;
    const int64_t hour = after_us / JOB_DESK_HOUR + 1;
    return hour < of(self)->hours ? hour * JOB_DESK_HOUR : INT64_MAX;
}

static double desk_integral(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t from_us,
                            int64_t to_us)
{
    double sum = 0.0;
    while (from_us < to_us) {
        const int64_t edge_us = desk_edge(self, signal, site, from_us);
        const int64_t end_us = edge_us < to_us ? edge_us : to_us;
        sum += desk_value(self, signal, site, from_us) * (double)(end_us - from_us) / (double)JOB_DESK_HOUR;
        from_us = end_us;
    }
    return sum;
}

static int64_t desk_least(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t from_us,
                          int64_t latest_us, int64_t length_us)
{
    (void)self;
    (void)signal;
    (void)site;
    (void)latest_us;
    (void)length_us;
    return from_us; /* no policy under test asks */
}

static uint32_t desk_free(const struct gw_job_desk *self, uint32_t site, uint32_t tier)
{
    (void)site;
    return of(self)->free[tier];
}

static uint32_t desk_total(const struct gw_job_desk *self, uint32_t site, uint32_t tier)
{
    (void)site;
    return of(self)->total[tier];
}

static double desk_nothing(const struct gw_job_desk *self, uint32_t site, uint32_t tier)
{
    (void)self;
    (void)site;
    (void)tier;
    return 0.0;
}

static double desk_never(const struct gw_job_desk *self, uint32_t site)
{
    (void)self;
    (void)site;
    return 0.0;
}

static double desk_speed(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t width,
                         double power)
{
    const struct job_desk *d = of(self);
    const uint32_t useful = d->flat_beyond != 0 && width > d->flat_beyond ? d->flat_beyond : width;
    return pow((double)useful / (double)job->width, d->exponent) * sqrt(power);
}

static double desk_watts(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t width,
                         double power)
{
    (void)self;
    return (double)width * job->watts * power;
}

static int64_t desk_move(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t from,
                         uint32_t to)
{
    (void)job;
    return from == to ? 0 : of(self)->move_us;
}

void job_desk_init(struct job_desk *self, uint32_t sites, const double *const *signal, uint32_t hours)
{
    *self = (struct job_desk){
        .public = {.bytes = sizeof self->public,
                   .sites = sites,
                   .value = desk_value,
                   .integral = desk_integral,
                   .edge = desk_edge,
                   .least = desk_least,
                   .free = desk_free,
                   .total = desk_total,
                   .usd_per_h = desk_nothing,
                   .evictions_per_h = desk_never,
                   .speed = desk_speed,
                   .watts = desk_watts,
                   .move_us = desk_move},
        .hours = hours,
        .sites = sites,
        .total = {1000, 0, 0},
        .free = {1000, 0, 0},
        .exponent = 1.0,
    };
    for (uint32_t s = 0; s < sites; s++) {
        self->signal[s] = signal[s];
    }
}

struct gw_job_view job_desk_job(const struct job_desk *desk, int64_t at_us, int64_t length_us,
                                int64_t wait_us)
{
    static const uint8_t everywhere[JOB_DESK_SITES] = {1, 1, 1, 1};
    return (struct gw_job_view){.bytes = sizeof(struct gw_job_view),
                                .why = GW_LOOK_ARRIVED,
                                .now_us = at_us,
                                .submitted_us = at_us,
                                .deadline_us = INT64_MAX,
                                .wait_us = wait_us,
                                .length_us = length_us,
                                .left_us = length_us,
                                .queue_mean_us = (double)length_us,
                                .width = 1,
                                .min_width = 1,
                                .max_width = 1,
                                .sites = desk->sites,
                                .allowed = everywhere,
                                .site = UINT32_MAX,
                                .tier = GW_TIERS,
                                .watts = 1000.0,
                                .held_watts = 100.0};
}

/* ---- plans and policies ---- */

static int plan_add(struct gw_schedule *public, const struct gw_segment *segment)
{
    struct job_desk_plan *self = (struct job_desk_plan *)public;
    assert_true(self->n < JOB_DESK_SEGMENTS);
    self->segment[self->n++] = *segment;
    return 0;
}

void job_desk_plan_init(struct job_desk_plan *self)
{
    *self = (struct job_desk_plan){.public = {.bytes = sizeof self->public,
                                              .add = plan_add,
                                              .look_again_us = INT64_MAX,
                                              .wait_tier = GW_TIERS}};
}

static void set(struct job_desk_policy *self, const struct gw_policy_param *p, double value)
{
    const int32_t choice = (int32_t)value;
    char *at = (char *)self->cfg + p->offset;
    if (p->kind == GW_PARAM_CHOICE) {
        memcpy(at, &choice, sizeof choice);
    } else {
        memcpy(at, &value, sizeof value);
    }
}

void job_desk_policy_init(struct job_desk_policy *self, const struct gw_policy_ops *ops, ...)
{
    *self = (struct job_desk_policy){.ops = ops};
    assert_true(ops->cfg_size <= sizeof self->cfg);
    for (const struct gw_policy_param *p = ops->params; p->key != NULL; p++) {
        set(self, p, p->def);
    }
    va_list changes;
    va_start(changes, ops);
    for (const char *key = va_arg(changes, const char *); key != NULL; key = va_arg(changes, const char *)) {
        const double value = va_arg(changes, double);
        const struct gw_policy_param *p = ops->params;
        while (p->key != NULL && strcmp(p->key, key) != 0) {
            p++;
        }
        assert_non_null(p->key);
        set(self, p, value);
    }
    va_end(changes);
    struct gw_policy_error error = {0};
    assert_int_equal(ops->create(&self->self, self->cfg, NULL, 1, &error), 0);
}

void job_desk_policy_fini(struct job_desk_policy *self)
{
    if (self->ops->destroy != NULL) {
        self->ops->destroy(self->self);
        self->ops->destroy(NULL);
    }
}

void job_desk_ask(struct job_desk_policy *policy, const struct job_desk *desk, const struct gw_job_view *job,
                  struct job_desk_plan *out)
{
    struct gw_policy_error error = {0};
    job_desk_plan_init(out);
    assert_int_equal(policy->ops->schedule(policy->self, NULL, &desk->public, job, &out->public, &error), 0);
    for (uint32_t i = 0; i < out->n; i++) {
        const struct gw_segment *s = &out->segment[i];
        assert_true(s->from_us >= (i == 0 ? job->now_us : s[-1].to_us));
        assert_true(s->to_us > s->from_us && s->site < desk->sites && s->width > 0);
    }
}

/* ---- the executor ---- */

/* Works from `from` until `to`, or until its work is done. */
static void work(struct job_desk_run *run, const struct job_desk *desk, struct gw_job_view *job,
                 const struct gw_segment *s, int64_t from_us, int64_t to_us)
{
    const double speed = desk_speed(&desk->public, job, s->width, s->power);
    const int64_t needs_us = (int64_t)ceil((double)job->left_us / speed);
    const int64_t end_us = needs_us < to_us - from_us ? from_us + needs_us : to_us;
    run->stops += job->held == 0 && job->site != UINT32_MAX;
    run->moves += job->site != UINT32_MAX && job->site != s->site;
    run->carbon += desk_watts(&desk->public, job, s->width, s->power) / 1e3 *
                   desk_integral(&desk->public, GW_JOB_CARBON, s->site, from_us, end_us);
    job->left_us -= (int64_t)round((double)(end_us - from_us) * speed);
    job->left_us = end_us < to_us || job->left_us < 0 ? 0 : job->left_us;
    job->now_us = end_us;
    job->site = s->site;
    job->tier = s->tier;
    job->held = s->width;
}

/* As the plan says, until the policy is to look again. */
static void follow(struct job_desk_run *run, const struct job_desk *desk, struct gw_job_view *job,
                   const struct job_desk_plan *plan)
{
    const int64_t look_us = plan->public.look_again_us;
    for (uint32_t i = 0; i < plan->n && job->left_us > 0 && plan->segment[i].from_us < look_us; i++) {
        const struct gw_segment *s = &plan->segment[i];
        if (s->from_us > job->now_us) {
            job->waited_us += s->from_us - job->now_us;
            job->held = 0;
            job->now_us = s->from_us;
        }
        work(run, desk, job, s, job->now_us, s->to_us < look_us ? s->to_us : look_us);
    }
    if (job->left_us > 0 && job->now_us < look_us && look_us != INT64_MAX) {
        job->waited_us += look_us - job->now_us;
        job->now_us = look_us;
        job->held = 0;
    }
}

struct job_desk_run job_desk_run(struct job_desk_policy *policy, const struct job_desk *desk,
                                 struct gw_job_view job)
{
    struct job_desk_run run = {0};
    struct job_desk_plan plan;
    while (job.left_us > 0) {
        assert_true(run.looks++ < 10000);
        job_desk_ask(policy, desk, &job, &plan);
        if (plan.n == 0 || plan.segment[0].from_us > job.now_us) {
            job.held = 0;
        }
        const bool ends = plan.n > 0 && plan.segment[plan.n - 1].to_us != INT64_MAX;
        assert_true(plan.n > 0 || plan.public.look_again_us > job.now_us);
        follow(&run, desk, &job, &plan);
        job.why = ends && plan.public.look_again_us == INT64_MAX ? GW_LOOK_ENDED : GW_LOOK_AGAIN;
    }
    job.why = GW_LOOK_DONE;
    job_desk_ask(policy, desk, &job, &plan);
    assert_int_equal(plan.n, 0);
    run.end_us = job.now_us;
    run.waited_us = job.waited_us;
    return run;
}
