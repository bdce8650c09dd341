#include "plots/fig_modes.h"

#include <stdio.h>

#include "plots/axis.h"
#include "plots/page.h"
#include "plots/theme.h"
#include "sim/run/plant_map.h"

#define DRY_LOW_C  (-10.0)
#define DRY_HIGH_C 45.0
#define WET_LOW_C  (-12.0)
#define WET_HIGH_C 32.0
#define CELL_K     0.5
#define LOAD       0.6
#define SEAM_PT    0.2

#define HEADING_PT   13.0
#define PANEL_PT     118.0
#define LABELS_PT    20.0
#define GAP_PT       30.0
#define BETWEEN_PT   10.0
#define NUMBER_DRY_K 8.0 /* from number to number */
#define NUMBER_WET_K 5.0

/* The colours of what serves the heat. */
static const struct {
    const char *name;
    uint32_t rgb;
} mode_key[GW_PLANT_MAP_MODES] = {
    [GW_PLANT_MAP_NO_AIR] = {"", 0xFFFFFF},
    [GW_PLANT_MAP_FREE_DRY] = {"no compressor, no water", 0xBFE3D4},
    [GW_PLANT_MAP_FREE_WET] = {"no compressor, water", 0xBBDDF4},
    [GW_PLANT_MAP_PARTLY] = {"compressor for a part", 0xF8E7A8},
    [GW_PLANT_MAP_COMPRESSOR] = {"compressor for all", 0xF2BFA0},
};

struct figure {
    struct gw_canvas *canvas;
    const struct gw_result_file *result;
    struct gw_plant_map map;
};

struct panel {
    const struct gw_plant_map *map;
    uint32_t row;
    bool water;
    struct gw_box box;
    struct gw_scale x, y;
};

/* Rows of cells, those of one mode joined; each reaches a little under the next, so that no seam shows. */
static void draw_modes(struct gw_canvas *canvas, const struct panel *panel)
{
    for (double wet_c = WET_LOW_C; wet_c < WET_HIGH_C; wet_c += CELL_K) {
        double from_c = DRY_LOW_C;
        enum gw_plant_map_mode before = GW_PLANT_MAP_NO_AIR;
        for (double dry_c = DRY_LOW_C; dry_c <= DRY_HIGH_C; dry_c += CELL_K) {
            const enum gw_plant_map_mode now =
                dry_c < DRY_HIGH_C
                    ? gw_plant_map_at(panel->map, panel->row, dry_c + CELL_K / 2, wet_c + CELL_K / 2, LOAD)
                          .mode
                    : GW_PLANT_MAP_NO_AIR;
            if (now == before) {
                continue;
            }
            if (before != GW_PLANT_MAP_NO_AIR) {
                const double x = gw_scale_at(&panel->x, from_c), y = gw_scale_at(&panel->y, wet_c + CELL_K);
                gw_canvas_rect(canvas,
                               (struct gw_box){x, y, gw_scale_at(&panel->x, dry_c) - x + SEAM_PT,
                                               gw_scale_at(&panel->y, wet_c) - y + SEAM_PT},
                               mode_key[before].rgb);
            }
            from_c = dry_c;
            before = now;
        }
    }
}

static void draw_numbers(struct gw_canvas *canvas, const struct panel *panel)
{
    for (double wet_c = -10; wet_c <= WET_HIGH_C - 2; wet_c += NUMBER_WET_K) {
        for (double dry_c = -6; dry_c <= DRY_HIGH_C - 2; dry_c += NUMBER_DRY_K) {
            const struct gw_plant_map_point at = gw_plant_map_at(panel->map, panel->row, dry_c, wet_c, LOAD);
            if (at.mode == GW_PLANT_MAP_NO_AIR) {
                continue;
            }
            char text[16];
            (void)snprintf(text, sizeof text, "%.2f", panel->water ? at.withdrawn_l_per_kwh : at.pue);
            gw_canvas_text_centred(
                canvas, (struct gw_point){gw_scale_at(&panel->x, dry_c), gw_scale_at(&panel->y, wet_c)},
                GW_ANCHOR_MIDDLE, GW_THEME_BODY, text);
        }
    }
}

static void draw_panel(const struct figure *fig, struct gw_box box, uint32_t row, bool water)
{
    struct gw_canvas *canvas = fig->canvas;
    const struct panel panel = {
        .map = &fig->map,
        .row = row,
        .water = water,
        .box = box,
        .x = {GW_SCALE_LINEAR, DRY_LOW_C, DRY_HIGH_C, box.x, box.x + box.width},
        .y = {GW_SCALE_LINEAR, WET_LOW_C, WET_HIGH_C, box.y + box.height, box.y},
    };
    const struct gw_ticks x_ticks = gw_axis_fit_x(canvas, &panel.x), y_ticks = gw_axis_fit_y(&panel.y);
    gw_axis_grid_x(canvas, box, &panel.x, &x_ticks);
    gw_axis_grid_y(canvas, box, &panel.y, &y_ticks);
    draw_modes(canvas, &panel);
    draw_numbers(canvas, &panel);
    gw_axis_labels_x(canvas, box, &panel.x, &x_ticks);
    gw_axis_labels_y(canvas, box, &panel.y, &y_ticks);
    gw_canvas_text_centred(canvas, (struct gw_point){box.x + 3, box.y + 6}, GW_ANCHOR_START, GW_THEME_STRONG,
                           water ? "Water drawn, L per kWh of IT" : "PUE");
    gw_canvas_text_centred(canvas, (struct gw_point){box.x + 3, box.y + 16}, GW_ANCHOR_START, GW_THEME_SMALL,
                           "wet bulb, °C, over dry bulb, °C");
}

static void draw_plant(const struct figure *fig, struct gw_page *page, uint32_t i)
{
    char heading[256], shown[256];
    (void)snprintf(heading, sizeof heading, "%s: %s", fig->map.row[i].plant.name, fig->map.row[i].sites.at);
    gw_font_fit(fig->canvas->font, true, GW_THEME_HEADING.size_pt, heading, page->right - page->left, shown,
                sizeof shown);
    gw_canvas_text_centred(fig->canvas, (struct gw_point){page->left, page->y + HEADING_PT / 2},
                           GW_ANCHOR_START, GW_THEME_HEADING, shown);
    const double top = page->y + HEADING_PT, first = page->left + LABELS_PT;
    const double width = (page->right - first - GAP_PT) / 2;
    for (int p = 0; p < 2; p++) {
        draw_panel(fig, (struct gw_box){first + p * (width + GAP_PT), top, width, PANEL_PT}, i, p == 1);
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
    struct gw_page_key key[GW_PLANT_MAP_MODES - 1];
    for (int m = GW_PLANT_MAP_FREE_DRY; m < GW_PLANT_MAP_MODES; m++) {
        key[m - 1] = (struct gw_page_key){GW_PAGE_SWATCH, mode_key[m].rgb, mode_key[m].name};
    }
    gw_page_keys(&page, key, fig->map.n > 0 ? GW_PLANT_MAP_MODES - 1 : 0);
    page.y += 4.0;
    for (uint32_t i = 0; i < fig->map.n; i++) {
        draw_plant(fig, &page, i);
    }
    if (fig->map.without.n > 0) {
        struct gw_text note = {0};
        gw_text_addf(&note,
                     "Not drawn, because the plant does not model the weather or there are too many: %s.",
                     fig->map.without.at);
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
    const enum gw_status s = gw_plant_map_read(result->scenario_yaml, &fig.map, err);
    if (s != GW_OK) {
        return s;
    }
    draw(&fig);
    gw_plant_map_fini(&fig.map);
    return canvas->failed ? gw_fail(err, GW_ERR_NOMEM, "figure modes", "out of memory") : GW_OK;
}
