#include "plots/fig_parallel.h"

#include <math.h>
#include <stdio.h>

#include "plots/label.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/summary.h"
#include "plots/theme.h"

#define SIDE_PT    34.0 /* left of the first axis and right of the last: half of their headings */
#define HEADING_PT 20.0 /* name and unit above an axis */
#define LINE_PT    9.0  /* of text */
#define HEIGHT_PT  170.0
#define WIDTH_PT   1.3
#define OTHER_PT   0.6
#define DOT_PT     2.1
#define DODGE_PT   2.6  /* from a policy's marks to the next one's, so that none hides one that is alike */
#define INSET_FRAC 0.04 /* of an axis beyond its ends, so that no mark lies on a number */

enum { AXES = 6 };
static const struct {
    const char *column, *name, *unit;
} objective[AXES] = {
    {"carbon_kgco2", "carbon", "kgCO2"}, {"water_l", "water", "L"},
    {"cost_usd", "cost", "USD"},         {"energy_kwh", "energy", "kWh"},
    {"ttft_ms_mean", "mean TTFT", "ms"}, {"ttft_ms_p99", "99th perc. TTFT", "ms"},
};

struct axis {
    double x, lo, hi; /* place; of the values drawn, in the stored unit */
    const struct gw_result_column *column;
};

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct axis axis[AXES];
    double top, bottom;
    uint32_t drawn, named; /* comparable policies; those of them with a colour */
};

static bool is_drawn(const struct figure *fig, uint32_t policy)
{
    return gw_summary_runs(fig->result, policy).comparable ||
           (policy == fig->result->baseline && gw_summary_runs(fig->result, policy).whole > 0);
}

static double value_of(const struct figure *fig, int k, uint32_t policy)
{
    return gw_summary_score(fig->result, fig->axis[k].column, policy).mean;
}

static void find_extents(struct figure *fig)
{
    for (int k = 0; k < AXES; k++) {
        struct axis *axis = &fig->axis[k];
        *axis = (struct axis){.lo = INFINITY,
                              .hi = -INFINITY,
                              .column = gw_result_file_score(fig->result, objective[k].column)};
        for (uint32_t p = 0; p < fig->result->policies; p++) {
            const double x = is_drawn(fig, p) ? value_of(fig, k, p) : (double)NAN;
            axis->lo = isfinite(x) ? fmin(axis->lo, x) : axis->lo;
            axis->hi = isfinite(x) ? fmax(axis->hi, x) : axis->hi;
        }
    }
    for (uint32_t p = 0; p < fig->result->policies; p++) {
        fig->drawn += is_drawn(fig, p);
    }
    fig->named = fig->drawn < GW_THEME_CATEGORIES ? fig->drawn : (uint32_t)GW_THEME_CATEGORIES;
}

/* The least lies near the bottom, the most near the top; what is all alike in the middle. */
static double height_of(const struct figure *fig, int k, double x)
{
    const struct axis *axis = &fig->axis[k];
    const double inset = INSET_FRAC * (fig->bottom - fig->top);
    const double frac = axis->hi > axis->lo ? (x - axis->lo) / (axis->hi - axis->lo) : 0.5;
    return fig->bottom - inset - frac * (fig->bottom - fig->top - 2.0 * inset);
}

static void draw_axis(const struct figure *fig, int k)
{
    const struct axis *axis = &fig->axis[k];
    struct gw_canvas *canvas = fig->canvas;
    gw_canvas_segment(canvas, (struct gw_point){axis->x, fig->top}, (struct gw_point){axis->x, fig->bottom},
                      GW_THEME_AXIS_LINE);
    const struct gw_label_unit unit = gw_label_unit(objective[k].unit, axis->hi);
    const double above = fig->top - LINE_PT / 2 - 2.0;
    gw_canvas_text_centred(canvas, (struct gw_point){axis->x, above - 2.0 * LINE_PT}, GW_ANCHOR_MIDDLE,
                           GW_THEME_STRONG, objective[k].name);
    gw_canvas_text_centred(canvas, (struct gw_point){axis->x, above - LINE_PT}, GW_ANCHOR_MIDDLE,
                           GW_THEME_SMALL, unit.text);
    if (!(axis->hi >= axis->lo)) {
        gw_canvas_text_centred(canvas, (struct gw_point){axis->x, above}, GW_ANCHOR_MIDDLE, GW_THEME_SMALL,
                               "not known");
        return;
    }
    gw_canvas_text_centred(canvas, (struct gw_point){axis->x, above}, GW_ANCHOR_MIDDLE, GW_THEME_BODY,
                           gw_label_short(axis->hi * unit.factor).text);
    gw_canvas_text_centred(canvas, (struct gw_point){axis->x, fig->bottom + LINE_PT / 2 + 2.0},
                           GW_ANCHOR_MIDDLE, GW_THEME_BODY, gw_label_short(axis->lo * unit.factor).text);
}

/* Interrupted where a policy has no value. Every other one has diamonds and dashes. */
static void draw_policy(const struct figure *fig, uint32_t policy, uint32_t place)
{
    const bool named = place < fig->named, even = place % 2 == 0;
    const uint32_t rgb = named ? gw_theme_category(place) : (uint32_t)GW_THEME_OTHER;
    const double aside_pt = named ? DODGE_PT * (place - (fig->named - 1) / 2.0) : 0.0;
    const struct gw_stroke stroke = {named ? WIDTH_PT : OTHER_PT, rgb, named && !even ? 3.0 : 0.0};
    struct gw_point last = {NAN, NAN};
    for (int k = 0; k < AXES; k++) {
        const double x = value_of(fig, k, policy);
        const struct gw_point at = {fig->axis[k].x + aside_pt,
                                    isfinite(x) ? height_of(fig, k, x) : (double)NAN};
        if (isfinite(at.y) && isfinite(last.y)) {
            gw_canvas_segment(fig->canvas, last, at, stroke);
        }
        if (isfinite(at.y) && named) {
            gw_mark_dot(fig->canvas, even ? GW_MARK_DISC : GW_MARK_DIAMOND, at, even ? DOT_PT : 1.3 * DOT_PT,
                        rgb);
        }
        last = at;
    }
}

/* The grey ones first: they lie under the others. */
static void draw_policies(const struct figure *fig)
{
    for (int named = 0; named < 2; named++) {
        uint32_t place = 0;
        for (uint32_t p = 0; p < fig->result->policies; p++) {
            if (is_drawn(fig, p)) {
                if ((place < fig->named) == (named == 1)) {
                    draw_policy(fig, p, place);
                }
                place++;
            }
        }
    }
}

static void draw_keys(const struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GW_THEME_CATEGORIES + 1];
    size_t n = 0;
    char others[48];
    for (uint32_t p = 0; p < fig->result->policies && n < fig->named; p++) {
        if (is_drawn(fig, p)) {
            key[n] = (struct gw_page_key){GW_PAGE_SWATCH, gw_theme_category(n), fig->result->policy[p]};
            n++;
        }
    }
    if (fig->drawn > fig->named) {
        snprintf(others, sizeof others, "%u other policies", (unsigned)(fig->drawn - fig->named));
        key[n++] = (struct gw_page_key){GW_PAGE_SWATCH, GW_THEME_OTHER, others};
    }
    gw_page_keys(page, key, n);
}

static void draw_all(struct figure *fig, struct gw_page *page)
{
    draw_keys(fig, page);
    fig->top = page->y + HEADING_PT + LINE_PT + 4.0;
    fig->bottom = fig->top + HEIGHT_PT;
    const double step = (page->right - page->left - 2.0 * SIDE_PT) / (AXES - 1);
    for (int k = 0; k < AXES; k++) {
        fig->axis[k].x = page->left + SIDE_PT + k * step;
        draw_axis(fig, k);
    }
    draw_policies(fig);
    page->y = fig->bottom + LINE_PT + 8.0;
    if (fig->drawn < fig->result->policies) {
        gw_page_note(page, "Policies that failed or did other work than the baseline are left out.");
    }
    gw_page_note(page,
                 "Lower is better; TTFT is the time to first token. Each axis goes from the least to the "
                 "most of these "
                 "policies, not from zero. Marks stand aside from their axis so that none hides another.");
}

enum gw_status gw_fig_parallel_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                    struct gw_error *err)
{
    struct figure fig = {.canvas = canvas, .result = result};
    find_extents(&fig);
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Policies across objectives, %s", result->scenario_name);
    gw_page_add_span(&subtitle, result);
    gw_page_open(&page, canvas, &title, &subtitle);
    if (fig.drawn > 0) {
        draw_all(&fig, &page);
    } else {
        gw_page_note(&page, "No run of this result is whole and comparable.");
    }
    gw_page_close(&page, result);
    return !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure parallel", "out of memory");
}
