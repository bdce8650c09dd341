/* plots/fig_scores.h - the figure `scores`: one panel per score, one bar per policy.
 *
 * Every bar starts at zero. Numbers stand in columns beside the bars: the value, and its change against the
 * baseline. The best of the comparable policies is marked; a policy that did other work than the baseline is
 * hatched, named in a note and never best; so is a policy none of whose runs is whole. With replications bars
 * are means and whiskers their 95 % Student intervals. */
#ifndef GW_PLOTS_FIG_SCORES_H
#define GW_PLOTS_FIG_SCORES_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM only; a score that the file lacks leaves its panel saying so. */
GW_MUST_USE enum gw_status gw_fig_scores_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                              struct gw_error *err);

#endif
