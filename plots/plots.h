/* plots/plots.h - the figures that can be drawn from a result, by name. docs/figures.md shows them. */
#ifndef GW_PLOTS_PLOTS_H
#define GW_PLOTS_PLOTS_H

#include <stddef.h>

#include "plots/fig_batch.h"
#include "plots/render.h"
#include "sim/run/result_file.h"
#include "sim/validate/validation.h"

struct gw_plots_figure {
    const char *name;
    const char *doc; /* one sentence */
    enum gw_status (*draw)(struct gw_canvas *canvas, const struct gw_result_file *result,
                           struct gw_error *err);
};

/* All of them, in the order in which they are documented. */
const struct gw_plots_figure *gw_plots_names(size_t *n);

/* Writes folder/<figure>.svg, .pdf and .png, those of them that `formats` (enum gw_render_format, or-ed) asks
 * for; creates the folder. Equal results give equal bytes on one machine. An unknown figure is GW_ERR_UNKNOWN
 * and names the nearest one. Each file is written whole or not at all; on failure earlier formats may stand.
 */
GW_MUST_USE enum gw_status gw_plots_draw(const char *figure, const struct gw_result_file *result,
                                         const char *folder, unsigned formats, struct gw_error *err);

/* The same for the rows of a validation: folder/<subject>.svg, .pdf and .png. */
GW_MUST_USE enum gw_status gw_plots_draw_validation(const char *subject,
                                                    const struct gw_validation *validation,
                                                    const char *folder, unsigned formats,
                                                    struct gw_error *err);

/* The same for a probe of one engine step over batches: folder/serving.svg, .pdf and .png. */
GW_MUST_USE enum gw_status gw_plots_draw_batch(const struct gw_fig_batch *data, const char *folder,
                                               unsigned formats, struct gw_error *err);

#endif
