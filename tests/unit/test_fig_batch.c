/* The figure of a probe over batches: three panels, numbers at the ends, and what lies beyond the limits told
 * apart. */
#include "tests/support/near.h"

#include <math.h>

#include "plots/fig_batch.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/golden_text.h"

static const double batch[] = {1, 8, 64, 512}, j_per_tok[] = {24, 4, 1, 0.5}, step_ms[] = {10, 12, 20, 80},
                    tok_per_s[] = {100, 667, 3200, 6400};
static const bool within[] = {true, true, true, false};
static const struct gw_fig_batch usual = {.title = "Batching: a model on 8 accelerators",
                                          .subtitle = "one decoding step",
                                          .source = "geowatt probe serving",
                                          .n = 4,
                                          .batch = batch,
                                          .j_per_tok = j_per_tok,
                                          .step_ms = step_ms,
                                          .tok_per_s = tok_per_s,
                                          .within = within};
static struct gw_font *font;

static int open_font(void **state)
{
    (void)state;
    return gw_font_create(&font, NULL) != GW_OK;
}

static int close_font(void **state)
{
    (void)state;
    gw_font_destroy(font);
    return 0;
}

static size_t shapes(const struct gw_canvas *canvas, enum gw_canvas_shape shape)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        n += canvas->drawn[i].shape == shape;
    }
    return n;
}

/* Three discs and one diamond in each of three panels; numbers at both ends. */
static void each_batch_is_a_mark_in_each_panel(void **state)
{
    (void)state;
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_batch_draw(&canvas, &usual, NULL), GW_OK);
    assert_int_equal(shapes(&canvas, GW_SHAPE_DISC), 9);
    assert_int_equal(shapes(&canvas, GW_SHAPE_POLYGON), 3);
    assert_non_null(gw_drawn_text(&canvas, "24.0", 0));
    assert_non_null(gw_drawn_text(&canvas, "0.500", 0));
    assert_non_null(gw_drawn_text(&canvas, "80.0", 1));
    assert_non_null(gw_drawn_text_with(&canvas, "grey diamonds"));
    gw_drawn_assert_legible(&canvas, "four batches");
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/batch.txt", dump.at);
    gw_text_fini(&dump);
    gw_canvas_fini(&canvas);
}

static void what_has_no_value_has_no_mark_and_one_batch_is_no_curve(void **state)
{
    (void)state;
    struct gw_canvas canvas;
    static const double odd[] = {INFINITY, 4, NAN, 0};
    struct gw_fig_batch data = usual;
    data.j_per_tok = odd;
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_batch_draw(&canvas, &data, NULL), GW_OK);
    assert_int_equal(shapes(&canvas, GW_SHAPE_DISC), 7);
    gw_drawn_assert_legible(&canvas, "odd numbers");
    gw_canvas_fini(&canvas);

    data.n = 1;
    struct gw_error err;
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_batch_draw(&canvas, &data, &err), GW_ERR_RANGE);
    gw_canvas_fini(&canvas);
}

static void without_memory_the_status_says_so(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct gw_canvas here;
        gw_canvas_init(&here, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_fig_batch_draw(&here, &usual, NULL);
        const bool failed = gw_failing_malloc_disarm();
        gw_canvas_fini(&here);
        assert_int_equal(s, failed ? GW_ERR_NOMEM : GW_OK);
        if (!failed) {
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_batch_is_a_mark_in_each_panel),
        cmocka_unit_test(what_has_no_value_has_no_mark_and_one_batch_is_no_curve),
        cmocka_unit_test(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_batch", tests, open_font, close_font);
}
