/* models/weather/factors.h - the weather before it has units: random numbers that temperature, humidity,
 * cloud and wind are made of, shared by the sites of a region, its grid and its neighbours.
 *
 *   e = sqrt(a1) G1 + sqrt(a2) G2 + sqrt((1 - a1 - a2)(1 - b)) R + sqrt((1 - a1 - a2) b) L            (10)
 *
 * Standard normal numbers, one per factor and local day or hour (UTC) since 1970: G is shared by a group of
 * neighbouring regions, R by all that lies in one region, L is the place's own. A grid is its region (b = 0),
 * so that a heat wave raises the demand of the grid and a lull stills its turbines. Each is a function of
 * (seed, replication, name, factor, time): a site more, another window or another order of asking changes
 * none of them. The processes with a memory are filters of them:
 *
 *   AR(1)  x_t = r x_t-1 + sqrt(1 - r^2) e_t                                                         (11)
 *   AR(2)  x_t = 2 r x_t-1 - r^2 x_t-2 + s e_t,  s^2 = (1 - r^2)^3 / (1 + r^2)   critically damped   (12)
 *
 * both of variance 1. docs/models/weather.md. */
#ifndef GW_MODELS_WEATHER_FACTORS_H
#define GW_MODELS_WEATHER_FACTORS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/tree/bind.h"

/* Catalogue kind "weather-region": which neighbours are under the same highs and lows. */
struct gw_factors_region {
    const char *name;
    const char *group, *second_group; /* NULL: stands alone */
    double share, second_share;       /* parts of the wind's variance that are the groups' */
};
extern const struct gw_type gw_factors_region_type;

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
    GW_FACTOR_RAIN, /* by hour: what fills rivers */
    GW_FACTORS,
};

struct gw_factors {
    uint64_t seed;
    uint32_t replication;
    const struct gw_factors_region *region; /* NULL: a place alone */
    const char *place;                      /* NULL: a region as a whole */
};

/* Region and name are kept, not copied; one of them may be NULL. Without a place b is 0. */
void gw_factors_init(struct gw_factors *self, uint64_t seed, uint32_t replication,
                     const struct gw_factors_region *region, const char *place);

/* (10) for days or hours first ... first + n - 1 since 1970. */
void gw_factors_draw(const struct gw_factors *self, enum gw_factor what, int64_t first, size_t n,
                     double *out);

/* White numbers of any other named process, for times first ... first + n - 1. */
void gw_factors_white(uint64_t seed, uint32_t replication, const char *name, int64_t first, size_t n,
                      double *out);

/* (11) and (12) in place. The start is drawn as if the process had run for ever in (11); (12) needs some
 * hundred steps of warm-up. */
void gw_factors_ar1(double memory, double *x, size_t n);
void gw_factors_ar2(double memory, double *x, size_t n);

#endif
