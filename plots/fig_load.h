/* plots/fig_load.h - the figure `load`: requests, running batch, queue, KV memory and power over time, per
 * site and policy.
 *
 * One column of panels per policy, up to four side by side; a line per site, the same axis for all policies.
 * Values are means over the interval and over the whole runs; KV memory is that of the model with the most in
 * use. The scored time only. */
#ifndef GW_PLOTS_FIG_LOAD_H
#define GW_PLOTS_FIG_LOAD_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM only; what the file lacks is not drawn. */
GW_MUST_USE enum gw_status gw_fig_load_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                            struct gw_error *err);

#endif
