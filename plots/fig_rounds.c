#include "plots/fig_rounds.h"

#include <math.h>
#include <stdio.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/theme.h"
#include "sim/base/units.h"

#define GUTTER_PT     30.0
#define COLUMN_GAP_PT 26.0 /* two halves of a label */
#define RIGHT_PT      10.0
#define HEADING_PT    15.0
#define BETWEEN_PT    6.0
#define STRIP_PT      3.5
#define HEIGHT_MIN_PT 40.0
#define HEIGHT_MAX_PT 92.0
#define FURNITURE_PT  100.0
#define BIN_MIN_PT    0.6
#define LINE_WIDTH_PT 0.9
#define SURPLUS_RGB   0xF3D9A4u
#define POWER_RGB     0x0072B2u
#define ROUND_RGB     0x22272Eu

enum { COLUMNS_MAX = 4, LINES_MAX = 6, NAME_BYTES = 128 };

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    const struct gw_result_column *surplus, *work, *held, *rounds;
    uint32_t columns, lines;
    uint32_t site[LINES_MAX];
    double panel_pt, height_pt;
    size_t rows, rows_per_bin, bins;
    double *x, *low, *value, *high; /* [bins + 1], scratch */
    double most_kw;
};

/* --- numbers -------------------------------------------------------------------------------------- */

/* Of the policy's first replication; NaN, of steps that it has not had, is nothing. */
static double sum_of(const struct figure *fig, const struct gw_result_column *column, uint32_t policy,
                     uint32_t site, size_t from, size_t to)
{
    const size_t run = (size_t)policy * fig->result->replications;
    const double *value = column->value + (run * fig->result->sites + site) * fig->result->rows;
    double sum = 0.0;
    for (size_t row = from; row < to; row++) {
        sum += isfinite(value[row]) ? value[row] : 0.0;
    }
    return sum;
}

static size_t bin_end(const struct figure *fig, size_t bin)
{
    const size_t end = (bin + 1) * fig->rows_per_bin;
    return end < fig->rows ? end : fig->rows;
}

static double bin_sum(const struct figure *fig, const struct gw_result_column *column, uint32_t policy,
                      uint32_t site, size_t bin)
{
    return sum_of(fig, column, policy, site, bin * fig->rows_per_bin, bin_end(fig, bin));
}

static double bin_kw(const struct figure *fig, const struct gw_result_column *column, uint32_t policy,
                     uint32_t site, size_t bin)
{
    const double hours =
        (double)(bin_end(fig, bin) - bin * fig->rows_per_bin) * gw_h_from_us(fig->result->every_us);
    return bin_sum(fig, column, policy, site, bin) / hours;
}

static double training_of(const struct figure *fig, uint32_t site)
{
    double kwh = 0.0;
    for (uint32_t p = 0; p < fig->columns; p++) {
        kwh += sum_of(fig, fig->work, p, site, 0, fig->rows) + sum_of(fig, fig->held, p, site, 0, fig->rows);
    }
    return kwh;
}

/* The sites that train most, in the order of the result. */
static void choose_sites(struct figure *fig)
{
    for (uint32_t s = 0; s < fig->result->sites && fig->lines < LINES_MAX; s++) {
        uint32_t more = 0;
        const double kwh = training_of(fig, s);
        for (uint32_t other = 0; other < fig->result->sites; other++) {
            const double theirs = training_of(fig, other);
            more += theirs > kwh || (theirs == kwh && other < s) ? 1 : 0;
        }
        if (kwh > 0.0 && more < LINES_MAX) {
            fig->site[fig->lines++] = s;
        }
    }
}

static void find_most(struct figure *fig)
{
    for (uint32_t line = 0; line < fig->lines; line++) {
        for (uint32_t p = 0; p < fig->columns; p++) {
            for (size_t bin = 0; bin < fig->bins; bin++) {
                const double kw = bin_kw(fig, fig->work, p, fig->site[line], bin) +
                                  bin_kw(fig, fig->held, p, fig->site[line], bin);
                fig->most_kw = fmax(fig->most_kw, kw);
                fig->most_kw = fmax(fig->most_kw, bin_kw(fig, fig->surplus, p, fig->site[line], bin));
            }
        }
    }
}

/* --- where ---------------------------------------------------------------------------------------- */

static void lay_out(struct figure *fig, const struct gw_page *page)
{
    const double columns = (double)fig->columns, lines = (double)fig->lines;
    fig->panel_pt =
        (page->right - RIGHT_PT - page->left - GUTTER_PT - (columns - 1.0) * COLUMN_GAP_PT) / columns;
    const double height_pt = GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT - FURNITURE_PT - HEADING_PT;
    fig->height_pt = height_pt / lines - HEADING_PT - BETWEEN_PT;
    fig->height_pt = fmin(fmax(fig->height_pt, HEIGHT_MIN_PT), HEIGHT_MAX_PT);
    const size_t most = (size_t)(fig->panel_pt / BIN_MIN_PT);
    fig->rows_per_bin = (fig->rows + most - 1) / most;
    fig->bins = (fig->rows + fig->rows_per_bin - 1) / fig->rows_per_bin;
}

static struct gw_box panel_box(const struct figure *fig, const struct gw_page *page, uint32_t column,
                               uint32_t line)
{
    const double across = fig->panel_pt + COLUMN_GAP_PT;
    const double down = HEADING_PT + fig->height_pt + BETWEEN_PT;
    return (struct gw_box){page->left + GUTTER_PT + (double)column * across,
                           page->y + HEADING_PT + (double)line * down, fig->panel_pt, fig->height_pt};
}

/* --- drawing -------------------------------------------------------------------------------------- */

static struct gw_scale draw_axes(const struct figure *fig, struct gw_box box, bool first, bool lowest,
                                 double most)
{
    const struct gw_result_file *result = fig->result;
    struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 1.0, box.y + box.height, box.y};
    gw_scale_span_from_zero(0.0, most, &y.lo, &y.hi);
    const struct gw_scale t = {GW_SCALE_TIME, (double)result->start_unix_us,
                               (double)(result->start_unix_us + (gw_time_us)fig->rows * result->every_us),
                               box.x, box.x + box.width};
    const struct gw_ticks y_ticks = gw_axis_fit_y(&y), t_ticks = gw_axis_fit_x(fig->canvas, &t);
    gw_axis_grid_y(fig->canvas, box, &y, &y_ticks);
    gw_axis_grid_x(fig->canvas, box, &t, &t_ticks);
    if (first) {
        gw_axis_labels_y(fig->canvas, box, &y, &y_ticks);
    }
    if (lowest) {
        gw_axis_labels_x(fig->canvas, box, &t, &t_ticks);
    }
    if (first && lowest) {
        gw_axis_unit_x(fig->canvas, box, box.x - 15.0, "UTC");
    }
    return y;
}

/* The site's name left of the first column's panels, how many rounds in all of them, the unit once. */
static void draw_heading(const struct figure *fig, struct gw_box box, uint32_t policy, uint32_t site,
                         const char *unit)
{
    const double y = box.y - HEADING_PT / 2 - STRIP_PT / 2;
    char remark[NAME_BYTES], name[NAME_BYTES];
    const double rounds = sum_of(fig, fig->rounds, policy, site, 0, fig->rows);
    (void)snprintf(remark, sizeof remark, "%.0f %s", rounds, rounds == 1.0 ? "update" : "updates");
    const double remark_pt = gw_canvas_text_width_pt(fig->canvas, GW_THEME_SMALL, remark);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x + box.width, y}, GW_ANCHOR_END,
                           GW_THEME_SMALL, remark);
    if (policy > 0) {
        return;
    }
    gw_font_fit(fig->canvas->font, true, GW_THEME_HEADING.size_pt, fig->result->site[site],
                fmax(box.width - remark_pt - 4.0, 20.0), name, sizeof name);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, y}, GW_ANCHOR_START, GW_THEME_HEADING, name);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x - 3.0, y}, GW_ANCHOR_END, GW_THEME_SMALL,
                           unit);
}

static void draw_policies(const struct figure *fig, struct gw_page *page)
{
    for (uint32_t p = 0; p < fig->columns; p++) {
        const struct gw_box box = panel_box(fig, page, p, 0);
        char name[NAME_BYTES];
        gw_font_fit(fig->canvas->font, true, GW_THEME_STRONG.size_pt, fig->result->policy[p], box.width, name,
                    sizeof name);
        gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, page->y + HEADING_PT / 2},
                               GW_ANCHOR_START, GW_THEME_STRONG, name);
    }
    page->y += HEADING_PT;
}

/* Bins with rounds, those beside each other as one. */
static void draw_strip(const struct figure *fig, struct gw_box box, uint32_t policy, uint32_t site)
{
    const double y = box.y - STRIP_PT / 2;
    size_t from = 0;
    for (size_t bin = 0; bin <= fig->bins; bin++) {
        if (bin == fig->bins || bin_sum(fig, fig->rounds, policy, site, bin) == 0.0) {
            gw_canvas_rect(fig->canvas,
                           (struct gw_box){fig->x[from], y, fig->x[bin] - fig->x[from], STRIP_PT}, ROUND_RGB);
            from = bin + 1;
        }
    }
}

static void draw_panel(const struct figure *fig, const struct gw_page *page, uint32_t column, uint32_t line)
{
    const struct gw_label_unit unit = gw_label_unit("kW", fig->most_kw);
    const struct gw_box box = panel_box(fig, page, column, line);
    const uint32_t site = fig->site[line];
    const struct gw_scale y =
        draw_axes(fig, box, column == 0, line + 1 == fig->lines, fig->most_kw * unit.factor);
    for (size_t bin = 0; bin <= fig->bins; bin++) {
        const size_t row = bin < fig->bins ? bin * fig->rows_per_bin : fig->rows;
        fig->x[bin] = box.x + box.width * (double)row / (double)fig->rows;
    }
    for (size_t bin = 0; bin < fig->bins; bin++) {
        const double kw =
            bin_kw(fig, fig->work, column, site, bin) + bin_kw(fig, fig->held, column, site, bin);
        fig->low[bin] = gw_scale_at(&y, 0.0);
        fig->high[bin] = gw_scale_at(&y, bin_kw(fig, fig->surplus, column, site, bin) * unit.factor);
        fig->value[bin] = gw_scale_at(&y, kw * unit.factor);
    }
    gw_mark_area(fig->canvas, fig->x, fig->low, fig->high, fig->bins, SURPLUS_RGB);
    gw_mark_steps(fig->canvas, fig->x, fig->value, fig->bins,
                  (struct gw_stroke){LINE_WIDTH_PT, POWER_RGB, 0.0});
    draw_strip(fig, box, column, site);
    draw_heading(fig, box, column, site, unit.text);
}

static bool has_rounds(struct figure *fig)
{
    const struct gw_result_file *result = fig->result;
    fig->surplus = gw_result_file_series(result, "federated_surplus_kwh");
    fig->work = gw_result_file_series(result, "training_kwh");
    fig->held = gw_result_file_series(result, "training_held_kwh");
    fig->rounds = gw_result_file_series(result, "federated_updates");
    if (fig->surplus == NULL || fig->work == NULL || fig->held == NULL || fig->rounds == NULL ||
        result->every_us <= 0) {
        return false;
    }
    const size_t scored = (size_t)((result->duration_us + result->every_us - 1) / result->every_us);
    fig->rows = result->rows < scored ? result->rows : scored;
    fig->columns = result->policies < COLUMNS_MAX ? result->policies : COLUMNS_MAX;
    double rounds = 0.0;
    for (uint32_t p = 0; p < fig->columns; p++) {
        for (uint32_t s = 0; s < result->sites; s++) {
            rounds += sum_of(fig, fig->rounds, p, s, 0, fig->rows);
        }
    }
    choose_sites(fig);
    return fig->rows > 0 && fig->lines > 0 && rounds > 0.0;
}

static bool draw_panels(struct figure *fig, struct gw_page *page, struct gw_arena *arena)
{
    static const struct gw_page_key key[] = {
        {GW_PAGE_SWATCH, SURPLUS_RGB, "left of own plants beyond all else at the site"},
        {GW_PAGE_SWATCH, POWER_RGB, "IT power of training"},
        {GW_PAGE_SWATCH, ROUND_RGB, "rounds took updates of the site"},
    };
    gw_page_keys(page, key, sizeof key / sizeof key[0]);
    page->y += 2.0;
    lay_out(fig, page);
    double **const scratch[] = {&fig->x, &fig->low, &fig->value, &fig->high};
    for (size_t i = 0; i < sizeof scratch / sizeof scratch[0]; i++) {
        *scratch[i] = gw_arena_array(arena, fig->bins + 1, sizeof **scratch[i]);
        if (*scratch[i] == NULL) {
            return false;
        }
    }
    find_most(fig);
    draw_policies(fig, page);
    for (uint32_t line = 0; line < fig->lines; line++) {
        for (uint32_t column = 0; column < fig->columns; column++) {
            draw_panel(fig, page, column, line);
        }
    }
    page->y += (double)fig->lines * (HEADING_PT + fig->height_pt + BETWEEN_PT) + GW_AXIS_LABELS_PT;
    if (fig->columns < fig->result->policies || fig->lines < fig->result->sites) {
        char text[NAME_BYTES];
        (void)snprintf(text, sizeof text, "Shown: %u of %u policies, %u of %u sites.", (unsigned)fig->columns,
                       (unsigned)fig->result->policies, (unsigned)fig->lines, (unsigned)fig->result->sites);
        gw_page_note(page, text);
    }
    return true;
}

enum gw_status gw_fig_rounds_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                  struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {.canvas = canvas, .result = result};
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Rounds over renewable surplus, %s", result->scenario_name);
    gw_page_add_run(&subtitle, result);
    gw_text_add(&subtitle, result->replications > 1 ? "; first replication" : "");
    gw_page_open(&page, canvas, &title, &subtitle);
    bool room = true;
    if (has_rounds(&fig)) {
        room = draw_panels(&fig, &page, &arena);
    } else {
        gw_page_note(&page, "This result holds no rounds of federated jobs.");
    }
    gw_page_close(&page, result);
    gw_arena_fini(&arena);
    return room && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "rounds", "out of memory");
}
