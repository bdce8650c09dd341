/* sim/run/observer.h - the view: what a policy is shown of the run at an epoch's start.
 *
 * Everything comes from the `estimate` that stands beside each model, from forecasts (foresight.h) and from
 * counters; nothing from the future of this run but what a perfect forecast tells. */
#ifndef GW_SIM_RUN_OBSERVER_H
#define GW_SIM_RUN_OBSERVER_H

#include "models/policies/view.h"
#include "sim/run/caps.h"
#include "sim/run/foresight.h"
#include "sim/run/levels.h"
#include "sim/run/onsite.h"
#include "sim/run/station.h"

struct gw_observer {
    const struct gw_scenario *sc;
    struct gw_view_store view;
    struct gw_foresight foresight;
    const struct gw_air *air;
    const double *set_point_shift_k;          /* [sites] orders in force; NULL: plants run as designed */
    const struct gw_site *site;               /* [sites] with the coefficients in force */
    struct gw_caps *caps;                     /* where a policy sets power caps; else NULL */
    const struct gw_levels *levels;           /* of answers, as ordered; NULL: all have the first */
    const double *demand_factor;              /* [demands] of elastic rows' rates; NULL: all 1 */
    const struct gw_onsite *onsite;           /* [sites]; NULL: no site has plants of its own */
    const struct gw_tariff_bill *const *bill; /* [sites]; NULL: no peak has been made */
    const struct gw_station *station;         /* [sites]; NULL: what stood at the beginning stands */
    uint32_t *like;                           /* [demands] first row that asks the same of an engine */
    double *load;                             /* [models][sites] utilisation the last plan leads to */
};

/* Tables and what never changes in them; air: the run's weather and grids, forecasts come from them.
 * False when memory is out. */
GW_MUST_USE bool gw_observer_init(struct gw_observer *self, const struct gw_scenario *sc,
                                  uint32_t replication, const struct gw_air *air, struct gw_arena *arena);

/* The view of the epoch that begins at now_us; share: the plan in force (NULL before the first). */
void gw_observer_epoch(struct gw_observer *self, gw_time_us now_us, const double *share);

/* What batteries will do in the epoch that begins now: after they or their policy have looked ahead. */
void gw_observer_batteries(struct gw_observer *self);

/* The same moment again, after a plan has changed what requests ask of engines. */
void gw_observer_refresh(struct gw_observer *self, gw_time_us now_us, const double *share);

/* Counters at a window's start. */
void gw_observer_window(struct gw_observer *self, gw_time_us now_us, const struct gw_station *station);

#endif
