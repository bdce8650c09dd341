/* models/weather/factors.h - the weather of a place before it has units: random numbers that temperature,
 * humidity, cloud and wind are made of, and that it shares with its grid and its neighbours.
 *
 *   e = sqrt(a) G + sqrt((1 - a)(1 - b)) R + sqrt((1 - a) b) L                                        (10)
 *
 * Standard normal numbers, one per factor and day or hour since 1970 (UTC): G is shared by a group of
 * neighbouring regions, R by all that lies in one region, L is the place's own. G and R of heat, cloud and
 * wind are the very numbers of models/grid/grid_factors.h, so that a heat wave raises the demand of the grid
 * and a lull stills its turbines. Each is a function of (seed, replication, name, factor, time): a site more,
 * another window or another order of asking changes none of them. The processes with a memory are filters of
 * them:
 *
 *   AR(1)  x_t = r x_t-1 + sqrt(1 - r^2) e_t                                                         (11)
 *   AR(2)  x_t = 2 r x_t-1 - r^2 x_t-2 + s e_t,  s^2 = (1 - r^2)^3 / (1 + r^2)   critically damped   (12)
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
    uint64_t seed;
    uint32_t replication;
    const char *name[GW_FACTORS_LEVELS]; /* of group, region, place; NULL: none */
};

/* Names are kept, not copied, and may be NULL but for region and place at once. Without a group the region
 * stands alone; without a place a_local is 0. */
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
