/* sim/cli/terminal.h - what a person at a terminal sees: colour, width, errors, progress. Never part of a
 * result. */
#ifndef GW_SIM_CLI_TERMINAL_H
#define GW_SIM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/base/status.h"

/* True on a terminal, unless NO_COLOR is set or TERM is "dumb". */
bool gw_terminal_colour(FILE *to);

/* Columns of the terminal behind `to`, 80 when it is none. */
unsigned gw_terminal_columns(FILE *to);

/* Each error as "where: why" on standard error, and how many more there were. Returns the exit status. */
int gw_terminal_errors(const struct gw_errors *errs);
int gw_terminal_error(const struct gw_error *err);

/* A bar with the time left on standard error, redrawn by a thread of its own while work goes on; silent
 * unless standard error is a terminal, and during the first second. */
struct gw_run_watch;
struct gw_progress;
struct gw_progress *gw_terminal_progress_begin(struct gw_run_watch *watch, bool quiet); /* NULL: silent */
void gw_terminal_progress_end(struct gw_progress *self);

/* From now on SIGINT and SIGTERM ask `watch` to stop instead of ending the process; a second one ends it. */
void gw_terminal_catch_signals(struct gw_run_watch *watch);

#endif
