/* The figure `ttft`: an area per policy whose size is its requests, legible whatever comes. */
#include "tests/support/figure_test.h"

#include <math.h>
#include <stdio.h>

#include "plots/fig_ttft.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/golden_text.h"

static void use(uint32_t policies, uint32_t replications, uint32_t sites)
{
    assert_true(gw_figure_result_init(&result, policies, replications, sites));
}

static void draw(void)
{
    draw_figure(gw_fig_ttft_draw, "ttft");
}

/* The k-th polygon, or the k-th stroke of the median's colour. */
static const struct gw_drawn *shape(enum gw_canvas_shape shape, size_t k)
{
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == shape && (shape != GW_SHAPE_LINE || d->rgb == GW_THEME_BEST) && k-- == 0) {
            return d;
        }
    }
    return NULL;
}

static struct gw_point point(const struct gw_drawn *d, size_t i)
{
    return canvas.point[d->point + i];
}

static void a_rich_result_is_drawn_as_before(void **state)
{
    (void)state;
    use(5, 2, 3);
    gw_figure_result_set(&result, "completed", 2, 0.9e6);
    gw_figure_result_fail(&result, 3, 0);
    gw_figure_result_fail(&result, 3, 1);
    draw();
    gw_drawn_assert_legible(&canvas, "rich");
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/ttft.txt", dump.at);
    gw_text_fini(&dump);
}

/* Of 1500 requests 1000 lie in one octave and 500 in the next: twice as high, and as wide. */
static void areas_are_shares_of_requests(void **state)
{
    (void)state;
    use(1, 1, 2);
    draw();
    const struct gw_drawn *area = shape(GW_SHAPE_POLYGON, 0);
    double x_lo = INFINITY, x_hi = 0.0, top = INFINITY, bottom = 0.0, middle = 0.0;
    for (size_t i = 0; i < area->points; i++) {
        x_lo = fmin(x_lo, point(area, i).x);
        x_hi = fmax(x_hi, point(area, i).x);
        top = fmin(top, point(area, i).y);
        bottom = fmax(bottom, point(area, i).y);
    }
    for (size_t i = 0; i < area->points; i++) {
        const double y = point(area, i).y;
        middle = y > top + 0.1 && y < bottom - 0.1 ? y : middle;
    }
    assert_near(bottom - middle, 0.5 * (bottom - top), 0.0, 0.02);

    /* the strokes stand in the middles of the two octaves, the second one is shorter */
    const struct gw_drawn *median = shape(GW_SHAPE_LINE, 0), *p99 = shape(GW_SHAPE_LINE, 1);
    assert_near(point(median, 0).x, x_lo + 0.25 * (x_hi - x_lo), 0.0, 0.02);
    assert_near(point(p99, 0).x, x_lo + 0.75 * (x_hi - x_lo), 0.0, 0.02);
    assert_true(point(p99, 0).y - point(p99, 1).y < point(median, 0).y - point(median, 1).y);
}

static void policies_share_their_scale(void **state)
{
    (void)state;
    use(2, 1, 2);
    draw();
    assert_near(point(shape(GW_SHAPE_LINE, 0), 0).x, point(shape(GW_SHAPE_LINE, 2), 0).x, 0.0, 0.02);
    assert_non_null(shape(GW_SHAPE_POLYGON, 1));
    assert_null(shape(GW_SHAPE_POLYGON, 2));
}

static void a_result_without_distribution_says_so(void **state)
{
    (void)state;
    use(2, 1, 2);
    result.ttft_count = NULL;
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "holds no distribution of the time to first token"));
    gw_drawn_assert_legible(&canvas, "without distribution");
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    for (uint32_t policies = 1; policies <= 30; policies += policies < 9 ? 1 : 7) {
        use(policies, 1, 3);
        for (uint32_t p = 0; p < policies; p++) {
            gw_figure_result_set(&result, "completed", p, p % 4 == 1 ? 1.0 : 1e6);
            result.policy[p] = "a-policy-with-a-name-that-nobody-would-type-twice";
        }
        draw();
        char what[64];
        snprintf(what, sizeof what, "%u policies", policies);
        gw_drawn_assert_legible(&canvas, what);
        free_result(NULL);
    }
}

static void without_memory_the_status_says_so(void **state)
{
    (void)state;
    use(3, 1, 2);
    for (size_t n = 1;; n++) {
        struct gw_canvas here;
        gw_canvas_init(&here, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_fig_ttft_draw(&here, &result, NULL);
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
        TEST(areas_are_shares_of_requests),
        TEST(policies_share_their_scale),
        TEST(a_result_without_distribution_says_so),
        TEST(it_stays_legible_from_one_policy_to_thirty),
        TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_ttft", tests, open_font, close_font);
}
