/* sim/run/onsite.h - a site's own plants, battery and import limit during one run.
 *
 * Panels and turbines follow the run's weather, which is the same for all policies. The battery follows its
 * policy (`sites[].battery.policy`): when an epoch is planned the policy looks at the forecasts that policies
 * see, in every five minutes it orders a power. Once who fills the slot `battery` has ordered one, that power
 * holds instead; or a band, then the battery takes what the load less own plants lies below and serves what
 * it lies above. All of it works over the scored time only; in the drain what
 * still runs is bought. docs/models/supply.md. */
#ifndef GW_SIM_RUN_ONSITE_H
#define GW_SIM_RUN_ONSITE_H

#include "models/supply/battery_policy.h"
#include "models/supply/generation.h"
#include "sim/run/air.h"

struct gw_onsite {
    const struct gw_site *site;
    const struct gw_signal *signal;         /* of the battery's policy; NULL: it has none */
    const struct gw_battery_policy *policy; /* NULL: no battery */
    struct gw_battery_goal goal;
    const double *low_kw, *high_kw; /* band that the run's policy keeps the net load in; NaN: none */
    const double *ordered_kw; /* by the run's policy for batteries; NaN: the battery's own policy rules */
    bool islanded;            /* nothing can be imported in the step to come */
    double load_kw;           /* of the last step; INFINITY before the first */
    struct gw_generation generation;
    double start_kwh, stored_kwh; /* in the battery's cells */
};

/* One per site, in the arena; policy and generation are empty where there is nothing. GW_ERR_RANGE when the
 * weather does not tell what a plant needs. */
GW_MUST_USE enum gw_status gw_onsite_make(const struct gw_scenario *sc, const struct gw_air *air,
                                          struct gw_onsite **out, struct gw_arena *arena,
                                          struct gw_error *err);

/* What the battery's policy makes of the n epochs from now_us on: carbon in gCO2/kWh, price in USD/kWh. */
void gw_onsite_look(struct gw_onsite *self, gw_time_us now_unix_us, gw_time_us epoch_us, uint32_t n,
                    const double *carbon, const double *price);

/* What the battery would do over an epoch that begins now, as the orders in force say. signal: the mean that
 * its policy follows, gCO2/kWh or USD/MWh. */
struct gw_onsite_outlook {
    double take_kw, give_kw; /* most over the whole epoch */
    double low_kw, high_kw;  /* band of the load less own plants; -INFINITY, INFINITY: no such side */
};
struct gw_onsite_outlook gw_onsite_outlook(const struct gw_onsite *self, gw_time_us epoch_us, double signal);

/* The energies of [from, to) under a level load. */
struct gw_supply_out gw_onsite_step(struct gw_onsite *self, gw_time_us from_unix_us, gw_time_us to_unix_us,
                                    double load_kw);

/* Energy bought or saved if the battery went back to where it began. */
double gw_onsite_settle_kwh(const struct gw_onsite *self);

#endif
