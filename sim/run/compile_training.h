/* sim/run/compile_training.h - the section `training:` made ready: kinds of jobs, files read, accelerators of
 * sites. */
#ifndef GW_SIM_RUN_COMPILE_TRAINING_H
#define GW_SIM_RUN_COMPILE_TRAINING_H

#include "models/training/training.h"
#include "sim/run/compiler.h"

/* Before replicas are placed: nodes that training has for itself. */
GW_MUST_USE enum gw_status gw_compile_training_nodes(struct gw_compiler *c);

/* After the sites. */
GW_MUST_USE enum gw_status gw_compile_training(struct gw_compiler *c);

/* What models/training says of tokens on so many nodes; adapters: their parameters over the llm's, 0 when all
 * of it is trained. */
struct gw_compile_training_ask {
    const struct gw_llm *llm;
    const struct gw_machine *node;
    int64_t accelerators;
    double tokens, adapters_frac;
    const struct gw_training_run_cfg *run; /* NULL: the defaults */
};
GW_MUST_USE enum gw_status gw_compile_training_estimate(struct gw_compiler *c,
                                                        const struct gw_compile_training_ask *ask,
                                                        struct gw_compiler_place at, struct gw_training *out);

/* How many jobs a run has; of made ones their expectation. */
double gw_compile_training_expected(const struct gw_scenario *sc);

/* Nodes of a pool that serving does not have, lent to jobs or to clients of federated ones. */
int64_t gw_compile_training_taken(const struct gw_scenario *sc, uint32_t site, uint32_t pool);

#endif
