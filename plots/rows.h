/* plots/rows.h - what figures with one row per policy share: the policies' standing, names on tinted bands,
 * notes. */
#ifndef GW_PLOTS_ROWS_H
#define GW_PLOTS_ROWS_H

#include "plots/page.h"
#include "plots/scale.h"
#include "plots/summary.h"

struct gw_rows {
    const struct gw_result_file *result;
    struct gw_summary_runs *runs; /* [policies] */
    double names_pt;              /* widest name shown */
    double pitch_pt;              /* from row to row */
    bool any_outside;             /* a policy with whole runs is not comparable */
};

/* runs come from the arena; false when memory is out. The pitch makes `blocks` blocks of rows, each with
 * `furniture_pt` around them, fit the height, within what stays readable. */
GW_MUST_USE bool gw_rows_init(struct gw_rows *self, const struct gw_canvas *canvas,
                              const struct gw_result_file *result, size_t blocks, double furniture_pt,
                              double height_pt, struct gw_arena *arena);

double gw_rows_height_pt(const struct gw_rows *self);
struct gw_bands gw_rows_bands(const struct gw_rows *self, double top);

/* Every other row on a tint from left to right, and the names at the left. */
void gw_rows_draw_names(const struct gw_rows *self, struct gw_canvas *canvas, double left, double right,
                        double top);

/* Says which policies are not comparable and whose runs failed. */
void gw_rows_draw_notes(const struct gw_rows *self, struct gw_page *page);

/* How text of a policy's row is set: muted when the policy stands outside the comparison. */
struct gw_lettering gw_rows_lettering(const struct gw_rows *self, uint32_t policy);

#endif
