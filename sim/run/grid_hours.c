#include "sim/run/grid_hours.h"

#include <math.h>

#include "sim/base/units.h"

#define CARBON(which) offsetof(struct gw_grid, carbon) + (which) * sizeof(struct gw_signal)
#define SIGNAL(field) offsetof(struct gw_grid, field)

static const struct {
    const char *name, *unit, *doc;
    size_t offset; /* of the signal in struct gw_grid */
} columns[] = {
    {"carbon_lifecycle_gco2_per_kwh", "gCO2/kWh", "Average carbon intensity, life cycle",
     CARBON(GW_CARBON_AVERAGE_LIFECYCLE)},
    {"carbon_direct_gco2_per_kwh", "gCO2/kWh", "Average carbon intensity at the stacks",
     CARBON(GW_CARBON_AVERAGE_DIRECT)},
    {"marginal_lifecycle_gco2_per_kwh", "gCO2/kWh", "Carbon of one more kWh, life cycle",
     CARBON(GW_CARBON_MARGINAL_LIFECYCLE)},
    {"marginal_direct_gco2_per_kwh", "gCO2/kWh", "Carbon of one more kWh at the stacks",
     CARBON(GW_CARBON_MARGINAL_DIRECT)},
    {"price_usd_per_mwh", "USD/MWh", "Wholesale price", SIGNAL(price_usd_per_mwh)},
    {"water_l_per_kwh", "L/kWh", "Water consumed by the power plants", SIGNAL(water_l_per_kwh)},
    {"water_with_hydro_l_per_kwh", "L/kWh", "The same with what evaporates from reservoirs",
     SIGNAL(water_with_hydro_l_per_kwh)},
    {"renewable_frac", "1", "Share of wind, sun, water, biomass and geothermal heat", SIGNAL(renewable_frac)},
    {"carbon_free_frac", "1", "Share of plants without stacks, nuclear included", SIGNAL(carbon_free_frac)},
    {"load_per_mean", "1", "Demand over its annual mean", SIGNAL(load)},
    {"net_load_per_mean", "1", "Demand less wind and sun, over the annual mean of demand", SIGNAL(net_load)},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const struct gw_signal *signal_of(const struct gw_site *site, size_t column)
{
    return (const struct gw_signal *)(const void *)((const char *)&site->first_grid + columns[column].offset);
}

static bool anybody_has(const struct gw_scenario *sc, size_t column)
{
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (gw_region_has(signal_of(&sc->site[s], column))) {
            return true;
        }
    }
    return false;
}

static void fill(const struct gw_scenario *sc, size_t column, uint32_t hours, double *value)
{
    const gw_time_us start = sc->cfg.time.start_unix_us, end = start + sc->cfg.time.duration_us;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_signal *signal = signal_of(&sc->site[s], column);
        for (uint32_t h = 0; h < hours; h++) {
            const gw_time_us from = start + h * GW_US_PER_H;
            const gw_time_us to = from + GW_US_PER_H < end ? from + GW_US_PER_H : end;
            value[(size_t)s * hours + h] = gw_region_has(signal) ? gw_signal_mean(signal, from, to) : NAN;
        }
    }
}

bool gw_grid_hours_make(const struct gw_scenario *sc, struct gw_result_grids *out, struct gw_arena *arena)
{
    *out = (struct gw_result_grids){
        .hours = (uint32_t)((sc->cfg.time.duration_us + GW_US_PER_H - 1) / GW_US_PER_H)};
    out->name = gw_arena_array(arena, sc->n_sites, sizeof *out->name);
    out->utc_offset_h = gw_arena_array(arena, sc->n_sites, sizeof *out->utc_offset_h);
    out->column = gw_arena_array(arena, COLUMNS, sizeof *out->column);
    if (out->name == NULL || out->utc_offset_h == NULL || out->column == NULL) {
        return false;
    }
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        out->name[s] = sc->site[s].first_grid.label;
        out->utc_offset_h[s] = sc->site[s].place->utc_offset_h;
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        if (!anybody_has(sc, c)) {
            continue;
        }
        double *value = gw_arena_array(arena, (size_t)sc->n_sites * out->hours, sizeof *value);
        if (value == NULL) {
            return false;
        }
        fill(sc, c, out->hours, value);
        out->column[out->n_columns++] =
            (struct gw_result_column){columns[c].name, columns[c].unit, columns[c].doc, value};
    }
    return true;
}
