/* sim/run/outlook.h - what a scenario can show, estimated before anything runs.
 *
 * Every epoch of the run is put before the policy `nearest` and its plan before the models' estimates. A
 * share is *movable* when it depends on where requests go; what idle replicas, hosts and spare nodes draw is
 * not. A study of routing whose movable share is a few percent cannot show much, whatever the policy. */
#ifndef GW_SIM_RUN_OUTLOOK_H
#define GW_SIM_RUN_OUTLOOK_H

#include "sim/run/scenario.h"

struct gw_outlook_site {
    double peak_load;     /* largest utilisation of any model in any epoch, under nearest */
    double peak_load_all; /* the same if every allowed request of the scenario came here */
    double full_kw;       /* what it draws with every node at its limit, at the worst weather of the run */
    double idle_it_frac;  /* IT energy at no load over IT energy */
    double movable_carbon_frac, movable_water_frac, movable_cost_frac;
    double it_kwh, carbon_kg, water_l, cost_usd;
};

struct gw_outlook {
    struct gw_outlook_site *site; /* [sites] */
    struct gw_outlook_site all;   /* over sites; peaks are the largest */
    gw_time_us until_us; /* the end of what was looked at: all, or as much as a second or so allows */
    double requests;     /* expected in that time */
};

/* Everything lives in the arena. False when memory is out. */
GW_MUST_USE bool gw_outlook_make(const struct gw_scenario *sc, struct gw_outlook *out,
                                 struct gw_arena *arena);

#endif
