/* No water: air-cooled chillers with dry free cooling (ac), and room units that blow refrigerant heat out
 * (dx).
 *
 * ac: dry_chiller.h. dx: COP as (29) with T_e = T_s - 10 and k = 1, no water loop. */
#include <math.h>

#include "models/cooling/dry_chiller.h"
#include "models/cooling/plants.h"

#define COIL_K 10.0 /* refrigerant below the supply air */

#define ROW(S, field, type, def, doc) GW_FIELD(S, field, type, def, doc, "cooling-presets")

/* ---- ac ---- */

struct ac {
    struct gw_hall_cfg hall;
    struct gw_dry_chiller_cfg chiller;
};

static const struct gw_field ac_fields[] = {
    GW_HALL_FIELDS(struct ac, "0.015", "0.015", "0.015", "0.02", "0.01", "10", "450", "0.65"),
    GW_HALL_SWITCH_FIELDS(struct ac),
    GW_DRY_CHILLER_FIELDS(struct ac, "true"),
    GW_FIELD_END,
};
static const struct gw_type ac_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct ac),
    .of = ac_fields,
    .doc = "Air-cooled chillers, and dry coolers in cold weather",
};

static struct gw_plant_out ac_at(const void *config, const struct gw_plant_in *in)
{
    const struct ac *cfg = config;
    const struct gw_hall hall = gw_hall_at(&cfg->hall, in, 1);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    gw_dry_chiller_add(&cfg->chiller, &cfg->hall, &hall, in, hall.heat_kw + hall.fan_kw, &out);
    out.shed_kw = hall.outside_kw + out.pump_kw + out.rejection_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static struct gw_plant_estimate ac_estimate(const void *config, const struct gw_plant_in *in)
{
    return gw_plant_slope(ac_at, config, in);
}

const struct gw_plant gw_plant_dry_ac = {
    .name = "ac",
    .summary = "Air-cooled chillers, and dry coolers in cold weather",
    .needs_weather = true,
    .type = &ac_type,
    .at = ac_at,
    .estimate = ac_estimate,
};

/* ---- dx ---- */

struct dx {
    struct gw_hall_cfg hall;
    double supply_c, condenser_rise_k, condenser_low_c, cop_eta, cop_cap;
};

static const struct gw_field dx_fields[] = {
    GW_HALL_FIELDS(struct dx, "0.025", "0.03", "0.03", "0.03", "0.02", "10", "450", "0.60"),
    ROW(struct dx, supply_c, &gw_hall_celsius, "20", "Temperature of the supply air"),
    ROW(struct dx, condenser_rise_k, &gw_hall_kelvin, "12", "Refrigerant above the air outside"),
    ROW(struct dx, condenser_low_c, &gw_hall_celsius, "15",
        "Air outside below which the condenser gets no colder"),
    ROW(struct dx, cop_eta, &gw_hall_efficiency, "0.35", "Part of the Carnot efficiency the units reach"),
    ROW(struct dx, cop_cap, &gw_hall_cap, "6", "Highest coefficient of performance"),
    GW_FIELD_END,
};
static const struct gw_type dx_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct dx),
    .of = dx_fields,
    .doc = "Room units with compressors all year, as in small server rooms",
};

static struct gw_plant_out dx_at(const void *config, const struct gw_plant_in *in)
{
    const struct dx *cfg = config;
    const double supply_c = cfg->supply_c + in->set_point_shift_k;
    const double condensing_c = fmax(in->dry_bulb_c, cfg->condenser_low_c) + cfg->condenser_rise_k;
    const double cop = gw_hall_cop(supply_c - COIL_K, condensing_c, cfg->cop_eta, cfg->cop_cap);

    const struct gw_hall hall = gw_hall_at(&cfg->hall, in, 1);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    const double heat_kw = hall.heat_kw + hall.fan_kw;
    const double left_kw =
        heat_kw - gw_hall_reuse(&cfg->hall, in, heat_kw, supply_c + cfg->hall.air_rise_k, &out);
    gw_hall_condense(&cfg->hall, heat_kw, &out);
    out.compressor_kw = left_kw / cop;
    out.rejected_kw = left_kw + out.compressor_kw;
    out.shed_kw = hall.outside_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static struct gw_plant_estimate dx_estimate(const void *config, const struct gw_plant_in *in)
{
    return gw_plant_slope(dx_at, config, in);
}

const struct gw_plant gw_plant_dry_dx = {
    .name = "dx",
    .summary = "Room units with compressors all year, as in small server rooms",
    .needs_weather = true,
    .type = &dx_type,
    .at = dx_at,
    .estimate = dx_estimate,
};
