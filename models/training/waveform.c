#include "models/training/waveform.h"

#include <math.h>

#include "sim/base/check.h"

static double exchange_s(const struct gw_waveform *self)
{
    return self->exposed_frac * self->step_s;
}

double gw_waveform_training_w(const struct gw_waveform *self)
{
    return self->compute_w + self->exposed_frac * (self->exchange_w - self->compute_w);
}

/* Time within the period it falls in. */
static double within(double t_s, double period_s)
{
    return isinf(period_s) ? t_s : t_s - period_s * floor(t_s / period_s);
}

double gw_waveform_w(const struct gw_waveform *self, double t_s)
{
    GW_REQUIRE(t_s >= 0.0);
    const double in_cycle_s = within(t_s, self->interval_s + self->blocking_s);
    if (in_cycle_s >= self->interval_s) {
        return self->checkpoint_w;
    }
    return within(in_cycle_s, self->step_s) < self->step_s - exchange_s(self) ? self->compute_w
                                                                              : self->exchange_w;
}

/* Of steps alone, from the beginning of one. */
static double steps_j(const struct gw_waveform *self, double t_s)
{
    const double whole = floor(t_s / self->step_s), rest_s = t_s - whole * self->step_s;
    const double compute_s = self->step_s - exchange_s(self);
    return whole * self->step_s * gw_waveform_training_w(self) + fmin(rest_s, compute_s) * self->compute_w +
           fmax(rest_s - compute_s, 0.0) * self->exchange_w;
}

double gw_waveform_j(const struct gw_waveform *self, double t_s)
{
    GW_REQUIRE(t_s >= 0.0 && self->step_s > 0.0);
    const double cycle_s = self->interval_s + self->blocking_s;
    if (isinf(cycle_s)) {
        return steps_j(self, t_s);
    }
    const double whole = floor(t_s / cycle_s), rest_s = t_s - whole * cycle_s;
    const double cycle_j = steps_j(self, self->interval_s) + self->blocking_s * self->checkpoint_w;
    return whole * cycle_j + steps_j(self, fmin(rest_s, self->interval_s)) +
           fmax(rest_s - self->interval_s, 0.0) * self->checkpoint_w;
}

double gw_waveform_mean_w(const struct gw_waveform *self)
{
    const double cycle_s = self->interval_s + self->blocking_s;
    return isinf(cycle_s) ? gw_waveform_training_w(self) : gw_waveform_j(self, cycle_s) / cycle_s;
}

void gw_waveform_range_w(const struct gw_waveform *self, double *low_w, double *high_w)
{
    *low_w = *high_w = self->compute_w;
    if (self->exposed_frac > 0.0) {
        *low_w = fmin(*low_w, self->exchange_w);
        *high_w = fmax(*high_w, self->exchange_w);
    }
    if (self->blocking_s > 0.0 && isfinite(self->interval_s)) {
        *low_w = fmin(*low_w, self->checkpoint_w);
        *high_w = fmax(*high_w, self->checkpoint_w);
    }
}
