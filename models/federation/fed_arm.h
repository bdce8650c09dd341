/* models/federation/fed_arm.h - one arm of a comparison: a federated job with its whole fleet, to a common
 * end.
 *
 * Every client is charged its idle power while it is not called, and its embodied carbon, until the series
 * end, whichever arm it is: a federation that uses half of its machines has bought all of them, and so has
 * training at one site. Arms are comparable when both reach the loss that was asked for; how many more tokens
 * or rounds that takes is the convergence model's matter. */
#ifndef GW_MODELS_FEDERATION_FED_ARM_H
#define GW_MODELS_FEDERATION_FED_ARM_H

#include "models/federation/fed_series.h"

/* What all arms of a comparison share. */
struct gw_fed_stage {
    struct gw_federation_cfg cfg; /* always_on is set */
    uint32_t clients;
    const struct gw_fed_client *client;
    const struct gw_fed_links *links;
    const struct gw_fed_series *series;
    const double *embodied_kg_per_h; /* [clients]; NULL: nothing embodied */
    gw_time_us decide_us;
    uint32_t horizon;
};

struct gw_fed_arm {
    struct gw_fed_state state;
    struct gw_fed_books sum; /* over clients */
    double embodied_kg;
};

GW_MUST_USE enum gw_status gw_fed_arm_run(const struct gw_fed_stage *stage,
                                          const struct gw_fed_selector *selector, struct gw_fed_arm *out,
                                          struct gw_error *err);

/* The baseline: the same job at one client's site alone. */
GW_MUST_USE enum gw_status gw_fed_arm_central(const struct gw_fed_stage *stage, uint32_t client,
                                              struct gw_fed_arm *out, struct gw_error *err);

/* Both have reached the loss. */
bool gw_fed_arm_comparable(const struct gw_fed_arm *a, const struct gw_fed_arm *b);

/* Sums over the first `clients` of a job. */
struct gw_fed_books gw_fed_arm_sum(struct gw_federation *job, uint32_t clients);

#endif
