/* sim/run/realised.h - what an epoch came to, objective by objective: for policies that learn from it.
 *
 * Differences of the books between two epochs' ends, as the scores of the same names sum them up over a run:
 * carbon by the score's signal, water on site and off, energy cost and transfer, the mean time to first token
 * of the requests answered in the epoch, imported energy. What is settled at a run's end is in none. */
#ifndef GW_SIM_RUN_REALISED_H
#define GW_SIM_RUN_REALISED_H

#include "sim/run/ledger.h"
#include "sim/run/scenario.h"

struct gw_realised {
    double objective[GW_OBJECTIVES]; /* since the beginning; of TTFT the sum, ms */
    double answered;
};

/* At an epoch's end: writes objective[GW_OBJECTIVES] of what came since the last call. NaN: the time to first
 * token of no requests. */
void gw_realised_epoch(struct gw_realised *self, const struct gw_scenario *sc, const struct gw_ledger *ledger,
                       double *objective);

#endif
