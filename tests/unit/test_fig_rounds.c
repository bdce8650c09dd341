/* The figure `rounds`: a strip where rounds closed, areas of surplus, what is not there, legible. */
#include "tests/support/near.h"

#include "plots/fig_rounds.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/figure_result.h"

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

enum { POLICIES = 2, SITES = 2, ROWS = 24, CELLS = POLICIES * SITES * ROWS };
static struct gw_result_column column[4];
static double surplus[CELLS], work[CELLS], held[CELLS], rounds[CELLS];

/* 100 kW to spare from 6 to 18 h; 50 kW trained in hours 8 to 11, a round in each, and 1 kW at rest. */
static void add_rounds(struct gw_result_file *result)
{
    for (int i = 0; i < CELLS; i++) {
        const int hour = i % ROWS;
        surplus[i] = hour >= 6 && hour < 18 ? 100.0 : 0.0;
        work[i] = hour >= 8 && hour < 12 ? 50.0 : 0.0;
        rounds[i] = hour >= 8 && hour < 12 ? 1.0 : 0.0;
        held[i] = 1.0;
    }
    column[0] = (struct gw_result_column){"federated_surplus_kwh", "kWh", "", surplus};
    column[1] = (struct gw_result_column){"training_kwh", "kWh", "", work};
    column[2] = (struct gw_result_column){"training_held_kwh", "kWh", "", held};
    column[3] = (struct gw_result_column){"federated_updates", "1", "", rounds};
    result->series = column;
    result->n_series = 4;
}

static size_t rects(const struct gw_canvas *canvas, uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        n += canvas->drawn[i].shape == GW_SHAPE_RECT && canvas->drawn[i].rgb == rgb;
    }
    return n;
}

/* Four panels with one strip each, and the sign of the strip in the legend. */
static void each_panel_says_when_rounds_closed(void **state)
{
    (void)state;
    struct gw_result_file result;
    struct gw_canvas canvas;
    assert_true(gw_figure_result_init(&result, POLICIES, 1, SITES));
    add_rounds(&result);
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_rounds_draw(&canvas, &result, NULL), GW_OK);
    assert_int_equal(rects(&canvas, GW_THEME_INK), 4 + 1);
    assert_non_null(gw_drawn_text(&canvas, "4 updates", 0));
    assert_non_null(gw_drawn_text(&canvas, result.policy[1], 0));
    gw_drawn_assert_legible(&canvas, "rounds");
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
}

static void without_federated_jobs_it_says_so(void **state)
{
    (void)state;
    struct gw_result_file result;
    struct gw_canvas canvas;
    assert_true(gw_figure_result_init(&result, POLICIES, 1, SITES));
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_rounds_draw(&canvas, &result, NULL), GW_OK);
    assert_non_null(gw_drawn_text(&canvas, "This result holds no rounds of federated jobs.", 0));
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_panel_says_when_rounds_closed),
        cmocka_unit_test(without_federated_jobs_it_says_so),
    };
    return cmocka_run_group_tests_name("fig_rounds", tests, open_font, close_font);
}
