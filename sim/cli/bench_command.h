/* sim/cli/bench_command.h - `geowatt bench`; what it does and takes stands in command.c. Returns the exit
 * status. */
#ifndef GW_SIM_CLI_BENCH_COMMAND_H
#define GW_SIM_CLI_BENCH_COMMAND_H

struct gw_arguments;

int gw_bench_command(const struct gw_arguments *arguments);

#endif
