#include "plots/fig_ttft.h"

#include <math.h>
#include <string.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/rows.h"
#include "plots/theme.h"

#define GAP_PT       6.0
#define UNIT_PT      30.0 /* right of the plot: the axis's unit */
#define FURNITURE_PT 90.0 /* title, subtitle and source of an ordinary page */
#define ROW_AIR_PT   2.0  /* between the highest area and the row above */
#define PITCH_MAX_PT 48.0
#define P99_FRAC     0.45 /* of the height: its stroke is shorter than the median's */
#define MEDIAN_PT    1.2
#define SHOWN_FRAC   1e-4 /* a tail with less of any policy's requests does not widen the axis */

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_rows rows;
    uint32_t bins;              /* with two ends: all but the first and the last of the file */
    double *share;              /* [policies][bins] of the policy's requests */
    double *median_ms, *p99_ms; /* [policies]; NaN where there is none */
    uint32_t from, to;          /* bins shown */
    double most;                /* largest share per octave */
};

/* Bin i of the shown ones has an upper end: the first of the file begins at 0, the last has none. */
static double from_ms(const struct figure *fig, uint32_t i)
{
    return fig->result->ttft_from_ms[1 + i];
}

static double octaves(const struct figure *fig, uint32_t i)
{
    return log2(from_ms(fig, i + 1) / from_ms(fig, i));
}

/* --- what is shown -------------------------------------------------------------------------------- */

/* A policy's requests in bin b of the file, over demand rows and whole runs. */
static double count(const struct figure *fig, uint32_t policy, uint32_t b)
{
    const struct gw_result_file *r = fig->result;
    double sum = 0.0;
    for (uint32_t rep = 0; rep < r->replications; rep++) {
        const size_t run = (size_t)policy * r->replications + rep;
        for (uint32_t d = 0; d < r->demands && r->ok[run]; d++) {
            sum += r->ttft_count[(run * r->demands + d) * r->ttft_bins + b];
        }
    }
    return sum;
}

/* The middle, on the logarithmic axis, of the bin in which the quantile lies. */
static double quantile_ms(const struct figure *fig, uint32_t policy, double total, double q)
{
    double sum = count(fig, policy, 0);
    for (uint32_t i = 0; i < fig->bins && total > 0.0; i++) {
        sum += count(fig, policy, 1 + i);
        if (sum >= q * total) {
            return sqrt(from_ms(fig, i) * from_ms(fig, i + 1));
        }
    }
    return (double)NAN;
}

static void fill_policy(struct figure *fig, uint32_t policy)
{
    double total = 0.0;
    for (uint32_t b = 0; b < fig->result->ttft_bins; b++) {
        total += count(fig, policy, b);
    }
    fig->median_ms[policy] = quantile_ms(fig, policy, total, 0.50);
    fig->p99_ms[policy] = quantile_ms(fig, policy, total, 0.99);
    for (uint32_t i = 0; i < fig->bins; i++) {
        const double share = total > 0.0 ? count(fig, policy, 1 + i) / total : 0.0;
        fig->share[(size_t)policy * fig->bins + i] = share;
        fig->most = fmax(fig->most, share / octaves(fig, i));
        if (share > SHOWN_FRAC) {
            fig->from = i < fig->from ? i : fig->from;
            fig->to = i + 1 > fig->to ? i + 1 : fig->to;
        }
    }
}

static bool fill(struct figure *fig, struct gw_arena *arena)
{
    const struct gw_result_file *result = fig->result;
    const double height_pt = GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT - FURNITURE_PT;
    if (!gw_rows_init(&fig->rows, fig->canvas, result, 1, GW_AXIS_LABELS_PT, height_pt, arena)) {
        return false;
    }
    const double pitch_pt = (height_pt - GW_AXIS_LABELS_PT) / result->policies;
    fig->rows.pitch_pt = fmax(fig->rows.pitch_pt, fmin(pitch_pt, PITCH_MAX_PT));
    if (result->ttft_count == NULL || result->ttft_bins < 3) {
        return true;
    }
    fig->bins = result->ttft_bins - 2;
    fig->from = fig->bins;
    fig->share = gw_arena_array(arena, result->policies, fig->bins * sizeof *fig->share);
    fig->median_ms = gw_arena_array(arena, result->policies, sizeof *fig->median_ms);
    fig->p99_ms = gw_arena_array(arena, result->policies, sizeof *fig->p99_ms);
    if (fig->share == NULL || fig->median_ms == NULL || fig->p99_ms == NULL) {
        return false;
    }
    for (uint32_t p = 0; p < result->policies; p++) {
        fill_policy(fig, p);
    }
    return true;
}

/* --- drawing -------------------------------------------------------------------------------------- */

static void draw_quantile(const struct figure *fig, const struct gw_scale *scale, double value, double base,
                          double height, struct gw_stroke stroke)
{
    if (!isnan(value)) {
        const double x = gw_scale_at(scale, value);
        gw_canvas_segment(fig->canvas, (struct gw_point){x, base}, (struct gw_point){x, base - height},
                          stroke);
    }
}

static bool draw_area(const struct figure *fig, const struct gw_scale *scale, double factor, uint32_t policy,
                      double base, double height, struct gw_arena *arena)
{
    const uint32_t n = fig->to - fig->from;
    double *x = gw_arena_array(arena, n + 1, sizeof *x);
    double *low = gw_arena_array(arena, n, sizeof *low);
    double *high = gw_arena_array(arena, n, sizeof *high);
    if (x == NULL || low == NULL || high == NULL) {
        return false;
    }
    for (uint32_t i = 0; i <= n; i++) {
        x[i] = gw_scale_at(scale, from_ms(fig, fig->from + i) * factor);
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t bin = fig->from + i;
        const double density = fig->share[(size_t)policy * fig->bins + bin] / octaves(fig, bin);
        low[i] = base;
        high[i] = density > 0.0 ? base - height * density / fig->most : (double)NAN;
    }
    const bool in = fig->rows.runs[policy].comparable;
    gw_mark_area(fig->canvas, x, low, high, n, in ? GW_THEME_BAR : GW_THEME_FADED);
    const struct gw_stroke stroke = {MEDIAN_PT, in ? GW_THEME_BEST : GW_THEME_AXIS, 0.0};
    draw_quantile(fig, scale, fig->median_ms[policy] * factor, base, height, stroke);
    draw_quantile(fig, scale, fig->p99_ms[policy] * factor, base, P99_FRAC * height, stroke);
    return true;
}

static bool draw_rows(const struct figure *fig, struct gw_page *page, struct gw_arena *arena)
{
    const double left = page->left + fig->rows.names_pt + GAP_PT;
    const struct gw_bands bands = gw_rows_bands(&fig->rows, page->y);
    const struct gw_box plot = {left, bands.from_pt, page->right - left - UNIT_PT,
                                bands.to_pt - bands.from_pt};
    const double lo_ms = from_ms(fig, fig->from), hi_ms = from_ms(fig, fig->to);
    const struct gw_label_unit unit = gw_label_unit("ms", sqrt(lo_ms) * sqrt(hi_ms));
    struct gw_scale scale = {GW_SCALE_LOG, 0.0, 0.0, plot.x, plot.x + plot.width};
    gw_scale_span_log(lo_ms * unit.factor, hi_ms * unit.factor, &scale.lo, &scale.hi);
    const struct gw_ticks ticks = gw_axis_fit_x(fig->canvas, &scale);

    gw_rows_draw_names(&fig->rows, fig->canvas, page->left, page->right, page->y);
    gw_axis_grid_x(fig->canvas, plot, &scale, &ticks);
    const double band_pt = gw_scale_band_pt(&bands);
    bool room = true;
    for (uint32_t p = 0; p < fig->result->policies && room; p++) {
        const double base = gw_scale_band_centre(&bands, p) + 0.5 * band_pt;
        if (fig->rows.runs[p].whole > 0) {
            room = draw_area(fig, &scale, unit.factor, p, base, band_pt - ROW_AIR_PT, arena);
        } else {
            gw_canvas_text_centred(fig->canvas, (struct gw_point){plot.x, base - 0.5 * band_pt},
                                   GW_ANCHOR_START, GW_THEME_SMALL, "failed");
        }
    }
    gw_axis_labels_x(fig->canvas, plot, &scale, &ticks);
    gw_axis_unit_x(fig->canvas, plot, page->right, unit.text);
    page->y += gw_rows_height_pt(&fig->rows) + GW_AXIS_LABELS_PT + 5.0;
    return room;
}

static bool draw(const struct figure *fig, struct gw_arena *arena)
{
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Time to first token, %s", fig->result->scenario_name);
    gw_page_add_span(&subtitle, fig->result);
    gw_text_add(&subtitle,
                "; share of requests per octave of time; strokes: median and, shorter, 99th percentile");
    gw_text_add(&subtitle, fig->rows.any_outside ? "; grey: not comparable" : "");
    gw_page_open(&page, fig->canvas, &title, &subtitle);
    bool room = true;
    if (fig->from < fig->to) {
        room = draw_rows(fig, &page, arena);
        gw_rows_draw_notes(&fig->rows, &page);
    } else {
        gw_page_note(&page, "This result holds no distribution of the time to first token.");
    }
    gw_page_close(&page, fig->result);
    return room;
}

enum gw_status gw_fig_ttft_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas, .result = result};
    const bool drawn = fill(&fig, &arena) && draw(&fig, &arena);
    gw_arena_fini(&arena);
    return drawn && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure ttft", "out of memory");
}
