#include "models/cooling/hall.h"

#include <math.h>

#include "models/weather/psychro.h"
#include "sim/base/check.h"

#define AIR_KJ_PER_KG_K 1.006
#define CHAIN_TO_AIR    0.7 /* of the losses of UPS and distribution; the rest stands outside the hall */
#define LIGHT_TO_AIR    0.5
#define AIR_KG_PER_M3   1.18 /* warm hall air at sea level */
#define HEAT_PUMP_ETA   0.5
#define CONDENSATION    2454.0 /* kJ per kg at 20 degC */
#define LITRES_PER_H    3600.0 /* of a kg/s of water */

const struct gw_type gw_hall_frac = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
const struct gw_type gw_hall_celsius = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "C", .min = -50, .max = 120};
const struct gw_type gw_hall_kelvin = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "K", .min = 0.1, .max = 50};
const struct gw_type gw_hall_pressure = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "Pa", .min = 0, .max = 1e6};
const struct gw_type gw_hall_efficiency = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.05, .max = 1};
const struct gw_type gw_hall_sensible = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.5, .max = 1};
const struct gw_type gw_hall_exponent = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 3};
const struct gw_type gw_hall_cycles = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1.1, .max = 1000};
const struct gw_type gw_hall_cap = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1, .max = 50};
const struct gw_type gw_hall_band = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "K", .min = 0, .max = 10};
const struct gw_type gw_hall_dwell = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "s", .min = 0, .max = 86400};
const struct gw_type gw_hall_flag = {.kind = GW_BOOL, .size = sizeof(bool)};

double gw_hall_fan_kw(double kg_per_s, double pa, double efficiency, double pressure_pa)
{
    const double m3_per_s = kg_per_s * GW_PSYCHRO_SEA_LEVEL_PA / (AIR_KG_PER_M3 * pressure_pa);
    return 1e-3 * m3_per_s * pa / efficiency;
}

double gw_hall_pump_kw(double kg_per_s, double pa, double efficiency)
{
    return 1e-6 * kg_per_s * pa / efficiency; /* a tonne per m3, watts to kilowatts */
}

double gw_hall_speed(const struct gw_hall_cfg *cfg, double flow)
{
    const double y = fmax(flow, cfg->turndown);
    const double law = cfg->speed_exponent == 1 ? y : pow(y, cfg->speed_exponent);
    return cfg->speed_fixed + (1 - cfg->speed_fixed) * law;
}

struct gw_hall gw_hall_at(const struct gw_hall_cfg *cfg, const struct gw_plant_in *in, double air_frac)
{
    GW_REQUIRE(in->it_kw >= 0);
    GW_REQUIRE(in->nameplate_kw > 0);
    GW_REQUIRE(in->pressure_pa > 0); /* false for NAN as well */

    const double rated_kw = in->nameplate_kw, x = in->it_kw / rated_kw;
    const double loss_kw = rated_kw * (cfg->ups_idle + x * (cfg->ups_linear + x * cfg->ups_square)) +
                           cfg->distribution * in->it_kw;
    const double light_kw = cfg->lighting * rated_kw;
    const double design_loss_kw =
        rated_kw * (cfg->ups_idle + cfg->ups_linear + cfg->ups_square + cfg->distribution);

    const double heat_kw = air_frac * in->it_kw + CHAIN_TO_AIR * loss_kw + LIGHT_TO_AIR * light_kw;
    const double design_kw = air_frac * rated_kw + CHAIN_TO_AIR * design_loss_kw + LIGHT_TO_AIR * light_kw;
    const double speed = gw_hall_speed(cfg, design_kw > 0 ? heat_kw / design_kw : 0);

    const double design_air = design_kw / (AIR_KJ_PER_KG_K * cfg->air_rise_k);
    const double design_fan_kw =
        gw_hall_fan_kw(design_air, cfg->fan_pa, cfg->fan_efficiency, in->pressure_pa);
    return (struct gw_hall){
        .chain_kw = loss_kw + light_kw,
        .outside_kw = (1 - CHAIN_TO_AIR) * loss_kw + (1 - LIGHT_TO_AIR) * light_kw,
        .heat_kw = heat_kw,
        .air_kg_per_s = heat_kw / (AIR_KJ_PER_KG_K * cfg->air_rise_k),
        .fan_kw = design_fan_kw * speed,
        .speed = speed,
        .design_air_kg_per_s = design_air,
        .design_kw = design_kw + design_fan_kw,
    };
}

double gw_hall_cop(double evaporating_c, double condensing_c, double eta, double cap)
{
    return fmin(eta * (evaporating_c + 273.15) / fmax(condensing_c - evaporating_c, 6), cap);
}

double gw_hall_heat_pump_cop(double supply_c, double source_c)
{
    return supply_c > source_c ? HEAT_PUMP_ETA * (supply_c + 273.15) / (supply_c - source_c)
                               : (double)INFINITY;
}

double gw_hall_reuse(const struct gw_hall_cfg *cfg, const struct gw_plant_in *in, double heat_kw,
                     double source_c, struct gw_plant_out *out)
{
    const struct gw_plant_reuse own = {cfg->reuse, cfg->reuse_supply_c, INFINITY};
    const struct gw_plant_reuse *reuse = in->reuse != NULL ? in->reuse : &own;
    const double reused_kw = fmin(reuse->share * heat_kw, fmax(reuse->most_kw - out->reused_kw, 0));
    if (reused_kw == 0) {
        return 0;
    }
    /* a lift so high that it would take more than a heater does is done by a heater */
    const double cop = fmax(gw_hall_heat_pump_cop(reuse->supply_c, source_c), 1.01);
    out->reused_kw += reused_kw;
    out->heat_pump_kw += reused_kw / (cop - 1);
    return reused_kw;
}

bool gw_hall_shut(const struct gw_hall_cfg *cfg, const struct gw_plant_in *in, bool fits, bool fits_by_band,
                  struct gw_plant_out *out)
{
    const bool waits = in->shut_s > 0 && (!fits_by_band || in->shut_s < cfg->dwell_s);
    const bool shut = !fits || waits;
    out->shut_s = shut ? in->shut_s + in->step_s : 0;
    return shut;
}

void gw_hall_add_water(double evaporated_kg_per_s, double drift_kg_per_s, double cycles,
                       struct gw_plant_out *out)
{
    const double discharged_kg_per_s = fmax(evaporated_kg_per_s / (cycles - 1) - drift_kg_per_s, 0);
    out->evaporated_l_per_h += LITRES_PER_H * evaporated_kg_per_s;
    out->drift_l_per_h += LITRES_PER_H * drift_kg_per_s;
    out->discharged_l_per_h += LITRES_PER_H * discharged_kg_per_s;
}

void gw_hall_condense(const struct gw_hall_cfg *cfg, double coil_kw, struct gw_plant_out *out)
{
    out->discharged_l_per_h += LITRES_PER_H * coil_kw * (1 / cfg->sensible_ratio - 1) / CONDENSATION;
}

void gw_hall_total(const struct gw_hall *hall, struct gw_plant_out *out)
{
    out->power_chain_kw = hall->chain_kw;
    out->cooling_kw = out->fan_kw + out->pump_kw + out->rejection_kw + out->compressor_kw;
    out->water_consumed_l_per_h = out->evaporated_l_per_h + out->drift_l_per_h;
    out->water_withdrawn_l_per_h = out->water_consumed_l_per_h + out->discharged_l_per_h;
}
