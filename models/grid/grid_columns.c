#include "models/grid/grid_columns.h"

#include <stdio.h>

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
