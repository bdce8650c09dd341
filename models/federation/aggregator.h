/* models/federation/aggregator.h - at which client's site the copies of a round come together.
 *
 *   fixed            where it was said to be
 *   min-max-rtt      least round trip to the farthest client of the round
 *   min-egress-cost  least to pay for what is sent up and down
 *   greenest         lowest carbon, and it moves only when  V epsilon (C_old - C_new) k > worth (14) ring
 * nowhere: clients pass sums on to each other
 *
 * Ties go to the lower index. Pure functions. */
#ifndef GW_MODELS_FEDERATION_AGGREGATOR_H
#define GW_MODELS_FEDERATION_AGGREGATOR_H

#include <stdint.h>

enum gw_aggregator_rule {
    GW_AGGREGATOR_FIXED,
    GW_AGGREGATOR_MIN_MAX_RTT,
    GW_AGGREGATOR_MIN_EGRESS_COST,
    GW_AGGREGATOR_GREENEST,
    GW_AGGREGATOR_RING
};
extern const char *const gw_aggregator_names[]; /* ended by NULL */

/* Between the sites of a job's clients, [from][to]; NULL: nothing takes time, or costs. */
struct gw_fed_links {
    const double *rtt_ms, *gbps, *usd_per_gb;
};

struct gw_aggregator_ask {
    const struct gw_fed_links *links;
    uint32_t clients;
    const uint8_t *in;    /* [clients] of the round */
    const double *carbon; /* [clients] gCO2/kWh; NULL: none known */
    double gb, kwh_per_gb;
    double worth_g; /* least saving per round that a move is worth */
    uint32_t now;   /* where it stands */
};

/* The site, an index of clients. Sites of clients outside the round are candidates as well. */
uint32_t gw_aggregator_place(enum gw_aggregator_rule rule, const struct gw_aggregator_ask *ask);

#endif
