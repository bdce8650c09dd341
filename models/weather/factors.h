/* models/weather/factors.h - the weather of a region before it has units: what its temperature, humidity,
 * cloud and wind depend on, and its grid's demand, solar and wind power as well.
 *
 *   e_i = sqrt(a_group) G + sqrt((1 - a_group)(1 - a_local)) R + sqrt((1 - a_group) a_local) L_i (10)
 *
 * Standard normal numbers, one per factor and day or hour: G is shared by a group of neighbouring regions, R
 * by all that lies in one region, L_i is the place's own. Each is a function of (seed, replication, name,
 * factor, time): a site more, another window or another order of asking changes none of them. The processes
 * with a memory are filters of them:
 *
 *   AR(1)  x_t = r x_t-1 + sqrt(1 - r^2) e_t                                                            (11)
 *   AR(2)  x_t = 2 f x_t-1 - f^2 x_t-2 + s e_t,  s^2 = (1 - f^2)^3 / (1 + f^2)    critically damped     (12)
 *
 * both of variance 1. docs/models/weather.md. */
#ifndef GW_MODELS_WEATHER_FACTORS_H
#define GW_MODELS_WEATHER_FACTORS_H

#include <stddef.h>
#include <stdint.h>

/* Numbers never change their meaning; new ones are appended. The first three go by day, the others by hour.
 */
enum gw_factor {
    GW_FACTOR_HEAT,      /* temperature of the day */
    GW_FACTOR_HUMIDITY,  /* dew point of the day, beside what heat explains */
    GW_FACTOR_RANGE,     /* difference of day and night */
    GW_FACTOR_CLOUD,     /* cloud of the weather's pace */
    GW_FACTOR_WIND,      /* wind of the weather's pace */
    GW_FACTOR_HEAT_FAST, /* the place's own: within the day */
    GW_FACTOR_HUMIDITY_FAST,
    GW_FACTOR_CLOUD_FAST,
    GW_FACTOR_WIND_FAST,
    GW_FACTORS,
};

enum { GW_FACTORS_LEVELS = 3 };
struct gw_factors {
    uint64_t key[GW_FACTORS_LEVELS]; /* group, region, place; 0: none */
};

/* Any name may be NULL. Without a group the region stands alone; without a place a_local is 0: that is what a
 * grid asks for. */
void gw_factors_init(struct gw_factors *self, uint64_t seed, uint32_t replication, const char *group,
                     const char *region, const char *place);

/* (10) for days or hours first ... first + n - 1 since 1970. */
void gw_factors_draw(const struct gw_factors *self, enum gw_factor what, int64_t first, size_t n,
                     double *out);

/* (11) and (12) in place. The start is drawn as if the process had run for ever in (11); (12) needs some
 * hundred steps of warm-up. */
void gw_factors_ar1(double memory, double *x, size_t n);
void gw_factors_ar2(double memory, double *x, size_t n);

#endif
