/* models/cooling/dry_chiller.h - chilled water without a tower: dry coolers first, an air-cooled chiller for
 * the rest.
 *
 *   f     = clamp((T_chw + dT_w - (T + a_dry)) / dT_w, 0, 1)         share without compressor (28)
 *   COP   = k min(eta (T_e + 273.15) / max(T_c - T_e, 6), cap),  T_c = max(T, T_low) + dT_c   (29)
 *           T_e = T_chw - 3,  k = 0.9
 *   fans  = 0.02 Q f of the dry coolers; those of the condensers are in the COP               (30) */
#ifndef GW_MODELS_COOLING_DRY_CHILLER_H
#define GW_MODELS_COOLING_DRY_CHILLER_H

#include "models/cooling/hall.h"

struct gw_dry_chiller_cfg {
    double supply_c, water_rise_k;
    bool dry_coolers;
    double dry_approach_k, dry_fan, pump_pa, pump_efficiency;
    double condenser_rise_k, condenser_low_c, cop_eta, cop_cap;
};

/* Takes heat_kw away and adds to `out` what that needs; free_frac is set. The pumps run at the hall's speed,
 * for the hall's design_kw at full. */
void gw_dry_chiller_add(const struct gw_dry_chiller_cfg *cfg, const struct gw_hall_cfg *hall_cfg,
                        const struct gw_hall *hall, const struct gw_plant_in *in, double heat_kw,
                        struct gw_plant_out *out);

#define GW_DRY_CHILLER_ROW(S, field, type, def, doc)                                                         \
    GW_FIELD_AS(S, #field, chiller.field, type, def, doc, "cooling-presets")
#define GW_DRY_CHILLER_FIELDS(S, coolers)                                                                    \
    GW_DRY_CHILLER_ROW(S, supply_c, &gw_hall_celsius, "14", "Temperature of the chilled water"),             \
        GW_DRY_CHILLER_ROW(S, water_rise_k, &gw_hall_kelvin, "7", "Rise of the chilled water"),              \
        GW_DRY_CHILLER_ROW(S, dry_coolers, &gw_hall_flag, coolers,                                           \
                           "Air outside may cool the water without the chiller"),                            \
        GW_DRY_CHILLER_ROW(S, dry_approach_k, &gw_hall_kelvin, "6",                                          \
                           "Water of the dry coolers above the air outside"),                                \
        GW_DRY_CHILLER_ROW(S, dry_fan, &gw_hall_frac, "0.02",                                                \
                           "Fan power of the dry coolers, per heat they take"),                              \
        GW_DRY_CHILLER_ROW(S, pump_pa, &gw_hall_pressure, "200 kPa",                                         \
                           "Pressure of the chilled water's pumps"),                                         \
        GW_DRY_CHILLER_ROW(S, pump_efficiency, &gw_hall_efficiency, "0.68", "Efficiency of pumps"),          \
        GW_DRY_CHILLER_ROW(S, condenser_rise_k, &gw_hall_kelvin, "13", "Refrigerant above the air outside"), \
        GW_DRY_CHILLER_ROW(S, condenser_low_c, &gw_hall_celsius, "10",                                       \
                           "Air outside below which the condenser gets no colder"),                          \
        GW_DRY_CHILLER_ROW(S, cop_eta, &gw_hall_efficiency, "0.42",                                          \
                           "Part of the Carnot efficiency the chiller reaches"),                             \
        GW_DRY_CHILLER_ROW(S, cop_cap, &gw_hall_cap, "9",                                                    \
                           "Highest coefficient of performance, before the derating to 0.9")

#endif
