/* sim/run/caps.h - power caps that a policy, or what a site is given of electricity, sets while it runs.
 *
 * An order power-cap says what share of their limit the accelerators of a model at a site may draw, in whole
 * percent. Its replicas then take the coefficients that such a cap would have given them from the beginning
 * (serving_cfg.c), each from its next step boundary on. A pool's own power_cap stays: the lower one holds.
 * What lies below the lowest cap whose effect was measured is that one. docs/policies/power.md. */
#ifndef GW_SIM_RUN_CAPS_H
#define GW_SIM_RUN_CAPS_H

#include "sim/run/scenario.h"
#include "sim/run/station.h"

enum { GW_CAPS_PERCENT = 100 };

struct gw_caps {
    const struct gw_scenario *sc;
    const double *order;  /* [models][sites] in force; NaN: not ordered */
    struct gw_site *site; /* [sites] the scenario's, their groups with the coefficients in force */
    uint32_t *most;       /* [sites] percent that the supply leaves (shedding.h); 100: all */
    uint32_t **percent;   /* [sites][groups] in force; 0: nothing yet */
    const struct gw_replica_cfg ***made; /* [sites][groups][percent] made so far, else NULL */
    struct gw_arena *arena;
};

/* `order` and the arena stay the caller's. False when memory is out. */
GW_MUST_USE bool gw_caps_init(struct gw_caps *self, const struct gw_scenario *sc, const double *order,
                              struct gw_arena *arena);

/* Takes over what was ordered, at most what the supply leaves; station[sites]. *changed: some group has other
 * coefficients than before. False when memory is out. */
GW_MUST_USE bool gw_caps_update(struct gw_caps *self, struct gw_station *station, bool *changed);

/* The coefficients of group g of site s at this percentage of the limit. NULL when memory is out. */
const struct gw_replica_cfg *gw_caps_cfg(struct gw_caps *self, uint32_t s, uint32_t g, uint32_t percent);

#endif
