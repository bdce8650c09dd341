/* plots/font.h - the two faces all figures are set in, DejaVu Sans regular and bold, found by file path.
 *
 * No font is looked up by name: what a system has installed besides would then change the figures. Folders
 * tried, in this order: $GEOWATT_FONTS alone when it is set; ../fonts and ../share/geowatt/fonts seen from
 * the program; where distributions put DejaVu.
 *
 * Widths come from the unhinted outlines with pair kerning and are proportional to the size, so that a layout
 * is the same for every output format. */
#ifndef GW_PLOTS_FONT_H
#define GW_PLOTS_FONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

struct FT_FaceRec_; /* FreeType's FT_Face points to it */
struct gw_font;

/* GW_ERR_IO when no folder has both faces; `why` says what to install or to set. *out is NULL on failure. */
GW_MUST_USE enum gw_status gw_font_create(struct gw_font **out, struct gw_error *err);
void gw_font_destroy(struct gw_font *self); /* accepts NULL */

/* One glyph of a line of text, in order; ill-formed UTF-8 becomes U+FFFD. */
struct gw_font_glyph {
    uint32_t id;
    double x_em;  /* where it starts, from the line's start, per unit of size */
    size_t bytes; /* of text that it stands for */
};

/* Writes the first `room` glyphs of `utf8`, returns how many there are in all; *width_em may be NULL. */
size_t gw_font_shape(const struct gw_font *self, bool bold, const char *utf8, struct gw_font_glyph *glyph,
                     size_t room, double *width_em);

/* Advance width of a line of text. */
double gw_font_width_pt(const struct gw_font *self, bool bold, double size_pt, const char *utf8);

/* Height of a capital letter or digit. */
double gw_font_cap_height_pt(const struct gw_font *self, double size_pt);

/* `utf8` when it is at most width_pt wide and fits into `size` bytes, else its beginning and end around an
 * ellipsis: names of a family differ at their ends. Always NUL-terminated. */
void gw_font_fit(const struct gw_font *self, bool bold, double size_pt, const char *utf8, double width_pt,
                 char *out, size_t size);

/* For the renderer; belongs to self. */
struct FT_FaceRec_ *gw_font_face(const struct gw_font *self, bool bold);

#endif
