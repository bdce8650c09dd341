/* plots/fig_throughput.h - the time to first token over the tokens a site puts out: where a fleet saturates.
 */
#ifndef GW_PLOTS_FIG_THROUGHPUT_H
#define GW_PLOTS_FIG_THROUGHPUT_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* A dot per site and interval of the series, a colour per policy; the first replication that is whole. A
 * result without the series gives a page that says so. */
GW_MUST_USE enum gw_status gw_fig_throughput_draw(struct gw_canvas *canvas,
                                                  const struct gw_result_file *result, struct gw_error *err);

#endif
