#include "plots/fig_gap.h"

#include <math.h>

#include "plots/axis.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/theme.h"

#define GUTTER_PT     30.0
#define COLUMN_GAP_PT 14.0
#define HEADING_PT    13.0
#define HEIGHT_PT     105.0
#define BETWEEN_PT    8.0
#define LINE_WIDTH_PT 1.1
#define RIGHT_PT      9.0 /* half of the last label */

enum { COLUMNS = 2 };
static const double least_percent = 0.1; /* what is nearer is drawn at the edge */

static const struct {
    const char *column, *name;
} quantity[] = {
    {"plan_gap_carbon_frac", "Carbon"},
    {"plan_gap_water_frac", "Water"},
    {"plan_gap_cost_frac", "Cost"},
    {"plan_gap_ttft_frac", "Mean time to first token"},
};
enum { QUANTITIES = sizeof quantity / sizeof quantity[0] };

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    uint32_t policies; /* drawn: as many as there are colours */
    double *edge_x, *y;
    double most_percent;
};

/* The gaps of the policy's first whole run; NULL when all failed. */
static const double *gaps_of(const struct figure *fig, const struct gw_result_column *column, uint32_t policy)
{
    for (uint32_t r = 0; r < fig->result->replications; r++) {
        const size_t run = (size_t)policy * fig->result->replications + r;
        if (fig->result->ok[run]) {
            return column->value + run * fig->result->epochs;
        }
    }
    return NULL;
}

/* One extent for all panels, so that they can be compared. */
static void find_extent(struct figure *fig)
{
    for (size_t q = 0; q < QUANTITIES; q++) {
        const struct gw_result_column *column =
            gw_result_file_column(fig->result->gap, fig->result->n_gaps, quantity[q].column);
        for (uint32_t p = 0; column != NULL && p < fig->policies; p++) {
            const double *gap = gaps_of(fig, column, p);
            for (uint32_t e = 0; gap != NULL && e < fig->result->epochs; e++) {
                fig->most_percent =
                    isfinite(gap[e]) ? fmax(fig->most_percent, 100.0 * gap[e]) : fig->most_percent;
            }
        }
    }
}

static void draw_line(struct figure *fig, const double *gap, const struct gw_scale *x,
                      const struct gw_scale *y, uint32_t rgb)
{
    const struct gw_result_file *result = fig->result;
    for (uint32_t e = 0; e < result->epochs; e++) {
        fig->edge_x[e] = gw_scale_at(x, (double)(result->start_unix_us + (gw_time_us)e * result->epoch_us));
        fig->y[e] = isfinite(gap[e]) ? gw_scale_at(y, fmax(100.0 * gap[e], least_percent)) : NAN;
    }
    fig->edge_x[result->epochs] = x->to_pt;
    gw_mark_steps(fig->canvas, fig->edge_x, fig->y, result->epochs,
                  (struct gw_stroke){LINE_WIDTH_PT, rgb, 0.0});
}

static void draw_panel(struct figure *fig, struct gw_box box, size_t q)
{
    struct gw_canvas *canvas = fig->canvas;
    const struct gw_result_file *result = fig->result;
    const struct gw_scale x = {
        GW_SCALE_TIME, (double)result->start_unix_us,
        (double)(result->start_unix_us + (gw_time_us)result->epochs * result->epoch_us), box.x,
        box.x + box.width};
    struct gw_scale y = {GW_SCALE_LOG, least_percent, 1.0, box.y + box.height, box.y};
    double unused;
    gw_scale_span_log(least_percent, fmax(fig->most_percent, 2.0 * least_percent), &unused, &y.hi);
    const struct gw_ticks x_ticks = gw_axis_fit_x(canvas, &x), y_ticks = gw_axis_fit_y(&y);
    gw_axis_grid_y(canvas, box, &y, &y_ticks);
    gw_axis_grid_x(canvas, box, &x, &x_ticks);
    gw_axis_labels_x(canvas, box, &x, &x_ticks);
    gw_axis_labels_y(canvas, box, &y, &y_ticks);
    const double above = box.y - HEADING_PT / 2;
    gw_canvas_text_centred(canvas, (struct gw_point){box.x, above}, GW_ANCHOR_START, GW_THEME_HEADING,
                           quantity[q].name);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x + box.width, above}, GW_ANCHOR_END, GW_THEME_SMALL,
                           "% above the bound");
    const struct gw_result_column *column =
        gw_result_file_column(result->gap, result->n_gaps, quantity[q].column);
    bool any = false;
    for (uint32_t p = 0; column != NULL && p < fig->policies; p++) {
        const double *gap = gaps_of(fig, column, p);
        for (uint32_t e = 0; gap != NULL && e < result->epochs; e++) {
            any = any || isfinite(gap[e]);
        }
        if (gap != NULL) {
            draw_line(fig, gap, &x, &y, gw_theme_category(p));
        }
    }
    if (!any) {
        gw_canvas_text_centred(canvas, (struct gw_point){box.x + box.width / 2, box.y + box.height / 2},
                               GW_ANCHOR_MIDDLE, GW_THEME_SMALL, "no bound was found");
    }
}

static void draw_panels(struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GW_THEME_CATEGORIES];
    for (uint32_t p = 0; p < fig->policies; p++) {
        key[p] = (struct gw_page_key){GW_PAGE_SWATCH, gw_theme_category(p), fig->result->policy[p]};
    }
    gw_page_keys(page, key, fig->policies);
    const double width =
        (page->right - RIGHT_PT - page->left - (COLUMNS - 1) * COLUMN_GAP_PT) / COLUMNS - GUTTER_PT;
    for (size_t q = 0; q < QUANTITIES; q++) {
        const struct gw_box box = {page->left + GUTTER_PT +
                                       (double)(q % COLUMNS) * (GUTTER_PT + width + COLUMN_GAP_PT),
                                   page->y + HEADING_PT, width, HEIGHT_PT};
        draw_panel(fig, box, q);
        page->y += q % COLUMNS == COLUMNS - 1 ? HEADING_PT + HEIGHT_PT + GW_AXIS_LABELS_PT + BETWEEN_PT : 0.0;
    }
    if (fig->result->policies > fig->policies) {
        gw_page_note(page, "Policies beyond the seventh are left out.");
    }
    gw_page_note(
        page, "By the plan evaluator, of each epoch's plan, first replication. A line is interrupted where a "
              "plan overloads a site; a gap below 0.1\u00a0% lies on the edge.");
}

enum gw_status gw_fig_gap_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                               struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas,
                         .result = result,
                         .policies = result->policies < GW_THEME_CATEGORIES ? result->policies
                                                                            : (uint32_t)GW_THEME_CATEGORIES};
    fig.edge_x = gw_arena_array(&arena, (size_t)result->epochs + 1, sizeof *fig.edge_x);
    fig.y = gw_arena_array(&arena, (size_t)result->epochs + 1, sizeof *fig.y);
    const bool room = fig.edge_x != NULL && fig.y != NULL;
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Gap to the bound, %s", result->scenario_name);
    gw_page_add_run(&subtitle, result);
    gw_text_add(&subtitle, "; what a plan is worth over the least that any is; logarithmic");
    gw_page_open(&page, canvas, &title, &subtitle);
    if (result->epochs == 0 || result->epoch_us <= 0) {
        gw_page_note(&page, "This result holds no gaps: score.bounds asks for them.");
    } else if (room) {
        find_extent(&fig);
        draw_panels(&fig, &page);
    }
    gw_page_close(&page, result);
    gw_arena_fini(&arena);
    return room && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure gap", "out of memory");
}
