#include "models/grid/mix.h"

const char *const gw_mix_fuel_names[] = {"coal",  "gas",     "oil",        "nuclear", "hydro", "wind",
                                         "solar", "biomass", "geothermal", "other",   NULL};

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type share = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type carbon = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "g/kWh", .min = 0, .max = 5000};
static const struct gw_type water = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "L/kWh", .min = 0, .max = 1000};

/* One row per fuel; the defaults are the only thing that differs. */
#define FUEL(fuel, key, type, def, doc, source)                                                              \
    {                                                                                                        \
        key, type, (uint32_t)(offsetof(struct gw_mix, of) + sizeof(double) * (fuel)), def, doc, source       \
    }

#define SHARE(fuel, key) FUEL(fuel, key, &share, "0", "Part of what is consumed", NULL)
static const struct gw_field share_fields[] = {
    SHARE(GW_FUEL_COAL, "coal"),
    SHARE(GW_FUEL_GAS, "gas"),
    SHARE(GW_FUEL_OIL, "oil"),
    SHARE(GW_FUEL_NUCLEAR, "nuclear"),
    SHARE(GW_FUEL_HYDRO, "hydro"),
    SHARE(GW_FUEL_WIND, "wind"),
    SHARE(GW_FUEL_SOLAR, "solar"),
    SHARE(GW_FUEL_BIOMASS, "biomass"),
    SHARE(GW_FUEL_GEOTHERMAL, "geothermal"),
    SHARE(GW_FUEL_OTHER, "other"),
    GW_FIELD_END,
};
#undef SHARE

#define CARBON(fuel, key, def)                                                                               \
    FUEL(fuel, key, &carbon, def, "Intensity of these plants", "electricity-maps-2023")
static const struct gw_field direct_fields[] = {
    CARBON(GW_FUEL_COAL, "coal", "760"),
    CARBON(GW_FUEL_GAS, "gas", "370"),
    CARBON(GW_FUEL_OIL, "oil", "406"),
    CARBON(GW_FUEL_NUCLEAR, "nuclear", "0"),
    CARBON(GW_FUEL_HYDRO, "hydro", "0"),
    CARBON(GW_FUEL_WIND, "wind", "0"),
    CARBON(GW_FUEL_SOLAR, "solar", "0"),
    CARBON(GW_FUEL_BIOMASS, "biomass", "0"),
    CARBON(GW_FUEL_GEOTHERMAL, "geothermal", "0"),
    CARBON(GW_FUEL_OTHER, "other", "575"),
    GW_FIELD_END,
};
static const struct gw_field lifecycle_fields[] = {
    CARBON(GW_FUEL_COAL, "coal", "820"),
    CARBON(GW_FUEL_GAS, "gas", "490"),
    CARBON(GW_FUEL_OIL, "oil", "650"),
    CARBON(GW_FUEL_NUCLEAR, "nuclear", "12"),
    CARBON(GW_FUEL_HYDRO, "hydro", "24"),
    CARBON(GW_FUEL_WIND, "wind", "11"),
    CARBON(GW_FUEL_SOLAR, "solar", "45"),
    CARBON(GW_FUEL_BIOMASS, "biomass", "230"),
    CARBON(GW_FUEL_GEOTHERMAL, "geothermal", "38"),
    CARBON(GW_FUEL_OTHER, "other", "700"),
    GW_FIELD_END,
};
#undef CARBON

#define WATER(fuel, key) FUEL(fuel, key, &water, NULL, "Water these plants consume", NULL)
static const struct gw_field water_fields[] = {
    WATER(GW_FUEL_COAL, "coal"),
    WATER(GW_FUEL_GAS, "gas"),
    WATER(GW_FUEL_OIL, "oil"),
    WATER(GW_FUEL_NUCLEAR, "nuclear"),
    WATER(GW_FUEL_HYDRO, "hydro"),
    WATER(GW_FUEL_WIND, "wind"),
    WATER(GW_FUEL_SOLAR, "solar"),
    WATER(GW_FUEL_BIOMASS, "biomass"),
    WATER(GW_FUEL_GEOTHERMAL, "geothermal"),
    WATER(GW_FUEL_OTHER, "other"),
    GW_FIELD_END,
};
#undef WATER

const struct gw_type gw_mix_shares = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_mix),
                                      .of = share_fields,
                                      .doc = "Shares of the kinds of plants in what a grid consumes"};
const struct gw_type gw_mix_direct = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_mix),
                                      .of = direct_fields,
                                      .doc = "Carbon intensity of kinds of plants at the stacks"};
const struct gw_type gw_mix_lifecycle = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_mix),
                                         .of = lifecycle_fields,
                                         .doc = "Carbon intensity of kinds of plants over their life"};
static const struct gw_type water_values = {.kind = GW_OBJ,
                                            .size = sizeof(struct gw_mix),
                                            .of = water_fields,
                                            .doc = "Water consumption of kinds of plants"};

static const struct gw_field set_fields[] = {
    GW_FIELD(struct gw_water_set, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct gw_water_set, title, &text, NULL, "Name for people", NULL),
    GW_FIELD_AS(struct gw_water_set, "water", l_per_kwh, &water_values, NULL,
                "What each kind of plant consumes", NULL),
    GW_FIELD_END,
};
const struct gw_type gw_mix_water_set = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_water_set),
                                         .of = set_fields,
                                         .doc = "A convention of how much water power plants consume"};

double gw_mix_mean(const struct gw_mix *weight, const struct gw_mix *factor)
{
    double weights = 0, sum = 0;
    for (int f = 0; f < GW_FUELS; f++) {
        weights += weight->of[f];
        sum += weight->of[f] * factor->of[f];
    }
    return weights > 0 ? sum / weights : 0;
}
