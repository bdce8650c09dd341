/* plots/fig_pareto.h - the figure `pareto`: carbon, water, cost and mean time to first token against each
 * other, two by two, a dot per comparable policy and dashed lines at the bounds of the day where the result
 * has them. */
#ifndef GW_PLOTS_FIG_PARETO_H
#define GW_PLOTS_FIG_PARETO_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_fig_pareto_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                              struct gw_error *err);

#endif
