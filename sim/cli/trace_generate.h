/* sim/cli/trace_generate.h - `geowatt trace generate REGION`: a made year of a grid as a file. */
#ifndef GW_SIM_CLI_TRACE_GENERATE_H
#define GW_SIM_CLI_TRACE_GENERATE_H

#include "sim/base/status.h"
#include "traces/trace.h"

struct gw_arguments;

/* Writes a trace as CSV, or as HDF5 under a name that ends in .h5. */
GW_MUST_USE enum gw_status gw_trace_generate_write(const struct gw_trace *trace, const char *path,
                                                   struct gw_error *err);

/* The exit status. */
int gw_trace_generate(const char *region, const struct gw_arguments *arguments);

#endif
