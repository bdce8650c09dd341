#include "plots/plots.h"

#include <stdlib.h>
#include <string.h>

#include "plots/fig_allocation.h"
#include "plots/fig_duck.h"
#include "plots/fig_duration.h"
#include "plots/fig_gap.h"
#include "plots/fig_latency.h"
#include "plots/fig_load.h"
#include "plots/fig_modes.h"
#include "plots/fig_parallel.h"
#include "plots/fig_pareto.h"
#include "plots/fig_rounds.h"
#include "plots/fig_scores.h"
#include "plots/fig_throughput.h"
#include "plots/fig_timeline.h"
#include "plots/fig_ttft.h"
#include "plots/fig_validation.h"
#include "plots/theme.h"
#include "sim/base/file.h"

static const struct gw_plots_figure figure[] = {
    {"scores",
     "Carbon, water, cost, energy, time to first token and SLO of every policy, with its change against the "
     "baseline",
     gw_fig_scores_draw},
    {"latency",
     "Median, 95th and 99th percentile of the time to first token and per output token of every policy",
     gw_fig_latency_draw},
    {"ttft", "How the time to first token is distributed under every policy, on a logarithmic axis",
     gw_fig_ttft_draw},
    {"throughput",
     "The mean time to first token over the tokens a site puts out, a dot per site and interval",
     gw_fig_throughput_draw},
    {"timeline",
     "The power each site buys over time under every policy, beside the carbon intensity of its grid",
     gw_fig_timeline_draw},
    {"load", "Requests, running batch, queue, KV memory and power over time, per site, one column per policy",
     gw_fig_load_draw},
    {"modes",
     "What the scenario's cooling plants do in which air: free cooling, PUE and water over dry and wet bulb",
     gw_fig_modes_draw},
    {"duck",
     "The mean day of the sites' grids, winter beside summer: net load, carbon intensity and price by local "
     "hour",
     gw_fig_duck_draw},
    {"duration",
     "For how many hours the sites' grids are above a carbon intensity and above a price: hours sorted",
     gw_fig_duration_draw},
    {"pareto",
     "Carbon, water, cost and time to first token against each other, a dot per policy, and the bounds of "
     "the day",
     gw_fig_pareto_draw},
    {"gap", "How far the plan of each epoch is from the least that any plan is worth, a line per policy",
     gw_fig_gap_draw},
    {"rounds",
     "Rounds of federated jobs and their power over what the sites' own plants have left, a panel per site "
     "and policy",
     gw_fig_rounds_draw},
    {"parallel",
     "Carbon, water, cost, energy and time to first token side by side, a line per policy through all",
     gw_fig_parallel_draw},
    {"allocation",
     "Which sites requests were sent to over time, shares stacked by site, one panel per policy",
     gw_fig_allocation_draw},
};
enum { FIGURES = sizeof figure / sizeof figure[0] };

const struct gw_plots_figure *gw_plots_names(size_t *n)
{
    *n = FIGURES;
    return figure;
}

static const struct gw_plots_figure *find(const char *name, struct gw_error *err)
{
    const char *names[FIGURES];
    for (size_t i = 0; i < FIGURES; i++) {
        if (strcmp(figure[i].name, name) == 0) {
            return &figure[i];
        }
        names[i] = figure[i].name;
    }
    const char *nearest = gw_text_nearest(name, names, FIGURES);
    struct gw_text all = {0};
    for (size_t i = 0; i < FIGURES; i++) {
        gw_text_addf(&all, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    if (nearest != NULL) {
        (void)gw_fail(err, GW_ERR_UNKNOWN, name, "is no figure; did you mean %s?", nearest);
    } else {
        (void)gw_fail(err, GW_ERR_UNKNOWN, name, "is no figure; there are: %s", all.failed ? "" : all.at);
    }
    gw_text_fini(&all);
    return NULL;
}

static const struct {
    enum gw_render_format format;
    const char *ending;
} kind[] = {{GW_RENDER_SVG, "svg"}, {GW_RENDER_PDF, "pdf"}, {GW_RENDER_PNG, "png"}};

static enum gw_status write_one(const struct gw_canvas *canvas, const char *title, size_t k, const char *path,
                                struct gw_error *err)
{
    struct gw_text bytes = {0};
    enum gw_status s = gw_render(canvas, title, kind[k].format, &bytes, err);
    if (s == GW_OK) {
        s = gw_file_write(path, bytes.at, bytes.n, err);
    }
    gw_text_fini(&bytes);
    return s;
}

/* One file of each format asked for; the title is for the metadata of those that have some. */
static enum gw_status write_all(const struct gw_canvas *canvas, const char *name, const char *title,
                                const char *folder, unsigned formats, struct gw_error *err)
{
    enum gw_status s = gw_file_make_folder(folder, err);
    for (size_t k = 0; s == GW_OK && k < sizeof kind / sizeof kind[0]; k++) {
        if ((formats & (unsigned)kind[k].format) == 0) {
            continue;
        }
        struct gw_text path = {0};
        gw_text_addf(&path, "%s/%s.%s", folder, name, kind[k].ending);
        s = path.failed ? gw_fail(err, GW_ERR_NOMEM, folder, "out of memory")
                        : write_one(canvas, title, k, path.at, err);
        gw_text_fini(&path);
    }
    return s;
}

static enum gw_status draw_and_write(const struct gw_plots_figure *wanted, const struct gw_font *font,
                                     const struct gw_result_file *result, const char *folder,
                                     unsigned formats, struct gw_error *err)
{
    struct gw_canvas canvas;
    struct gw_text title = {0};
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT);
    enum gw_status s = wanted->draw(&canvas, result, err);
    gw_text_addf(&title, "%s: %s", result->scenario_name, wanted->name);
    if (s == GW_OK && title.failed) {
        s = gw_fail(err, GW_ERR_NOMEM, wanted->name, "out of memory");
    }
    if (s == GW_OK) {
        s = write_all(&canvas, wanted->name, title.at, folder, formats, err);
    }
    gw_text_fini(&title);
    gw_canvas_fini(&canvas);
    return s;
}

enum gw_status gw_plots_draw(const char *name, const struct gw_result_file *result, const char *folder,
                             unsigned formats, struct gw_error *err)
{
    const struct gw_plots_figure *wanted = find(name, err);
    if (wanted == NULL) {
        return GW_ERR_UNKNOWN;
    }
    if (result->policies == 0 || result->replications == 0 || result->baseline >= result->policies) {
        return gw_fail(err, GW_ERR_RANGE, result->scenario_name, "this result holds no runs to draw");
    }
    struct gw_font *font;
    enum gw_status s = gw_font_create(&font, err);
    if (s == GW_OK) {
        s = draw_and_write(wanted, font, result, folder, formats, err);
    }
    gw_font_destroy(font);
    return s;
}

enum gw_status gw_plots_draw_validation(const char *subject, const struct gw_validation *validation,
                                        const char *folder, unsigned formats, struct gw_error *err)
{
    struct gw_font *font;
    struct gw_canvas canvas;
    enum gw_status s = gw_font_create(&font, err);
    if (s != GW_OK) {
        return s;
    }
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT);
    s = gw_fig_validation_draw(&canvas, subject, validation, err);
    if (s == GW_OK) {
        s = write_all(&canvas, subject, subject, folder, formats, err);
    }
    gw_canvas_fini(&canvas);
    gw_font_destroy(font);
    return s;
}

enum gw_status gw_plots_draw_batch(const struct gw_fig_batch *data, const char *folder, unsigned formats,
                                   struct gw_error *err)
{
    struct gw_font *font;
    struct gw_canvas canvas;
    enum gw_status s = gw_font_create(&font, err);
    if (s != GW_OK) {
        return s;
    }
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, GW_THEME_PAGE_WIDTH_PT / GW_THEME_PAGE_ASPECT);
    s = gw_fig_batch_draw(&canvas, data, err);
    if (s == GW_OK) {
        s = write_all(&canvas, "serving", data->title, folder, formats, err);
    }
    gw_canvas_fini(&canvas);
    gw_font_destroy(font);
    return s;
}
