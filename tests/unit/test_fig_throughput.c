/* The figure `throughput`: a dot per site and interval with answers, legible whatever comes. */
#include "tests/support/figure_test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/fig_throughput.h"

static struct gw_result_column series[3];
static double tokens[64 * 1024], finished[64 * 1024], ttft_s[64 * 1024];

/* 3600 to 86 400 tokens an hour, 10 requests of 100 ms and more each. */
static void use(uint32_t policies, uint32_t sites)
{
    assert_true(gw_figure_result_init(&result, policies, 1, sites));
    const size_t cells = (size_t)policies * result.rows * sites;
    assert_true(cells <= sizeof tokens / sizeof tokens[0]);
    for (size_t i = 0; i < cells; i++) {
        const size_t row = i % result.rows;
        tokens[i] = 3600.0 * (double)(row + 1);
        finished[i] = 10.0;
        ttft_s[i] = 1.0 + 0.1 * (double)row;
    }
    series[0] = (struct gw_result_column){"tokens_out", "tok", "", tokens};
    series[1] = (struct gw_result_column){"finished", "1", "", finished};
    series[2] = (struct gw_result_column){"ttft_s", "s", "", ttft_s};
    result.series = series;
    result.n_series = 3;
}

static void draw(void)
{
    draw_figure(gw_fig_throughput_draw, "throughput");
}

static size_t discs(uint32_t rgb)
{
    size_t n = 0;
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        n += canvas.drawn[i].shape == GW_SHAPE_DISC && canvas.drawn[i].rgb == rgb;
    }
    return n;
}

static void each_interval_with_answers_is_a_dot(void **state)
{
    (void)state;
    use(1, 1);
    draw();
    assert_int_equal(discs(gw_theme_category(0)), result.rows);
    finished[3] = finished[7] = 0.0;
    draw();
    assert_int_equal(discs(gw_theme_category(0)), result.rows - 2);
}

static void more_tokens_lie_to_the_right_and_longer_waits_higher(void **state)
{
    (void)state;
    use(1, 1);
    draw();
    struct gw_point last = {0, INFINITY};
    for (size_t i = 0; i < canvas.n_drawn; i++) {
        const struct gw_drawn *d = &canvas.drawn[i];
        if (d->shape == GW_SHAPE_DISC) {
            const struct gw_point at = canvas.point[d->point];
            assert_true(at.x > last.x && at.y < last.y);
            last = at;
        }
    }
}

static void without_answers_the_page_says_so(void **state)
{
    (void)state;
    use(1, 1);
    result.n_series = 2;
    draw();
    assert_non_null(gw_drawn_text_with(&canvas, "no answered requests"));
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    for (uint32_t policies = 1; policies <= 30; policies += 29) {
        use(policies, 3);
        draw();
        char what[40];
        snprintf(what, sizeof what, "%u policies", (unsigned)policies);
        gw_drawn_assert_legible(&canvas, what);
        gw_figure_result_fini(&result);
    }
    use(1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_interval_with_answers_is_a_dot, free_result),
        cmocka_unit_test_teardown(more_tokens_lie_to_the_right_and_longer_waits_higher, free_result),
        cmocka_unit_test_teardown(without_answers_the_page_says_so, free_result),
        cmocka_unit_test_teardown(it_stays_legible_from_one_policy_to_thirty, free_result),
    };
    return cmocka_run_group_tests_name("fig_throughput", tests, open_font, close_font);
}
