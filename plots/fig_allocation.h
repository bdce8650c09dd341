/* plots/fig_allocation.h - the figure `allocation`: which sites requests were sent to over the scored time,
 * as shares stacked by site, one panel per policy. */
#ifndef GW_PLOTS_FIG_ALLOCATION_H
#define GW_PLOTS_FIG_ALLOCATION_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_fig_allocation_draw(struct gw_canvas *canvas,
                                                  const struct gw_result_file *result, struct gw_error *err);

#endif
