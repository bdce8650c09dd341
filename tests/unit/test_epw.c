/* EPW files: fields, stamps that end their hours, missing values by the format's rules, and how errors read.
 */
#include "tests/support/sample_year.h"

#include <string.h>

#include "sim/base/units.h"
#include "traces/epw.h"

static enum gw_status parse(const char *header, int other_at, const char *other, struct gw_meteo *out,
                            struct gw_arena *arena, struct gw_error *err)
{
    struct gw_text text = {0};
    sample_year(&text, header, sample_year_epw_row, other_at, other);
    const enum gw_status s = gw_meteo_parse(text.at, text.n, "some.epw", out, arena, err);
    gw_text_fini(&text);
    return s;
}

static void fields_are_found_and_converted(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    assert_int_equal(parse(sample_year_epw_header, -1, "", &m, &arena, NULL), GW_OK);
    assert_true(m.lat_deg == 40.5 && m.lon_deg == -105.25 && m.elevation_m == 1600 && m.utc_offset_h == -7);
    assert_int_equal(m.n, 8760);
    assert_true(m.value[GW_METEO_DRY_BULB_C][13] == 13);
    assert_true(m.value[GW_METEO_DEW_POINT_C][13] == 8);
    assert_near(m.value[GW_METEO_HUMIDITY_FRAC][13], 0.4, 1e-15, 0);
    assert_true(m.value[GW_METEO_PRESSURE_PA][13] == 83000);
    assert_near(m.value[GW_METEO_CLOUD_FRAC][13], 0.4, 1e-15, 0);
    assert_true(m.value[GW_METEO_WIND_M_PER_S][13] == 3.5);
    assert_true(m.value[GW_METEO_GHI_W_PER_M2][13] == 250);
    gw_arena_fini(&arena);
}

/* Hour 1 ends at 1:00 and stands for 0:30. */
static void hours_end_at_their_stamp(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    assert_int_equal(parse(sample_year_epw_header, -1, "", &m, &arena, NULL), GW_OK);
    assert_true(m.typical);
    assert_int_equal(m.first_unix_us, GW_US_PER_H / 2);
    assert_int_equal(m.step_us, GW_US_PER_H);
    assert_true(m.value[GW_METEO_DRY_BULB_C][0] == 0); /* the row of hour 1 */
    gw_arena_fini(&arena);
}

/* A row by row of all the ways to say nothing; the neighbours stay. */
static void missing_values_are_known_by_the_rules_of_the_format(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1999,1,1,3,60,f,99.9,99.9,999,999999,0,0,0,9999,0,0,0,0,0,0,0,999,99,4\n",
        "1999,1,1,3,60,f,,,,,0,0,0,,0,0,0,0,0,0,0,,,4\n",
        "1999,1,1,3,60,f,-99,71,111,30000,0,0,0,-1,0,0,0,0,0,0,0,41,11,4\n",
        "1999,1,1,3,60,f,x,n/a,-,1e9,0,0,0,nan,0,0,0,0,0,0,0,inf,?,4\n",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_meteo m;
        assert_int_equal(parse(sample_year_epw_header, 2, rows[i], &m, &arena, NULL), GW_OK);
        for (int c = 0; c < GW_METEO_COLUMNS; c++) {
            assert_true(isnan(m.value[c][2]));
            assert_true(!isnan(m.value[c][1]));
            assert_true(!isnan(m.value[c][3]));
        }
        gw_arena_fini(&arena);
    }
}

static void a_leap_day_is_left_out(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    struct gw_text rows = {0};
    for (int h = 1; h <= 24; h++) {
        sample_year_epw_row(&rows, 2, 29, h, 50);
    }
    sample_year_epw_row(&rows, 3, 1, 1, 0);
    assert_int_equal(parse(sample_year_epw_header, 59 * 24, rows.at, &m, &arena, NULL), GW_OK);
    assert_true(m.value[GW_METEO_DRY_BULB_C][59 * 24] == 0);
    gw_text_fini(&rows);
    gw_arena_fini(&arena);
}

static void a_file_that_is_no_year_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        int at;
        const char *row, *where, *why;
    } cases[] = {
        {3, "", "some.epw:12", "month 1, day 1, hour 5 where 1, 1, 4 is due"},
        {3, "1999,1,1\n", "some.epw:12", "3 fields instead of 35"},
        {8759, "", "some.epw:8767", "8759 hours of data, a year has 8760"},
        {0,
         "1999,1,1,1,60,f,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0\n1999,1,1,1,60,f,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,"
         "0\n",
         "some.epw:10", "month 1, day 1, hour 1 where 1, 1, 2 is due"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_meteo m;
        struct gw_error err;
        assert_int_equal(parse(sample_year_epw_header, cases[i].at, cases[i].row, &m, &arena, &err),
                         GW_ERR_SYNTAX);
        assert_string_equal(err.where, cases[i].where);
        assert_string_equal(err.why, cases[i].why);
        assert_int_equal(m.n, 0);
        gw_arena_fini(&arena);
    }
}

static void a_header_that_says_too_little_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header, *why;
    } cases[] = {
        {"LOCATION,a,b,c,d,e,1,2\n", "UTC offset"},
        {"LOCATION,a,b,c,d,e,1,2,-5,0\n1\n2\n3\n4\n5\n6\n7\n", "eighth line must be DATA PERIODS"},
        {"LOCATION,a,b,c,d,e,1,2,-5,0\n1\n2\n3\n4\n5\n6\nDATA PERIODS,1,4,Data\n",
         "more than one interval per hour"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_meteo m;
        struct gw_error err;
        assert_int_not_equal(parse(cases[i].header, -1, "", &m, &arena, &err), GW_OK);
        assert_non_null(strstr(err.why, cases[i].why));
        gw_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_and_converted),
        cmocka_unit_test(hours_end_at_their_stamp),
        cmocka_unit_test(missing_values_are_known_by_the_rules_of_the_format),
        cmocka_unit_test(a_leap_day_is_left_out),
        cmocka_unit_test(a_file_that_is_no_year_is_refused_with_its_line),
        cmocka_unit_test(a_header_that_says_too_little_is_refused),
    };
    return cmocka_run_group_tests_name("epw", tests, NULL, NULL);
}
