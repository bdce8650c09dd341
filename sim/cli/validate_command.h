/* sim/cli/validate_command.h - `geowatt validate`; what it does and takes stands in command.c. Returns the
 * exit status. */
#ifndef GW_SIM_CLI_VALIDATE_COMMAND_H
#define GW_SIM_CLI_VALIDATE_COMMAND_H

struct gw_arguments;

int gw_validate_command(const struct gw_arguments *arguments);

#endif
