#include "sim/cli/figures.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/cli/terminal.h"

static const char *const *scenario_figures(const struct gw_scenario *sc, uint32_t *n)
{
    *n = sc->cfg.output.figures.n;
    return sc->cfg.output.figures.at;
}

#ifdef GW_NO_PLOTS

int gw_figures_check(const struct gw_scenario *sc)
{
    (void)sc;
    return 0;
}

int gw_figures_draw_scenario(const struct gw_scenario *sc, const char *folder)
{
    uint32_t n;
    (void)folder;
    (void)scenario_figures(sc, &n);
    if (n > 0) {
        fprintf(stderr, "geowatt: note: built without Cairo, no figures are drawn\n");
    }
    return 0;
}

int gw_figures_draw(const char *result, const char *const *figure, const char *folder,
                    const char *const *format)
{
    (void)result;
    (void)figure;
    (void)folder;
    (void)format;
    fprintf(stderr, "geowatt: built without Cairo, figures cannot be drawn\n");
    return gw_status_exit(GW_ERR_USAGE);
}

int gw_figures_draw_validation(const struct gw_validation *validation, const char *subject,
                               const char *folder)
{
    (void)validation;
    (void)subject;
    (void)folder;
    fprintf(stderr, "geowatt: note: built without Cairo, no figures are drawn\n");
    return 0;
}

int gw_figures_draw_batch(const struct gw_figures_batch *data, const char *folder)
{
    (void)data;
    (void)folder;
    fprintf(stderr, "geowatt: built without Cairo, figures cannot be drawn\n");
    return gw_status_exit(GW_ERR_USAGE);
}

void gw_figures_print(const struct gw_scenario *sc, const char *folder, FILE *to)
{
    (void)sc;
    (void)folder;
    (void)to;
}

void gw_figures_list(FILE *to)
{
    fprintf(to, "none: built without Cairo\n");
}

#else

#include "plots/plots.h"

static const char *const format_names[] = {"svg", "pdf", "png"};
static const unsigned format_bits[] = {GW_RENDER_SVG, GW_RENDER_PDF, GW_RENDER_PNG};
enum { N_FORMATS = 3 };

static const struct gw_plots_figure *find_figure(const char *name)
{
    size_t n;
    const struct gw_plots_figure *figure = gw_plots_names(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(figure[i].name, name) == 0) {
            return &figure[i];
        }
    }
    return NULL;
}

static int report_unknown(const struct gw_scenario *sc, uint32_t index, const char *name)
{
    char path[40], where[200] = "";
    snprintf(path, sizeof path, "output.figures[%u]", (unsigned)index);
    const struct gw_node *node = gw_tree_at(&sc->tree, path);
    if (node != NULL) {
        gw_pos_print(node->pos, where, sizeof where);
    }
    size_t n;
    const struct gw_plots_figure *figure = gw_plots_names(&n);
    const char *known[64];
    for (size_t i = 0; i < n && i < 64; i++) {
        known[i] = figure[i].name;
    }
    struct gw_error err;
    (void)gw_fail(&err, GW_ERR_UNKNOWN, where, "%s: there is no figure \"%.80s\"%s; see geowatt list figures",
                  path, name, gw_text_hint(gw_text_nearest(name, known, n < 64 ? n : 64)).text);
    return gw_terminal_error(&err);
}

int gw_figures_check(const struct gw_scenario *sc)
{
    uint32_t n;
    const char *const *name = scenario_figures(sc, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (find_figure(name[i]) == NULL) {
            return report_unknown(sc, i, name[i]);
        }
    }
    return 0;
}

static int draw_all(const struct gw_result_file *file, const char *const *figure, uint32_t n,
                    const char *folder, unsigned formats)
{
    for (uint32_t i = 0; i < n; i++) {
        struct gw_error err;
        if (gw_plots_draw(figure[i], file, folder, formats, &err) != GW_OK) {
            return gw_terminal_error(&err);
        }
    }
    return 0;
}

static int draw_from(const char *result, const char *const *figure, uint32_t n, const char *folder,
                     unsigned formats)
{
    struct gw_result_file file;
    struct gw_error err;
    if (gw_result_file_read(result, &file, &err) != GW_OK) {
        return gw_terminal_error(&err);
    }
    const int status = draw_all(&file, figure, n, folder, formats);
    gw_result_file_fini(&file);
    return status;
}

int gw_figures_draw_scenario(const struct gw_scenario *sc, const char *folder)
{
    uint32_t n;
    const char *const *figure = scenario_figures(sc, &n);
    struct gw_text result = {0}, into = {0};
    gw_text_addf(&result, "%s/result.h5", folder);
    gw_text_addf(&into, "%s/figures", folder);
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (!result.failed && !into.failed) {
        status = n > 0
                     ? draw_from(result.at, figure, n, into.at, GW_RENDER_SVG | GW_RENDER_PDF | GW_RENDER_PNG)
                     : 0;
    }
    gw_text_fini(&result);
    gw_text_fini(&into);
    return status;
}

/* The bits of the named formats; 0 after a sentence for an unknown one. */
static unsigned read_formats(const char *const *format)
{
    unsigned bits = 0;
    for (; *format != NULL; format++) {
        unsigned bit = 0;
        for (size_t i = 0; i < N_FORMATS; i++) {
            bit |= strcmp(format_names[i], *format) == 0 ? format_bits[i] : 0;
        }
        if (bit == 0) {
            fprintf(stderr, "geowatt plot: there is no format \"%s\"; there are svg, pdf and png\n", *format);
            return 0;
        }
        bits |= bit;
    }
    return bits != 0 ? bits : GW_RENDER_SVG | GW_RENDER_PDF | GW_RENDER_PNG;
}

int gw_figures_draw(const char *result, const char *const *figure, const char *folder,
                    const char *const *format)
{
    static const char *const usual[] = {"scores", NULL};
    const char *const *names = figure[0] != NULL ? figure : usual;
    uint32_t n = 0;
    while (names[n] != NULL) {
        n++;
    }
    const unsigned formats = read_formats(format);
    if (formats == 0) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    return draw_from(result, names, n, folder, formats);
}

int gw_figures_draw_validation(const struct gw_validation *validation, const char *subject,
                               const char *folder)
{
    struct gw_error err;
    const enum gw_status s = gw_plots_draw_validation(subject, validation, folder,
                                                      GW_RENDER_SVG | GW_RENDER_PDF | GW_RENDER_PNG, &err);
    return s == GW_OK ? 0 : gw_terminal_error(&err);
}

int gw_figures_draw_batch(const struct gw_figures_batch *data, const char *folder)
{
    const struct gw_fig_batch figure = {
        .title = data->what,
        .subtitle = data->subtitle,
        .source = data->source,
        .n = data->n,
        .batch = data->batch,
        .j_per_tok = data->j_per_tok,
        .step_ms = data->step_ms,
        .tok_per_s = data->tok_per_s,
        .within = data->within,
    };
    struct gw_error err;
    const enum gw_status s =
        gw_plots_draw_batch(&figure, folder, GW_RENDER_SVG | GW_RENDER_PDF | GW_RENDER_PNG, &err);
    return s == GW_OK ? 0 : gw_terminal_error(&err);
}

void gw_figures_print(const struct gw_scenario *sc, const char *folder, FILE *to)
{
    uint32_t n;
    const char *const *figure = scenario_figures(sc, &n);
    for (uint32_t i = 0; i < n; i++) {
        fprintf(to, "figure   %s/figures/%s.svg, .pdf, .png\n", folder, figure[i]);
    }
}

void gw_figures_list(FILE *to)
{
    size_t n;
    const struct gw_plots_figure *figure = gw_plots_names(&n);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "%-14s %s\n", figure[i].name, figure[i].doc);
    }
}

#endif
