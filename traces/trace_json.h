/* traces/trace_json.h - grid data as JSON: Electricity Maps, WattTime v3 and v2, Carbon Aware SDK (emissions
 * and forecasts), UK NESO. Which one is told by the keys of the first row. Findings count items, from 1. */
#ifndef GW_TRACES_TRACE_JSON_H
#define GW_TRACES_TRACE_JSON_H

#include "traces/trace_rows.h"

/* As gw_trace_csv_read. */
GW_MUST_USE enum gw_status gw_trace_json_read(const char *bytes, size_t n,
                                              const struct gw_trace_options *options, struct gw_trace *trace,
                                              struct gw_trace_rows *rows, bool *naive, struct gw_arena *arena,
                                              struct gw_error *err);

#endif
