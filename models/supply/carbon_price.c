#include "models/supply/carbon_price.h"

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/t", .min = 0, .max = 10000};

#define P struct gw_carbon_price
static const struct gw_field fields[] = {
    GW_FIELD(P, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(P, title, &text, NULL, "Name for people", NULL),
    GW_FIELD_AS(P, "price", usd_per_t, &price, NULL, "Price of a tonne of CO2", NULL),
    GW_FIELD_END,
};
#undef P
const struct gw_type gw_carbon_price_type = {
    .kind = GW_OBJ, .size = sizeof(struct gw_carbon_price), .of = fields, .doc = "A price of carbon"};

enum { NUMBER, MARKET };
static const struct gw_type market = {
    .kind = GW_REF, .size = sizeof(struct gw_carbon_price), .of = "carbon-price"};
static const struct gw_alt alternatives[] = {
    [NUMBER] = {.key = "price", .type = &price, .scalar_form = true},
    [MARKET] = {.key = "market", .type = &market, .scalar_form = true},
    {0},
};
const struct gw_type gw_carbon_price_pick = {
    .kind = GW_PICK, .size = sizeof(struct gw_pick), .of = alternatives};

double gw_carbon_price_usd_per_t(const struct gw_pick *pick)
{
    return pick->alt == NUMBER ? *(const double *)pick->at
                               : (*(const struct gw_carbon_price *const *)pick->at)->usd_per_t;
}
