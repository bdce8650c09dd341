/* Chilled water and a cooling tower: with economizer (wc-wse), large and efficient (hyper-tower), without
 * (wc). */
#include "models/cooling/chilled.h"
#include "models/cooling/plants.h"

struct cfg {
    struct gw_hall_cfg hall;
    struct gw_chilled_cfg chilled;
};

static const struct gw_field wc_wse_fields[] = {
    GW_HALL_FIELDS(struct cfg, "0.006", "0.010", "0.012", "0.012", "0.006", "11", "400", "0.65"),
    GW_HALL_SWITCH_FIELDS(struct cfg),
    GW_CHILLED_FIELDS(struct cfg, "18", "7", "true", "2", "200 kPa", "50 kPa", "180 kPa", "0.68", "0.60"),
    GW_TOWER_FIELDS(struct cfg, chilled.tower, "4", "5.5", "5", "120", "0.6"),
    GW_FIELD_END,
};

static const struct gw_field hyper_fields[] = {
    GW_HALL_FIELDS(struct cfg, "0.006", "0.010", "0.012", "0.012", "0.006", "14", "180", "0.68"),
    GW_HALL_SWITCH_FIELDS(struct cfg),
    GW_CHILLED_FIELDS(struct cfg, "24", "9", "true", "1.5", "130 kPa", "50 kPa", "140 kPa", "0.75", "0.62"),
    GW_TOWER_FIELDS(struct cfg, chilled.tower, "3.5", "6", "5", "90", "0.65"),
    GW_FIELD_END,
};

static const struct gw_field wc_fields[] = {
    GW_HALL_FIELDS(struct cfg, "0.006", "0.010", "0.012", "0.012", "0.006", "11", "400", "0.65"),
    GW_HALL_SWITCH_FIELDS(struct cfg),
    GW_CHILLED_FIELDS(struct cfg, "12", "7", "false", "2", "200 kPa", "50 kPa", "180 kPa", "0.68", "0.58"),
    GW_TOWER_FIELDS(struct cfg, chilled.tower, "4", "5.5", "5", "120", "0.6"),
    GW_FIELD_END,
};

static struct gw_plant_out at(const void *config, const struct gw_plant_in *in)
{
    const struct cfg *cfg = config;
    const struct gw_hall hall = gw_hall_at(&cfg->hall, in, 1);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    gw_chilled_add(&cfg->chilled, &cfg->hall, &hall, in, hall.heat_kw + hall.fan_kw, &out);
    out.shed_kw = hall.outside_kw + out.pump_kw + out.rejection_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static struct gw_plant_estimate estimate(const void *config, const struct gw_plant_in *in)
{
    return gw_plant_slope(at, config, in);
}

#define PLANT(symbol, plant_name, rows, text)                                                                \
    static const struct gw_type symbol##_type = {                                                            \
        .kind = GW_OBJ, .size = sizeof(struct cfg), .of = rows, .doc = text};                                \
    const struct gw_plant gw_plant_tower_##symbol = {.name = plant_name,                                     \
                                                     .summary = text,                                        \
                                                     .needs_weather = true,                                  \
                                                     .type = &symbol##_type,                                 \
                                                     .at = at,                                               \
                                                     .estimate = estimate};
PLANT(wc_wse, "wc-wse", wc_wse_fields,
      "Chilled water, a cooling tower, and its water used directly when cold enough")
PLANT(hyper, "hyper-tower", hyper_fields,
      "Warm chilled water and a large tower, as in the halls of large operators")
PLANT(wc, "wc", wc_fields, "Cold chilled water from water-cooled chillers, without an economizer")
