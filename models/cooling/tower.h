/* models/cooling/tower.h - a cooling tower: how cold its water gets, what it evaporates, what its fans draw.
 *
 *   a       = a0 + s max(T_wb,design - T_wb, 0)                          approach                 (8)
 *   T_ex    = T_cw + range / 2, saturated                                air that leaves it       (9)
 *   m_air   = Q_r / (h_ex - h_in - (W_ex - W_in) 4.186 T_cw)                                     (10)
 *   evap    = m_air (W_ex - W_in)                                        water: exit-air          (11)
 *   evap    = Q_r / h_fg(T_ex), h_fg = 2500.5 - 2.3097 T - 0.0013 T^2    water: latent            (12)
 *   evap    = 0.002 m_w range                                            water: factor            (13)
 *   m_w     = Q_r / (4.186 range),  drift = d m_w                                                 (14)
 *   fan_kw  = min(m_air, m_w / 0.8) / rho dp / eta                                               (15)
 *
 * (11) knows that the air also takes or gives heat without evaporation; (12) and (13) do not and are there
 * for comparison with tools that use them. */
#ifndef GW_MODELS_COOLING_TOWER_H
#define GW_MODELS_COOLING_TOWER_H

#include "models/cooling/hall.h"

enum { GW_TOWER_EXIT_AIR, GW_TOWER_LATENT, GW_TOWER_FACTOR };

struct gw_tower_cfg {
    double approach_k, approach_slope, design_wet_bulb_c;
    double range_k, cycles, drift;
    double tower_fan_pa, tower_fan_efficiency;
    int32_t water; /* one of the three */
};

struct gw_tower_out {
    double exit_c, air_kg_per_s;
    double evaporated_kg_per_s, drift_kg_per_s;
    double fan_kw;
};

/* T_wb + a: what the water can be cooled to. */
double gw_tower_cold_water_c(const struct gw_tower_cfg *cfg, double wet_bulb_c);

/* cold_water_c must be above the wet bulb. */
struct gw_tower_out gw_tower_at(const struct gw_tower_cfg *cfg, const struct gw_plant_in *air,
                                double rejected_kw, double cold_water_c);

extern const struct gw_type gw_tower_water, gw_tower_slope;

#define GW_TOWER_ROW(S, m, field, type, def, doc)                                                            \
    GW_FIELD_AS(S, #field, m.field, type, def, doc, "cooling-presets")
#define GW_TOWER_FIELDS(S, m, a0, range, C, pa, eff)                                                         \
    GW_TOWER_ROW(S, m, approach_k, &gw_hall_kelvin, a0,                                                      \
                 "Cold water above the wet bulb, at the design wet bulb"),                                   \
        GW_TOWER_ROW(S, m, approach_slope, &gw_tower_slope, "0.15", "How much more per kelvin below that"),  \
        GW_TOWER_ROW(S, m, design_wet_bulb_c, &gw_hall_celsius, "24", "The design wet bulb"),                \
        GW_TOWER_ROW(S, m, range_k, &gw_hall_kelvin, range, "How much the tower cools the water"),           \
        GW_TOWER_ROW(S, m, cycles, &gw_hall_cycles, C, "Cycles of concentration: make-up over discharge"),   \
        GW_TOWER_ROW(S, m, drift, &gw_hall_frac, "0.00002", "Droplets lost, per water that goes round"),     \
        GW_TOWER_ROW(S, m, tower_fan_pa, &gw_hall_pressure, pa, "Pressure the tower's fans work against"),   \
        GW_TOWER_ROW(S, m, tower_fan_efficiency, &gw_hall_efficiency, eff, "Efficiency of these fans"),      \
        GW_TOWER_ROW(                                                                                        \
            S, m, water, &gw_tower_water, "exit-air",                                                        \
            "Evaporation: exit-air balances heat and vapour, latent takes all heat for evaporation, "        \
            "factor 0.2 % of the flow per kelvin")

#endif
