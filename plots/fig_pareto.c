#include "plots/fig_pareto.h"

#include <math.h>
#include <stdio.h>

#include "plots/axis.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/summary.h"
#include "plots/theme.h"

#define GUTTER_PT     34.0
#define COLUMN_GAP_PT 14.0
#define HEADING_PT    13.0
#define HEIGHT_PT     120.0
#define UNIT_PT       10.0 /* of the horizontal axis, under its labels */
#define DOT_PT        2.8
#define RING_PT       1.8  /* by which a dot is wider than the one it would be hidden by */
#define AIR           0.06 /* beyond the data, of their extent */
#define DECADE        10.0 /* from this ratio on an axis is logarithmic */

enum { COLUMNS = 2, OBJECTIVES = 4 };
static const struct {
    const char *column, *name, *unit;
} objective[OBJECTIVES] = {
    {"carbon_kgco2", "carbon", "kgCO2"},
    {"water_l", "water", "L"},
    {"cost_usd", "cost", "USD"},
    {"ttft_ms_mean", "mean time to first token", "ms"},
};

struct axis {
    double bound;  /* of the day; NAN: none */
    double lo, hi; /* of what is drawn */
    double factor; /* from the stored unit */
    const char *unit;
};

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    uint32_t policies;                             /* drawn: as many as there are colours */
    double value[GW_THEME_CATEGORIES][OBJECTIVES]; /* NAN: not drawn */
    struct axis axis[OBJECTIVES];
    bool any;
};

/* The mean over replications. */
static double bound_of(const struct gw_result_file *result, const char *name)
{
    const struct gw_result_column *column = gw_result_file_column(result->bound, result->n_bounds, name);
    double sum = 0.0;
    for (uint32_t r = 0; column != NULL && r < result->replications; r++) {
        sum += column->value[(size_t)GW_BOUND_DAY * result->replications + r];
    }
    return column != NULL ? sum / result->replications : (double)NAN;
}

static void widen(struct axis *axis, double x)
{
    axis->lo = isfinite(x) ? fmin(axis->lo, x) : axis->lo;
    axis->hi = isfinite(x) ? fmax(axis->hi, x) : axis->hi;
}

static void gather(struct figure *fig)
{
    const struct gw_result_file *result = fig->result;
    for (int k = 0; k < OBJECTIVES; k++) {
        struct axis *axis = &fig->axis[k];
        const struct gw_result_column *column = gw_result_file_score(result, objective[k].column);
        *axis =
            (struct axis){.bound = bound_of(result, objective[k].column), .lo = INFINITY, .hi = -INFINITY};
        widen(axis, axis->bound);
        for (uint32_t p = 0; p < fig->policies; p++) {
            const bool comparable = gw_summary_runs(result, p).comparable || p == result->baseline;
            fig->value[p][k] = comparable ? gw_summary_score(result, column, p).mean : (double)NAN;
            widen(axis, fig->value[p][k]);
            fig->any = fig->any || isfinite(fig->value[p][k]);
        }
        const struct gw_label_unit unit = gw_label_unit(objective[k].unit, axis->hi);
        axis->factor = unit.factor;
        axis->unit = unit.text;
    }
}

/* Dots need no zero; what spans decades is logarithmic. */
static struct gw_scale scale_of(const struct axis *axis, double from_pt, double to_pt)
{
    struct gw_scale scale = {GW_SCALE_LINEAR, 0.0, 1.0, from_pt, to_pt};
    const double lo = axis->lo * axis->factor, hi = axis->hi * axis->factor;
    if (lo > 0.0 && hi > DECADE * lo) {
        scale.kind = GW_SCALE_LOG;
        gw_scale_span_log(lo, hi, &scale.lo, &scale.hi);
        return scale;
    }
    const double air = hi > lo ? AIR * (hi - lo) : fmax(AIR * fabs(hi), 1e-9);
    scale.lo = lo - air;
    scale.hi = hi + air;
    return scale;
}

static void draw_bounds(struct figure *fig, struct gw_box box, const struct axis *ax, const struct axis *ay,
                        const struct gw_scale *x, const struct gw_scale *y)
{
    const struct gw_stroke stroke = {0.8, GW_THEME_MUTED, 2.5};
    if (isfinite(ax->bound)) {
        const double at = gw_scale_at(x, ax->bound * ax->factor);
        gw_canvas_segment(fig->canvas, (struct gw_point){at, box.y},
                          (struct gw_point){at, box.y + box.height}, stroke);
    }
    if (isfinite(ay->bound)) {
        const double at = gw_scale_at(y, ay->bound * ay->factor);
        gw_canvas_segment(fig->canvas, (struct gw_point){box.x, at}, (struct gw_point){box.x + box.width, at},
                          stroke);
    }
}

/* Dots that would hide one another stand in one another, the first as the widest. */
static void draw_dots(struct figure *fig, int i, int j, const struct gw_scale *x, const struct gw_scale *y)
{
    struct gw_point at[GW_THEME_CATEGORIES];
    for (uint32_t p = 0; p < fig->policies; p++) {
        const double a = fig->value[p][i], b = fig->value[p][j];
        at[p] = (struct gw_point){(double)NAN, (double)NAN};
        if (isfinite(a) && isfinite(b)) {
            at[p] = (struct gw_point){gw_scale_at(x, a * fig->axis[i].factor),
                                      gw_scale_at(y, b * fig->axis[j].factor)};
        }
    }
    for (uint32_t p = 0; p < fig->policies; p++) {
        const double radius_pt = p % 2 == 0 ? DOT_PT : 1.3 * DOT_PT;
        uint32_t hidden_by = 0;
        for (uint32_t q = p + 1; q < fig->policies; q++) { /* false where one is not drawn: NaN */
            hidden_by += hypot(at[p].x - at[q].x, at[p].y - at[q].y) < radius_pt;
        }
        if (isfinite(at[p].x)) {
            gw_mark_dot(fig->canvas, p % 2 == 0 ? GW_MARK_DISC : GW_MARK_DIAMOND, at[p],
                        radius_pt + RING_PT * hidden_by, gw_theme_category(p));
        }
    }
}

static void draw_panel(struct figure *fig, struct gw_box box, int i, int j)
{
    struct gw_canvas *canvas = fig->canvas;
    const struct axis *ax = &fig->axis[i], *ay = &fig->axis[j];
    const struct gw_scale x = scale_of(ax, box.x, box.x + box.width),
                          y = scale_of(ay, box.y + box.height, box.y);
    const struct gw_ticks x_ticks = gw_axis_fit_x(canvas, &x), y_ticks = gw_axis_fit_y(&y);
    gw_axis_grid_x(canvas, box, &x, &x_ticks);
    gw_axis_grid_y(canvas, box, &y, &y_ticks);
    gw_axis_labels_x(canvas, box, &x, &x_ticks);
    gw_axis_labels_y(canvas, box, &y, &y_ticks);
    char name[96];
    (void)snprintf(name, sizeof name, "%s, %s", objective[j].name, ay->unit);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x, box.y - HEADING_PT / 2}, GW_ANCHOR_START,
                           GW_THEME_SMALL, name);
    (void)snprintf(name, sizeof name, "%s, %s", objective[i].name, ax->unit);
    gw_canvas_text_centred(
        canvas, (struct gw_point){box.x + box.width, box.y + box.height + GW_AXIS_LABELS_PT + UNIT_PT / 2},
        GW_ANCHOR_END, GW_THEME_SMALL, name);
    draw_bounds(fig, box, ax, ay, &x, &y);
    draw_dots(fig, i, j, &x, &y);
}

static void draw_panels(struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GW_THEME_CATEGORIES + 1];
    size_t n = 0;
    bool bounds = false, left_out = fig->result->policies > fig->policies;
    for (uint32_t p = 0; p < fig->policies; p++) {
        key[n++] = (struct gw_page_key){GW_PAGE_SWATCH, gw_theme_category(p), fig->result->policy[p]};
        left_out = left_out || !isfinite(fig->value[p][0]);
    }
    for (int k = 0; k < OBJECTIVES; k++) {
        bounds = bounds || isfinite(fig->axis[k].bound);
    }
    if (bounds) {
        key[n++] = (struct gw_page_key){GW_PAGE_DASHED, GW_THEME_MUTED, "bound-day, by the evaluator"};
    }
    gw_page_keys(page, key, n);
    const double width = (page->right - page->left - (COLUMNS - 1) * COLUMN_GAP_PT) / COLUMNS - GUTTER_PT;
    int panel = 0;
    for (int i = 0; i < OBJECTIVES; i++) {
        for (int j = i + 1; j < OBJECTIVES; j++, panel++) {
            const int column = panel % COLUMNS;
            const struct gw_box box = {page->left + GUTTER_PT + column * (GUTTER_PT + width + COLUMN_GAP_PT),
                                       page->y + HEADING_PT, width, HEIGHT_PT};
            draw_panel(fig, box, i, j);
            page->y +=
                column == COLUMNS - 1 ? HEADING_PT + HEIGHT_PT + GW_AXIS_LABELS_PT + UNIT_PT + 4.0 : 0.0;
        }
    }
    if (left_out) {
        gw_page_note(page,
                     "Policies that failed, did other work than the baseline, or come after the seventh are "
                     "left out.");
    }
    gw_page_note(page,
                 "Towards the lower left is better. Axes do not begin at zero; those that span a decade are "
                 "logarithmic. Dots in the same place stand in one another.");
}

enum gw_status gw_fig_pareto_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                  struct gw_error *err)
{
    struct figure fig = {.canvas = canvas,
                         .result = result,
                         .policies = result->policies < GW_THEME_CATEGORIES ? result->policies
                                                                            : (uint32_t)GW_THEME_CATEGORIES};
    gather(&fig);
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Objectives against each other, %s", result->scenario_name);
    gw_page_add_span(&subtitle, result);
    gw_page_open(&page, canvas, &title, &subtitle);
    if (fig.any) {
        draw_panels(&fig, &page);
    } else {
        gw_page_note(&page, "No run of this result is whole and comparable.");
    }
    gw_page_close(&page, result);
    return !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure pareto", "out of memory");
}
