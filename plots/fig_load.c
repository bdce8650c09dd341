#include "plots/fig_load.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/rows.h"
#include "plots/theme.h"
#include "sim/base/units.h"

#define GUTTER_PT     28.0 /* left of a panel: labels of its vertical axis */
#define COLUMN_GAP_PT 10.0
#define NAMES_PT      12.0 /* above the panels of a block: names of the policies */
#define HEADING_PT    12.0 /* above a line of panels: what it shows */
#define PANEL_PT      42.0
#define BLOCK_GAP_PT  8.0
#define BIN_MIN_PT    0.6 /* narrower steps are averaged */
#define LINE_WIDTH_PT 1.0
#define DASH_PT       3.0

enum { COLUMNS_MAX = 4, NAME_BYTES = 256 };

enum over_models { SUM, LARGEST };

static const struct quantity {
    const char *title, *unit, *column;
    enum over_models over;
    bool per_interval; /* a sum over the interval, shown per second */
} quantity[] = {
    {"Requests", "1/s", "arrived", SUM, true},    {"Running", "requests", "running", SUM, false},
    {"Queue", "requests", "waiting", SUM, false}, {"KV memory in use", "%", "kv_frac", LARGEST, false},
    {"Power bought", "kW", NULL, SUM, true},
};
enum { QUANTITIES = sizeof quantity / sizeof quantity[0] };

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_rows rows;
    const struct gw_result_column *column[QUANTITIES]; /* NULL: the file has none */
    uint32_t site[GW_THEME_CATEGORIES], sites;         /* drawn, in the order of the file */

    uint32_t columns; /* of panels side by side */
    double panel_pt;
    size_t bins, rows_per_bin, series_rows;
    double *edge_frac; /* [bins + 1] of the duration */
    double *value;     /* [QUANTITIES][policies][sites][bins]; NaN where there is none */
    double most[QUANTITIES];
};

/* --- what is shown -------------------------------------------------------------------------------- */

/* A row of one run at a site, over its models; NaN when none of them has a number. */
static double at_row(const struct figure *fig, size_t q, size_t run, uint32_t site, size_t row)
{
    const struct gw_result_file *r = fig->result;
    const double *value = fig->column[q]->value;
    if (quantity[q].column == NULL) {
        return value[(run * r->sites + site) * r->rows + row] / gw_h_from_us(r->every_us);
    }
    double all = (double)NAN;
    for (uint32_t m = 0; m < r->models; m++) {
        const double one = value[((run * r->sites + site) * r->models + m) * r->rows + row];
        if (quantity[q].over == LARGEST) {
            all = fmax(all, 100.0 * one); /* a NaN gives way */
        } else if (isfinite(one)) {
            all = one + (isnan(all) ? 0.0 : all);
        }
    }
    return quantity[q].per_interval ? all / gw_s_from_us(r->every_us) : all;
}

/* Mean over the whole runs of a policy and the rows of a bin. */
static double mean(const struct figure *fig, size_t q, uint32_t policy, uint32_t site, size_t bin)
{
    const size_t from = bin * fig->rows_per_bin, end = from + fig->rows_per_bin;
    double sum = 0.0;
    size_t n = 0;
    for (uint32_t r = 0; r < fig->result->replications; r++) {
        const size_t run = (size_t)policy * fig->result->replications + r;
        for (size_t row = from; fig->result->ok[run] && row < end && row < fig->series_rows; row++) {
            const double value = at_row(fig, q, run, site, row);
            if (isfinite(value)) {
                sum += value;
                n++;
            }
        }
    }
    return n > 0 ? sum / (double)n : (double)NAN;
}

static double *values_of(const struct figure *fig, size_t q, uint32_t policy, uint32_t i)
{
    return fig->value + ((q * fig->result->policies + policy) * fig->sites + i) * fig->bins;
}

static void choose_bins(struct figure *fig)
{
    const struct gw_result_file *result = fig->result;
    const size_t scored = (size_t)((result->duration_us + result->every_us - 1) / result->every_us);
    const size_t most = (size_t)(fig->panel_pt / BIN_MIN_PT);
    fig->series_rows = result->rows < scored ? result->rows : scored;
    fig->rows_per_bin = (fig->series_rows + most - 1) / most;
    fig->rows_per_bin = fig->rows_per_bin > 0 ? fig->rows_per_bin : 1;
    fig->bins = (fig->series_rows + fig->rows_per_bin - 1) / fig->rows_per_bin;
}

/* Those with the most requests under all policies, in the order of the file. */
static bool choose_sites(struct figure *fig, struct gw_arena *arena)
{
    const struct gw_result_file *result = fig->result;
    double *total = gw_arena_array(arena, result->sites, sizeof *total);
    if (total == NULL) {
        return false;
    }
    for (uint32_t s = 0; s < result->sites; s++) {
        for (size_t run = 0; run < (size_t)result->policies * result->replications; run++) {
            for (size_t row = 0; result->ok[run] && row < fig->series_rows; row++) {
                const double value = at_row(fig, 0, run, s, row);
                total[s] += isfinite(value) ? value : 0.0;
            }
        }
    }
    for (uint32_t s = 0; s < result->sites; s++) {
        uint32_t larger = 0;
        for (uint32_t other = 0; other < result->sites; other++) {
            larger += total[other] > total[s] || (total[other] == total[s] && other < s);
        }
        if (larger < GW_THEME_CATEGORIES) {
            fig->site[fig->sites++] = s;
        }
    }
    return true;
}

static bool fill(struct figure *fig, struct gw_arena *arena)
{
    const struct gw_result_file *result = fig->result;
    choose_bins(fig);
    if (!choose_sites(fig, arena)) {
        return false;
    }
    const size_t lines = (size_t)QUANTITIES * result->policies * fig->sites;
    fig->edge_frac = gw_arena_array(arena, fig->bins + 1, sizeof *fig->edge_frac);
    fig->value = gw_arena_array(arena, lines, (fig->bins + 1) * sizeof *fig->value);
    if (fig->edge_frac == NULL || fig->value == NULL) {
        return false;
    }
    for (size_t bin = 0; bin < fig->bins; bin++) {
        const size_t end = (bin + 1) * fig->rows_per_bin;
        const double end_us =
            (double)(end < fig->series_rows ? end : fig->series_rows) * (double)result->every_us;
        fig->edge_frac[bin + 1] = fmin(end_us / (double)result->duration_us, 1.0);
    }
    for (size_t q = 0; q < QUANTITIES; q++) {
        for (uint32_t p = 0; p < result->policies; p++) {
            for (uint32_t i = 0; i < fig->sites; i++) {
                for (size_t bin = 0; bin < fig->bins; bin++) {
                    const double value = mean(fig, q, p, fig->site[i], bin);
                    values_of(fig, q, p, i)[bin] = value;
                    fig->most[q] = fmax(fig->most[q], value);
                }
            }
        }
    }
    return true;
}

/* --- drawing -------------------------------------------------------------------------------------- */

/* Every other line is dashed: where two lie on one another the one below shows through. */
static struct gw_stroke line_of(uint32_t i)
{
    return (struct gw_stroke){LINE_WIDTH_PT, gw_theme_category(i), i % 2 == 1 ? DASH_PT : 0.0};
}

static bool draw_panel(const struct figure *fig, struct gw_box box, size_t q, uint32_t policy,
                       struct gw_label_unit unit, struct gw_arena *arena)
{
    const struct gw_result_file *result = fig->result;
    struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 1.0, box.y + box.height, box.y};
    gw_scale_span_from_zero(0.0, fig->most[q] * unit.factor, &y.lo, &y.hi);
    const struct gw_scale t = {GW_SCALE_TIME, (double)result->start_unix_us,
                               (double)(result->start_unix_us + result->duration_us), box.x,
                               box.x + box.width};
    const struct gw_ticks y_ticks = gw_axis_fit_y(&y), t_ticks = gw_axis_fit_x(fig->canvas, &t);
    gw_axis_grid_y(fig->canvas, box, &y, &y_ticks);
    gw_axis_grid_x(fig->canvas, box, &t, &t_ticks);
    gw_axis_labels_y(fig->canvas, box, &y, &y_ticks);
    if (q + 1 == QUANTITIES) {
        gw_axis_labels_x(fig->canvas, box, &t, &t_ticks);
        if (policy % fig->columns == 0) {
            gw_axis_unit_x(fig->canvas, box, box.x - 12.0, "UTC");
        }
    }
    double *x = gw_arena_array(arena, fig->bins + 1, sizeof *x);
    double *at = gw_arena_array(arena, fig->bins + 1, sizeof *at);
    if (x == NULL || at == NULL) {
        return false;
    }
    for (size_t bin = 0; bin <= fig->bins; bin++) {
        x[bin] = box.x + fig->edge_frac[bin] * box.width;
    }
    for (uint32_t i = 0; i < fig->sites; i++) {
        const double *value = values_of(fig, q, policy, i);
        for (size_t bin = 0; bin < fig->bins; bin++) {
            at[bin] = isnan(value[bin]) ? (double)NAN : gw_scale_at(&y, value[bin] * unit.factor);
        }
        gw_mark_steps(fig->canvas, x, at, fig->bins, line_of(i));
    }
    return true;
}

static const char *standing(const struct figure *fig, uint32_t policy)
{
    if (fig->rows.runs[policy].whole == 0) {
        return "failed";
    }
    if (policy == fig->result->baseline) {
        return fig->result->policies > 1 ? "baseline" : "";
    }
    return fig->rows.runs[policy].comparable ? "" : "not comparable";
}

static void draw_name(const struct figure *fig, double x, double y, uint32_t policy)
{
    const char *remark = standing(fig, policy);
    const double remark_pt = gw_canvas_text_width_pt(fig->canvas, GW_THEME_SMALL, remark);
    char shown[NAME_BYTES];
    gw_font_fit(fig->canvas->font, true, GW_THEME_HEADING.size_pt, fig->result->policy[policy],
                fig->panel_pt - remark_pt - 4.0, shown, sizeof shown);
    const double after = x + gw_canvas_text_width_pt(fig->canvas, GW_THEME_HEADING, shown) + 4.0;
    gw_canvas_text_centred(fig->canvas, (struct gw_point){x, y}, GW_ANCHOR_START, GW_THEME_HEADING, shown);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){after, y}, GW_ANCHOR_START, GW_THEME_SMALL, remark);
}

/* Policies first .. first + n - 1 side by side, one line of panels per quantity. */
static bool draw_block(const struct figure *fig, struct gw_page *page, uint32_t first, uint32_t n,
                       struct gw_arena *arena)
{
    const double across = GUTTER_PT + fig->panel_pt + COLUMN_GAP_PT;
    const double x0 = page->left + GUTTER_PT;
    for (uint32_t c = 0; c < n; c++) {
        draw_name(fig, x0 + c * across, page->y + NAMES_PT / 2, first + c);
    }
    page->y += NAMES_PT;
    bool room = true;
    for (size_t q = 0; q < QUANTITIES && room; q++) {
        const struct gw_label_unit unit = gw_label_unit(quantity[q].unit, fig->most[q]);
        char heading[96];
        snprintf(heading, sizeof heading, "%s, %s", quantity[q].title, unit.text);
        gw_canvas_text_centred(fig->canvas, (struct gw_point){x0, page->y + HEADING_PT / 2}, GW_ANCHOR_START,
                               GW_THEME_SMALL, heading);
        page->y += HEADING_PT;
        for (uint32_t c = 0; c < n && room; c++) {
            const struct gw_box box = {x0 + c * across, page->y, fig->panel_pt, PANEL_PT};
            room = draw_panel(fig, box, q, first + c, unit, arena);
        }
        page->y += PANEL_PT;
    }
    page->y += GW_AXIS_LABELS_PT + BLOCK_GAP_PT;
    return room;
}

static void draw_keys(const struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GW_THEME_CATEGORIES + 1] = {0};
    char others[64];
    for (uint32_t i = 0; i < fig->sites; i++) {
        key[i] = (struct gw_page_key){GW_PAGE_SWATCH, gw_theme_category(i), fig->result->site[fig->site[i]]};
    }
    size_t n = fig->sites;
    if (fig->result->sites > fig->sites) {
        snprintf(others, sizeof others, "%u sites with fewer requests are not drawn",
                 (unsigned)(fig->result->sites - fig->sites));
        key[n++] = (struct gw_page_key){GW_PAGE_TEXT, 0, others};
    }
    gw_page_keys(page, key, n);
    page->y += 2.0;
}

static bool draw_all(struct figure *fig, struct gw_page *page, struct gw_arena *arena)
{
    const uint32_t policies = fig->result->policies;
    fig->columns = policies < COLUMNS_MAX ? policies : COLUMNS_MAX;
    fig->panel_pt = (page->right - page->left + COLUMN_GAP_PT) / fig->columns - GUTTER_PT - COLUMN_GAP_PT;
    if (!fill(fig, arena)) {
        return false;
    }
    draw_keys(fig, page);
    bool room = true;
    for (uint32_t first = 0; first < policies && room; first += fig->columns) {
        const uint32_t left = policies - first;
        room = draw_block(fig, page, first, left < fig->columns ? left : fig->columns, arena);
    }
    gw_rows_draw_notes(&fig->rows, page);
    return room;
}

static bool draw(struct figure *fig, struct gw_arena *arena)
{
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    bool room = gw_rows_init(&fig->rows, fig->canvas, fig->result, 1, 0.0, 0.0, arena);
    gw_text_addf(&title, "Load, queues and power by site, %s", fig->result->scenario_name);
    gw_page_add_span(&subtitle, fig->result);
    gw_text_addf(&subtitle, "; means over %s%s",
                 fig->result->every_us >= GW_US_PER_H ? "the hours of the series" : "the steps of the series",
                 fig->result->models > 1 ? "; KV memory of the model with the most in use" : "");
    gw_page_open(&page, fig->canvas, &title, &subtitle);
    bool whole = fig->result->rows > 0 && fig->result->every_us > 0 && fig->result->duration_us > 0;
    for (size_t q = 0; q < QUANTITIES; q++) {
        whole = whole && fig->column[q] != NULL;
    }
    if (!whole) {
        gw_page_note(&page, "This result holds no time series of the replicas' load.");
    } else if (room) {
        room = draw_all(fig, &page, arena);
    }
    gw_page_close(&page, fig->result);
    return room;
}

enum gw_status gw_fig_load_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas, .result = result};
    for (size_t q = 0; q < QUANTITIES; q++) {
        fig.column[q] = quantity[q].column != NULL
                            ? gw_result_file_column(result->load, result->n_load, quantity[q].column)
                            : gw_result_file_series(result, "import_kwh");
    }
    const bool drawn = draw(&fig, &arena);
    gw_arena_fini(&arena);
    return drawn && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure load", "out of memory");
}
