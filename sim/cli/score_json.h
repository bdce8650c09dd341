/* sim/cli/score_json.h - scores for programs, on standard output. */
#ifndef GW_SIM_CLI_SCORE_JSON_H
#define GW_SIM_CLI_SCORE_JSON_H

#include "sim/base/text.h"
#include "sim/run/result.h"
#include "sim/run/scenario.h"

/* { "scenario": ..., "seed": ..., "runs": [ { "policy": ..., "replication": ..., "status": ..., "scores":
 * {...} } ] }; what has no value is null. */
void gw_score_json_print(const struct gw_scenario *sc, const struct gw_result *result, struct gw_text *out);

#endif
