/* The figure `duration`: sorted hours, peaks that go beyond the axis, and legible whatever comes. */
#include "tests/support/figure_test.h"

#include <math.h>
#include <string.h>

#include "plots/fig_duration.h"
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
    draw_figure(gw_fig_duration_draw, "duration");
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
    use(3, 7);
    draw();
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/duration.txt", dump.at);
    gw_text_fini(&dump);
}

static void a_line_falls_from_the_left_to_the_right(void **state)
{
    (void)state;
    use(2, 3);
    draw();
    for (uint32_t grid = 0; grid < 2; grid++) {
        for (size_t quantity = 0; quantity < 2; quantity++) {
            const struct gw_drawn *d = line(grid, quantity);
            assert_int_equal(d->points, 3 * 24 + 2); /* hours, and both ends */
            for (size_t i = 1; i < d->points; i++) {
                assert_true(canvas.point[d->point + i].x >= canvas.point[d->point + i - 1].x);
                assert_true(canvas.point[d->point + i].y >= canvas.point[d->point + i - 1].y);
            }
        }
    }
}

/* 10 to 33 USD/MWh, each in three of 72 hours: the middle of the line is at half of them. */
static void half_of_the_hours_lie_above_the_median(void **state)
{
    (void)state;
    use(1, 3);
    draw();
    const struct gw_drawn *d = line(0, 1);
    const struct gw_point *p = &canvas.point[d->point];
    const double across = (p[36].x + p[37].x) / 2, down = (p[36].y + p[37].y) / 2;
    assert_near(across, (p[0].x + p[d->points - 1].x) / 2, 0.0, 0.02);
    assert_near(down, (p[0].y + p[d->points - 1].y) / 2, 0.0, 0.02);
}

/* A year has 8760 hours, a panel some 200 pt. */
static void of_very_many_hours_some_are_drawn_the_first_and_last_among_them(void **state)
{
    (void)state;
    use(1, 365);
    draw();
    const struct gw_drawn *d = line(0, 0);
    assert_true(d->points <= 402);
    const double top = canvas.point[d->point].y, bottom = canvas.point[d->point + d->points - 1].y;
    free_result(NULL);
    use(1, 3);
    draw();
    d = line(0, 0);
    assert_near(canvas.point[d->point].y, top, 0.0, 0.0);
    assert_near(canvas.point[d->point + d->points - 1].y, bottom, 0.0, 0.0);
}

static void a_rare_peak_does_not_flatten_the_rest_but_is_named(void **state)
{
    (void)state;
    use(2, 10);
    draw();
    assert_null(gw_drawn_text_with(&canvas, "above the axis"));
    const double low = canvas.point[line(1, 1)->point + 100].y;
    result.grids.column[2].value[5] = 4192.0;
    draw();
    assert_non_null(gw_drawn_text_with(
        &canvas, "Price above the axis in at most 2 % of the hours; highest: grid-0 4192 USD/MWh."));
    assert_near(canvas.point[line(1, 1)->point + 100].y, low, 0.0, 0.1);
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
        const enum gw_status s = gw_fig_duration_draw(&here, &result, NULL);
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
        TEST(a_line_falls_from_the_left_to_the_right),
        TEST(half_of_the_hours_lie_above_the_median),
        TEST(of_very_many_hours_some_are_drawn_the_first_and_last_among_them),
        TEST(a_rare_peak_does_not_flatten_the_rest_but_is_named),
        TEST(sites_on_equal_grids_share_a_line),
        TEST(without_hours_the_figure_says_so),
        TEST(it_stays_legible_from_one_grid_to_ten),
        TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_duration", tests, open_font, close_font);
}
