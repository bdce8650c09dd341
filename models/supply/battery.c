#include "models/supply/battery.h"

#include <math.h>

#include "models/supply/battery_policy.h"

static const double usual_per_h = 0.25; /* power per energy where no power is given: a battery of 4 hours */

/* --- parameter table ---------------------------------------------------------------------------- */

static const struct gw_type kilowatt_hours = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kWh", .min = 1e-3, .max = 1e9};
static const struct gw_type kilowatt = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 1e-3, .max = 1e8};
static const struct gw_type efficiency = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.1, .max = 1};
static const struct gw_type share = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type hours = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "h", .min = 0, .max = 10};
static const struct gw_type policy = {.kind = GW_NAMED,
                                      .size = sizeof(struct gw_named),
                                      .key = "policy",
                                      .named = gw_battery_policy_type,
                                      .names = gw_battery_policy_names};

#define C struct gw_battery_cfg
static const struct gw_field fields[] = {
    GW_FIELD_AS(C, "energy", energy_kwh, &kilowatt_hours, NULL, "What the cells hold from empty to full",
                NULL),
    GW_FIELD_AS(C, "power", power_kw, &kilowatt, "~",
                "Most power at the terminals, either way; a quarter of the energy per hour when absent",
                NULL),
    GW_FIELD(C, charge_efficiency, &efficiency, "0.922", "What reaches the cells; 0.922 x 0.922 = 0.85",
             "nrel-atb-storage"),
    GW_FIELD(C, discharge_efficiency, &efficiency, "0.922", "What of the cells' energy reaches the site",
             "nrel-atb-storage"),
    GW_FIELD_AS(C, "charge_taper", charge_taper_h, &hours, "0.04 h",
                "How soon before full the power falls: at most the room left over this time",
                "carbon-explorer-2023"),
    GW_FIELD_AS(C, "discharge_taper", discharge_taper_h, &hours, "0.01 h",
                "The same before empty: at most the energy left over this time", "carbon-explorer-2023"),
    GW_FIELD(C, soc_min, &share, "10 %", "Never emptier", "round number"),
    GW_FIELD(C, soc_max, &share, "95 %", "Never fuller", "round number"),
    GW_FIELD(C, reserve, &share, "0 %",
             "Kept by every policy for when the import limit does not suffice; without effect below soc_min",
             NULL),
    GW_FIELD(C, initial, &share, "50 %", "At the start of the scored time, and again at its end in the books",
             "round number"),
    GW_FIELD(C, policy, &policy, "~",
             "What charges and discharges it; when absent self-consumption beside PV or wind, else none",
             NULL),
    GW_FIELD_END,
};
#undef C

static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_battery_cfg *cfg = object;
    if (!(cfg->soc_min < cfg->soc_max)) {
        gw_bind_fail(bind, at, "soc_min", "%g is not below soc_max %g", cfg->soc_min, cfg->soc_max);
    }
    if (cfg->initial < cfg->soc_min || cfg->initial > cfg->soc_max) {
        gw_bind_fail(bind, at, "initial", "%g is outside soc_min %g to soc_max %g", cfg->initial,
                     cfg->soc_min, cfg->soc_max);
    }
    if (cfg->reserve > cfg->soc_max) {
        gw_bind_fail(bind, at, "reserve", "%g is above soc_max %g", cfg->reserve, cfg->soc_max);
    }
}

const struct gw_type gw_battery_type = {.kind = GW_OBJ,
                                        .size = sizeof(struct gw_battery_cfg),
                                        .of = fields,
                                        .check = check,
                                        .doc = "A battery at the site"};

/* --- limits ------------------------------------------------------------------------------------- */

double gw_battery_power_kw(const struct gw_battery_cfg *cfg)
{
    return isnan(cfg->power_kw) ? usual_per_h * cfg->energy_kwh : cfg->power_kw;
}

double gw_battery_ceiling_kwh(const struct gw_battery_cfg *cfg)
{
    return cfg->soc_max * cfg->energy_kwh;
}

double gw_battery_floor_kwh(const struct gw_battery_cfg *cfg)
{
    return cfg->soc_min * cfg->energy_kwh;
}

double gw_battery_reserve_kwh(const struct gw_battery_cfg *cfg)
{
    return fmax(cfg->reserve, cfg->soc_min) * cfg->energy_kwh;
}

/* --- flows -------------------------------------------------------------------------------------- */

/* room: energy in the cells that may still be moved; per_kwh: energy in the cells per energy at the
 * terminals; taper: hours of room that full power needs. */
static struct gw_battery_flow flow_of(double room_kwh, double per_kwh, double taper_h, double kw)
{
    if (!(room_kwh > 0) || !(kw > 0)) {
        return (struct gw_battery_flow){0};
    }
    const double flat_kwh = room_kwh - taper_h * kw; /* room used before the taper begins */
    if (flat_kwh > 0) {
        return (struct gw_battery_flow){kw, flat_kwh / (per_kwh * kw), per_kwh / taper_h};
    }
    return (struct gw_battery_flow){room_kwh / taper_h, 0, per_kwh / taper_h};
}

struct gw_battery_flow gw_battery_charge(const struct gw_battery_cfg *cfg, double stored_kwh,
                                         double request_kw)
{
    return flow_of(gw_battery_ceiling_kwh(cfg) - stored_kwh, cfg->charge_efficiency, cfg->charge_taper_h,
                   fmin(request_kw, gw_battery_power_kw(cfg)));
}

struct gw_battery_flow gw_battery_discharge(const struct gw_battery_cfg *cfg, double stored_kwh,
                                            double floor_kwh, double request_kw)
{
    return flow_of(stored_kwh - floor_kwh, 1 / cfg->discharge_efficiency, cfg->discharge_taper_h,
                   fmin(request_kw, gw_battery_power_kw(cfg)));
}

double gw_battery_kw(const struct gw_battery_flow *flow, double h)
{
    return h <= flow->flat_h ? flow->kw : flow->kw * exp(-flow->rate_per_h * (h - flow->flat_h));
}

/* of the falling part, from a power on */
static double falling_kwh(double kw, double rate_per_h, double h)
{
    return -kw * expm1(-rate_per_h * h) / rate_per_h;
}

double gw_battery_kwh(const struct gw_battery_flow *flow, double h)
{
    if (h <= flow->flat_h || flow->kw <= 0) {
        return flow->kw * h;
    }
    return flow->kw * flow->flat_h + falling_kwh(flow->kw, flow->rate_per_h, h - flow->flat_h);
}

double gw_battery_hours_above(const struct gw_battery_flow *flow, double level_kw)
{
    if (level_kw > flow->kw) {
        return 0;
    }
    return flow->flat_h + log(flow->kw / level_kw) / flow->rate_per_h;
}

double gw_battery_kwh_below(const struct gw_battery_flow *flow, double level_kw, double h)
{
    if (level_kw >= flow->kw) {
        return gw_battery_kwh(flow, h);
    }
    if (!(level_kw > 0)) {
        return 0;
    }
    const double above_h = gw_battery_hours_above(flow, level_kw);
    return h <= above_h ? level_kw * h
                        : level_kw * above_h + falling_kwh(level_kw, flow->rate_per_h, h - above_h);
}

double gw_battery_settle_kwh(const struct gw_battery_cfg *cfg, double start_kwh, double stored_kwh)
{
    const double missing_kwh = start_kwh - stored_kwh;
    return missing_kwh > 0 ? missing_kwh / cfg->charge_efficiency : missing_kwh * cfg->discharge_efficiency;
}
