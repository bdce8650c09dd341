/* models/workload/clients.h - a demand row as a superposition of clients.
 *
 * A few clients send most requests, each in bursts and with lengths of its own (ServeGen): client i has a
 * share of the rate, a renewal process with its own variation, and ranks of prompt and answer that are partly
 * its own. What a client is comes from streams keyed by (row, client); its request n is number n * count + i
 * of the row. Pooled over clients the lengths follow the row's laws. */
#ifndef GW_MODELS_WORKLOAD_CLIENTS_H
#define GW_MODELS_WORKLOAD_CLIENTS_H

#include "models/workload/arrivals.h"

/* All of them, without requests; in the arena. For tests and probes. */
GW_MUST_USE bool gw_clients_make(const struct gw_arrivals_cfg *cfg, uint64_t seed, uint32_t replication,
                                 const char *name, struct gw_arrivals_client **out, struct gw_arena *arena);

/* NULL and *err when memory is out. */
struct gw_request_source *gw_clients_open(const struct gw_arrivals_cfg *cfg, uint64_t seed,
                                          uint32_t replication, const char *name, struct gw_arena *arena,
                                          struct gw_error *err);

#endif
