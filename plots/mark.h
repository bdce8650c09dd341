/* plots/mark.h - the marks that stand for data: bars, whiskers, stepped lines and areas, dots.
 *
 * All take places on the page, in points; a scale made them. */
#ifndef GW_PLOTS_MARK_H
#define GW_PLOTS_MARK_H

#include "plots/canvas.h"

/* Thin diagonal lines over a box: told from a plain one in print without colour too. */
void gw_mark_hatch(struct gw_canvas *canvas, struct gw_box box, uint32_t rgb);

/* From..to horizontally, y is the middle. A bar of no length leaves a hairline, so that zero is seen. */
void gw_mark_bar(struct gw_canvas *canvas, double from_x, double to_x, double y, double thickness_pt,
                 uint32_t rgb);

/* An interval with caps. */
void gw_mark_whisker(struct gw_canvas *canvas, double from_x, double to_x, double y, double cap_pt,
                     struct gw_stroke stroke);

enum gw_mark_dot { GW_MARK_DISC, GW_MARK_DIAMOND, GW_MARK_BAR };
/* A disc, a diamond or an upright stroke, `radius_pt` from its centre to its ends. */
void gw_mark_dot(struct gw_canvas *canvas, enum gw_mark_dot kind, struct gw_point at, double radius_pt,
                 uint32_t rgb);

/* Interval i of n spans edge_x[i]..edge_x[i + 1] at height y[i]; NaN is a gap. */
void gw_mark_steps(struct gw_canvas *canvas, const double *edge_x, const double *y, size_t n,
                   struct gw_stroke stroke);

/* The area between low_y[i] and high_y[i] over the same intervals; where either is NaN there is none. */
void gw_mark_area(struct gw_canvas *canvas, const double *edge_x, const double *low_y, const double *high_y,
                  size_t n, uint32_t rgb);

#endif
