/* Clocks on walls as UTC, and the ways people write a time. */
#include "tests/support/near.h"

#include <string.h>

#include "traces/trace_clock.h"

static gw_time_us utc(const char *text)
{
    gw_time_us us;
    assert_int_equal(gw_clock_parse(text, &us, NULL), GW_OK);
    return us;
}

static void expect(const char *clock_name, const char *local, bool second, const char *expected)
{
    struct gw_trace_clock clock;
    bool skipped = false;
    assert_true(gw_trace_clock_find(clock_name, &clock));
    const gw_time_us is = gw_trace_clock_utc(&clock, utc(local), second, &skipped);
    char text[GW_CLOCK_TEXT_MAX];
    gw_clock_print(is, text);
    assert_string_equal(text, expected);
    assert_false(skipped);
}

static void local_time_becomes_utc(void **state)
{
    (void)state;
    expect("UTC", "2024-07-01T12:00", false, "2024-07-01T12:00:00Z");
    expect("+05:30", "2024-07-01T12:00", false, "2024-07-01T06:30:00Z");
    expect("Asia/Tokyo", "2024-07-01T00:00", false, "2024-06-30T15:00:00Z");
    expect("Europe/Berlin", "2024-01-01T12:00", false, "2024-01-01T11:00:00Z");
    expect("Europe/Berlin", "2024-07-01T12:00", false, "2024-07-01T10:00:00Z");
    expect("CET/CEST", "2024-03-31T01:59", false, "2024-03-31T00:59:00Z");
    expect("CET/CEST", "2024-03-31T03:00", false, "2024-03-31T01:00:00Z");
    expect("America/Chicago", "2025-03-09T01:00", false, "2025-03-09T07:00:00Z");
    expect("America/Chicago", "2025-03-09T03:00", false, "2025-03-09T08:00:00Z");
}

/* Berlin shows 02:30 twice on 27 October 2024, Chicago 01:30 twice on 2 November 2025. */
static void the_hour_shown_twice_needs_to_be_told_apart(void **state)
{
    (void)state;
    expect("Europe/Berlin", "2024-10-27T02:30", false, "2024-10-27T00:30:00Z");
    expect("Europe/Berlin", "2024-10-27T02:30", true, "2024-10-27T01:30:00Z");
    expect("America/Chicago", "2025-11-02T01:30", false, "2025-11-02T06:30:00Z");
    expect("America/Chicago", "2025-11-02T01:30", true, "2025-11-02T07:30:00Z");
    expect("America/Chicago", "2025-02-02T01:30", true, "2025-02-02T07:30:00Z"); /* not shown twice */
}

static void the_hour_that_is_skipped_is_told(void **state)
{
    (void)state;
    struct gw_trace_clock clock;
    bool skipped = false;
    assert_true(gw_trace_clock_find("Europe/Berlin", &clock));
    assert_true(gw_trace_clock_utc(&clock, utc("2024-03-31T02:30"), false, &skipped) ==
                utc("2024-03-31T01:30Z"));
    assert_true(skipped);
}

static void unknown_clocks_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "Mars/Olympus", "+5", "+25:00", "05:30", "+05:3"};
    struct gw_trace_clock clock;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_false(gw_trace_clock_find(names[i], &clock));
    }
}

static void every_way_to_write_a_time_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utc;
        bool day_first, zoned;
    } cases[] = {
        {"2023-06-01T00:15:00Z", "2023-06-01T00:15Z", false, true},
        {"2023-06-01 02:15:00+02:00", "2023-06-01T00:15Z", false, true},
        {"2022-02-01T15:00:00-00:00", "2022-02-01T15:00Z", false, true},
        {"2023-06-01 00:15:00", "2023-06-01T00:15Z", false, false},
        {"2018-01-20T12:00Z", "2018-01-20T12:00Z", false, true},
        {"2022-01-01T07", "2022-01-01T07:00Z", false, false},
        {"2022-01-01", "2022-01-01T00:00Z", false, false},
        {"2021-06-17T09:27:00.5+00:00", "2021-06-17T09:27:00.5Z", false, true},
        {"01.02.2024 03:45", "2024-02-01T03:45Z", false, false},
        {"01/02/2024 03:45:00", "2024-02-01T03:45Z", true, false},
        {"01/02/2024 03:45:00", "2024-01-02T03:45Z", false, false},
        {"07/01/2020 12:00:00 AM", "2020-07-01T00:00Z", false, false},
        {"7/1/2020 12:00:00 PM", "2020-07-01T12:00Z", false, false},
        {"1/15/2024 5:00:00 pm", "2024-01-15T17:00Z", false, false},
        {"08/05/2025", "2025-08-05T00:00Z", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_trace_stamps stamps = {.day_first = cases[i].day_first};
        for (int again = 0; again < 2; again++) { /* the second time the date is known */
            gw_time_us us;
            bool zoned;
            if (!gw_trace_clock_read(&stamps, cases[i].text, strlen(cases[i].text), &us, &zoned) ||
                us != utc(cases[i].utc) || zoned != cases[i].zoned) {
                fail_msg("%s is not read as %s", cases[i].text, cases[i].utc);
            }
        }
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "x",
                                        "2023",
                                        "2023-02-30",
                                        "13/13/2023",
                                        "2023-06-01T25:00",
                                        "2023-06-01T10:60",
                                        "1/1/2023 13:00 AM",
                                        "2023-06-01T10:00x",
                                        "2023-06-01T10:00+99:00"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct gw_trace_stamps stamps = {0};
        gw_time_us us;
        bool zoned;
        if (gw_trace_clock_read(&stamps, texts[i], strlen(texts[i]), &us, &zoned)) {
            fail_msg("\"%s\" was read", texts[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_time_becomes_utc),
        cmocka_unit_test(the_hour_shown_twice_needs_to_be_told_apart),
        cmocka_unit_test(the_hour_that_is_skipped_is_told),
        cmocka_unit_test(unknown_clocks_are_refused),
        cmocka_unit_test(every_way_to_write_a_time_is_read),
        cmocka_unit_test(what_is_no_time_is_refused),
    };
    return cmocka_run_group_tests_name("trace_clock", tests, NULL, NULL);
}
