/* plots/fig_parallel.h - the figure `parallel`: an upright axis per objective side by side, a line per
 * comparable policy through its values; lower is better on all of them. */
#ifndef GW_PLOTS_FIG_PARALLEL_H
#define GW_PLOTS_FIG_PARALLEL_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_fig_parallel_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                                struct gw_error *err);

#endif
