#include "models/grid/grid_year.h"

#include <math.h>

#include "models/grid/grid_price.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

enum { LEAST_HOURS = 168 };

/* All of one grid before it becomes series. */
struct state {
    struct gw_natural natural;
    struct gw_merit merit;
    double *price_usd_per_mwh;
};

static enum gw_status run(const struct gw_natural_span *span, const double *abroad_usd_per_mwh,
                          struct state *out, struct gw_error *err)
{
    enum gw_status s = gw_natural_make(span, &out->natural, err);
    if (s == GW_OK) {
        s = gw_merit_run(span, &out->natural, abroad_usd_per_mwh, &out->merit, err);
    }
    if (s == GW_OK) {
        out->price_usd_per_mwh = gw_arena_array(span->arena, span->n, sizeof *out->price_usd_per_mwh);
        s = out->price_usd_per_mwh == NULL
                ? GW_ERR_NOMEM
                : gw_grid_price_make(span, &out->natural, &out->merit, out->price_usd_per_mwh);
    }
    return s == GW_OK ? s : gw_fail(err, s, span->zone->name, "out of memory");
}

/* --- carbon ------------------------------------------------------------------------------------- */

static double average_at(const struct gw_merit *merit, const struct gw_mix *factor, size_t i)
{
    struct gw_mix running;
    for (int f = 0; f < GW_FUELS; f++) {
        running.of[f] = merit->generation[f][i];
    }
    return gw_mix_mean(&running, factor);
}

static void fill_average(const struct gw_merit *merit, const struct gw_mix *factor, double *out)
{
    for (size_t i = 0; i < merit->n; i++) {
        out[i] = average_at(merit, factor, i);
    }
}

/* --- series ------------------------------------------------------------------------------------- */

static struct gw_series series(gw_time_us start_unix_us, size_t n, const double *value)
{
    return (struct gw_series){.start_unix_us = start_unix_us, .step_us = GW_US_PER_H, .n = n, .value = value};
}

static enum gw_status fill_mixed(const struct gw_zone *zone, const struct gw_water_set *water,
                                 const struct state *own, gw_time_us start, struct gw_grid_year *out,
                                 struct gw_arena *arena)
{
    static const struct gw_mix renewable = {{[GW_FUEL_HYDRO] = 1,
                                             [GW_FUEL_WIND] = 1,
                                             [GW_FUEL_SOLAR] = 1,
                                             [GW_FUEL_BIOMASS] = 1,
                                             [GW_FUEL_GEOTHERMAL] = 1}};
    struct gw_mix carbon_free = renewable;
    carbon_free.of[GW_FUEL_NUCLEAR] = 1;
    const struct {
        const struct gw_mix *factor;
        struct gw_series *to;
    } wanted[] = {
        {&zone->lifecycle_gco2_per_kwh, &out->carbon[GW_CARBON_AVERAGE_LIFECYCLE]},
        {&zone->direct_gco2_per_kwh, &out->carbon[GW_CARBON_AVERAGE_DIRECT]},
        {&water->l_per_kwh, &out->water_l_per_kwh},
        {&renewable, &out->renewable_frac},
        {&carbon_free, &out->carbon_free_frac},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        double *value = gw_arena_array(arena, own->merit.n, sizeof *value);
        if (value == NULL) {
            return GW_ERR_NOMEM;
        }
        fill_average(&own->merit, wanted[i].factor, value);
        *wanted[i].to = series(start, own->merit.n, value);
    }
    return GW_OK;
}

static enum gw_status fill_marginal(const struct gw_zone *zone, const struct state *own,
                                    const struct state *neighbour, gw_time_us start, struct gw_grid_year *out,
                                    struct gw_arena *arena)
{
    if (!gw_margin_make(zone, &own->merit, &neighbour->merit, &out->margin, arena)) {
        return GW_ERR_NOMEM;
    }
    for (int direct = 0; direct <= 1; direct++) {
        double *value = gw_arena_array(arena, own->merit.n, sizeof *value);
        if (value == NULL) {
            return GW_ERR_NOMEM;
        }
        for (size_t i = 0; i < own->merit.n; i++) {
            value[i] = gw_margin_hour(&out->margin, direct == 1, i);
        }
        out->carbon[direct == 1 ? GW_CARBON_MARGINAL_DIRECT : GW_CARBON_MARGINAL_LIFECYCLE] =
            series(start, own->merit.n, value);
    }
    return GW_OK;
}

static enum gw_status keep(const struct gw_series *from, struct gw_series *out, struct gw_arena *arena)
{
    double *value = gw_arena_array(arena, from->n, sizeof *value);
    for (size_t i = 0; value != NULL && i < from->n; i++) {
        value[i] = from->value[i];
    }
    *out = *from;
    out->value = value;
    return value == NULL ? GW_ERR_NOMEM : GW_OK;
}

/* Copies what lies in the scratch arena into the caller's. */
static enum gw_status fill_plain(const struct state *own, gw_time_us start, struct gw_grid_year *out,
                                 struct gw_arena *arena)
{
    const struct gw_merit *merit = &own->merit;
    const struct {
        const double *value;
        struct gw_series *to;
    } wanted[] = {
        {own->price_usd_per_mwh, &out->price_usd_per_mwh},
        {merit->curtailed, &out->curtailed},
        {own->natural.demand, &out->demand},
        {merit->net_export, &out->net_export},
    };
    enum gw_status s = GW_OK;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && s == GW_OK; i++) {
        const struct gw_series made = series(start, merit->n, wanted[i].value);
        s = keep(&made, wanted[i].to, arena);
    }
    for (int f = 0; f < GW_FUELS && s == GW_OK; f++) {
        const struct gw_series made = series(start, merit->n, merit->generation[f]);
        s = keep(&made, &out->generation[f], arena);
    }
    return s;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/* Where plants of the mix stand abroad, the price is made there as often as they answer; its level is the
 * zone's. */
static void mix_price(const struct gw_zone *zone, const double *abroad, size_t n, double *price)
{
    const double margin = zone->import->marginal_frac;
    const double level = mean_of(price, n) / mean_of(abroad, n);
    for (size_t i = 0; i < n; i++) {
        price[i] = (1 - margin) * price[i] + margin * level * abroad[i];
    }
}

static enum gw_status make(const struct gw_zone *zone, const struct gw_water_set *water, int64_t hour,
                           size_t hours, uint64_t seed, uint32_t replication, struct gw_grid_year *out,
                           struct gw_arena *arena, struct gw_arena *scratch, struct gw_error *err)
{
    struct state own, neighbour = {0};
    enum gw_status s = GW_OK;
    if (zone->import != NULL) {
        struct gw_zone alone = *zone->import->from; /* whom it trades with itself does not count */
        alone.import = NULL;
        const struct gw_natural_span theirs =
            gw_natural_span(&alone, hour, hours, seed, replication, scratch);
        s = run(&theirs, NULL, &neighbour, err);
    }
    if (s == GW_OK) {
        const struct gw_natural_span span = gw_natural_span(zone, hour, hours, seed, replication, scratch);
        s = run(&span, neighbour.price_usd_per_mwh, &own, err);
    }
    if (s != GW_OK) {
        return s;
    }
    if (zone->import != NULL && zone->import->follows != GW_IMPORT_BY_MIX) {
        mix_price(zone, neighbour.price_usd_per_mwh, hours, own.price_usd_per_mwh);
    }
    const gw_time_us start = hour * GW_US_PER_H;
    if (s == GW_OK) {
        s = fill_mixed(zone, water, &own, start, out, arena);
    }
    if (s == GW_OK) {
        s = fill_marginal(zone, &own, &neighbour, start, out, arena);
    }
    if (s == GW_OK) {
        s = fill_plain(&own, start, out, arena);
    }
    return s == GW_OK ? s : gw_fail(err, s, zone->name, "out of memory");
}

enum gw_status gw_grid_year_make(const struct gw_zone *zone, const struct gw_water_set *water,
                                 gw_time_us start_unix_us, size_t hours, uint64_t seed, uint32_t replication,
                                 struct gw_grid_year *out, struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_grid_year){0};
    if (start_unix_us % GW_US_PER_H != 0) {
        return gw_fail(err, GW_ERR_RANGE, zone->name, "a generated series starts at a whole hour");
    }
    if (hours < LEAST_HOURS) {
        return gw_fail(err, GW_ERR_RANGE, zone->name, "%zu hours are less than a week", hours);
    }
    struct gw_arena scratch = {0};
    const enum gw_status s =
        make(zone, water, start_unix_us / GW_US_PER_H, hours, seed, replication, out, arena, &scratch, err);
    gw_arena_fini(&scratch);
    return s;
}
