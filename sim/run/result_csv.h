/* sim/run/result_csv.h - scores.csv: one row per policy and replication.
 *
 * Where the scenario asks for bounds, rows of the status "bound" follow.
 *
 * Columns: policy, replication, status ("ok" or what went wrong), comparable (with the baseline: true or
 * false), then every score of score.h. Numbers in the shortest form that reads back as the same double; an
 * unknown one is an empty field. Texts are quoted where RFC 4180 asks for it; lines end with a line feed. */
#ifndef GW_SIM_RUN_RESULT_CSV_H
#define GW_SIM_RUN_RESULT_CSV_H

#include "sim/base/text.h"
#include "sim/run/result_file.h"

/* Its text; policy: their names. */
void gw_result_csv_print(const struct gw_result *result, const char *const *policy, uint32_t baseline,
                         struct gw_text *out);

/* GW_ERR_OUTPUT when the disk does not take it; then nothing is left behind. */
GW_MUST_USE enum gw_status gw_result_csv_write(const char *path, const struct gw_result *result,
                                               const struct gw_result_facts *facts, struct gw_error *err);

#endif
