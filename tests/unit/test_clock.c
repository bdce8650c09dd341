/* Dates to microseconds and back, in UTC; durations for people. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/core/clock.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define S            INT64_C(1000000)
#define H            (3600 * S)
#define DAY          (24 * H)

/* 2023-06-01T00:00:00Z is `date -u -d 2023-06-01 +%s` = 1685577600. */
static const gw_time_us june = INT64_C(1685577600) * 1000000;

static void dates_are_read_with_and_without_time_and_zone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        gw_time_us after_june; /* 2023-06-01 */
    } cases[] = {
        {"2023-06-01", 0},
        {"2023-06-01T00:00:00Z", 0},
        {"2023-06-01T00:00Z", 0},
        {"2023-06-01T00:00", 0},
        {"2023-06-01 00:00:00", 0},
        {"  2023-06-01t00:00z ", 0},
        {"2023-06-01  12:30 Z", 12 * H + 1800 * S},
        {"2023-06-01T00:00:00.5Z", S / 2},
        {"2023-06-01T00:00:00.000001Z", 1},
        {"2023-06-01T00:00:00.1234560000Z", 123456},
        {"2023-06-01T02:00:00+02:00", 0},
        {"2023-06-01T02:00+0200", 0},
        {"2023-06-01T02:00+02", 0},
        {"2023-05-31T19:00-05:00", 0},
        {"2023-06-01T05:45+05:45", 0},
        {"2023-06-01T23:59:59Z", DAY - S},
        {"2023-06-01T24:00:00Z", DAY}, /* the end of a day may be written so */
        {"2023-06-02", DAY},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        gw_time_us t = -1;
        struct gw_error err;
        assert_int_equal(gw_clock_parse(cases[i].text, &t, &err), GW_OK);
        if (t != june + cases[i].after_june) {
            fail_msg("%s: off by %lld us", cases[i].text, (long long)(t - june - cases[i].after_june));
        }
    }
}

/* Seconds by `date -u -d ... +%s`. */
static void known_instants(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t unix_s;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2000-02-29T00:00:00Z", 951782400},
        {"2000-03-01T00:00:00Z", 951868800},
        {"1969-12-31T23:59:59Z", -1},
        {"2038-01-19T03:14:08Z", INT64_C(2147483648)},
        {"2100-03-01T00:00:00Z", INT64_C(4107542400)},
        {"1900-01-01T00:00:00Z", INT64_C(-2208988800)},
        {"0000-01-01T00:00:00Z", INT64_C(-62167219200)},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799)},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        gw_time_us t;
        assert_int_equal(gw_clock_parse(cases[i].text, &t, NULL), GW_OK);
        assert_true(t == cases[i].unix_s * S);
        char out[GW_CLOCK_TEXT_MAX];
        gw_clock_print(t, out);
        assert_string_equal(out, cases[i].text);
    }
}

static void impossible_dates_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"2023-02-30", "\"2023-02-30\": 2023-02 has the days 1 to 28"},
        {"2024-02-30", "\"2024-02-30\": 2024-02 has the days 1 to 29"},
        {"1900-02-29", "\"1900-02-29\": 1900-02 has the days 1 to 28"},
        {"2023-04-31", "\"2023-04-31\": 2023-04 has the days 1 to 30"},
        {"2023-01-00", "\"2023-01-00\": 2023-01 has the days 1 to 31"},
        {"2023-13-01", "\"2023-13-01\": there is no month 13"},
        {"2023-00-01", "\"2023-00-01\": there is no month 0"},
        {"2023-06-01T24:01", "\"2023-06-01T24:01\": a day runs from 00:00:00 to 23:59:59"},
        {"2023-06-01T25:00", "\"2023-06-01T25:00\": a day runs from 00:00:00 to 23:59:59"},
        {"2023-06-01T12:60", "\"2023-06-01T12:60\": a day runs from 00:00:00 to 23:59:59"},
        {"2023-06-01T12:00:60Z", "\"2023-06-01T12:00:60Z\": a day runs from 00:00:00 to 23:59:59"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        gw_time_us t = 99;
        struct gw_error err;
        assert_int_equal(gw_clock_parse(cases[i].text, &t, &err), GW_ERR_RANGE);
        assert_string_equal(err.why, cases[i].why);
        assert_true(t == 99);
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "yesterday",
        "2023",
        "2023-06",
        "23-06-01",
        "2023-6-1",
        "2023-06-x",
        "2023/06/01",
        "01.06.2023",
        "2023-06-01T",
        "2023-06-01T12",
        "2023-06-01T12:0",
        "2023-06-01T12:00:",
        "2023-06-01T12:00:00.",
        "2023-06-01T12:00:00.1234567Z", /* finer than a microsecond */
        "2023-06-01T12:00:00ZZ",
        "2023-06-01T12:00+",
        "2023-06-01T12:00+2",
        "2023-06-01T12:00+15:00",
        "2023-06-01T12:00+02:60",
        "2023-06-01Z",
        "2023-06-01 and more",
        "-2023-06-01",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        gw_time_us t = 99;
        struct gw_error err;
        assert_int_equal(gw_clock_parse(bad[i], &t, &err), GW_ERR_SYNTAX);
        assert_non_null(strstr(err.why, "(for example \"2023-06-01T00:00:00Z\")"));
        assert_true(t == 99);
    }
}

static void the_calendar_knows_weekdays_and_days_of_the_year(void **state)
{
    (void)state;
    struct gw_calendar c = gw_clock_calendar(june + 13 * H + 25 * 60 * S + 7 * S + 999999);
    assert_int_equal(c.year, 2023);
    assert_int_equal(c.month, 6);
    assert_int_equal(c.day, 1);
    assert_int_equal(c.hour, 13);
    assert_int_equal(c.minute, 25);
    assert_int_equal(c.second, 7);
    assert_int_equal(c.weekday, 3);       /* a Thursday */
    assert_int_equal(c.day_of_year, 151); /* 31 + 28 + 31 + 30 + 31 */

    c = gw_clock_calendar(-1); /* the last second before 1970, a Wednesday */
    assert_int_equal(c.year, 1969);
    assert_int_equal(c.day_of_year, 364);
    assert_int_equal(c.second, 59);
    assert_int_equal(c.weekday, 2);
}

/* Four centuries day by day against the rules of the calendar themselves. */
static void dates_follow_each_other(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    gw_time_us t;
    assert_int_equal(gw_clock_parse("1799-12-31", &t, NULL), GW_OK);
    struct gw_calendar expected = gw_clock_calendar(t);
    while (expected.year < 2201) {
        const bool leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0);
        const int length = lengths[expected.month - 1] + (expected.month == 2 && leap);
        expected.weekday = (expected.weekday + 1) % 7;
        expected.day_of_year++;
        if (++expected.day > length) {
            expected.day = 1;
            if (++expected.month > 12) {
                expected.month = 1;
                expected.year++;
                expected.day_of_year = 0;
            }
        }
        t += DAY;
        const struct gw_calendar c = gw_clock_calendar(t);
        if (c.year != expected.year || c.month != expected.month || c.day != expected.day ||
            c.weekday != expected.weekday || c.day_of_year != expected.day_of_year) {
            fail_msg("%04d-%02d-%02d came out as %04d-%02d-%02d", expected.year, expected.month, expected.day,
                     c.year, c.month, c.day);
        }
    }
}

static void fractions_of_seconds_print_only_when_there_are_any(void **state)
{
    (void)state;
    char out[GW_CLOCK_TEXT_MAX];
    gw_clock_print(june, out);
    assert_string_equal(out, "2023-06-01T00:00:00Z");
    gw_clock_print(june + 1500, out);
    assert_string_equal(out, "2023-06-01T00:00:00.001500Z");
    gw_clock_print(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59.999999Z");
}

static void the_ends_of_time_print(void **state)
{
    (void)state;
    char out[GW_CLOCK_TEXT_MAX];
    gw_clock_print(INT64_MAX, out);
    assert_string_equal(out, "294247-01-10T04:00:54.775807Z");
    gw_clock_print(INT64_MIN, out);
    assert_string_equal(out, "-290308-12-21T19:59:05.224192Z");
    gw_clock_print_span(INT64_MAX, out);
    assert_string_equal(out, "106751991 d 4 h");
    gw_clock_print_span(INT64_MIN, out);
    assert_string_equal(out, "-106751991 d 4 h");
}

static void spans_read_as_people_say_them(void **state)
{
    (void)state;
    static const struct {
        int64_t span_us;
        const char *text;
    } cases[] = {
        {0, "0 s"},
        {7, "7 us"},
        {250 * 1000, "250 ms"},
        {1500, "1.5 ms"},
        {1234, "1.234 ms"},
        {S, "1 s"},
        {S + S / 2, "1.5 s"},
        {S + 50 * 1000, "1.05 s"},
        {90 * S, "1 min 30 s"},
        {15 * 60 * S, "15 min"},
        {H, "1 h"},
        {90 * 60 * S, "1 h 30 min"},
        {24 * H, "24 h"},
        {47 * H + 59 * 60 * S, "47 h 59 min"},
        {48 * H, "2 d"},
        {51 * H, "2 d 3 h"},
        {365 * DAY, "365 d"},
        {-90 * S, "-1 min 30 s"},
        {59999600, "1 min"}, /* rounds up into the next unit */
        {H - 400 * 1000, "1 h"},
        {48 * H - S, "2 d"},
        {2 * DAY + 29 * 60 * S, "2 d"},
        {2 * DAY + 30 * 60 * S, "2 d 1 h"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[GW_CLOCK_TEXT_MAX];
        gw_clock_print_span(cases[i].span_us, out);
        assert_string_equal(out, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_with_and_without_time_and_zone),
        cmocka_unit_test(known_instants),
        cmocka_unit_test(impossible_dates_are_refused),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(the_calendar_knows_weekdays_and_days_of_the_year),
        cmocka_unit_test(dates_follow_each_other),
        cmocka_unit_test(fractions_of_seconds_print_only_when_there_are_any),
        cmocka_unit_test(the_ends_of_time_print),
        cmocka_unit_test(spans_read_as_people_say_them),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
