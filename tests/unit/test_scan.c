/* Fields of a line: blanks, quotes, ends of lines, numbers; and where a message says that one is bad. */
#include "tests/support/near.h"

#include <string.h>

#include "traces/scan.h"

static struct gw_scan scan_of(const char *text, struct gw_error *err)
{
    struct gw_scan scan;
    gw_scan_init(&scan, text, strlen(text), "t.csv", err);
    return scan;
}

static void a_field_is_what_stands_between_separators(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field[3];
    } cases[] = {
        {"a,b,c\n", {"a", "b", "c"}},
        {" a ,\tb\t, \"c\" \n", {"a", "b", "c"}},
        {"\"a,b\",\" b \",\"c\"\"d\"\r\n", {"a,b", "b", "c\"\"d"}},
        {",,", {"", "", ""}},
        {"a\rb,\r,c\r", {"a\rb", "\r", "c"}}, /* a CR that ends no line belongs to its field */
        {"\xef\xbb\xbf"
         "a,12345678,123456789\r\n",
         {"a", "12345678", "123456789"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_scan scan = scan_of(cases[i].text, NULL), skipping = scan;
        for (int k = 0; k < 3; k++) {
            struct gw_scan_field f;
            assert_false(k > 0 && gw_scan_at_line_end(&scan));
            scan.at += k > 0;
            skipping.at += k > 0;
            assert_int_equal(gw_scan_field(&scan, &f), GW_OK);
            assert_int_equal(f.n, strlen(cases[i].field[k]));
            assert_memory_equal(f.at, cases[i].field[k], f.n);
            assert_int_equal(gw_scan_skip(&skipping), GW_OK);
            assert_ptr_equal(skipping.at, scan.at);
        }
        assert_true(gw_scan_at_line_end(&scan));
        gw_scan_pass_line(&scan);
        assert_true(gw_scan_ended(&scan));
    }
}

static void lines_are_counted_through_blanks_and_comments(void **state)
{
    (void)state;
    struct gw_scan scan = scan_of("\r\n# a,b\n \t\nx", NULL);
    assert_true(gw_scan_skip_blank(&scan));
    assert_int_equal(scan.line, 4);
    assert_int_equal(*scan.at, 'x');
    gw_scan_pass_line(&scan);
    assert_true(gw_scan_ended(&scan));

    scan = scan_of("# only a comment\ny", NULL);
    assert_false(gw_scan_skip_blank(&scan));
    assert_int_equal(*scan.at, 'y');

    scan = scan_of("1\n", NULL);
    gw_scan_pass_line(&scan);
    gw_scan_more(&scan, "2\n", 2); /* the next part of a file that is read in parts */
    assert_int_equal(scan.line, 2);
}

static void plain_numbers_are_read_to_the_last_bit_and_others_left_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool number, whole;
        double value;
    } cases[] = {
        {"412.5,", true, false, 412.5},
        {"-0.75\r\n", true, false, -0.75},
        {"1000000000", true, true, 1e9},
        {"0.1234567890123456789", false, false, 0}, /* 20 digits */
        {"222.29592090536002,", true, false, 222.29592090536002},
        {"9223372036854775807,", true, false, 9223372036854775807.0},
        {"1e3,", false, false, 0},
        {" 1,", false, false, 0},
        {"1.,", false, false, 0},
        {",", false, false, 0},
        {"1\r2,", false, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_scan scan = scan_of(cases[i].text, NULL), again = scan;
        double x = 0;
        uint64_t n = 0;
        assert_int_equal(gw_scan_number(&scan, &x), cases[i].number);
        assert_true(x == cases[i].value);
        assert_int_equal(scan.at != again.at, cases[i].number);
        assert_int_equal(gw_scan_whole(&again, &n), cases[i].whole);
        assert_true(!cases[i].whole || (double)n == cases[i].value);
    }
}

static void bad_quotes_are_named_by_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
    } cases[] = {
        {"\n\"open\nnext", "t.csv:2:1", "not closed"},
        {"\n \"a\"b", "t.csv:2:5", "behind a closing quote"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_error err = {0};
        struct gw_scan scan = scan_of(cases[i].text, &err);
        struct gw_scan_field f;
        (void)gw_scan_skip_blank(&scan);
        assert_int_equal(gw_scan_field(&scan, &f), GW_ERR_SYNTAX);
        assert_string_equal(err.where, cases[i].where);
        assert_non_null(strstr(err.why, cases[i].why));
    }
}

static void the_separator_is_guessed_from_the_line_ahead(void **state)
{
    (void)state;
    const struct gw_scan semicolons = scan_of("a;b\tc\n,", NULL), tabs = scan_of("a\tb\n", NULL);
    assert_int_equal(gw_scan_guess_separator(&semicolons), ';');
    assert_int_equal(gw_scan_guess_separator(&tabs), '\t');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_what_stands_between_separators),
        cmocka_unit_test(lines_are_counted_through_blanks_and_comments),
        cmocka_unit_test(plain_numbers_are_read_to_the_last_bit_and_others_left_alone),
        cmocka_unit_test(bad_quotes_are_named_by_line_and_column),
        cmocka_unit_test(the_separator_is_guessed_from_the_line_ahead),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
