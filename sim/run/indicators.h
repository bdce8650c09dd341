/* sim/run/indicators.h - the indicators of ISO/IEC 30134 and the accounts of water, carbon and money as
 * scores.
 *
 *   PUE = E_dc / E_it        CUE = carbon / E_it        WUE = water on site / E_it
 *   ERF = reused / E_dc      ERE = (E_dc - reused) / E_it = PUE (1 - ERF)
 *
 * Each is a ratio of two sums over the run and all sites. A column for which some site has no signal is NaN:
 * a sum over the others would be read as one over all. docs/models/accounts.md. */
#ifndef GW_SIM_RUN_INDICATORS_H
#define GW_SIM_RUN_INDICATORS_H

#include "sim/run/ledger.h"
#include "sim/run/scenario.h"
#include "sim/run/score.h"

struct gw_result;

/* Fills its columns of score; those of tally.h must be there. */
void gw_indicators_fill(const struct gw_scenario *sc, const struct gw_ledger *ledger, double *score);

/* Of the whole result: each run's marginal carbon against the baseline's of the same replication. NaN where a
 * site has no such signal, a run failed or did other work. */
void gw_indicators_fill_deltas(const struct gw_scenario *sc, struct gw_result *result);

#endif
