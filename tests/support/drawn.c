#include "tests/support/drawn.h"

#include "tests/support/near.h"

#include <string.h>

static const char *text_of(const struct gw_canvas *canvas, size_t i)
{
    return canvas->drawn[i].shape == GW_SHAPE_TEXT ? canvas->text.at + canvas->drawn[i].text : NULL;
}

const struct gw_drawn *gw_drawn_text(const struct gw_canvas *canvas, const char *text, size_t n)
{
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        const char *here = text_of(canvas, i);
        if (here != NULL && strcmp(here, text) == 0 && n-- == 0) {
            return &canvas->drawn[i];
        }
    }
    return NULL;
}

const struct gw_drawn *gw_drawn_text_with(const struct gw_canvas *canvas, const char *part)
{
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        const char *here = text_of(canvas, i);
        if (here != NULL && strstr(here, part) != NULL) {
            return &canvas->drawn[i];
        }
    }
    return NULL;
}

size_t gw_drawn_rects(const struct gw_canvas *canvas, uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        n += canvas->drawn[i].shape == GW_SHAPE_RECT && canvas->drawn[i].rgb == rgb;
    }
    return n;
}

/* From the baseline up to the capitals. */
static struct gw_box box_of(const struct gw_canvas *canvas, size_t i)
{
    const struct gw_drawn *d = &canvas->drawn[i];
    const struct gw_point at = canvas->point[d->point];
    const double height = gw_font_cap_height_pt(canvas->font, d->size_pt);
    return (struct gw_box){at.x, at.y - height,
                           gw_font_width_pt(canvas->font, d->bold, d->size_pt, text_of(canvas, i)), height};
}

static bool meet(struct gw_box a, struct gw_box b)
{
    const double slack = 0.02; /* coordinates are hundredths */
    return a.x + slack < b.x + b.width && b.x + slack < a.x + a.width && a.y + slack < b.y + b.height &&
           b.y + slack < a.y + a.height;
}

enum { TEXTS_MAX = 4096 };

void gw_drawn_assert_legible(const struct gw_canvas *canvas, const char *what)
{
    static struct {
        struct gw_box box;
        const char *text;
    } seen[TEXTS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        const char *text = text_of(canvas, i);
        if (text == NULL) {
            continue;
        }
        const struct gw_box box = box_of(canvas, i);
        if (canvas->drawn[i].size_pt < 7.0) {
            fail_msg("%s: \"%s\" is set in %g pt", what, text, canvas->drawn[i].size_pt);
        }
        if (box.x < 0.0 || box.y < 0.0 || box.x + box.width > canvas->width_pt ||
            box.y + box.height > canvas->height_pt) {
            fail_msg("%s: \"%s\" leaves the page", what, text);
        }
        for (size_t k = 0; k < n; k++) {
            if (meet(box, seen[k].box)) {
                fail_msg("%s: \"%s\" overlaps \"%s\"", what, text, seen[k].text);
            }
        }
        assert_true(n < TEXTS_MAX);
        seen[n].box = box;
        seen[n++].text = text;
    }
}
