#include "plots/fig_allocation.h"

#include <math.h>
#include <stdio.h>

#include "plots/axis.h"
#include "plots/mark.h"
#include "plots/page.h"
#include "plots/theme.h"

#define GUTTER_PT     28.0
#define COLUMN_GAP_PT 13.0
#define HEADING_PT    13.0
#define BETWEEN_PT    6.0
#define RIGHT_PT      8.0 /* half of the last label */
#define HEIGHT_PT     64.0
#define BIN_MIN_PT    0.8 /* narrower rows of the series are drawn as one */

enum { GROUPS_MAX = GW_THEME_CATEGORIES + 1, NAME_BYTES = 256 };

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    const struct gw_result_column *sent; /* requests to a site in a row of the time series */
    size_t columns;                      /* panels side by side */
    double panel_pt;
    size_t rows, rows_per_bin, bins;     /* rows of the scored time */
    uint32_t *group;                     /* [sites] what a site is drawn as: the largest have colours */
    uint32_t groups, named;              /* the last group is all the others when groups > named */
    double *edge_x, *low, *high, *share; /* [bins + 1], [bins], [bins], [groups][bins] */
};

/* Over the whole runs of a policy. */
static double sent_to(const struct figure *fig, uint32_t policy, uint32_t site, size_t row)
{
    const struct gw_result_file *result = fig->result;
    double sum = 0.0;
    for (uint32_t r = 0; r < result->replications; r++) {
        const size_t run = (size_t)policy * result->replications + r;
        const double x = fig->sent->value[(run * result->sites + site) * result->rows + row];
        sum += result->ok[run] && isfinite(x) ? x : 0.0;
    }
    return sum;
}

static double all_sent_to(const struct figure *fig, uint32_t site)
{
    double sum = 0.0;
    for (uint32_t p = 0; p < fig->result->policies; p++) {
        for (size_t row = 0; row < fig->rows; row++) {
            sum += sent_to(fig, p, site, row);
        }
    }
    return sum;
}

static bool group_sites(struct figure *fig, struct gw_arena *arena)
{
    const uint32_t sites = fig->result->sites;
    double *total = gw_arena_array(arena, sites, sizeof *total);
    fig->group = gw_arena_array(arena, sites, sizeof *fig->group);
    if (total == NULL || fig->group == NULL) {
        return false;
    }
    fig->named = sites <= GW_THEME_CATEGORIES ? sites : GW_THEME_CATEGORIES;
    fig->groups = fig->named + (sites > fig->named);
    for (uint32_t s = 0; s < sites; s++) {
        total[s] = all_sent_to(fig, s);
    }
    uint32_t next = 0;
    for (uint32_t s = 0; s < sites; s++) {
        uint32_t larger = 0;
        for (uint32_t other = 0; other < sites; other++) {
            larger += total[other] > total[s] || (total[other] == total[s] && other < s);
        }
        fig->group[s] = larger < fig->named ? next++ : fig->named;
    }
    return true;
}

static bool prepare(struct figure *fig, struct gw_arena *arena)
{
    const struct gw_result_file *result = fig->result;
    const size_t scored = (size_t)((result->duration_us + result->every_us - 1) / result->every_us);
    fig->rows = result->rows < scored ? result->rows : scored;
    const size_t most = (size_t)(fig->panel_pt / BIN_MIN_PT);
    fig->rows_per_bin = fig->rows > most ? (fig->rows + most - 1) / most : 1;
    fig->bins = (fig->rows + fig->rows_per_bin - 1) / fig->rows_per_bin;
    fig->edge_x = gw_arena_array(arena, fig->bins + 1, sizeof *fig->edge_x);
    fig->low = gw_arena_array(arena, fig->bins, sizeof *fig->low);
    fig->high = gw_arena_array(arena, fig->bins, sizeof *fig->high);
    fig->share = gw_arena_array(arena, fig->bins * GROUPS_MAX, sizeof *fig->share);
    return fig->edge_x != NULL && fig->low != NULL && fig->high != NULL && fig->share != NULL &&
           group_sites(fig, arena);
}

/* Shares of the groups in each bin, in percent; NaN where nothing was sent. */
static void fill_shares(struct figure *fig, uint32_t policy)
{
    for (size_t bin = 0; bin < fig->bins; bin++) {
        double sum = 0.0;
        for (uint32_t g = 0; g < fig->groups; g++) {
            fig->share[g * fig->bins + bin] = 0.0;
        }
        const size_t end = (bin + 1) * fig->rows_per_bin;
        for (size_t row = bin * fig->rows_per_bin; row < end && row < fig->rows; row++) {
            for (uint32_t s = 0; s < fig->result->sites; s++) {
                const double x = sent_to(fig, policy, s, row);
                fig->share[fig->group[s] * fig->bins + bin] += x;
                sum += x;
            }
        }
        for (uint32_t g = 0; g < fig->groups; g++) {
            double *share = &fig->share[g * fig->bins + bin];
            *share = sum > 0.0 ? 100.0 * *share / sum : (double)NAN;
        }
    }
}

static uint32_t colour_of(const struct figure *fig, uint32_t group)
{
    return group < fig->named ? gw_theme_category(group) : (uint32_t)GW_THEME_OTHER;
}

static void draw_stack(struct figure *fig, const struct gw_scale *t, const struct gw_scale *y)
{
    const struct gw_result_file *result = fig->result;
    for (size_t bin = 0; bin <= fig->bins; bin++) {
        const size_t row = bin * fig->rows_per_bin < fig->rows ? bin * fig->rows_per_bin : fig->rows;
        fig->edge_x[bin] =
            gw_scale_at(t, (double)result->start_unix_us + (double)row * (double)result->every_us);
    }
    for (uint32_t g = 0; g < fig->groups; g++) {
        double *share = fig->share + g * fig->bins;
        for (size_t bin = 0; bin < fig->bins; bin++) {
            const double from = g == 0 ? 0.0 : fig->share[(g - 1) * fig->bins + bin];
            share[bin] += from; /* from here on: the share of all groups so far */
            fig->low[bin] = isfinite(share[bin]) ? gw_scale_at(y, from) : (double)NAN;
            fig->high[bin] = isfinite(share[bin]) ? gw_scale_at(y, share[bin]) : (double)NAN;
        }
        gw_mark_area(fig->canvas, fig->edge_x, fig->low, fig->high, fig->bins, colour_of(fig, g));
    }
}

static void draw_panel(struct figure *fig, struct gw_box box, uint32_t policy, bool lowest)
{
    struct gw_canvas *canvas = fig->canvas;
    const struct gw_result_file *result = fig->result;
    const struct gw_scale t = {GW_SCALE_TIME, (double)result->start_unix_us,
                               (double)(result->start_unix_us + result->duration_us), box.x,
                               box.x + box.width};
    const struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 100.0, box.y + box.height, box.y};
    const struct gw_ticks y_ticks = gw_axis_fit_y(&y), t_ticks = gw_axis_fit_x(canvas, &t);
    bool whole = false;
    for (uint32_t r = 0; r < result->replications; r++) {
        whole = whole || result->ok[(size_t)policy * result->replications + r];
    }
    gw_axis_grid_y(canvas, box, &y, &y_ticks);
    gw_axis_grid_x(canvas, box, &t, &t_ticks);
    gw_axis_labels_y(canvas, box, &y, &y_ticks);
    if (lowest) {
        gw_axis_labels_x(canvas, box, &t, &t_ticks);
        gw_axis_unit_x(canvas, box, box.x - 12.0, "UTC");
    }
    const double above = box.y - HEADING_PT / 2;
    char name[NAME_BYTES];
    gw_font_fit(canvas->font, true, GW_THEME_HEADING.size_pt, result->policy[policy], box.width - 40.0, name,
                sizeof name);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x, above}, GW_ANCHOR_START, GW_THEME_HEADING, name);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x - 3.0, above}, GW_ANCHOR_END, GW_THEME_SMALL, "%");
    if (!whole) {
        gw_canvas_text_centred(canvas, (struct gw_point){box.x + box.width, above}, GW_ANCHOR_END,
                               GW_THEME_SMALL, "failed");
        return;
    }
    fill_shares(fig, policy);
    draw_stack(fig, &t, &y);
}

static void draw_keys(const struct figure *fig, struct gw_page *page)
{
    struct gw_page_key key[GROUPS_MAX] = {0};
    char other[64];
    snprintf(other, sizeof other, "%u other sites", (unsigned)(fig->result->sites - fig->named));
    for (uint32_t s = 0; s < fig->result->sites; s++) {
        if (fig->group[s] < fig->named) {
            key[fig->group[s]] =
                (struct gw_page_key){GW_PAGE_SWATCH, colour_of(fig, fig->group[s]), fig->result->site[s]};
        }
    }
    if (fig->groups > fig->named) {
        key[fig->named] = (struct gw_page_key){GW_PAGE_SWATCH, GW_THEME_OTHER, other};
    }
    gw_page_keys(page, key, fig->groups);
}

/* Panels side by side as policies are many: one up to three, two up to eight, then three. */
static void lay_out(struct figure *fig, const struct gw_page *page)
{
    const uint32_t policies = fig->result->policies;
    fig->columns = policies <= 3 ? 1 : policies <= 8 ? 2 : 3;
    const double columns = (double)fig->columns;
    const double width = page->right - RIGHT_PT - page->left - (columns - 1.0) * COLUMN_GAP_PT;
    fig->panel_pt = width / columns - GUTTER_PT;
}

static void draw_panels(struct figure *fig, struct gw_page *page)
{
    draw_keys(fig, page);
    const uint32_t policies = fig->result->policies;
    const double down = HEADING_PT + HEIGHT_PT + BETWEEN_PT;
    for (uint32_t p = 0; p < policies; p++) {
        const size_t column = p % fig->columns, line = p / fig->columns;
        const struct gw_box box = {page->left + GUTTER_PT +
                                       (double)column * (GUTTER_PT + fig->panel_pt + COLUMN_GAP_PT),
                                   page->y + HEADING_PT + (double)line * down, fig->panel_pt, HEIGHT_PT};
        draw_panel(fig, box, p, p + fig->columns >= policies);
    }
    const size_t lines = (policies + fig->columns - 1) / fig->columns;
    page->y += (double)lines * down + GW_AXIS_LABELS_PT;
    gw_page_note(page, "Requests by the site that their policy sent them to, over all whole runs.");
}

enum gw_status gw_fig_allocation_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                      struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct figure fig = {
        .canvas = canvas, .result = result, .sent = gw_result_file_series(result, "arrived")};
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "Where requests went, %s", result->scenario_name);
    gw_page_add_span(&subtitle, result);
    gw_page_open(&page, canvas, &title, &subtitle);
    lay_out(&fig, &page);
    bool room = true;
    if (fig.sent == NULL || result->rows == 0 || result->every_us <= 0 || result->duration_us <= 0) {
        gw_page_note(&page, "This result holds no requests over time.");
    } else {
        room = prepare(&fig, &arena);
        if (room) {
            draw_panels(&fig, &page);
        }
    }
    gw_page_close(&page, result);
    gw_arena_fini(&arena);
    return room && !canvas->failed ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "figure allocation", "out of memory");
}
