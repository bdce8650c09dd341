/* sim/run/result_jobs.h - the group `training_jobs` of result.h5: a row per training job, policy and
 * replication.
 *
 * Columns over one dimension without values, `job`; rows in the order of runs, jobs in that of submission.
 * Times in hours since the start, NaN where there is none. docs/results-format.md. */
#ifndef GW_SIM_RUN_RESULT_JOBS_H
#define GW_SIM_RUN_RESULT_JOBS_H

#include "sim/run/netcdf_write.h"
#include "sim/run/result.h"

/* Nothing when no run has jobs. False when memory is out. */
GW_MUST_USE bool gw_result_jobs_write(struct gw_netcdf_write *out, const struct gw_result *result);

#endif
