#include "models/cooling/tower.h"

#include <math.h>

#include "models/weather/psychro.h"
#include "sim/base/check.h"

#define WATER_KJ_PER_KG_K 4.186
#define EVAPORATED_PER_K  2e-3
#define LIQUID_PER_GAS    0.8 /* least ratio of flows that the fans still serve */

static const char *const water_names[] = {"exit-air", "latent", "factor", NULL};
const struct gw_type gw_tower_water = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = water_names};
const struct gw_type gw_tower_slope = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};

double gw_tower_cold_water_c(const struct gw_tower_cfg *cfg, double wet_bulb_c)
{
    return wet_bulb_c + cfg->approach_k + cfg->approach_slope * fmax(cfg->design_wet_bulb_c - wet_bulb_c, 0);
}

struct gw_tower_out gw_tower_at(const struct gw_tower_cfg *cfg, const struct gw_plant_in *air,
                                double rejected_kw, double cold_water_c)
{
    GW_REQUIRE(cold_water_c > air->wet_bulb_c);

    const double exit_c = cold_water_c + cfg->range_k / 2;
    const double exit_ratio = gw_psychro_humidity_ratio(gw_psychro_saturation_pa(exit_c), air->pressure_pa);
    const double gained = exit_ratio - air->humidity_ratio;
    const double taken_kj_per_kg =
        1e-3 * (gw_psychro_enthalpy_j_per_kg(exit_c, exit_ratio) -
                gw_psychro_enthalpy_j_per_kg(air->dry_bulb_c, air->humidity_ratio)) -
        gained * WATER_KJ_PER_KG_K * cold_water_c;
    GW_REQUIRE(taken_kj_per_kg > 0);
    const double air_kg_per_s = rejected_kw / taken_kj_per_kg;
    const double water_kg_per_s = rejected_kw / (WATER_KJ_PER_KG_K * cfg->range_k);

    double evaporated;
    switch (cfg->water) {
    case GW_TOWER_LATENT:
        evaporated = rejected_kw / (2500.5 - exit_c * (2.3097 + 0.0013 * exit_c));
        break;
    case GW_TOWER_FACTOR:
        evaporated = EVAPORATED_PER_K * water_kg_per_s * cfg->range_k;
        break;
    default:
        evaporated = air_kg_per_s * gained;
    }
    return (struct gw_tower_out){
        .exit_c = exit_c,
        .air_kg_per_s = air_kg_per_s,
        .evaporated_kg_per_s = evaporated,
        .drift_kg_per_s = cfg->drift * water_kg_per_s,
        .fan_kw = gw_hall_fan_kw(fmin(air_kg_per_s, water_kg_per_s / LIQUID_PER_GAS), cfg->tower_fan_pa,
                                 cfg->tower_fan_efficiency, air->pressure_pa),
    };
}
