/* The display list: what is recorded, how it is rounded, what leaves nothing. */
#include "tests/support/near.h"

#include <string.h>

#include "plots/canvas.h"
#include "tests/support/failing_malloc.h"

static const struct gw_lettering plain = {7.0, 0x222222, false};

static int open_font(void **state)
{
    struct gw_font *font = NULL;
    const bool opened = gw_font_create(&font, NULL) == GW_OK;
    *state = font;
    return !opened;
}

static int close_font(void **state)
{
    gw_font_destroy(*state);
    return 0;
}

static void assert_dump(const struct gw_canvas *canvas, const char *expected)
{
    struct gw_text dump = {0};
    gw_canvas_dump(canvas, &dump);
    assert_string_equal(dump.at, expected);
    gw_text_fini(&dump);
}

static void things_are_listed_in_the_order_they_were_drawn(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 200.0, 100.0);
    gw_canvas_rect(&canvas, (struct gw_box){1, 2, 3, 4}, 0x0072B2);
    gw_canvas_segment(&canvas, (struct gw_point){0, 1}, (struct gw_point){2, 3},
                      (struct gw_stroke){0.5, 0, 0});
    gw_canvas_segment(&canvas, (struct gw_point){0, 1}, (struct gw_point){2, 3},
                      (struct gw_stroke){1, 0xFF, 2});
    gw_canvas_polygon(&canvas, (const struct gw_point[]){{0, 0}, {1, 0}, {0, 1}}, 3, 0x123456);
    gw_canvas_disc(&canvas, (struct gw_point){5, 6}, 2.5, 0xABCDEF);
    gw_canvas_clip(&canvas, (struct gw_box){1, 1, 8, 8});
    gw_canvas_text(&canvas, (struct gw_point){10, 20}, GW_ANCHOR_START, plain, "a \"b\"");
    gw_canvas_unclip(&canvas);
    assert_dump(&canvas, "page 200,100\n"
                         "rect 0072b2 1,2 3,4\n"
                         "line 000000 width 0.5 0,1 2,3\n"
                         "line 0000ff width 1 dash 2 0,1 2,3\n"
                         "polygon 123456 0,0 1,0 0,1\n"
                         "disc abcdef radius 2.5 5,6\n"
                         "clip 1,1 8,8\n"
                         "text 222222 7 10,20 \"a \\\"b\\\"\"\n"
                         "unclip\n");
    gw_canvas_fini(&canvas);
}

/* Whatever the last bits of a computation are, the page is the same. */
static void coordinates_are_kept_in_hundredths(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 10.0, 10.0);
    gw_canvas_disc(&canvas, (struct gw_point){1.0 / 3.0, -0.001}, 1.004999, 0);
    assert_dump(&canvas, "page 10,10\ndisc 000000 radius 1 0.33,0\n");
    gw_canvas_fini(&canvas);
}

/* 1.006 + 1.006 = 2.012: the left box must end where the right one begins. */
static void boxes_that_touch_still_touch_after_rounding(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 10.0, 10.0);
    gw_canvas_rect(&canvas, (struct gw_box){1.006, 0, 1.006, 1}, 0);
    gw_canvas_rect(&canvas, (struct gw_box){2.012, 0, 1.006, 1}, 0);
    assert_dump(&canvas, "page 10,10\nrect 000000 1.01,0 1,1\nrect 000000 2.01,0 1.01,1\n");
    gw_canvas_fini(&canvas);
}

/* A digit is 7 * 1303 / 2048 = 4.4536 pt wide. */
static void text_is_anchored_by_its_width(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 10.0, 10.0);
    gw_canvas_text(&canvas, (struct gw_point){100, 0}, GW_ANCHOR_END, plain, "00");
    gw_canvas_text(&canvas, (struct gw_point){100, 0}, GW_ANCHOR_MIDDLE, plain, "00");
    assert_near(canvas.point[0].x, 100 - 2 * 4.4536, 0.0, 0.005);
    assert_near(canvas.point[1].x, 100 - 4.4536, 0.0, 0.005);
    assert_near(gw_canvas_text_width_pt(&canvas, plain, "00"), 2 * 4.4536, 1e-4, 0.0);
    gw_canvas_fini(&canvas);
}

/* Capitals are 7 * 1493 / 2048 = 5.1030 pt high. */
static void centred_text_has_its_capitals_around_the_line(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 10.0, 10.0);
    gw_canvas_text_centred(&canvas, (struct gw_point){0, 50}, GW_ANCHOR_START, plain, "H");
    assert_near(canvas.point[0].y, 50 + 5.1030 / 2, 0.0, 0.005);
    gw_canvas_fini(&canvas);
}

static void what_has_no_extent_leaves_nothing(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 10.0, 10.0);
    gw_canvas_rect(&canvas, (struct gw_box){1, 1, 0, 5}, 0);
    gw_canvas_line(&canvas, (const struct gw_point[]){{1, 1}}, 1, (struct gw_stroke){1, 0, 0});
    gw_canvas_polygon(&canvas, (const struct gw_point[]){{1, 1}, {2, 2}}, 2, 0);
    gw_canvas_text(&canvas, (struct gw_point){1, 1}, GW_ANCHOR_START, plain, "");
    assert_int_equal(canvas.n_drawn, 0);
    gw_canvas_fini(&canvas);
    gw_canvas_fini(NULL);
}

static void draw_some(struct gw_canvas *canvas)
{
    for (int i = 0; i < 40; i++) {
        gw_canvas_clip(canvas, (struct gw_box){0, 0, 1, 1});
        gw_canvas_text(canvas, (struct gw_point){i, 1}, GW_ANCHOR_START, plain, "a longer line of text");
        gw_canvas_disc(canvas, (struct gw_point){i, 1}, 1, 0);
        gw_canvas_unclip(canvas);
    }
}

static void out_of_memory_is_remembered(void **state)
{
    for (size_t n = 1;; n++) {
        struct gw_canvas canvas;
        gw_canvas_init(&canvas, *state, 10.0, 10.0);
        gw_failing_malloc_arm(n);
        draw_some(&canvas);
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(canvas.failed, failed);
        gw_canvas_fini(&canvas);
        if (!failed) {
            assert_true(n > 6); /* the lists grew several times */
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(things_are_listed_in_the_order_they_were_drawn),
        cmocka_unit_test(coordinates_are_kept_in_hundredths),
        cmocka_unit_test(boxes_that_touch_still_touch_after_rounding),
        cmocka_unit_test(text_is_anchored_by_its_width),
        cmocka_unit_test(centred_text_has_its_capitals_around_the_line),
        cmocka_unit_test(what_has_no_extent_leaves_nothing),
        cmocka_unit_test(out_of_memory_is_remembered),
    };
    return cmocka_run_group_tests_name("canvas", tests, open_font, close_font);
}
