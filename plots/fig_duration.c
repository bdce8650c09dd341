#include "plots/fig_duration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plots/axis.h"
#include "plots/grid_set.h"

#define GUTTER_PT     30.0
#define COLUMN_GAP_PT 14.0
#define HEADING_PT    13.0
#define HEIGHT_PT     150.0
#define BETWEEN_PT    6.0
#define LINE_WIDTH_PT 1.3
#define RIGHT_PT      9.0 /* half of the last label */
#define RARE_PERCENT  2   /* of the hours may lie beyond the axis */
#define FAR           1.5 /* how far beyond they have to be */

enum { QUANTITIES = 2, POINTS_MAX = 400 };

static const struct {
    const char *column, *name, *unit;
} quantity[QUANTITIES] = {
    {"carbon_lifecycle_gco2_per_kwh", "Carbon", "gCO₂e/kWh"},
    {"price_usd_per_mwh", "Price", "USD/MWh"},
};

/* Known hours of a grid from the highest down. */
struct sorted {
    double *value;
    size_t n;
};

struct figure {
    struct gw_canvas *canvas;
    struct gw_grid_set set;
    double panel_pt;
    struct sorted sorted[GW_THEME_CATEGORIES];
    struct gw_text beyond; /* what the axes cut off */
};

static int from_the_highest(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y); /* equal doubles cannot be told apart */
}

static void sort_hours(struct figure *fig, const struct gw_result_column *column)
{
    for (uint32_t g = 0; g < fig->set.n; g++) {
        const double *hour = gw_grid_set_hours(&fig->set, column, g);
        struct sorted *to = &fig->sorted[g];
        to->n = 0;
        for (uint32_t h = 0; h < fig->set.grids->hours; h++) {
            if (isfinite(hour[h])) {
                to->value[to->n++] = hour[h];
            }
        }
        qsort(to->value, to->n, sizeof *to->value, from_the_highest);
    }
}

/* The extent of the axis; without the rarest hours when they would flatten all others. */
static void find_extent(const struct figure *fig, double *least, double *most, bool *cut)
{
    double highest = 0.0, usual = 0.0;
    *least = 0.0;
    for (uint32_t g = 0; g < fig->set.n; g++) {
        const struct sorted *s = &fig->sorted[g];
        if (s->n > 0) {
            *least = fmin(*least, s->value[s->n - 1]);
            highest = fmax(highest, s->value[0]);
            usual = fmax(usual, s->value[s->n * RARE_PERCENT / 100]);
        }
    }
    *cut = highest > FAR * usual;
    *most = *cut ? usual : highest;
}

/* The names and peaks of grids that go beyond `most`. */
static void list_beyond(struct figure *fig, size_t q, double most)
{
    const char *before = "";
    gw_text_addf(&fig->beyond, "%s above the axis in at most %d %% of the hours; highest: ", quantity[q].name,
                 RARE_PERCENT);
    for (uint32_t g = 0; g < fig->set.n; g++) {
        const struct sorted *s = &fig->sorted[g];
        if (s->n > 0 && s->value[0] > most) {
            gw_text_addf(&fig->beyond, "%s%s %s", before, fig->set.name[g],
                         gw_label_number(s->value[0], 0).text);
            before = ", ";
        }
    }
    gw_text_addf(&fig->beyond, " %s. ", quantity[q].unit);
}

/* Each hour is as wide as its share; of very many some are enough, the first and the last among them. */
static void draw_line(struct gw_canvas *canvas, const struct sorted *s, const struct gw_scale *x,
                      const struct gw_scale *y, uint32_t rgb)
{
    struct gw_point point[POINTS_MAX + 2];
    size_t n = 0;
    const size_t points = s->n < POINTS_MAX ? s->n : POINTS_MAX;
    if (points == 0) {
        return;
    }
    point[n++] = (struct gw_point){gw_scale_at(x, 0.0), gw_scale_at(y, s->value[0])};
    for (size_t k = 0; k < points; k++) {
        const size_t i = points > 1 ? k * (s->n - 1) / (points - 1) : 0;
        point[n++] = (struct gw_point){gw_scale_at(x, 100.0 * ((double)i + 0.5) / (double)s->n),
                                       gw_scale_at(y, s->value[i])};
    }
    point[n++] = (struct gw_point){gw_scale_at(x, 100.0), gw_scale_at(y, s->value[s->n - 1])};
    gw_canvas_line(canvas, point, n, (struct gw_stroke){LINE_WIDTH_PT, rgb, 0.0});
}

static struct gw_ticks quarters(void)
{
    struct gw_ticks ticks = {0};
    for (int percent = 0; percent <= 100; percent += 25) {
        struct gw_tick *tick = &ticks.tick[ticks.n++];
        tick->at = percent;
        (void)snprintf(tick->label.text, sizeof tick->label.text, "%d %%", percent);
    }
    return ticks;
}

static void draw_panel(struct figure *fig, struct gw_box box, size_t q)
{
    struct gw_canvas *canvas = fig->canvas;
    double least, most;
    bool cut;
    find_extent(fig, &least, &most, &cut);
    struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 1.0, box.y + box.height, box.y};
    gw_scale_span_from_zero(least, most, &y.lo, &y.hi);
    const struct gw_scale x = {GW_SCALE_LINEAR, 0.0, 100.0, box.x, box.x + box.width};
    const struct gw_ticks x_ticks = quarters(), y_ticks = gw_axis_fit_y(&y);
    gw_axis_grid_y(canvas, box, &y, &y_ticks);
    gw_axis_grid_x(canvas, box, &x, &x_ticks);
    gw_axis_labels_x(canvas, box, &x, &x_ticks);
    gw_axis_labels_y(canvas, box, &y, &y_ticks);
    const double above = box.y - HEADING_PT / 2;
    const double after = box.x + gw_canvas_text_width_pt(canvas, GW_THEME_HEADING, quantity[q].name) + 4.0;
    gw_canvas_text_centred(canvas, (struct gw_point){box.x, above}, GW_ANCHOR_START, GW_THEME_HEADING,
                           quantity[q].name);
    gw_canvas_text_centred(canvas, (struct gw_point){after, above}, GW_ANCHOR_START, GW_THEME_SMALL,
                           quantity[q].unit);
    for (uint32_t g = 0; g < fig->set.n; g++) {
        draw_line(canvas, &fig->sorted[g], &x, &y, gw_theme_category(g));
    }
    if (cut) {
        list_beyond(fig, q, y.hi);
    }
}

static void draw_quantities(struct figure *fig, struct gw_page *page)
{
    fig->panel_pt =
        (page->right - RIGHT_PT - page->left - (QUANTITIES - 1) * COLUMN_GAP_PT) / QUANTITIES - GUTTER_PT;
    gw_grid_set_keys(&fig->set, page);
    page->y += 2.0;
    for (size_t q = 0; q < QUANTITIES; q++) {
        const struct gw_result_column *column = gw_grid_set_column(&fig->set, quantity[q].column);
        const struct gw_box box = {page->left + GUTTER_PT +
                                       (double)q * (GUTTER_PT + fig->panel_pt + COLUMN_GAP_PT),
                                   page->y + HEADING_PT, fig->panel_pt, HEIGHT_PT};
        if (column != NULL) {
            sort_hours(fig, column);
            draw_panel(fig, box, q);
        } else {
            gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, box.y - HEADING_PT / 2},
                                   GW_ANCHOR_START, GW_THEME_SMALL, "not known of these grids");
        }
    }
    page->y += HEADING_PT + HEIGHT_PT + GW_AXIS_LABELS_PT + BETWEEN_PT;
    if (fig->beyond.n > 0 && !fig->beyond.failed) {
        gw_page_note(page, fig->beyond.at);
    }
    fig->canvas->failed = fig->canvas->failed || fig->beyond.failed;
    gw_grid_set_note(&fig->set, page);
}

static bool make_room(struct figure *fig, struct gw_arena *arena)
{
    for (uint32_t g = 0; g < fig->set.n; g++) {
        fig->sorted[g].value = gw_arena_array(arena, fig->set.grids->hours, sizeof(double));
        if (fig->sorted[g].value == NULL) {
            return false;
        }
    }
    return true;
}

enum gw_status gw_fig_duration_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                    struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas};
    const bool room = gw_grid_set_of(result, &fig.set, &arena) && make_room(&fig, &arena);
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Duration curves of the grids, %s", result->scenario_name);
    gw_page_add_run(&subtitle, result);
    gw_text_add(&subtitle, "; over the share of hours that lie above; carbon: average, lifecycle");
    gw_page_open(&page, canvas, &title, &subtitle);
    if (fig.set.n == 0) {
        gw_page_note(&page, "This result holds no hours of its grids.");
    } else if (room) {
        draw_quantities(&fig, &page);
    }
    gw_page_close(&page, result);
    gw_text_fini(&fig.beyond);
    gw_arena_fini(&arena);
    return room && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure duration", "out of memory");
}
