/* tests/support/drawn.h - questions about what a figure drew on its canvas. */
#ifndef GW_TESTS_SUPPORT_DRAWN_H
#define GW_TESTS_SUPPORT_DRAWN_H

#include "plots/canvas.h"

/* The n-th line of text (from 0) that reads exactly like this; NULL when there are fewer. */
const struct gw_drawn *gw_drawn_text(const struct gw_canvas *canvas, const char *text, size_t n);

/* The first line of text that contains this; NULL when there is none. */
const struct gw_drawn *gw_drawn_text_with(const struct gw_canvas *canvas, const char *part);

/* How many rectangles of this colour there are. */
size_t gw_drawn_rects(const struct gw_canvas *canvas, uint32_t rgb);

/* Fails the test when letters are smaller than 7 pt, when a line of text leaves the page, or when two of them
 * overlap; `what` names the figure in the message. */
void gw_drawn_assert_legible(const struct gw_canvas *canvas, const char *what);

#endif
