/* sim/validate/series_shape.h - what a year of hours is like: spread, memory, the mean day. */
#ifndef GW_SIM_VALIDATE_SERIES_SHAPE_H
#define GW_SIM_VALIDATE_SERIES_SHAPE_H

#include <stddef.h>

enum { GW_SERIES_SHAPE_DAYS_MAX = 366 };

struct gw_series_shape {
    double mean;
    double cv, lag_1, lag_24; /* standard deviation per mean; autocorrelation after 1 and 24 hours */
    double swing;             /* range of the mean day per mean */
    double daily_cv;          /* of the means of days */
    double hour[24];          /* the mean day, local standard time */
    double day[GW_SERIES_SHAPE_DAYS_MAX]; /* means */
    size_t n_days;
};

/* Of n hours, whole days up to a leap year, that begin at 0:00 UTC. */
struct gw_series_shape gw_series_shape_of(const double *x, size_t n, double utc_offset_h);

/* Takes the mean of each 30 days off the days: what is left is weather. */
void gw_series_shape_take_out_months(double *day, size_t n);

/* Pearson's; 0 for what does not vary. */
double gw_series_shape_correlation(const double *x, const double *y, size_t n);

#endif
