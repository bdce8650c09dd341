/* sim/run/record_file.h - requests.h5: the recorded requests of all runs, as netCDF-4.
 *
 * Rows stand in the order of policies, replications within, then (sent, demand, number).
 * docs/results-format.md has the columns. A run that failed has no rows. */
#ifndef GW_SIM_RUN_RECORD_FILE_H
#define GW_SIM_RUN_RECORD_FILE_H

#include "sim/run/result.h"
#include "sim/run/scenario.h"

/* The file's bytes on the heap, for the caller to free, with room for `extra` more behind them; equal runs
 * give equal bytes. `path` is for the message only. */
GW_MUST_USE enum gw_status gw_record_file_pack(const struct gw_scenario *sc, const struct gw_result *result,
                                               size_t extra, const char *path, char **bytes, size_t *n,
                                               struct gw_error *err);

/* Whole or not at all, with a seal (seal.h) at its end. */
GW_MUST_USE enum gw_status gw_record_file_write(const char *path, const struct gw_scenario *sc,
                                                const struct gw_result *result, struct gw_error *err);

#endif
