#include "models/policies/assessment.h"

#include <math.h>

static double hours_since(const struct gw_assessment *self, int64_t now_us)
{
    return (double)(now_us - self->last_us) / 3.6e9;
}

static bool is_time(const struct gw_assessment *self, const struct gw_assessment_cfg *cfg, double h, double v)
{
    if (!self->begun || h >= cfg->longest_h) {
        return true;
    }
    const bool was_least = self->n >= 2 && self->newest <= self->before && self->newest < v;
    return h >= cfg->grace_h && was_least && self->newest_carbon < self->carbon_sum / (double)self->n;
}

bool gw_assessment_due(struct gw_assessment *self, const struct gw_assessment_cfg *cfg, int64_t now_us,
                       double carbon)
{
    const double h = self->begun ? hours_since(self, now_us) : 0.0;
    const double v = carbon / exp(-cfg->decay_per_h * h);
    const bool due = is_time(self, cfg, h, v);
    if (due) {
        *self = (struct gw_assessment){.begun = true, .last_us = now_us};
    }
    self->before = self->newest;
    self->newest = due ? carbon : v;
    self->newest_carbon = carbon;
    self->carbon_sum += carbon;
    self->n++;
    return due;
}

void gw_assessment_sample(struct gw_rng *rng, uint32_t samples, uint32_t n, const double *quality,
                          double *out)
{
    double sum = 0.0;
    for (uint32_t l = 0; l < n; l++) {
        sum += quality[l];
        out[l] = samples > 0 ? 0.0 : quality[l];
    }
    for (uint32_t i = 0; i < samples; i++) {
        double at = gw_rng_unit(gw_rng_next(rng)) * sum;
        uint32_t l = 0;
        for (; l + 1 < n && at >= quality[l]; l++) {
            at -= quality[l];
        }
        out[l] += 1.0;
    }
    const double first = fmax(out[0], 1.0); /* nobody preferred it: as if one had */
    for (uint32_t l = 0; samples > 0 && l < n; l++) {
        out[l] = l == 0 ? 1.0 : out[l] / first;
    }
}
