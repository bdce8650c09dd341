/* sim/cli/probe_command.h - `geowatt probe`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_PROBE_COMMAND_H
#define GW_SIM_CLI_PROBE_COMMAND_H

struct gw_arguments;

int gw_probe_command(const struct gw_arguments *arguments);

#endif
