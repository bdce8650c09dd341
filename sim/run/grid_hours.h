/* sim/run/grid_hours.h - what the sites' grids were over the scored time, hour by hour, for the result.
 *
 * Carbon, marginal carbon, price, water, shares, load: every signal that one of the grids has. Hours begin
 * with the run; an hour is the exact mean of the finer steps in it. Generated grids are those of replication
 * 0. */
#ifndef GW_SIM_RUN_GRID_HOURS_H
#define GW_SIM_RUN_GRID_HOURS_H

#include "sim/run/result_file.h"
#include "sim/run/scenario.h"

/* Everything lives in the arena. False when memory is out. */
GW_MUST_USE bool gw_grid_hours_make(const struct gw_scenario *sc, struct gw_result_grids *out,
                                    struct gw_arena *arena);

#endif
