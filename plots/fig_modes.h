/* plots/fig_modes.h - the figure `modes`: how the scenario's plants answer to the air outside.
 *
 * One row per plant, two panels over dry bulb and wet bulb: the colour says whether free cooling serves, with
 * or without water, and the numbers are PUE at the left and water drawn per IT energy at the right. At 60 %
 * load, sea level, without a memory. Plants are those of the resolved scenario in the result. */
#ifndef GW_PLOTS_FIG_MODES_H
#define GW_PLOTS_FIG_MODES_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. Plants that know no weather are named in a note. GW_ERR_RANGE when the result's
 * scenario cannot be read, GW_ERR_NOMEM. */
GW_MUST_USE enum gw_status gw_fig_modes_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                             struct gw_error *err);

#endif
