/* models/weather/climate.h - what the weather of a place is like: monthly normals and the spread about them.
 *
 * The normals of a day of the year lie on a line between mid-months whose bends are chosen so that the mean
 * of each calendar month is the one given:
 *
 *   N(d) = line through x_1 ... x_12 with mean of N over month m = given_m                              (8)
 *   s(d) = s0 + s1 cos(2 pi (d - 15) / 365)                                                             (9)
 *
 * Spreads are standard deviations of daily means about the normal. docs/models/weather.md. */
#ifndef GW_MODELS_WEATHER_CLIMATE_H
#define GW_MODELS_WEATHER_CLIMATE_H

#include "models/weather/factors.h"

enum { GW_CLIMATE_MONTHS = 12, GW_CLIMATE_DAYS_MAX = 366 };

struct gw_climate {
    const char *name, *title;
    double lat_deg, lon_deg, utc_offset_h, elevation_m;
    const struct gw_factors_region *region;                 /* whose factors it shares; NULL: its own alone */
    struct gw_slice dry_bulb_c, daily_range_k, dew_point_c; /* double[12], January first */
    struct gw_slice dry_bulb_spread_k, dew_point_spread_k;  /* double[2]: s0, s1 of (9) */
    double dry_bulb_memory, dew_point_memory;               /* autocorrelation of daily means */
    double coupling;                                        /* correlation of the two */
    double coolest_hour, warmest_hour;                      /* local standard time */
    double cloud_frac, wind_m_per_s;                        /* annual means */
};

extern const struct gw_type gw_climate_type; /* catalogue kind "climate" */

/* The first day of month 0..12 in a year of 365 or 366 days; of month 12 it is the year's length. */
int gw_climate_month_start(int month, bool leap_year);

/* (8) for every day of a year: monthly[12] -> daily[365 or 366]. */
void gw_climate_daily(const double *monthly, bool leap_year, double daily[GW_CLIMATE_DAYS_MAX]);

/* (9), at least 0.2 K; day 0 is 1 January. */
double gw_climate_spread_k(const struct gw_slice *spread, int day);

#endif
