/* The figure `duck`: days of local hours, winter beside summer, gaps, and legible whatever comes. */
#include "tests/support/figure_test.h"

#include <math.h>
#include <string.h>

#include "plots/fig_duck.h"
#include "sim/base/units.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/golden_text.h"

static void use(uint32_t sites, uint32_t days)
{
    assert_true(gw_figure_result_init(&result, 1, 1, sites));
    assert_true(gw_figure_result_add_grids(&result, days));
}

static void draw(void)
{
    draw_figure(gw_fig_duck_draw, "duck");
}

/* The n-th line of a grid's colour with more than two points, from 0. */
static const struct gw_drawn *line(uint32_t grid, size_t n)
{
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_LINE && d->rgb == gw_theme_category(grid) && d->points > 2 && n-- == 0) {
            return d;
        }
    }
    return NULL;
}

static void it_is_drawn_as_before(void **state)
{
    (void)state;
    use(3, 365);
    draw();
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/duck.txt", dump.at);
    gw_text_fini(&dump);
}

/* Every quantity of the made result grows by the local hour alone, whatever the offset from UTC: 24 points,
 * each as much higher than the one before. */
static void hours_are_those_of_local_time(void **state)
{
    (void)state;
    use(2, 3);
    draw();
    for (uint32_t grid = 0; grid < 2; grid++) {
        for (size_t quantity = 0; quantity < 3; quantity++) {
            const struct gw_drawn *d = line(grid, quantity);
            assert_int_equal(d->points, 24);
            const struct gw_point *p = &canvas.point[d->point];
            for (size_t h = 1; h < 24; h++) {
                assert_near(p[h].y - p[h - 1].y, p[1].y - p[0].y, 0.0, 0.025);
                assert_true(p[h].y < p[h - 1].y);
            }
        }
    }
}

static void winter_stands_beside_summer_when_the_run_has_both(void **state)
{
    (void)state;
    use(1, 365);
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "gCO₂e/kWh, December to February"));
    assert_non_null(gw_drawn_text_with(&canvas, "gCO₂e/kWh, June to August"));
    free_result(NULL);
    use(1, 180); /* June to November */
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "gCO₂e/kWh, all days"));
}

static double height_of_hour(size_t quantity, size_t hour)
{
    const struct gw_drawn *d = line(0, quantity);
    return canvas.point[d->point].y - canvas.point[d->point + hour].y;
}

/* One day of five has a spike at its first hour: the mean rises with it, the median does not. */
static void carbon_is_a_mean_and_price_a_median(void **state)
{
    (void)state;
    use(1, 5);
    draw();
    const double carbon_pt = height_of_hour(1, 23), price_pt = height_of_hour(2, 23);
    result.grids.column[1].value[0] += 5 * 23.0; /* 23 g/kWh on the mean: half of the day's rise */
    result.grids.column[2].value[0] += 1e4;
    draw();
    assert_near(height_of_hour(1, 23) / carbon_pt, 0.5, 0.0, 0.01);
    assert_near(height_of_hour(2, 23) / price_pt, 1.0, 0.0, 0.01);
}

/* A run of six hours has no more to show. */
static void hours_that_the_run_does_not_have_are_a_gap(void **state)
{
    (void)state;
    use(1, 1);
    for (size_t h = 6; h < 24; h++) {
        result.grids.column[1].value[h] = NAN;
    }
    draw();
    assert_int_equal(line(0, 1)->points, 6);
}

static void what_no_grid_knows_is_said(void **state)
{
    (void)state;
    use(1, 1);
    result.grids.column[0].name = "something_else";
    draw();
    assert_non_null(gw_drawn_text(&canvas, "Net load: not known of these grids.", 0));
    assert_null(line(0, 2));
}

static void sites_on_equal_grids_share_a_line(void **state)
{
    (void)state;
    use(2, 2);
    struct gw_result_grids *grids = &result.grids;
    grids->name[1] = grids->name[0];
    draw();
    assert_non_null(line(1, 0));
    assert_non_null(gw_drawn_text(&canvas, "grid-0 (virginia)", 0)); /* the name alone would not tell */
    grids->utc_offset_h[1] = grids->utc_offset_h[0];
    for (uint32_t c = 0; c < grids->n_columns; c++) {
        double *value = grids->column[c].value;
        memcpy(value + grids->hours, value, grids->hours * sizeof *value);
    }
    draw();
    assert_null(line(1, 0));
    assert_non_null(gw_drawn_text(&canvas, "grid-0", 0));
}

static void without_hours_the_figure_says_so(void **state)
{
    (void)state;
    use(2, 1);
    result.grids = (struct gw_result_grids){0};
    draw();
    assert_non_null(gw_drawn_text(&canvas, "This result holds no hours of its grids.", 0));
}

static void it_stays_legible_from_one_grid_to_ten(void **state)
{
    (void)state;
    for (uint32_t sites = 1; sites <= 10; sites++) {
        use(sites, 1);
        result.grids.name[0] = "a-file/with-a-path/that-nobody/would-type-twice/and-that-has-a-long-name/"
                               "carbon-and-price-of-2023.csv";
        result.grids.column[1].value[0] = 5000; /* the most that a file may hold */
        result.grids.column[2].value[0] = 100e3;
        result.grids.column[2].value[1] = -1000;
        draw();
        free_result(NULL);
    }
    use(10, 1);
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "3 more grids are not drawn"));
}

static void without_memory_the_status_says_so(void **state)
{
    (void)state;
    use(2, 1);
    for (size_t n = 1;; n++) {
        struct gw_canvas here;
        gw_canvas_init(&here, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_fig_duck_draw(&here, &result, NULL);
        const bool failed = gw_failing_malloc_disarm();
        gw_canvas_fini(&here);
        assert_int_equal(s, failed ? GW_ERR_NOMEM : GW_OK);
        if (!failed) {
            break;
        }
    }
}

#define TEST(name) cmocka_unit_test_teardown(name, free_result)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_drawn_as_before),
        TEST(hours_are_those_of_local_time),
        TEST(winter_stands_beside_summer_when_the_run_has_both),
        TEST(carbon_is_a_mean_and_price_a_median),
        TEST(hours_that_the_run_does_not_have_are_a_gap),
        TEST(what_no_grid_knows_is_said),
        TEST(sites_on_equal_grids_share_a_line),
        TEST(without_hours_the_figure_says_so),
        TEST(it_stays_legible_from_one_grid_to_ten),
        TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_duck", tests, open_font, close_font);
}
