#include "models/grid/grid_columns.h"

#include <stdio.h>

#include "sim/base/units.h"
#include "sim/core/clock.h"

/* Beyond the last year: a run that ends on New Year's Eve may drain two days, its forecasts look further. */
enum { AFTER_H = 96 };

/* 1 January of the year, 0:00 UTC. */
static gw_time_us year_start(gw_time_us unix_us)
{
    const int64_t day_us = 24 * GW_US_PER_H;
    const int64_t into_day_us = (unix_us % day_us + day_us) % day_us;
    return unix_us - into_day_us - gw_clock_calendar(unix_us).day_of_year * day_us;
}

static gw_time_us year_after(gw_time_us start_unix_us)
{
    return year_start(start_unix_us + 366 * 24 * GW_US_PER_H);
}

/* Whole calendar years and what may follow them: so a run sees the same hours whenever in the year it starts
 * and ends. */
enum gw_status gw_grid_columns_year(const struct gw_zone *zone, const struct gw_water_set *water,
                                    const struct gw_grid_span *span, struct gw_grid_year *out,
                                    struct gw_arena *arena, struct gw_error *err)
{
    const gw_time_us from = year_start(span->from_unix_us);
    gw_time_us to = year_after(from);
    while (to < span->to_unix_us) {
        to = year_after(to);
    }
    const size_t hours = (size_t)((to - from) / GW_US_PER_H) + AFTER_H;
    return gw_grid_year_make(zone, water, from, hours, span->seed, span->replication, out, arena, err);
}

bool gw_grid_columns_water(const struct gw_grid_year *year, const struct gw_water_set *set,
                           struct gw_series *out, struct gw_arena *arena)
{
    *out = year->water_l_per_kwh;
    double *value = gw_arena_array(arena, out->n, sizeof *value);
    for (size_t i = 0; value != NULL && i < out->n; i++) {
        struct gw_mix running;
        for (int f = 0; f < GW_FUELS; f++) {
            running.of[f] = year->generation[f].value[i];
        }
        value[i] = gw_mix_mean(&running, &set->l_per_kwh);
    }
    out->value = value;
    return value != NULL;
}

static void add(struct gw_grid_column *out, size_t *n, const char *before, const char *name,
                const char *after, const struct gw_series *series)
{
    snprintf(out[*n].name, sizeof out[*n].name, "%s%s%s", before, name, after);
    out[(*n)++].series = *series;
}

size_t gw_grid_columns_of(const struct gw_grid_year *year, const struct gw_water_set *const *set, size_t n,
                          struct gw_grid_column out[GW_GRID_COLUMNS_MAX], struct gw_arena *arena)
{
    static const char *const carbon[GW_CARBON_SIGNALS] = {
        [GW_CARBON_AVERAGE_LIFECYCLE] = "ci_lifecycle",
        [GW_CARBON_AVERAGE_DIRECT] = "ci_direct",
        [GW_CARBON_MARGINAL_LIFECYCLE] = "ci_marginal_lifecycle",
        [GW_CARBON_MARGINAL_DIRECT] = "ci_marginal_direct",
    };
    size_t columns = 0;
    for (int i = 0; i < GW_CARBON_SIGNALS; i++) {
        add(out, &columns, "", carbon[i], "_gco2_per_kwh", &year->carbon[i]);
    }
    add(out, &columns, "price", "", "_usd_per_mwh", &year->price_usd_per_mwh);
    add(out, &columns, "renewable", "", "_frac", &year->renewable_frac);
    add(out, &columns, "carbon_free", "", "_frac", &year->carbon_free_frac);
    add(out, &columns, "demand", "", "_per_mean", &year->demand);
    add(out, &columns, "curtailed", "", "_per_mean_demand", &year->curtailed);
    add(out, &columns, "net_export", "", "_per_mean_demand", &year->net_export);
    for (int f = 0; f < GW_FUELS; f++) {
        add(out, &columns, "generation_", gw_mix_fuel_names[f], "_per_mean_demand", &year->generation[f]);
    }
    for (size_t i = 0; i < n && columns < GW_GRID_COLUMNS_MAX; i++) {
        struct gw_series water;
        if (!gw_grid_columns_water(year, set[i], &water, arena)) {
            return 0;
        }
        add(out, &columns, "water_", set[i]->name, "_l_per_kwh", &water);
    }
    return columns;
}
