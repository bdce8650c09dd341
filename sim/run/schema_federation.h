/* sim/run/schema_federation.h - `training.federated`: one job over several sites, as it is written. */
#ifndef GW_SIM_RUN_SCHEMA_FEDERATION_H
#define GW_SIM_RUN_SCHEMA_FEDERATION_H

#include "models/federation/federation.h"
#include "sim/tree/bind.h"

struct gw_federated_client_cfg {
    uint32_t site;
    double step_s, tokens_per_step;
    double power_kw, held_power_kw;
    double accelerators, start_s, utility;
};

struct gw_federated_cfg {
    const char *name;
    struct gw_slice clients;
    double law_params;            /* NAN: what travels is the whole model */
    uint32_t aggregator_at;       /* an index of sites; UINT32_MAX: the first client's */
    struct gw_slice rows;         /* struct gw_convergence_row, of a table */
    struct gw_federation_cfg job; /* what the engine is told; the rest is filled in when it is made ready */
};

extern const struct gw_type gw_schema_federation; /* LIST struct gw_federated_cfg */

#endif
