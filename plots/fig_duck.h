/* plots/fig_duck.h - the figure `duck`: the mean day of the sites' grids, by hour of local standard time.
 *
 * Net load (demand less wind and sun, which dips at noon where the sun is strong), carbon intensity and
 * the median price, a line per grid; winter beside summer where the run has two weeks of both, else all days
 * together.
 */
#ifndef GW_PLOTS_FIG_DUCK_H
#define GW_PLOTS_FIG_DUCK_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. What no grid of the result knows is said in a note. GW_ERR_NOMEM is all that can
 * fail. */
GW_MUST_USE enum gw_status gw_fig_duck_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                            struct gw_error *err);

#endif
