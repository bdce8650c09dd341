/* The figure `gap`: a line per policy and objective, interrupted where an epoch has no gap. */
#include "tests/support/near.h"

#include <math.h>

#include "plots/fig_gap.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/figure_result.h"
#include "tests/support/golden_text.h"

enum { POLICIES = 2, EPOCHS = 4 };

static struct gw_font *font;
static struct gw_canvas canvas;
static struct gw_result_file result;
static double gap[POLICIES * EPOCHS] = {0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.0, 0.1};
static struct gw_result_column column = {"plan_gap_carbon_frac", "1", "", gap};

static int begin(void **state)
{
    (void)state;
    if (gw_font_create(&font, NULL) != GW_OK || !gw_figure_result_init(&result, POLICIES, 1, 1)) {
        return 1;
    }
    result.gap = &column;
    result.n_gaps = 1;
    result.epochs = EPOCHS;
    result.epoch_us = INT64_C(3600000000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
    gw_font_destroy(font);
    return 0;
}

static void draw(void)
{
    gw_canvas_fini(&canvas);
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_gap_draw(&canvas, &result, NULL), GW_OK);
    gw_drawn_assert_legible(&canvas, "gap");
}

static size_t lines(uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == GW_SHAPE_LINE && canvas.drawn[i].rgb == rgb;
    }
    return n;
}

static void each_policy_is_a_line_where_its_plans_have_gaps(void **state)
{
    (void)state;
    draw();
    assert_int_equal(lines(gw_theme_category(0)), 1);
    assert_int_equal(lines(gw_theme_category(1)), 1);
    assert_true(gw_drawn_text(&canvas, "no bound was found", 2) !=
                NULL); /* in the panels of the other objectives */
}

static void an_epoch_without_a_gap_interrupts_the_line(void **state)
{
    (void)state;
    gap[2] = NAN;
    draw();
    assert_int_equal(lines(gw_theme_category(0)), 2);
    gap[2] = 0.3;
}

static void a_result_without_bounds_says_who_asks_for_them(void **state)
{
    (void)state;
    result.epochs = 0;
    draw();
    assert_int_equal(lines(gw_theme_category(0)), 0);
    assert_true(gw_drawn_text_with(&canvas, "score.bounds asks for them") != NULL);
    result.epochs = EPOCHS;
}

static void it_is_drawn_as_before(void **state)
{
    (void)state;
    draw();
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/gap.txt", dump.at);
    gw_text_fini(&dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_drawn_as_before),
        cmocka_unit_test(each_policy_is_a_line_where_its_plans_have_gaps),
        cmocka_unit_test(an_epoch_without_a_gap_interrupts_the_line),
        cmocka_unit_test(a_result_without_bounds_says_who_asks_for_them),
    };
    return cmocka_run_group_tests_name("fig_gap", tests, begin, end);
}
