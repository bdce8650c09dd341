/* plots/render.h - a canvas as the bytes of an SVG, PDF or PNG file, through Cairo.
 *
 * Equal canvases give equal bytes on one machine. Cairo numbers surfaces and fonts through the life of a
 * process and writes these numbers into its output, so each rendering takes place in a process of its own
 * (fork): it always starts from the same state, and the caller may have any number of threads. */
#ifndef GW_PLOTS_RENDER_H
#define GW_PLOTS_RENDER_H

#include "plots/canvas.h"

/* Bits, so that several can be asked for at once. */
enum gw_render_format { GW_RENDER_SVG = 1, GW_RENDER_PDF = 2, GW_RENDER_PNG = 4 };

/* PNG: pixels per point. At the pages' 17 cm that is 288 dpi and a full slide. */
enum { GW_RENDER_PNG_SCALE = 4 };

/* Appends the file to `out`, as raw bytes. `title` goes into the metadata of the PDF. The canvas must not
 * have failed and its clips must be closed. */
GW_MUST_USE enum gw_status gw_render(const struct gw_canvas *canvas, const char *title,
                                     enum gw_render_format format, struct gw_text *out, struct gw_error *err);

#endif
