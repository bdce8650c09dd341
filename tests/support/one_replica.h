/* tests/support/one_replica.h - means of one simulated replica under random arrivals, to hold an estimate
 * against. */
#ifndef GW_TESTS_SUPPORT_ONE_REPLICA_H
#define GW_TESTS_SUPPORT_ONE_REPLICA_H

#include "models/serving/serving.h"
#include "models/workload/length.h"

struct gw_one_replica {
    struct gw_serving_load load; /* as drawn: it differs from the laws by chance */
    double power_w, busy_frac, request_j, batch;
    double itl_s, ttft_s, e2e_s; /* itl_s over all tokens alike */
    double requests_per_s;       /* served */
    double preemptions;          /* per request served */
};

/* Poisson arrivals of `requests` requests at rate_per_s; the first tenth of the time does not count, and what
 * is left at the end is dropped. A lack of memory or a refused request ends the test. */
void gw_one_replica_measure(const struct gw_replica_cfg *cfg, const struct gw_length *prompt,
                            const struct gw_length *output, double rate_per_s, uint64_t requests,
                            uint64_t seed, struct gw_one_replica *out);

#endif
