/* tests/reference/replica_twin.h - the rules of models/serving/replica.h, said step by step.
 *
 * One loop over all sequences per engine step: slow, obvious, the specification. It shares with the engine
 * only gw_step_time_of and gw_step_power_w. Memory running out ends the test. */
#ifndef GW_TESTS_REFERENCE_REPLICA_TWIN_H
#define GW_TESTS_REFERENCE_REPLICA_TWIN_H

#include "models/serving/replica.h"

struct gw_replica_twin;

struct gw_replica_twin *gw_replica_twin_create(const struct gw_replica_cfg *cfg, uint32_t classes,
                                               gw_time_us base_us);
void gw_replica_twin_destroy(struct gw_replica_twin *self);

/* The same contracts as gw_replica_run, _arrive, _take, _retune (at the instant run to) and _meter; ticks
 * count from base_us throughout. */
void gw_replica_twin_run(struct gw_replica_twin *self, gw_tick until, const struct gw_serve_sink *sink);
void gw_replica_twin_arrive(struct gw_replica_twin *self, const struct gw_serve_request *request,
                            const struct gw_serve_sink *sink);
void gw_replica_twin_take(struct gw_replica_twin *self, gw_tick now, const struct gw_serve_request *request,
                          const struct gw_serve_sink *sink);
void gw_replica_twin_retune(struct gw_replica_twin *self, const struct gw_replica_cfg *cfg);
void gw_replica_twin_meter(struct gw_replica_twin *self, gw_tick at, struct gw_replica_meter *out,
                           double *class_j);

gw_tick gw_replica_twin_due(const struct gw_replica_twin *self); /* end of the step under way */
uint32_t gw_replica_twin_in_flight(const struct gw_replica_twin *self);
uint32_t gw_replica_twin_running(const struct gw_replica_twin *self);

#endif
