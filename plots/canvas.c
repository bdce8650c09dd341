#include "plots/canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"

/* Beyond any page; keeps coordinates within what all formats can hold. */
#define FARTHEST_PT 1e5

static double hundredths(double pt)
{
    GW_REQUIRE(isfinite(pt));
    const double near = fmin(fmax(pt, -FARTHEST_PT), FARTHEST_PT);
    return round(near * 100.0) / 100.0 + 0.0; /* + 0: no negative zero */
}

void gw_canvas_init(struct gw_canvas *self, const struct gw_font *font, double width_pt, double height_pt)
{
    *self = (struct gw_canvas){.font = font, .width_pt = hundredths(width_pt)};
    gw_canvas_set_height(self, height_pt);
}

void gw_canvas_fini(struct gw_canvas *self)
{
    if (self == NULL) {
        return;
    }
    free(self->drawn);
    free(self->point);
    gw_text_fini(&self->text);
    *self = (struct gw_canvas){0};
}

void gw_canvas_set_height(struct gw_canvas *self, double height_pt)
{
    self->height_pt = hundredths(height_pt);
}

/* Appends an entry with room for its points, which the caller fills; NULL when memory is out. */
static struct gw_drawn *add(struct gw_canvas *self, enum gw_canvas_shape shape, size_t points)
{
    void *drawn = self->drawn, *point = self->point;
    const bool room =
        !self->failed && gw_array_reserve(&drawn, &self->cap_drawn, self->n_drawn + 1, sizeof *self->drawn);
    self->drawn = drawn;
    if (!room || !gw_array_reserve(&point, &self->cap_points, self->n_points + points, sizeof *self->point)) {
        self->failed = true;
        return NULL;
    }
    self->point = point;
    struct gw_drawn *d = &self->drawn[self->n_drawn++];
    *d = (struct gw_drawn){.shape = shape, .point = self->n_points, .points = points};
    self->n_points += points;
    return d;
}

static void put(struct gw_canvas *self, size_t at, double x, double y)
{
    self->point[at] = (struct gw_point){hundredths(x), hundredths(y)};
}

static struct gw_drawn *add_points(struct gw_canvas *self, enum gw_canvas_shape shape,
                                   const struct gw_point *point, size_t n)
{
    struct gw_drawn *d = add(self, shape, n);
    for (size_t i = 0; d != NULL && i < n; i++) {
        put(self, d->point + i, point[i].x, point[i].y);
    }
    return d;
}

/* Both edges are rounded, not corner and extent: boxes that touch still touch. */
static struct gw_drawn *add_box(struct gw_canvas *self, enum gw_canvas_shape shape, struct gw_box box)
{
    struct gw_drawn *d = add(self, shape, 2);
    if (d != NULL) {
        const double x = hundredths(box.x), y = hundredths(box.y);
        put(self, d->point, x, y);
        put(self, d->point + 1, hundredths(box.x + box.width) - x, hundredths(box.y + box.height) - y);
    }
    return d;
}

void gw_canvas_rect(struct gw_canvas *self, struct gw_box box, uint32_t rgb)
{
    GW_REQUIRE(box.width >= 0.0);
    GW_REQUIRE(box.height >= 0.0);
    if (box.width == 0.0 || box.height == 0.0) {
        return;
    }
    struct gw_drawn *d = add_box(self, GW_SHAPE_RECT, box);
    if (d != NULL) {
        d->rgb = rgb;
    }
}

void gw_canvas_line(struct gw_canvas *self, const struct gw_point *point, size_t n, struct gw_stroke stroke)
{
    if (n < 2) {
        return;
    }
    struct gw_drawn *d = add_points(self, GW_SHAPE_LINE, point, n);
    if (d != NULL) {
        d->rgb = stroke.rgb;
        d->width_pt = hundredths(stroke.width_pt);
        d->dash_pt = hundredths(stroke.dash_pt);
    }
}

void gw_canvas_segment(struct gw_canvas *self, struct gw_point from, struct gw_point to,
                       struct gw_stroke stroke)
{
    gw_canvas_line(self, (const struct gw_point[]){from, to}, 2, stroke);
}

void gw_canvas_polygon(struct gw_canvas *self, const struct gw_point *point, size_t n, uint32_t rgb)
{
    if (n < 3) {
        return;
    }
    struct gw_drawn *d = add_points(self, GW_SHAPE_POLYGON, point, n);
    if (d != NULL) {
        d->rgb = rgb;
    }
}

void gw_canvas_disc(struct gw_canvas *self, struct gw_point centre, double radius_pt, uint32_t rgb)
{
    struct gw_drawn *d = add_points(self, GW_SHAPE_DISC, &centre, 1);
    if (d != NULL) {
        d->rgb = rgb;
        d->size_pt = hundredths(radius_pt);
    }
}

void gw_canvas_text(struct gw_canvas *self, struct gw_point at, enum gw_anchor anchor,
                    struct gw_lettering how, const char *utf8)
{
    static const double share[] = {[GW_ANCHOR_START] = 0.0, [GW_ANCHOR_MIDDLE] = 0.5, [GW_ANCHOR_END] = 1.0};
    if (utf8[0] == '\0') {
        return;
    }
    at.x -= share[anchor] * gw_canvas_text_width_pt(self, how, utf8);
    const size_t text = self->text.n;
    gw_text_add_n(&self->text, utf8, strlen(utf8) + 1);
    self->failed = self->failed || self->text.failed;

    struct gw_drawn *d = add_points(self, GW_SHAPE_TEXT, &at, 1);
    if (d != NULL) {
        d->text = text;
        d->rgb = how.rgb;
        d->bold = how.bold;
        d->size_pt = hundredths(how.size_pt);
    }
}

void gw_canvas_text_centred(struct gw_canvas *self, struct gw_point at, enum gw_anchor anchor,
                            struct gw_lettering how, const char *utf8)
{
    at.y += gw_font_cap_height_pt(self->font, how.size_pt) / 2.0;
    gw_canvas_text(self, at, anchor, how, utf8);
}

void gw_canvas_clip(struct gw_canvas *self, struct gw_box box)
{
    self->open_clips++;
    (void)add_box(self, GW_SHAPE_CLIP, box);
}

void gw_canvas_unclip(struct gw_canvas *self)
{
    GW_REQUIRE(self->open_clips > 0);
    self->open_clips--;
    (void)add(self, GW_SHAPE_UNCLIP, 0);
}

double gw_canvas_text_width_pt(const struct gw_canvas *self, struct gw_lettering how, const char *utf8)
{
    return gw_font_width_pt(self->font, how.bold, how.size_pt, utf8);
}

static void dump_points(const struct gw_canvas *self, const struct gw_drawn *d, struct gw_text *out)
{
    for (size_t i = d->point; i < d->point + d->points; i++) {
        gw_text_add(out, " ");
        gw_text_add_number(out, self->point[i].x);
        gw_text_add(out, ",");
        gw_text_add_number(out, self->point[i].y);
    }
}

static void dump_one(const struct gw_canvas *self, const struct gw_drawn *d, struct gw_text *out)
{
    static const char *const name[] = {
        [GW_SHAPE_RECT] = "rect",     [GW_SHAPE_LINE] = "line", [GW_SHAPE_POLYGON] = "polygon",
        [GW_SHAPE_DISC] = "disc",     [GW_SHAPE_TEXT] = "text", [GW_SHAPE_CLIP] = "clip",
        [GW_SHAPE_UNCLIP] = "unclip",
    };
    gw_text_add(out, name[d->shape]);
    if (d->shape != GW_SHAPE_CLIP && d->shape != GW_SHAPE_UNCLIP) {
        gw_text_addf(out, " %06x", (unsigned)d->rgb);
    }
    switch (d->shape) {
    case GW_SHAPE_LINE:
        gw_text_add(out, " width ");
        gw_text_add_number(out, d->width_pt);
        if (d->dash_pt > 0.0) {
            gw_text_add(out, " dash ");
            gw_text_add_number(out, d->dash_pt);
        }
        break;
    case GW_SHAPE_DISC:
        gw_text_add(out, " radius ");
        gw_text_add_number(out, d->size_pt);
        break;
    case GW_SHAPE_TEXT:
        gw_text_add(out, d->bold ? " bold " : " ");
        gw_text_add_number(out, d->size_pt);
        break;
    case GW_SHAPE_RECT:
    case GW_SHAPE_POLYGON:
    case GW_SHAPE_CLIP:
    case GW_SHAPE_UNCLIP:
        break;
    }
    dump_points(self, d, out);
    if (d->shape == GW_SHAPE_TEXT) {
        gw_text_add(out, " ");
        gw_text_add_json(out, self->text.at + d->text);
    }
    gw_text_add(out, "\n");
}

void gw_canvas_dump(const struct gw_canvas *self, struct gw_text *out)
{
    gw_text_add(out, "page ");
    gw_text_add_number(out, self->width_pt);
    gw_text_add(out, ",");
    gw_text_add_number(out, self->height_pt);
    gw_text_add(out, "\n");
    for (size_t i = 0; i < self->n_drawn; i++) {
        dump_one(self, &self->drawn[i], out);
    }
}
