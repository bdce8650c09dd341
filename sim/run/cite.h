/* sim/run/cite.h - the works behind the numbers that a scenario uses.
 *
 * Every catalogue entry that was bound stands, resolved, in the scenario's tree with its `sources:`; their
 * citation keys are looked up in the catalogue's citations. Policies add their own reference. */
#ifndef GW_SIM_RUN_CITE_H
#define GW_SIM_RUN_CITE_H

#include "sim/run/scenario.h"

/* "key: text", sorted by key, each once; in the arena. False when memory is out. */
GW_MUST_USE bool gw_cite_list(const struct gw_scenario *sc, const char *const **out, uint32_t *n,
                              struct gw_arena *arena);

#endif
