/* Numbers from and to text: correctly rounded, shortest, and the same whatever locale is in force. */
#include "tests/support/near.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/core/rng.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void decimal_forms_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double x;
    } cases[] = {
        {"0", 0.0},         {"42", 42.0},
        {"-1.5", -1.5},     {"+3", 3.0},
        {".5", 0.5},        {"5.", 5.0},
        {"1e3", 1000.0},    {"2.5E-1", 0.25},
        {"1_000_000", 1e6}, {"1_0.2_5", 10.25},
        {"00012", 12.0},    {"0.1", 0.1},
        {"1e+2", 100.0},    {"0e999999999999999999999", 0.0},
        {"-0", -0.0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double x = 99.0;
        assert_true(gw_number_parse(cases[i].text, &x));
        assert_true(bits_of(x) == bits_of(cases[i].x)); /* bits: -0 is not 0 */
    }
}

static void other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    " ",    " 1",    "1 ",   "-",    "+",       ".",
                                      "e5",  "-.e1", "--1",   "0x10", "inf",  "nan",     "NaN",
                                      "1,5", "1__0", "_1",    "1_",   "1_.5", "1._5",    "1e",
                                      "1e+", "1 2",  "1e5.5", "½",    "1d3",  "infinity"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        double x = 99.0;
        assert_false(gw_number_parse(bad[i], &x));
        assert_true(x == 99.0);
    }
}

static void reading_takes_the_number_and_says_how_long_it_was(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t taken;
        double x;
    } cases[] = {
        {"35 MW", 2, 35.0}, {"1.5kW", 3, 1.5},  {"2 eggs", 1, 2.0}, {"2eggs", 1, 2.0}, {"2e", 1, 2.0},
        {"2e+x", 1, 2.0},   {"1_000x", 5, 1e3}, {"1_x", 1, 1.0},    {"1..2", 2, 1.0},  {"0x10", 1, 0.0},
        {"3.e2W", 4, 300},  {"kW", 0, 99.0},    {"-kW", 0, 99.0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double x = 99.0;
        assert_int_equal(gw_number_read(cases[i].text, strlen(cases[i].text), &x), cases[i].taken);
        assert_true(x == cases[i].x);
    }
    double x;
    assert_int_equal(gw_number_read("123456", 3, &x), 3); /* not beyond the given length */
    assert_true(x == 123.0);
    assert_int_equal(gw_number_read("1e5", 2, &x), 1);
    assert_true(x == 1.0);
    assert_int_equal(gw_number_read("12", 0, &x), 0);
}

/* Cases in which rounding twice, or with too few digits, gives a neighbour. */
static void reading_rounds_correctly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double x;
    } cases[] = {
        {"9007199254740993", 9007199254740992.0}, /* 2^53 + 1: halfway, to even */
        {"9007199254740993.0000000000000000000000000000000001", 9007199254740994.0},
        {"9007199254740992.99999999999999999999999999999999", 9007199254740992.0},
        {"2.2250738585072011e-308", 0x0.fffffffffffffp-1022},
        {"2.2250738585072012e-308", 0x1p-1022},
        {"1.7976931348623157e308", DBL_MAX},
        {"1.7976931348623158e308", DBL_MAX},
        {"1.7976931348623159e308", (double)INFINITY},
        {"4.9e-324", 0x1p-1074},
        {"2.4703282292062327e-324", 0.0}, /* just below half of the smallest */
        {"2.4703282292062328e-324", 0x1p-1074},
        {"1e400", (double)INFINITY},
        {"-1e99999999999999999999", -(double)INFINITY},
        {"1e-400", 0.0},
        {"8.98846567431158e307", 0x1p+1023},
        {"0.500000000000000166533453693773481063544750213623046875", 0.5000000000000002},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double x = 99.0;
        assert_true(gw_number_parse(cases[i].text, &x));
        if (bits_of(x) != bits_of(cases[i].x)) {
            fail_msg("%s: %a, not %a", cases[i].text, x, cases[i].x);
        }
    }
}

/* Digits beyond the 767 that can matter still say on which side of a halfway point a number lies. */
static void a_thousand_digits_are_read(void **state)
{
    (void)state;
    char text[1200] = "9007199254740993.";
    double x;
    memset(text + 17, '0', 1000);
    memcpy(text + 1017, "1", 2);
    assert_true(gw_number_parse(text, &x));
    assert_true(x == 9007199254740994.0);
    text[1017] = '0';
    assert_true(gw_number_parse(text, &x));
    assert_true(x == 9007199254740992.0);

    text[0] = '1';
    memset(text + 1, '0', 1000);
    memcpy(text + 1001, "e-1000", 7);
    assert_true(gw_number_parse(text, &x));
    assert_true(x == 1.0);
}

static void integers_are_exact_over_their_whole_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t n;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"+7", 7},
        {"2e9", INT64_C(2000000000)},
        {"1.5e3", 1500},
        {"12.000", 12},
        {"120e-1", 12},
        {"1_000", 1000},
        {"9007199254740993", INT64_C(9007199254740993)}, /* not a double */
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"9.223372036854775807e18", INT64_MAX},
        {"0e99999999999", 0},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        int64_t n = 99;
        assert_true(gw_number_parse_int(good[i].text, &n));
        assert_true(n == good[i].n);
    }
    static const char *const bad[] = {"",
                                      "1.5",
                                      "1e-1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "1e19",
                                      "1e99999999999999999999",
                                      "x",
                                      "1 ",
                                      "12345678901234567890",
                                      "nan"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t n = 99;
        assert_false(gw_number_parse_int(bad[i], &n));
        assert_true(n == 99);
    }
}

static void numbers_print_in_their_shortest_form(void **state)
{
    (void)state;
    static const struct {
        double x;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "-0"},
        {1.0, "1"},
        {-42.0, "-42"},
        {0.1, "0.1"},
        {1.0 / 3.0, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1000000000000000"},
        {123456.789, "123456.789"},
        {0.000001, "0.000001"},
        {0.00000123, "0.00000123"},
        {0.0000001, "1e-7"},
        {-1.5e-7, "-1.5e-7"},
        {1e20, "100000000000000000000"},
        {1e21, "1e21"},
        {6.02214076e23, "6.02214076e23"},
        {DBL_MAX, "1.7976931348623157e308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {0x1p-1074, "5e-324"},
        {0x1p-44, "5.684341886080802e-14"}, /* the nearest 16 digits end on 1 and read back as a neighbour */
        {9007199254740993.0, "9007199254740992"},
        {(double)NAN, "nan"},
        {(double)INFINITY, "inf"},
        {-(double)INFINITY, "-inf"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[GW_NUMBER_MAX];
        gw_number_print(cases[i].x, out);
        assert_string_equal(out, cases[i].text);
    }
}

/* The digits of a printed number, without sign, zeros around them, point and exponent. */
static size_t significant_digits(const char *text)
{
    size_t n = 0, zeros = 0;
    for (const char *p = text; *p != '\0' && *p != 'e'; p++) {
        if (*p == '0') {
            zeros += n > 0;
        } else if (*p >= '1' && *p <= '9') {
            n += zeros + 1;
            zeros = 0;
        }
    }
    return n;
}

/* True when some decimal with fewer digits than `text` has would read back as x: its two nearest are looked
 * at. */
static bool has_shorter_form(double x, size_t digits)
{
    if (digits < 2) {
        return false;
    }
    char text[40];
    snprintf(text, sizeof text, "%.*e", (int)digits - 2, x);
    if (strtod(text, NULL) == x) {
        return true;
    }
    char *exponent = strchr(text, 'e');
    for (int step = -1; step <= 1; step += 2) {
        char other[40];
        snprintf(other, sizeof other, "%s", text);
        other[exponent - text - 1] = (char)(other[exponent - text - 1] + step);
        if (other[exponent - text - 1] >= '0' && other[exponent - text - 1] <= '9' &&
            strtod(other, NULL) == x) {
            return true;
        }
    }
    return false;
}

static void check_round_trip(double x)
{
    char out[GW_NUMBER_MAX];
    gw_number_print(x, out);
    double back = 0.0;
    if (!gw_number_parse(out, &back) || bits_of(back) != bits_of(x)) {
        fail_msg("%a is printed as %s, which reads as %a", x, out, back);
    }
    if (has_shorter_form(x, significant_digits(out))) {
        fail_msg("%a is printed as %s, and there is a shorter form", x, out);
    }
}

static void what_is_printed_reads_back_and_is_shortest(void **state)
{
    (void)state;
    for (int e = -1074; e <= 1023; e++) { /* powers of two have neighbours at unequal distances */
        check_round_trip(ldexp(1.0, e));
        check_round_trip(nextafter(ldexp(1.0, e), 0.0));
    }
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "test/number"));
    for (int i = 0; i < 20000; i++) {
        const double x = double_of(gw_rng_next(&rng));
        if (isfinite(x)) {
            check_round_trip(x);
        }
        check_round_trip((double)(gw_rng_next(&rng) % 1000000) / 1000.0);
    }
}

/* The C library rounds correctly too, and in the C locale they may be compared. */
static void reading_agrees_with_the_c_library(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(2, 0, "test/number"));
    for (int i = 0; i < 20000; i++) {
        char text[64];
        const int exponent = (int)(gw_rng_next(&rng) % 700) - 350;
        snprintf(text, sizeof text, "%" PRIu64 ".%" PRIu64 "e%d",
                 gw_rng_next(&rng) >> (gw_rng_next(&rng) % 64), gw_rng_next(&rng) >> (gw_rng_next(&rng) % 64),
                 exponent);
        double x = 99.0;
        assert_true(gw_number_parse(text, &x));
        if (bits_of(x) != bits_of(strtod(text, NULL))) {
            fail_msg("%s: %a, not %a", text, x, strtod(text, NULL));
        }
    }
}

static void fixed_decimals_are_printed(void **state)
{
    (void)state;
    static const struct {
        double x;
        int decimals;
        const char *text;
    } cases[] = {
        {1.005, 2, "1.00"},
        {2.5, 0, "2"},
        {-0.4, 0, "-0"},
        {1234567.891, 1, "1234567.9"},
        {0.0, 3, "0.000"},
        {-3.25, 1, "-3.2"},
        {1e21, 1, "1000000000000000000000.0"},
        {(double)NAN, 2, "nan"},
        {7.0, -3, "7"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[GW_NUMBER_MAX * 12];
        gw_number_print_fixed(cases[i].x, cases[i].decimals, out);
        assert_string_equal(out, cases[i].text);
    }
    char out[GW_NUMBER_MAX * 12];
    gw_number_print_fixed(-DBL_MAX, 1000, out); /* the longest there is fits */
    assert_int_equal(strlen(out), 1 + 309 + 1 + 60);
}

/* One of the usual locales with a decimal comma, whichever is installed. */
static locale_t locale_with_comma(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "fr_FR.UTF-8", "es_ES.UTF-8",
                                        "it_IT.UTF-8", "nl_NL.UTF-8", "de_DE",       "fr_FR"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const locale_t found = newlocale(LC_ALL_MASK, names[i], (locale_t)0);
        if (found != (locale_t)0) {
            return found;
        }
    }
    return (locale_t)0;
}

static void a_decimal_comma_changes_nothing(void **state)
{
    (void)state;
    const locale_t comma = locale_with_comma();
    if (comma == (locale_t)0) {
        skip();
    }
    const locale_t before = uselocale(comma);
    char native[16];
    snprintf(native, sizeof native, "%.1f", 1.5);
    double x = 0.0, hard = 0.0;
    const bool read =
        gw_number_parse("1.5", &x) && gw_number_parse("9007199254740993.00000000000000001", &hard);
    double y = 0.0;
    const bool read_comma = gw_number_parse("1,5", &y);
    char shortest[GW_NUMBER_MAX], fixed[GW_NUMBER_MAX * 12];
    gw_number_print(0.1 + 0.2, shortest);
    gw_number_print_fixed(-1234567.25, 2, fixed);
    uselocale(before);
    freelocale(comma);

    assert_string_equal(native, "1,5"); /* or this test would show nothing */
    assert_true(read);
    assert_true(x == 1.5);
    assert_true(hard == 9007199254740994.0);
    assert_false(read_comma);
    assert_string_equal(shortest, "0.30000000000000004");
    assert_string_equal(fixed, "-1234567.25");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_forms_are_read),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(reading_takes_the_number_and_says_how_long_it_was),
        cmocka_unit_test(reading_rounds_correctly),
        cmocka_unit_test(a_thousand_digits_are_read),
        cmocka_unit_test(integers_are_exact_over_their_whole_range),
        cmocka_unit_test(numbers_print_in_their_shortest_form),
        cmocka_unit_test(what_is_printed_reads_back_and_is_shortest),
        cmocka_unit_test(reading_agrees_with_the_c_library),
        cmocka_unit_test(fixed_decimals_are_printed),
        cmocka_unit_test(a_decimal_comma_changes_nothing),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
