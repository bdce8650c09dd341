#include "plots/mark.h"

#include <math.h>
#include <stdlib.h>

#define HATCH_PITCH_PT 3.0
#define HATCH_WIDTH_PT 0.6
#define HAIRLINE_PT    0.6

void gw_mark_hatch(struct gw_canvas *canvas, struct gw_box box, uint32_t rgb)
{
    if (box.width <= 0.0 || box.height <= 0.0) {
        return;
    }
    gw_canvas_clip(canvas, box);
    const double bottom = box.y + box.height;
    const double first = box.x - box.height + HATCH_PITCH_PT / 2;
    const size_t n = (size_t)((box.width + box.height) / HATCH_PITCH_PT) + 1;
    for (size_t i = 0; i < n; i++) {
        const double x = first + (double)i * HATCH_PITCH_PT;
        gw_canvas_segment(canvas, (struct gw_point){x, bottom}, (struct gw_point){x + box.height, box.y},
                          (struct gw_stroke){HATCH_WIDTH_PT, rgb, 0.0});
    }
    gw_canvas_unclip(canvas);
}

void gw_mark_bar(struct gw_canvas *canvas, double from_x, double to_x, double y, double thickness_pt,
                 uint32_t rgb)
{
    const double left = fmin(from_x, to_x), length = fmax(fabs(to_x - from_x), HAIRLINE_PT);
    gw_canvas_rect(canvas, (struct gw_box){left, y - thickness_pt / 2, length, thickness_pt}, rgb);
}

void gw_mark_whisker(struct gw_canvas *canvas, double from_x, double to_x, double y, double cap_pt,
                     struct gw_stroke stroke)
{
    const double half = cap_pt / 2;
    gw_canvas_segment(canvas, (struct gw_point){from_x, y}, (struct gw_point){to_x, y}, stroke);
    gw_canvas_segment(canvas, (struct gw_point){from_x, y - half}, (struct gw_point){from_x, y + half},
                      stroke);
    gw_canvas_segment(canvas, (struct gw_point){to_x, y - half}, (struct gw_point){to_x, y + half}, stroke);
}

void gw_mark_dot(struct gw_canvas *canvas, enum gw_mark_dot kind, struct gw_point at, double radius_pt,
                 uint32_t rgb)
{
    const double r = radius_pt;
    switch (kind) {
    case GW_MARK_DISC:
        gw_canvas_disc(canvas, at, r, rgb);
        break;
    case GW_MARK_DIAMOND:
        gw_canvas_polygon(
            canvas,
            (const struct gw_point[]){{at.x - r, at.y}, {at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}},
            4, rgb);
        break;
    case GW_MARK_BAR:
        gw_canvas_rect(canvas, (struct gw_box){at.x - r / 3, at.y - r, r * 2 / 3, r * 2}, rgb);
        break;
    }
}

/* The run of intervals from `first` on without a gap; its end. */
static size_t run_end(const double *a, const double *b, size_t first, size_t n)
{
    size_t end = first;
    while (end < n && !isnan(a[end]) && !isnan(b[end])) {
        end++;
    }
    return end;
}

/* Left and right end of every step of [first, end) at y, backwards when asked. */
static size_t trace_steps(struct gw_point *out, const double *edge_x, const double *y, size_t first,
                          size_t end)
{
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        out[n++] = (struct gw_point){edge_x[i], y[i]};
        out[n++] = (struct gw_point){edge_x[i + 1], y[i]};
    }
    return n;
}

void gw_mark_steps(struct gw_canvas *canvas, const double *edge_x, const double *y, size_t n,
                   struct gw_stroke stroke)
{
    struct gw_point *path = calloc(n + 1, 2 * sizeof *path);
    if (path == NULL) {
        canvas->failed = true;
        return;
    }
    for (size_t first = 0; first < n;) {
        const size_t end = run_end(y, y, first, n);
        gw_canvas_line(canvas, path, trace_steps(path, edge_x, y, first, end), stroke);
        first = end + 1;
    }
    free(path);
}

static void reverse(struct gw_point *point, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const struct gw_point held = point[i];
        point[i] = point[n - 1 - i];
        point[n - 1 - i] = held;
    }
}

void gw_mark_area(struct gw_canvas *canvas, const double *edge_x, const double *low_y, const double *high_y,
                  size_t n, uint32_t rgb)
{
    struct gw_point *path = calloc(n + 1, 4 * sizeof *path);
    if (path == NULL) {
        canvas->failed = true;
        return;
    }
    for (size_t first = 0; first < n;) {
        const size_t end = run_end(low_y, high_y, first, n);
        const size_t there = trace_steps(path, edge_x, high_y, first, end);
        const size_t back = trace_steps(path + there, edge_x, low_y, first, end);
        reverse(path + there, back);
        gw_canvas_polygon(canvas, path, there + back, rgb);
        first = end + 1;
    }
    free(path);
}
