#include "plots/fig_batch.h"

#include <math.h>

#include "plots/axis.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/theme.h"

#define PLOT_PT       150.0
#define TITLE_PT      12.0
#define HEADROOM_PT   9.0  /* for the number above the highest point */
#define LAST_PT       19.0 /* for the number beside the last point */
#define Y_LABELS_PT   24.0
#define PANEL_GAP_PT  16.0
#define UNIT_PT       11.0 /* below the labels of the axis */
#define DOT_PT        2.4
#define LABEL_GAP_PT  8.0
#define LINE_WIDTH_PT 1.4

struct panel {
    const char *title, *across;
    const double *x, *value;
};
enum { PANELS = 3 };

static bool drawable(double value)
{
    return value > 0.0 && isfinite(value);
}

/* Extents of a logarithmic axis that holds all values above zero; false when there is none. */
static bool fit(const double *value, size_t n, struct gw_scale *scale)
{
    double lo = INFINITY, hi = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (drawable(value[i])) {
            lo = fmin(lo, value[i]);
            hi = fmax(hi, value[i]);
        }
    }
    scale->kind = GW_SCALE_LOG;
    if (lo <= hi) {
        gw_scale_span_log(lo, hi, &scale->lo, &scale->hi);
    }
    return lo <= hi;
}

/* The first above its dot and its neighbour, the last to the right of its own, where room is kept. */
static void label_first(struct gw_canvas *canvas, struct gw_point at, struct gw_box plot, double value)
{
    const struct gw_label label = gw_label_short(value);
    const double half_pt = gw_canvas_text_width_pt(canvas, GW_THEME_BODY, label.text) / 2;
    gw_canvas_text_centred(canvas, (struct gw_point){fmax(at.x, plot.x + half_pt + 1.0), at.y - LABEL_GAP_PT},
                           GW_ANCHOR_MIDDLE, GW_THEME_BODY, label.text);
}

static void label_last(struct gw_canvas *canvas, struct gw_point at, double value)
{
    gw_canvas_text_centred(canvas, (struct gw_point){at.x + DOT_PT + 2.0, at.y}, GW_ANCHOR_START,
                           GW_THEME_BODY, gw_label_short(value).text);
}

/* The line, its dots, and numbers at the first and the last of them. */
static void draw_data(struct gw_canvas *canvas, const struct gw_fig_batch *data, const struct panel *panel,
                      const struct gw_scale *x, const struct gw_scale *y, struct gw_box plot)
{
    const double *value = panel->value;
    struct gw_point last = {0};
    bool any = false;
    for (size_t pass = 0; pass < 2; pass++) {
        any = false;
        for (size_t i = 0; i < data->n; i++) {
            if (!drawable(panel->x[i]) || !drawable(value[i])) {
                continue;
            }
            const struct gw_point at = {gw_scale_at(x, panel->x[i]), gw_scale_at(y, value[i])};
            const uint32_t rgb = data->within[i] ? GW_THEME_BEST : GW_THEME_AXIS;
            if (pass == 0 && any) {
                gw_canvas_segment(canvas, last, at, (struct gw_stroke){LINE_WIDTH_PT, rgb, 0.0});
            } else if (pass == 1) {
                gw_mark_dot(canvas, data->within[i] ? GW_MARK_DISC : GW_MARK_DIAMOND, at, DOT_PT, rgb);
                if (i == 0) {
                    const double next_y = drawable(value[1]) ? gw_scale_at(y, value[1]) : at.y;
                    label_first(canvas, (struct gw_point){at.x, fmin(at.y, next_y)}, plot, value[i]);
                } else if (i + 1 == data->n) {
                    label_last(canvas, at, value[i]);
                }
            }
            last = at;
            any = true;
        }
    }
}

static void draw_panel(const struct gw_page *page, const struct gw_fig_batch *data, const struct panel *panel,
                       double left, double right)
{
    struct gw_canvas *canvas = page->canvas;
    struct gw_scale x, y;
    gw_canvas_text_centred(canvas, (struct gw_point){left, page->y + TITLE_PT / 2}, GW_ANCHOR_START,
                           GW_THEME_HEADING, panel->title);
    const struct gw_box plot = {left + Y_LABELS_PT, page->y + TITLE_PT + HEADROOM_PT,
                                right - left - Y_LABELS_PT, PLOT_PT};
    if (!fit(panel->x, data->n, &x) || !fit(panel->value, data->n, &y)) {
        gw_canvas_text_centred(canvas, (struct gw_point){left, plot.y + 8.0}, GW_ANCHOR_START, GW_THEME_SMALL,
                               "no value");
        return;
    }
    x.from_pt = plot.x;
    x.to_pt = plot.x + plot.width - LAST_PT;
    y.from_pt = plot.y + plot.height;
    y.to_pt = plot.y;
    const struct gw_ticks across = gw_axis_fit_x(canvas, &x), up = gw_axis_fit_y(&y);
    gw_axis_grid_x(canvas, plot, &x, &across);
    gw_axis_grid_y(canvas, plot, &y, &up);
    draw_data(canvas, data, panel, &x, &y, plot);
    gw_canvas_segment(canvas, (struct gw_point){plot.x, y.from_pt},
                      (struct gw_point){plot.x + plot.width, y.from_pt}, GW_THEME_AXIS_LINE);
    gw_axis_labels_x(canvas, plot, &x, &across);
    gw_axis_labels_y(canvas, plot, &y, &up);
    gw_canvas_text_centred(
        canvas, (struct gw_point){plot.x + plot.width / 2, y.from_pt + GW_AXIS_LABELS_PT + UNIT_PT / 2 + 2.0},
        GW_ANCHOR_MIDDLE, GW_THEME_SMALL, panel->across);
}

enum gw_status gw_fig_batch_draw(struct gw_canvas *canvas, const struct gw_fig_batch *data,
                                 struct gw_error *err)
{
    const struct panel panels[PANELS] = {
        {"Energy per token, J", "running sequences", data->batch, data->j_per_tok},
        {"Time per token, ms", "running sequences", data->batch, data->step_ms},
        {"Time per token, ms", "output tokens per second", data->tok_per_s, data->step_ms},
    };
    if (data->n < 2) {
        return gw_fail(err, GW_ERR_RANGE, "figure serving", "needs two or more batches: --batch 1,8,64,256");
    }
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_add(&title, data->title);
    gw_text_add(&subtitle, data->subtitle);
    gw_page_open(&page, canvas, &title, &subtitle);
    const double width = (page.right - page.left - (PANELS - 1) * PANEL_GAP_PT) / PANELS;
    for (size_t i = 0; i < PANELS; i++) {
        const double left = page.left + (double)i * (width + PANEL_GAP_PT);
        draw_panel(&page, data, &panels[i], left, left + width);
    }
    page.y += TITLE_PT + HEADROOM_PT + PLOT_PT + GW_AXIS_LABELS_PT + UNIT_PT + 8.0;
    bool beyond = false;
    for (size_t i = 0; i < data->n; i++) {
        beyond = beyond || !data->within[i];
    }
    if (beyond) {
        gw_page_note(&page, "grey diamonds: beyond what the engine or its KV memory takes");
    }
    gw_page_note(&page, data->source);
    gw_canvas_set_height(canvas, page.y + GW_THEME_MARGIN_PT - 4.0);
    return !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure serving", "out of memory");
}
