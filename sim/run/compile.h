/* sim/run/compile.h - from the bound scenario to what a run asks: signals, replicas, length tables, round
 * trips. */
#ifndef GW_SIM_RUN_COMPILE_H
#define GW_SIM_RUN_COMPILE_H

#include "sim/run/scenario.h"

/* Fills everything of `sc` behind cfg. Errors carry the position of the key that caused them. `source` gives
 * trace files (NULL: the disk). */
GW_MUST_USE enum gw_status gw_compile_scenario(struct gw_scenario *sc, const struct gw_source *source,
                                               struct gw_errors *errs);

/* The demand row as a mean load of `rate_per_s`. */
struct gw_serving_load gw_compile_load(const struct gw_demand *demand, double rate_per_s);

#endif
