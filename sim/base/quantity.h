/* sim/base/quantity.h - numbers with units in input: "35 MW", "250 ms", "0.12 USD/kWh", "400 g/kWh".
 *
 * A unit is a product of named units with integer powers ("kWh", "USD/kW/month", "L/kWh", "1/s" or
 * "/s"); each has a dimension (energy, time, mass, volume, money, data, temperature, angle, length,
 * tokens, flop, requests) and a factor. The unit of a field decides which dimension its text must have:
 * "30 kg" where "kW" is due is an error that says so. A bare number has the field's own unit. A
 * fraction ("1") also takes "%". Temperatures in text: C, K, F, with their offsets when alone.
 * Watts are joules per second, so "kWh/h" is a power. gCO2, gCO2e and g are the same mass. A year has
 * 365 days, a month is a twelfth of it (730 h). A conversion by a whole number, or by one over it, rounds
 * once. */
#ifndef GW_SIM_BASE_QUANTITY_H
#define GW_SIM_BASE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/status.h"

/* `text` in `unit`. On failure *out is untouched and err->why names what was wrong and gives an example. */
GW_MUST_USE enum gw_status gw_quantity_parse(const char *text, const char *unit, double *out,
                                             struct gw_error *err);

/* True when `unit` is one this module can read. Every parameter table is checked with it. */
bool gw_quantity_unit_ok(const char *unit);

/* What the unit measures, in words: "power", "energy per mass", ... for messages. */
const char *gw_quantity_dimension(const char *unit);

#endif
