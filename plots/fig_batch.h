/* plots/fig_batch.h - energy per token and time of a step over the number of running sequences, and that time
 * over the tokens per second, of one model on one kind of replica: what batching gives, and what it takes.
 *
 * Not from a result: `geowatt probe serving --figure` hands over its rows. */
#ifndef GW_PLOTS_FIG_BATCH_H
#define GW_PLOTS_FIG_BATCH_H

#include "plots/canvas.h"

struct gw_fig_batch {
    const char *title, *subtitle;
    const char *source; /* the last line: which program drew it from what */
    size_t n;
    const double *batch; /* ascending, >= 1 */
    const double *j_per_tok, *step_ms, *tok_per_s;
    const bool *within; /* the engine's limits; points beyond it are grey */
};

/* The canvas must be empty, n >= 2. GW_ERR_RANGE for fewer. */
GW_MUST_USE enum gw_status gw_fig_batch_draw(struct gw_canvas *canvas, const struct gw_fig_batch *data,
                                             struct gw_error *err);

#endif
