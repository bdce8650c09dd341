/* sim/core/moments.h - compensated sums, and mean and variance of a stream of numbers. */
#ifndef GW_SIM_CORE_MOMENTS_H
#define GW_SIM_CORE_MOMENTS_H

#include <stdint.h>

/* Neumaier's sum: the error does not grow with the number of terms. A zeroed struct is an empty sum. */
struct gw_sum {
    double sum, correction;
};

static inline void gw_sum_add(struct gw_sum *self, double x)
{
    const double t = self->sum + x;
    const double big = self->sum >= 0 ? self->sum : -self->sum;
    const double small = x >= 0 ? x : -x;
    self->correction += big >= small ? (self->sum - t) + x : (x - t) + self->sum;
    self->sum = t;
}

static inline double gw_sum_value(struct gw_sum s)
{
    return s.sum + s.correction;
}

static inline void gw_sum_merge(struct gw_sum *self, struct gw_sum other)
{
    gw_sum_add(self, other.sum);
    self->correction += other.correction;
}

/* Count, mean, second central moment, extremes (Welford; merged by Chan's formula, in a fixed order). */
struct gw_moments {
    uint64_t n;
    double mean, m2, min, max;
};

void gw_moments_add(struct gw_moments *self, double x);
void gw_moments_merge(struct gw_moments *self, const struct gw_moments *other);
double gw_moments_variance(const struct gw_moments *self); /* sample variance; NaN for n < 2 */
/* Half width of the two-sided Student confidence interval of the mean; NaN for n < 2. */
double gw_moments_half_width(const struct gw_moments *self, double confidence);

#endif
