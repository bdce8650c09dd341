/* Vcc: virtual capacity curves. Once a day, for each site, a curve says how many accelerators flexible jobs
 * may hold in each hour; a job that finds no room under it waits for the next hour, until its wait is used
 * up. The curve holds the day's flexible work E (accelerator hours: the most of the last seven days, times 1
 * + margin) and minimises
 *
 *   sum over hours of CI_h x_h + peak mean(CI) max over hours of x_h
 *
 * whose optimum fills the m cheapest hours evenly, x = E / m, with the m that minimises
 *
 *   (CI_(1) + ... + CI_(m) + peak mean(CI)) / m,   CI_(1) <= CI_(2) <= ...
 *
 * Where the last seven days brought nothing there is no curve. Running jobs are never stopped. Radovanovic et
 * al., "Carbon-Aware Computing for Datacenters", IEEE Transactions on Power Systems 38(2), 2023, has the idea
 * and the two terms; this is a small version of it. docs/policies/vcc.md */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"

enum { HOURS = 24, DAYS = 7 };
static const int64_t HOUR_US = INT64_C(3600000000);
static const int64_t DAY_US = HOURS * INT64_C(3600000000);

struct cfg {
    double peak_h, margin, unlimited_s;
    int32_t signal;
};

static const struct gw_policy_param params[] = {
    {"peak", "h", GW_PARAM_NUMBER, offsetof(struct cfg, peak_h), 8.0, 0.0, 1e4, NULL,
     "What an accelerator more at the peak weighs, in hours of it at the day's mean signal"},
    {"margin", "1", GW_PARAM_NUMBER, offsetof(struct cfg, margin), 0.1, 0.0, 10.0, NULL,
     "Work expected beyond the most of the last seven days, as a share of it"},
    {"signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,
     "What is to be low: carbon intensity, or the price of electricity"},
    {"unlimited", "s", GW_PARAM_NUMBER, offsetof(struct cfg, unlimited_s), 86400.0, 0.0, 1e9, NULL,
     "How long a job waits that has neither a deadline nor a queue with a limit"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct cluster {
    int64_t day;       /* of the curve */
    double cap[HOURS]; /* accelerators */
    double work[DAYS]; /* accelerator hours that came, by day modulo DAYS */
    double running;    /* accelerators that this policy let go and that are not done */
};

struct vcc {
    struct cfg cfg;
    uint32_t sites;
    struct cluster *cluster;
};

static void vcc_destroy(void *self)
{
    struct vcc *p = self;
    if (p != NULL) {
        free(p->cluster);
        free(p);
    }
}

static int vcc_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                      struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct vcc *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

/* The number of cheapest hours that share the day's work. */
static size_t cheap_hours(const double *sorted, double peak_h)
{
    double sum = 0.0, mean = 0.0, least = INFINITY;
    for (size_t h = 0; h < HOURS; h++) {
        mean += sorted[h] / HOURS;
    }
    size_t best = 1;
    for (size_t m = 1; m <= HOURS; m++) {
        sum += sorted[m - 1];
        const double cost = (sum + peak_h * mean) / (double)m;
        if (cost <= least * (1.0 + GW_JOB_PLAN_ALIKE)) { /* of two alike the one with the lower peak */
            least = cost;
            best = m;
        }
    }
    return best;
}

static void draw_curve(const struct cfg *cfg, struct cluster *c, const struct gw_job_desk *desk,
                       uint32_t site)
{
    double ci[HOURS];
    size_t order[HOURS];
    for (int h = 0; h < HOURS; h++) {
        const int64_t from_us = c->day * DAY_US + h * HOUR_US;
        ci[h] = desk->integral(desk, (uint32_t)cfg->signal, site, from_us, from_us + HOUR_US);
    }
    double work = 0.0;
    for (uint32_t d = 0; d < DAYS; d++) {
        work = fmax(work, c->work[d]);
    }
    gsl_sort_index(order, ci, 1, HOURS);
    double sorted[HOURS];
    for (size_t h = 0; h < HOURS; h++) {
        sorted[h] = ci[order[h]];
    }
    const size_t m = cheap_hours(sorted, cfg->peak_h);
    for (size_t h = 0; h < HOURS; h++) {
        const double even = h < m ? work * (1.0 + cfg->margin) / (double)m : 0.0;
        c->cap[order[h]] = work > 0.0 ? even : INFINITY;
    }
}

/* Its day and curve as of now. */
static void turn_page(const struct cfg *cfg, struct cluster *c, const struct gw_job_desk *desk, uint32_t site,
                      int64_t now_us)
{
    const int64_t day = now_us / DAY_US;
    if (day == c->day) {
        return;
    }
    while (c->day < day) {
        c->work[++c->day % DAYS] = 0.0;
    }
    draw_curve(cfg, c, desk, site);
}

static bool room_for(struct vcc *p, uint32_t sites)
{
    if (p->sites < sites) {
        struct cluster *grown = realloc(p->cluster, sites * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        for (uint32_t s = p->sites; s < sites; s++) {
            grown[s] = (struct cluster){.day = -1};
        }
        p->cluster = grown;
        p->sites = sites;
    }
    return true;
}

static int vcc_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                        const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct vcc *p = self;
    if (!room_for(p, job->sites)) {
        return 1;
    }
    if (job->why == GW_LOOK_DONE) {
        struct cluster *c = &p->cluster[job->site];
        c->running = fmax(c->running - (double)job->width, 0.0);
        return 0;
    }
    const struct gw_job_ask now = {
        GW_JOB_START_SLOT, (uint32_t)p->cfg.signal, job->now_us, job->now_us, 1, 1,
    };
    const uint32_t site = gw_job_plan_start(desk, job, &now).site;
    struct cluster *c = &p->cluster[site];
    turn_page(&p->cfg, c, desk, site, job->now_us);
    if (job->why == GW_LOOK_ARRIVED) {
        c->work[c->day % DAYS] += (double)job->width * job->queue_mean_us / (double)HOUR_US;
    } else if (job->why != GW_LOOK_AGAIN) {
        return gw_job_plan_run(out, job, site, GW_TIER_ANY, job->now_us); /* it was let go before */
    }

    const struct gw_job_window window =
        gw_job_plan_window(job, (int64_t)job->queue_mean_us, p->cfg.unlimited_s);
    const double cap = c->cap[job->now_us % DAY_US / HOUR_US];
    const double held = c->running + (double)job->width;
    if (held <= cap || window.latest_us <= job->now_us) {
        c->running = held;
        return gw_job_plan_run(out, job, site, GW_TIER_ANY, job->now_us);
    }
    const int64_t next_us = (job->now_us / HOUR_US + 1) * HOUR_US;
    out->look_again_us = next_us < window.latest_us ? next_us : window.latest_us;
    return 0;
}

const struct gw_policy_ops gw_policy_vcc = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .name = "vcc",
    .summary = "A curve of the day ahead caps what flexible jobs may hold in each hour",
    .reference = "Radovanovic et al., Carbon-Aware Computing for Datacenters, IEEE TPWRS 2023",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = vcc_create,
    .destroy = vcc_destroy,
    .schedule = vcc_schedule,
};
