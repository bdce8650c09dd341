/* sim/run/normalise.h - the short forms people write, spelled out in the tree before it is bound.
 *
 *   nearest                                 { name: nearest, routing: nearest }
 *   { policy: greedy-carbon, fill: 0.7 }    { name: greedy-carbon, routing: { policy: ..., fill: 0.7 } }
 *   { plugin: ./mine.so, limit: 3 }         { name: mine, routing: { policy: plugin, path: ..., set: ... } }
 *   { exec: [python3, mine.py] }            { name: mine, routing: { policy: exec, command: [...] } }
 *   serving.models without a name           its llm's name
 *   serving.demand without a name           its origin's name, then "-2", "-3"
 *
 * A bare name fills the slots its policy is made for, a program those that its row lists under `slots`.
 * Command-line choices (seed, policies) are put into the tree as well, so that its dump repeats the run.
 * Wrong shapes are left for the binder to report. */
#ifndef GW_SIM_RUN_NORMALISE_H
#define GW_SIM_RUN_NORMALISE_H

#include "sim/tree/tree.h"

/* catalogue: the built-in one. policy: names ended by NULL, or NULL for all rows; see gw_scenario_options. */
GW_MUST_USE enum gw_status gw_normalise_tree(struct gw_tree *tree, const struct gw_tree *catalogue,
                                             const char *const *policy, struct gw_errors *errs);

#endif
