/* The figure `timeline`: areas that add up, one power axis, gaps, bins, and legible whatever comes. */
#include "tests/support/figure_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/fig_timeline.h"
#include "sim/base/units.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/golden_text.h"

static void use(uint32_t policies, uint32_t replications, uint32_t sites)
{
    assert_true(gw_figure_result_init(&result, policies, replications, sites));
}

static void draw(void)
{
    draw_figure(gw_fig_timeline_draw, "timeline");
}

/* The n-th filled area of a colour, from 0. */
static const struct gw_drawn *area(uint32_t rgb, size_t n)
{
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        if (canvas.drawn[i].shape == GW_SHAPE_POLYGON && canvas.drawn[i].rgb == rgb && n-- == 0) {
            return &canvas.drawn[i];
        }
    }
    return NULL;
}

static size_t areas(uint32_t rgb)
{
    size_t n = 0;
    while (area(rgb, n) != NULL) {
        n++;
    }
    return n;
}

/* Height of an area over its first interval: the path begins there and ends below. */
static double height(const struct gw_drawn *d)
{
    return canvas.point[d->point + d->points - 1].y - canvas.point[d->point].y;
}

static void a_rich_result_is_drawn_as_before(void **state)
{
    (void)state;
    use(4, 2, 3);
    gw_figure_result_set(&result, "completed", 2, 0.9e6);
    gw_figure_result_fail(&result, 3, 0);
    gw_figure_result_fail(&result, 3, 1);
    draw();
    gw_drawn_assert_legible(&canvas, "rich");
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/timeline.txt", dump.at);
    gw_text_fini(&dump);
}

/* In the first hour sites of policy 0 buy 1000 and 1100 kW, those of policy 1 50 kW more each. */
static void areas_are_as_high_as_the_power_bought(void **state)
{
    (void)state;
    use(2, 1, 2);
    draw();
    const double pt_per_kw = height(area(gw_theme_category(0), 0)) / 1000.0;
    assert_near(height(area(gw_theme_category(1), 0)) / pt_per_kw, 1100.0, 0.0, 1.0);
    assert_near(height(area(gw_theme_category(0), 1)) / pt_per_kw, 1050.0, 0.0, 1.0);
    assert_near(height(area(gw_theme_category(1), 1)) / pt_per_kw, 1150.0, 0.0, 1.0);
    assert_non_null(gw_drawn_text(&canvas, "MW", 1));
}

static void sites_are_stacked_without_a_gap(void **state)
{
    (void)state;
    use(1, 1, 2);
    draw();
    const struct gw_drawn *below = area(gw_theme_category(0), 0), *above = area(gw_theme_category(1), 0);
    assert_near(canvas.point[above->point + above->points - 1].y, canvas.point[below->point].y, 0.0, 0.0);
}

/* 100 and 300 g/kWh in all hours: two level lines, the second three times as high. */
static void the_intensity_is_carbon_over_energy(void **state)
{
    (void)state;
    use(1, 1, 2);
    draw();
    double y[2] = {0, 0}, zero = 0;
    size_t found = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_LINE && d->points == 48) {
            assert_int_equal(d->rgb, gw_theme_category(found));
            assert_near(canvas.point[d->point].y, canvas.point[d->point + 47].y, 0.0, 0.0);
            y[found++] = canvas.point[d->point].y;
        } else if (found == 0 && d->shape == GW_SHAPE_TEXT && strcmp(canvas.text.at + d->text, "0") == 0) {
            zero = canvas.point[d->point].y; /* the label of zero stands on the axis */
        }
    }
    assert_int_equal(found, 2);
    assert_near((zero - y[1]) / (zero - y[0]), 3.0, 0.01, 0.0);
}

/* One site that buys nothing: 100, 102, ... 146 g/kWh as its grid's hours say, in one line of 24 steps. */
static void where_nothing_is_bought_the_grids_hours_are_drawn(void **state)
{
    (void)state;
    use(1, 1, 1);
    assert_true(gw_figure_result_add_grids(&result, 1));
    for (uint32_t i = 0; i < result.n_series; i++) {
        memset(result.series[i].value, 0, result.rows * sizeof(double));
    }
    draw();
    size_t found = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_LINE && d->points == 48) {
            found++;
            assert_true(canvas.point[d->point].y > canvas.point[d->point + 47].y);
        }
    }
    assert_int_equal(found, 1);
}

static void a_gap_in_the_series_is_a_gap_in_the_area(void **state)
{
    (void)state;
    use(1, 1, 1);
    result.series[0].value[5] = NAN;
    draw();
    assert_int_equal(areas(gw_theme_category(0)), 2);
}

/* Replications of 1000 and 3000 kW show as 2000 kW; a failed one does not count. */
static void replications_are_averaged(void **state)
{
    (void)state;
    use(2, 2, 1);
    for (uint32_t row = 0; row < result.rows; row++) {
        result.series[0].value[0 * result.rows + row] = 1000.0;
        result.series[0].value[1 * result.rows + row] = 3000.0;
        result.series[0].value[2 * result.rows + row] = 1000.0;
    }
    gw_figure_result_fail(&result, 1, 1);
    draw();
    assert_near(height(area(gw_theme_category(0), 0)) / height(area(gw_theme_category(0), 1)), 2.0, 0.01,
                0.0);
}

/* What follows the scored time is the drain, of different length for each policy. */
static void rows_beyond_the_scored_time_are_not_drawn(void **state)
{
    (void)state;
    use(1, 1, 1);
    draw();
    const size_t all = area(gw_theme_category(0), 0)->points;
    result.duration_us = 12 * GW_US_PER_H;
    draw();
    assert_int_equal(area(gw_theme_category(0), 0)->points, all / 2);
}

/* A year of hours has 8760 rows; the panel has some 200 pt. Energy is kept: the mean of 900 and 1100 is 1000.
 */
static void fine_series_are_averaged_to_what_print_can_show(void **state)
{
    (void)state;
    use(1, 1, 1);
    enum { ROWS = 8760 };
    double *import = calloc(ROWS, sizeof *import);
    assert_non_null(import);
    for (size_t i = 0; i < ROWS; i++) {
        import[i] = i % 2 == 0 ? 900.0 : 1100.0;
    }
    result.rows = ROWS;
    result.duration_us = ROWS * GW_US_PER_H;
    result.series[0].value = import;
    result.n_series = 1;
    draw();
    const struct gw_drawn *d = area(gw_theme_category(0), 0);
    assert_true(d->points < 4 * 1000);
    for (size_t i = 0; i < d->points / 2; i++) {
        assert_near(canvas.point[d->point + i].y, canvas.point[d->point].y, 0.0, 3.0);
    }
    assert_non_null(gw_drawn_text(&canvas, "MW", 0));
    free(import);
}

static void small_sites_are_drawn_as_one_when_colours_end(void **state)
{
    (void)state;
    use(1, 1, 10);
    draw();
    assert_non_null(gw_drawn_text(&canvas, "3 other sites", 0));
    assert_null(gw_drawn_text(&canvas, "oregon", 0)); /* site 0 buys least */
    assert_non_null(gw_drawn_text(&canvas, "site-9", 0));
    assert_int_equal(areas(GW_THEME_OTHER), 1);
    gw_drawn_assert_legible(&canvas, "ten sites");
}

static void standing_is_said_behind_the_name(void **state)
{
    (void)state;
    use(3, 1, 2);
    gw_figure_result_set(&result, "completed", 1, 1.0);
    gw_figure_result_fail(&result, 2, 0);
    draw();
    assert_non_null(gw_drawn_text(&canvas, "baseline", 0));
    assert_non_null(gw_drawn_text(&canvas, "not comparable", 0));
    assert_non_null(gw_drawn_text(&canvas, "failed", 0));
}

static void without_a_series_the_figure_says_so(void **state)
{
    (void)state;
    use(2, 1, 2);
    result.n_series = 0;
    draw();
    assert_non_null(gw_drawn_text(&canvas, "This result holds no time series of imports.", 0));
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    for (uint32_t policies = 1; policies <= 30; policies++) {
        for (uint32_t sites = 1; sites <= 13; sites += 6) {
            use(policies, 1, sites);
            gw_figure_result_set(&result, "completed", policies - 1, 1.0);
            result.policy[policies / 2] = "a-policy-with-a-name-that-nobody-would-type-twice";
            draw();
            char what[64];
            snprintf(what, sizeof what, "%u policies, %u sites", policies, sites);
            gw_drawn_assert_legible(&canvas, what);
            free_result(NULL);
        }
    }
}

static void without_memory_the_status_says_so(void **state)
{
    (void)state;
    use(2, 1, 2);
    for (size_t n = 1;; n++) {
        struct gw_canvas here;
        gw_canvas_init(&here, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_fig_timeline_draw(&here, &result, NULL);
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
        TEST(a_rich_result_is_drawn_as_before),
        TEST(areas_are_as_high_as_the_power_bought),
        TEST(sites_are_stacked_without_a_gap),
        TEST(the_intensity_is_carbon_over_energy),
        TEST(where_nothing_is_bought_the_grids_hours_are_drawn),
        TEST(a_gap_in_the_series_is_a_gap_in_the_area),
        TEST(replications_are_averaged),
        TEST(rows_beyond_the_scored_time_are_not_drawn),
        TEST(fine_series_are_averaged_to_what_print_can_show),
        TEST(small_sites_are_drawn_as_one_when_colours_end),
        TEST(standing_is_said_behind_the_name),
        TEST(without_a_series_the_figure_says_so),
        TEST(it_stays_legible_from_one_policy_to_thirty),
        TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_timeline", tests, open_font, close_font);
}
