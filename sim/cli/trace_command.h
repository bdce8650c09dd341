/* sim/cli/trace_command.h - `geowatt trace`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_TRACE_COMMAND_H
#define GW_SIM_CLI_TRACE_COMMAND_H

struct gw_arguments;

int gw_trace_command(const struct gw_arguments *arguments);

#endif
