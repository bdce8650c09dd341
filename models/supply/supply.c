#include "models/supply/supply.h"

#include <math.h>

#include "sim/base/check.h"

const struct gw_type gw_supply_pv = {.kind = GW_OPT, .size = sizeof(struct gw_pv_cfg), .of = &gw_pv_type};
const struct gw_type gw_supply_wind = {
    .kind = GW_OPT, .size = sizeof(struct gw_turbine_cfg), .of = &gw_turbine_type};
const struct gw_type gw_supply_battery = {
    .kind = GW_OPT, .size = sizeof(struct gw_battery_cfg), .of = &gw_battery_type};
const struct gw_type gw_supply_limit = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 0, .max = 1e9};
static const char *const beyond_names[] = {[GW_SUPPLY_COUNT] = "count", [GW_SUPPLY_CAP] = "cap", NULL};
const struct gw_type gw_supply_beyond = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = beyond_names};

bool gw_supply_exists(const struct gw_supply_cfg *cfg)
{
    return cfg->pv != NULL || cfg->wind != NULL || cfg->battery != NULL || !isnan(cfg->import_limit_kw);
}

static double import_limit_kw(const struct gw_supply_cfg *cfg)
{
    return isnan(cfg->import_limit_kw) ? (double)INFINITY : cfg->import_limit_kw;
}

/* Charges for h hours; what of it came from the first level_kw of the power is returned. */
static double charge(const struct gw_battery_cfg *battery, double request_kw, double level_kw, double h,
                     double *stored_kwh, struct gw_supply_out *out)
{
    if (battery == NULL || !(request_kw > 0)) {
        return 0;
    }
    const struct gw_battery_flow flow = gw_battery_charge(battery, *stored_kwh, request_kw);
    const double kwh = gw_battery_kwh(&flow, h);
    const double below_kwh = gw_battery_kwh_below(&flow, level_kw, h);
    const double after_kwh = *stored_kwh + kwh * battery->charge_efficiency;
    out->charge_kwh += kwh;
    out->loss_kwh += kwh * (1 - battery->charge_efficiency);
    out->stored_kwh += after_kwh - *stored_kwh;
    out->import_kwh += kwh - below_kwh;
    *stored_kwh = after_kwh;
    return below_kwh;
}

/* Serves for h hours; returns the energy at the terminals. */
static double serve(const struct gw_battery_cfg *battery, const struct gw_battery_flow *flow, double h,
                    double *stored_kwh, struct gw_supply_out *out)
{
    const double kwh = gw_battery_kwh(flow, h);
    const double after_kwh = *stored_kwh - kwh / battery->discharge_efficiency;
    out->discharge_kwh += kwh;
    out->loss_kwh += kwh * (1 / battery->discharge_efficiency - 1);
    out->stored_kwh += after_kwh - *stored_kwh;
    *stored_kwh = after_kwh;
    return kwh;
}

/* (16) with the battery serving. While it gives at least what the import limit leaves open, it may do more;
 * from then on it gives that alone, out of the reserve as well. */
static void discharge(const struct gw_battery_cfg *battery, double request_kw, double needed_kw,
                      double net_kw, double h, double *stored_kwh, struct gw_supply_out *out)
{
    double served_kwh = 0, unserved_kwh = 0, free_h = needed_kw > 0 ? 0 : h;
    if (battery != NULL && request_kw > 0) {
        const double reserve_kwh = gw_battery_reserve_kwh(battery);
        const struct gw_battery_flow flow =
            gw_battery_discharge(battery, *stored_kwh, reserve_kwh, request_kw);
        if (needed_kw > 0) {
            free_h = fmin(gw_battery_hours_above(&flow, needed_kw), h);
        }
        served_kwh += serve(battery, &flow, free_h, stored_kwh, out);
    }
    if (free_h < h) {
        double forced_kwh = 0;
        if (battery != NULL) {
            const struct gw_battery_flow flow =
                gw_battery_discharge(battery, *stored_kwh, gw_battery_floor_kwh(battery), needed_kw);
            forced_kwh = serve(battery, &flow, h - free_h, stored_kwh, out);
        }
        unserved_kwh = fmax(needed_kw * (h - free_h) - forced_kwh, 0);
        served_kwh += forced_kwh;
    }
    out->unserved_kwh += unserved_kwh;
    out->import_kwh += fmax(net_kw * h - served_kwh - unserved_kwh, 0);
}

/* (17): what the battery leaves of the surplus, which it takes first. */
static void spill(const struct gw_supply_cfg *cfg, const struct gw_supply_in *in, double surplus_kw,
                  double *stored_kwh, struct gw_supply_out *out)
{
    const double request_kw = fmin(in->order_kw, surplus_kw + import_limit_kw(cfg));
    const double beyond_kw = fmax(surplus_kw - cfg->export_limit_kw, 0);
    /* curtailed is what lies above the export limit and the battery's power at every instant */
    double taken_beyond_kwh = 0;
    if (cfg->battery != NULL && request_kw > 0) {
        const struct gw_battery_flow flow = gw_battery_charge(cfg->battery, *stored_kwh, request_kw);
        taken_beyond_kwh = gw_battery_kwh_below(&flow, beyond_kw, in->hours);
    }
    const double taken_kwh = charge(cfg->battery, request_kw, surplus_kw, in->hours, stored_kwh, out);
    const double curtailed_kwh = fmax(beyond_kw * in->hours - taken_beyond_kwh, 0);
    out->curtailed_kwh += curtailed_kwh;
    out->export_kwh += fmax(surplus_kw * in->hours - taken_kwh - curtailed_kwh, 0);
}

void gw_supply_add(const struct gw_supply_cfg *cfg, const struct gw_supply_in *in, double *stored_kwh,
                   struct gw_supply_out *out)
{
    GW_REQUIRE(in->hours > 0);
    GW_REQUIRE(in->load_kw >= 0);
    const double net_kw = in->load_kw - in->pv_kw - in->wind_kw;
    const double limit_kw = import_limit_kw(cfg), needed_kw = fmax(net_kw - limit_kw, 0);
    out->pv_kwh += in->pv_kw * in->hours;
    out->wind_kwh += in->wind_kw * in->hours;
    if (net_kw < 0) {
        spill(cfg, in, -net_kw, stored_kwh, out);
    } else if (in->order_kw > 0 && needed_kw <= 0) {
        out->import_kwh += net_kw * in->hours;
        (void)charge(cfg->battery, fmin(in->order_kw, limit_kw - net_kw), 0, in->hours, stored_kwh, out);
    } else {
        const double request_kw = fmin(fmax(-in->order_kw, needed_kw), net_kw);
        discharge(cfg->battery, request_kw, needed_kw, net_kw, in->hours, stored_kwh, out);
    }
}
