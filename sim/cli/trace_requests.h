/* sim/cli/trace_requests.h - `geowatt trace inspect` for lists of requests. */
#ifndef GW_SIM_CLI_TRACE_REQUESTS_H
#define GW_SIM_CLI_TRACE_REQUESTS_H

#include <stdbool.h>

struct gw_arguments;

/* True when the file begins as a request trace does, or --format says so. */
bool gw_trace_requests_is(const char *path, const struct gw_arguments *arguments);

/* Prints what it amounts to; the exit status. */
int gw_trace_requests_inspect(const char *path, const struct gw_arguments *arguments);

#endif
