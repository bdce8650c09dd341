#include "models/grid/zone.h"

#include <math.h>

#define NUM(unit_, min_, max_)                                                                               \
    {                                                                                                        \
        .kind = GW_NUM, .size = sizeof(double), .unit = (unit_), .min = (min_), .max = (max_)                \
    }

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type fraction = NUM("1", 0, 1);
static const struct gw_type part = NUM("1", 0.01, 0.95);
static const struct gw_type slope = NUM("1", -10, 10);
static const struct gw_type size = NUM("1", 0, 1000);
static const struct gw_type spread = NUM("1", 0, 3);
static const struct gw_type latitude = NUM("deg", -90, 90);
static const struct gw_type longitude = NUM("deg", -180, 180);
static const struct gw_type offset = NUM("h", -14, 14);
static const struct gw_type hours = NUM("h", 1, 1000);
static const struct gw_type day_of_year = NUM("1", 0, 366);
static const struct gw_type money = NUM("USD/MWh", -1000, 10e3);
static const struct gw_type price_step = NUM("USD/MWh", 1, 10e3);
static const struct gw_type carbon_price = NUM("USD/t", 0, 10e3);
static const struct gw_type month = NUM("1", 0, 10);
static const struct gw_type months = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 12, .max = 12, .of = &month};
static const struct gw_type day = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_load_shape_days};
static const struct gw_type year = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_load_shape_years};
static const char *const import_rules[] = {
    [GW_IMPORT_BY_MIX] = "mix", [GW_IMPORT_BY_DEMAND] = "demand", [GW_IMPORT_BY_PRICE] = "price", NULL};
static const struct gw_type import_rule = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = import_rules};
static const struct gw_type region_ref = {.kind = GW_REF, .size = sizeof(struct gw_region), .of = "region"};
static const struct gw_type weather_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_factors_region), .of = "weather-region"};
static const struct gw_type water_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_water_set), .of = "water-set"};
static const struct gw_type zone_ref = {.kind = GW_REF, .size = sizeof(struct gw_zone), .of = "grid"};

#define S struct gw_zone_demand
static const struct gw_field demand_fields[] = {
    GW_FIELD(S, day, &day, "mixed", "How demand moves over the day", "round number"),
    GW_FIELD(S, year, &year, "mixed", "How demand moves over the year", "round number"),
    GW_FIELD(S, day_weight, &spread, "0.5", "How much of the daily swing the plants see", "round number"),
    GW_FIELD_AS(S, "weekend_cut", weekend_cut_frac, &fraction, "0.06", "How much lower demand is on weekends",
                "round number"),
    GW_FIELD_END,
};
#undef S

#define S struct gw_zone_wind
static const struct gw_field wind_fields[] = {
    GW_FIELD(S, capacity_factor, &part, "0.3", "Mean output per installed power", "round number"),
    GW_FIELD(S, variation, &spread, "0.65", "Standard deviation of output per mean", "round number"),
    GW_FIELD(S, windiest_day, &day_of_year, "20", "Day of the year with most wind", "round number"),
    GW_FIELD_AS(S, "season", season_frac, &fraction, "0.15", "Amplitude of wind speed over the year",
                "round number"),
    GW_FIELD_AS(S, "daily", day_frac, &fraction, "0.06", "Amplitude of wind speed over the day",
                "round number"),
    GW_FIELD_AS(S, "memory", memory_h, &hours, "14", "How long weather lasts", "round number"),
    GW_FIELD_END,
};
#undef S

#define S struct gw_zone_solar
static const struct gw_field solar_fields[] = {
    GW_FIELD(S, cloud, &part, "0.55", "Median cloud cover", "round number"),
    GW_FIELD(S, exponent, &part, "0.85", "Of irradiance: 0.85 fixed modules, 0.6 trackers", "round number"),
    GW_FIELD_END,
};
#undef S

#define S struct gw_zone_hydro
static const struct gw_field hydro_fields[] = {
    GW_FIELD(S, months, &months, "~", "Inflow by month, mean 1", NULL),
    GW_FIELD(S, variation, &spread, "0.3", "Spread of inflow from one fortnight to another", "round number"),
    GW_FIELD_AS(S, "flexible", flexible_frac, &fraction, "0.6", "Part that reservoirs hold back until needed",
                "round number"),
    GW_FIELD_END,
};
#undef S

#define S struct gw_zone_dispatch
static const struct gw_field dispatch_fields[] = {
    GW_FIELD(S, coal_slope, &slope, "0.9", "Power of residual load that coal follows", "round number"),
    GW_FIELD(S, gas_slope, &slope, "1.25", "Power of residual load that gas follows", "round number"),
    GW_FIELD(S, oil_slope, &slope, "2.5", "Power of residual load that oil follows", "round number"),
    GW_FIELD(S, other_slope, &slope, "1", "Power of residual load that unknown plants follow",
             "round number"),
    GW_FIELD(S, hydro_slope, &slope, "1.5", "Power of residual load that reservoirs follow", "round number"),
    GW_FIELD(S, coal_variation, &spread, "0.2", "Spread of coal by outages and fuel prices", "round number"),
    GW_FIELD_AS(S, "damped", damped_frac, &fraction, "0.15", "Swings of residual load that trade takes",
                "round number"),
    GW_FIELD_AS(S, "least", least_frac, &part, "0.15", "Dispatchable output that cannot be turned down",
                "round number"),
    GW_FIELD_AS(S, "exported", exported_frac, &fraction, "0.5", "Part of surplus that neighbours take",
                "round number"),
    GW_FIELD_END,
};
#undef S

#define S struct gw_zone_import
static const struct gw_field import_fields[] = {
    GW_FIELD_AS(S, "marginal", marginal_frac, &fraction, NULL, "How often the neighbour's plants answer",
                NULL),
    GW_FIELD(S, follows, &import_rule, "mix", "What the hours of imports follow", NULL),
    GW_FIELD(S, night_slope, &slope, "1", "By demand: how much imports prefer the zone's nights", "chosen"),
    GW_FIELD_AS(S, "price_step", price_step_usd_per_mwh, &price_step, "27",
                "By price: how much dearer the neighbour is when it sells 1/e of it", "chosen"),
    GW_FIELD(S, from, &zone_ref, NULL, "The neighbour", NULL),
    GW_FIELD_END,
};
#undef S

#define S struct gw_zone_price
static const struct gw_field price_fields[] = {
    GW_FIELD(S, residual_slope, &slope, "0.8", "Power of residual load that price follows", "round number"),
    GW_FIELD(S, noise, &spread, "0.15", "Spread of log price within days", "round number"),
    GW_FIELD(S, drift, &spread, "0.2", "Spread of log price over weeks", "round number"),
    GW_FIELD(S, scarcity, &size, "2", "Mean prices added at the highest residual load", "round number"),
    GW_FIELD(S, scarcity_quantile, &fraction, "0.995", "Residual load from which scarcity adds",
             "round number"),
    GW_FIELD_AS(S, "lowest", lowest_usd_per_mwh, &money, "0", "Price added in surplus", "round number"),
    GW_FIELD_AS(S, "coal", coal_usd_per_mwh, &money, "22", "Coal per electricity", "round number"),
    GW_FIELD_AS(S, "gas", gas_usd_per_mwh, &money, "28", "Gas per electricity", "round number"),
    GW_FIELD_AS(S, "oil", oil_usd_per_mwh, &money, "220", "Oil per electricity", "round number"),
    GW_FIELD_AS(S, "carbon", carbon_usd_per_t, &carbon_price, "0", "Price of carbon that plants pay", NULL),
    GW_FIELD_END,
};
#undef S

#define OBJ(name, struct_type, rows, sentence)                                                               \
    static const struct gw_type name = {                                                                     \
        .kind = GW_OBJ, .size = sizeof(struct_type), .of = (rows), .doc = (sentence)}
OBJ(demand, struct gw_zone_demand, demand_fields, "Demand of a grid");
OBJ(wind, struct gw_zone_wind, wind_fields, "Wind power of a grid");
OBJ(solar, struct gw_zone_solar, solar_fields, "Solar power of a grid");
OBJ(hydro, struct gw_zone_hydro, hydro_fields, "Hydropower of a grid");
OBJ(dispatch, struct gw_zone_dispatch, dispatch_fields, "Which plants answer residual load");
OBJ(import, struct gw_zone_import, import_fields, "What a grid lives on of its neighbour's plants");
OBJ(price, struct gw_zone_price, price_fields, "What makes the hourly price");
static const struct gw_type import_opt = {
    .kind = GW_OPT, .size = sizeof(struct gw_zone_import), .of = &import};

static const double least_dispatchable = 0.01;

/* What the tables cannot say: shares that leave something to dispatch, sums of shares. */
static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_zone *zone = object;
    double sum = 0;
    for (int f = 0; f < GW_FUELS; f++) {
        sum += zone->mix.of[f];
    }
    if (fabs(sum - 1) > 0.02) {
        gw_bind_fail(bind, at, "mix", "the shares add up to %g, not 1", sum);
    }
    const struct gw_mix *mix = &zone->mix;
    if (mix->of[GW_FUEL_COAL] + mix->of[GW_FUEL_GAS] + mix->of[GW_FUEL_OIL] + mix->of[GW_FUEL_OTHER] +
            mix->of[GW_FUEL_HYDRO] * zone->hydro.flexible_frac <
        least_dispatchable) {
        gw_bind_fail(bind, at, "mix",
                     "less than %g of the mix can follow demand: coal, gas, oil, other, reservoirs",
                     least_dispatchable);
    }
}

#define Z struct gw_zone
static const struct gw_field fields[] = {
    GW_FIELD(Z, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(Z, region, &region_ref, NULL, "Annual means; the price level is theirs", NULL),
    GW_FIELD_AS(Z, "lat", lat_deg, &latitude, NULL, "Latitude of the middle of its solar power", NULL),
    GW_FIELD_AS(Z, "lon", lon_deg, &longitude, NULL, "Longitude of the middle of its solar power", NULL),
    GW_FIELD_AS(Z, "utc_offset", utc_offset_h, &offset, NULL, "Local standard time minus UTC", NULL),
    GW_FIELD(Z, weather, &weather_ref, "~", "Region whose weather it has, with the sites there", NULL),
    GW_FIELD(Z, water_factors, &water_ref, "macknick", "Convention of what its plants consume", NULL),
    GW_FIELD(Z, water_beside, &water_ref, "macknick-reservoirs", "A second convention beside it", NULL),
    GW_FIELD(Z, fuel_market, &text, "~", "Whose coal and gas prices it shares", NULL),
    GW_FIELD(Z, mix, &gw_mix_shares, NULL, "Shares in annual consumption", NULL),
    GW_FIELD_AS(Z, "carbon_direct", direct_gco2_per_kwh, &gw_mix_direct, "{}", "Intensity at the stacks",
                NULL),
    GW_FIELD_AS(Z, "carbon_lifecycle", lifecycle_gco2_per_kwh, &gw_mix_lifecycle, "{}",
                "Intensity over the life of the plants", NULL),
    GW_FIELD(Z, nuclear_months, &months, "[1.08, 1.06, 1, 0.9, 0.93, 1.02, 1.04, 1.04, 1, 0.9, 0.97, 1.06]",
             "Nuclear output by month, mean 1", "round number"),
    GW_FIELD(Z, demand, &demand, "{}", "Demand", NULL),
    GW_FIELD(Z, wind, &wind, "{}", "Wind power", NULL),
    GW_FIELD(Z, solar, &solar, "{}", "Solar power", NULL),
    GW_FIELD(Z, hydro, &hydro, "{}", "Hydropower", NULL),
    GW_FIELD(Z, dispatch, &dispatch, "{}", "Which plants answer residual load", NULL),
    GW_FIELD(Z, import, &import_opt, "~", "Plants of a neighbour", NULL),
    GW_FIELD(Z, price, &price, "{}", "What makes the hourly price", NULL),
    GW_FIELD_END,
};
#undef Z

const struct gw_type gw_zone_type = {.kind = GW_OBJ,
                                     .size = sizeof(struct gw_zone),
                                     .of = fields,
                                     .check = check,
                                     .doc = "A grid as the generator of hourly series sees it"};
