/* models/cooling/chilled.h - chilled water from a tower: economizer first, a chiller for the rest.
 *
 *   f       = clamp((T_chw + dT_w - (T_wb + a + a_HX)) / dT_w, 0, 1)        share without chiller (16)
 *   T_cw    = T_wb + a, at least T_cw,min while the chiller runs                                 (17)
 *   COP     = 0.9 min(eta (T_e + 273.15) / max(T_c - T_e, 6), cap)                               (18)
 *             T_e = T_chw - 2.5,  T_c = T_cw + range + 2; or by `curves`: chiller_curves.h
 *   P_comp  = Q (1 - f) / COP,  Q_r = Q + P_comp                                                 (19)
 *   pump_kw = Q / (4.186 dT_w) dp / eta, and with Q_r and the range for the tower's water        (20)
 *
 * The chiller takes what the economizer leaves, never all of it again. Q is the heat after reuse; the chilled
 * water carries the reused heat too. */
#ifndef GW_MODELS_COOLING_CHILLED_H
#define GW_MODELS_COOLING_CHILLED_H

#include "models/cooling/chiller_curves.h"
#include "models/cooling/tower.h"

struct gw_chilled_cfg {
    double supply_c, water_rise_k;
    bool economizer;
    double exchanger_k, condenser_min_c;
    double chilled_pump_pa, economizer_pump_pa, tower_pump_pa, pump_efficiency;
    double cop_eta, cop_cap;
    const struct gw_chiller_curves *curves; /* NULL: (18) */
    struct gw_tower_cfg tower;
};

/* Takes heat_kw away and adds to `out` what that needs; free_frac is set. The pumps run at the hall's speed,
 * for the hall's design_kw at full. */
void gw_chilled_add(const struct gw_chilled_cfg *cfg, const struct gw_hall_cfg *hall_cfg,
                    const struct gw_hall *hall, const struct gw_plant_in *in, double heat_kw,
                    struct gw_plant_out *out);

#define GW_CHILLED_ROW(S, field, type, def, doc)                                                             \
    GW_FIELD_AS(S, #field, chilled.field, type, def, doc, "cooling-presets")
#define GW_CHILLED_FIELDS(S, T, dT, wse, hx, chw, wsep, cw, eff, eta)                                        \
    GW_CHILLED_ROW(S, supply_c, &gw_hall_celsius, T, "Temperature of the chilled water"),                    \
        GW_CHILLED_ROW(S, water_rise_k, &gw_hall_kelvin, dT, "Rise of the chilled water"),                   \
        GW_CHILLED_ROW(S, economizer, &gw_hall_flag, wse, "Tower water may cool without the chiller"),       \
        GW_CHILLED_ROW(S, exchanger_k, &gw_hall_kelvin, hx, "Approach of the economizer's heat exchanger"),  \
        GW_CHILLED_ROW(S, condenser_min_c, &gw_hall_celsius, "14",                                           \
                       "Coldest tower water a running chiller takes"),                                       \
        GW_CHILLED_ROW(S, chilled_pump_pa, &gw_hall_pressure, chw, "Pressure of the chilled water's pumps"), \
        GW_CHILLED_ROW(S, economizer_pump_pa, &gw_hall_pressure, wsep,                                       \
                       "More of it with all heat through the economizer"),                                   \
        GW_CHILLED_ROW(S, tower_pump_pa, &gw_hall_pressure, cw, "Pressure of the tower water's pumps"),      \
        GW_CHILLED_ROW(S, pump_efficiency, &gw_hall_efficiency, eff, "Efficiency of pumps"),                 \
        GW_CHILLED_ROW(S, cop_eta, &gw_hall_efficiency, eta,                                                 \
                       "Part of the Carnot efficiency the chiller reaches"),                                 \
        GW_CHILLED_ROW(S, cop_cap, &gw_hall_cap, "11",                                                       \
                       "Highest coefficient of performance, before the derating to 0.9"),                    \
        GW_FIELD_AS(S, "curves", chilled.curves, &gw_chiller_curves_type, "~",                               \
                    "A chiller by measured curves, in place of the two above", NULL)

#endif
