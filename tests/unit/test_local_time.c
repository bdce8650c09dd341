/* Local clocks: the two rules of daylight saving, and months as long as the clocks make them. */
#include "tests/support/near.h"

#include "models/supply/local_time.h"
#include "sim/base/units.h"

static gw_time_us at(const char *text)
{
    gw_time_us unix_us;
    assert_int_equal(gw_clock_parse(text, &unix_us, NULL), GW_OK);
    return unix_us;
}

static const struct gw_local_time new_york = {-5 * GW_US_PER_H, GW_DAYLIGHT_US};
static const struct gw_local_time berlin = {GW_US_PER_H, GW_DAYLIGHT_EU};
static const struct gw_local_time mumbai = {11 * GW_US_PER_H / 2, GW_DAYLIGHT_NONE};

/* 2023: 12 March 2:00 EST = 7:00 UTC to 5 November 2:00 EDT = 6:00 UTC. */
static void american_clocks_change_on_two_sundays(void **state)
{
    (void)state;
    assert_false(gw_local_time_is_summer(&new_york, at("2023-03-12T06:59:59Z")));
    assert_true(gw_local_time_is_summer(&new_york, at("2023-03-12T07:00:00Z")));
    assert_true(gw_local_time_is_summer(&new_york, at("2023-11-05T05:59:59Z")));
    assert_false(gw_local_time_is_summer(&new_york, at("2023-11-05T06:00:00Z")));
    assert_true(gw_local_time_is_summer(&new_york, at("2026-03-08T07:00:00Z"))); /* the 1st is a Sunday */
    assert_false(gw_local_time_is_summer(&new_york, at("2026-03-08T06:59:59Z")));
}

/* 2023: 26 March to 29 October, 1:00 UTC. */
static void european_clocks_change_at_one_instant(void **state)
{
    (void)state;
    assert_false(gw_local_time_is_summer(&berlin, at("2023-03-26T00:59:59Z")));
    assert_true(gw_local_time_is_summer(&berlin, at("2023-03-26T01:00:00Z")));
    assert_true(gw_local_time_is_summer(&berlin, at("2023-10-29T00:59:59Z")));
    assert_false(gw_local_time_is_summer(&berlin, at("2023-10-29T01:00:00Z")));
    assert_true(gw_local_time_is_summer(&berlin, at("2024-03-31T01:00:00Z"))); /* the 31st is a Sunday */
}

static void the_clock_shows_offset_and_summer(void **state)
{
    (void)state;
    assert_int_equal(gw_local_time_at(&new_york, at("2023-07-01T16:00:00Z")), at("2023-07-01T12:00:00Z"));
    assert_int_equal(gw_local_time_at(&new_york, at("2023-12-01T17:00:00Z")), at("2023-12-01T12:00:00Z"));
    assert_int_equal(gw_local_time_at(&mumbai, at("2023-07-01T06:30:00Z")), at("2023-07-01T12:00:00Z"));
}

static void months_are_as_long_as_the_clocks_make_them(void **state)
{
    (void)state;
    static const struct {
        const char *inside;
        int hours;
    } cases[] = {
        {"2023-03-20T00:00:00Z", 743}, /* an hour is left out */
        {"2023-11-20T00:00:00Z", 721}, /* an hour comes twice */
        {"2023-02-20T00:00:00Z", 672}, {"2024-02-29T12:00:00Z", 696}, {"2023-12-31T23:00:00Z", 744},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gw_time_us begin, end;
        gw_local_time_month(&new_york, at(cases[i].inside), &begin, &end);
        assert_int_equal((end - begin) / GW_US_PER_H, cases[i].hours);
        assert_true(begin <= at(cases[i].inside) && at(cases[i].inside) < end);
    }
}

/* 1 April 0:00 on the clock of New York is 4:00 UTC; three hours earlier it is still March there. */
static void a_month_begins_at_midnight_of_the_place(void **state)
{
    (void)state;
    gw_time_us begin, end;
    gw_local_time_month(&new_york, at("2023-04-01T03:59:00Z"), &begin, &end);
    assert_int_equal(begin, at("2023-03-01T05:00:00Z"));
    assert_int_equal(end, at("2023-04-01T04:00:00Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(american_clocks_change_on_two_sundays),
        cmocka_unit_test(european_clocks_change_at_one_instant),
        cmocka_unit_test(the_clock_shows_offset_and_summer),
        cmocka_unit_test(months_are_as_long_as_the_clocks_make_them),
        cmocka_unit_test(a_month_begins_at_midnight_of_the_place),
    };
    return cmocka_run_group_tests_name("local_time", tests, NULL, NULL);
}
