/* traces/trace_checks.h - what is wrong with a trace on its grid, and repairs of what can be repaired.
 *
 *   empty column          left out
 *   generation all zero   missing: a plant list that reports nothing, not a dark country
 *   intensity outside [0, 1500] gCO2/kWh; direct above lifecycle      refused
 *   constant; equal to the day before in nine of ten values           noted: an estimate, not a measurement
 *   further than 8 MAD from the median                                noted
 *   sun: generation of solar, or the least intensity, off local noon  noted
 *   gaps: to 3 h a straight line; to 48 h the mean of the same time on the days around; longer ones in
 *         intensity or price are refused, in other columns left open */
#ifndef GW_TRACES_TRACE_CHECKS_H
#define GW_TRACES_TRACE_CHECKS_H

#include "traces/trace.h"

/* noon_utc_h: local noon where the trace comes from, NaN when not known. longest_gap_h: that is filled.
 * False when memory is out. */
GW_MUST_USE bool gw_trace_checks_run(struct gw_trace *trace, double noon_utc_h, double longest_gap_h,
                                     struct gw_arena *arena);

#endif
