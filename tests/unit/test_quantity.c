/* Quantities: units convert exactly where they can, dimensions must match, and every refusal says what to
 * write. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/quantity.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static double parsed(const char *text, const char *unit)
{
    double x = (double)NAN;
    struct gw_error err = {0};
    if (gw_quantity_parse(text, unit, &x, &err) != GW_OK) {
        fail_msg("\"%s\" as %s: %s", text, unit, err.why);
    }
    return x;
}

struct conversion {
    const char *text, *unit;
    double x;
};

static void check(const struct conversion *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const double x = parsed(cases[i].text, cases[i].unit);
        if (x != cases[i].x) {
            fail_msg("\"%s\" as %s: %.17g, not %.17g", cases[i].text, cases[i].unit, x, cases[i].x);
        }
    }
}

/* Each of these is one multiplication or division by a whole number, so equality is due to the last bit. */
static void units_of_one_dimension_convert_exactly(void **state)
{
    (void)state;
    static const struct conversion cases[] = {
        {"35 MW", "kW", 35000},      {"250 ms", "s", 0.25},      {"15 min", "h", 0.25},
        {"1 h", "s", 3600},          {"2 d", "h", 48},           {"1 week", "d", 7},
        {"1 year", "h", 8760},       {"1 month", "h", 730},      {"3 us", "ns", 3000},
        {"1 kWh", "J", 3.6e6},       {"1 GWh", "MWh", 1000},     {"1 MJ", "J", 1e6},
        {"7200 J", "Wh", 2},         {"1500 W", "kW", 1.5},      {"1 t", "kg", 1000},
        {"1 lb", "g", 453.59237},    {"30 mg", "g", 0.03},       {"1 m3", "L", 1000},
        {"1 gal", "L", 3.785411784}, {"250 mL", "L", 0.25},      {"1 ML", "m3", 1000},
        {"1 GB", "bit", 8e9},        {"1 GiB", "B", 1073741824}, {"8 Mbit", "MB", 1},
        {"3 Mtok", "tok", 3e6},      {"2 TFLOP", "GFLOP", 2000}, {"5 kreq", "req", 5000},
        {"1 km", "m", 1000},         {"2 kUSD", "USD", 2000},    {"90 deg", "deg", 90},
        {"2.4 GHz", "MHz", 2400},    {"1013 hPa", "Pa", 101300},
    };
    check(cases, COUNT(cases));
}

static void products_of_units_convert(void **state)
{
    (void)state;
    static const struct conversion cases[] = {
        {"0.12 USD/kWh", "USD/MWh", 120},
        {"400 g/kWh", "g/kWh", 400},
        {"0.4 kg/kWh", "g/kWh", 400},
        {"400 kg/MWh", "g/kWh", 400},
        {"400 gCO2e/kWh", "g/kWh", 400},
        {"400 gCO2/kWh", "kgCO2e/MWh", 400},
        {"600 /min", "1/s", 10},
        {"10/s", "/s", 10},
        {"5 req/s", "req/h", 18000},
        {"12 kWh/h", "kW", 12},
        {"8 W*h", "Wh", 8},
        {"1 J/s", "W", 1},
        {"9 USD/kW/month", "USD/kW/month", 9},
        {"1.8 L/kWh", "L/MWh", 1800},
        {"200 W/m2", "W/m^2", 200},
        {"1 km2", "m2", 1e6},
        {"1 mm*m2", "L", 1},
        {"40 Gbps", "GB/s", 5},
        {"989 TFLOPS", "GFLOP/s", 989000},
        {"5 s^-1", "1/min", 300},
        {"1 kg/m3", "g/L", 1},
        {"30 tok*s^-1", "tok/s", 30},
    };
    check(cases, COUNT(cases));
    assert_near(parsed("852 lb/MWh", "g/kWh"), 386.46069924, 1e-15, 0); /* 852 * 453.59237 / 1000 */
}

static void a_bare_number_has_the_unit_of_its_field(void **state)
{
    (void)state;
    static const struct conversion cases[] = {
        {"35", "kW", 35},    {"0.1", "kW", 0.1},     {"-4", "C", -4},
        {"0.35", "1", 0.35}, {"1e3", "g/kWh", 1000}, {"1_000", "W", 1000},
    };
    check(cases, COUNT(cases));
}

static void blanks_between_number_and_unit_are_optional(void **state)
{
    (void)state;
    static const struct conversion cases[] = {
        {"35MW", "MW", 35}, {"35  MW", "MW", 35}, {"  35 MW\t", "MW", 35},
        {"10 %", "1", 0.1}, {"2.5s", "ms", 2500},
    };
    check(cases, COUNT(cases));
}

static void fractions_take_percent(void **state)
{
    (void)state;
    static const struct conversion cases[] = {
        {"40%", "1", 0.4}, {"7 %", "1", 0.07}, {"0.5", "1", 0.5}, {"3 %/h", "1/h", 0.03}, {"1 kW/kW", "1", 1},
    };
    check(cases, COUNT(cases));
}

static void temperatures_have_offsets_when_alone(void **state)
{
    (void)state;
    assert_near(parsed("20 C", "C"), 20, 0, 0);
    assert_near(parsed("68 F", "C"), 20, 1e-15, 0);
    assert_near(parsed("-40 F", "C"), -40, 1e-15, 0);
    assert_near(parsed("300 K", "C"), 26.85, 1e-14, 0);
    assert_near(parsed("0 °C", "K"), 273.15, 0, 0);
    assert_near(parsed("100 C", "F"), 212, 1e-15, 0);
    assert_near(parsed("4 K", "K"), 4, 0, 0);
    assert_near(parsed("9 °F", "°F"), 9, 0, 0);
}

static void a_temperature_inside_a_product_is_a_difference(void **state)
{
    (void)state;
    assert_near(parsed("10 W/K", "W/C"), 10, 0, 0);
    assert_near(parsed("10 W/F", "W/K"), 18, 1e-15, 0);
}

struct refusal {
    const char *text, *unit;
    enum gw_status status;
    const char *why;
};

static void check_refusals(const struct refusal *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = 99.0;
        struct gw_error err = {0};
        assert_int_equal(gw_quantity_parse(cases[i].text, cases[i].unit, &x, &err), cases[i].status);
        assert_string_equal(err.why, cases[i].why);
        assert_true(x == 99.0);
        assert_int_equal(gw_quantity_parse(cases[i].text, cases[i].unit, &x, NULL), cases[i].status);
    }
}

static void another_dimension_is_named_with_an_example(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"30 kg", "kW", GW_ERR_TYPE, "\"30 kg\" is a mass, a power is due here (for example \"30 kW\")"},
        {"30kWh", "kW", GW_ERR_TYPE, "\"30kWh\" is an energy, a power is due here (for example \"30 kW\")"},
        {"1.5 h", "1", GW_ERR_TYPE, "\"1.5 h\" is a time, a fraction is due here (for example \"1.5\")"},
        {"40 %", "kW", GW_ERR_TYPE, "\"40 %\" is a fraction, a power is due here (for example \"40 kW\")"},
        {"5 kW", "1/s", GW_ERR_TYPE, "\"5 kW\" is a power, a rate is due here (for example \"5/s\")"},
        {"0.1 USD", "USD/kWh", GW_ERR_TYPE,
         "\"0.1 USD\" is an amount of money, a price of energy is due here (for example \"0.1 USD/kWh\")"},
        {"7 USD2/h", "kW", GW_ERR_TYPE,
         "\"7 USD2/h\" is a quantity of another kind, a power is due here (for example \"7 kW\")"},
    };
    check_refusals(cases, COUNT(cases));
}

static void an_unknown_unit_gets_the_nearest_known_one(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"35 mhw", "kWh", GW_ERR_UNKNOWN, "\"35 mhw\": \"mhw\" is not a known unit (did you mean \"MWh\"?)"},
        {"35 kw", "kW", GW_ERR_UNKNOWN, "\"35 kw\": \"kw\" is not a known unit (did you mean \"kW\"?)"},
        {"2 mins", "s", GW_ERR_UNKNOWN, "\"2 mins\": \"mins\" is not a known unit (did you mean \"min\"?)"},
        {"20 gCO2eq/kWh", "g/kWh", GW_ERR_UNKNOWN,
         "\"20 gCO2eq/kWh\": \"gCO2eq\" is not a known unit (did you mean \"gCO2e\"?)"},
        {"3 furlong", "m", GW_ERR_UNKNOWN, "\"3 furlong\": \"furlong\" is not a known unit"},
        {"0x10", "W", GW_ERR_UNKNOWN, "\"0x10\": \"x10\" is not a known unit"},
    };
    check_refusals(cases, COUNT(cases));
}

static void what_is_no_quantity_is_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"", "kW", GW_ERR_SYNTAX, "\"\" is not a number with a unit (for example \"30 kW\")"},
        {"lots", "1", GW_ERR_SYNTAX, "\"lots\" is not a number with a unit (for example \"30\")"},
        {"kW", "kW", GW_ERR_SYNTAX, "\"kW\" is not a number with a unit (for example \"30 kW\")"},
        {"nan", "kW", GW_ERR_SYNTAX, "\"nan\" is not a number with a unit (for example \"30 kW\")"},
        {"-inf kW", "kW", GW_ERR_SYNTAX, "\"-inf kW\" is not a number with a unit (for example \"30 kW\")"},
        {"3 kW/", "kW", GW_ERR_SYNTAX, "\"3 kW/\": \"kW/\" does not read as a unit (for example \"kW\")"},
        {"3 kW//h", "kW", GW_ERR_SYNTAX,
         "\"3 kW//h\": \"kW//h\" does not read as a unit (for example \"kW\")"},
        {"3 m^", "m", GW_ERR_SYNTAX, "\"3 m^\": \"m^\" does not read as a unit (for example \"m\")"},
        {"3 m^0", "m", GW_ERR_SYNTAX, "\"3 m^0\": \"m^0\" does not read as a unit (for example \"m\")"},
        {"3 m9*m9", "m", GW_ERR_SYNTAX, "\"3 m9*m9\": \"m9*m9\" does not read as a unit (for example \"m\")"},
        {"3 kW 5", "kW", GW_ERR_SYNTAX, "\"3 kW 5\": \"kW 5\" does not read as a unit (for example \"kW\")"},
        {"1e400 W", "kW", GW_ERR_RANGE, "\"1e400 W\" is larger than any number geowatt can hold"},
        {"1e305 GWh", "J", GW_ERR_RANGE, "\"1e305 GWh\" is larger than any number geowatt can hold"},
    };
    check_refusals(cases, COUNT(cases));

    char longer[400];
    memset(longer, '1', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    double x;
    assert_int_equal(gw_quantity_parse(longer, "kW", &x, NULL), GW_ERR_SYNTAX);
}

static void units_of_tables_can_be_checked(void **state)
{
    (void)state;
    static const char *const good[] = {"kW",        "1",    "/s",  "1/s", "USD/kW/month",
                                       "gCO2e/kWh", "W/m2", "m^3", "%",   "tok/s"};
    static const char *const bad[] = {"", "kw", "kW/", "/", "//s", "kW h", "m10", "m^", "m^-", "CO2", "2"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(gw_quantity_unit_ok(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(gw_quantity_unit_ok(bad[i]));
    }
    double x;
    struct gw_error err;
    assert_int_equal(gw_quantity_parse("3 kW", "kilowatts", &x, &err), GW_ERR_UNKNOWN);
    assert_string_equal(err.why, "the field's own unit \"kilowatts\" is not one geowatt knows");
}

static void dimensions_have_names(void **state)
{
    (void)state;
    assert_string_equal(gw_quantity_dimension("MW"), "power");
    assert_string_equal(gw_quantity_dimension("kWh/h"), "power");
    assert_string_equal(gw_quantity_dimension("gal"), "volume");
    assert_string_equal(gw_quantity_dimension("t/MWh"), "mass per energy");
    assert_string_equal(gw_quantity_dimension("%"), "fraction");
    assert_string_equal(gw_quantity_dimension("Mbps"), "data rate");
    assert_string_equal(gw_quantity_dimension("parsec"), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_one_dimension_convert_exactly),
        cmocka_unit_test(products_of_units_convert),
        cmocka_unit_test(a_bare_number_has_the_unit_of_its_field),
        cmocka_unit_test(blanks_between_number_and_unit_are_optional),
        cmocka_unit_test(fractions_take_percent),
        cmocka_unit_test(temperatures_have_offsets_when_alone),
        cmocka_unit_test(a_temperature_inside_a_product_is_a_difference),
        cmocka_unit_test(another_dimension_is_named_with_an_example),
        cmocka_unit_test(an_unknown_unit_gets_the_nearest_known_one),
        cmocka_unit_test(what_is_no_quantity_is_refused),
        cmocka_unit_test(units_of_tables_can_be_checked),
        cmocka_unit_test(dimensions_have_names),
    };
    return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
