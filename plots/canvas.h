/* plots/canvas.h - a page as a list of what is drawn on it: rectangles, lines, polygons, discs, lines of
 * text, clips.
 *
 * Figures draw here; render.h turns the same list into SVG, PDF or PNG, and gw_canvas_dump into text that
 * tests compare. Lengths are points (1/72 inch), x to the right, y downwards, and are kept in hundredths: the
 * last bit of a computation, which another machine may round otherwise, does not reach the page. Colours are
 * 0xRRGGBB and opaque. Later things lie on top of earlier ones.
 *
 * An allocation failure is remembered in `failed` and later calls do nothing, so that a caller checks once at
 * the end. A coordinate that is no finite number is our bug. */
#ifndef GW_PLOTS_CANVAS_H
#define GW_PLOTS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plots/font.h"
#include "sim/base/text.h"

struct gw_point {
    double x, y;
};

struct gw_box {
    double x, y, width, height;
};

struct gw_stroke {
    double width_pt;
    uint32_t rgb;
    double dash_pt; /* dash and gap are this long; 0: solid */
};

struct gw_lettering {
    double size_pt;
    uint32_t rgb;
    bool bold;
};

enum gw_anchor { GW_ANCHOR_START, GW_ANCHOR_MIDDLE, GW_ANCHOR_END };

enum gw_canvas_shape {
    GW_SHAPE_RECT,    /* two points: corner, extent */
    GW_SHAPE_LINE,    /* open, joined points */
    GW_SHAPE_POLYGON, /* filled */
    GW_SHAPE_DISC,    /* filled; one point, its centre */
    GW_SHAPE_TEXT,    /* one point, the baseline's start */
    GW_SHAPE_CLIP,    /* two points like RECT; what follows is cut to it, up to its UNCLIP */
    GW_SHAPE_UNCLIP,
};

/* One entry of the list; only what its shape needs is filled. */
struct gw_drawn {
    enum gw_canvas_shape shape;
    bool bold;
    uint32_t rgb;
    double width_pt, dash_pt; /* LINE */
    double size_pt;           /* TEXT: of the letters; DISC: radius */
    size_t point, points;     /* in the canvas's point[] */
    size_t text;              /* TEXT: where it starts in the canvas's text */
};

struct gw_canvas {
    const struct gw_font *font; /* borrowed */
    double width_pt, height_pt;
    struct gw_drawn *drawn;
    size_t n_drawn, cap_drawn;
    struct gw_point *point;
    size_t n_points, cap_points;
    struct gw_text text; /* all lines of text, each with its NUL */
    unsigned open_clips;
    bool failed;
};

/* The height may also be set later: gw_canvas_set_height. */
void gw_canvas_init(struct gw_canvas *self, const struct gw_font *font, double width_pt, double height_pt);
void gw_canvas_fini(struct gw_canvas *self);
void gw_canvas_set_height(struct gw_canvas *self, double height_pt);

/* A box of no width or height leaves nothing. */
void gw_canvas_rect(struct gw_canvas *self, struct gw_box box, uint32_t rgb);
/* Fewer than two points leave nothing. */
void gw_canvas_line(struct gw_canvas *self, const struct gw_point *point, size_t n, struct gw_stroke stroke);
void gw_canvas_segment(struct gw_canvas *self, struct gw_point from, struct gw_point to,
                       struct gw_stroke stroke);
/* Fewer than three points leave nothing. */
void gw_canvas_polygon(struct gw_canvas *self, const struct gw_point *point, size_t n, uint32_t rgb);
void gw_canvas_disc(struct gw_canvas *self, struct gw_point centre, double radius_pt, uint32_t rgb);
/* One line of UTF-8 with its baseline at y; empty text leaves nothing. */
void gw_canvas_text(struct gw_canvas *self, struct gw_point at, enum gw_anchor anchor,
                    struct gw_lettering how, const char *utf8);
/* The same with its capitals and digits centred on y. */
void gw_canvas_text_centred(struct gw_canvas *self, struct gw_point at, enum gw_anchor anchor,
                            struct gw_lettering how, const char *utf8);
/* Clips nest; each is ended by its own unclip. */
void gw_canvas_clip(struct gw_canvas *self, struct gw_box box);
void gw_canvas_unclip(struct gw_canvas *self);

/* What `utf8` would occupy on this canvas. */
double gw_canvas_text_width_pt(const struct gw_canvas *self, struct gw_lettering how, const char *utf8);

/* The list as text, one entry a line, for tests and for eyes. */
void gw_canvas_dump(const struct gw_canvas *self, struct gw_text *out);

#endif
