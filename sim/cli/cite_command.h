/* sim/cli/cite_command.h - `geowatt cite`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_CITE_COMMAND_H
#define GW_SIM_CLI_CITE_COMMAND_H

struct gw_arguments;

int gw_cite_command(const struct gw_arguments *arguments);

#endif
