/* The figure `load`: a line per site and panel, one axis for all policies, legible whatever comes. */
#include "tests/support/figure_test.h"

#include <stdio.h>

#include "plots/fig_load.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/golden_text.h"

static void use(uint32_t policies, uint32_t replications, uint32_t sites)
{
    assert_true(gw_figure_result_init(&result, policies, replications, sites));
}

static void draw(void)
{
    draw_figure(gw_fig_load_draw, "load");
}

/* The k-th line of a category's colour. */
static const struct gw_drawn *line(uint32_t category, size_t k)
{
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_LINE && d->rgb == gw_theme_category(category) && k-- == 0) {
            return d;
        }
    }
    return NULL;
}

static double height(const struct gw_drawn *d)
{
    return canvas.point[d->point].y;
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
    gw_golden_text_compare("tests/golden/figures/load.txt", dump.at);
    gw_text_fini(&dump);
}

/* Five quantities; two policies of two sites draw ten lines of each colour. */
static void every_site_has_a_line_in_every_panel(void **state)
{
    (void)state;
    use(2, 1, 2);
    draw();
    for (uint32_t site = 0; site < 2; site++) {
        assert_non_null(line(site, 9));
        assert_null(line(site, 10));
        assert_true((line(site, 0)->dash_pt > 0.0) == (site == 1));
    }
}

/* Sites have 30, 60 and 90 requests per second over both models: equal distances, and the axis names them; KV
 * memory is that of the only model that has a number, 10 to 30 %. */
static void models_are_added_up_and_kv_memory_is_of_the_fullest(void **state)
{
    (void)state;
    use(1, 1, 3);
    draw();
    assert_non_null(gw_drawn_text(&canvas, "Requests, 1/s", 0));
    assert_non_null(gw_drawn_text(&canvas, "KV memory in use, %", 0));
    assert_non_null(gw_drawn_text(&canvas, "50", 0));
    assert_null(gw_drawn_text(&canvas, "150", 0));
    for (size_t quantity = 0; quantity < 4; quantity++) {
        const double one = height(line(0, quantity)), two = height(line(1, quantity));
        assert_near(two - height(line(2, quantity)), one - two, 0.0, 0.02);
        assert_true(two < one);
    }
}

static void policies_share_their_axes(void **state)
{
    (void)state;
    use(2, 1, 2);
    draw();
    assert_near(height(line(1, 0)), height(line(1, 1)), 0.0, 0.02);
    assert_true(height(line(1, 9)) < height(line(1, 8))); /* the second buys more */
}

static void a_result_without_load_says_so(void **state)
{
    (void)state;
    use(2, 1, 2);
    result.n_load = 0;
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "holds no time series of the replicas' load"));
    gw_drawn_assert_legible(&canvas, "without load");
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    for (uint32_t policies = 1; policies <= 30; policies += policies < 9 ? 1 : 7) {
        use(policies, 1, policies % 3 == 0 ? 12 : 3);
        for (uint32_t p = 0; p < policies; p++) {
            gw_figure_result_set(&result, "completed", p, p % 4 == 1 ? 1.0 : 1e6);
            result.policy[p] = "a-policy-with-a-name-that-nobody-would-type-twice";
        }
        draw();
        char what[64];
        snprintf(what, sizeof what, "%u policies", policies);
        gw_drawn_assert_legible(&canvas, what);
        if (policies % 3 == 0) {
            assert_non_null(gw_drawn_text(&canvas, "5 sites with fewer requests are not drawn", 0));
        }
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
        const enum gw_status s = gw_fig_load_draw(&here, &result, NULL);
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
        TEST(every_site_has_a_line_in_every_panel),
        TEST(models_are_added_up_and_kv_memory_is_of_the_fullest),
        TEST(policies_share_their_axes),
        TEST(a_result_without_load_says_so),
        TEST(it_stays_legible_from_one_policy_to_thirty),
        TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_load", tests, open_font, close_font);
}
