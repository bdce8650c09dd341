/* The marks that stand for data, as lists of what they draw. */
#include "tests/support/near.h"

#include "plots/mark.h"
#include "tests/support/failing_malloc.h"

static struct gw_canvas canvas;
static const struct gw_stroke stroke = {1.0, 0x0072B2, 0.0};

static int new_canvas(void **state)
{
    (void)state;
    gw_canvas_init(&canvas, NULL, 100.0, 100.0); /* no font: nothing here is text */
    return 0;
}

static int free_canvas(void **state)
{
    (void)state;
    gw_canvas_fini(&canvas);
    return 0;
}

static void assert_drawn(const char *expected)
{
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    assert_string_equal(dump.at, expected);
    gw_text_fini(&dump);
}

static void a_bar_lies_around_its_middle(void **state)
{
    (void)state;
    gw_mark_bar(&canvas, 10.0, 30.0, 50.0, 6.0, 0xE69F00);
    gw_mark_bar(&canvas, 10.0, 4.0, 50.0, 6.0, 0xE69F00); /* negative: leftwards */
    assert_drawn("page 100,100\nrect e69f00 10,47 20,6\nrect e69f00 4,47 6,6\n");
}

static void a_bar_of_nothing_is_still_seen(void **state)
{
    (void)state;
    gw_mark_bar(&canvas, 10.0, 10.0, 50.0, 6.0, 0xE69F00);
    assert_drawn("page 100,100\nrect e69f00 10,47 0.6,6\n");
}

static void a_whisker_has_two_caps(void **state)
{
    (void)state;
    gw_mark_whisker(&canvas, 10.0, 20.0, 50.0, 4.0, stroke);
    assert_drawn("page 100,100\n"
                 "line 0072b2 width 1 10,50 20,50\n"
                 "line 0072b2 width 1 10,48 10,52\n"
                 "line 0072b2 width 1 20,48 20,52\n");
}

static void dots_differ_in_shape_not_only_in_place(void **state)
{
    (void)state;
    gw_mark_dot(&canvas, GW_MARK_DISC, (struct gw_point){10, 10}, 3.0, 0);
    gw_mark_dot(&canvas, GW_MARK_DIAMOND, (struct gw_point){20, 10}, 3.0, 0);
    gw_mark_dot(&canvas, GW_MARK_BAR, (struct gw_point){30, 10}, 3.0, 0);
    assert_drawn("page 100,100\n"
                 "disc 000000 radius 3 10,10\n"
                 "polygon 000000 17,10 20,7 23,10 20,13\n"
                 "rect 000000 29,7 2,6\n");
}

static void a_hatch_stays_within_its_box(void **state)
{
    (void)state;
    gw_mark_hatch(&canvas, (struct gw_box){10, 10, 20, 6}, 0);
    assert_int_equal(canvas.drawn[0].shape, GW_SHAPE_CLIP);
    assert_int_equal(canvas.drawn[canvas.n_drawn - 1].shape, GW_SHAPE_UNCLIP);
    assert_in_range(canvas.n_drawn, 2 + 7, 2 + 10); /* a line each 3 pt over 20 + 6 pt */
    assert_int_equal(canvas.open_clips, 0);
}

static void an_empty_box_is_not_hatched(void **state)
{
    (void)state;
    gw_mark_hatch(&canvas, (struct gw_box){10, 10, 0, 6}, 0);
    assert_int_equal(canvas.n_drawn, 0);
}

static void a_stepped_line_holds_its_value_over_each_interval(void **state)
{
    (void)state;
    gw_mark_steps(&canvas, (const double[]){0, 10, 20}, (const double[]){5, 7}, 2, stroke);
    assert_drawn("page 100,100\nline 0072b2 width 1 0,5 10,5 10,7 20,7\n");
}

static void a_gap_breaks_the_line(void **state)
{
    (void)state;
    gw_mark_steps(&canvas, (const double[]){0, 10, 20, 30, 40}, (const double[]){NAN, 5, NAN, 7}, 4, stroke);
    assert_drawn("page 100,100\n"
                 "line 0072b2 width 1 10,5 20,5\n"
                 "line 0072b2 width 1 30,7 40,7\n");
}

/* There along the upper edge, back along the lower one. */
static void an_area_is_a_polygon_between_two_stepped_lines(void **state)
{
    (void)state;
    gw_mark_area(&canvas, (const double[]){0, 10, 20}, (const double[]){9, 8}, (const double[]){5, 4}, 2,
                 0xFF);
    assert_drawn("page 100,100\npolygon 0000ff 0,5 10,5 10,4 20,4 20,8 10,8 10,9 0,9\n");
}

static void a_gap_breaks_the_area(void **state)
{
    (void)state;
    gw_mark_area(&canvas, (const double[]){0, 10, 20, 30}, (const double[]){9, 9, 9},
                 (const double[]){5, NAN, 5}, 3, 0xFF);
    assert_drawn("page 100,100\npolygon 0000ff 0,5 10,5 10,9 0,9\npolygon 0000ff 20,5 30,5 30,9 20,9\n");
}

static void without_memory_the_canvas_has_failed(void **state)
{
    (void)state;
    gw_failing_malloc_arm(1);
    gw_mark_steps(&canvas, (const double[]){0, 10}, (const double[]){5}, 1, stroke);
    assert_true(gw_failing_malloc_disarm());
    assert_true(canvas.failed);
    canvas.failed = false;
    gw_failing_malloc_arm(1);
    gw_mark_area(&canvas, (const double[]){0, 10}, (const double[]){5}, (const double[]){5}, 1, 0);
    assert_true(gw_failing_malloc_disarm());
    assert_true(canvas.failed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_canvas, free_canvas)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bar_lies_around_its_middle),
        TEST(a_bar_of_nothing_is_still_seen),
        TEST(a_whisker_has_two_caps),
        TEST(dots_differ_in_shape_not_only_in_place),
        TEST(a_hatch_stays_within_its_box),
        TEST(an_empty_box_is_not_hatched),
        TEST(a_stepped_line_holds_its_value_over_each_interval),
        TEST(a_gap_breaks_the_line),
        TEST(an_area_is_a_polygon_between_two_stepped_lines),
        TEST(a_gap_breaks_the_area),
        TEST(without_memory_the_canvas_has_failed),
    };
    return cmocka_run_group_tests_name("mark", tests, NULL, NULL);
}
