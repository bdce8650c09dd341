#include "plots/fig_latency.h"

#include <math.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/rows.h"
#include "plots/theme.h"

enum { P50, P95, P99, QUANTILES };

static const struct wait {
    const char *title, *column[QUANTILES];
} wait[] = {
    {"Time to first token", {"ttft_ms_p50", "ttft_ms_p95", "ttft_ms_p99"}},
    {"Time per output token", {"tpot_ms_p50", "tpot_ms_p95", "tpot_ms_p99"}},
};
enum { PANELS = sizeof wait / sizeof wait[0] };

static const struct sign {
    const char *name;
    enum gw_mark_dot dot;
    double radius_pt;
} sign[QUANTILES] = {
    {"p50", GW_MARK_DISC, 2.4},
    {"p95", GW_MARK_DIAMOND, 2.9},
    {"p99", GW_MARK_BAR, 2.9},
};

#define GAP_PT         6.0
#define UNIT_GAP_PT    13.0 /* between the end of an axis and its unit: half a label and a gap */
#define PANEL_GAP_PT   14.0
#define PLOT_MIN_PT    30.0
#define TITLE_PT       12.0 /* above the heads of the columns */
#define HEADS_PT       11.0 /* above the rows */
#define HEADING_PT     (TITLE_PT + HEADS_PT)
#define SIGN_PT        8.0  /* of a head, before its name */
#define FURNITURE_PT   90.0 /* title, subtitle, keys and source of an ordinary page */
#define RANGE_WIDTH_PT 2.0

struct panel {
    const struct wait *wait;
    bool any;
    struct gw_label_unit unit;
    struct gw_scale scale;      /* without its places */
    double (*value)[QUANTILES]; /* [policies], in ms; NaN where there is none */
    struct gw_label (*label)[QUANTILES];
    double number_pt; /* width of a column of numbers */
};

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_rows rows;
    struct panel panel[PANELS];
};

/* --- what is shown -------------------------------------------------------------------------------- */

static void label_panel(const struct figure *fig, struct panel *panel)
{
    panel->number_pt = SIGN_PT + gw_canvas_text_width_pt(fig->canvas, GW_THEME_SMALL, sign[P50].name);
    for (uint32_t p = 0; p < fig->result->policies; p++) {
        for (int q = 0; q < QUANTILES; q++) {
            if (fig->rows.runs[p].whole > 0) {
                panel->label[p][q] = gw_label_short(panel->value[p][q] * panel->unit.factor);
            } else if (q == P99) {
                panel->label[p][q] = (struct gw_label){"failed"};
            }
            panel->number_pt = fmax(panel->number_pt, gw_canvas_text_width_pt(fig->canvas, GW_THEME_BODY,
                                                                              panel->label[p][q].text));
        }
    }
}

static void fill_panel(const struct figure *fig, struct panel *panel)
{
    double lo = INFINITY, hi = 0.0;
    for (int q = 0; q < QUANTILES; q++) {
        const struct gw_result_column *column = gw_result_file_score(fig->result, panel->wait->column[q]);
        for (uint32_t p = 0; p < fig->result->policies; p++) {
            const double mean = gw_summary_score(fig->result, column, p).mean;
            panel->value[p][q] = mean;
            if (mean > 0.0) {
                lo = fmin(lo, mean);
                hi = fmax(hi, mean);
            }
        }
    }
    panel->any = lo <= hi;
    panel->unit = gw_label_unit("ms", panel->any ? sqrt(lo) * sqrt(hi) : 0.0);
    if (panel->any) {
        panel->scale.kind = GW_SCALE_LOG;
        gw_scale_span_log(lo * panel->unit.factor, hi * panel->unit.factor, &panel->scale.lo,
                          &panel->scale.hi);
    }
    label_panel(fig, panel);
}

static bool fill(struct figure *fig, struct gw_arena *arena)
{
    const double height_pt = GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT - FURNITURE_PT;
    if (!gw_rows_init(&fig->rows, fig->canvas, fig->result, 1, HEADING_PT + GW_AXIS_LABELS_PT, height_pt,
                      arena)) {
        return false;
    }
    for (size_t i = 0; i < PANELS; i++) {
        struct panel *panel = &fig->panel[i];
        panel->wait = &wait[i];
        panel->value = gw_arena_array(arena, fig->result->policies, sizeof *panel->value);
        panel->label = gw_arena_array(arena, fig->result->policies, sizeof *panel->label);
        if (panel->value == NULL || panel->label == NULL) {
            return false;
        }
        fill_panel(fig, panel);
    }
    return true;
}

/* --- drawing -------------------------------------------------------------------------------------- */

static void draw_range(const struct figure *fig, const struct panel *panel, const struct gw_scale *scale,
                       uint32_t p, double y)
{
    const double *value = panel->value[p];
    const bool in = fig->rows.runs[p].comparable;
    if (value[P50] > 0.0 && value[P99] > 0.0) {
        const struct gw_point from = {gw_scale_at(scale, value[P50] * panel->unit.factor), y};
        const struct gw_point to = {gw_scale_at(scale, value[P99] * panel->unit.factor), y};
        gw_canvas_segment(fig->canvas, from, to,
                          (struct gw_stroke){RANGE_WIDTH_PT, in ? GW_THEME_BAR : GW_THEME_FADED, 0.0});
    }
    for (int q = 0; q < QUANTILES; q++) {
        if (value[q] > 0.0) {
            const struct gw_point at = {gw_scale_at(scale, value[q] * panel->unit.factor), y};
            gw_mark_dot(fig->canvas, sign[q].dot, at, sign[q].radius_pt, in ? GW_THEME_BEST : GW_THEME_AXIS);
        }
    }
}

/* The numbers of one quantile; over them its sign, which so needs no other key. */
static void draw_numbers(const struct figure *fig, const struct panel *panel, const struct gw_bands *bands,
                         int q, double right)
{
    const double y = bands->from_pt - HEADS_PT / 2;
    const double name_pt = gw_canvas_text_width_pt(fig->canvas, GW_THEME_SMALL, sign[q].name);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){right, y}, GW_ANCHOR_END, GW_THEME_SMALL,
                           sign[q].name);
    gw_mark_dot(fig->canvas, sign[q].dot, (struct gw_point){right - name_pt - SIGN_PT / 2 - 1.0, y},
                sign[q].radius_pt, GW_THEME_BEST);
    for (uint32_t p = 0; p < fig->result->policies; p++) {
        gw_canvas_text_centred(fig->canvas, (struct gw_point){right, gw_scale_band_centre(bands, p)},
                               GW_ANCHOR_END, gw_rows_lettering(&fig->rows, p), panel->label[p][q].text);
    }
}

/* `top` is that of the heading. */
static void draw_panel(const struct figure *fig, const struct panel *panel, double left, double right,
                       double top)
{
    const struct gw_bands bands = gw_rows_bands(&fig->rows, top + HEADING_PT);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){left, top + TITLE_PT / 2}, GW_ANCHOR_START,
                           GW_THEME_HEADING, panel->wait->title);
    if (!panel->any) {
        gw_canvas_text_centred(fig->canvas, (struct gw_point){left, gw_scale_band_centre(&bands, 0)},
                               GW_ANCHOR_START, GW_THEME_SMALL, "no value");
        return;
    }
    const double numbers_pt = QUANTILES * (panel->number_pt + GAP_PT) + GAP_PT;
    const struct gw_box plot = {left, bands.from_pt, fmax(right - left - numbers_pt, PLOT_MIN_PT),
                                bands.to_pt - bands.from_pt};
    struct gw_scale scale = panel->scale;
    scale.from_pt = plot.x;
    scale.to_pt = plot.x + plot.width;
    const struct gw_ticks ticks = gw_axis_fit_x(fig->canvas, &scale);
    gw_axis_grid_x(fig->canvas, plot, &scale, &ticks);
    for (uint32_t p = 0; p < fig->result->policies; p++) {
        draw_range(fig, panel, &scale, p, gw_scale_band_centre(&bands, p));
    }
    for (int q = 0; q < QUANTILES; q++) {
        draw_numbers(fig, panel, &bands, q, right - (QUANTILES - 1 - q) * (panel->number_pt + GAP_PT));
    }
    const double unit_pt = gw_canvas_text_width_pt(fig->canvas, GW_THEME_SMALL, panel->unit.text);
    gw_axis_labels_x(fig->canvas, plot, &scale, &ticks);
    gw_axis_unit_x(fig->canvas, plot, scale.to_pt + UNIT_GAP_PT + unit_pt, panel->unit.text);
}

static void draw(const struct figure *fig)
{
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Latency per policy, %s", fig->result->scenario_name);
    gw_page_add_span(&subtitle, fig->result);
    gw_text_add(&subtitle,
                fig->rows.any_outside ? "; logarithmic axes; grey: not comparable" : "; logarithmic axes");
    gw_page_open(&page, fig->canvas, &title, &subtitle);

    const double x0 = page.left + fig->rows.names_pt + GAP_PT;
    const double width = (page.right - x0 - (PANELS - 1) * PANEL_GAP_PT) / PANELS;
    gw_rows_draw_names(&fig->rows, fig->canvas, page.left, page.right, page.y + HEADING_PT);
    for (size_t i = 0; i < PANELS; i++) {
        const double left = x0 + (double)i * (width + PANEL_GAP_PT);
        draw_panel(fig, &fig->panel[i], left, left + width, page.y);
    }
    page.y += HEADING_PT + gw_rows_height_pt(&fig->rows) + GW_AXIS_LABELS_PT + 5.0;
    gw_rows_draw_notes(&fig->rows, &page);
    gw_page_close(&page, fig->result);
}

enum gw_status gw_fig_latency_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                   struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas, .result = result};
    const bool filled = fill(&fig, &arena);
    if (filled) {
        draw(&fig);
    }
    gw_arena_fini(&arena);
    return filled && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure latency", "out of memory");
}
