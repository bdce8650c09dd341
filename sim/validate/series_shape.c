#include "sim/validate/series_shape.h"

#include <gsl/gsl_statistics.h>
#include <math.h>

#include "sim/base/check.h"

enum { HOURS_PER_DAY = 24, DAYS_PER_MONTH = 30 };

double gw_series_shape_correlation(const double *x, const double *y, size_t n)
{
    const double spread = gsl_stats_sd(x, 1, n) * gsl_stats_sd(y, 1, n);
    return spread > 0 ? gsl_stats_covariance(x, 1, y, 1, n) / spread : 0;
}

static void make_mean_day(const double *x, size_t n, double utc_offset_h, struct gw_series_shape *s)
{
    const size_t shift = (size_t)(10 * HOURS_PER_DAY + (int)floor(utc_offset_h));
    double count[HOURS_PER_DAY] = {0}, low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        s->hour[(i + shift) % HOURS_PER_DAY] += x[i];
        count[(i + shift) % HOURS_PER_DAY]++;
    }
    for (int h = 0; h < HOURS_PER_DAY; h++) {
        s->hour[h] /= count[h];
        low = fmin(low, s->hour[h]);
        high = fmax(high, s->hour[h]);
    }
    s->swing = (high - low) / s->mean;
}

struct gw_series_shape gw_series_shape_of(const double *x, size_t n, double utc_offset_h)
{
    GW_REQUIRE(n >= 2 * HOURS_PER_DAY && n <= (size_t)GW_SERIES_SHAPE_DAYS_MAX * HOURS_PER_DAY);
    struct gw_series_shape s = {.mean = gsl_stats_mean(x, 1, n), .n_days = n / HOURS_PER_DAY};
    s.cv = gsl_stats_sd_m(x, 1, n, s.mean) / s.mean;
    s.lag_1 = gw_series_shape_correlation(x, x + 1, n - 1);
    s.lag_24 = gw_series_shape_correlation(x, x + HOURS_PER_DAY, n - HOURS_PER_DAY);
    make_mean_day(x, n, utc_offset_h, &s);
    for (size_t d = 0; d < s.n_days; d++) {
        s.day[d] = gsl_stats_mean(x + HOURS_PER_DAY * d, 1, HOURS_PER_DAY);
    }
    s.daily_cv = gsl_stats_sd(s.day, 1, s.n_days) / s.mean;
    return s;
}

void gw_series_shape_take_out_months(double *day, size_t n)
{
    for (size_t from = 0; from < n; from += DAYS_PER_MONTH) {
        const size_t days = from + DAYS_PER_MONTH < n ? DAYS_PER_MONTH : n - from;
        const double mean = gsl_stats_mean(day + from, 1, days);
        for (size_t d = from; d < from + days; d++) {
            day[d] -= mean;
        }
    }
}
