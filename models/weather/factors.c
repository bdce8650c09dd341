#include "models/weather/factors.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "sim/base/check.h"
#include "sim/core/rng.h"

enum { GROUP, REGION, PLACE, NAME_BYTES = 320 };

/* A factor's name in its streams, how much of its variance neighbours share, and how much of the rest is a
 * place's own. */
static const struct {
    const char *name;
    double group, local;
} factors[GW_FACTORS] = {
    /* daily mean temperatures of 2023 correlate by 0.66 between London and Frankfurt and between Toronto and
     * the mid-Atlantic states, dew points by 0.63 and 0.70; cloud and wind are shared as between grids */
    [GW_FACTOR_HEAT] = {"heat", 0.65, 0.1},
    [GW_FACTOR_HUMIDITY] = {"humidity", 0.65, 0.1},
    [GW_FACTOR_RANGE] = {"range", 0.3, 0.3},
    [GW_FACTOR_CLOUD] = {"cloud", 0.65, 0.2},
    [GW_FACTOR_WIND] = {"wind", 0.65, 0.2},
    [GW_FACTOR_HEAT_FAST] = {"heat-fast", 0, 1},
    [GW_FACTOR_HUMIDITY_FAST] = {"humidity-fast", 0, 1},
    [GW_FACTOR_CLOUD_FAST] = {"cloud-fast", 0, 0.5},
    [GW_FACTOR_WIND_FAST] = {"wind-fast", 0, 0.5},
};

/* --- who shares what ---------------------------------------------------------------------------- */

void gw_factors_init(struct gw_factors *self, uint64_t seed, uint32_t replication, const char *group,
                     const char *region, const char *place)
{
    GW_REQUIRE(region != NULL || place != NULL);
    *self = (struct gw_factors){seed, replication, {group, region, place}};
}

/* The names of models/grid/grid_factors.c for what a grid draws as well. One longer than the buffer is cut.
 */
static uint64_t key_of(const struct gw_factors *self, int level, enum gw_factor what)
{
    static const char *const kind[GW_FACTORS_LEVELS] = {"weather", "grid", "place"};
    char stream[NAME_BYTES];
    snprintf(stream, sizeof stream, "%s/%s/%s", kind[level], self->name[level], factors[what].name);
    return gw_rng_seed(self->seed, self->replication, stream);
}

/* The part of each level in the variance; they add up to 1. */
static void weigh(const struct gw_factors *self, enum gw_factor what, double variance[GW_FACTORS_LEVELS])
{
    const double group = self->name[GROUP] == NULL ? 0 : factors[what].group;
    const double local = self->name[PLACE] == NULL ? 0 : self->name[REGION] == NULL ? 1 : factors[what].local;
    variance[GROUP] = group;
    variance[REGION] = (1 - group) * (1 - local);
    variance[PLACE] = (1 - group) * local;
}

/* The normal number of one key and time: the quantile of a hash. */
static double normal_at(uint64_t key, int64_t t)
{
    const uint64_t bits = gw_rng_mix(key ^ gw_rng_mix((uint64_t)t));
    return gsl_cdf_ugaussian_Pinv(((double)(bits >> 11) + 0.5) * 0x1p-53);
}

void gw_factors_draw(const struct gw_factors *self, enum gw_factor what, int64_t first, size_t n, double *out)
{
    GW_REQUIRE(what >= 0 && what < GW_FACTORS);
    double variance[GW_FACTORS_LEVELS];
    weigh(self, what, variance);
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
    }
    for (int level = 0; level < GW_FACTORS_LEVELS; level++) {
        if (variance[level] <= 0) {
            continue;
        }
        const uint64_t key = key_of(self, level, what);
        const double weight = sqrt(variance[level]);
        for (size_t i = 0; i < n; i++) {
            out[i] += weight * normal_at(key, first + (int64_t)i);
        }
    }
}

/* --- memory ------------------------------------------------------------------------------------- */

void gw_factors_ar1(double memory, double *x, size_t n)
{
    GW_REQUIRE(memory > -1 && memory < 1);
    const double fresh = sqrt(1 - memory * memory);
    for (size_t i = 1; i < n; i++) {
        x[i] = memory * x[i - 1] + fresh * x[i];
    }
}

void gw_factors_ar2(double memory, double *x, size_t n)
{
    GW_REQUIRE(memory >= 0 && memory < 1);
    const double f2 = memory * memory, rest = 1 - f2;
    const double fresh = sqrt(rest * rest * rest / (1 + f2));
    double before = 0, last = 0;
    for (size_t i = 0; i < n; i++) {
        const double now = 2 * memory * last - f2 * before + fresh * x[i];
        before = last;
        last = now;
        x[i] = now;
    }
}
