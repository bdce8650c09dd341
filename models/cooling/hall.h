/* models/cooling/hall.h - what every weather-driven plant begins with: the power chain, lighting, moved air.
 *
 *   x          = it_kw / nameplate_kw
 *   ups_kw     = nameplate_kw (a0 + a1 x + a2 x^2)                                              (1)
 *   dist_kw    = d it_kw                                                                        (2)
 *   light_kw   = l nameplate_kw                                                                 (3)
 *   Q'         = air_frac it_kw + 0.7 (ups_kw + dist_kw) + 0.5 light_kw       heat to the air    (4)
 *   m_a        = Q' / (1.006 dT_a)                                            kg/s of air        (5)
 *   y          = max(Q' / Q'(x = 1), y_min),  g = f0 + (1 - f0) y^n           speed              (6)
 *   fan_kw     = m_a(x = 1) / rho dp / eta g                                                     (7)
 *
 * Fans and pumps share (6). n = 1 is a row of equal units of which as many run as are needed; 3 is one unit
 * that slows down against no static pressure, 2.5 one with some. The 0.3 and 0.5 that do not reach the air
 * are given off outside the hall. */
#ifndef GW_MODELS_COOLING_HALL_H
#define GW_MODELS_COOLING_HALL_H

#include "models/cooling/plant.h"

struct gw_hall_cfg {
    double ups_idle, ups_linear, ups_square, distribution, lighting;
    double air_rise_k, fan_pa, fan_efficiency;
    double speed_exponent, speed_fixed, turndown;
    double sensible_ratio;
    double reuse, reuse_supply_c;
    double band_k, dwell_s; /* of the switch between free and mechanical cooling */
};

struct gw_hall {
    double chain_kw;   /* (1) + (2) + (3) */
    double outside_kw; /* the part of it that does not heat the air */
    double heat_kw;    /* Q' */
    double air_kg_per_s;
    double fan_kw;
    double speed;                          /* g of (6) */
    double design_air_kg_per_s, design_kw; /* at x = 1: m_a, and Q' with the fans' own heat */
};

/* air_frac: the share of the IT heat that leaves by air. */
struct gw_hall gw_hall_at(const struct gw_hall_cfg *cfg, const struct gw_plant_in *in, double air_frac);

/* g of (6) at a flow per rated flow. */
double gw_hall_speed(const struct gw_hall_cfg *cfg, double flow);

/* Electricity that moves kg_per_s at design speed, at the hall's speed: of air, and of water. */
double gw_hall_fan_kw(double kg_per_s, double pa, double efficiency, double pressure_pa);
double gw_hall_pump_kw(double kg_per_s, double pa, double efficiency);

/* Heat taken out for reuse from heat_kw at source_c: out gets reused_kw and heat_pump_kw; returns it. */
double gw_hall_reuse(const struct gw_hall_cfg *cfg, const struct gw_plant_in *in, double heat_kw,
                     double source_c, struct gw_plant_out *out);

/* COP = eta (T_e + 273.15) / max(T_c - T_e, 6), at most cap. */
double gw_hall_cop(double evaporating_c, double condensing_c, double eta, double cap);

/* COP_h = 0.5 (T_h + 273.15) / (T_h - T_src) of the heat pump behind the reuse; INFINITY when none is needed.
 */
double gw_hall_heat_pump_cop(double supply_c, double source_c);

/* Whether free cooling stays shut: fits and fits_by_band say whether the weather allows it, the second by the
 * band. Sets out->shut_s. */
bool gw_hall_shut(const struct gw_hall_cfg *cfg, const struct gw_plant_in *in, bool fits, bool fits_by_band,
                  struct gw_plant_out *out);

/* Water of a basin that is kept at `cycles` of concentration: discharge = evaporated / (cycles - 1) - drift.
 */
void gw_hall_add_water(double evaporated_kg_per_s, double drift_kg_per_s, double cycles,
                       struct gw_plant_out *out);

/* Coils that take coil_kw below the hall's dew point condense (1 / sensible_ratio - 1) of it, which
 * humidifiers put back by evaporation: no net heat, but water drawn at one end and drained at the other. */
void gw_hall_condense(const struct gw_hall_cfg *cfg, double coil_kw, struct gw_plant_out *out);

/* The sums: what the parts in `out` add up to. */
void gw_hall_total(const struct gw_hall *hall, struct gw_plant_out *out);

extern const struct gw_type gw_hall_frac, gw_hall_celsius, gw_hall_kelvin, gw_hall_pressure,
    gw_hall_efficiency, gw_hall_sensible, gw_hall_exponent, gw_hall_cycles, gw_hall_cap, gw_hall_flag,
    gw_hall_band, gw_hall_dwell;

#define GW_HALL_SOURCE "cooling-presets"
#define GW_HALL_ROW(S, field, type, def, doc)                                                                \
    GW_FIELD_AS(S, #field, hall.field, type, def, doc, GW_HALL_SOURCE)
#define GW_HALL_FIELDS(S, a0, a1, a2, dist, light, rise, pa, eff)                                            \
    GW_HALL_ROW(S, ups_idle, &gw_hall_frac, a0, "Loss of the UPS at no load, per rated IT power"),           \
        GW_HALL_ROW(S, ups_linear, &gw_hall_frac, a1, "Loss of the UPS that grows with the load"),           \
        GW_HALL_ROW(S, ups_square, &gw_hall_frac, a2,                                                        \
                    "Loss of the UPS that grows with the square of the load"),                               \
        GW_HALL_ROW(S, distribution, &gw_hall_frac, dist, "Loss in distribution, per IT power"),             \
        GW_HALL_ROW(S, lighting, &gw_hall_frac, light, "Lighting, offices, controls, per rated IT power"),   \
        GW_HALL_ROW(S, air_rise_k, &gw_hall_kelvin, rise, "Rise of the air through the IT"),                 \
        GW_HALL_ROW(S, fan_pa, &gw_hall_pressure, pa, "Pressure the hall's fans work against"),              \
        GW_HALL_ROW(S, fan_efficiency, &gw_hall_efficiency, eff, "Efficiency of the hall's fans"),           \
        GW_HALL_ROW(S, speed_exponent, &gw_hall_exponent, "1",                                               \
                    "Power of fans and pumps over flow: 1 units in a row, 3 one unit that slows down"),      \
        GW_HALL_ROW(S, speed_fixed, &gw_hall_frac, "0", "Part of that power that does not follow the flow"), \
        GW_HALL_ROW(S, turndown, &gw_hall_frac, "0.3", "Least flow of fans and pumps, per rated flow"),      \
        GW_HALL_ROW(S, sensible_ratio, &gw_hall_sensible, "1",                                               \
                    "Part of the coils' duty that cools; the rest dries air that is humidified again"),      \
        GW_HALL_ROW(S, reuse, &gw_hall_frac, "0", "Part of the heat that finds a user"),                     \
        GW_HALL_ROW(S, reuse_supply_c, &gw_hall_celsius, "70", "Temperature at which that user takes it")

/* For plants that switch. */
#define GW_HALL_SWITCH_FIELDS(S)                                                                             \
    GW_HALL_ROW(S, band_k, &gw_hall_band, "0.5",                                                             \
                "How much better than needed the weather must be to open again"),                            \
        GW_HALL_ROW(S, dwell_s, &gw_hall_dwell, "20 min", "How long free cooling stays shut at least")

#endif
