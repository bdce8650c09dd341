/* sim/cli/check_command.h - `geowatt check`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_CHECK_COMMAND_H
#define GW_SIM_CLI_CHECK_COMMAND_H

struct gw_arguments;

int gw_check_command(const struct gw_arguments *arguments);

#endif
