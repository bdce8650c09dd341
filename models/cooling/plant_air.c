/* Outside air: drawn into the hall and evaporated into (ae-dec), or kept apart by a wetted exchanger (iec).
 *
 * ae-dec, air outside T, W, wet bulb T_wb; supply T_s, return T_r = T_s + dT_a:
 *   W > W_max                  dampers closed, f = 1                                              (21)
 *   T <= T_s                   free; below T_min only dT_a / (T_r,min - T) of the air is from outside (22)
 *                              and humidified to W_min
 *   else                       T_t = max(T - eps (T - T_wb), T_s, T at which W reaches W_max)     (23)
 *                              along constant enthalpy, water m_a dW
 *   f = clamp((T_t - T_s) / dT_a, 0, 1)    share left to a compressor; closed where it reaches 1  (24)
 *   W_max = min(W_s(dp_max), W(T_s, rh_max))
 *
 * iec:
 *   T_dry = T + (1 - e_d) (T_r - T),  T_wet = T_wb + (1 - e_w) (T_r - T_wb)                       (25)
 *   wet share = clamp((T_dry - T_s) / (T_dry - T_wet), 0, 1),  water = 1.15 Q share / 2430        (26)
 *   f = clamp((T_wet - T_s) / dT_a, 0, 1);  outdoor fans: y = dT_a / (e_d (T_r - T)), 1 when wet  (27)
 *
 * The compressor of both (DX): T_e = T_s - 10, T_c = T + 12. */
#include <math.h>

#include "models/cooling/hall.h"
#include "models/cooling/plants.h"
#include "models/weather/psychro.h"

#define COIL_K            10.0 /* refrigerant below the supply air */
#define CONDENSER_K       12.0 /* refrigerant above the air outside */
#define COP_CAP           14.0
#define EVAPORATION       2430.0 /* kJ per kg */
#define SPRAY             1.15   /* water evaporated over water needed */
#define OUTDOOR_FAN_LEAST 0.3

/* Heat left to the compressor goes to the air outside. */
static void add_trim(const struct gw_hall_cfg *hall, double eta, double supply_c, double dry_bulb_c,
                     double frac, double heat_kw, struct gw_plant_out *out)
{
    out->free_frac = 1 - frac;
    out->rejected_kw += heat_kw;
    if (frac > 0) {
        gw_hall_condense(hall, heat_kw * frac, out);
        const double cop = gw_hall_cop(supply_c - COIL_K, dry_bulb_c + CONDENSER_K, eta, COP_CAP);
        out->compressor_kw = heat_kw * frac / cop;
        out->rejected_kw += out->compressor_kw;
    }
}

/* ---- ae-dec ---- */

struct dec {
    struct gw_hall_cfg hall;
    double supply_c, supply_min_c, pad_pa, pad_effectiveness, rh_max, dew_point_max_c, dew_point_min_c,
        cop_eta, cycles;
};

#define ROW(S, field, type, def, doc) GW_FIELD(S, field, type, def, doc, "cooling-presets")
static const struct gw_field dec_fields[] = {
    GW_HALL_FIELDS(struct dec, "0.006", "0.010", "0.012", "0.012", "0.006", "12", "350", "0.65"),
    GW_HALL_SWITCH_FIELDS(struct dec),
    ROW(struct dec, supply_c, &gw_hall_celsius, "21", "Effective temperature of the supply air"),
    ROW(struct dec, supply_min_c, &gw_hall_celsius, "18", "Below it return air is mixed in"),
    ROW(struct dec, pad_pa, &gw_hall_pressure, "70", "Pressure of the wet pads while they are in use"),
    ROW(struct dec, pad_effectiveness, &gw_hall_frac, "0.88", "Part of the way to the wet bulb the pads go"),
    ROW(struct dec, rh_max, &gw_hall_frac, "0.85", "Highest relative humidity of the supply air"),
    ROW(struct dec, dew_point_max_c, &gw_hall_celsius, "21", "Highest dew point of the supply air"),
    ROW(struct dec, dew_point_min_c, &gw_hall_celsius, "-9", "Lowest dew point of the supply air"),
    ROW(struct dec, cop_eta, &gw_hall_efficiency, "0.45",
        "Part of the Carnot efficiency the trim cooling reaches"),
    ROW(struct dec, cycles, &gw_hall_cycles, "3", "Cycles of concentration: make-up over discharge"),
    GW_FIELD_END,
};
static void check_dec(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct dec *cfg = object;
    if (cfg->supply_min_c > cfg->supply_c) {
        gw_bind_fail(bind, at, "supply_min_c", "%g is above supply_c %g", cfg->supply_min_c, cfg->supply_c);
    }
    if (cfg->dew_point_min_c >= cfg->dew_point_max_c) {
        gw_bind_fail(bind, at, "dew_point_min_c", "%g is not below dew_point_max_c %g", cfg->dew_point_min_c,
                     cfg->dew_point_max_c);
    }
}

static const struct gw_type dec_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct dec),
    .of = dec_fields,
    .check = check_dec,
    .doc = "Outside air with direct evaporation, and compressors when that is not enough",
};

static double saturated_ratio(double dew_point_c, double humidity_frac, double pressure_pa)
{
    return gw_psychro_humidity_ratio(humidity_frac * gw_psychro_saturation_pa(dew_point_c), pressure_pa);
}

/* What the outside air still lacks: the share of the duty left to a compressor, and vapour to add per kg of
 * the hall's air. */
struct outside_air {
    double left_frac, added_ratio;
};

/* (22) */
static struct outside_air cold_air(const struct dec *cfg, const struct gw_plant_in *in)
{
    const double least = saturated_ratio(cfg->dew_point_min_c, 1, in->pressure_pa);
    if (in->humidity_ratio >= least) {
        return (struct outside_air){0};
    }
    const double supply_c = cfg->supply_min_c + in->set_point_shift_k;
    const double share = cfg->hall.air_rise_k / (cfg->hall.air_rise_k + fmax(supply_c - in->dry_bulb_c, 0));
    return (struct outside_air){.added_ratio = share * (least - in->humidity_ratio)};
}

/* (23), (24) */
static struct outside_air warm_air(const struct dec *cfg, const struct gw_plant_in *in, double supply_c,
                                   double most)
{
    const double t = in->dry_bulb_c, w = in->humidity_ratio;
    const double h = 1e-3 * gw_psychro_enthalpy_j_per_kg(t, w);
    const double wettest_c = (h - 2501 * most) / (1.006 + 1.86 * most);
    const double reach_c = t - cfg->pad_effectiveness * (t - in->wet_bulb_c);
    const double target_c = fmin(fmax(fmax(reach_c, supply_c), wettest_c), t);
    const double left = (target_c - supply_c) / cfg->hall.air_rise_k;
    if (left >= 1) {
        return (struct outside_air){.left_frac = 1}; /* warmer than the air of the hall: closed */
    }
    return (struct outside_air){.left_frac = left,
                                .added_ratio = (h - 1.006 * target_c) / (2501 + 1.86 * target_c) - w};
}

/* (21): the most vapour that supply air may hold, or the dew point and temperature band_k below. */
static double wettest_ratio(const struct dec *cfg, double supply_c, double band_k, double pressure_pa)
{
    return fmin(saturated_ratio(cfg->dew_point_max_c - band_k, 1, pressure_pa),
                saturated_ratio(supply_c - band_k, cfg->rh_max, pressure_pa));
}

static struct outside_air condition(const struct dec *cfg, const struct gw_plant_in *in, double supply_c,
                                    struct gw_plant_out *out)
{
    const double most = wettest_ratio(cfg, supply_c, 0, in->pressure_pa);
    const bool fits = in->humidity_ratio <= most;
    const bool by_band =
        in->shut_s > 0 &&
        in->humidity_ratio <= wettest_ratio(cfg, supply_c, cfg->hall.band_k, in->pressure_pa);
    if (gw_hall_shut(&cfg->hall, in, fits, by_band, out)) {
        return (struct outside_air){.left_frac = 1};
    }
    return in->dry_bulb_c <= supply_c ? cold_air(cfg, in) : warm_air(cfg, in, supply_c, most);
}

static struct gw_plant_out dec_at(const void *config, const struct gw_plant_in *in)
{
    const struct dec *cfg = config;
    const double supply_c = cfg->supply_c + in->set_point_shift_k;
    const struct gw_hall hall = gw_hall_at(&cfg->hall, in, 1);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    const struct outside_air air = condition(cfg, in, supply_c, &out);
    if (air.added_ratio > 0) {
        out.fan_kw += hall.speed * gw_hall_fan_kw(hall.design_air_kg_per_s, cfg->pad_pa,
                                                  cfg->hall.fan_efficiency, in->pressure_pa);
        gw_hall_add_water(hall.air_kg_per_s * air.added_ratio, 0, cfg->cycles, &out);
    }
    const double heat_kw = hall.heat_kw + out.fan_kw;
    const double left_kw =
        heat_kw - gw_hall_reuse(&cfg->hall, in, heat_kw, supply_c + cfg->hall.air_rise_k, &out);
    add_trim(&cfg->hall, cfg->cop_eta, supply_c, in->dry_bulb_c, air.left_frac, left_kw, &out);
    out.shed_kw = hall.outside_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static struct gw_plant_estimate dec_estimate(const void *config, const struct gw_plant_in *in)
{
    return gw_plant_slope(dec_at, config, in);
}

const struct gw_plant gw_plant_air_ae_dec = {
    .name = "ae-dec",
    .summary = "Outside air with direct evaporation, and compressors when that is not enough",
    .needs_weather = true,
    .type = &dec_type,
    .at = dec_at,
    .estimate = dec_estimate,
};

/* ---- iec ---- */

struct iec {
    struct gw_hall_cfg hall;
    double supply_c, dry_effectiveness, wet_effectiveness, outdoor_fan_pa, cop_eta, cycles;
};

static const struct gw_field iec_fields[] = {
    GW_HALL_FIELDS(struct iec, "0.006", "0.010", "0.012", "0.012", "0.006", "12", "350", "0.65"),
    ROW(struct iec, supply_c, &gw_hall_celsius, "25", "Temperature of the supply air"),
    ROW(struct iec, dry_effectiveness, &gw_hall_frac, "0.75", "Effectiveness of the dry exchanger"),
    ROW(struct iec, wet_effectiveness, &gw_hall_frac, "0.75", "Effectiveness of the wetted exchanger"),
    ROW(struct iec, outdoor_fan_pa, &gw_hall_pressure, "300",
        "Pressure of the outdoor side's fans at full flow"),
    ROW(struct iec, cop_eta, &gw_hall_efficiency, "0.45",
        "Part of the Carnot efficiency the trim cooling reaches"),
    ROW(struct iec, cycles, &gw_hall_cycles, "3", "Cycles of concentration: make-up over discharge"),
    GW_FIELD_END,
};
static const struct gw_type iec_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct iec),
    .of = iec_fields,
    .doc = "Hall air cooled by outside air through an exchanger that is wetted in warm weather",
};

static struct gw_plant_out iec_at(const void *config, const struct gw_plant_in *in)
{
    const struct iec *cfg = config;
    const double supply_c = cfg->supply_c + in->set_point_shift_k, rise_k = cfg->hall.air_rise_k;
    const double return_c = supply_c + rise_k, t = in->dry_bulb_c, wb = in->wet_bulb_c;
    const double dry_c = t + (1 - cfg->dry_effectiveness) * (return_c - t);
    const double wet_c = wb + (1 - cfg->wet_effectiveness) * (return_c - wb);
    const double lacking_k = fmax(dry_c - supply_c, 0);
    const double wet = lacking_k > 0 && wet_c < dry_c ? fmin(lacking_k / (dry_c - wet_c), 1) : 0;
    const double left = fmin(fmax((fmin(wet_c, dry_c) - supply_c) / rise_k, 0), 1);
    const double need = lacking_k > 0 ? 1 : fmin(rise_k / (cfg->dry_effectiveness * (return_c - t)), 1);
    const double y = fmax(need, OUTDOOR_FAN_LEAST);

    const struct gw_hall hall = gw_hall_at(&cfg->hall, in, 1);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    const double heat_kw = hall.heat_kw + hall.fan_kw;
    const double reused_kw = gw_hall_reuse(&cfg->hall, in, heat_kw, return_c, &out);
    const double left_kw = heat_kw - reused_kw;
    out.rejection_kw = (heat_kw > 0 ? left_kw / heat_kw : 0) * hall.speed * y * y * y *
                       gw_hall_fan_kw(hall.design_air_kg_per_s, cfg->outdoor_fan_pa, cfg->hall.fan_efficiency,
                                      in->pressure_pa);
    gw_hall_add_water(SPRAY * left_kw * wet / EVAPORATION, 0, cfg->cycles, &out);
    add_trim(&cfg->hall, cfg->cop_eta, supply_c, t, left, left_kw, &out);
    out.shed_kw = hall.outside_kw + out.rejection_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static struct gw_plant_estimate iec_estimate(const void *config, const struct gw_plant_in *in)
{
    return gw_plant_slope(iec_at, config, in);
}

const struct gw_plant gw_plant_air_iec = {
    .name = "iec",
    .summary = "Hall air cooled by outside air through an exchanger that is wetted in warm weather",
    .needs_weather = true,
    .type = &iec_type,
    .at = iec_at,
    .estimate = iec_estimate,
};
