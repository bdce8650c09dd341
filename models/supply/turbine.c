#include "models/supply/turbine.h"

#include <math.h>

#define MEASURED_AT_M    10.0
#define STANDARD_DENSITY 1.225  /* kg/m3 of the air of power curves */
#define GAS_CONSTANT     287.05 /* J/(kg K) of dry air */
#define ZERO_CELSIUS_K   273.15
#define CUT_IN           3.5 /* m/s */
#define CUT_OUT          25.0
#define RATED_KW         3000.0

/* kW of a Vestas V90-3.0 MW at 4, 5, ... 15 m/s. */
static const double curve_kw[] = {85, 200, 350, 590, 900, 1300, 1720, 2150, 2560, 2840, 2980, 3000};
enum { CURVE_POINTS = sizeof curve_kw / sizeof curve_kw[0], CURVE_FROM = 4 };

static const struct gw_type kilowatt = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 1e-3, .max = 1e8};
static const struct gw_type metre = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "m", .min = 10, .max = 300};
static const struct gw_type exponent = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 0.6};
static const struct gw_type share = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};

#define C struct gw_turbine_cfg
static const struct gw_field fields[] = {
    GW_FIELD_AS(C, "power", power_kw, &kilowatt, NULL, "Rated power of all turbines", NULL),
    GW_FIELD_AS(C, "hub_height", hub_height_m, &metre, "100 m", "Of the hubs above the ground",
                "round number"),
    GW_FIELD(C, shear, &exponent, "0.143",
             "Growth of the wind with height, an exponent; about 0.10 off shore", "vestas-v90"),
    GW_FIELD(C, availability, &share, "0.9", "What is left by standstill and the wakes of neighbours",
             "vestas-v90"),
    GW_FIELD_END,
};
#undef C

const struct gw_type gw_turbine_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_turbine_cfg),
    .of = fields,
    .doc = "Wind turbines of the site; `wind: 3 MW` is short for `{ power: 3 MW }`"};

/* Power per rated power. */
static double curve(double v)
{
    if (!(v > CUT_IN) || v > CUT_OUT) {
        return 0;
    }
    if (v < CURVE_FROM) {
        return curve_kw[0] / RATED_KW * (v - CUT_IN) / (CURVE_FROM - CUT_IN);
    }
    const double at = v - CURVE_FROM;
    if (at >= CURVE_POINTS - 1) {
        return 1;
    }
    const int below = (int)at;
    return (curve_kw[below] + (at - below) * (curve_kw[below + 1] - curve_kw[below])) / RATED_KW;
}

struct gw_turbine_out gw_turbine_at(const struct gw_turbine_cfg *cfg, double wind_m_per_s, double dry_bulb_c,
                                    double pressure_pa)
{
    struct gw_turbine_out out;
    out.hub_m_per_s = wind_m_per_s * pow(cfg->hub_height_m / MEASURED_AT_M, cfg->shear);
    out.density_kg_per_m3 = pressure_pa / (GAS_CONSTANT * (dry_bulb_c + ZERO_CELSIUS_K));
    out.speed_m_per_s = out.hub_m_per_s * cbrt(out.density_kg_per_m3 / STANDARD_DENSITY);
    out.kw = cfg->power_kw * cfg->availability * curve(out.speed_m_per_s);
    return out;
}
