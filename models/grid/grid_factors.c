#include "models/grid/grid_factors.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "sim/core/rng.h"

enum { HOURS_PER_DAY = 24, NAME_BYTES = 320 };

/* Parts of the variance of cloud, temperature and rain that neighbours share, and of what fuels cost. */
static const double calm_share = 0.65, market_share = 0.7;

static double normal_at(uint64_t key, int64_t t)
{
    const uint64_t bits = gw_rng_mix(key ^ gw_rng_mix((uint64_t)t));
    return gsl_cdf_ugaussian_Pinv(((double)(bits >> 11) + 0.5) * 0x1p-53);
}

/* White numbers for one process: whose it is completes the name. */
struct stream {
    uint64_t seed;
    uint32_t replication;
    const char *what;
    int64_t first;
    size_t n;
};

static void add_white(const struct stream *stream, const char *level, const char *who, double variance,
                      double *out)
{
    if (variance <= 0) {
        return;
    }
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s/%s/%s", level, who, stream->what);
    const uint64_t key = gw_rng_seed(stream->seed, stream->replication, name);
    const double weight = sqrt(variance);
    for (size_t i = 0; i < stream->n; i++) {
        out[i] += weight * normal_at(key, stream->first + (int64_t)i);
    }
}

void gw_grid_factors_white(uint64_t seed, uint32_t replication, const char *name, int64_t first, size_t n,
                           double *out)
{
    const uint64_t key = gw_rng_seed(seed, replication, name);
    for (size_t i = 0; i < n; i++) {
        out[i] = normal_at(key, first + (int64_t)i);
    }
}

void gw_grid_factors_ar1(double memory, double *x, size_t n)
{
    const double keep = exp(-1 / memory), fresh = sqrt(1 - keep * keep);
    for (size_t i = 1; i < n; i++) {
        x[i] = keep * x[i - 1] + fresh * x[i];
    }
}

void gw_grid_factors_ar2(double memory, double *x, size_t n)
{
    const double keep = exp(-1 / memory), keep2 = keep * keep, rest = 1 - keep2;
    const double fresh = sqrt(rest * rest * rest / (1 + keep2));
    double before = 0, last = 0;
    for (size_t i = 0; i < n; i++) {
        const double now = 2 * keep * last - keep2 * before + fresh * x[i];
        before = last;
        last = now;
        x[i] = now;
    }
}

int64_t gw_grid_factors_day(int64_t hour)
{
    return hour / HOURS_PER_DAY - (hour % HOURS_PER_DAY < 0);
}

size_t gw_grid_factors_hours(size_t hours)
{
    return hours + GW_GRID_WARM_UP_H;
}

size_t gw_grid_factors_days(size_t hours)
{
    return gw_grid_factors_hours(hours) / HOURS_PER_DAY + 3; /* both ends cut, and the noon after the last */
}

enum gw_status gw_grid_factors_make(const struct gw_zone *zone, int64_t hour, size_t hours, uint64_t seed,
                                    uint32_t replication, struct gw_grid_factors *out, struct gw_arena *arena,
                                    struct gw_error *err)
{
    const int64_t first = hour - GW_GRID_WARM_UP_H;
    const size_t n_hours = gw_grid_factors_hours(hours), n_days = gw_grid_factors_days(hours);
    const struct {
        const char *what;
        int64_t first;
        size_t n;
        double share; /* of the groups together; 0: as for wind */
        const double **to;
    } wanted[] = {
        {"wind", first, n_hours, 0, &out->wind},
        {"cloud", first, n_hours, calm_share, &out->cloud},
        {"rain", first, n_hours, calm_share, &out->rain},
        {"heat", gw_grid_factors_day(first), n_days, calm_share, &out->heat},
    };
    const double both = zone->weather_share + zone->second_share;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        double *x = gw_arena_array(arena, wanted[i].n, sizeof *x);
        if (x == NULL) {
            return gw_fail(err, GW_ERR_NOMEM, zone->name, "out of memory");
        }
        const double scale = wanted[i].share > 0 && both > 0 ? wanted[i].share / both : 1;
        const double a1 = zone->weather_group == NULL ? 0 : zone->weather_share * scale;
        const double a2 = zone->second_group == NULL ? 0 : zone->second_share * scale;
        const struct stream s = {seed, replication, wanted[i].what, wanted[i].first, wanted[i].n};
        add_white(&s, "weather", zone->weather_group, a1, x);
        add_white(&s, "weather", zone->second_group, a2, x);
        add_white(&s, "grid", zone->name, 1 - a1 - a2, x);
        *wanted[i].to = x;
    }

    double *fuel = gw_arena_array(arena, n_hours, sizeof *fuel);
    if (fuel == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, zone->name, "out of memory");
    }
    const struct stream s = {seed, replication, "fuel", first, n_hours};
    const double common = zone->fuel_market == NULL ? 0 : market_share;
    add_white(&s, "market", zone->fuel_market, common, fuel);
    add_white(&s, "grid", zone->name, 1 - common, fuel);
    out->fuel = fuel;
    return GW_OK;
}
