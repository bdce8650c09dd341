#include "sim/core/moments.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "sim/base/check.h"

void gw_moments_add(struct gw_moments *self, double x)
{
    if (self->n == 0) {
        self->min = self->max = x;
    }
    self->min = x < self->min ? x : self->min;
    self->max = x > self->max ? x : self->max;
    self->n++;
    const double delta = x - self->mean;
    self->mean += delta / (double)self->n;
    self->m2 += delta * (x - self->mean);
}

void gw_moments_merge(struct gw_moments *self, const struct gw_moments *other)
{
    if (other->n == 0) {
        return;
    }
    if (self->n == 0) {
        *self = *other;
        return;
    }
    const double na = (double)self->n, nb = (double)other->n, n = na + nb;
    const double delta = other->mean - self->mean;
    self->mean += delta * (nb / n);
    self->m2 += other->m2 + delta * delta * (na * nb / n);
    self->n += other->n;
    self->min = other->min < self->min ? other->min : self->min;
    self->max = other->max > self->max ? other->max : self->max;
}

double gw_moments_variance(const struct gw_moments *self)
{
    return self->n < 2 ? NAN : self->m2 / (double)(self->n - 1);
}

double gw_moments_half_width(const struct gw_moments *self, double confidence)
{
    GW_REQUIRE(confidence > 0.0);
    GW_REQUIRE(confidence < 1.0);
    if (self->n < 2) {
        return NAN;
    }
    const double t = gsl_cdf_tdist_Qinv((1.0 - confidence) / 2.0, (double)(self->n - 1));
    return t * sqrt(gw_moments_variance(self) / (double)self->n);
}
