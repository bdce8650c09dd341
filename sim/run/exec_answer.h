/* sim/run/exec_answer.h - a plan as a line of JSON: the rows of shares, and orders.
 *
 *   {"share": [[0.25, 0.75], [1, 0]], "orders": [{"order": "battery", "at": ["oregon"], "value": -20}]}
 *
 * Both may be left out: then what was said last holds. An address is a name, or a number counted from 0.
 * Whether shares are allowed the decider sees to; here, that they are numbers that sum to 1, so that the
 * sentence can name the line. */
#ifndef GW_SIM_RUN_EXEC_ANSWER_H
#define GW_SIM_RUN_EXEC_ANSWER_H

#include "models/policies/policy.h"
#include "sim/base/status.h"

/* Writes into the plan. On failure the sentence is in error->why, which begins with the line's number, and
 * the plan is not to be used. Returns what a policy's function `plan` returns. */
GW_MUST_USE int gw_exec_answer(const char *line, size_t n, uint64_t number, const struct gw_view *view,
                               struct gw_plan *plan, struct gw_policy_error *error);

#endif
