#include "plots/fig_validation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/axis.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/theme.h"
#include "sim/base/version.h"

#define STRIP_PT     26.0
#define SPREAD_PT    18.0 /* dots of a strip keep apart within this height */
#define NAMES_PT     140.0
#define COUNT_PT     56.0
#define UNIT_GAP_PT  4.0
#define OFF_MAX      3.0 /* what lies farther is drawn at the edge */
#define DOT_PT       1.9
#define GOLDEN_RATIO 0.6180339887498949

struct strip {
    size_t from, to; /* rows */
};

static size_t group_end(const struct gw_validation *v, size_t from)
{
    size_t end = from;
    while (end < v->n && strcmp(v->row[end].group, v->row[from].group) == 0) {
        end++;
    }
    return end;
}

static uint32_t colour(enum gw_validation_kind kind)
{
    switch (kind) {
    case GW_VALIDATION_PREDICTED:
        return gw_theme_category(0);
    case GW_VALIDATION_FITTED:
        return gw_theme_category(1);
    case GW_VALIDATION_REPLAY:
        return gw_theme_category(2);
    case GW_VALIDATION_IDENTITY:
    case GW_VALIDATION_KINDS:
        break;
    }
    return GW_THEME_OTHER;
}

/* Dots spread evenly over the strip's height in an order that hides no neighbour. */
static void draw_rows(struct gw_canvas *canvas, const struct gw_validation *v, struct strip strip,
                      const struct gw_scale *scale, double middle)
{
    double phase = 0.5;
    for (size_t i = strip.from; i < strip.to; i++) {
        const double off = gw_validation_off(&v->row[i]);
        if (isnan(off)) {
            continue;
        }
        const bool miss = v->row[i].verdict == GW_VERDICT_MISS;
        const struct gw_point at = {gw_scale_at(scale, fmin(fmax(off, -OFF_MAX), OFF_MAX)),
                                    middle + (strip.to - strip.from > 1 ? (phase - 0.5) * SPREAD_PT : 0.0)};
        gw_mark_dot(canvas, miss ? GW_MARK_DIAMOND : GW_MARK_DISC, at, miss ? 1.7 * DOT_PT : DOT_PT,
                    colour(v->row[i].kind));
        phase = fmod(phase + GOLDEN_RATIO, 1.0);
    }
}

static void draw_count(struct gw_canvas *canvas, const struct gw_validation *v, struct strip strip,
                       struct gw_point right)
{
    unsigned n[GW_VERDICTS] = {0};
    for (size_t i = strip.from; i < strip.to; i++) {
        n[v->row[i].verdict]++;
    }
    char text[64];
    if (n[GW_VERDICT_PASS] + n[GW_VERDICT_MISS] == 0) {
        snprintf(text, sizeof text, "%u skipped", n[GW_VERDICT_SKIPPED]);
    } else {
        snprintf(text, sizeof text, "%u of %u hold", n[GW_VERDICT_PASS],
                 n[GW_VERDICT_PASS] + n[GW_VERDICT_MISS]);
    }
    gw_canvas_text_centred(canvas, right, GW_ANCHOR_END, GW_THEME_SMALL, text);
}

static void draw_strips(struct gw_page *page, const struct gw_validation *v, size_t strips)
{
    struct gw_canvas *canvas = page->canvas;
    const struct gw_box panel = {page->left + NAMES_PT, page->y,
                                 page->right - COUNT_PT - page->left - NAMES_PT, (double)strips * STRIP_PT};
    const struct gw_scale scale = {.kind = GW_SCALE_LINEAR,
                                   .lo = -OFF_MAX - 0.1,
                                   .hi = OFF_MAX + 0.1,
                                   .from_pt = panel.x,
                                   .to_pt = panel.x + panel.width};
    const struct gw_ticks ticks = gw_axis_fit_x(canvas, &scale);
    const double low = gw_scale_at(&scale, -1.0), high = gw_scale_at(&scale, 1.0);
    gw_canvas_rect(canvas, (struct gw_box){low, panel.y, high - low, panel.height}, GW_THEME_BAND);
    gw_axis_grid_x(canvas, panel, &scale, &ticks);
    double y = panel.y;
    for (struct strip s = {0}; s.from < v->n; s.from = s.to, y += STRIP_PT) {
        s.to = group_end(v, s.from);
        char name[256];
        const struct gw_lettering how = GW_THEME_BODY;
        gw_font_fit(canvas->font, how.bold, how.size_pt, v->row[s.from].group, NAMES_PT - 6.0, name,
                    sizeof name);
        gw_canvas_text_centred(canvas, (struct gw_point){page->left, y + STRIP_PT / 2}, GW_ANCHOR_START, how,
                               name);
        draw_rows(canvas, v, s, &scale, y + STRIP_PT / 2);
        draw_count(canvas, v, s, (struct gw_point){page->right, y + STRIP_PT / 2});
        gw_canvas_segment(canvas, (struct gw_point){page->left, y}, (struct gw_point){page->right, y},
                          GW_THEME_GRID_LINE);
    }
    gw_canvas_segment(canvas, (struct gw_point){scale.from_pt, y}, (struct gw_point){scale.to_pt, y},
                      GW_THEME_AXIS_LINE);
    gw_axis_labels_x(canvas, panel, &scale, &ticks);
    page->y = y + GW_AXIS_LABELS_PT + 5.0;
}

static void draw_keys(struct gw_page *page, const struct gw_validation *v)
{
    struct gw_page_key key[GW_VALIDATION_KINDS];
    size_t n = 0;
    for (size_t k = GW_VALIDATION_KINDS; k-- > 0;) {
        for (size_t i = 0; i < v->n; i++) {
            if (v->row[i].kind == (enum gw_validation_kind)k) {
                key[n++] = (struct gw_page_key){GW_PAGE_SWATCH, colour((enum gw_validation_kind)k),
                                                gw_validation_kind_names[k]};
                break;
            }
        }
    }
    gw_page_keys(page, key, n);
}

enum gw_status gw_fig_validation_draw(struct gw_canvas *canvas, const char *subject,
                                      const struct gw_validation *v, struct gw_error *err)
{
    size_t strips = 0;
    for (size_t i = 0; i < v->n; i = group_end(v, i)) {
        strips++;
    }
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0}, source = {0};
    gw_text_addf(&title, "Validation: %s", subject);
    gw_text_add(&subtitle, "distance of our value from the published one, in units of what is allowed "
                           "(grey: allowed); diamonds: misses; beyond three: at the edge");
    gw_page_open(&page, canvas, &title, &subtitle);
    draw_strips(&page, v, strips);
    draw_keys(&page, v);
    gw_text_addf(&source, "geowatt %s (%s) · geowatt validate %s", gw_version_number(), gw_version_commit(),
                 subject);
    page.y += 4.0;
    if (!source.failed) {
        gw_page_note(&page, source.at);
    }
    gw_canvas_set_height(canvas, page.y + GW_THEME_MARGIN_PT - 4.0);
    canvas->failed = canvas->failed || source.failed;
    gw_text_fini(&source);
    return !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure validation", "out of memory");
}
