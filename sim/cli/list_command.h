/* sim/cli/list_command.h - `geowatt list`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_LIST_COMMAND_H
#define GW_SIM_CLI_LIST_COMMAND_H

struct gw_arguments;

int gw_list_command(const struct gw_arguments *arguments);

#endif
