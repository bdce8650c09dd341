#include "plots/axis.h"

#include <math.h>
#include <stdbool.h>

#include "plots/theme.h"

#define LABEL_GAP_PT    5.0 /* least distance between two labels */
#define LABEL_OFFSET_PT 3.0
#define TICK_PT         2.0

static double label_width(const struct gw_canvas *canvas, const struct gw_tick *tick)
{
    return gw_canvas_text_width_pt(canvas, GW_THEME_SMALL, tick->label.text);
}

static bool apart_x(const struct gw_canvas *canvas, const struct gw_scale *scale,
                    const struct gw_ticks *ticks)
{
    for (size_t i = 1; i < ticks->n; i++) {
        const struct gw_tick *left = &ticks->tick[i - 1], *right = &ticks->tick[i];
        const double distance = fabs(gw_scale_at(scale, right->at) - gw_scale_at(scale, left->at));
        if (distance < (label_width(canvas, left) + label_width(canvas, right)) / 2 + LABEL_GAP_PT) {
            return false;
        }
    }
    return true;
}

static bool apart_y(const struct gw_scale *scale, const struct gw_ticks *ticks)
{
    for (size_t i = 1; i < ticks->n; i++) {
        const double distance =
            gw_scale_at(scale, ticks->tick[i].at) - gw_scale_at(scale, ticks->tick[i - 1].at);
        if (fabs(distance) < GW_THEME_SMALL.size_pt + LABEL_GAP_PT) {
            return false;
        }
    }
    return true;
}

enum { MARKS_X = 13, MARKS_Y = 6 };

struct gw_ticks gw_axis_fit_x(const struct gw_canvas *canvas, const struct gw_scale *scale)
{
    struct gw_ticks ticks = {0};
    for (size_t at_most = MARKS_X; at_most >= 2; at_most--) {
        ticks = gw_scale_ticks(scale, at_most);
        if (apart_x(canvas, scale, &ticks)) {
            return ticks;
        }
    }
    ticks.n = ticks.n < 1 ? ticks.n : 1;
    return ticks;
}

struct gw_ticks gw_axis_fit_y(const struct gw_scale *scale)
{
    struct gw_ticks ticks = {0};
    for (size_t at_most = MARKS_Y; at_most >= 2; at_most--) {
        ticks = gw_scale_ticks(scale, at_most);
        if (apart_y(scale, &ticks)) {
            return ticks;
        }
    }
    ticks.n = ticks.n < 1 ? ticks.n : 1;
    return ticks;
}

void gw_axis_grid_x(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                    const struct gw_ticks *ticks)
{
    for (size_t i = 0; i < ticks->n; i++) {
        const double x = gw_scale_at(scale, ticks->tick[i].at);
        gw_canvas_segment(canvas, (struct gw_point){x, panel.y}, (struct gw_point){x, panel.y + panel.height},
                          GW_THEME_GRID_LINE);
    }
}

void gw_axis_grid_y(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                    const struct gw_ticks *ticks)
{
    for (size_t i = 0; i < ticks->n; i++) {
        const double y = gw_scale_at(scale, ticks->tick[i].at);
        gw_canvas_segment(canvas, (struct gw_point){panel.x, y}, (struct gw_point){panel.x + panel.width, y},
                          GW_THEME_GRID_LINE);
    }
}

static double label_baseline(const struct gw_canvas *canvas, struct gw_box panel)
{
    return panel.y + panel.height + LABEL_OFFSET_PT +
           gw_font_cap_height_pt(canvas->font, GW_THEME_SMALL.size_pt);
}

void gw_axis_labels_x(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                      const struct gw_ticks *ticks)
{
    const double bottom = panel.y + panel.height;
    gw_canvas_segment(canvas, (struct gw_point){panel.x, bottom},
                      (struct gw_point){panel.x + panel.width, bottom}, GW_THEME_AXIS_LINE);
    const double baseline = label_baseline(canvas, panel);
    for (size_t i = 0; i < ticks->n; i++) {
        const double x = gw_scale_at(scale, ticks->tick[i].at);
        gw_canvas_segment(canvas, (struct gw_point){x, bottom}, (struct gw_point){x, bottom + TICK_PT},
                          GW_THEME_AXIS_LINE);
        gw_canvas_text(canvas, (struct gw_point){x, baseline}, GW_ANCHOR_MIDDLE, GW_THEME_SMALL,
                       ticks->tick[i].label.text);
    }
}

void gw_axis_unit_x(struct gw_canvas *canvas, struct gw_box panel, double right, const char *unit)
{
    gw_canvas_text(canvas, (struct gw_point){right, label_baseline(canvas, panel)}, GW_ANCHOR_END,
                   GW_THEME_SMALL, unit);
}

void gw_axis_labels_y(struct gw_canvas *canvas, struct gw_box panel, const struct gw_scale *scale,
                      const struct gw_ticks *ticks)
{
    /* a label at the very end stands beside the panel, clear of what is above or below */
    const double half = gw_font_cap_height_pt(canvas->font, GW_THEME_SMALL.size_pt) / 2;
    for (size_t i = 0; i < ticks->n; i++) {
        const double at = gw_scale_at(scale, ticks->tick[i].at);
        const double y = fmin(fmax(at, panel.y + half), panel.y + panel.height - half);
        gw_canvas_text_centred(canvas, (struct gw_point){panel.x - LABEL_OFFSET_PT, y}, GW_ANCHOR_END,
                               GW_THEME_SMALL, ticks->tick[i].label.text);
    }
}
