/* sim/run/output.h - the folder that `-o` names: result.h5, scores.csv, timing.json, scenario.resolved.yaml,
 * and requests.h5 where the scenario asks for a record. */
#ifndef GW_SIM_RUN_OUTPUT_H
#define GW_SIM_RUN_OUTPUT_H

#include "sim/run/result_file.h"
#include "sim/run/scenario.h"

/* Makes the folder and writes the files, each whole or not at all. */
GW_MUST_USE enum gw_status gw_output_write(const char *folder, const struct gw_scenario *sc,
                                           const struct gw_result *result, struct gw_error *err);

#endif
