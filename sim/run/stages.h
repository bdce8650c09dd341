/* sim/run/stages.h - what a site draws at rest while its replicas start, stop and fail.
 *
 *   idle      standing x loaded idle + accelerators of awake nodes in no replica x deep idle
 *   host      awake nodes x host at rest
 *   loading   starting replicas' accelerators x deep idle + waking nodes at rest
 *   spare     nodes neither up nor down x their spare state; a site that is dark draws nothing
 *
 * Loading draws about what idle accelerators draw: copies keep neither arithmetic nor memory busy. Where
 * nothing starts or stops the constants of the scenario hold. docs/models/serving.md, "Load and start". */
#ifndef GW_SIM_RUN_STAGES_H
#define GW_SIM_RUN_STAGES_H

#include "sim/run/station.h"

/* Of one group over a step, at the nodes' DC side. */
struct gw_stages_rest {
    double idle_j, host_idle_j, loading_j, standing_s;
};

/* After the station's meters were read for the step; m: the group's. */
struct gw_stages_rest gw_stages_rest(const struct gw_site *site, uint32_t group,
                                     const struct gw_station *station, const struct gw_replica_meter *m,
                                     double step_s);
double gw_stages_spare_kwh(const struct gw_site *site, const struct gw_station *station, double step_s);

/* Replicas of a group that stand or start now; IT power of the site were nothing routed to them. */
uint32_t gw_stages_up(const struct gw_site *site, uint32_t group, const struct gw_station *station);
double gw_stages_fixed_it_kw(const struct gw_site *site, const struct gw_station *station);

/* The orders for how many are to stand, [models][sites], NAN: none. False when memory is out. */
GW_MUST_USE bool gw_stages_order(const struct gw_scenario *sc, struct gw_station *station,
                                 const double *replicas);

#endif
