/* plots/page.h - what every figure has around its panels: title, subtitle, keys, notes, and the line that
 * says which result it was drawn from. A page grows downwards; its height is known when it is closed. */
#ifndef GW_PLOTS_PAGE_H
#define GW_PLOTS_PAGE_H

#include "plots/canvas.h"
#include "sim/run/result_file.h"

struct gw_page {
    struct gw_canvas *canvas;
    double left, right; /* between the margins */
    double y;           /* top of what is still free; figures move it down as they draw */
};

/* Takes both texts, which are freed. */
void gw_page_open(struct gw_page *self, struct gw_canvas *canvas, struct gw_text *title,
                  struct gw_text *subtitle);

/* A legend: each key is a sign and its text, set side by side and broken into lines. */
enum gw_page_sign { GW_PAGE_SWATCH, GW_PAGE_HATCHED, GW_PAGE_WHISKER, GW_PAGE_DASHED, GW_PAGE_TEXT };
struct gw_page_key {
    enum gw_page_sign sign; /* TEXT: no sign */
    uint32_t rgb;
    const char *text;
};
void gw_page_keys(struct gw_page *self, const struct gw_page_key *key, size_t n);

/* One key at a place of the figure's choice; y is its middle. The text ends in an ellipsis beyond width_pt.
 */
void gw_page_key(struct gw_canvas *canvas, struct gw_point at, double width_pt,
                 const struct gw_page_key *key);

/* A paragraph in small letters. */
void gw_page_note(struct gw_page *self, const char *text);

/* The source line; ends the page and gives it its height. */
void gw_page_close(struct gw_page *self, const struct gw_result_file *result);

/* "24 h from 2023-06-01 00:00 UTC" */
void gw_page_add_run(struct gw_text *out, const struct gw_result_file *result);

/* The same with ", 2 sites", and that numbers are means when there are replications. */
void gw_page_add_span(struct gw_text *out, const struct gw_result_file *result);

#endif
