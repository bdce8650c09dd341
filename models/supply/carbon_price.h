/* models/supply/carbon_price.h - what a tonne of CO2 costs: a market of the catalogue, or a number.
 *
 *   carbon_price: 100 USD/t        carbon_price: eu-ets        the second is a catalogue entry
 *
 * An account of its own: where the price of electricity holds a carbon price already, charging another on top
 * counts it twice, and `geowatt check` says so. */
#ifndef GW_MODELS_SUPPLY_CARBON_PRICE_H
#define GW_MODELS_SUPPLY_CARBON_PRICE_H

#include "sim/tree/bind.h"

struct gw_carbon_price {
    const char *name, *title;
    double usd_per_t;
};
extern const struct gw_type gw_carbon_price_type; /* catalogue kind "carbon-price" */
extern const struct gw_type gw_carbon_price_pick;

double gw_carbon_price_usd_per_t(const struct gw_pick *pick);

#endif
