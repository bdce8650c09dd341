/* plots/fig_duration.h - the figure `duration`: for how many of the run's hours a grid is above a carbon
 * intensity, or a price. Hours sorted from the highest down, a line per grid. */
#ifndef GW_PLOTS_FIG_DURATION_H
#define GW_PLOTS_FIG_DURATION_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. Where single hours are far above all others the axis ends below them, and a note
 * says how high they are. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_fig_duration_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                                struct gw_error *err);

#endif
