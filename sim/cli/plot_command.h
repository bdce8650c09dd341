/* sim/cli/plot_command.h - `geowatt plot`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_PLOT_COMMAND_H
#define GW_SIM_CLI_PLOT_COMMAND_H

struct gw_arguments;

int gw_plot_command(const struct gw_arguments *arguments);

#endif
