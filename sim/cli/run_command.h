/* sim/cli/run_command.h - `geowatt run`; what it does and takes stands in command.c. Returns the exit status.
 */
#ifndef GW_SIM_CLI_RUN_COMMAND_H
#define GW_SIM_CLI_RUN_COMMAND_H

struct gw_arguments;

int gw_run_command(const struct gw_arguments *arguments);

#endif
