#include "models/training/job_stream.h"

#include <math.h>
#include <gsl/gsl_cdf.h>

#include "sim/base/units.h"

/* ---- parameters ---- */

static const struct gw_type span = {
    .kind = GW_SPAN, .size = sizeof(gw_time_us), .unit = "s", .min = 1e-3, .max = 100.0 * 366 * 86400};
static const struct gw_type rate = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1/h", .min = 1e-6, .max = 1e7};
static const char *const mix_names[] = {"pai", "philly", "acme", NULL};
static const struct gw_type mix = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = mix_names};
static const struct gw_alt arrivals_alts[] = {
    [GW_JOB_ARRIVALS_RATE] = {.key = "rate", .type = &rate, .scalar_form = true},
    [GW_JOB_ARRIVALS_EVERY] = {.key = "every", .type = &span},
    {0},
};
static const struct gw_type arrivals = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = arrivals_alts};
static const struct gw_field lognormal_fields[] = {
    GW_FIELD_AS(struct gw_job_lognormal, "median", median_us, &span, NULL, "Half of the jobs are shorter",
                NULL),
    GW_FIELD_AS(struct gw_job_lognormal, "mean", mean_us, &span, NULL, "Mean, above the median", NULL),
    GW_FIELD_END,
};
static void check_lognormal(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_job_lognormal *l = object;
    if (l->mean_us < l->median_us) {
        gw_bind_fail(bind, at, "mean", "lies below the median: such a law is not log-normal");
    }
}
static const struct gw_type lognormal = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_job_lognormal),
                                         .of = lognormal_fields,
                                         .check = check_lognormal,
                                         .doc = "Log-normal lengths"};
static const struct gw_field uniform_fields[] = {
    GW_FIELD_AS(struct gw_job_uniform, "from", from_us, &span, NULL, "Shortest", NULL),
    GW_FIELD_AS(struct gw_job_uniform, "to", to_us, &span, NULL, "Longest", NULL),
    GW_FIELD_AS(struct gw_job_uniform, "grain", grain_us, &span, "~",
                "Lengths are whole multiples of it; any when absent", NULL),
    GW_FIELD_END,
};
static void check_uniform(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_job_uniform *u = object;
    if (u->to_us < u->from_us) {
        gw_bind_fail(bind, at, "to", "is shorter than from");
    }
    if (u->grain_us != GW_ABSENT && (u->from_us % u->grain_us != 0 || u->to_us % u->grain_us != 0)) {
        gw_bind_fail(bind, at, "grain", "does not divide both from and to");
    }
}
static const struct gw_type uniform = {.kind = GW_OBJ,
                                       .size = sizeof(struct gw_job_uniform),
                                       .of = uniform_fields,
                                       .check = check_uniform,
                                       .doc = "Lengths evenly between two"};
static const struct gw_alt length_alts[] = {
    [GW_JOB_LENGTH_MIX] = {.key = "mix"},
    [GW_JOB_LENGTH_LOGNORMAL] = {.key = "lognormal", .type = &lognormal},
    [GW_JOB_LENGTH_UNIFORM] = {.key = "uniform", .type = &uniform},
    [GW_JOB_LENGTH_ALWAYS] = {.key = "always", .type = &span, .scalar_form = true},
    {0},
};
static const struct gw_type length = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = length_alts};
static const struct gw_type width = {.kind = GW_INT, .size = sizeof(int64_t), .min = 1, .max = 1e6};
static const struct gw_type some_width = {.kind = GW_OPT, .size = sizeof(int64_t), .of = &width};
static const struct gw_type factor = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.01, .max = 1e9};
static const struct gw_field fields[] = {
    GW_FIELD(struct gw_job_stream_cfg, mix, &mix, "pai",
             "Whose lengths and widths: the PAI sample of GAIA, Philly as Gavel has it, or Acme's Seren",
             NULL),
    GW_FIELD(struct gw_job_stream_cfg, arrivals, &arrivals, "6 /h",
             "Jobs per hour at random, or { every: ... }", "round number"),
    GW_FIELD(struct gw_job_stream_cfg, length, &length, "mix",
             "By the mix, a duration, { lognormal: ... } or { uniform: ... }", NULL),
    GW_FIELD(struct gw_job_stream_cfg, width, &some_width, "~", "Accelerators; by the mix when absent", NULL),
    GW_FIELD(struct gw_job_stream_cfg, office, &factor, "1",
             "Rate on workdays from 9 to 17 h UTC over that at other times; the mean over a week is kept",
             NULL),
    GW_FIELD_AS(struct gw_job_stream_cfg, "shortest", shortest_us, &span, "60 s",
                "Lengths drawn below are this", "round number"),
    GW_FIELD_AS(struct gw_job_stream_cfg, "longest", longest_us, &span, "7 d", "Lengths drawn above are this",
                "round number"),
    GW_FIELD_END,
};
const struct gw_type gw_job_stream_type = {
    .kind = GW_OBJ, .size = sizeof(struct gw_job_stream_cfg), .of = fields, .doc = "Jobs made by law"};

/* ---- the mixes ---- */

enum { WIDTHS = 8 };
static const struct mix_law {
    double median_h, mean_h;
    struct {
        uint32_t width;
        double up_to; /* quantile */
    } width[WIDTHS];
} mixes[] = {
    /* the 1000 jobs of the PAI sample in GAIA's repository, counted */
    [GW_JOB_MIX_PAI] = {0.84, 2.52, {{1, 0.859}, {2, 0.931}, {3, 0.974}, {4, 1}}},
    /* 15 264 jobs on a V100, shares of accelerators counted */
    [GW_JOB_MIX_PHILLY] = {3.12, 36.2, {{1, 0.69}, {4, 0.82}, {8, 0.95}, {2, 0.98}, {16, 0.994}, {32, 1}}},
    /* cluster_summary of Acme: median 122 s, mean 1414 s, 5.68 accelerators on average */
    [GW_JOB_MIX_ACME] = {122.0 / 3600,
                         1414.335 / 3600,
                         {{1, 0.7}, {8, 0.93}, {16, 0.97}, {32, 0.99}, {64, 1}}},
};

/* ---- draws ---- */

void gw_job_stream_init(struct gw_job_stream *self, const struct gw_job_stream_cfg *cfg,
                        gw_time_us start_unix_us, gw_time_us from_us, uint64_t key)
{
    *self = (struct gw_job_stream){.cfg = cfg, .start_unix_us = start_unix_us, .now_us = from_us, .key = key};
    gw_rng_init(&self->rng, key);
}

/* 40 of a week's 168 hours are office hours. */
static double rate_factor(const struct gw_job_stream *self, gw_time_us t_us)
{
    const struct gw_calendar c = gw_clock_calendar(self->start_unix_us + t_us);
    const double other = 168.0 / (128.0 + 40.0 * self->cfg->office);
    return c.weekday < 5 && c.hour >= 9 && c.hour < 17 ? other * self->cfg->office : other;
}

/* A distance of mean 1 is used up at the rate of each hour that it passes. */
static gw_time_us next_at(struct gw_job_stream *self)
{
    const struct gw_pick *how = &self->cfg->arrivals;
    if (how->alt == GW_JOB_ARRIVALS_EVERY) {
        return self->n == 0 ? self->now_us : self->now_us + *(const gw_time_us *)how->at;
    }
    const double per_h = *(const double *)how->at;
    double gap = gw_rng_exponential(&self->rng);
    gw_time_us t_us = self->now_us;
    for (;;) {
        const gw_time_us unix_us = self->start_unix_us + t_us;
        const gw_time_us into_us = (unix_us % GW_US_PER_H + GW_US_PER_H) % GW_US_PER_H;
        const double here = per_h * rate_factor(self, t_us);
        const double left = here * gw_h_from_us(GW_US_PER_H - into_us);
        if (gap < left) {
            return t_us + (gw_time_us)(gap / here * (double)GW_US_PER_H);
        }
        gap -= left;
        t_us += GW_US_PER_H - into_us;
    }
}

static double lognormal_us(double median_us, double mean_us, double u)
{
    const double sigma = sqrt(2.0 * log(mean_us / median_us));
    return median_us * exp(sigma * gsl_cdf_ugaussian_Pinv(fmin(fmax(u, 1e-12), 1.0 - 1e-12)));
}

static gw_time_us draw_length(const struct gw_job_stream_cfg *cfg, double u)
{
    const struct mix_law *m = &mixes[cfg->mix];
    const double h = (double)GW_US_PER_H;
    double us = 0.0;
    switch ((enum gw_job_length_alt)cfg->length.alt) {
    case GW_JOB_LENGTH_ALWAYS:
        return *(const gw_time_us *)cfg->length.at;
    case GW_JOB_LENGTH_UNIFORM: {
        const struct gw_job_uniform *x = cfg->length.at;
        const gw_time_us grain_us = x->grain_us == GW_ABSENT ? 1 : x->grain_us;
        const double steps = (double)((x->to_us - x->from_us) / grain_us + 1);
        return x->from_us + grain_us * (gw_time_us)(u * steps);
    }
    case GW_JOB_LENGTH_LOGNORMAL: {
        const struct gw_job_lognormal *x = cfg->length.at;
        us = lognormal_us((double)x->median_us, (double)x->mean_us, u);
        break;
    }
    case GW_JOB_LENGTH_MIX:
        us = lognormal_us(m->median_h * h, m->mean_h * h, u);
    }
    us = fmin(fmax(us, (double)cfg->shortest_us), (double)cfg->longest_us);
    return llround(us);
}

static uint32_t draw_width(const struct gw_job_stream_cfg *cfg, double u)
{
    if (cfg->width != NULL) {
        return (uint32_t)*cfg->width;
    }
    const struct mix_law *m = &mixes[cfg->mix];
    uint32_t i = 0;
    while (u >= m->width[i].up_to) {
        i++;
    }
    return m->width[i].width;
}

bool gw_job_stream_next(struct gw_job_stream *self, gw_time_us until_us, struct gw_job *out)
{
    const gw_time_us at_us = next_at(self);
    if (at_us >= until_us) {
        return false;
    }
    const uint64_t key = gw_rng_mix(self->key ^ gw_rng_mix(self->n));
    out->submit_us = self->now_us = at_us;
    out->work_us = draw_length(self->cfg, gw_rng_unit(gw_rng_mix(key + 1)));
    out->width = draw_width(self->cfg, gw_rng_unit(gw_rng_mix(key + 2)));
    self->n++;
    return true;
}
