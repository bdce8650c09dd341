/* plots/fig_rounds.h - the figure `rounds`: federated jobs over what their sites' own plants have left.
 *
 * A panel per site and policy: what own plants give beyond everything else at the site as an area, the IT
 * power of the jobs there as a line, and above them a strip that is filled where rounds took updates of
 * its clients. Of the first replication. At most four policies and six sites, those with most training.
 */
#ifndef GW_PLOTS_FIG_ROUNDS_H
#define GW_PLOTS_FIG_ROUNDS_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

/* The canvas must be empty. A result without federated jobs is told in a note. GW_ERR_NOMEM is all that can
 * fail. */
GW_MUST_USE enum gw_status gw_fig_rounds_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                              struct gw_error *err);

#endif
