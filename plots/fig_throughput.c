#include "plots/fig_throughput.h"

#include <math.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/theme.h"
#include "sim/base/units.h"

#define GUTTER_PT   34.0 /* labels of the upright axis */
#define HEADING_PT  12.0
#define HEIGHT_PT   210.0
#define UNIT_GAP_PT 13.0
#define DOT_PT      1.5

enum { DOTS_MAX = 3000 }; /* of a policy; more are thinned evenly */

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    const struct gw_result_column *tokens, *finished, *ttft; /* NULL when the file has none */
    uint32_t policies;                                       /* drawn: as many as there are colours */
    double most_tok_per_s, least_ms, most_ms;
};

struct dot {
    double tok_per_s, ms; /* ms NaN: nothing was answered */
};

static struct dot dot_of(const struct figure *fig, size_t run, size_t row, uint32_t site)
{
    const size_t cell = (run * fig->result->sites + site) * fig->result->rows + row;
    const double n = fig->finished->value[cell], hours = gw_h_from_us(fig->result->every_us);
    return (struct dot){.tok_per_s = fig->tokens->value[cell] / (hours * 3600.0),
                        .ms = n > 0.0 ? 1e3 * fig->ttft->value[cell] / n : (double)NAN};
}

/* The first whole run of a policy; false when all failed. */
static bool run_of(const struct figure *fig, uint32_t policy, size_t *run)
{
    for (uint32_t r = 0; r < fig->result->replications; r++) {
        *run = (size_t)policy * fig->result->replications + r;
        if (fig->result->ok[*run]) {
            return true;
        }
    }
    return false;
}

/* Without the drain, in which next to nothing is put out. */
static size_t scored_rows(const struct gw_result_file *result)
{
    const size_t rows = result->every_us > 0 ? (size_t)(result->duration_us / result->every_us) : 0;
    return rows < result->rows ? rows : result->rows;
}

/* Calls `use` for the dots of a policy. */
static void each_dot(struct figure *fig, uint32_t policy, const struct gw_scale *x, const struct gw_scale *y,
                     void (*use)(struct figure *fig, uint32_t policy, struct dot dot,
                                 const struct gw_scale *x, const struct gw_scale *y))
{
    const size_t rows = scored_rows(fig->result), cells = rows * fig->result->sites,
                 stride = cells / DOTS_MAX + 1;
    size_t run;
    if (!run_of(fig, policy, &run)) {
        return;
    }
    for (size_t i = 0; i < cells; i += stride) {
        const struct dot dot = dot_of(fig, run, i / fig->result->sites, (uint32_t)(i % fig->result->sites));
        if (dot.ms > 0.0 && isfinite(dot.tok_per_s)) {
            use(fig, policy, dot, x, y);
        }
    }
}

static void widen(struct figure *fig, uint32_t policy, struct dot dot, const struct gw_scale *x,
                  const struct gw_scale *y)
{
    (void)policy;
    (void)x;
    (void)y;
    fig->most_tok_per_s = fmax(fig->most_tok_per_s, dot.tok_per_s);
    fig->least_ms = fmin(fig->least_ms, dot.ms);
    fig->most_ms = fmax(fig->most_ms, dot.ms);
}

static void draw_dot(struct figure *fig, uint32_t policy, struct dot dot, const struct gw_scale *x,
                     const struct gw_scale *y)
{
    gw_mark_dot(fig->canvas, policy % 2 == 0 ? GW_MARK_DISC : GW_MARK_DIAMOND,
                (struct gw_point){gw_scale_at(x, dot.tok_per_s), gw_scale_at(y, dot.ms)},
                policy % 2 == 0 ? DOT_PT : 1.3 * DOT_PT, gw_theme_category(policy));
}

/* Queues are seen on a logarithmic axis; what keeps within a decade reads better from zero. */
static bool logarithmic(const struct figure *fig)
{
    return fig->most_ms > 10.0 * fig->least_ms;
}

static void draw_panel(struct figure *fig, struct gw_page *page)
{
    const struct gw_box box = {page->left + GUTTER_PT, page->y + HEADING_PT,
                               page->right - page->left - GUTTER_PT, HEIGHT_PT};
    struct gw_scale x = {.kind = GW_SCALE_LINEAR, .from_pt = box.x, .to_pt = box.x + box.width},
                    y = {.kind = logarithmic(fig) ? GW_SCALE_LOG : GW_SCALE_LINEAR,
                         .from_pt = box.y + box.height,
                         .to_pt = box.y};
    gw_scale_span_from_zero(0.0, fig->most_tok_per_s, &x.lo, &x.hi);
    if (y.kind == GW_SCALE_LOG) {
        gw_scale_span_log(fig->least_ms, fig->most_ms, &y.lo, &y.hi);
    } else {
        gw_scale_span_from_zero(0.0, fig->most_ms, &y.lo, &y.hi);
    }
    const struct gw_ticks x_ticks = gw_axis_fit_x(fig->canvas, &x), y_ticks = gw_axis_fit_y(&y);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, page->y + HEADING_PT / 2}, GW_ANCHOR_START,
                           GW_THEME_SMALL, "mean time to first token, ms");
    gw_axis_grid_x(fig->canvas, box, &x, &x_ticks);
    gw_axis_grid_y(fig->canvas, box, &y, &y_ticks);
    for (uint32_t p = 0; p < fig->policies; p++) {
        each_dot(fig, p, &x, &y, draw_dot);
    }
    gw_axis_labels_x(fig->canvas, box, &x, &x_ticks);
    gw_axis_labels_y(fig->canvas, box, &y, &y_ticks);
    page->y = box.y + box.height + GW_AXIS_LABELS_PT + 2.0;
    gw_canvas_text_centred(fig->canvas, (struct gw_point){page->right, page->y + 5.0}, GW_ANCHOR_END,
                           GW_THEME_SMALL, "output tokens per second of a site");
    page->y += 12.0;
}

static void draw_keys(const struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GW_THEME_CATEGORIES];
    for (uint32_t p = 0; p < fig->policies; p++) {
        key[p] = (struct gw_page_key){GW_PAGE_SWATCH, gw_theme_category(p), fig->result->policy[p]};
    }
    gw_page_keys(page, key, fig->policies);
    if (fig->result->policies > fig->policies) {
        gw_page_note(page, "Policies beyond the seventh are left out.");
    }
}

enum gw_status gw_fig_throughput_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                      struct gw_error *err)
{
    struct figure fig = {
        .canvas = canvas,
        .result = result,
        .tokens = gw_result_file_series(result, "tokens_out"),
        .finished = gw_result_file_series(result, "finished"),
        .ttft = gw_result_file_series(result, "ttft_s"),
        .policies = result->policies < GW_THEME_CATEGORIES ? result->policies : GW_THEME_CATEGORIES,
        .least_ms = INFINITY,
    };
    for (uint32_t p = 0; fig.tokens != NULL && fig.finished != NULL && fig.ttft != NULL && p < fig.policies;
         p++) {
        each_dot(&fig, p, NULL, NULL, widen);
    }
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Latency over throughput, %s", result->scenario_name);
    gw_page_add_span(&subtitle, result);
    gw_text_add(&subtitle, logarithmic(&fig) ? "; a dot per site and interval; logarithmic axis of time"
                                             : "; a dot per site and interval");
    gw_page_open(&page, canvas, &title, &subtitle);
    if (fig.most_ms > 0.0 && fig.most_tok_per_s > 0.0) {
        draw_keys(&fig, &page);
        draw_panel(&fig, &page);
    } else {
        gw_page_note(&page, "This result holds no answered requests over time.");
    }
    gw_page_close(&page, result);
    return !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure throughput", "out of memory");
}
