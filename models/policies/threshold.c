/* Policies that look at the signal again and again and let a job work while it is low enough, until the wait
 * that its queue allows is used up; then it works to its end: ecovisor-threshold, pcaps, double-threshold.
 * They differ in what low enough is, c being the signal now, L and U its least and greatest value over the
 * coming `look`:
 *
 *   ecovisor-threshold   c < the quantile `below` of the coming `look`
 *   pcaps                c <= Psi(r) = T + (U - T) (e^(gamma r) - 1) / (e^gamma - 1), T = gamma L + (1 -
 * gamma) U double-threshold     c <= Phi_i - beta for a job that stands still, Phi_i + beta for one that
 * works
 *
 * r, the importance of PCAPS, is here the share of its wait that the job has used. Phi_i is the ladder of
 * k-min search for unit i of a job of k units of `poll`:
 *
 *   Phi_i = U (1 - (1 - 1/a) (1 + 1/(k a))^(i - 1)),   (1 - L/U) / (1 - 1/a) = (1 + 1/(k a))^k
 *
 * Souza et al., "Ecovisor", ASPLOS 2023 (as compared with in GAIA); Lechowicz et al., "Carbon- and
 * Precedence-Aware Scheduling for Data Processing Clusters" (PCAPS), 2025; Lechowicz et al., "The Online
 * Pause and Resume Problem", SIGMETRICS 2024; Lorenz et al., k-search, 2009. docs/policies/thresholds.md */
#include <math.h>
#include <stdlib.h>

#include "models/policies/job_plan.h"
#include "models/policies/registry.h"
#include "sim/base/units.h"

struct cfg {
    double poll_s, look_s, unlimited_s, below, gamma, hysteresis;
    int32_t signal;
};

#define NUMBER(key, unit, field, def, min, max, doc)                                                         \
    {                                                                                                        \
        key, unit, GW_PARAM_NUMBER, offsetof(struct cfg, field), def, min, max, NULL, doc                    \
    }
#define POLL NUMBER("poll", "s", poll_s, 3600.0, 1.0, 1e7, "Time between two looks, counted from the arrival")
#define LOOK NUMBER("look", "s", look_s, 86400.0, 1.0, 1e7, "How far ahead low is judged by")
#define UNLIMITED                                                                                            \
    NUMBER("unlimited", "s", unlimited_s, 86400.0, 0.0, 1e9,                                                 \
           "How long a job waits that has neither a deadline nor a queue with a limit")
#define SIGNAL                                                                                               \
    {                                                                                                        \
        "signal", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, signal), 0, 0, 0, gw_job_plan_signals,         \
            "What is to be low: carbon intensity, or the price of electricity"                               \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }

static const struct gw_policy_param ecovisor_params[] = {
    NUMBER("below", "1", below, 0.3, 0.0, 1.0, "Share of the coming time that counts as low"),
    POLL,
    LOOK,
    UNLIMITED,
    SIGNAL,
    END};
static const struct gw_policy_param pcaps_params[] = {
    NUMBER("gamma", "1", gamma, 0.5, 0.0, 1.0,
           "Carbon awareness: 0 never waits, 1 begins at the least value"),
    POLL,
    LOOK,
    UNLIMITED,
    SIGNAL,
    END};
static const struct gw_policy_param double_params[] = {
    NUMBER("hysteresis", "1", hysteresis, 0.1, 0.0, 1.0,
           "Half the distance of the two thresholds (beta), as a share of U - L"),
    POLL,
    LOOK,
    UNLIMITED,
    SIGNAL,
    END};

struct threshold {
    struct cfg cfg;
    struct gw_job_pieces pieces;
};

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct threshold *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static void destroy(void *self)
{
    struct threshold *p = self;
    if (p != NULL) {
        gw_job_plan_free(&p->pieces);
        free(p);
    }
}

/* ---- what is low enough ---- */

/* What the signal does in the coming `look`. */
struct outlook {
    double now, least, most;
    struct gw_job_pieces *pieces;
};

static bool look_ahead(struct threshold *p, const struct gw_job_desk *desk, const struct gw_job_view *job,
                       uint32_t site, struct outlook *out)
{
    const uint32_t signal = (uint32_t)p->cfg.signal;
    const int64_t end_us = job->now_us + (int64_t)(p->cfg.look_s * 1e6);
    if (!gw_job_plan_lay(&p->pieces, desk, signal, site, job->now_us, end_us)) {
        return false;
    }
    out->now = desk->value(desk, signal, site, job->now_us);
    out->least = out->most = p->pieces.at[0].value;
    for (size_t i = 1; i < p->pieces.n; i++) {
        out->least = fmin(out->least, p->pieces.at[i].value);
        out->most = fmax(out->most, p->pieces.at[i].value);
    }
    out->pieces = &p->pieces;
    return true;
}

static bool ecovisor_accepts(const struct cfg *cfg, const struct gw_job_view *job, const struct outlook *o,
                             double used)
{
    (void)job;
    (void)used;
    return o->now < gw_job_plan_quantile(o->pieces, cfg->below);
}

static bool pcaps_accepts(const struct cfg *cfg, const struct gw_job_view *job, const struct outlook *o,
                          double used)
{
    (void)job;
    const double start = cfg->gamma * o->least + (1.0 - cfg->gamma) * o->most;
    const double rise = cfg->gamma > 0.0 ? expm1(cfg->gamma * used) / expm1(cfg->gamma) : 1.0;
    return o->now <= start + (o->most - start) * rise;
}

/* a of the ladder: its left side falls and its right side falls more slowly, so there is one between 1 and
 * U / L. The Illinois rule: false position that halves the side that stays. */
static double ladder_ratio(double least, double most, double k)
{
    double low = 1.0, high = fmax(most / fmax(least, 1e-6 * most), 1.0 + 1e-9);
    const double gap = 1.0 - least / most;
    double f_low = gap, f_high = gap - (1.0 - 1.0 / high) * pow(1.0 + 1.0 / (k * high), k);
    int stayed = 0;
    for (int i = 0; i < 60 && high - low > 1e-9 * high && f_high < 0.0; i++) {
        const double a = (low * f_high - high * f_low) / (f_high - f_low);
        const double f = gap - (1.0 - 1.0 / a) * pow(1.0 + 1.0 / (k * a), k);
        if (f > 0.0) {
            low = a;
            f_low = f;
            f_high *= stayed == 1 ? 0.5 : 1.0;
            stayed = 1;
        } else {
            high = a;
            f_high = f;
            f_low *= stayed == -1 ? 0.5 : 1.0;
            stayed = -1;
        }
        if (fabs(f) < 1e-12) {
            return a;
        }
    }
    return high;
}

static bool double_accepts(const struct cfg *cfg, const struct gw_job_view *job, const struct outlook *o,
                           double used)
{
    (void)used;
    const double unit_us = cfg->poll_s * 1e6;
    const double k = fmax(ceil((double)job->length_us / unit_us), 1.0);
    const double done = floor((double)(job->length_us - job->left_us) / unit_us);
    const double a = ladder_ratio(o->least, o->most, k);
    const double rung = o->most * (1.0 - (1.0 - 1.0 / a) * pow(1.0 + 1.0 / (k * a), done));
    const double beta = cfg->hysteresis * (o->most - o->least);
    return o->now <= (job->held > 0 ? rung + beta : rung - beta);
}

/* ---- the same for all ---- */

/* The site where the signal is lowest now. */
static uint32_t choose_site(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t signal)
{
    const struct gw_job_ask now = {
        GW_JOB_START_SLOT, signal, job->now_us, job->now_us, 1, 1,
    };
    return gw_job_plan_start(desk, job, &now).site;
}

typedef bool accepts_fn(const struct cfg *cfg, const struct gw_job_view *job, const struct outlook *o,
                        double used);

static int poll(struct threshold *p, accepts_fn *accepts, int64_t length_us, const struct gw_job_desk *desk,
                const struct gw_job_view *job, struct gw_schedule *out)
{
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    const uint32_t site = choose_site(desk, job, (uint32_t)p->cfg.signal);
    const struct gw_job_window window = gw_job_plan_window(job, length_us, p->cfg.unlimited_s);
    const int64_t slack_us = window.latest_us - job->now_us;
    struct outlook o;
    if (slack_us <= 0 || job->why == GW_LOOK_DENIED) {
        return gw_job_plan_run(out, job, site, GW_TIER_ANY, job->now_us);
    }
    if (!look_ahead(p, desk, job, site, &o)) {
        return 1;
    }
    const int64_t poll_us = (int64_t)(p->cfg.poll_s * 1e6);
    const double used = (double)job->waited_us / (double)(job->waited_us + slack_us);
    const bool flat = o.most - o.least <= GW_JOB_PLAN_ALIKE * o.most; /* nothing to wait for */
    if (flat || accepts(&p->cfg, job, &o, used)) {
        out->look_again_us = job->now_us + poll_us;
        return gw_job_plan_run(out, job, site, GW_TIER_ANY, job->now_us);
    }
    out->look_again_us = job->now_us + (poll_us < slack_us ? poll_us : slack_us);
    return 0;
}

static int ecovisor_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                             const struct gw_job_view *job, struct gw_schedule *out,
                             struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return poll(self, ecovisor_accepts, (int64_t)job->queue_mean_us, desk, job, out);
}

static int pcaps_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                          const struct gw_job_view *job, struct gw_schedule *out,
                          struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return poll(self, pcaps_accepts, (int64_t)job->queue_mean_us, desk, job, out);
}

static int double_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                           const struct gw_job_view *job, struct gw_schedule *out,
                           struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return poll(self, double_accepts, job->left_us, desk, job, out);
}

#define OPS                                                                                                  \
    .abi = GW_POLICY_ABI, .bytes = sizeof(struct gw_policy_ops), .slots = GW_SLOT_TRAINING,                  \
    .cfg_size = sizeof(struct cfg), .create = create, .destroy = destroy

const struct gw_policy_ops gw_policy_ecovisor_threshold = {
    OPS,
    .name = "ecovisor-threshold",
    .summary = "A job works while the signal is in the lowest 30 % of the coming day",
    .reference = "Souza et al., Ecovisor, ASPLOS 2023; Hanafy et al., GAIA, ASPLOS 2024",
    .params = ecovisor_params,
    .schedule = ecovisor_schedule,
};

const struct gw_policy_ops gw_policy_pcaps = {
    OPS,
    .name = "pcaps",
    .summary = "A job works below a threshold that rises with the share of its wait that is used",
    .reference = "Lechowicz et al., Carbon- and Precedence-Aware Scheduling (PCAPS), 2025",
    .params = pcaps_params,
    .schedule = pcaps_schedule,
};

const struct gw_policy_ops gw_policy_double_threshold = {
    OPS,
    .name = "double-threshold",
    .summary = "A job begins below one threshold and stops above a higher one",
    .reference = "Lechowicz et al., The Online Pause and Resume Problem, SIGMETRICS 2024",
    .params = double_params,
    .schedule = double_schedule,
};
