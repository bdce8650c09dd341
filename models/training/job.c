#include "models/training/job.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

void gw_job_assign(struct gw_job *job, size_t n, struct gw_job_queue *queue, uint32_t queues)
{
    GW_REQUIRE(queues >= 1);
    for (uint32_t q = 0; q < queues; q++) {
        queue[q].mean_us = 0.0;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t q = 0;
        while (q + 1 < queues && job[i].work_us > queue[q].longest_us) {
            q++;
        }
        job[i].queue = q;
    }
    for (uint32_t q = 0; q < queues; q++) {
        uint64_t jobs = 0;
        double sum_us = 0.0; /* of whole microseconds: exact below 285 years */
        for (size_t i = 0; i < n; i++) {
            jobs += job[i].queue == q;
            sum_us += job[i].queue == q ? (double)job[i].work_us : 0.0;
        }
        queue[q].mean_us = jobs > 0 ? sum_us / (double)jobs : 0.0;
    }
}

/* ---- speed ---- */

static double from_table(const double *x, const double *y, uint32_t n, double at)
{
    if (at <= x[0]) {
        return y[0] * at / x[0];
    }
    for (uint32_t i = 1; i < n; i++) {
        if (at <= x[i]) {
            return y[i - 1] + (y[i] - y[i - 1]) * ((at - x[i - 1]) / (x[i] - x[i - 1]));
        }
    }
    return y[n - 1];
}

static double throughput(const struct gw_job_scaling *s, double width)
{
    if (s->curve != NULL) {
        const double nodes = width / s->per_node;
        return nodes < 1.0 ? nodes : gw_scaling_throughput(s->curve, nodes);
    }
    return s->n > 0 ? from_table(s->width, s->throughput, s->n, width) : pow(width, s->exponent);
}

static double capped(const struct gw_job_capping *c, double power)
{
    return c->n > 0 ? from_table(c->power, c->throughput, c->n, power) / c->throughput[c->n - 1]
                    : pow(power, c->exponent);
}

struct gw_job_here gw_job_at(const struct gw_job_kind *kind, uint32_t site)
{
    return kind->here != NULL
               ? kind->here[site]
               : (struct gw_job_here){.pace = 1.0, .watts = kind->watts, .held_watts = kind->held_watts};
}

double gw_job_speed(const struct gw_job *job, const struct gw_job_kind *kind, uint32_t width, double power)
{
    const double scaled = width == job->width
                              ? 1.0
                              : throughput(&kind->scaling, width) / throughput(&kind->scaling, job->width);
    return power < 1.0 ? scaled * capped(&kind->capping, power) : scaled;
}

/* ---- time and work ---- */

static bool saves_often(const struct gw_job_kind *kind)
{
    return kind->interval_us != GW_NEVER_US;
}

gw_time_us gw_job_duration(const struct gw_job_kind *kind, double left_us, double speed)
{
    const gw_time_us work_us = (gw_time_us)ceil(left_us / speed);
    if (!saves_often(kind) || work_us == 0) {
        return work_us;
    }
    /* none is written at the end of the last interval: the job is done */
    return work_us + (work_us - 1) / kind->interval_us * kind->checkpoint_us;
}

static gw_time_us worked(const struct gw_job_kind *kind, gw_time_us for_us, bool saved_only)
{
    if (!saves_often(kind)) {
        return saved_only ? 0 : for_us;
    }
    const gw_time_us cycle_us = kind->interval_us + kind->checkpoint_us;
    const gw_time_us whole = for_us / cycle_us, rest_us = for_us % cycle_us;
    const gw_time_us open_us = rest_us < kind->interval_us ? rest_us : kind->interval_us;
    return whole * kind->interval_us + (saved_only ? 0 : open_us);
}

double gw_job_progress(const struct gw_job_kind *kind, gw_time_us for_us, double speed)
{
    return (double)worked(kind, for_us, false) * speed;
}

double gw_job_saved(const struct gw_job_kind *kind, gw_time_us for_us, double speed)
{
    return (double)worked(kind, for_us, true) * speed;
}

/* ---- deadlines by the calendar ---- */

gw_time_us gw_job_calendar_deadline(enum gw_job_calendar rule, gw_time_us from_unix_us, int hour)
{
    enum { MONDAY, THURSDAY = 3, FRIDAY = 4 };
    const gw_time_us day_us = 24 * GW_US_PER_H;
    const gw_time_us since_us = from_unix_us % day_us;
    gw_time_us at_us = from_unix_us - since_us - (since_us < 0 ? day_us : 0) + (gw_time_us)hour * GW_US_PER_H;
    for (;;) {
        const int weekday = gw_clock_calendar(at_us).weekday;
        const bool fits =
            rule == GW_JOB_NEXT_WORKDAY ? weekday <= FRIDAY : weekday == MONDAY || weekday == THURSDAY;
        if (fits && at_us > from_unix_us) {
            return at_us;
        }
        at_us += day_us;
    }
}
