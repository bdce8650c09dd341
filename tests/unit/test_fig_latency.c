/* The figure `latency`: three percentiles per policy and panel, and legible whatever comes. */
#include "tests/support/near.h"

#include <stdio.h>

#include "plots/fig_latency.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/figure_result.h"
#include "tests/support/golden_text.h"

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

static void use(uint32_t policies, uint32_t replications)
{
    assert_true(gw_figure_result_init(&result, policies, replications, 2));
}

static void draw(void)
{
    gw_canvas_fini(&canvas);
    gw_canvas_init(&canvas, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_latency_draw(&canvas, &result, NULL), GW_OK);
}

static int free_result(void **state)
{
    (void)state;
    gw_canvas_fini(&canvas);
    gw_figure_result_fini(&result);
    return 0;
}

static void a_rich_result_is_drawn_as_before(void **state)
{
    (void)state;
    use(4, 2);
    gw_figure_result_set(&result, "completed", 2, 0.9e6);
    gw_figure_result_fail(&result, 3, 0);
    gw_figure_result_fail(&result, 3, 1);
    draw();
    gw_drawn_assert_legible(&canvas, "rich");
    struct gw_text dump = {0};
    gw_canvas_dump(&canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/latency.txt", dump.at);
    gw_text_fini(&dump);
}

/* 300, 800, 1500 ms and 20, 30, 40 ms; policy 1 has 1.1 times as much. */
static void numbers_stand_beside_the_marks(void **state)
{
    (void)state;
    use(2, 1);
    draw();
    static const char *const shown[] = {"300",  "800",  "1500", "330",  "880",  "1650",
                                        "20.0", "30.0", "40.0", "22.0", "33.0", "44.0"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        if (gw_drawn_text(&canvas, shown[i], 0) == NULL) {
            fail_msg("\"%s\" is not there", shown[i]);
        }
    }
    assert_non_null(gw_drawn_text(&canvas, "ms", 1)); /* the unit of both axes */
}

static size_t shapes(enum gw_canvas_shape shape)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == shape;
    }
    return n;
}

/* A disc and a diamond for each policy and panel, and one in the head of each panel. */
static void each_percentile_has_a_shape_of_its_own(void **state)
{
    (void)state;
    use(3, 1);
    draw();
    assert_int_equal(shapes(GW_SHAPE_DISC), 2 * (3 + 1));
    assert_int_equal(shapes(GW_SHAPE_POLYGON), 2 * (3 + 1));
}

/* Equal factors are equal distances: from 800 to 880 ms as far as from 300 to 330 ms. */
static void the_axis_is_logarithmic(void **state)
{
    (void)state;
    use(2, 1);
    draw();
    double disc[8], diamond[8];
    size_t discs = 0, diamonds = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_DISC) {
            disc[discs++] = canvas.point[d->point].x;
        } else if (d->shape == GW_SHAPE_POLYGON) {
            diamond[diamonds++] = canvas.point[d->point + 1].x; /* its top */
        }
    }
    assert_near(diamond[1] - diamond[0], disc[1] - disc[0], 0.0, 0.02);
    assert_true(disc[1] > disc[0]);
}

/* There is no zero on a logarithmic axis. */
static void what_is_not_above_zero_has_no_mark(void **state)
{
    (void)state;
    use(2, 1);
    gw_figure_result_set(&result, "ttft_ms_p50", 0, 0.0);
    gw_figure_result_set(&result, "ttft_ms_p50", 1, NAN);
    draw();
    assert_int_equal(shapes(GW_SHAPE_DISC), 2 + 2); /* both heads, the other panel's two */
    assert_non_null(gw_drawn_text(&canvas, "0", 0));
    assert_non_null(gw_drawn_text(&canvas, "–", 0));
}

static void a_panel_without_numbers_says_so(void **state)
{
    (void)state;
    use(2, 1);
    for (uint32_t p = 0; p < 2; p++) {
        gw_figure_result_set(&result, "tpot_ms_p50", p, NAN);
        gw_figure_result_set(&result, "tpot_ms_p95", p, NAN);
        gw_figure_result_set(&result, "tpot_ms_p99", p, NAN);
    }
    draw();
    assert_non_null(gw_drawn_text(&canvas, "no value", 0));
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    static const double odd[] = {0.0, NAN, 1e300, 1e-300, 123456.0, 1e8};
    for (uint32_t policies = 1; policies <= 30; policies++) {
        for (int trial = 0; trial < 2; trial++) {
            use(policies, 1);
            for (uint32_t p = 0; trial == 1 && p < policies; p++) {
                gw_figure_result_set(&result, "ttft_ms_p99", p, odd[p % 6]);
                gw_figure_result_set(&result, "completed", p, p % 4 == 1 ? 1.0 : 1e6);
                result.policy[p] = "a-policy-with-a-name-that-nobody-would-type-twice";
            }
            draw();
            char what[64];
            snprintf(what, sizeof what, "%u policies, trial %d", policies, trial);
            gw_drawn_assert_legible(&canvas, what);
            free_result(NULL);
        }
    }
}

static void without_memory_the_status_says_so(void **state)
{
    (void)state;
    use(3, 1);
    for (size_t n = 1;; n++) {
        struct gw_canvas here;
        gw_canvas_init(&here, font, GW_THEME_PAGE_WIDTH_PT, 100.0);
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_fig_latency_draw(&here, &result, NULL);
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
        TEST(a_rich_result_is_drawn_as_before),           TEST(numbers_stand_beside_the_marks),
        TEST(each_percentile_has_a_shape_of_its_own),     TEST(the_axis_is_logarithmic),
        TEST(what_is_not_above_zero_has_no_mark),         TEST(a_panel_without_numbers_says_so),
        TEST(it_stays_legible_from_one_policy_to_thirty), TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_latency", tests, open_font, close_font);
}
