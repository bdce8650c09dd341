/* plots/fig_ttft.h - the figure `ttft`: how the time to first token is distributed, per policy, on a log
 * axis.
 *
 * An area per policy, all at one scale: its height is the share of requests per octave of time, over all
 * demand rows and whole runs; strokes mark the median and, shorter, the
 * 99th percentile, as far as the bins tell. Equal areas are equal numbers of requests. */
#ifndef GW_PLOTS_FIG_TTFT_H
#define GW_PLOTS_FIG_TTFT_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM only; what the file lacks is not drawn. */
GW_MUST_USE enum gw_status gw_fig_ttft_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                            struct gw_error *err);

#endif
