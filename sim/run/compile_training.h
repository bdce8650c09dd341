/* sim/run/compile_training.h - the section `training:` made ready: kinds of jobs, files read, accelerators of
 * sites. */
#ifndef GW_SIM_RUN_COMPILE_TRAINING_H
#define GW_SIM_RUN_COMPILE_TRAINING_H

#include "sim/run/compiler.h"

/* Before replicas are placed: nodes that training has for itself. */
GW_MUST_USE enum gw_status gw_compile_training_nodes(struct gw_compiler *c);

/* After the sites. */
GW_MUST_USE enum gw_status gw_compile_training(struct gw_compiler *c);

/* Nodes of a pool that serving does not have. */
int64_t gw_compile_training_taken(const struct gw_scenario *sc, uint32_t site, uint32_t pool);

#endif
