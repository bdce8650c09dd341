#include "plots/fig_duck.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plots/axis.h"
#include "plots/grid_set.h"
#include "sim/base/units.h"

#define GUTTER_PT     28.0
#define COLUMN_GAP_PT 14.0
#define HEADING_PT    13.0
#define HEIGHT_PT     78.0
#define BETWEEN_PT    6.0
#define LINE_WIDTH_PT 1.3
#define RIGHT_PT      4.0 /* half of the last label */
#define SEASON_DAYS   14  /* a season is one from so many days on */

enum { HOURS_PER_DAY = 24, QUANTITIES = 3 };
enum season { ALL_DAYS, WINTER, SUMMER, SEASONS };

static const char *const season_name[SEASONS] = {
    [ALL_DAYS] = "all days", [WINTER] = "December to February", [SUMMER] = "June to August"};

static const struct {
    const char *column, *name, *unit;
    double scale;
    bool by_median;
} quantity[QUANTITIES] = {
    {"net_load_per_mean", "Net load", "% of mean demand", 100.0, false},
    {"carbon_lifecycle_gco2_per_kwh", "Carbon", "gCO₂e/kWh", 1.0, false},
    {"price_usd_per_mwh", "Price", "USD/MWh (median)", 1.0, true},
};

struct day {
    double hour[HOURS_PER_DAY]; /* NaN: the run has no such hour */
};

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_grid_set set;
    size_t columns;        /* seasons side by side */
    enum season season[2]; /* of each */
    double panel_pt;
    struct gw_calendar *local[GW_THEME_CATEGORIES]; /* [hours] of each grid */
    double *scratch;                                /* [hours] */
};

/* --- days ----------------------------------------------------------------------------------------- */

static enum season season_of(const struct gw_calendar *at)
{
    return at->month == 12 || at->month <= 2 ? WINTER : at->month >= 6 && at->month <= 8 ? SUMMER : ALL_DAYS;
}

/* Local standard time in the middle of every hour. */
static bool make_clocks(struct figure *fig, struct gw_arena *arena)
{
    const struct gw_result_grids *grids = fig->set.grids;
    fig->scratch = gw_arena_array(arena, grids->hours, sizeof *fig->scratch);
    for (uint32_t g = 0; g < fig->set.n; g++) {
        const double offset_us = grids->utc_offset_h[fig->set.site[g]] * (double)GW_US_PER_H;
        fig->local[g] = gw_arena_array(arena, grids->hours, sizeof *fig->local[g]);
        for (uint32_t h = 0; fig->local[g] != NULL && h < grids->hours; h++) {
            fig->local[g][h] = gw_clock_calendar(fig->result->start_unix_us + h * GW_US_PER_H +
                                                 GW_US_PER_H / 2 + (gw_time_us)offset_us);
        }
        if (fig->local[g] == NULL) {
            return false;
        }
    }
    return fig->scratch != NULL;
}

/* Days of winter and of summer that the first grid's hours make up. */
static void choose_seasons(struct figure *fig)
{
    uint32_t hours[SEASONS] = {0};
    for (uint32_t h = 0; h < fig->set.grids->hours; h++) {
        hours[season_of(&fig->local[0][h])]++;
    }
    const uint32_t least = SEASON_DAYS * HOURS_PER_DAY;
    if (hours[WINTER] >= least && hours[SUMMER] >= least) {
        fig->columns = 2;
        fig->season[0] = WINTER;
        fig->season[1] = SUMMER;
    } else {
        fig->columns = 1;
        fig->season[0] = ALL_DAYS;
    }
}

static int upwards(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y); /* equal doubles cannot be told apart */
}

static double median(double *value, size_t n)
{
    qsort(value, n, sizeof *value, upwards);
    return n % 2 == 1 ? value[n / 2] : 0.5 * (value[n / 2 - 1] + value[n / 2]);
}

static double mean(const double *value, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += value[i];
    }
    return sum / (double)n;
}

/* An hour of the day over all days of a season. Prices by their median: a few hours of scarcity would be all
 * that a mean shows. */
static struct day typical_day(const struct figure *fig, uint32_t grid, const double *value,
                              enum season season, bool by_median)
{
    struct day day;
    for (int hour = 0; hour < HOURS_PER_DAY; hour++) {
        size_t n = 0;
        for (uint32_t h = 0; h < fig->set.grids->hours; h++) {
            const struct gw_calendar at = fig->local[grid][h];
            if (at.hour == hour && isfinite(value[h]) && (season == ALL_DAYS || season_of(&at) == season)) {
                fig->scratch[n++] = value[h];
            }
        }
        day.hour[hour] = n == 0 ? NAN : by_median ? median(fig->scratch, n) : mean(fig->scratch, n);
    }
    return day;
}

/* --- drawing -------------------------------------------------------------------------------------- */

static struct gw_ticks hours_of_the_day(void)
{
    struct gw_ticks ticks = {0};
    for (int h = 0; h <= HOURS_PER_DAY; h += 6) {
        ticks.tick[ticks.n++] = (struct gw_tick){h, gw_label_number(h, 0)};
    }
    return ticks;
}

/* Through the middles of the hours; a missing one is a gap. */
static void draw_line(struct gw_canvas *canvas, const struct day *day, double scale, const struct gw_scale *x,
                      const struct gw_scale *y, uint32_t rgb)
{
    struct gw_point point[HOURS_PER_DAY];
    size_t n = 0;
    for (int h = 0; h <= HOURS_PER_DAY; h++) {
        if (h < HOURS_PER_DAY && !isnan(day->hour[h])) {
            point[n++] = (struct gw_point){gw_scale_at(x, h + 0.5), gw_scale_at(y, day->hour[h] * scale)};
        } else {
            gw_canvas_line(canvas, point, n, (struct gw_stroke){LINE_WIDTH_PT, rgb, 0.0});
            n = 0;
        }
    }
}

static void draw_panel(const struct figure *fig, struct gw_box box, size_t q, size_t column,
                       const struct day *day, double least, double most)
{
    struct gw_canvas *canvas = fig->canvas;
    struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 1.0, box.y + box.height, box.y};
    gw_scale_span_from_zero(least, most, &y.lo, &y.hi);
    const struct gw_scale x = {GW_SCALE_LINEAR, 0.0, HOURS_PER_DAY, box.x, box.x + box.width};
    const struct gw_ticks x_ticks = hours_of_the_day(), y_ticks = gw_axis_fit_y(&y);
    gw_axis_grid_y(canvas, box, &y, &y_ticks);
    gw_axis_grid_x(canvas, box, &x, &x_ticks);
    gw_axis_labels_x(canvas, box, &x, &x_ticks);
    gw_axis_unit_x(canvas, box, box.x - 6.0, "h");
    gw_axis_labels_y(canvas, box, &y, &y_ticks);
    const double above = box.y - HEADING_PT / 2;
    const double after = box.x + gw_canvas_text_width_pt(canvas, GW_THEME_HEADING, quantity[q].name) + 4.0;
    char remark[96];
    (void)snprintf(remark, sizeof remark, "%s, %s", quantity[q].unit, season_name[fig->season[column]]);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x, above}, GW_ANCHOR_START, GW_THEME_HEADING,
                           quantity[q].name);
    gw_canvas_text_centred(canvas, (struct gw_point){after, above}, GW_ANCHOR_START, GW_THEME_SMALL, remark);
    for (uint32_t g = 0; g < fig->set.n; g++) {
        draw_line(canvas, &day[g], quantity[q].scale, &x, &y, gw_theme_category(g));
    }
}

/* A quantity in all seasons, on one axis. False when no grid has any of it. */
static bool draw_quantity(const struct figure *fig, struct gw_page *page, size_t q)
{
    const struct gw_result_column *column = gw_grid_set_column(&fig->set, quantity[q].column);
    if (column == NULL) {
        return false;
    }
    struct day day[2][GW_THEME_CATEGORIES];
    double least = 0.0, most = 0.0;
    for (size_t c = 0; c < fig->columns; c++) {
        for (uint32_t g = 0; g < fig->set.n; g++) {
            day[c][g] = typical_day(fig, g, gw_grid_set_hours(&fig->set, column, g), fig->season[c],
                                    quantity[q].by_median);
            for (int h = 0; h < HOURS_PER_DAY; h++) {
                least = fmin(least, day[c][g].hour[h] * quantity[q].scale); /* a NaN gives way */
                most = fmax(most, day[c][g].hour[h] * quantity[q].scale);
            }
        }
    }
    for (size_t c = 0; c < fig->columns; c++) {
        const struct gw_box box = {page->left + GUTTER_PT +
                                       (double)c * (GUTTER_PT + fig->panel_pt + COLUMN_GAP_PT),
                                   page->y + HEADING_PT, fig->panel_pt, HEIGHT_PT};
        draw_panel(fig, box, q, c, day[c], least, most);
    }
    page->y += HEADING_PT + HEIGHT_PT + GW_AXIS_LABELS_PT + BETWEEN_PT;
    return true;
}

static void draw_quantities(struct figure *fig, struct gw_page *page)
{
    choose_seasons(fig);
    const double width = page->right - RIGHT_PT - page->left - (double)(fig->columns - 1) * COLUMN_GAP_PT;
    fig->panel_pt = width / (double)fig->columns - GUTTER_PT;
    gw_grid_set_keys(&fig->set, page);
    page->y += 2.0;
    for (size_t q = 0; q < QUANTITIES; q++) {
        if (!draw_quantity(fig, page, q)) {
            char text[96];
            (void)snprintf(text, sizeof text, "%s: not known of these grids.", quantity[q].name);
            gw_page_note(page, text);
        }
    }
    gw_grid_set_note(&fig->set, page);
}

enum gw_status gw_fig_duck_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas, .result = result};
    const bool room = gw_grid_set_of(result, &fig.set, &arena) && make_clocks(&fig, &arena);
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Mean day of the grids, %s", result->scenario_name);
    gw_page_add_run(&subtitle, result);
    gw_text_add(&subtitle, "; hours of local standard time; carbon: average, lifecycle");
    gw_page_open(&page, canvas, &title, &subtitle);
    if (fig.set.n == 0) {
        gw_page_note(&page, "This result holds no hours of its grids.");
    } else if (room) {
        draw_quantities(&fig, &page);
    }
    gw_page_close(&page, result);
    gw_arena_fini(&arena);
    return room && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure duck", "out of memory");
}
