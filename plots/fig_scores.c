#include "plots/fig_scores.h"

#include <math.h>
#include <stdio.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/rows.h"
#include "plots/theme.h"

/* Panels from left to right, then down; the place after the last one holds the keys. */
static const struct metric {
    const char *column, *title;
    bool percent, higher_is_better;
} metric[] = {
    {"carbon_kgco2", "Carbon", false, false},     {"water_l", "Water", false, false},
    {"cost_usd", "Energy cost", false, false},    {"energy_kwh", "Energy", false, false},
    {"ttft_ms_p50", "TTFT median", false, false}, {"ttft_ms_p99", "TTFT p99", false, false},
    {"slo_frac", "SLO met", true, true},
};
enum { METRICS = sizeof metric / sizeof metric[0], PANELS_ACROSS = 4, PANELS_DOWN = 2, KEY_BYTES = 160 };

#define GAP_PT       6.0  /* between names, bars and columns of numbers */
#define UNIT_GAP_PT  13.0 /* between the end of an axis and its unit: half a label and a gap */
#define PANEL_GAP_PT 11.0
#define BARS_MIN_PT  12.0
#define HEADING_PT   13.0 /* above the rows of a panel */
#define BETWEEN_PT   5.0  /* between the two rows of panels */
#define KEY_PITCH_PT 11.0
#define BAR_FRAC     0.68 /* of the pitch */
#define FURNITURE_PT 76.0 /* title, subtitle and source of an ordinary page, to aim at the page's aspect */

/* --- what is shown -------------------------------------------------------------------------------- */

struct cell {
    struct gw_summary score;
    struct gw_label value, change;
    bool best;
};

struct panel {
    const struct metric *metric;
    bool in_file, any; /* the column; a number to show */
    double factor;
    const char *unit;
    struct gw_scale scale;                 /* without its places */
    struct cell *cell;                     /* [policies] */
    double bars_pt, values_pt, changes_pt; /* widths of its three columns */
};

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_rows rows;
    struct panel panel[METRICS];
    uint32_t policies;
    bool any_best, intervals;
    double panel_pt; /* width */
};

static bool has_number(const struct panel *panel, uint32_t p)
{
    return panel->cell[p].score.n > 0;
}

/* The lowest or highest mean of the comparable policies, when they are not all alike. */
static void mark_best(struct figure *fig, struct panel *panel)
{
    double lo = NAN, hi = NAN;
    for (uint32_t p = 0; p < fig->policies; p++) {
        if (fig->rows.runs[p].comparable) {
            lo = fmin(lo, panel->cell[p].score.mean); /* a NaN gives way */
            hi = fmax(hi, panel->cell[p].score.mean);
        }
    }
    const double best = panel->metric->higher_is_better ? hi : lo;
    for (uint32_t p = 0; p < fig->policies && lo < hi; p++) {
        panel->cell[p].best = fig->rows.runs[p].comparable && panel->cell[p].score.mean == best;
        fig->any_best = fig->any_best || panel->cell[p].best;
    }
}

/* Does q come before p when policies are ordered by the size of their means? */
static bool is_smaller(const struct panel *panel, uint32_t q, uint32_t p)
{
    const double a = fabs(panel->cell[q].score.mean), b = fabs(panel->cell[p].score.mean);
    return a < b || (a == b && q < p);
}

/* The middle one of the means that are not zero, 0 when there is none: one outlier must not choose the unit.
 */
static double typical(const struct figure *fig, const struct panel *panel)
{
    uint32_t n = 0;
    for (uint32_t p = 0; p < fig->policies; p++) {
        n += has_number(panel, p) && panel->cell[p].score.mean != 0.0;
    }
    for (uint32_t p = 0; p < fig->policies; p++) {
        uint32_t before = 0;
        for (uint32_t q = 0; q < fig->policies; q++) {
            before += has_number(panel, q) && panel->cell[q].score.mean != 0.0 && is_smaller(panel, q, p);
        }
        if (has_number(panel, p) && panel->cell[p].score.mean != 0.0 && before == n / 2) {
            return fabs(panel->cell[p].score.mean);
        }
    }
    return 0.0;
}

static void label_cells(const struct figure *fig, struct panel *panel, double middle)
{
    const uint32_t baseline = fig->result->baseline;
    const double base = panel->cell[baseline].score.mean;
    const int decimals = panel->metric->percent ? 1 : gw_label_decimals(middle * panel->factor);
    for (uint32_t p = 0; p < fig->policies; p++) {
        struct cell *cell = &panel->cell[p];
        const double mean = cell->score.mean;
        cell->value = fig->rows.runs[p].whole > 0 ? gw_label_number(mean * panel->factor, decimals)
                                                  : (struct gw_label){"failed"};
        if (p == baseline && has_number(panel, p)) {
            cell->change = (struct gw_label){"ref."};
        } else if (fig->rows.runs[p].comparable) {
            cell->change = panel->metric->percent ? gw_label_points(mean, base) : gw_label_change(mean, base);
        }
    }
}

static void fill_panel(struct figure *fig, struct panel *panel)
{
    const struct gw_result_column *column = gw_result_file_score(fig->result, panel->metric->column);
    double lo = 0.0, hi = 0.0;
    for (uint32_t p = 0; p < fig->policies; p++) {
        const struct gw_summary score = gw_summary_score(fig->result, column, p);
        panel->cell[p].score = score;
        if (has_number(panel, p)) {
            const bool interval = isfinite(score.half);
            panel->any = true;
            fig->intervals = fig->intervals || interval;
            lo = fmin(lo, score.mean);
            hi = fmax(hi, score.mean + (interval ? score.half : 0.0));
        }
    }
    const double middle = typical(fig, panel);
    const struct gw_label_unit unit = gw_label_unit(column != NULL ? column->unit : "", middle);
    panel->in_file = column != NULL;
    panel->factor = panel->metric->percent ? 100.0 : unit.factor;
    panel->unit = panel->metric->percent ? "%" : unit.text;
    panel->scale.kind = GW_SCALE_LINEAR;
    gw_scale_span_from_zero(lo * panel->factor, hi * panel->factor, &panel->scale.lo, &panel->scale.hi);
    mark_best(fig, panel);
    label_cells(fig, panel, middle);
}

/* --- where ---------------------------------------------------------------------------------------- */

static double width_of(const struct figure *fig, struct gw_lettering how, const char *text)
{
    return gw_canvas_text_width_pt(fig->canvas, how, text);
}

/* Columns of numbers as wide as their widest entry, and at least as an ordinary one, so that most panels are
 * alike; together they also hold the axis's unit beside its last label. The bars get what is left. */
static void lay_out_panel(const struct figure *fig, struct panel *panel)
{
    panel->values_pt = width_of(fig, GW_THEME_STRONG, "0000");
    panel->changes_pt = width_of(fig, GW_THEME_BODY, "+00.0");
    for (uint32_t p = 0; p < fig->policies; p++) {
        const struct cell *cell = &panel->cell[p];
        panel->values_pt = fmax(panel->values_pt, width_of(fig, GW_THEME_STRONG, cell->value.text));
        panel->changes_pt = fmax(panel->changes_pt, width_of(fig, GW_THEME_BODY, cell->change.text));
    }
    const double changes_pt = fig->policies > 1 ? GAP_PT + panel->changes_pt : 0.0;
    const double numbers_pt = GAP_PT + panel->values_pt + changes_pt;
    const double unit_pt = UNIT_GAP_PT + width_of(fig, GW_THEME_SMALL, panel->unit);
    panel->bars_pt = fmax(fig->panel_pt - fmax(numbers_pt, unit_pt), BARS_MIN_PT);
}

static void lay_out(struct figure *fig, const struct gw_page *page)
{
    const double across = page->right - page->left - fig->rows.names_pt - GAP_PT;
    fig->panel_pt = (across - (PANELS_ACROSS - 1) * PANEL_GAP_PT) / PANELS_ACROSS;
    for (size_t m = 0; m < METRICS; m++) {
        lay_out_panel(fig, &fig->panel[m]);
    }
}

/* --- drawing -------------------------------------------------------------------------------------- */

static void draw_bar(const struct figure *fig, const struct panel *panel, const struct gw_scale *scale,
                     uint32_t p, double y)
{
    const struct cell *cell = &panel->cell[p];
    const double thick = fig->rows.pitch_pt * BAR_FRAC, mean = cell->score.mean * panel->factor;
    const double zero_x = gw_scale_at(scale, 0.0), mean_x = gw_scale_at(scale, mean);
    if (fig->rows.runs[p].comparable) {
        gw_mark_bar(fig->canvas, zero_x, mean_x, y, thick, cell->best ? GW_THEME_BEST : GW_THEME_BAR);
    } else {
        gw_mark_bar(fig->canvas, zero_x, mean_x, y, thick, GW_THEME_OUT);
        gw_mark_hatch(fig->canvas,
                      (struct gw_box){fmin(zero_x, mean_x), y - thick / 2, fabs(mean_x - zero_x), thick},
                      GW_THEME_AXIS);
    }
    const double half = cell->score.half * panel->factor;
    if (half > 0.0 && isfinite(half)) {
        gw_mark_whisker(fig->canvas, gw_scale_at(scale, mean - half), gw_scale_at(scale, mean + half), y,
                        thick * 0.55, GW_THEME_WHISKER_LINE);
    }
}

static void draw_cell(const struct figure *fig, const struct panel *panel, const struct gw_scale *scale,
                      uint32_t p, double y, double right)
{
    const struct cell *cell = &panel->cell[p];
    const bool several = fig->policies > 1;
    const double values_right = right - (several ? panel->changes_pt + GAP_PT : 0.0);
    if (has_number(panel, p)) {
        draw_bar(fig, panel, scale, p, y);
    }
    gw_canvas_text_centred(fig->canvas, (struct gw_point){values_right, y}, GW_ANCHOR_END,
                           cell->best ? GW_THEME_STRONG : gw_rows_lettering(&fig->rows, p), cell->value.text);
    if (several) {
        gw_canvas_text_centred(fig->canvas, (struct gw_point){right, y}, GW_ANCHOR_END,
                               p == fig->result->baseline ? GW_THEME_SMALL : GW_THEME_BODY,
                               cell->change.text);
    }
}

/* A dashed line down the panel at the baseline's value. */
static void draw_baseline(const struct figure *fig, const struct panel *panel, const struct gw_scale *scale,
                          struct gw_box bars)
{
    const uint32_t baseline = fig->result->baseline;
    if (fig->policies > 1 && has_number(panel, baseline)) {
        const double x = gw_scale_at(scale, panel->cell[baseline].score.mean * panel->factor);
        gw_canvas_segment(fig->canvas, (struct gw_point){x, bars.y},
                          (struct gw_point){x, bars.y + bars.height}, GW_THEME_REFERENCE_LINE);
    }
}

static void draw_heading(const struct figure *fig, const struct panel *panel, struct gw_box box)
{
    const double y = box.y + HEADING_PT / 2;
    const double after = box.x + width_of(fig, GW_THEME_HEADING, panel->metric->title) + 3.0;
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, y}, GW_ANCHOR_START, GW_THEME_HEADING,
                           panel->metric->title);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){after, y}, GW_ANCHOR_START, GW_THEME_SMALL,
                           panel->metric->higher_is_better ? "↑" : "↓");
    if (panel->any && fig->policies > 1) {
        gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x + box.width, y}, GW_ANCHOR_END,
                               GW_THEME_SMALL, panel->metric->percent ? "Δ pp" : "Δ %");
    }
}

/* `box` is the panel from its heading to its axis labels. */
static void draw_panel(const struct figure *fig, const struct panel *panel, struct gw_box box)
{
    const struct gw_bands bands = gw_rows_bands(&fig->rows, box.y + HEADING_PT);
    const struct gw_box bars = {box.x, bands.from_pt, panel->bars_pt, bands.to_pt - bands.from_pt};
    const double right = box.x + box.width;
    draw_heading(fig, panel, box);
    if (!panel->any) {
        gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, gw_scale_band_centre(&bands, 0)},
                               GW_ANCHOR_START, GW_THEME_SMALL,
                               panel->in_file ? "no value" : "not in this result");
        return;
    }
    struct gw_scale scale = panel->scale;
    scale.from_pt = bars.x;
    scale.to_pt = bars.x + bars.width;
    const struct gw_ticks ticks = gw_axis_fit_x(fig->canvas, &scale);
    gw_axis_grid_x(fig->canvas, bars, &scale, &ticks);
    for (uint32_t p = 0; p < fig->policies; p++) {
        draw_cell(fig, panel, &scale, p, gw_scale_band_centre(&bands, p), right);
    }
    draw_baseline(fig, panel, &scale, bars);
    gw_axis_labels_x(fig->canvas, bars, &scale, &ticks);
    gw_axis_unit_x(fig->canvas, bars, right, panel->unit);
}

/* Returns where the keys end. */
static double draw_keys(const struct figure *fig, struct gw_point at)
{
    char baseline[KEY_BYTES];
    snprintf(baseline, sizeof baseline, "baseline %.*s", KEY_BYTES - 16,
             fig->result->policy[fig->result->baseline]);
    const struct {
        bool wanted;
        struct gw_page_key key;
    } all[] = {
        {fig->any_best, {GW_PAGE_SWATCH, GW_THEME_BEST, "best"}},
        {fig->policies > 1, {GW_PAGE_DASHED, GW_THEME_MUTED, baseline}},
        {fig->intervals, {GW_PAGE_WHISKER, GW_THEME_INK, "95 % interval"}},
        {fig->rows.any_outside, {GW_PAGE_HATCHED, GW_THEME_AXIS, "not comparable"}},
        {true, {GW_PAGE_TEXT, 0, "↓ lower is better"}},
        {true, {GW_PAGE_TEXT, 0, "↑ higher is better"}},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].wanted) {
            gw_page_key(fig->canvas, (struct gw_point){at.x, at.y + KEY_PITCH_PT / 2}, fig->panel_pt,
                        &all[i].key);
            at.y += KEY_PITCH_PT;
        }
    }
    return at.y;
}

static void open_page(struct gw_page *page, const struct figure *fig)
{
    const struct gw_result_file *result = fig->result;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Scores per policy, %s", result->scenario_name);
    gw_page_add_span(&subtitle, result);
    if (fig->policies > 1) {
        gw_text_addf(&subtitle, "; Δ: change against the baseline %s", result->policy[result->baseline]);
    }
    gw_page_open(page, fig->canvas, &title, &subtitle);
}

/* One row of panels; the page moves below it. */
static void draw_panels(const struct figure *fig, struct gw_page *page, size_t first, size_t n)
{
    const double x0 = page->left + fig->rows.names_pt + GAP_PT, stride = fig->panel_pt + PANEL_GAP_PT;
    const double height = HEADING_PT + gw_rows_height_pt(&fig->rows) + GW_AXIS_LABELS_PT;
    const double end = x0 + (double)n * stride;
    double bottom = page->y + height;
    gw_rows_draw_names(&fig->rows, fig->canvas, page->left, end - PANEL_GAP_PT, page->y + HEADING_PT);
    for (size_t i = 0; i < n; i++) {
        draw_panel(fig, &fig->panel[first + i],
                   (struct gw_box){x0 + (double)i * stride, page->y, fig->panel_pt, height});
    }
    if (n < PANELS_ACROSS) {
        bottom = fmax(bottom, draw_keys(fig, (struct gw_point){end, page->y + HEADING_PT}));
    }
    page->y = bottom + BETWEEN_PT;
}

static void draw(struct figure *fig)
{
    struct gw_page page;
    open_page(&page, fig);
    lay_out(fig, &page);
    for (size_t first = 0; first < METRICS; first += PANELS_ACROSS) {
        draw_panels(fig, &page, first, METRICS - first < PANELS_ACROSS ? METRICS - first : PANELS_ACROSS);
    }
    gw_rows_draw_notes(&fig->rows, &page);
    gw_page_close(&page, fig->result);
}

static bool fill(struct figure *fig, struct gw_arena *arena)
{
    const double height_pt = GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT - FURNITURE_PT;
    if (!gw_rows_init(&fig->rows, fig->canvas, fig->result, PANELS_DOWN,
                      HEADING_PT + GW_AXIS_LABELS_PT + BETWEEN_PT, height_pt, arena)) {
        return false;
    }
    for (size_t m = 0; m < METRICS; m++) {
        fig->panel[m].metric = &metric[m];
        fig->panel[m].cell = gw_arena_array(arena, fig->policies, sizeof *fig->panel[m].cell);
        if (fig->panel[m].cell == NULL) {
            return false;
        }
        fill_panel(fig, &fig->panel[m]);
    }
    return true;
}

enum gw_status gw_fig_scores_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                  struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas, .result = result, .policies = result->policies};
    const bool filled = fill(&fig, &arena);
    if (filled) {
        draw(&fig);
    }
    gw_arena_fini(&arena);
    return filled && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure scores", "out of memory");
}
