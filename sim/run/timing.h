/* sim/run/timing.h - timing.json: what a run took and what ran it. Outside every promise of equal bytes:
 * nothing in it may be read back by geowatt. */
#ifndef GW_SIM_RUN_TIMING_H
#define GW_SIM_RUN_TIMING_H

#include "sim/run/result_file.h"

/* Seconds of a clock that only goes forward; only differences mean anything. */
double gw_timing_now_s(void);

/* GW_ERR_OUTPUT when the disk does not take it. */
GW_MUST_USE enum gw_status gw_timing_write(const char *path, const struct gw_result *result,
                                           const struct gw_result_facts *facts, struct gw_error *err);

#endif
