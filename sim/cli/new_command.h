/* sim/cli/new_command.h - `geowatt new`; what it does and takes stands in command.c. Returns the exit status.
 */
#ifndef GW_SIM_CLI_NEW_COMMAND_H
#define GW_SIM_CLI_NEW_COMMAND_H

struct gw_arguments;

int gw_new_command(const struct gw_arguments *arguments);

#endif
