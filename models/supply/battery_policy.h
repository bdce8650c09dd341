/* models/supply/battery_policy.h - when a battery charges and discharges.
 *
 *   none               never; the import limit alone may call on it
 *   self-consumption   what PV and wind leave over goes in, what they leave open comes out
 *   carbon-arbitrage   buys in the cleanest hours ahead, serves in the dirtiest, if that saves carbon
 *   price-arbitrage    the same for money, less what a cycle wears off the cells
 *   peak-shave         keeps the import at or below a power
 *
 * A policy is two pure functions. `look` boils the signals ahead down to a goal and is called when the hour
 * changes; `order` turns the goal and the present into a power, positive to charge. Orders may be greedy: the
 * site's supply bounds them by the battery, the load (nothing is discharged into the grid) and the import
 * limit. Whatever the policy, surplus of PV and wind is stored by all but `none`. docs/models/supply.md. */
#ifndef GW_MODELS_SUPPLY_BATTERY_POLICY_H
#define GW_MODELS_SUPPLY_BATTERY_POLICY_H

#include <stdbool.h>

#include "models/supply/battery.h"

enum { GW_BATTERY_AHEAD_MAX = 24 }; /* hours that a policy may look ahead: the horizon of forecasts */

enum gw_battery_signal { GW_BATTERY_NO_SIGNAL, GW_BATTERY_CARBON, GW_BATTERY_PRICE };

/* Means of the policy's signal by the hour, or by the epoch where that is longer, the running one first:
 * gCO2/kWh or USD/MWh; NAN where unknown. */
struct gw_battery_ahead {
    const double *signal;
    uint32_t n;
    double step_h;
    double
        load_kw; /* what the site draws at the moment, more than which cannot be served; INFINITY: unknown */
};

/* Signals at which buying and serving begin; NAN: nothing to do. */
struct gw_battery_goal {
    double buy_at, serve_at;
};

struct gw_battery_now {
    double stored_kwh;
    double load_kw, onsite_kw; /* the site's load, and what PV and wind give */
    double signal;             /* mean over the step */
};

struct gw_battery_policy {
    const char *name, *summary;
    enum gw_battery_signal signal;
    const struct gw_type *type;
    uint32_t (*hours)(const void *cfg); /* that look wants, at most GW_BATTERY_AHEAD_MAX; NULL: none */
    struct gw_battery_goal (*look)(const void *cfg, const struct gw_battery_cfg *battery,
                                   const struct gw_battery_ahead *ahead);
    /* kW at the terminals, positive charges */
    double (*order)(const void *cfg, const struct gw_battery_cfg *battery, const struct gw_battery_goal *goal,
                    const struct gw_battery_now *now);
};

/* ---- the parts of arbitrage, for policies of a run ---- */

/* Means by the hours of the clock that now_us belongs to; an epoch belongs to the hour it begins in. At most
 * `most` of n epochs' values; returns how many. */
uint32_t gw_battery_policy_hourly(int64_t now_us, int64_t epoch_us, uint32_t n, const double *by_epoch,
                                  uint32_t most, double *out);

/* Where buying and serving begin when served energy must earn `margin` per unit of the energy bought, beyond
 * losses, and `extra` in the signal's unit. */
struct gw_battery_goal gw_battery_policy_spread(const struct gw_battery_cfg *battery,
                                                const struct gw_battery_ahead *ahead, double margin,
                                                double extra);

enum gw_battery_side { GW_BATTERY_WAITS, GW_BATTERY_BUYS, GW_BATTERY_SERVES };
enum gw_battery_side gw_battery_policy_side(const struct gw_battery_goal *goal, double signal);

const struct gw_battery_policy *gw_battery_policy_find(const char *name); /* NULL when unknown */
const char *const *gw_battery_policy_names(void);
const struct gw_type *gw_battery_policy_type(const char *name); /* for GW_NAMED rows */

/* What `policy:` leaves open: self-consumption beside PV or wind, else none. */
const struct gw_battery_policy *gw_battery_policy_usual(bool has_own_plant);

#endif
