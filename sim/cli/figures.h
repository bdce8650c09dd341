/* sim/cli/figures.h - the figures a scenario asks for, drawn from its result; nothing without Cairo. */
#ifndef GW_SIM_CLI_FIGURES_H
#define GW_SIM_CLI_FIGURES_H

#include <stdio.h>

#include "sim/run/scenario.h"
#include "sim/validate/validation.h"

/* 0 when every figure of output.figures exists; else prints a sentence and returns the exit status. */
int gw_figures_check(const struct gw_scenario *sc);

/* Draws them from folder/result.h5 into folder/figures, all formats. Prints what went wrong; the exit status.
 */
int gw_figures_draw_scenario(const struct gw_scenario *sc, const char *folder);

/* "figure   folder/figures/scores.svg" per figure. */
void gw_figures_print(const struct gw_scenario *sc, const char *folder, FILE *to);

/* Draws the named figures (ended by NULL; NULL: the scenario's own are not known here, so "scores") from a
 * result. */
int gw_figures_draw(const char *result, const char *const *figure, const char *folder,
                    const char *const *format);

/* Draws the rows of a validation into folder/<subject>, all formats. */
int gw_figures_draw_validation(const struct gw_validation *validation, const char *subject,
                               const char *folder);

/* Name and sentence of each. */
void gw_figures_list(FILE *to);

#endif
