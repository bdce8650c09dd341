/* plots/theme.h - sizes, colours and line widths shared by all figures: light, and told apart without colour
 * vision too.
 *
 * A page is as wide as a journal's text, 17 cm, so its sizes are those of the print: no letters below 7 pt.
 * Categories take the eight colours of Okabe and Ito (2008), "Color Universal Design", which stay distinct
 * under the common colour vision deficiencies. */
#ifndef GW_PLOTS_THEME_H
#define GW_PLOTS_THEME_H

#include <stddef.h>
#include <stdint.h>

#include "plots/canvas.h"

#define GW_THEME_PAGE_WIDTH_PT 481.89 /* 17 cm */
#define GW_THEME_PAGE_ASPECT   1.6    /* of a slide; figures aim at it where their content allows */
#define GW_THEME_MARGIN_PT     12.0

enum {
    GW_THEME_INK = 0x22272E,   /* titles, names, values */
    GW_THEME_MUTED = 0x5F6A76, /* units, tick labels, notes: 5.6 to 1 against white */
    GW_THEME_AXIS = 0x8A949E,
    GW_THEME_GRID = 0xE3E7EB,
    GW_THEME_BAND = 0xF4F6F8, /* behind every other row */
    GW_THEME_BAR = 0xA9C4DB,
    GW_THEME_BEST = 0x0072B2,
    GW_THEME_OUT = 0xECEFF1,   /* out of the comparison, under a hatch */
    GW_THEME_FADED = 0xC8CFD6, /* the same for lines */
};

#define GW_THEME_AXIS_LINE      ((struct gw_stroke){0.6, GW_THEME_AXIS, 0.0})
#define GW_THEME_GRID_LINE      ((struct gw_stroke){0.5, GW_THEME_GRID, 0.0})
#define GW_THEME_WHISKER_LINE   ((struct gw_stroke){0.7, GW_THEME_INK, 0.0})
#define GW_THEME_REFERENCE_LINE ((struct gw_stroke){0.7, GW_THEME_MUTED, 1.5})

#define GW_THEME_TITLE   ((struct gw_lettering){11.0, GW_THEME_INK, true})
#define GW_THEME_HEADING ((struct gw_lettering){7.5, GW_THEME_INK, true})
#define GW_THEME_BODY    ((struct gw_lettering){7.0, GW_THEME_INK, false})
#define GW_THEME_STRONG  ((struct gw_lettering){7.0, GW_THEME_INK, true})
#define GW_THEME_SMALL   ((struct gw_lettering){7.0, GW_THEME_MUTED, false})

enum { GW_THEME_CATEGORIES = 7 };
/* The colour of category 0 to 6. */
uint32_t gw_theme_category(size_t index);
/* What does not fit into the categories. */
enum { GW_THEME_OTHER = 0x999999 };

#endif
