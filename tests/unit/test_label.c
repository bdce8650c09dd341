/* Numbers and units as figures print them. */
#include "tests/support/near.h"

#include "plots/label.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Zeros need no small unit. */
static void units_are_chosen_so_that_numbers_have_one_to_three_digits(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        double largest, shown;
        const char *text;
    } cases[] = {
        {"kgCO2", 12345.0, 12.345, "t CO₂e"}, {"kgCO2", 999.0, 999.0, "kg CO₂e"},
        {"kgCO2", 0.5, 500.0, "g CO₂e"},      {"kgCO2", 0.0, 0.0, "kg CO₂e"},
        {"L", 56000.0, 56.0, "m³"},           {"L", 2e7, 20.0, "10³ m³"},
        {"USD", 8123.0, 8123.0, "USD"},       {"USD", 81230.0, 81.23, "10³ USD"},
        {"kWh", 41000.0, 41.0, "MWh"},        {"kW", 1500.0, 1.5, "MW"},
        {"ms", 310.0, 310.0, "ms"},           {"ms", 1420.0, 1.42, "s"},
        {"ms", 7.2e6, 120.0, "min"},          {"ms", 3.6e7, 10.0, "h"},
        {"furlong", 1e9, 1e9, "furlong"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct gw_label_unit unit = gw_label_unit(cases[i].unit, cases[i].largest);
        assert_string_equal(unit.text, cases[i].text);
        assert_near(cases[i].largest * unit.factor, cases[i].shown, 1e-12, 0.0);
    }
}

static void three_digits_tell_enough(void **state)
{
    (void)state;
    static const struct {
        double x;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {1.0, "1.00"},
        {12.34, "12.3"},
        {97.25, "97.2"},
        {99.97, "100"},
        {0.1234, "0.123"},
        {0.001, "0.001"},
        {-12.3, "−12.3"},
        {1234.0, "1234"},
        {12345.0, "12\u2009345"},
        {9999999.0, "9\u2009999\u2009999"},
        {1e7, "10⁷"},
        {2.5e8, "2.5×10⁸"},
        {3e-5, "3×10⁻⁵"},
        {-1e300, "−10³⁰⁰"},
        {NAN, "–"},
        {INFINITY, "–"},
        {9.96e8, "10⁹"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(gw_label_short(cases[i].x).text, cases[i].text);
    }
}

/* A column of equal decimals never shows a zero that is none, nor decimals behind five digits. */
static void columns_of_equal_decimals_stay_honest(void **state)
{
    (void)state;
    assert_string_equal(gw_label_number(12.34, 1).text, "12.3");
    assert_string_equal(gw_label_number(0.0, 1).text, "0.0");
    assert_string_equal(gw_label_number(0.004, 1).text, "0.0040");
    assert_string_equal(gw_label_number(333333.4, 2).text, "333\u2009333");
}

static void decimals_follow_the_size(void **state)
{
    (void)state;
    assert_int_equal(gw_label_decimals(1.0), 2);
    assert_int_equal(gw_label_decimals(97.2), 1);
    assert_int_equal(gw_label_decimals(99.97), 0);
    assert_int_equal(gw_label_decimals(1234.0), 0);
    assert_int_equal(gw_label_decimals(0.0001), 3);
    assert_int_equal(gw_label_decimals(0.0), 0);
    assert_int_equal(gw_label_decimals(NAN), 0);
}

static void changes_are_percent_and_then_multiples(void **state)
{
    (void)state;
    static const struct {
        double x, base;
        const char *text;
    } cases[] = {
        {77.0, 100.0, "−23"},     {101.4, 100.0, "+1.4"},  {100.0, 100.0, "±0"}, {1200.0, 100.0, "×12.0"},
        {23400.0, 100.0, "×234"}, {1e300, 100.0, ">×999"}, {0.0, 100.0, "−100"}, {100.04, 100.0, "±0"},
        {5.0, 0.0, ""},           {NAN, 100.0, ""},        {5.0, NAN, ""}, /* no change where one is not known
                                                                            */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(gw_label_change(cases[i].x, cases[i].base).text, cases[i].text);
    }
}

static void fractions_differ_by_percentage_points(void **state)
{
    (void)state;
    assert_string_equal(gw_label_points(0.97, 0.95).text, "+2.0");
    assert_string_equal(gw_label_points(0.50, 0.95).text, "−45");
    assert_string_equal(gw_label_points(0.95, 0.95).text, "±0");
    assert_string_equal(gw_label_points(NAN, 0.95).text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_chosen_so_that_numbers_have_one_to_three_digits),
        cmocka_unit_test(three_digits_tell_enough),
        cmocka_unit_test(columns_of_equal_decimals_stay_honest),
        cmocka_unit_test(decimals_follow_the_size),
        cmocka_unit_test(changes_are_percent_and_then_multiples),
        cmocka_unit_test(fractions_differ_by_percentage_points),
    };
    return cmocka_run_group_tests_name("label", tests, NULL, NULL);
}
