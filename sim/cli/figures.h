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

/* Draws a probe of one engine step over batches into folder/serving, all formats. `what` says of which model
 * on what, `source` who drew it and how it is drawn again; n values each. */
struct gw_figures_batch {
    const char *what, *subtitle, *source;
    size_t n;
    const double *batch, *j_per_tok, *step_ms, *tok_per_s;
    const bool *within;
};
int gw_figures_draw_batch(const struct gw_figures_batch *data, const char *folder);

/* Name and sentence of each. */
void gw_figures_list(FILE *to);

#endif
