/* What stands around the panels: wrapped text, keys, the source line, the height that follows. */
#include "tests/support/near.h"

#include <string.h>

#include "plots/page.h"
#include "plots/theme.h"
#include "tests/support/drawn.h"
#include "tests/support/figure_result.h"

struct fixture {
    struct gw_font *font;
    struct gw_canvas canvas;
    struct gw_page page;
    struct gw_result_file result;
};

static struct fixture f;

static void open_with(const char *title, const char *subtitle)
{
    struct gw_text a = {0}, b = {0};
    gw_text_add(&a, title);
    gw_text_add(&b, subtitle);
    gw_page_open(&f.page, &f.canvas, &a, &b);
}

static int new_page(void **state)
{
    (void)state;
    f = (struct fixture){0};
    if (gw_font_create(&f.font, NULL) != GW_OK || !gw_figure_result_init(&f.result, 2, 3, 2)) {
        return 1;
    }
    gw_canvas_init(&f.canvas, f.font, GW_THEME_PAGE_WIDTH_PT, 100.0);
    return 0;
}

static int free_page(void **state)
{
    (void)state;
    gw_figure_result_fini(&f.result);
    gw_canvas_fini(&f.canvas);
    gw_font_destroy(f.font);
    return 0;
}

static void the_source_line_names_all_that_repeats_the_figure(void **state)
{
    (void)state;
    open_with("Title", "subtitle");
    gw_page_close(&f.page, &f.result);
    assert_non_null(
        gw_drawn_text(&f.canvas,
                      "geowatt 0.1.0 (3f2a90c41b7e) · scenario two-sites · seed 42 · 3 replications · "
                      "result 8f3a00c1d2e4b597",
                      0));
    assert_near(f.canvas.height_pt, f.page.y + GW_THEME_MARGIN_PT - 4.0, 0.0, 0.01);
    gw_drawn_assert_legible(&f.canvas, "page");
}

static void the_span_says_when_where_and_how_often(void **state)
{
    (void)state;
    struct gw_text text = {0};
    gw_page_add_span(&text, &f.result);
    assert_string_equal(text.at, "24 h from 2023-06-01 00:00 UTC, 2 sites; means of 3 replications");
    gw_text_fini(&text);
    f.result.sites = f.result.replications = 1;
    gw_page_add_span(&text, &f.result);
    assert_string_equal(text.at, "24 h from 2023-06-01 00:00 UTC, 1 site");
    gw_text_fini(&text);
}

static void notes_are_broken_between_words(void **state)
{
    (void)state;
    open_with("Title", "subtitle");
    const double before = f.page.y;
    gw_page_note(&f.page,
                 "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
                 "sixteen seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three");
    assert_near(f.page.y - before, 2 * 7.0 * 1.32, 1e-9, 0.0);
    assert_non_null(gw_drawn_text_with(&f.canvas, "one two"));
    assert_null(strstr(f.canvas.text.at + gw_drawn_text_with(&f.canvas, "one two")->text, "twenty-three"));
    gw_canvas_set_height(&f.canvas, f.page.y);
    gw_drawn_assert_legible(&f.canvas, "notes");
}

static void a_word_wider_than_the_page_is_shortened(void **state)
{
    (void)state;
    char word[3001];
    memset(word, 'W', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    open_with(word, "subtitle");
    gw_canvas_set_height(&f.canvas, f.page.y);
    assert_non_null(gw_drawn_text_with(&f.canvas, "\u2026"));
    gw_drawn_assert_legible(&f.canvas, "long title");
}

static void keys_that_do_not_fit_go_to_the_next_line(void **state)
{
    (void)state;
    struct gw_page_key key[12];
    open_with("Title", "subtitle");
    const double before = f.page.y;
    for (size_t i = 0; i < 12; i++) {
        key[i] = (struct gw_page_key){GW_PAGE_SWATCH, 0x0072B2, "a site with a longer name"};
    }
    gw_page_keys(&f.page, key, 12);
    assert_near(f.page.y - before, 3 * 11.0, 1e-9, 0.0); /* four of some 115 pt on each line of 458 pt */
    assert_int_equal(gw_drawn_rects(&f.canvas, 0x0072B2), 12);
    gw_canvas_set_height(&f.canvas, f.page.y);
    gw_drawn_assert_legible(&f.canvas, "keys");
}

static void every_sign_draws_its_own_mark(void **state)
{
    (void)state;
    static const struct {
        enum gw_page_sign sign;
        size_t drawn; /* with the text */
    } cases[] = {{GW_PAGE_SWATCH, 2}, {GW_PAGE_WHISKER, 4}, {GW_PAGE_DASHED, 2}, {GW_PAGE_TEXT, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const size_t before = f.canvas.n_drawn;
        const struct gw_page_key key = {cases[i].sign, 0x123456, "text"};
        gw_page_key(&f.canvas, (struct gw_point){10, 10}, 100.0, &key);
        assert_int_equal(f.canvas.n_drawn - before, cases[i].drawn);
    }
    const struct gw_page_key hatched = {GW_PAGE_HATCHED, 0x123456, "text"};
    gw_page_key(&f.canvas, (struct gw_point){10, 10}, 100.0, &hatched);
    assert_int_equal(gw_drawn_rects(&f.canvas, GW_THEME_OUT), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_page, free_page)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_source_line_names_all_that_repeats_the_figure),
        TEST(the_span_says_when_where_and_how_often),
        TEST(notes_are_broken_between_words),
        TEST(a_word_wider_than_the_page_is_shortened),
        TEST(keys_that_do_not_fit_go_to_the_next_line),
        TEST(every_sign_draws_its_own_mark),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
