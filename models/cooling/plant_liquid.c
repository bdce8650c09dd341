/* Warm water to the chips, by a tower (liq-tower), dry coolers helped by a tower (liq-hybrid) or dry coolers
 * alone (liq-dry). What the water does not take leaves by air, and that by chilled water and a tower.
 *
 *   Q_l  = f_liq it_kw,  T_r = T_tcs + dT_w                                                    (31)
 *   dry  = clamp((T_r - (T + a_dry)) / dT_w, 0, 1)                        0 without dry coolers (32)
 *   wet  = (1 - dry) clamp((T_r - (T_wb + a)) / dT_w, 0, 1)               0 without a tower     (33)
 *   COP as (18) with a tower, T_e = T_tcs - 2.5; as (29) for an air-cooled chiller without       (34)
 *   pumps = 0.012 Q_l g,  dry fans = 0.02 Q_l dry,  tower fans = 0.01 Q_l (1 - dry)             (35)
 *
 * The tower of the loop rejects Q_l (1 - dry) and the compressor's work; its water is that of (11). */
#include <math.h>

#include "models/cooling/chilled.h"
#include "models/cooling/plants.h"

#define EVAPORATOR_K        2.5
#define CONDENSER_K         2.0
#define AIR_CONDENSER_K     13.0
#define AIR_CONDENSER_LOW_C 10.0
#define AIR_ETA             0.42
#define AIR_CAP             9.0
#define DERATING            0.9

struct loop {
    double liquid_frac, supply_c, water_rise_k;
    bool dry_coolers, tower;
    double dry_approach_k, pump, dry_fan, tower_fan;
};

struct cfg {
    struct gw_hall_cfg hall;
    struct loop loop;
    struct gw_chilled_cfg chilled; /* of the air side; its tower is also the loop's */
};

#define ROW(key, field, type, def, doc)                                                                      \
    GW_FIELD_AS(struct cfg, key, loop.field, type, def, doc, "cooling-presets")
#define LOOP_FIELDS(T, dry, wet)                                                                             \
    ROW("liquid_frac", liquid_frac, &gw_hall_frac, "0.9", "Part of the IT heat that the water takes"),       \
        ROW("loop_supply_c", supply_c, &gw_hall_celsius, T, "Temperature of the water to the IT"),           \
        ROW("loop_rise_k", water_rise_k, &gw_hall_kelvin, "8", "Rise of that water"),                        \
        ROW("dry_coolers", dry_coolers, &gw_hall_flag, dry, "The loop has dry coolers"),                     \
        ROW("loop_tower", tower, &gw_hall_flag, wet, "The loop has a tower, after the dry coolers"),         \
        ROW("dry_approach_k", dry_approach_k, &gw_hall_kelvin, "8",                                          \
            "Water of the dry coolers above the air outside"),                                               \
        ROW("loop_pump", pump, &gw_hall_frac, "0.012", "Pumps of the loop, per heat"),                       \
        ROW("dry_fan", dry_fan, &gw_hall_frac, "0.02", "Fans of the dry coolers, per heat they take"),       \
        ROW("loop_tower_fan", tower_fan, &gw_hall_frac, "0.01",                                              \
            "Fans of the loop's tower, per heat it takes")

#define FIELDS(T, dry, wet)                                                                                  \
    GW_HALL_FIELDS(struct cfg, "0.002", "0.004", "0.004", "0.01", "0.006", "11", "400", "0.65"),             \
        LOOP_FIELDS(T, dry, wet), GW_HALL_SWITCH_FIELDS(struct cfg),                                         \
        GW_CHILLED_FIELDS(struct cfg, "18", "7", "true", "2", "200 kPa", "50 kPa", "180 kPa", "0.68",        \
                          "0.60"),                                                                           \
        GW_TOWER_FIELDS(struct cfg, chilled.tower, "4", "5.5", "5", "120", "0.6"), GW_FIELD_END

static const struct gw_field tower_fields[] = {FIELDS("30", "false", "true")};
static const struct gw_field hybrid_fields[] = {FIELDS("32", "true", "true")};
static const struct gw_field dry_fields[] = {FIELDS("40", "true", "false")};

static double clamp(double x)
{
    return fmin(fmax(x, 0), 1);
}

/* Work of the loop's chiller per heat it takes. */
static double chiller_work(const struct cfg *cfg, const struct gw_plant_in *in, double supply_c,
                           double cold_c)
{
    if (cfg->loop.tower) {
        return 1 / (DERATING * gw_hall_cop(supply_c - EVAPORATOR_K,
                                           cold_c + cfg->chilled.tower.range_k + CONDENSER_K,
                                           cfg->chilled.cop_eta, cfg->chilled.cop_cap));
    }
    return 1 / (DERATING * gw_hall_cop(supply_c - EVAPORATOR_K,
                                       fmax(in->dry_bulb_c, AIR_CONDENSER_LOW_C) + AIR_CONDENSER_K, AIR_ETA,
                                       AIR_CAP));
}

static void add_loop(const struct cfg *cfg, const struct gw_hall *hall, const struct gw_plant_in *in,
                     struct gw_plant_out *out)
{
    const struct loop *loop = &cfg->loop;
    const double heat_kw = loop->liquid_frac * in->it_kw;
    const double supply_c = loop->supply_c + in->set_point_shift_k, return_c = supply_c + loop->water_rise_k;
    const double left_kw = heat_kw - gw_hall_reuse(&cfg->hall, in, heat_kw, return_c, out);

    /* (32) to (34) */
    const double tower_c = gw_tower_cold_water_c(&cfg->chilled.tower, in->wet_bulb_c);
    const double dry = loop->dry_coolers
                           ? clamp((return_c - (in->dry_bulb_c + loop->dry_approach_k)) / loop->water_rise_k)
                           : 0;
    const double wet = loop->tower ? (1 - dry) * clamp((return_c - tower_c) / loop->water_rise_k) : 0;
    const double chilled = fmax(1 - dry - wet, 0);
    const double cold_c = chilled > 0 ? fmax(tower_c, cfg->chilled.condenser_min_c) : tower_c;
    const double work_kw = chilled > 0 ? left_kw * chilled * chiller_work(cfg, in, supply_c, cold_c) : 0;
    if (loop->tower && dry < 1) {
        const struct gw_tower_out tower =
            gw_tower_at(&cfg->chilled.tower, in, left_kw * (1 - dry) + work_kw, cold_c);
        gw_hall_add_water(tower.evaporated_kg_per_s, tower.drift_kg_per_s, cfg->chilled.tower.cycles, out);
        out->rejection_kw += loop->tower_fan * left_kw * (1 - dry);
    }

    /* (35); the air-cooled chiller's fans are in its COP */
    out->pump_kw += loop->pump * loop->liquid_frac * in->nameplate_kw *
                    gw_hall_speed(&cfg->hall, in->it_kw / in->nameplate_kw);
    out->rejection_kw += loop->dry_fan * left_kw * dry;
    out->compressor_kw += work_kw;
    out->rejected_kw += left_kw + work_kw;

    const double air_kw = hall->heat_kw + hall->fan_kw;
    if (heat_kw > 0) {
        out->free_frac = (out->free_frac * air_kw + (1 - chilled) * heat_kw) / (air_kw + heat_kw);
    }
}

static struct gw_plant_out at(const void *config, const struct gw_plant_in *in)
{
    const struct cfg *cfg = config;
    const struct gw_hall hall = gw_hall_at(&cfg->hall, in, 1 - cfg->loop.liquid_frac);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    gw_chilled_add(&cfg->chilled, &cfg->hall, &hall, in, hall.heat_kw + hall.fan_kw, &out);
    add_loop(cfg, &hall, in, &out);
    out.shed_kw = hall.outside_kw + out.pump_kw + out.rejection_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static struct gw_plant_estimate estimate(const void *config, const struct gw_plant_in *in)
{
    return gw_plant_slope(at, config, in);
}

#define PLANT(symbol, plant_name, text)                                                                      \
    static const struct gw_type symbol##_type = {                                                            \
        .kind = GW_OBJ, .size = sizeof(struct cfg), .of = symbol##_fields, .doc = text};                     \
    const struct gw_plant gw_plant_liquid_##symbol = {.name = plant_name,                                    \
                                                      .summary = text,                                       \
                                                      .needs_weather = true,                                 \
                                                      .type = &symbol##_type,                                \
                                                      .at = at,                                              \
                                                      .estimate = estimate};
PLANT(tower, "liq-tower", "Water at 30 degC to the IT, cooled by a tower")
PLANT(hybrid, "liq-hybrid",
      "Water at 32 degC to the IT, cooled by dry coolers and in warm weather by a tower")
PLANT(dry, "liq-dry", "Water at 40 degC to the IT, cooled by dry coolers")
