/* The figure `allocation`: shares of requests by site over time, stacked to the full height. */
#include "tests/support/figure_test.h"

#include <math.h>

#include "plots/fig_allocation.h"

enum { CELLS_MAX = 1 << 16 };

static double sent[CELLS_MAX];
static struct gw_result_column column = {"arrived", "1", "", sent};

/* Site s gets 1 + s requests in every row, so 1/3 and 2/3 of all go to two. */
static void use(uint32_t policies, uint32_t replications, uint32_t sites)
{
    assert_true(gw_figure_result_init(&result, policies, replications, sites));
    const size_t cells = (size_t)policies * replications * sites * result.rows;
    assert_true(cells <= CELLS_MAX);
    for (size_t i = 0; i < cells; i++) {
        sent[i] = 1.0 + (double)(i / result.rows % sites);
    }
    result.series = &column;
    result.n_series = 1;
}

static void draw(void)
{
    draw_figure(gw_fig_allocation_draw, "allocation");
}

/* Height of the n-th area of a colour. */
static double height_of(uint32_t rgb, size_t n)
{
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape != GW_SHAPE_POLYGON || d->rgb != rgb || n-- != 0) {
            continue;
        }
        double least = INFINITY, most = -INFINITY;
        for (size_t k = 0; k < d->points; k++) {
            least = fmin(least, canvas.point[d->point + k].y);
            most = fmax(most, canvas.point[d->point + k].y);
        }
        return most - least;
    }
    return 0.0;
}

static void shares_are_stacked_to_the_whole(void **state)
{
    (void)state;
    use(2, 1, 2);
    draw();
    for (size_t policy = 0; policy < 2; policy++) {
        const double first = height_of(gw_theme_category(0), policy),
                     second = height_of(gw_theme_category(1), policy);
        assert_near(first / (first + second), 1.0 / 3.0, 0, 1e-3);
    }
    assert_non_null(gw_drawn_text(&canvas, "nearest", 0));
}

static void an_hour_without_requests_is_a_gap(void **state)
{
    (void)state;
    use(1, 1, 2);
    const double whole = height_of(gw_theme_category(0), 1);
    assert_near(whole, 0.0, 0, 0);
    sent[5] = sent[result.rows + 5] = 0.0;
    draw();
    assert_true(height_of(gw_theme_category(0), 1) > 0.0); /* before and behind the gap: two areas */
}

static void a_failed_policy_says_so_and_a_failed_replication_does_not_count(void **state)
{
    (void)state;
    use(2, 2, 2);
    for (size_t row = 0; row < result.rows; row++) {
        sent[row] = 1e6; /* of the run that fails */
    }
    gw_figure_result_fail(&result, 0, 0);
    gw_figure_result_fail(&result, 1, 0);
    gw_figure_result_fail(&result, 1, 1);
    draw();
    const double first = height_of(gw_theme_category(0), 0), second = height_of(gw_theme_category(1), 0);
    assert_near(first / (first + second), 1.0 / 3.0, 0, 1e-3);
    assert_non_null(gw_drawn_text(&canvas, "failed", 0));
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    static const uint32_t policies[] = {1, 3, 4, 9, 30}, sites[] = {1, 7, 8, 16};
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        for (size_t k = 0; k < sizeof sites / sizeof sites[0]; k++) {
            use(policies[i], 1, sites[k]);
            draw();
            assert_int_equal(gw_drawn_text_with(&canvas, "other sites") != NULL, sites[k] > 7);
            result.series = NULL;
            result.n_series = 0;
            free_result(NULL);
        }
    }
}

static void without_a_series_the_page_says_so(void **state)
{
    (void)state;
    assert_true(gw_figure_result_init(&result, 1, 1, 1));
    result.n_series = 0;
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "no requests over time"));
}

#define TEST(name) cmocka_unit_test_teardown(name, free_result)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shares_are_stacked_to_the_whole),
        TEST(an_hour_without_requests_is_a_gap),
        TEST(a_failed_policy_says_so_and_a_failed_replication_does_not_count),
        TEST(it_stays_legible_from_one_policy_to_thirty),
        TEST(without_a_series_the_page_says_so),
    };
    return cmocka_run_group_tests_name("fig_allocation", tests, open_font, close_font);
}
