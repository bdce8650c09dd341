#include "models/grid/region.h"

#include <math.h>

const char *const gw_carbon_signal_names[] = {"average-lifecycle", "average-direct", "marginal-lifecycle",
                                              "marginal-direct", NULL};
const char *const gw_region_basis_names[] = {"consumption", "production", NULL};

bool gw_region_has(const struct gw_signal *signal)
{
    return signal->series != NULL || !isnan(signal->constant);
}

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type carbon = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "g/kWh", .min = 0, .max = 5000};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/MWh", .min = -1000, .max = 100e3};
static const struct gw_type water = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "L/kWh", .min = 0, .max = 1000};
static const struct gw_type fraction = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type carbon_price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/t", .min = 0, .max = 10000};
static const struct gw_type basis = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_region_basis_names};

#define R struct gw_region
static const struct gw_field fields[] = {
    GW_FIELD(R, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(R, title, &text, NULL, "Name for people", NULL),
    GW_FIELD_AS(R, "carbon", carbon_lifecycle_gco2_per_kwh, &carbon, NULL,
                "Average carbon intensity over the life cycle of the plants", NULL),
    GW_FIELD_AS(R, "carbon_direct", carbon_direct_gco2_per_kwh, &carbon, NULL,
                "Average carbon intensity at the stacks alone", NULL),
    GW_FIELD_AS(R, "price", price_usd_per_mwh, &price, NULL, "Wholesale price of electricity", NULL),
    GW_FIELD_AS(R, "water", water_l_per_kwh, &water, NULL, "Water consumed by the power plants", NULL),
    GW_FIELD_AS(R, "water_with_hydro", water_with_hydro_l_per_kwh, &water, "~",
                "The same with what evaporates from the reservoirs of hydropower", NULL),
    GW_FIELD_AS(R, "carbon_free", carbon_free_frac, &fraction, "~",
                "Share of plants without stacks in consumption, nuclear included", NULL),
    GW_FIELD_AS(R, "carbon_in_price", carbon_in_price_usd_per_t, &carbon_price, "0 USD/t",
                "Price of carbon that the price of electricity holds already", NULL),
    GW_FIELD(R, basis, &basis, "consumption", "Whether carbon is that of consumption or of production", NULL),
    GW_FIELD_END,
};
#undef R

const struct gw_type gw_region_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_region),
    .of = fields,
    .doc = "The electricity of one region as annual means",
};
