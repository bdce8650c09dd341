/* sim/run/phases.h - what estimates have to know of replicas that are for one phase of requests only. */
#ifndef GW_SIM_RUN_PHASES_H
#define GW_SIM_RUN_PHASES_H

#include "sim/run/scenario.h"

/* The model's phases stand on different replicas. */
static inline bool gw_phases_split(const struct gw_scenario *sc, uint32_t model)
{
    return sc->model[model].cfg->replicas.alt == GW_REPLICAS_SPLIT;
}

/* The group's replica and its part of a load, for gw_serving_estimate: one that prefills emits a token of
 * each request, to one that decodes prompts cost nothing. */
struct gw_replica_cfg gw_phases_cfg(const struct gw_group *group);
struct gw_serving_load gw_phases_load(const struct gw_group *group, struct gw_serving_load load);

/* Requests per second of one replica of the group with this mix. */
double gw_phases_capacity(const struct gw_group *group, const struct gw_serving_load *mix);

/* Requests per second whose keys and values the network between the model's two sites carries. */
double gw_phases_link_capacity(const struct gw_model *model, const struct gw_serving_load *mix);

/* Of a site, from that of its groups by phase: who decodes takes no more than who prefills hands over. */
double gw_phases_least(const double by_phase[GW_PHASES]);

#endif
