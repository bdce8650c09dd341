/* The figure `modes`: a row per plant that knows the weather, sites with equal plants joined. */
#include "tests/support/near.h"

#include <string.h>

#include "plots/fig_modes.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/figure_result.h"

enum { FREE_DRY = 0xBFE3D4, FREE_WET = 0xBBDDF4, COMPRESSOR = 0xF2BFA0 };

static struct gw_font *font;
static struct gw_canvas canvas;
static struct gw_result_file result;

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

static void draw(const char *yaml)
{
    assert_true(gw_figure_result_init(&result, 1, 1, 2));
    result.scenario_yaml = yaml;
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    struct gw_error err;
    if (gw_fig_modes_draw(&canvas, &result, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    gw_drawn_assert_legible(&canvas, yaml);
}

static int free_result(void **state)
{
    (void)state;
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
    return 0;
}

/* 18 degC, wet bulb 15: outside air alone. 26 degC, wet bulb 10 evaporates. */
static void a_plant_on_outside_air_has_all_modes(void **state)
{
    (void)state;
    draw("sites: [ { name: a, cooling: ae-dec }, { name: b, cooling: ae-dec } ]\n");
    assert_non_null(gw_drawn_text(&canvas, "ae-dec: a, b", 0));
    assert_null(gw_drawn_text_with(&canvas, "Not drawn"));
    assert_non_null(gw_drawn_text(&canvas, "1.09", 0));
    assert_true(gw_drawn_rects(&canvas, FREE_DRY) > 10);
    assert_true(gw_drawn_rects(&canvas, FREE_WET) > 10);
    assert_true(gw_drawn_rects(&canvas, COMPRESSOR) > 10);
}

static void plants_that_know_no_weather_are_named_in_a_note(void **state)
{
    (void)state;
    draw("sites: [ { name: dry, cooling: { plant: dx, supply_c: 24 } }, { name: plain, cooling: constant } "
         "]\n");
    assert_non_null(gw_drawn_text(&canvas, "dx: dry", 0));
    assert_int_equal(gw_drawn_rects(&canvas, FREE_DRY), 1); /* the key alone: its compressors never stop */
    assert_non_null(gw_drawn_text_with(&canvas, "too many: plain."));
}

static void a_result_without_sites_is_an_empty_page(void **state)
{
    (void)state;
    draw("geowatt: 1\n");
    assert_non_null(gw_drawn_text_with(&canvas, "What the plants do"));
}

static void a_plant_that_nobody_knows_is_an_error(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 1, 1, 2));
    result.scenario_yaml = "sites: [ { name: a, cooling: magic } ]\n";
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    struct gw_error err;
    assert_int_not_equal(gw_fig_modes_draw(&canvas, &result, &err), GW_OK);
    assert_non_null(strstr(err.why, "magic"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_plant_on_outside_air_has_all_modes, free_result),
        cmocka_unit_test_teardown(plants_that_know_no_weather_are_named_in_a_note, free_result),
        cmocka_unit_test_teardown(a_result_without_sites_is_an_empty_page, free_result),
        cmocka_unit_test_teardown(a_plant_that_nobody_knows_is_an_error, free_result),
    };
    return cmocka_run_group_tests_name("fig_modes", tests, open_font, close_font);
}
