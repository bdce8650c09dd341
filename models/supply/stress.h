/* models/supply/stress.h - how short of water the basin is that a site drinks from.
 *
 *   stressed_l = consumed_l (1 + s)
 *
 * s is what all users withdraw over what the basin renews, of its class. The classes are those of the
 * Aqueduct atlas: low below 10 percent, low-medium 20, medium-high 40, high 80, extremely-high above; s is
 * the middle of the class, 1 for the last. `arid` (few users, hardly any water) is a class of its own: its
 * ratio reads low and would be misread as plenty, so it weighs as extremely-high does. The basins of power
 * plants are not known, so that water off site has no weight. docs/models/accounts.md. */
#ifndef GW_MODELS_SUPPLY_STRESS_H
#define GW_MODELS_SUPPLY_STRESS_H

enum gw_stress {
    GW_STRESS_UNKNOWN,
    GW_STRESS_LOW,
    GW_STRESS_LOW_MEDIUM,
    GW_STRESS_MEDIUM_HIGH,
    GW_STRESS_HIGH,
    GW_STRESS_EXTREMELY_HIGH,
    GW_STRESS_ARID,
    GW_STRESS_CLASSES,
};
extern const char *const gw_stress_names[]; /* ended by NULL */

/* 1 + s; NAN for an unknown class. */
double gw_stress_weight(enum gw_stress class);

#endif
