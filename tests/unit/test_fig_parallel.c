/* The figure `parallel`: a line per comparable policy over six axes, lower is better. */
#include "tests/support/figure_test.h"

#include <math.h>

#include "plots/fig_parallel.h"

enum { AXES = 6, STEPS = AXES - 1 };

static void draw(void)
{
    draw_figure(gw_fig_parallel_draw, "parallel");
}

/* Pieces of lines in a colour; axes are of another. */
static size_t pieces(uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == GW_SHAPE_LINE && canvas.drawn[i].rgb == rgb;
    }
    return n;
}

static size_t marks(enum gw_canvas_shape shape, uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == shape && canvas.drawn[i].rgb == rgb;
    }
    return n;
}

static void every_policy_goes_through_every_axis(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 3, 2, 1));
    draw();
    for (size_t p = 0; p < 3; p++) {
        assert_int_equal(pieces(gw_theme_category(p)), STEPS);
    }
    assert_int_equal(marks(GW_SHAPE_DISC, gw_theme_category(0)), AXES);
    assert_int_equal(marks(GW_SHAPE_POLYGON, gw_theme_category(1)), AXES);
    assert_int_equal(pieces(GW_THEME_AXIS), AXES);
}

/* Policy 0 is the best in each: its line lies at the bottom, that of policy 2 at the top. */
static void the_least_lies_lowest(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 3, 1, 1));
    draw();
    double best_y = 0.0, worst_y = INFINITY;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_LINE && d->rgb == gw_theme_category(0)) {
            best_y = fmax(best_y, canvas.point[d->point].y);
        }
        if (d->shape == GW_SHAPE_LINE && d->rgb == gw_theme_category(2)) {
            worst_y = fmin(worst_y, canvas.point[d->point].y);
        }
    }
    assert_true(best_y > worst_y + 100.0);
}

static void who_did_other_work_is_left_out_and_said_to_be(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 3, 1, 1));
    gw_figure_result_set(&result, "completed", 1, 1.0);
    draw();
    assert_null(gw_drawn_text(&canvas, "greedy-carbon", 0));
    assert_int_equal(pieces(gw_theme_category(1)), STEPS); /* of the third policy now */
    assert_int_equal(pieces(gw_theme_category(2)), 0);
    assert_non_null(gw_drawn_text_with(&canvas, "left out"));
}

static void a_missing_value_interrupts_the_line(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 2, 1, 1));
    gw_figure_result_set(&result, "cost_usd", 1, (double)NAN);
    draw();
    assert_int_equal(pieces(gw_theme_category(0)), STEPS);
    assert_int_equal(pieces(gw_theme_category(1)), STEPS - 2);
}

/* Their marks stand side by side, from left to right. */
static void policies_that_are_alike_do_not_hide_each_other(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 3, 1, 1));
    for (uint32_t p = 0; p < 3; p++) {
        gw_figure_result_set(&result, "carbon_kgco2", p, 5.0);
    }
    draw();
    double x[3] = {0}, y[3] = {0};
    for (size_t i = canvas.n_drawn; i-- > 0;) { /* the first piece of each line */
        const struct gw_drawn *d = &canvas.drawn[i];
        for (size_t p = 0; p < 3; p++) {
            if (d->shape == GW_SHAPE_LINE && d->rgb == gw_theme_category(p)) {
                x[p] = canvas.point[d->point].x;
                y[p] = canvas.point[d->point].y;
            }
        }
    }
    assert_near(y[0], y[1], 0, 1e-9);
    assert_near(y[0], y[2], 0, 1e-9);
    assert_true(x[1] > x[0] + 2.0 && x[2] > x[1] + 2.0);
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    static const uint32_t policies[] = {1, 7, 8, 30};
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        assert_true(gw_figure_result_init(&result, policies[i], 1, 2));
        draw();
        assert_int_equal(gw_drawn_text_with(&canvas, "other policies") != NULL, policies[i] > 7);
        free_result(NULL);
    }
}

static void without_a_whole_run_the_page_says_so(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 1, 1, 1));
    gw_figure_result_fail(&result, 0, 0);
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "No run of this result is whole"));
}

#define TEST(name) cmocka_unit_test_teardown(name, free_result)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_policy_goes_through_every_axis),
        TEST(the_least_lies_lowest),
        TEST(who_did_other_work_is_left_out_and_said_to_be),
        TEST(a_missing_value_interrupts_the_line),
        TEST(policies_that_are_alike_do_not_hide_each_other),
        TEST(it_stays_legible_from_one_policy_to_thirty),
        TEST(without_a_whole_run_the_page_says_so),
    };
    return cmocka_run_group_tests_name("fig_parallel", tests, open_font, close_font);
}
