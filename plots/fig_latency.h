/* plots/fig_latency.h - the figure `latency`: median, 95th and 99th percentile of waiting, per policy, on a
 * log axis.
 *
 * Two panels: time to first token and time per output token. A line spans median to 99th percentile; the
 * numbers stand beside it. With replications these are means of the replications' percentiles. */
#ifndef GW_PLOTS_FIG_LATENCY_H
#define GW_PLOTS_FIG_LATENCY_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM only; what the file lacks, or is not above zero, is not drawn. */
GW_MUST_USE enum gw_status gw_fig_latency_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                               struct gw_error *err);

#endif
