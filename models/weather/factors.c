#include "models/weather/factors.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "sim/base/check.h"
#include "sim/core/rng.h"

enum { GROUP, REGION, PLACE };

/* How much of a factor's variance neighbours share, and how much of the rest is a place's own. */
struct share {
    double group, local;
};

/* Groups: daily mean temperatures of 2023 correlate by 0.66 between London and Frankfurt and between Toronto
 * and the mid-Atlantic states, dew points by 0.63 and 0.70; cloud and wind as between grids. Local: a round
 * number. */
static const struct share shares[GW_FACTORS] = {
    [GW_FACTOR_HEAT] = {0.65, 0.1},     [GW_FACTOR_HUMIDITY] = {0.65, 0.1}, [GW_FACTOR_RANGE] = {0.3, 0.3},
    [GW_FACTOR_CLOUD] = {0.3, 0.2},     [GW_FACTOR_WIND] = {0.65, 0.2},     [GW_FACTOR_HEAT_FAST] = {0, 1},
    [GW_FACTOR_HUMIDITY_FAST] = {0, 1}, [GW_FACTOR_CLOUD_FAST] = {0, 0.5},  [GW_FACTOR_WIND_FAST] = {0, 0.5},
};

/* --- who shares what ---------------------------------------------------------------------------- */

static uint64_t key_of(uint64_t seed, uint32_t replication, const char *level, const char *name)
{
    const uint64_t stream = gw_rng_mix(gw_rng_seed(seed, replication, level));
    return gw_rng_mix(stream + gw_rng_seed(seed, replication, name)) | 1; /* never 0 */
}

void gw_factors_init(struct gw_factors *self, uint64_t seed, uint32_t replication, const char *group,
                     const char *region, const char *place)
{
    GW_REQUIRE(region != NULL || place != NULL);
    static const char *const level[GW_FACTORS_LEVELS] = {"weather/group", "weather/region", "weather/place"};
    const char *const name[GW_FACTORS_LEVELS] = {group, region, place};
    for (int i = 0; i < GW_FACTORS_LEVELS; i++) {
        self->key[i] = name[i] == NULL ? 0 : key_of(seed, replication, level[i], name[i]);
    }
}

/* The part of each level in the variance; they add up to 1. */
static void weigh(const struct gw_factors *self, enum gw_factor what, double variance[GW_FACTORS_LEVELS])
{
    const double group = self->key[GROUP] == 0 ? 0 : shares[what].group;
    const double local = self->key[PLACE] == 0 ? 0 : self->key[REGION] == 0 ? 1 : shares[what].local;
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
        const uint64_t key = gw_rng_mix(self->key[level] + (uint64_t)what);
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
