/* tests/support/figure_test.h - what tests of figures open, draw on and close: one font, one canvas, one
 * result. Included once by a test, which then uses these names. */
#ifndef GW_TESTS_SUPPORT_FIGURE_TEST_H
#define GW_TESTS_SUPPORT_FIGURE_TEST_H

#include "tests/support/near.h"

#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/figure_result.h"

static struct gw_font *font;
static struct gw_canvas canvas;
static struct gw_result_file result;

static inline int open_font(void **state)
{
    (void)state;
    return gw_font_create(&font, NULL) != GW_OK;
}

static inline int close_font(void **state)
{
    (void)state;
    gw_font_destroy(font);
    return 0;
}

static inline int free_result(void **state)
{
    (void)state;
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
    return 0;
}

/* Draws the result, afresh; what is drawn is legible. */
static inline void draw_figure(enum gw_status (*figure)(struct gw_canvas *canvas,
                                                        const struct gw_result_file *result,
                                                        struct gw_error *err),
                               const char *name)
{
    gw_canvas_fini(&canvas);
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(figure(&canvas, &result, NULL), GW_OK);
    gw_drawn_assert_legible(&canvas, name);
}

#endif
