/* Axes: labels keep apart whatever the room, stand under their marks, and stay beside their panel. */
#include "tests/support/near.h"

#include <string.h>

#include "plots/axis.h"
#include "plots/theme.h"

static const struct gw_box panel = {50.0, 20.0, 100.0, 60.0};

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

static double text_width(const struct gw_canvas *canvas, const struct gw_drawn *d)
{
    return gw_font_width_pt(canvas->font, d->bold, d->size_pt, canvas->text.at + d->text);
}

/* In the list of what a labelled axis drew, no two lines of text meet. */
static void labels_never_overlap(void **state)
{
    static const double most[] = {1.0, 17.0, 999.0, 12345.0, 1e6, 9.7e12, 3e-7};
    for (size_t i = 0; i < 2 * sizeof most / sizeof most[0]; i++) {
        for (double width_pt = 20.0; width_pt < 400.0; width_pt += 9.0) {
            struct gw_canvas canvas;
            gw_canvas_init(&canvas, *state, 500.0, 100.0);
            const enum gw_scale_kind kind = i % 2 == 0 ? GW_SCALE_LINEAR : GW_SCALE_LOG;
            const double lo = kind == GW_SCALE_LOG ? most[i / 2] / 700.0 : 0.0;
            const struct gw_scale scale = {kind, lo, most[i / 2], 50.0, 50.0 + width_pt};
            const struct gw_ticks ticks = gw_axis_fit_x(&canvas, &scale);
            gw_axis_labels_x(&canvas, (struct gw_box){50.0, 20.0, width_pt, 60.0}, &scale, &ticks);
            double end = -1000.0;
            for (size_t d = 0; d < canvas.n_drawn; d++) {
                if (canvas.drawn[d].shape == GW_SHAPE_TEXT) {
                    assert_true(canvas.point[canvas.drawn[d].point].x > end + 3.0);
                    end = canvas.point[canvas.drawn[d].point].x + text_width(&canvas, &canvas.drawn[d]);
                }
            }
            assert_true(end > 0.0); /* at least one label */
            gw_canvas_fini(&canvas);
        }
    }
}

static void an_axis_gets_as_many_marks_as_it_has_room_for(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 500.0, 100.0);
    struct gw_scale scale = {GW_SCALE_LINEAR, 0.0, 10.0, 0.0, 400.0};
    assert_int_equal(gw_axis_fit_x(&canvas, &scale).n, 11);
    scale.to_pt = 60.0;
    assert_int_equal(gw_axis_fit_x(&canvas, &scale).n, 6);
    scale.to_pt = 30.0;
    assert_int_equal(gw_axis_fit_x(&canvas, &scale).n, 3);

    struct gw_scale upwards = {GW_SCALE_LINEAR, 0.0, 10.0, 200.0, 0.0};
    assert_int_equal(gw_axis_fit_y(&upwards).n, 6);
    upwards.from_pt = 30.0;
    assert_int_equal(gw_axis_fit_y(&upwards).n, 3);
    gw_canvas_fini(&canvas);
}

static void labels_stand_under_their_marks(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 200.0, 100.0);
    const struct gw_scale scale = {GW_SCALE_LINEAR, 0.0, 2.0, 50.0, 150.0};
    const struct gw_ticks ticks = gw_scale_ticks(&scale, 3);
    gw_axis_labels_x(&canvas, panel, &scale, &ticks);
    gw_axis_unit_x(&canvas, panel, 190.0, "ms");
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    /* a digit is 4.45 pt wide, half of it left of 50, 100 and 150; capitals are 5.10 pt high, 3 pt below the
     * axis at 80 */
    assert_string_equal(dump.at, "page 200,100\n"
                                 "line 8a949e width 0.6 50,80 150,80\n"
                                 "line 8a949e width 0.6 50,80 50,82\n"
                                 "text 5f6a76 7 47.77,88.1 \"0\"\n"
                                 "line 8a949e width 0.6 100,80 100,82\n"
                                 "text 5f6a76 7 97.77,88.1 \"1\"\n"
                                 "line 8a949e width 0.6 150,80 150,82\n"
                                 "text 5f6a76 7 147.77,88.1 \"2\"\n"
                                 "text 5f6a76 7 179.53,88.1 \"ms\"\n");
    gw_text_fini(&dump);
    gw_canvas_fini(&canvas);
}

/* The lowest label would otherwise run into the first one of the axis below. */
static void labels_at_the_ends_of_a_vertical_axis_stay_beside_the_panel(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 200.0, 100.0);
    const struct gw_scale scale = {GW_SCALE_LINEAR, 0.0, 2.0, 80.0, 20.0};
    const struct gw_ticks ticks = gw_scale_ticks(&scale, 3);
    gw_axis_labels_y(&canvas, panel, &scale, &ticks);
    assert_int_equal(canvas.n_drawn, 3);
    assert_near(canvas.point[0].y, 80.0, 0.0, 0.005);           /* "0" stands on the end */
    assert_near(canvas.point[1].y, 50.0 + 5.10 / 2, 0.0, 0.01); /* "1" is centred */
    assert_near(canvas.point[2].y, 20.0 + 5.10, 0.0, 0.01);     /* "2" hangs from the end */
    assert_near(canvas.point[0].x, 50.0 - 3.0 - 4.4536, 0.0, 0.005);
    gw_canvas_fini(&canvas);
}

static void grid_lines_cross_the_panel(void **state)
{
    struct gw_canvas canvas;
    gw_canvas_init(&canvas, *state, 200.0, 100.0);
    const struct gw_scale x = {GW_SCALE_LINEAR, 0.0, 1.0, 50.0, 150.0};
    const struct gw_scale y = {GW_SCALE_LINEAR, 0.0, 1.0, 80.0, 20.0};
    const struct gw_ticks ticks = gw_scale_ticks(&x, 2);
    gw_axis_grid_x(&canvas, panel, &x, &ticks);
    gw_axis_grid_y(&canvas, panel, &y, &ticks);
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    assert_string_equal(dump.at, "page 200,100\n"
                                 "line e3e7eb width 0.5 50,20 50,80\n"
                                 "line e3e7eb width 0.5 150,20 150,80\n"
                                 "line e3e7eb width 0.5 50,80 150,80\n"
                                 "line e3e7eb width 0.5 50,20 150,20\n");
    gw_text_fini(&dump);
    gw_canvas_fini(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_never_overlap),
        cmocka_unit_test(an_axis_gets_as_many_marks_as_it_has_room_for),
        cmocka_unit_test(labels_stand_under_their_marks),
        cmocka_unit_test(labels_at_the_ends_of_a_vertical_axis_stay_beside_the_panel),
        cmocka_unit_test(grid_lines_cross_the_panel),
    };
    return cmocka_run_group_tests_name("axis", tests, open_font, close_font);
}
