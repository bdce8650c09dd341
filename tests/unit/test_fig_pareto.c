/* The figure `pareto`: six panels of pairs, a dot per comparable policy in each. */
#include "tests/support/near.h"

#include <math.h>

#include "plots/fig_pareto.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/figure_result.h"
#include "tests/support/golden_text.h"

enum { PANELS = 6 };

static struct gw_font *font;
static struct gw_canvas canvas;
static struct gw_result_file result;

static int begin(void **state)
{
    (void)state;
    return gw_font_create(&font, NULL) != GW_OK;
}

static int end(void **state)
{
    (void)state;
    gw_font_destroy(font);
    return 0;
}

static int new_result(void **state)
{
    (void)state;
    return !gw_figure_result_init(&result, 3, 2, 1);
}

static int free_result(void **state)
{
    (void)state;
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
    return 0;
}

static void draw(void)
{
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_pareto_draw(&canvas, &result, NULL), GW_OK);
    gw_drawn_assert_legible(&canvas, "pareto");
}

/* Discs of policies 0 and 2, diamonds of policy 1; keys are rectangles. */
static size_t dots(enum gw_canvas_shape shape, uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == shape && canvas.drawn[i].rgb == rgb;
    }
    return n;
}

static size_t dashed(void)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == GW_SHAPE_LINE && canvas.drawn[i].dash_pt > 0.0;
    }
    return n;
}

static void every_policy_is_a_dot_in_every_panel(void **state)
{
    (void)state;
    draw();
    assert_int_equal(dots(GW_SHAPE_DISC, gw_theme_category(0)), PANELS);
    assert_int_equal(dots(GW_SHAPE_POLYGON, gw_theme_category(1)), PANELS);
    assert_int_equal(dots(GW_SHAPE_DISC, gw_theme_category(2)), PANELS);
    assert_int_equal(dashed(), 0);
}

static void who_did_other_work_is_left_out(void **state)
{
    (void)state;
    gw_figure_result_set(&result, "completed", 2, 1.0);
    draw();
    assert_int_equal(dots(GW_SHAPE_DISC, gw_theme_category(0)), PANELS);
    assert_int_equal(dots(GW_SHAPE_DISC, gw_theme_category(2)), 0);
}

/* Radius of the policy's disc in the first panel, carbon and water. */
static double radius(uint32_t policy)
{
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        if (canvas.drawn[i].shape == GW_SHAPE_DISC && canvas.drawn[i].rgb == gw_theme_category(policy)) {
            return canvas.drawn[i].size_pt;
        }
    }
    return 0.0;
}

static void a_dot_that_another_would_hide_is_a_ring_around_it(void **state)
{
    (void)state;
    static const char *const scores[] = {"carbon_kgco2", "water_l"};
    draw();
    assert_true(radius(0) == radius(2));
    gw_canvas_fini(&canvas);
    for (size_t i = 0; i < 2; i++) {
        gw_figure_result_set(&result, scores[i], 0, 500.0);
        gw_figure_result_set(&result, scores[i], 2, 500.0);
    }
    draw();
    assert_true(radius(0) > 1.3 * radius(2));
}

/* Carbon stands in three of the six panels. */
static void a_bound_is_a_dashed_line_in_the_panels_of_its_objective(void **state)
{
    (void)state;
    double value[GW_BOUNDS * 2] = {1.0, 1.0, 2.0, 4.0};
    struct gw_result_column bound = {"carbon_kgco2", "kgCO2", "", value};
    result.bound = &bound;
    result.n_bounds = 1;
    draw();
    assert_int_equal(dashed(), 3 + 1); /* and one in the key */
}

static void it_is_drawn_as_before(void **state)
{
    (void)state;
    draw();
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/pareto.txt", dump.at);
    gw_text_fini(&dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_drawn_as_before, new_result, free_result),
        cmocka_unit_test_setup_teardown(every_policy_is_a_dot_in_every_panel, new_result, free_result),
        cmocka_unit_test_setup_teardown(a_dot_that_another_would_hide_is_a_ring_around_it, new_result,
                                        free_result),
        cmocka_unit_test_setup_teardown(who_did_other_work_is_left_out, new_result, free_result),
        cmocka_unit_test_setup_teardown(a_bound_is_a_dashed_line_in_the_panels_of_its_objective, new_result,
                                        free_result),
    };
    return cmocka_run_group_tests_name("fig_pareto", tests, begin, end);
}
