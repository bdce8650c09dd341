/* sim/cli/explain_command.h - `geowatt explain`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_EXPLAIN_COMMAND_H
#define GW_SIM_CLI_EXPLAIN_COMMAND_H

struct gw_arguments;

int gw_explain_command(const struct gw_arguments *arguments);

#endif
