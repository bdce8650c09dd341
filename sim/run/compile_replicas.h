/* sim/run/compile_replicas.h - which replicas stand on which nodes of a site, and what they draw at no load
 */
#ifndef GW_SIM_RUN_COMPILE_REPLICAS_H
#define GW_SIM_RUN_COMPILE_REPLICAS_H

#include "sim/run/compiler.h"

/* Places the replicas of all models at site `site`. Demand rows are compiled before. */
GW_MUST_USE enum gw_status gw_compile_replicas(struct gw_compiler *c, uint32_t site);

/* A demand row may go where it is allowed and replicas of its model stand; somewhere it must. */
GW_MUST_USE enum gw_status gw_compile_replicas_check(struct gw_compiler *c);

/* The coefficients of group g of site s under a further cap at this share of its accelerators' limit. Where
 * what so low a cap does is not known, those of the lowest whole percent at which it is. */
struct gw_replica_cfg gw_compile_replicas_capped(const struct gw_scenario *sc, uint32_t s, uint32_t g,
                                                 double tdp_frac);

#endif
