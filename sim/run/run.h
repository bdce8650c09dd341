/* sim/run/run.h - one replication of one policy, and all of them.
 *
 * A run is a pure function of (scenario, policy variant, seed, replication). It goes through these stages,
 * and run.c reads like this list:
 *
 *   for each epoch:   observe -> plan -> check the plan
 *     for each window:   route the requests that are sent in it, each to a site
 *       for each step boundary: every site advances, then its meters are read into the ledger
 *   drain, finish: audit, scores
 *
 * Sites share nothing between two window edges, so they advance in parallel when there is enough to do; what
 * they write belongs to them and is merged in site order, hence the same bytes for any number of threads. */
#ifndef GW_SIM_RUN_RUN_H
#define GW_SIM_RUN_RUN_H

#include <stdatomic.h>

#include "sim/core/pool.h"
#include "sim/run/result.h"
#include "sim/run/scenario.h"

/* Shared with whoever watches: epochs done and to do over all runs; a request to stop. */
struct gw_run_watch {
    _Atomic uint64_t done, total;
    _Atomic int stop; /* set by a signal handler: runs end with GW_ERR_INTERRUPTED at their next step */
};

/* One run into out (zeroed before). `pool` for the sites, NULL: serial. `watch` may be NULL. A run that fails
 * leaves its sentence in out->error as well as in err. */
GW_MUST_USE enum gw_status gw_run_exec(const struct gw_scenario *sc, uint32_t variant, uint32_t replication,
                                       struct gw_pool *pool, struct gw_run_watch *watch,
                                       struct gw_run_result *out, struct gw_error *err);

/* Every variant and replication, over the threads of the pool: whole runs side by side when there are enough
 * of them, else the sites inside each. A failed run does not stop the others; the status is that of the first
 * failed one. */
GW_MUST_USE enum gw_status gw_run_all(const struct gw_scenario *sc, struct gw_pool *pool,
                                      struct gw_run_watch *watch, struct gw_result *out,
                                      struct gw_error *err);

/* Steps a run of this scenario takes, drain not counted: what watch->total counts per run. */
uint64_t gw_run_epochs(const struct gw_scenario *sc);

#endif
