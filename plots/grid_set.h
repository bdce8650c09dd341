/* plots/grid_set.h - the grids of a result that a figure draws as lines: each one once, with a colour and a
 * name.
 *
 * Sites on equal grids share a line. Where names repeat but hours do not, the site stands behind the name. */
#ifndef GW_PLOTS_GRID_SET_H
#define GW_PLOTS_GRID_SET_H

#include "plots/page.h"
#include "plots/theme.h"
#include "sim/run/result_file.h"

struct gw_grid_set {
    const struct gw_result_grids *grids; /* borrowed */
    uint32_t n, left_out;                /* left_out: more than there are colours */
    uint32_t site[GW_THEME_CATEGORIES];  /* the first one on each grid */
    const char *name[GW_THEME_CATEGORIES];
};

/* Names live in the arena. False when memory is out. */
GW_MUST_USE bool gw_grid_set_of(const struct gw_result_file *result, struct gw_grid_set *out,
                                struct gw_arena *arena);

/* A column of the hours, NULL when no grid has it; and what it holds of the set's grid i. */
const struct gw_result_column *gw_grid_set_column(const struct gw_grid_set *self, const char *name);
const double *gw_grid_set_hours(const struct gw_grid_set *self, const struct gw_result_column *column,
                                uint32_t i);

/* The legend, and a note on what was left out. */
void gw_grid_set_keys(const struct gw_grid_set *self, struct gw_page *page);
void gw_grid_set_note(const struct gw_grid_set *self, struct gw_page *page);

#endif
