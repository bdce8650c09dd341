/* sim/run/compile_demand.h - a demand row: its law of arrivals, token lengths, limits and ways to the sites
 */
#ifndef GW_SIM_RUN_COMPILE_DEMAND_H
#define GW_SIM_RUN_COMPILE_DEMAND_H

#include "sim/run/compiler.h"

/* Fills demand row `index`. Sites are compiled before. */
GW_MUST_USE enum gw_status gw_compile_demand(struct gw_compiler *c, uint32_t index);

#endif
