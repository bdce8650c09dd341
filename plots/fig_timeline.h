/* plots/fig_timeline.h - the figure `timeline`: the power each site buys over time, one panel per policy.
 *
 * Stacked areas by site, on one power axis for all policies; before them a panel with the sites' grid carbon
 * intensity, so that load can be seen to follow it or not. Time runs over the scored time in UTC. Where the
 * series is finer than the print, neighbouring rows are averaged. Beyond seven sites the smallest ones are
 * drawn as one. */
#ifndef GW_PLOTS_FIG_TIMELINE_H
#define GW_PLOTS_FIG_TIMELINE_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. GW_ERR_NOMEM only; without a series of imports the figure says so. */
GW_MUST_USE enum gw_status gw_fig_timeline_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                                struct gw_error *err);

#endif
