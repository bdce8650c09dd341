#include "models/weather/factors.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "sim/base/check.h"
#include "sim/core/rng.h"

enum { GROUP, SECOND, REGION, PLACE, LEVELS, NAME_BYTES = 320 };

/* --- parameter table ---------------------------------------------------------------------------- */

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type fraction = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};

static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_factors_region *region = object;
    if (region->share + region->second_share > 1) {
        gw_bind_fail(bind, at, "second_share", "both groups together have %g of the variance, above 1",
                     region->share + region->second_share);
    }
    if (region->second_group != NULL && region->group == NULL) {
        gw_bind_fail(bind, at, "second_group", "a second group needs a first one, `group`");
    }
}

#define R struct gw_factors_region
static const struct gw_field fields[] = {
    GW_FIELD(R, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(R, group, &text, "~", "Neighbouring regions under the same highs and lows", NULL),
    GW_FIELD(R, share, &fraction, "0.65", "Part of the wind's variance that is the group's", "round number"),
    GW_FIELD(R, second_group, &text, "~", "Further neighbours with common weather", NULL),
    GW_FIELD(R, second_share, &fraction, "0", "Part of the wind's variance that is the second group's", NULL),
    GW_FIELD_END,
};
#undef R

const struct gw_type gw_factors_region_type = {.kind = GW_OBJ,
                                               .size = sizeof(struct gw_factors_region),
                                               .of = fields,
                                               .check = check,
                                               .doc =
                                                   "A region of common weather, for sites and grids alike"};

/* A factor's name in its streams, how much of its variance neighbours share, and how much of the rest is a
 * place's own. */
static const struct {
    const char *name;
    double group; /* of both groups together; 0: as the region says of wind */
    double local;
    bool alone;  /* no group has a part */
    bool patchy; /* the square of what the region says of wind: clouds are smaller than depressions */
} factors[GW_FACTORS] = {
    /* daily mean temperatures of 2023 correlate by 0.66 between London and Frankfurt and between Toronto and
     * the mid-Atlantic states, dew points by 0.63 and 0.70; solar power of 2022 by 0.34 within the eastern
     * United States, where wind has 0.6, and by 0.13 in the West, where it has 0.4 */
    [GW_FACTOR_HEAT] = {"heat", 0.65, 0.1, false, false},
    [GW_FACTOR_HUMIDITY] = {"humidity", 0.65, 0.1, false, false},
    [GW_FACTOR_RANGE] = {"range", 0.3, 0.3, false, false},
    [GW_FACTOR_CLOUD] = {"cloud", 0, 0.2, false, true},
    [GW_FACTOR_WIND] = {"wind", 0, 0.2, false, false},
    [GW_FACTOR_HEAT_FAST] = {"heat-fast", 0, 1, true, false},
    [GW_FACTOR_HUMIDITY_FAST] = {"humidity-fast", 0, 1, true, false},
    [GW_FACTOR_CLOUD_FAST] = {"cloud-fast", 0, 0.5, true, false},
    [GW_FACTOR_WIND_FAST] = {"wind-fast", 0, 0.5, true, false},
    [GW_FACTOR_RAIN] = {"rain", 0.65, 0.2, false, false},
};

/* --- who shares what ---------------------------------------------------------------------------- */

void gw_factors_init(struct gw_factors *self, uint64_t seed, uint32_t replication,
                     const struct gw_factors_region *region, const char *place)
{
    GW_REQUIRE(region != NULL || place != NULL);
    *self = (struct gw_factors){seed, replication, region, place};
}

/* The parts of the levels in the variance; they add up to 1. */
static void weigh(const struct gw_factors *self, enum gw_factor what, double variance[LEVELS])
{
    const struct gw_factors_region *region = self->region;
    variance[GROUP] = variance[SECOND] = 0;
    if (region != NULL && region->group != NULL && !factors[what].alone) {
        const double both = region->share + region->second_share;
        const double scale = factors[what].group > 0 && both > 0 ? factors[what].group / both
                             : factors[what].patchy              ? both
                                                                 : 1;
        variance[GROUP] = region->share * scale;
        variance[SECOND] = region->second_group == NULL ? 0 : region->second_share * scale;
    }
    const double rest = 1 - variance[GROUP] - variance[SECOND];
    const double local = self->place == NULL ? 0 : region == NULL ? 1 : factors[what].local;
    variance[REGION] = rest * (1 - local);
    variance[PLACE] = rest * local;
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
    static const char *const kind[LEVELS] = {"weather", "weather", "region", "place"};
    const struct gw_factors_region *r = self->region;
    const char *const name[LEVELS] = {r == NULL ? NULL : r->group, r == NULL ? NULL : r->second_group,
                                      r == NULL ? NULL : r->name, self->place};
    double variance[LEVELS];
    weigh(self, what, variance);
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
    }
    for (int level = 0; level < LEVELS; level++) {
        if (variance[level] <= 0) {
            continue;
        }
        char stream[NAME_BYTES]; /* a name longer than the buffer is cut */
        snprintf(stream, sizeof stream, "%s/%s/%s", kind[level], name[level], factors[what].name);
        const uint64_t key = gw_rng_seed(self->seed, self->replication, stream);
        const double weight = sqrt(variance[level]);
        for (size_t i = 0; i < n; i++) {
            out[i] += weight * normal_at(key, first + (int64_t)i);
        }
    }
}

void gw_factors_white(uint64_t seed, uint32_t replication, const char *name, int64_t first, size_t n,
                      double *out)
{
    const uint64_t key = gw_rng_seed(seed, replication, name);
    for (size_t i = 0; i < n; i++) {
        out[i] = normal_at(key, first + (int64_t)i);
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
