#include "models/grid/grid_price.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/check.h"

static const double noise_memory_h = 24, drift_memory_h = 600;
static const double low_quantile = 0.06, low_exponent = 0.7, top_quantile = 0.9995, scarcity_exponent = 1.5;

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y); /* equal doubles cannot be told apart */
}

static double quantile(const double *sorted, size_t n, double q)
{
    return sorted[(size_t)(q * (double)(n - 1) + 0.5)];
}

/* What a MWh costs each kind of thermal plant. Unknown plants burn gas. */
static struct gw_mix costs_of(const struct gw_zone *zone)
{
    const struct gw_zone_price *p = &zone->price;
    struct gw_mix cost = {{[GW_FUEL_COAL] = p->coal_usd_per_mwh,
                           [GW_FUEL_GAS] = p->gas_usd_per_mwh,
                           [GW_FUEL_OIL] = p->oil_usd_per_mwh,
                           [GW_FUEL_OTHER] = p->gas_usd_per_mwh}};
    for (int f = 0; f < GW_FUELS; f++) {
        cost.of[f] += zone->direct_gco2_per_kwh.of[f] / 1e3 * p->carbon_usd_per_t; /* g/kWh = kg/MWh */
    }
    return cost;
}

static double base_at(const struct gw_merit *merit, const struct gw_mix *cost, size_t i)
{
    static const enum gw_fuel thermal[] = {GW_FUEL_COAL, GW_FUEL_GAS, GW_FUEL_OIL, GW_FUEL_OTHER};
    double weights = 0, sum = 0;
    for (size_t k = 0; k < sizeof thermal / sizeof thermal[0]; k++) {
        const double weight = merit->slope[thermal[k]] * merit->generation[thermal[k]][i];
        weights += weight;
        sum += weight * cost->of[thermal[k]];
    }
    return weights > 0 ? sum / weights : 1;
}

/* Where on the year's residual load prices fall and rise. */
struct edges {
    double least, low, scarce, top;
};

static struct edges edges_of(const struct gw_zone *zone, const struct gw_merit *merit, double *scratch)
{
    for (size_t i = 0; i < merit->n; i++) {
        scratch[i] = merit->residual[i];
    }
    qsort(scratch, merit->n, sizeof *scratch, by_value);
    return (struct edges){.least = scratch[0],
                          .low = quantile(scratch, merit->n, low_quantile),
                          .scarce = quantile(scratch, merit->n, zone->price.scarcity_quantile),
                          .top = quantile(scratch, merit->n, top_quantile)};
}

enum gw_status gw_grid_price_make(const struct gw_natural_span *span, const struct gw_natural *natural,
                                  const struct gw_merit *merit, double *out)
{
    const struct gw_zone *zone = span->zone;
    const struct gw_zone_price *p = &zone->price;
    const size_t n = merit->n;
    const double *noise = gw_natural_own(span, "price", noise_memory_h);
    const double *drift = gw_natural_own(span, "fuels", drift_memory_h);
    double *base = gw_arena_array(span->arena, n, sizeof *base),
           *surplus = gw_arena_array(span->arena, n, sizeof *surplus);
    if (noise == NULL || drift == NULL || base == NULL || surplus == NULL) {
        return GW_ERR_NOMEM;
    }
    const struct edges e = edges_of(zone, merit, surplus);
    const struct gw_mix cost = costs_of(zone);
    double base_mean = 0;
    for (size_t i = 0; i < n; i++) {
        base[i] = base_at(merit, &cost, i);
        base_mean += base[i] / (double)n;
    }
    double raw_mean = 0, surplus_mean = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = merit->residual[i];
        const double q = e.low > e.least ? fmin(fmax((x - e.least) / (e.low - e.least), 0), 1) : 1;
        const double over = e.top > e.scarce ? fmax((x - e.scarce) / (e.top - e.scarce), 0) : 0;
        out[i] = base[i] / base_mean * natural->demand[i] *
                 exp(p->residual_slope * log(x) + p->noise * noise[i] + p->drift * drift[i]);
        out[i] *= q < 1 ? pow(q, low_exponent) : 1;
        out[i] += over > 0 ? p->scarcity * pow(over, scarcity_exponent) : 0;
        surplus[i] = p->lowest_usd_per_mwh * fmax(1 - 4 * q, 0);
        raw_mean += out[i] / (double)n;
        surplus_mean += surplus[i] / (double)n;
    }
    GW_REQUIRE(raw_mean > 0);
    const double level = (zone->region->price_usd_per_mwh - surplus_mean) / raw_mean;
    for (size_t i = 0; i < n; i++) {
        out[i] = level * out[i] + surplus[i];
    }
    return GW_OK;
}
