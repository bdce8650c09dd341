/* The figure `scores`: what it shows of a result, what it marks, and that it stays legible whatever comes. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/fig_scores.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/golden_text.h"
#include "tests/support/figure_result.h"

struct fixture {
    struct gw_font *font;
    struct gw_canvas canvas;
    struct gw_result_file result;
};

static struct fixture f;

static int open_font(void **state)
{
    (void)state;
    return gw_font_create(&f.font, NULL) != GW_OK;
}

static int close_font(void **state)
{
    (void)state;
    gw_font_destroy(f.font);
    return 0;
}

static void use(uint32_t policies, uint32_t replications)
{
    assert_true(gw_figure_result_init(&f.result, policies, replications, 2));
}

static void draw(void)
{
    gw_canvas_fini(&f.canvas);
    gw_canvas_init(&f.canvas, f.font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    assert_int_equal(gw_fig_scores_draw(&f.canvas, &f.result, NULL), GW_OK);
}

static int free_result(void **state)
{
    (void)state;
    gw_canvas_fini(&f.canvas);
    gw_figure_result_fini(&f.result);
    return 0;
}

/* Replications, a policy of other work, failed runs: all that a figure can hold at once. */
static void a_rich_result_is_drawn_as_before(void **state)
{
    (void)state;
    use(5, 3);
    gw_figure_result_set(&f.result, "completed", 2, 0.9e6);
    gw_figure_result_fail(&f.result, 1, 2);
    for (uint32_t r = 0; r < 3; r++) {
        gw_figure_result_fail(&f.result, 3, r);
    }
    draw();
    gw_drawn_assert_legible(&f.canvas, "rich");
    struct gw_text dump = {0};
    gw_canvas_dump(&f.canvas, &dump);
    gw_golden_text_compare("tests/golden/figures/scores.txt", dump.at);
    gw_text_fini(&dump);
}

/* Policy 1 has 1.1 times the scores of the baseline; 10 000 kg are 10.0 t. */
static void values_and_changes_stand_beside_the_bars(void **state)
{
    (void)state;
    use(2, 1);
    draw();
    static const char *const shown[] = {"Carbon", "10.0", "11.0",        "t CO₂e", "Water", "50.0",
                                        "55.0",   "m³",   "8000",        "8800",   "USD",   "40.0",
                                        "44.0",   "MWh",  "300",         "330",    "ms",    "1.50",
                                        "1.65",   "s",    "TTFT median", "90.0",   "92.0",  "%"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        if (gw_drawn_text(&f.canvas, shown[i], 0) == NULL) {
            fail_msg("\"%s\" is not there", shown[i]);
        }
    }
    assert_non_null(gw_drawn_text(&f.canvas, "+10", 5)); /* all six but the SLO */
    assert_null(gw_drawn_text(&f.canvas, "+10", 6));
    assert_non_null(gw_drawn_text(&f.canvas, "+2.0", 0)); /* percentage points */
    assert_non_null(gw_drawn_text(&f.canvas, "ref.", 6));
}

/* Lower is better, but for the SLO: bold, and in the colour of its own. */
static void the_best_is_marked(void **state)
{
    (void)state;
    use(3, 1);
    draw();
    assert_true(gw_drawn_text(&f.canvas, "10.0", 0)->bold);
    assert_false(gw_drawn_text(&f.canvas, "11.0", 0)->bold);
    assert_true(gw_drawn_text(&f.canvas, "94.0", 0)->bold);
    assert_false(gw_drawn_text(&f.canvas, "90.0", 0)->bold);
    assert_int_equal(gw_drawn_rects(&f.canvas, GW_THEME_BEST), 7 + 1); /* one a panel, one in the keys */
}

static void policies_that_are_alike_have_no_best(void **state)
{
    (void)state;
    use(2, 1);
    for (uint32_t p = 0; p < 2; p++) {
        gw_figure_result_set(&f.result, "carbon_kgco2", p, 500.0);
    }
    draw();
    assert_int_equal(gw_drawn_rects(&f.canvas, GW_THEME_BEST), 6 + 1);
    assert_non_null(gw_drawn_text(&f.canvas, "±0", 0));
}

/* Half the carbon for less work is no achievement. */
static void other_work_is_never_best_and_is_named(void **state)
{
    (void)state;
    use(3, 1);
    for (uint32_t p = 0; p < 3; p++) {
        gw_figure_result_set(&f.result, "quality", p, (double)NAN); /* no directives: tokens count */
    }
    gw_figure_result_set(&f.result, "tokens_out", 2, 0.5e6);
    gw_figure_result_set(&f.result, "carbon_kgco2", 2, 5000.0);
    draw();
    assert_false(gw_drawn_text(&f.canvas, "5.00", 0) != NULL);
    assert_false(gw_drawn_text(&f.canvas, "5.0", 0)->bold);
    assert_true(gw_drawn_text(&f.canvas, "10.0", 0)->bold);
    assert_null(gw_drawn_text(&f.canvas, "−50", 0));
    assert_int_equal(gw_drawn_rects(&f.canvas, GW_THEME_OUT), 7 + 1);
    const struct gw_drawn *note = gw_drawn_text_with(&f.canvas, "Not comparable");
    assert_non_null(note);
    assert_non_null(strstr(f.canvas.text.at + note->text, "0.1 %: slit+chase"));
}

static void failed_runs_are_said(void **state)
{
    (void)state;
    use(3, 2);
    gw_figure_result_fail(&f.result, 1, 0);
    gw_figure_result_fail(&f.result, 2, 0);
    gw_figure_result_fail(&f.result, 2, 1);
    draw();
    assert_non_null(gw_drawn_text_with(&f.canvas, "greedy-carbon (1 of 2), slit+chase (2 of 2)"));
    assert_non_null(gw_drawn_text(&f.canvas, "failed", 6)); /* in every panel */
    assert_null(gw_drawn_text(&f.canvas, "failed", 7));
    assert_null(gw_drawn_text_with(&f.canvas, "Not comparable"));
}

static void without_a_baseline_nothing_is_compared(void **state)
{
    (void)state;
    use(2, 1);
    gw_figure_result_fail(&f.result, 0, 0);
    draw();
    assert_non_null(gw_drawn_text_with(&f.canvas, "No run of the baseline is whole"));
    assert_int_equal(gw_drawn_rects(&f.canvas, GW_THEME_BEST), 0);
    gw_drawn_assert_legible(&f.canvas, "no baseline");
}

static void a_lone_policy_has_no_changes(void **state)
{
    (void)state;
    use(1, 1);
    draw();
    assert_null(gw_drawn_text_with(&f.canvas, "Δ"));
    assert_null(gw_drawn_text(&f.canvas, "ref.", 0));
    assert_int_equal(gw_drawn_rects(&f.canvas, GW_THEME_BEST), 0);
    gw_drawn_assert_legible(&f.canvas, "one policy");
}

static void intervals_need_replications(void **state)
{
    (void)state;
    use(2, 1);
    draw();
    assert_null(gw_drawn_text(&f.canvas, "95 % interval", 0));
    free_result(NULL);
    use(2, 3);
    draw();
    assert_non_null(gw_drawn_text(&f.canvas, "95 % interval", 0));
}

/* Older files lack columns, and requests without limits have no SLO. */
static void what_is_missing_is_said_in_its_panel(void **state)
{
    (void)state;
    use(2, 1);
    f.result.score[GW_SCORE_WATER].name = "water_under_another_name";
    for (uint32_t p = 0; p < 2; p++) {
        gw_figure_result_set(&f.result, "slo_frac", p, NAN);
    }
    draw();
    assert_non_null(gw_drawn_text(&f.canvas, "not in this result", 0));
    assert_non_null(gw_drawn_text(&f.canvas, "no value", 0));
    assert_null(gw_drawn_text_with(&f.canvas, "Δ pp"));
}

static void a_value_that_is_none_is_a_dash(void **state)
{
    (void)state;
    use(2, 1);
    gw_figure_result_set(&f.result, "ttft_ms_p99", 1, NAN);
    draw();
    assert_non_null(gw_drawn_text(&f.canvas, "–", 0));
}

/* One overloaded policy must not turn the others' numbers into thousandths of an hour. */
static void one_outlier_does_not_choose_the_unit(void **state)
{
    (void)state;
    use(5, 1);
    gw_figure_result_set(&f.result, "ttft_ms_p99", 4, 3e8);
    draw();
    assert_non_null(gw_drawn_text(&f.canvas, "1.50", 0));
    assert_non_null(gw_drawn_text(&f.canvas, "300\u2009000", 0));
    assert_non_null(gw_drawn_text(&f.canvas, ">×999", 0));
}

static void it_stays_legible_from_one_policy_to_thirty(void **state)
{
    (void)state;
    static const double odd[] = {0.0, NAN, 1e300, -40.0, 1e-300, 123456.0};
    for (uint32_t policies = 1; policies <= 30; policies++) {
        for (int trial = 0; trial < 2; trial++) {
            use(policies, trial == 0 ? 1 : 3);
            for (uint32_t p = 0; trial == 1 && p < policies; p++) {
                gw_figure_result_set(&f.result, "carbon_kgco2", p, odd[p % 6]);
                gw_figure_result_set(&f.result, "ttft_ms_p99", p, odd[(p + 3) % 6]);
                gw_figure_result_set(&f.result, "completed", p, p % 4 == 1 ? 1.0 : 1e6);
                f.result.policy[p] =
                    p % 5 == 2 ? "a-policy-with-a-name-that-nobody-would-type-twice" : f.result.policy[p];
            }
            draw();
            char what[64];
            snprintf(what, sizeof what, "%u policies, trial %d", policies, trial);
            gw_drawn_assert_legible(&f.canvas, what);
            free_result(NULL);
        }
    }
}

/* 17 cm wide: nine policies still fit a slide, thirty the page of a journal (24.7 cm). */
static void pages_have_the_size_they_are_made_for(void **state)
{
    (void)state;
    use(9, 3);
    draw();
    assert_near(f.canvas.width_pt, 17.0 / 2.54 * 72.0, 0.0, 0.01);
    assert_true(f.canvas.width_pt / f.canvas.height_pt >= GW_THEME_PAGE_ASPECT);
    free_result(NULL);
    use(30, 3);
    draw();
    assert_true(f.canvas.height_pt < 24.7 / 2.54 * 72.0);
}

static void without_memory_the_status_says_so(void **state)
{
    (void)state;
    use(3, 2);
    for (size_t n = 1;; n++) {
        struct gw_canvas canvas;
        gw_canvas_init(&canvas, f.font, GW_THEME_PAGE_WIDTH_PT, 100.0);
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_fig_scores_draw(&canvas, &f.result, NULL);
        const bool failed = gw_failing_malloc_disarm();
        gw_canvas_fini(&canvas);
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
        TEST(values_and_changes_stand_beside_the_bars),
        TEST(the_best_is_marked),
        TEST(policies_that_are_alike_have_no_best),
        TEST(other_work_is_never_best_and_is_named),
        TEST(failed_runs_are_said),
        TEST(without_a_baseline_nothing_is_compared),
        TEST(a_lone_policy_has_no_changes),
        TEST(intervals_need_replications),
        TEST(what_is_missing_is_said_in_its_panel),
        TEST(a_value_that_is_none_is_a_dash),
        TEST(one_outlier_does_not_choose_the_unit),
        TEST(it_stays_legible_from_one_policy_to_thirty),
        TEST(pages_have_the_size_they_are_made_for),
        TEST(without_memory_the_status_says_so),
    };
    return cmocka_run_group_tests_name("fig_scores", tests, open_font, close_font);
}
