/* sim/cli/help.h - the tables of commands as pages: --help, manual, completions of bash, zsh and fish. */
#ifndef GW_SIM_CLI_HELP_H
#define GW_SIM_CLI_HELP_H

#include <stdio.h>

struct gw_command;
struct gw_subject;

void gw_help_overview(FILE *to);
void gw_help_command(const struct gw_command *command, FILE *to);
void gw_help_subject(const struct gw_command *command, const struct gw_subject *subject, FILE *to);
void gw_help_man(FILE *to); /* troff, section 1 */

/* The exit status: a shell that is not known is a wrong use. */
int gw_help_completion(const char *shell, FILE *to);

#endif
