/* models/grid/mix.h - ten kinds of power plants, and a number for each: shares, carbon, water.
 *
 *   mix: { coal: 24.5 %, gas: 11.2 %, wind: 29.4 %, ... }      what is not named is 0
 *   carbon_direct: { coal: 1061 g/kWh, gas: 399 g/kWh }        what is not named has a default
 *
 * A water set (catalogue kind "water-set") is litres consumed at the plants per kWh of each kind: a
 * convention worth a factor of a hundred where hydropower is, so it has a name and results name it.
 * docs/models/grid.md. */
#ifndef GW_MODELS_GRID_MIX_H
#define GW_MODELS_GRID_MIX_H

#include "sim/tree/bind.h"

enum gw_fuel {
    GW_FUEL_COAL,
    GW_FUEL_GAS,
    GW_FUEL_OIL,
    GW_FUEL_NUCLEAR,
    GW_FUEL_HYDRO,
    GW_FUEL_WIND,
    GW_FUEL_SOLAR,
    GW_FUEL_BIOMASS,
    GW_FUEL_GEOTHERMAL,
    GW_FUEL_OTHER,
    GW_FUELS,
};
extern const char *const gw_mix_fuel_names[]; /* ended by NULL */

/* A number per fuel; the unit is that of its table. */
struct gw_mix {
    double of[GW_FUELS];
};

struct gw_water_set {
    const char *name, *title;
    struct gw_mix l_per_kwh;
};

extern const struct gw_type gw_mix_shares;    /* parts of consumption; need not add up to 1 */
extern const struct gw_type gw_mix_direct;    /* gCO2e/kWh at the stacks */
extern const struct gw_type gw_mix_lifecycle; /* gCO2e/kWh over the life of the plants */
extern const struct gw_type gw_mix_water_set; /* catalogue kind "water-set" */

/* Sum of weight f * factor f over sum of weights; 0 for no weights. */
double gw_mix_mean(const struct gw_mix *weight, const struct gw_mix *factor);

#endif
