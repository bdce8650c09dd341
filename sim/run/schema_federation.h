/* sim/run/schema_federation.h - `training.federated`: one job over several sites, as it is written. */
#ifndef GW_SIM_RUN_SCHEMA_FEDERATION_H
#define GW_SIM_RUN_SCHEMA_FEDERATION_H

#include "models/federation/federation.h"
#include "sim/tree/bind.h"

struct gw_llm;
struct gw_machine;

/* Machines by what a step takes and draws, or as nodes, of which models/training says it. */
struct gw_federated_client_cfg {
    uint32_t site;
    const struct gw_machine *node; /* beside the site's pools; NULL: none named */
    const int64_t *pool;           /* of the site, whose nodes serving does not have; NULL: none */
    int64_t nodes;
    double step_s; /* NAN: of its nodes, like the next three */
    double tokens_per_step;
    double power_kw, held_power_kw;
    double accelerators;
    double start_s, utility;
};

struct gw_federated_cfg {
    const char *name;
    struct gw_slice clients;
    const struct gw_llm *llm;     /* NULL: every client says what a step takes */
    double adapters_frac;         /* of its weights, trained in their place; 0: all of it is trained */
    double law_params;            /* NAN: of the llm, or what travels is the whole model */
    uint32_t aggregator_at;       /* an index of sites; UINT32_MAX: the first client's */
    struct gw_slice rows;         /* struct gw_convergence_row, of a table */
    struct gw_federation_cfg job; /* what the engine is told; the rest is filled in when it is made ready */
};

extern const struct gw_type gw_schema_federation; /* LIST struct gw_federated_cfg */

#endif
