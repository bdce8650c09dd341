#include "tests/reference/supply_twin.h"

#include <math.h>

/* What may be charged and served at this fill, kW at the terminals. */
static double most_charge(const struct gw_battery_cfg *b, double stored_kwh, double h)
{
    if (b == NULL) {
        return 0;
    }
    const double room_kwh = fmax(b->soc_max * b->energy_kwh - stored_kwh, 0);
    const double by_fill = b->charge_taper_h > 0 ? room_kwh / b->charge_taper_h : (double)INFINITY;
    return fmin(fmin(b->power_kw, by_fill), room_kwh / (h * b->charge_efficiency));
}

static double most_served(const struct gw_battery_cfg *b, double stored_kwh, double floor, double h)
{
    if (b == NULL) {
        return 0;
    }
    const double left_kwh = fmax(stored_kwh - floor * b->energy_kwh, 0);
    const double by_fill = b->discharge_taper_h > 0 ? left_kwh / b->discharge_taper_h : (double)INFINITY;
    return fmin(fmin(b->power_kw, by_fill), left_kwh * b->discharge_efficiency / h);
}

static void add_slice(const struct gw_supply_cfg *cfg, const struct gw_supply_in *in, double h,
                      double *stored_kwh, struct gw_supply_out *out)
{
    const struct gw_battery_cfg *b = cfg->battery;
    const double limit = isnan(cfg->import_limit_kw) ? (double)INFINITY : cfg->import_limit_kw;
    const double own = in->pv_kw + in->wind_kw;
    const double missing = fmax(in->load_kw - own, 0), surplus = fmax(own - in->load_kw, 0);
    const double needed = fmax(missing - limit, 0);

    double served = 0, charged = 0;
    if (b != NULL) {
        const double wanted = fmin(fmax(-in->order_kw, needed), missing);
        served = fmin(wanted, most_served(b, *stored_kwh, fmax(b->soc_min, b->reserve), h));
        if (served < needed) { /* the reserve is for this */
            served = fmin(needed, most_served(b, *stored_kwh, b->soc_min, h));
        }
        if (needed <= 0 && in->order_kw > 0) {
            served = 0;
            charged = fmin(fmin(in->order_kw, surplus + (limit - missing)), most_charge(b, *stored_kwh, h));
        }
    }
    const double from_surplus = fmin(charged, surplus);
    const double unserved = fmax(missing - served - limit, 0);
    const double exported = fmin(surplus - from_surplus, cfg->export_limit_kw);
    out->pv_kwh += in->pv_kw * h;
    out->wind_kwh += in->wind_kw * h;
    out->unserved_kwh += unserved * h;
    out->import_kwh += (missing - served - unserved + charged - from_surplus) * h;
    out->export_kwh += exported * h;
    out->curtailed_kwh += (surplus - from_surplus - exported) * h;
    if (b != NULL) {
        const double change = charged * b->charge_efficiency - served / b->discharge_efficiency;
        out->charge_kwh += charged * h;
        out->discharge_kwh += served * h;
        out->stored_kwh += change * h;
        out->loss_kwh += (charged - served - change) * h;
        *stored_kwh += change * h;
    }
}

void gw_supply_twin_add(const struct gw_supply_cfg *cfg, const struct gw_supply_in *in, int slices,
                        double *stored_kwh, struct gw_supply_out *out)
{
    for (int i = 0; i < slices; i++) {
        add_slice(cfg, in, in->hours / slices, stored_kwh, out);
    }
}
