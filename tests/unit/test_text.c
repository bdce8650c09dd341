/* Growing strings, JSON quoting, UTF-8, and which name was probably meant. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/text.h"
#include "tests/support/failing_malloc.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void pieces_join(void **state)
{
    (void)state;
    struct gw_text t = {0};
    gw_text_add(&t, "seed ");
    gw_text_addf(&t, "%d, %s", 42, "rate ");
    gw_text_add_number(&t, 0.1);
    gw_text_add_n(&t, " /s and more", 3);
    assert_string_equal(t.at, "seed 42, rate 0.1 /s");
    assert_int_equal(t.n, strlen(t.at));
    assert_false(t.failed);
    gw_text_fini(&t);
    assert_null(t.at);
}

static void adding_nothing_still_ends_the_text(void **state)
{
    (void)state;
    struct gw_text t = {0};
    gw_text_add(&t, "");
    assert_non_null(t.at);
    assert_string_equal(t.at, "");
    gw_text_fini(&t);
    gw_text_fini(&t);
    gw_text_fini(NULL);
}

static void long_texts_grow(void **state)
{
    (void)state;
    struct gw_text t = {0};
    for (int i = 0; i < 10000; i++) {
        gw_text_addf(&t, "%d,", i % 10);
    }
    assert_int_equal(t.n, 20000);
    assert_memory_equal(t.at + 19980, "0,1,2,3,4,5,6,7,8,9,", 21);
    gw_text_fini(&t);
}

static void a_failure_is_remembered_and_later_calls_do_nothing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct gw_text t = {0};
        gw_failing_malloc_arm(n);
        for (int i = 0; i < 50; i++) {
            gw_text_add(&t, "abc");
            gw_text_addf(&t, "%d", i);
            gw_text_add_json(&t, "x\n");
        }
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(t.failed, failed);
        if (t.at != NULL) { /* what was there is still a text */
            assert_int_equal(strlen(t.at), t.n);
        }
        gw_text_fini(&t);
        if (!failed) {
            assert_true(n > 3);
            break;
        }
    }
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    struct gw_text t = {0};
    gw_text_add_json(&t, "a \"b\" \\ c\n\t\r\x01\x1f é /");
    assert_string_equal(t.at, "\"a \\\"b\\\" \\\\ c\\n\\t\\r\\u0001\\u001f é /\"");
    gw_text_fini(&t);
    gw_text_add_json(&t, "");
    assert_string_equal(t.at, "\"\"");
    gw_text_fini(&t);
}

static void columns_count_characters(void **state)
{
    (void)state;
    assert_int_equal(gw_text_columns("gCO2"), 4);
    assert_int_equal(gw_text_columns("gCO₂"), 4);
    assert_int_equal(gw_text_columns("Zürich 🙂"), 8);
    assert_int_equal(gw_text_columns(""), 0);
}

static void well_formed_utf8_is_told_from_the_rest(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "plain",
                                       "é",
                                       "\xe2\x82\x82",
                                       "\xf0\x9f\x99\x82",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "\x7f"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(gw_text_is_utf8(good[i], strlen(good[i]), NULL));
    }

    static const struct {
        const char *bytes;
        size_t n, bad;
    } bad[] = {
        {"ab\x80", 3, 2},           /* continuation without a lead */
        {"a\xc3", 2, 1},            /* cut off */
        {"\xe2\x82", 2, 0},         /* cut off in the middle */
        {"a\xc0\xaf", 3, 1},        /* overlong slash */
        {"\xe0\x9f\xbf", 3, 0},     /* overlong */
        {"\xf0\x8f\xbf\xbf", 4, 0}, /* overlong */
        {"\xed\xa0\x80", 3, 0},     /* surrogate */
        {"\xf4\x90\x80\x80", 4, 0}, /* beyond U+10FFFF */
        {"\xff", 1, 0},             /* never a byte of UTF-8 */
        {"é\xe2\x28\xa1", 5, 2},    /* continuation missing */
        {"a\0b", 3, 1},             /* NUL */
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        size_t offset = 99;
        assert_false(gw_text_is_utf8(bad[i].bytes, bad[i].n, &offset));
        assert_int_equal(offset, bad[i].bad);
        assert_false(gw_text_is_utf8(bad[i].bytes, bad[i].n, NULL));
    }
}

static void distance_counts_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned d;
    } cases[] = {
        {"", "", 0},
        {"same", "same", 0},
        {"", "abc", 3},
        {"rate", "rates", 1},
        {"rate", "rte", 1},
        {"rate", "rote", 1},
        {"rate", "arte", 1}, /* a swap is one */
        {"kitten", "sitting", 3},
        {"ca", "abc", 3},
        {"flaw", "lawn", 2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(gw_text_distance(cases[i].a, cases[i].b, 10), cases[i].d);
        assert_int_equal(gw_text_distance(cases[i].b, cases[i].a, 10), cases[i].d);
    }
}

static void distance_is_cut_off(void **state)
{
    (void)state;
    assert_int_equal(gw_text_distance("kitten", "sitting", 3), 3);
    assert_int_equal(gw_text_distance("kitten", "sitting", 2), 3);
    assert_int_equal(gw_text_distance("a", "abcdefgh", 2), 3);

    char a[300], b[300]; /* what differs is longer than a name */
    memset(a, 'a', sizeof a - 1);
    memset(b, 'b', sizeof b - 1);
    a[sizeof a - 1] = b[sizeof b - 1] = '\0';
    assert_int_equal(gw_text_distance(a, b, 400), 401);
    b[0] = 'a';
    memset(b + 1, 'a', sizeof b - 3); /* a long common part costs nothing */
    assert_int_equal(gw_text_distance(a, b, 400), 1);
}

static void the_nearest_name_is_suggested(void **state)
{
    (void)state;
    static const char *const keys[] = {"replicas", "rate",          "region",     "MW",
                                       "mm",       "greedy-carbon", "greedy-cost"};
    assert_string_equal(gw_text_nearest("replcias", keys, COUNT(keys)), "replicas");
    assert_string_equal(gw_text_nearest("Region", keys, COUNT(keys)), "region");
    assert_string_equal(gw_text_nearest("mw", keys, COUNT(keys)), "MW"); /* wrong case is no edit */
    assert_string_equal(gw_text_nearest("greedy_carbon", keys, COUNT(keys)), "greedy-carbon");
    assert_string_equal(gw_text_nearest("greedy-cst", keys, COUNT(keys)), "greedy-cost");
}

static void what_is_no_typo_gets_no_suggestion(void **state)
{
    (void)state;
    static const char *const keys[] = {"replicas", "rate", "g", "region"};
    assert_null(gw_text_nearest("banana", keys, COUNT(keys)));
    assert_null(gw_text_nearest("x", keys, COUNT(keys))); /* one letter is not a typo of another one */
    assert_null(gw_text_nearest("", keys, COUNT(keys)));
    assert_null(gw_text_nearest("rate", keys, 0));
}

static void of_two_equally_near_names_the_first_is_taken(void **state)
{
    (void)state;
    static const char *const keys[] = {"cold", "bold", "gold"};
    assert_string_equal(gw_text_nearest("fold", keys, COUNT(keys)), "cold");
}

static void control_characters_are_found(void **state)
{
    (void)state;
    static const char *const clean[] = {"", "a name", "na\xC3\xAFve \xC2\xA0",
                                        "\xE6\xBC\xA2\xF0\x9F\x98\x80"};
    static const char *const steering[] = {"a\nb", "\t", "\x1B[31m", "\x7F", "a\xC2\x9B", "a\xC2\x80"};
    for (size_t i = 0; i < sizeof clean / sizeof clean[0]; i++) {
        assert_false(gw_text_has_control(clean[i]));
    }
    for (size_t i = 0; i < sizeof steering / sizeof steering[0]; i++) {
        assert_true(gw_text_has_control(steering[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_join),
        cmocka_unit_test(adding_nothing_still_ends_the_text),
        cmocka_unit_test(long_texts_grow),
        cmocka_unit_test(a_failure_is_remembered_and_later_calls_do_nothing),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(well_formed_utf8_is_told_from_the_rest),
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(distance_is_cut_off),
        cmocka_unit_test(the_nearest_name_is_suggested),
        cmocka_unit_test(what_is_no_typo_gets_no_suggestion),
        cmocka_unit_test(of_two_equally_near_names_the_first_is_taken),
        cmocka_unit_test(control_characters_are_found),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
