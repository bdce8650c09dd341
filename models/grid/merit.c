#include "models/grid/merit.h"

#include <math.h>

enum { ROUNDS = 12, DISPATCHED = 5 };

static const enum gw_fuel dispatched[DISPATCHED] = {GW_FUEL_COAL, GW_FUEL_GAS, GW_FUEL_OIL, GW_FUEL_OTHER,
                                                    GW_FUEL_HYDRO};

static const double fuel_memory_h = 72, other_memory_h = 10, other_variation = 0.05;
static const double reservoir_slope = 1.5;

/* Shares with sum 1; of hydropower only the reservoirs' part is dispatched. */
struct shares {
    double all[GW_FUELS], flexible_hydro;
};

static struct shares shares_of(const struct gw_zone *zone)
{
    struct shares s;
    double sum = 0;
    for (int f = 0; f < GW_FUELS; f++) {
        sum += zone->mix.of[f];
    }
    for (int f = 0; f < GW_FUELS; f++) {
        s.all[f] = zone->mix.of[f] / sum;
    }
    s.flexible_hydro = s.all[GW_FUEL_HYDRO] * zone->hydro.flexible_frac;
    return s;
}

static double share_of(const struct shares *s, enum gw_fuel f)
{
    return f == GW_FUEL_HYDRO ? s->flexible_hydro : s->all[f];
}

/* What does not answer demand; the rest of demand goes into out->residual. */
static void subtract_must_run(const struct shares *s, const struct gw_natural *natural, struct gw_merit *out)
{
    const double steady = s->all[GW_FUEL_BIOMASS] + s->all[GW_FUEL_GEOTHERMAL];
    const double river = s->all[GW_FUEL_HYDRO] - s->flexible_hydro;
    for (size_t i = 0; i < out->n; i++) {
        out->generation[GW_FUEL_WIND][i] = s->all[GW_FUEL_WIND] * natural->wind[i];
        out->generation[GW_FUEL_SOLAR][i] = s->all[GW_FUEL_SOLAR] * natural->solar[i];
        out->generation[GW_FUEL_NUCLEAR][i] = s->all[GW_FUEL_NUCLEAR] * natural->nuclear[i];
        out->generation[GW_FUEL_BIOMASS][i] = s->all[GW_FUEL_BIOMASS];
        out->generation[GW_FUEL_GEOTHERMAL][i] = s->all[GW_FUEL_GEOTHERMAL];
        out->generation[GW_FUEL_HYDRO][i] = river * natural->inflow[i];
        out->residual[i] = natural->demand[i] - out->generation[GW_FUEL_WIND][i] -
                           out->generation[GW_FUEL_SOLAR][i] - out->generation[GW_FUEL_NUCLEAR][i] - steady -
                           out->generation[GW_FUEL_HYDRO][i];
    }
}

/* Trade takes a part of the swings; below the least output there is surplus. Returns the mean of what is left
 * to dispatch. */
static double settle_residual(const struct gw_zone_dispatch *d, double dispatchable, struct gw_merit *out)
{
    double mean = 0;
    for (size_t i = 0; i < out->n; i++) {
        mean += out->residual[i];
    }
    mean /= (double)out->n;
    const double least = d->least_frac * dispatchable;
    double sum = 0;
    for (size_t i = 0; i < out->n; i++) {
        const double wanted = mean + (1 - d->damped_frac) * (out->residual[i] - mean);
        const double surplus = fmax(least - wanted, 0);
        double *wind = &out->generation[GW_FUEL_WIND][i], *solar = &out->generation[GW_FUEL_SOLAR][i];
        const double cut = fmin((1 - d->exported_frac) * surplus, *wind + *solar);
        if (cut > 0) {
            const double kept = 1 - cut / (*wind + *solar);
            *wind *= kept;
            *solar *= kept;
        }
        out->curtailed[i] = cut;
        out->net_export[i] = wanted - out->residual[i] + surplus - cut;
        out->residual[i] = wanted + surplus;
        sum += out->residual[i];
    }
    return sum / (double)out->n;
}

/* Mean of the day around each hour. */
static void smooth_day(const double *x, size_t n, double *out)
{
    const size_t half = 12;
    double sum = 0;
    size_t from = 0, to = 0;
    for (size_t i = 0; i < n; i++) {
        for (; to < n && to < i + half; to++) {
            sum += x[to];
        }
        for (; from + half < i; from++) {
            sum -= x[from];
        }
        out[i] = sum / (double)(to - from);
    }
}

/* Log of what is bought at each hour, against a mean hour of its day. */
static void buy_by_demand(const struct gw_zone *zone, const struct gw_natural *natural, double *bought)
{
    double asleep[24];
    for (int h = 0; h < 24; h++) {
        asleep[h] =
            -zone->import->night_slope * log(gw_load_shape_hour((enum gw_load_day)zone->demand.day, h));
    }
    for (size_t i = 0; i < natural->n; i++) {
        bought[i] = asleep[(int)natural->hour_of_day[i]];
    }
}

static void buy_by_price(const struct gw_zone *zone, const double *price, size_t n, double *bought)
{
    smooth_day(price, n, bought);
    for (size_t i = 0; i < n; i++) {
        bought[i] = (bought[i] - price[i]) / zone->import->price_step_usd_per_mwh;
    }
}

/* Of the log readiness: within the day imported plants run as they are bought, and reservoirs follow the
 * load; over days all keep their slopes. */
static enum gw_status trade(const struct gw_natural_span *span, const struct gw_natural *natural,
                            const double *price, const struct gw_merit *out, double *ready[DISPATCHED])
{
    double *day = gw_arena_array(span->arena, out->n, sizeof *day),
           *bought = gw_arena_array(span->arena, out->n, sizeof *bought);
    if (day == NULL || bought == NULL) {
        return GW_ERR_NOMEM;
    }
    if (span->zone->import->follows == GW_IMPORT_BY_PRICE) {
        buy_by_price(span->zone, price, out->n, bought);
    } else {
        buy_by_demand(span->zone, natural, bought);
    }
    smooth_day(out->residual, out->n, day);
    for (size_t i = 0; i < out->n; i++) {
        const double swing = log(out->residual[i] / day[i]);
        for (int k = 0; k < DISPATCHED; k++) {
            const bool hydro = dispatched[k] == GW_FUEL_HYDRO;
            const double within = hydro ? reservoir_slope : 0;
            ready[k][i] += (within - out->slope[dispatched[k]]) * swing + (hydro ? 0 : bought[i]);
        }
    }
    return GW_OK;
}

/* How ready each kind is at each hour: x^(b - 1) q. */
static enum gw_status make_readiness(const struct gw_natural_span *span, const struct gw_natural *natural,
                                     const double *price, const struct gw_merit *out,
                                     double *ready[DISPATCHED])
{
    const struct gw_zone *zone = span->zone;
    const double *coal = gw_natural_market(span, fuel_memory_h);
    const double *other = gw_natural_own(span, "other", other_memory_h);
    if (coal == NULL || other == NULL) {
        return GW_ERR_NOMEM;
    }
    for (size_t i = 0; i < out->n; i++) {
        const double log_x = log(out->residual[i]);
        const double log_q[DISPATCHED] = {zone->dispatch.coal_variation * coal[i], 0, 0,
                                          other_variation * other[i], log(natural->inflow[i])};
        for (int k = 0; k < DISPATCHED; k++) {
            ready[k][i] = (out->slope[dispatched[k]] - 1) * log_x + log_q[k];
        }
    }
    if (zone->import != NULL && zone->import->follows != GW_IMPORT_BY_MIX &&
        trade(span, natural, price, out, ready) != GW_OK) {
        return GW_ERR_NOMEM;
    }
    for (int k = 0; k < DISPATCHED; k++) {
        for (size_t i = 0; i < out->n; i++) {
            ready[k][i] = exp(ready[k][i]);
        }
    }
    return GW_OK;
}

/* Weights with which every kind gets its share of the energy, and the plants that run. */
static void dispatch(const struct shares *s, double mean, double *const ready[DISPATCHED],
                     struct gw_merit *out)
{
    double weight[DISPATCHED], total = 0;
    for (int k = 0; k < DISPATCHED; k++) {
        weight[k] = share_of(s, dispatched[k]);
        total += weight[k];
    }
    for (int round = 0; round <= ROUNDS; round++) {
        double energy[DISPATCHED] = {0};
        for (size_t i = 0; i < out->n; i++) {
            double sum = 0, g[DISPATCHED];
            for (int k = 0; k < DISPATCHED; k++) {
                g[k] = weight[k] * ready[k][i];
                sum += g[k];
            }
            const double scale = sum > 0 ? mean * out->residual[i] / sum : 0;
            for (int k = 0; k < DISPATCHED; k++) {
                energy[k] += g[k] * scale;
                if (round == ROUNDS) {
                    out->generation[dispatched[k]][i] += g[k] * scale;
                }
            }
        }
        for (int k = 0; k < DISPATCHED && round < ROUNDS; k++) {
            const double wanted = share_of(s, dispatched[k]) / total * mean * (double)out->n;
            weight[k] *= energy[k] > 0 ? wanted / energy[k] : 0;
        }
    }
}

enum gw_status gw_merit_run(const struct gw_natural_span *span, const struct gw_natural *natural,
                            const double *price, struct gw_merit *out, struct gw_error *err)
{
    const struct gw_zone *zone = span->zone;
    *out = (struct gw_merit){.n = natural->n};
    double *ready[DISPATCHED];
    double **arrays[GW_FUELS + 3 + DISPATCHED] = {&out->residual, &out->curtailed, &out->net_export};
    for (int f = 0; f < GW_FUELS; f++) {
        arrays[3 + f] = &out->generation[f];
    }
    for (int k = 0; k < DISPATCHED; k++) {
        arrays[3 + GW_FUELS + k] = &ready[k];
    }
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = gw_arena_array(span->arena, out->n, sizeof(double));
        if (*arrays[i] == NULL) {
            return gw_fail(err, GW_ERR_NOMEM, zone->name, "out of memory");
        }
    }
    const struct gw_zone_dispatch *d = &zone->dispatch;
    out->slope[GW_FUEL_COAL] = d->coal_slope;
    out->slope[GW_FUEL_GAS] = d->gas_slope;
    out->slope[GW_FUEL_OIL] = d->oil_slope;
    out->slope[GW_FUEL_OTHER] = d->other_slope;
    out->slope[GW_FUEL_HYDRO] = d->hydro_slope;

    const struct shares shares = shares_of(zone);
    double dispatchable = 0;
    for (int k = 0; k < DISPATCHED; k++) {
        dispatchable += share_of(&shares, dispatched[k]);
    }
    subtract_must_run(&shares, natural, out);
    const double mean = settle_residual(d, dispatchable, out);
    for (size_t i = 0; i < out->n; i++) {
        out->residual[i] /= mean;
    }
    if (make_readiness(span, natural, price, out, ready) != GW_OK) {
        return gw_fail(err, GW_ERR_NOMEM, zone->name, "out of memory");
    }
    dispatch(&shares, mean, ready, out);
    return GW_OK;
}
