/* A plant whose overhead and water are fixed shares of the IT load: no weather, no part-load losses.
 *
 *   overhead_kw       = it_kw (pue - 1), of which power_chain_share is lost in the power chain
 *   water_consumed    = it_kw wue
 *   water_withdrawn   = water_consumed withdrawn_per_consumed
 *
 * What a study uses that compares with published work in which PUE is a number, and the floor that
 * weather-driven plants are compared with. */
#include "models/cooling/plants.h"

struct cfg {
    double pue, wue, power_chain_share, withdrawn_per_consumed;
};

static const struct gw_type ratio = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1, .max = 10};
static const struct gw_type share = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type litres_per_kwh = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "L/kWh", .min = 0, .max = 20};

static const struct gw_field fields[] = {
    GW_FIELD(struct cfg, pue, &ratio, "1.15", "Facility power per IT power", "aws-water-2024"),
    GW_FIELD(struct cfg, wue, &litres_per_kwh, "0.15", "Water consumed on site per IT energy",
             "aws-water-2024"),
    GW_FIELD(struct cfg, power_chain_share, &share, "0.3",
             "Part of the overhead that is lost in UPS, distribution and lighting", "ups-losses"),
    GW_FIELD(struct cfg, withdrawn_per_consumed, &ratio, "1", "Water withdrawn per water consumed", NULL),
    GW_FIELD_END,
};

static const struct gw_type type = {
    .kind = GW_OBJ,
    .size = sizeof(struct cfg),
    .of = fields,
    .doc = "A plant with a fixed overhead and a fixed water use per IT energy, whatever the weather",
};

static struct gw_plant_out at(const void *config, const struct gw_plant_in *in)
{
    const struct cfg *cfg = config;
    const double overhead_kw = in->it_kw * (cfg->pue - 1);
    const double consumed_l_per_h = in->it_kw * cfg->wue;
    return (struct gw_plant_out){
        .cooling_kw = overhead_kw * (1 - cfg->power_chain_share),
        .power_chain_kw = overhead_kw * cfg->power_chain_share,
        .water_consumed_l_per_h = consumed_l_per_h,
        .water_withdrawn_l_per_h = consumed_l_per_h * cfg->withdrawn_per_consumed,
        .discharged_l_per_h = consumed_l_per_h * (cfg->withdrawn_per_consumed - 1),
    };
}

static struct gw_plant_estimate estimate(const void *config, const struct gw_plant_in *in)
{
    (void)in; /* the same at every operating point */
    const struct cfg *cfg = config;
    return (struct gw_plant_estimate){
        .marginal_kw_per_kw = cfg->pue,
        .fixed_kw = 0,
        .water_l_per_kwh = cfg->wue,
    };
}

const struct gw_plant gw_plant_constant = {
    .name = "constant",
    .summary = "Overhead and water are fixed shares of the IT load",
    .type = &type,
    .at = at,
    .estimate = estimate,
};
