#include "plots/fig_timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/axis.h"
#include "plots/label.h"
#include "plots/mark.h"
#include "plots/rows.h"
#include "plots/theme.h"
#include "sim/base/units.h"

#define GUTTER_PT     28.0 /* left of a panel: labels and unit of its vertical axis */
#define COLUMN_GAP_PT 13.0
#define HEADING_PT    13.0
#define BETWEEN_PT    6.0
#define FURNITURE_PT  92.0 /* title, subtitle, keys and source of an ordinary page */
#define HEIGHT_MIN_PT 44.0
#define HEIGHT_MAX_PT 130.0
#define BIN_MIN_PT    0.6 /* narrower steps are averaged */
#define LINE_WIDTH_PT 1.1

enum { GROUPS_MAX = GW_THEME_CATEGORIES + 1, NAME_BYTES = 256 };

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_rows rows;
    const struct gw_result_column *import, *carbon; /* NULL when the file has none */

    size_t columns, cells;      /* panels side by side, panels in all */
    double panel_pt, height_pt; /* of the plot within a panel */

    size_t bins, rows_per_bin, series_rows;
    double *edge_frac;      /* [bins + 1] of the duration */
    uint32_t *group;        /* [sites] what a site is drawn as */
    uint32_t groups, named; /* the last group is "other" when groups > named */
    double *power_kw;       /* [policies][groups][bins]; NaN where the series has nothing */
    double *intensity;      /* [named][bins] gCO2/kWh */
    double power_max_kw, intensity_max;
};

/* --- binning -------------------------------------------------------------------------------------- */

struct span {
    double sum;
    size_t n; /* finite numbers in it */
};

static size_t bin_first(const struct figure *fig, size_t bin)
{
    return bin * fig->rows_per_bin;
}

static size_t bin_end(const struct figure *fig, size_t bin)
{
    const size_t end = (bin + 1) * fig->rows_per_bin;
    return end < fig->series_rows ? end : fig->series_rows;
}

/* Adds up a site's rows of a bin in one run; only rows in which `with` is finite too. */
static struct span add_up(const struct figure *fig, const double *value, const double *with, size_t run,
                          uint32_t site, size_t bin)
{
    const size_t at = (run * fig->result->sites + site) * fig->result->rows;
    struct span span = {0};
    for (size_t row = bin_first(fig, bin); row < bin_end(fig, bin); row++) {
        if (isfinite(value[at + row]) && isfinite(with[at + row])) {
            span.sum += value[at + row];
            span.n++;
        }
    }
    return span;
}

/* Mean over the whole runs and the rows of the bin. */
static double site_power_kw(const struct figure *fig, uint32_t policy, uint32_t site, size_t bin)
{
    struct span all = {0};
    for (uint32_t r = 0; r < fig->result->replications; r++) {
        const size_t run = (size_t)policy * fig->result->replications + r;
        if (fig->result->ok[run]) {
            const struct span span = add_up(fig, fig->import->value, fig->import->value, run, site, bin);
            all.sum += span.sum;
            all.n += span.n;
        }
    }
    return all.n > 0 ? all.sum / (double)all.n / gw_h_from_us(fig->result->every_us) : NAN;
}

/* Mean over the hours that a bin touches, where the result knows its grids. */
static double grid_intensity(const struct figure *fig, uint32_t site, size_t bin)
{
    const struct gw_result_grids *grids = &fig->result->grids;
    const gw_time_us bin_us = fig->result->every_us * (gw_time_us)fig->rows_per_bin;
    const struct gw_result_column *hours =
        gw_result_file_column(grids->column, grids->n_columns, "carbon_lifecycle_gco2_per_kwh");
    double sum = 0.0;
    size_t n = 0;
    for (uint32_t h = (uint32_t)((gw_time_us)bin * bin_us / GW_US_PER_H);
         hours != NULL && h < grids->hours && (gw_time_us)h * GW_US_PER_H < (gw_time_us)(bin + 1) * bin_us;
         h++) {
        sum += hours->value[(size_t)site * grids->hours + h];
        n++;
    }
    return n > 0 ? sum / (double)n : NAN;
}

/* Carbon over energy of all whole runs: the signal is the same for all of them. Where none bought anything,
 * what the grid's hours say. */
static double site_intensity(const struct figure *fig, uint32_t site, size_t bin)
{
    double carbon_g = 0.0, energy_kwh = 0.0;
    for (size_t run = 0; run < (size_t)fig->result->policies * fig->result->replications; run++) {
        if (fig->result->ok[run]) {
            carbon_g += add_up(fig, fig->carbon->value, fig->import->value, run, site, bin).sum * 1e3;
            energy_kwh += add_up(fig, fig->import->value, fig->carbon->value, run, site, bin).sum;
        }
    }
    return energy_kwh > 0.0 ? carbon_g / energy_kwh : grid_intensity(fig, site, bin);
}

/* Every site on its own while the colours last; else the largest ones, and the rest as one. */
static void group_sites(struct figure *fig, const double *total_kwh)
{
    const uint32_t sites = fig->result->sites;
    fig->named = sites <= GW_THEME_CATEGORIES ? sites : GW_THEME_CATEGORIES;
    fig->groups = sites <= GW_THEME_CATEGORIES ? sites : GW_THEME_CATEGORIES + 1;
    uint32_t next = 0;
    for (uint32_t s = 0; s < sites; s++) {
        uint32_t larger = 0;
        for (uint32_t other = 0; other < sites; other++) {
            larger += total_kwh[other] > total_kwh[s] || (total_kwh[other] == total_kwh[s] && other < s);
        }
        fig->group[s] = larger < fig->named ? next++ : fig->named;
    }
}

static double *power_of(const struct figure *fig, uint32_t policy, uint32_t group)
{
    return fig->power_kw + ((size_t)policy * fig->groups + group) * fig->bins;
}

/* A group has power where any of its sites has; a policy's stack counts towards the axis. */
static void fill_power(struct figure *fig, uint32_t policy, size_t bin)
{
    double stack_kw = 0.0;
    for (uint32_t g = 0; g < fig->groups; g++) {
        power_of(fig, policy, g)[bin] = NAN;
    }
    for (uint32_t s = 0; s < fig->result->sites; s++) {
        const double kw = site_power_kw(fig, policy, s, bin);
        if (!isnan(kw)) {
            double *group_kw = &power_of(fig, policy, fig->group[s])[bin];
            *group_kw = kw + (isnan(*group_kw) ? 0.0 : *group_kw);
            stack_kw += kw;
        }
    }
    fig->power_max_kw = fmax(fig->power_max_kw, stack_kw);
}

static void fill_intensity(struct figure *fig)
{
    for (uint32_t s = 0; s < fig->result->sites; s++) {
        for (size_t bin = 0; bin < fig->bins && fig->group[s] < fig->named; bin++) {
            const double g = site_intensity(fig, s, bin);
            fig->intensity[fig->group[s] * fig->bins + bin] = g;
            fig->intensity_max = fmax(fig->intensity_max, g); /* a NaN gives way */
        }
    }
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

static bool fill_series(struct figure *fig, struct gw_arena *arena)
{
    const struct gw_result_file *result = fig->result;
    choose_bins(fig);
    double *total_kwh = gw_arena_array(arena, result->sites, sizeof *total_kwh);
    fig->group = gw_arena_array(arena, result->sites, sizeof *fig->group);
    fig->edge_frac = gw_arena_array(arena, fig->bins + 1, sizeof *fig->edge_frac);
    fig->power_kw =
        gw_arena_array(arena, (size_t)result->policies * GROUPS_MAX * fig->bins, sizeof *fig->power_kw);
    fig->intensity = gw_arena_array(arena, GROUPS_MAX * fig->bins, sizeof *fig->intensity);
    if (total_kwh == NULL || fig->group == NULL || fig->edge_frac == NULL || fig->power_kw == NULL ||
        fig->intensity == NULL) {
        return false;
    }
    for (size_t bin = 0; bin < fig->bins; bin++) {
        const double end_us = (double)bin_end(fig, bin) * (double)result->every_us;
        fig->edge_frac[bin + 1] = fmin(end_us / (double)result->duration_us, 1.0);
        for (uint32_t s = 0; s < result->sites; s++) {
            for (size_t run = 0; run < (size_t)result->policies * result->replications; run++) {
                total_kwh[s] += add_up(fig, fig->import->value, fig->import->value, run, s, bin).sum;
            }
        }
    }
    group_sites(fig, total_kwh);
    for (uint32_t p = 0; p < result->policies; p++) {
        for (size_t bin = 0; bin < fig->bins; bin++) {
            fill_power(fig, p, bin);
        }
    }
    if (fig->carbon != NULL) {
        fill_intensity(fig);
    }
    return true;
}

/* --- where ---------------------------------------------------------------------------------------- */

static void lay_out(struct figure *fig, const struct gw_page *page)
{
    static const size_t most[] = {1, 4, 9};
    fig->cells = fig->result->policies + (fig->carbon != NULL ? 1 : 0);
    fig->columns = 1;
    while (fig->columns <= sizeof most / sizeof most[0] && fig->cells > most[fig->columns - 1]) {
        fig->columns++;
    }
    const double columns = (double)fig->columns, lines = ceil((double)fig->cells / columns);
    const double column_pt = (page->right - page->left - (columns - 1) * COLUMN_GAP_PT) / columns;
    fig->panel_pt = column_pt - GUTTER_PT;
    const double height_pt = GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT - FURNITURE_PT;
    fig->height_pt = (height_pt - GW_AXIS_LABELS_PT) / lines - HEADING_PT - BETWEEN_PT;
    fig->height_pt = fmin(fmax(fig->height_pt, HEIGHT_MIN_PT), HEIGHT_MAX_PT);
}

static struct gw_box panel_box(const struct figure *fig, const struct gw_page *page, size_t cell)
{
    const size_t column = cell % fig->columns, line = cell / fig->columns;
    const double across = GUTTER_PT + fig->panel_pt + COLUMN_GAP_PT,
                 down = HEADING_PT + fig->height_pt + BETWEEN_PT;
    return (struct gw_box){page->left + GUTTER_PT + (double)column * across,
                           page->y + HEADING_PT + (double)line * down, fig->panel_pt, fig->height_pt};
}

/* --- drawing -------------------------------------------------------------------------------------- */

/* Places of the bins' edges on the page; from the arena. */
static double *edges(const struct figure *fig, struct gw_box box, struct gw_arena *arena)
{
    double *x = gw_arena_array(arena, fig->bins + 1, sizeof *x);
    for (size_t i = 0; x != NULL && i <= fig->bins; i++) {
        x[i] = box.x + fig->edge_frac[i] * box.width;
    }
    return x;
}

static void draw_heading(const struct figure *fig, struct gw_box box, const char *name, const char *remark,
                         const char *unit)
{
    const double y = box.y - HEADING_PT / 2;
    const double remark_pt = gw_canvas_text_width_pt(fig->canvas, GW_THEME_SMALL, remark);
    char shown[NAME_BYTES];
    gw_font_fit(fig->canvas->font, true, GW_THEME_HEADING.size_pt, name, box.width - remark_pt - 4.0, shown,
                sizeof shown);
    const double after = box.x + gw_canvas_text_width_pt(fig->canvas, GW_THEME_HEADING, shown) + 4.0;
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x, y}, GW_ANCHOR_START, GW_THEME_HEADING,
                           shown);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){after, y}, GW_ANCHOR_START, GW_THEME_SMALL, remark);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){box.x - 3.0, y}, GW_ANCHOR_END, GW_THEME_SMALL,
                           unit);
}

/* Grid and labels; the time axis is labelled under the lowest panel of each column. */
static struct gw_scale draw_axes(const struct figure *fig, struct gw_box box, size_t cell, double most)
{
    struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 1.0, box.y + box.height, box.y};
    gw_scale_span_from_zero(0.0, most, &y.lo, &y.hi);
    const struct gw_result_file *result = fig->result;
    const struct gw_scale t = {GW_SCALE_TIME, (double)result->start_unix_us,
                               (double)(result->start_unix_us + result->duration_us), box.x,
                               box.x + box.width};
    const struct gw_ticks y_ticks = gw_axis_fit_y(&y);
    const struct gw_ticks t_ticks = gw_axis_fit_x(fig->canvas, &t);
    gw_axis_grid_y(fig->canvas, box, &y, &y_ticks);
    gw_axis_grid_x(fig->canvas, box, &t, &t_ticks);
    gw_axis_labels_y(fig->canvas, box, &y, &y_ticks);
    if (cell + fig->columns >= fig->cells) {
        gw_axis_labels_x(fig->canvas, box, &t, &t_ticks);
        gw_axis_unit_x(fig->canvas, box, box.x - 12.0, "UTC");
    }
    return y;
}

static uint32_t group_colour(const struct figure *fig, uint32_t group)
{
    return group < fig->named ? gw_theme_category(group) : GW_THEME_OTHER;
}

static bool draw_intensity(const struct figure *fig, const struct gw_page *page, size_t cell,
                           struct gw_arena *arena)
{
    const struct gw_box box = panel_box(fig, page, cell);
    const struct gw_scale scale = draw_axes(fig, box, cell, fig->intensity_max);
    const double *x = edges(fig, box, arena);
    double *y = gw_arena_array(arena, fig->bins, sizeof *y);
    if (x == NULL || y == NULL) {
        return false;
    }
    draw_heading(fig, box, "Grid carbon", "CO₂e", "g/kWh");
    for (uint32_t g = 0; g < fig->named; g++) {
        for (size_t bin = 0; bin < fig->bins; bin++) {
            const double value = fig->intensity[g * fig->bins + bin];
            y[bin] = isnan(value) ? NAN : gw_scale_at(&scale, value);
        }
        gw_mark_steps(fig->canvas, x, y, fig->bins,
                      (struct gw_stroke){LINE_WIDTH_PT, group_colour(fig, g), 0.0});
    }
    return true;
}

/* What stands behind the name of a policy. */
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

static bool draw_power(const struct figure *fig, const struct gw_page *page, size_t cell, uint32_t policy,
                       struct gw_arena *arena)
{
    const struct gw_label_unit unit = gw_label_unit("kW", fig->power_max_kw);
    const struct gw_box box = panel_box(fig, page, cell);
    const struct gw_scale scale = draw_axes(fig, box, cell, fig->power_max_kw * unit.factor);
    const double *x = edges(fig, box, arena);
    double *stack = gw_arena_array(arena, fig->bins, sizeof *stack);
    double *low = gw_arena_array(arena, fig->bins, sizeof *low);
    double *high = gw_arena_array(arena, fig->bins, sizeof *high);
    if (x == NULL || stack == NULL || low == NULL || high == NULL) {
        return false;
    }
    draw_heading(fig, box, fig->result->policy[policy], standing(fig, policy), unit.text);
    for (uint32_t g = 0; g < fig->groups; g++) {
        for (size_t bin = 0; bin < fig->bins; bin++) {
            const double kw = power_of(fig, policy, g)[bin];
            low[bin] = gw_scale_at(&scale, stack[bin] * unit.factor);
            stack[bin] += isnan(kw) ? 0.0 : kw;
            high[bin] = isnan(kw) ? NAN : gw_scale_at(&scale, stack[bin] * unit.factor);
        }
        gw_mark_area(fig->canvas, x, low, high, fig->bins, group_colour(fig, g));
    }
    return true;
}

static void draw_keys(const struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GROUPS_MAX] = {0};
    char other[64];
    snprintf(other, sizeof other, "%u other sites", fig->result->sites - fig->named);
    for (uint32_t s = 0; s < fig->result->sites; s++) {
        if (fig->group[s] < fig->named) {
            key[fig->group[s]] =
                (struct gw_page_key){GW_PAGE_SWATCH, group_colour(fig, fig->group[s]), fig->result->site[s]};
        }
    }
    if (fig->groups > fig->named) {
        key[fig->named] = (struct gw_page_key){GW_PAGE_SWATCH, GW_THEME_OTHER, other};
    }
    gw_page_keys(page, key, fig->groups);
}

static bool draw_panels(const struct figure *fig, struct gw_page *page, struct gw_arena *arena)
{
    size_t cell = 0;
    bool room = fig->carbon == NULL || draw_intensity(fig, page, cell++, arena);
    for (uint32_t p = 0; room && p < fig->result->policies; p++) {
        room = draw_power(fig, page, cell++, p, arena);
    }
    const struct gw_box last = panel_box(fig, page, fig->cells - 1);
    page->y = last.y + last.height + GW_AXIS_LABELS_PT + BETWEEN_PT;
    return room;
}

static bool draw(struct figure *fig, struct gw_arena *arena)
{
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    bool room = gw_rows_init(&fig->rows, fig->canvas, fig->result, 1, 0.0, 0.0, arena);
    gw_text_addf(&title, "Power bought by site, %s", fig->result->scenario_name);
    gw_page_add_span(&subtitle, fig->result);
    gw_text_add(&subtitle, fig->carbon != NULL ? "; grid carbon: average, lifecycle" : "");
    gw_page_open(&page, fig->canvas, &title, &subtitle);
    const bool has_series = fig->import != NULL && fig->result->rows > 0 && fig->result->every_us > 0;
    if (!has_series || fig->result->duration_us <= 0) {
        gw_page_note(&page, "This result holds no time series of imports.");
    } else if (room) {
        lay_out(fig, &page);
        room = fill_series(fig, arena);
        if (room) {
            draw_keys(fig, &page);
            page.y += 2.0;
            room = draw_panels(fig, &page, arena);
            gw_rows_draw_notes(&fig->rows, &page);
        }
    }
    gw_page_close(&page, fig->result);
    return room;
}

enum gw_status gw_fig_timeline_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                    struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {
        .canvas = canvas,
        .result = result,
        .import = gw_result_file_series(result, "import_kwh"),
        .carbon = gw_result_file_series(result, "carbon_lifecycle_kgco2"),
    };
    const bool drawn = draw(&fig, &arena);
    gw_arena_fini(&arena);
    return drawn && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure timeline", "out of memory");
}
