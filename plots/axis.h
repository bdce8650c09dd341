/* plots/axis.h - an axis at the edge of a panel: grid lines, marks and their labels, which never overlap. */
#ifndef GW_PLOTS_AXIS_H
#define GW_PLOTS_AXIS_H

#include "plots/canvas.h"
#include "plots/scale.h"

/* Height that labels below a panel take. */
#define GW_AXIS_LABELS_PT 10.0

/* The densest marks whose labels keep apart when set side by side (x) or above each other (y). */
struct gw_ticks gw_axis_fit_x(const struct gw_canvas *canvas, const struct gw_scale *scale);
struct gw_ticks gw_axis_fit_y(const struct gw_scale *scale);

/* Grid lines over the panel, to be drawn before its data; then labels below or to the left of it. */
void gw_axis_grid_x(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                    const struct gw_ticks *ticks);
void gw_axis_grid_y(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                    const struct gw_ticks *ticks);
void gw_axis_labels_x(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                      const struct gw_ticks *ticks);
/* The unit of a horizontal axis, on the line of its labels and ending at `right`. */
void gw_axis_unit_x(struct gw_canvas *canvas, struct gw_box panel, double right, const char *unit);
void gw_axis_labels_y(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                      const struct gw_ticks *ticks);

#endif
