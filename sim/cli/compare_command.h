/* sim/cli/compare_command.h - `geowatt compare`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_COMPARE_COMMAND_H
#define GW_SIM_CLI_COMPARE_COMMAND_H

struct gw_arguments;

int gw_compare_command(const struct gw_arguments *arguments);

#endif
