/* plots/fig_gap.h - the figure `gap`: how far each epoch's plan is from the least that any plan is worth, a
 * panel per objective of score.bounds, a line per policy. */
#ifndef GW_PLOTS_FIG_GAP_H
#define GW_PLOTS_FIG_GAP_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. The first whole run of each policy; epochs without a gap are gaps in its line. A
 * result without bounds says so. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_fig_gap_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                           struct gw_error *err);

#endif
