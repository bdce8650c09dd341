#include "plots/fig_modes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/cooling/plant_read.h"
#include "models/weather/psychro.h"
#include "plots/axis.h"
#include "plots/page.h"
#include "plots/theme.h"

#define DRY_LOW_C  (-10.0)
#define DRY_HIGH_C 45.0
#define WET_LOW_C  (-12.0)
#define WET_HIGH_C 32.0
#define CELL_K     0.5
#define LOAD       0.6

#define HEADING_PT   13.0
#define PANEL_PT     118.0
#define LABELS_PT    20.0
#define GAP_PT       30.0
#define BETWEEN_PT   10.0
#define NUMBER_DRY_K 8.0 /* from number to number */
#define NUMBER_WET_K 5.0

enum { PLANTS_MAX = 8 };

/* What serves the heat. */
enum mode { NO_AIR, FREE_DRY, FREE_WET, PARTLY, COMPRESSOR, MODES };
static const struct {
    const char *name;
    uint32_t rgb;
} mode_key[MODES] = {
    [NO_AIR] = {"", 0xFFFFFF},
    [FREE_DRY] = {"no compressor, no water", 0xBFE3D4},
    [FREE_WET] = {"no compressor, water", 0xBBDDF4},
    [PARTLY] = {"compressor for a part", 0xF8E7A8},
    [COMPRESSOR] = {"compressor for all", 0xF2BFA0},
};

/* Plants that differ, and the sites that have them. */
struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_arena arena;
    struct gw_tree tree;
    size_t n;
    const struct gw_node *node[PLANTS_MAX];
    struct gw_named plant[PLANTS_MAX];
    struct gw_text sites[PLANTS_MAX];
    struct gw_text without; /* sites whose plants know no weather, or beyond PLANTS_MAX */
};

/* ---- what the plants are ---- */

static void add_name(struct gw_text *to, const char *site)
{
    gw_text_addf(to, "%s%s", to->n > 0 ? ", " : "", site);
}

static enum gw_status add_site(struct figure *fig, const char *site, const struct gw_node *cooling,
                               struct gw_error *err)
{
    for (size_t i = 0; i < fig->n; i++) {
        if (gw_node_equal(fig->node[i], cooling)) {
            add_name(&fig->sites[i], site);
            return GW_OK;
        }
    }
    struct gw_named plant;
    struct gw_errors errs = {0};
    const enum gw_status s = gw_plant_read_node(cooling, &plant, &fig->arena, &errs);
    if (s != GW_OK) {
        *err = errs.item[0];
        return s;
    }
    const struct gw_plant *ops = gw_plant_find(plant.name);
    if (!ops->needs_weather || ops->caution != NULL || fig->n == PLANTS_MAX) {
        add_name(&fig->without, site);
        return GW_OK;
    }
    fig->node[fig->n] = cooling;
    fig->plant[fig->n] = plant;
    add_name(&fig->sites[fig->n++], site);
    return GW_OK;
}

static enum gw_status read_plants(struct figure *fig, struct gw_error *err)
{
    const char *yaml = fig->result->scenario_yaml;
    struct gw_errors errs = {0};
    enum gw_status s = gw_tree_parse(&fig->tree, yaml, strlen(yaml), "scenario", NULL, &errs);
    if (s != GW_OK) {
        *err = errs.item[0];
        return s;
    }
    const struct gw_node *sites = gw_node_get(fig->tree.root, "sites");
    for (uint32_t i = 0; sites != NULL && i < sites->n && s == GW_OK; i++) {
        const struct gw_node *cooling = gw_node_get(sites->entry[i].value, "cooling");
        const char *name = gw_node_text(sites->entry[i].value, "name");
        if (cooling != NULL && name != NULL) {
            s = add_site(fig, name, cooling, err);
        }
    }
    return s;
}

/* ---- one point ---- */

/* Vapour of air of this dry and wet bulb; negative where there is no such air. */
static double vapour_ratio(double dry_c, double wet_c)
{
    const double saturated =
        gw_psychro_humidity_ratio(gw_psychro_saturation_pa(wet_c), GW_PSYCHRO_SEA_LEVEL_PA);
    return wet_c > 0 ? ((2501 - 2.326 * wet_c) * saturated - 1.006 * (dry_c - wet_c)) /
                           (2501 + 1.86 * dry_c - 4.186 * wet_c)
                     : ((2830 - 0.24 * wet_c) * saturated - 1.006 * (dry_c - wet_c)) /
                           (2830 + 1.86 * dry_c - 2.1 * wet_c);
}

static enum mode mode_at(const struct gw_named *plant, double dry_c, double wet_c, struct gw_plant_out *out)
{
    const double ratio = wet_c <= dry_c ? vapour_ratio(dry_c, wet_c) : -1;
    if (ratio <= 1e-5) {
        return NO_AIR;
    }
    const struct gw_plant_in in = {.it_kw = LOAD,
                                   .nameplate_kw = 1,
                                   .dry_bulb_c = dry_c,
                                   .wet_bulb_c = wet_c,
                                   .humidity_ratio = ratio,
                                   .pressure_pa = GW_PSYCHRO_SEA_LEVEL_PA};
    *out = gw_plant_find(plant->name)->at(plant->cfg, &in);
    if (out->free_frac < 1) {
        return out->free_frac > 0 ? PARTLY : COMPRESSOR;
    }
    return out->water_withdrawn_l_per_h > 0 ? FREE_WET : FREE_DRY;
}

/* ---- drawing ---- */

struct panel {
    struct gw_box box;
    struct gw_scale x, y;
};

/* Rows of cells, those of one mode joined; each reaches a little under the next, so that no seam shows. */
static void draw_modes(struct gw_canvas *canvas, const struct panel *panel, const struct gw_named *plant)
{
    struct gw_plant_out out;
    for (double wet_c = WET_LOW_C; wet_c < WET_HIGH_C; wet_c += CELL_K) {
        double from_c = DRY_LOW_C;
        enum mode before = NO_AIR;
        for (double dry_c = DRY_LOW_C; dry_c <= DRY_HIGH_C; dry_c += CELL_K) {
            const enum mode now =
                dry_c < DRY_HIGH_C ? mode_at(plant, dry_c + CELL_K / 2, wet_c + CELL_K / 2, &out) : NO_AIR;
            if (now == before) {
                continue;
            }
            if (before != NO_AIR) {
                const double x = gw_scale_at(&panel->x, from_c), y = gw_scale_at(&panel->y, wet_c + CELL_K);
                gw_canvas_rect(canvas,
                               (struct gw_box){x, y, gw_scale_at(&panel->x, dry_c) - x + 0.2,
                                               gw_scale_at(&panel->y, wet_c) - y + 0.2},
                               mode_key[before].rgb);
            }
            from_c = dry_c;
            before = now;
        }
    }
}

static void draw_numbers(struct gw_canvas *canvas, const struct panel *panel, const struct gw_named *plant,
                         bool water)
{
    struct gw_plant_out out;
    for (double wet_c = -10; wet_c <= WET_HIGH_C - 2; wet_c += NUMBER_WET_K) {
        for (double dry_c = -6; dry_c <= DRY_HIGH_C - 2; dry_c += NUMBER_DRY_K) {
            if (mode_at(plant, dry_c, wet_c, &out) == NO_AIR) {
                continue;
            }
            char text[16];
            (void)snprintf(text, sizeof text, "%.2f",
                           water ? out.water_withdrawn_l_per_h / LOAD
                                 : 1 + (out.cooling_kw + out.power_chain_kw) / LOAD);
            gw_canvas_text_centred(
                canvas, (struct gw_point){gw_scale_at(&panel->x, dry_c), gw_scale_at(&panel->y, wet_c)},
                GW_ANCHOR_MIDDLE, GW_THEME_BODY, text);
        }
    }
}

static void draw_panel(struct gw_canvas *canvas, struct gw_box box, const struct gw_named *plant, bool water)
{
    const struct panel panel = {
        .box = box,
        .x = {GW_SCALE_LINEAR, DRY_LOW_C, DRY_HIGH_C, box.x, box.x + box.width},
        .y = {GW_SCALE_LINEAR, WET_LOW_C, WET_HIGH_C, box.y + box.height, box.y},
    };
    const struct gw_ticks x_ticks = gw_axis_fit_x(canvas, &panel.x), y_ticks = gw_axis_fit_y(&panel.y);
    gw_axis_grid_x(canvas, box, &panel.x, &x_ticks);
    gw_axis_grid_y(canvas, box, &panel.y, &y_ticks);
    draw_modes(canvas, &panel, plant);
    draw_numbers(canvas, &panel, plant, water);
    gw_axis_labels_x(canvas, box, &panel.x, &x_ticks);
    gw_axis_labels_y(canvas, box, &panel.y, &y_ticks);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x + 3, box.y + 6}, GW_ANCHOR_START, GW_THEME_STRONG,
                           water ? "Water drawn, L per kWh of IT" : "PUE");
    gw_canvas_text_centred(canvas, (struct gw_point){box.x + 3, box.y + 16}, GW_ANCHOR_START, GW_THEME_SMALL,
                           "wet bulb, °C, over dry bulb, °C");
}

static void draw_plant(const struct figure *fig, struct gw_page *page, size_t i)
{
    char heading[256], shown[256];
    (void)snprintf(heading, sizeof heading, "%s: %s", fig->plant[i].name, fig->sites[i].at);
    gw_font_fit(fig->canvas->font, true, GW_THEME_HEADING.size_pt, heading, page->right - page->left, shown,
                sizeof shown);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){page->left, page->y + HEADING_PT / 2},
                           GW_ANCHOR_START, GW_THEME_HEADING, shown);
    const double top = page->y + HEADING_PT, first = page->left + LABELS_PT;
    const double width = (page->right - first - GAP_PT) / 2;
    for (int p = 0; p < 2; p++) {
        draw_panel(fig->canvas, (struct gw_box){first + p * (width + GAP_PT), top, width, PANEL_PT},
                   &fig->plant[i], p == 1);
    }
    page->y = top + PANEL_PT + GW_AXIS_LABELS_PT + BETWEEN_PT;
}

static void draw(struct figure *fig)
{
    struct gw_page page;
    struct gw_text title = {0}, subtitle = {0};
    gw_text_addf(&title, "What the plants do in which air, %s", fig->result->scenario_name);
    gw_text_add(&subtitle, "60 % load, at sea level, steady state; white: there is no such air");
    gw_page_open(&page, fig->canvas, &title, &subtitle);
    struct gw_page_key key[MODES - 1];
    for (int m = FREE_DRY; m < MODES; m++) {
        key[m - 1] = (struct gw_page_key){GW_PAGE_SWATCH, mode_key[m].rgb, mode_key[m].name};
    }
    gw_page_keys(&page, key, fig->n > 0 ? MODES - 1 : 0);
    page.y += 4.0;
    for (size_t i = 0; i < fig->n; i++) {
        draw_plant(fig, &page, i);
    }
    if (fig->without.n > 0) {
        struct gw_text note = {0};
        gw_text_addf(&note,
                     "Not drawn, because the plant does not model the weather or there are too many: %s.",
                     fig->without.at);
        fig->canvas->failed = fig->canvas->failed || note.failed;
        gw_page_note(&page, note.failed ? "" : note.at);
        gw_text_fini(&note);
    }
    gw_page_close(&page, fig->result);
}

enum gw_status gw_fig_modes_draw(struct gw_canvas *canvas, const struct gw_result_file *result,
                                 struct gw_error *err)
{
    struct figure fig = {.canvas = canvas, .result = result};
    enum gw_status s = read_plants(&fig, err);
    bool failed = fig.without.failed;
    for (size_t i = 0; i < fig.n; i++) {
        failed = failed || fig.sites[i].failed;
    }
    if (s == GW_OK && !failed) {
        draw(&fig);
    }
    if (s == GW_OK && (failed || canvas->failed)) {
        s = gw_fail(err, GW_ERR_NOMEM, "figure modes", "out of memory");
    }
    for (size_t i = 0; i < fig.n; i++) {
        gw_text_fini(&fig.sites[i]);
    }
    gw_text_fini(&fig.without);
    gw_tree_fini(&fig.tree);
    gw_arena_fini(&fig.arena);
    return s;
}
