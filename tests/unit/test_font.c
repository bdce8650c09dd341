/* The faces of the figures: where they are found, how wide text is, how names are shortened. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "plots/font.h"
#include "tests/support/failing_malloc.h"

static int open_font(void **state)
{
    struct gw_font *font = NULL;
    const bool opened = gw_font_create(&font, NULL) == GW_OK;
    *state = font;
    return !opened;
}

static int close_font(void **state)
{
    gw_font_destroy(*state);
    return 0;
}

/* DejaVu Sans has 2048 units per em; its digits are 1303 units wide and its capitals 1493 high. */
static void widths_are_those_of_the_outlines(void **state)
{
    const struct gw_font *font = *state;
    assert_near(gw_font_width_pt(font, false, 7.0, "0"), 7.0 * 1303 / 2048, 1e-12, 0.0);
    assert_near(gw_font_width_pt(font, false, 7.0, "1234"), 7.0 * 4 * 1303 / 2048, 1e-12, 0.0);
    assert_near(gw_font_width_pt(font, false, 14.0, "1234"), 14.0 * 4 * 1303 / 2048, 1e-12, 0.0);
    assert_near(gw_font_cap_height_pt(font, 10.0), 10.0 * 1493 / 2048, 1e-12, 0.0);
    assert_true(gw_font_width_pt(font, true, 7.0, "0") > gw_font_width_pt(font, false, 7.0, "0"));
    assert_near(gw_font_width_pt(font, false, 7.0, ""), 0.0, 0.0, 0.0);
}

/* A and V lean into each other, so that the pair is narrower than its letters. */
static void pairs_are_kerned(void **state)
{
    const struct gw_font *font = *state;
    const double apart = gw_font_width_pt(font, false, 10.0, "A") + gw_font_width_pt(font, false, 10.0, "V");
    assert_true(gw_font_width_pt(font, false, 10.0, "AV") < apart - 0.3);
}

static void every_code_point_is_a_glyph_that_knows_its_bytes(void **state)
{
    struct gw_font_glyph glyph[8];
    double width_em;
    assert_int_equal(gw_font_shape(*state, false, "a₂\u2026", glyph, 8, &width_em), 3);
    assert_int_equal(glyph[0].bytes, 1);
    assert_int_equal(glyph[1].bytes, 3);
    assert_int_equal(glyph[2].bytes, 3);
    assert_near(glyph[0].x_em, 0.0, 0.0, 0.0);
    assert_true(glyph[1].x_em > 0.0 && glyph[2].x_em > glyph[1].x_em && width_em > glyph[2].x_em);
    assert_int_equal(gw_font_shape(*state, false, "abc", glyph, 1, NULL), 3); /* counted beyond the room */
}

static void ill_formed_text_shows_replacement_characters(void **state)
{
    struct gw_font_glyph good[4], bad[4];
    assert_int_equal(gw_font_shape(*state, false, "\uFFFD", good, 4, NULL), 1);
    static const char *const broken[] = {"\xff",     "\xc3",         "\x80",
                                         "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        size_t bytes = 0;
        const size_t n = gw_font_shape(*state, false, broken[i], bad, 4, NULL);
        for (size_t g = 0; g < n; g++) {
            assert_int_equal(bad[g].id, good[0].id);
            bytes += bad[g].bytes;
        }
        assert_int_equal(bytes, strlen(broken[i]));
    }
}

static void names_that_fit_are_left_alone(void **state)
{
    char out[64];
    gw_font_fit(*state, false, 7.0, "greedy-carbon", 100.0, out, sizeof out);
    assert_string_equal(out, "greedy-carbon");
    gw_font_fit(*state, false, 7.0, "", 0.0, out, sizeof out);
    assert_string_equal(out, "");
}

static void long_names_keep_their_beginning_and_end(void **state)
{
    char carbon[64], water[64];
    gw_font_fit(*state, false, 7.0, "slit-with-a-long-name-carbon", 60.0, carbon, sizeof carbon);
    gw_font_fit(*state, false, 7.0, "slit-with-a-long-name-water", 60.0, water, sizeof water);
    assert_non_null(strstr(carbon, "\u2026"));
    assert_int_equal(strncmp(carbon, "slit-", 5), 0);
    assert_string_not_equal(carbon, water);
    assert_true(gw_font_width_pt(*state, false, 7.0, carbon) <= 60.0);
}

/* Whatever the width and the room, the result is terminated, no wider than asked, and cut between code
 * points. */
static void any_width_and_any_room_do(void **state)
{
    static const char name[] = "größer-日本-политика-α";
    for (size_t size = 5; size < 48; size++) {
        for (double width_pt = 8.0; width_pt < 140.0; width_pt += 7.0) {
            char out[48];
            memset(out, 'x', sizeof out);
            gw_font_fit(*state, false, 7.0, name, width_pt, out, size);
            assert_non_null(memchr(out, '\0', size));
            assert_true(gw_font_width_pt(*state, false, 7.0, out) <= width_pt);
            struct gw_font_glyph glyph[48], unknown[1];
            const size_t n = gw_font_shape(*state, false, out, glyph, 48, NULL);
            assert_int_equal(gw_font_shape(*state, false, "\uFFFD", unknown, 1, NULL), 1);
            for (size_t i = 0; i < n; i++) {
                assert_int_not_equal(glyph[i].id, unknown[0].id);
            }
        }
    }
}

static void a_named_folder_without_the_font_is_said(void **state)
{
    (void)state;
    struct gw_error err;
    struct gw_font *font;
    assert_int_equal(setenv("GEOWATT_FONTS", "no/such/folder", 1), 0);
    assert_int_equal(gw_font_create(&font, &err), GW_ERR_IO);
    assert_int_equal(unsetenv("GEOWATT_FONTS"), 0);
    assert_null(font);
    assert_string_equal(err.where, "no/such/folder");
    assert_non_null(strstr(err.why, "DejaVuSans.ttf"));
}

static void without_memory_there_is_no_font(void **state)
{
    (void)state;
    struct gw_font *font;
    gw_failing_malloc_arm(1);
    assert_int_equal(gw_font_create(&font, NULL), GW_ERR_NOMEM);
    assert_true(gw_failing_malloc_disarm());
    assert_null(font);
    gw_font_destroy(font);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_the_outlines),
        cmocka_unit_test(pairs_are_kerned),
        cmocka_unit_test(every_code_point_is_a_glyph_that_knows_its_bytes),
        cmocka_unit_test(ill_formed_text_shows_replacement_characters),
        cmocka_unit_test(names_that_fit_are_left_alone),
        cmocka_unit_test(long_names_keep_their_beginning_and_end),
        cmocka_unit_test(any_width_and_any_room_do),
        cmocka_unit_test(a_named_folder_without_the_font_is_said),
        cmocka_unit_test(without_memory_there_is_no_font),
    };
    return cmocka_run_group_tests_name("font", tests, open_font, close_font);
}
