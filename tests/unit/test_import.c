/* Measured weather made ready: gaps, humidity, pressure, years laid out, cover of a run. */
#include "tests/support/near.h"

#include <string.h>

#include "models/weather/import.h"
#include "models/weather/psychro.h"
#include "sim/base/units.h"

#define START_2023_US (INT64_C(1672531200) * GW_US_PER_S)
#define START_2024_US (INT64_C(1704067200) * GW_US_PER_S)
#define DAY_US        (24 * GW_US_PER_H)

enum { YEAR = 8760 };

/* n hours from 2023 on, all columns unknown but a dry bulb of 20 and a dew point of 10 degC. */
static struct gw_meteo hours(size_t n, struct gw_arena *arena)
{
    struct gw_meteo m = {
        .elevation_m = 500, .first_unix_us = START_2023_US + GW_US_PER_H / 2, .step_us = GW_US_PER_H, .n = n};
    for (int c = 0; c < GW_METEO_COLUMNS; c++) {
        assert_true(gw_meteo_add_column(&m, (enum gw_meteo_column)c, arena));
    }
    for (size_t i = 0; i < n; i++) {
        m.value[GW_METEO_DRY_BULB_C][i] = 20;
        m.value[GW_METEO_DEW_POINT_C][i] = 10;
    }
    return m;
}

static enum gw_status prepare(const struct gw_meteo *m, bool repeat, struct gw_import *out,
                              struct gw_arena *arena, struct gw_error *err)
{
    return gw_import_prepare(m, "some.epw", repeat, (double)NAN, out, arena, err);
}

static void short_gaps_are_bridged_by_lines(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m = hours(24, &arena);
    double *dry = m.value[GW_METEO_DRY_BULB_C];
    dry[0] = (double)NAN;
    dry[9] = 10;
    dry[10] = dry[11] = dry[12] = (double)NAN;
    dry[13] = 18;
    struct gw_import in;
    assert_int_equal(prepare(&m, false, &in, &arena, NULL), GW_OK);
    assert_true(in.node[0].dry_bulb_c == 20); /* at an end the neighbour's */
    assert_true(in.node[10].dry_bulb_c == 12 && in.node[11].dry_bulb_c == 14 && in.node[12].dry_bulb_c == 16);
    assert_int_equal(in.bridged, 4);
    gw_arena_fini(&arena);
}

static void a_long_gap_is_an_error_that_says_when(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m = hours(48, &arena);
    for (int i = 30; i < 37; i++) {
        m.value[GW_METEO_DRY_BULB_C][i] = (double)NAN;
    }
    struct gw_import in;
    struct gw_error err;
    assert_int_equal(prepare(&m, false, &in, &arena, &err), GW_ERR_RANGE);
    assert_string_equal(err.where, "some.epw");
    assert_string_equal(err.why, "2023-01-02T06:30:00Z: hours without a dry bulb: 7");

    struct gw_meteo none = hours(6, &arena);
    for (int i = 0; i < 6; i++) {
        none.value[GW_METEO_DEW_POINT_C][i] = (double)NAN;
    }
    assert_int_equal(prepare(&none, false, &in, &arena, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "no values at all"));
    gw_arena_fini(&arena);
}

/* A relative humidity of 50 % at 25 degC is a dew point of 13.86 degC. */
static void humidity_stands_in_for_the_dew_point(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m = hours(24, &arena);
    m.value[GW_METEO_DRY_BULB_C][5] = 25;
    m.value[GW_METEO_DEW_POINT_C][5] = (double)NAN;
    m.value[GW_METEO_HUMIDITY_FRAC][5] = 0.5;
    m.value[GW_METEO_HUMIDITY_FRAC][6] = 0.5; /* the dew point told counts */
    struct gw_import in;
    assert_int_equal(prepare(&m, false, &in, &arena, NULL), GW_OK);
    assert_near(in.node[5].dew_point_c, 13.864, 0, 0.002);
    assert_near(in.node[6].dew_point_c, 10, 1e-12, 0);
    assert_int_equal(in.bridged, 0);
    gw_arena_fini(&arena);
}

static void pressure_comes_from_the_file_or_a_height(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m = hours(24, &arena);
    struct gw_import in;
    struct gw_error err;
    assert_int_equal(prepare(&m, false, &in, &arena, NULL), GW_OK);
    assert_near(in.node[0].pressure_pa, 95461, 1e-5, 0);

    m.elevation_m = (double)NAN;
    assert_int_equal(gw_import_prepare(&m, "f", false, 1000, &in, &arena, NULL), GW_OK);
    assert_near(in.node[0].pressure_pa, 89875, 1e-5, 0);

    for (size_t i = 0; i < m.n; i++) {
        m.value[GW_METEO_PRESSURE_PA][i] = 99000;
    }
    assert_int_equal(prepare(&m, false, &in, &arena, NULL), GW_OK);
    assert_true(in.node[0].pressure_pa == 99000);

    m.value[GW_METEO_PRESSURE_PA] = NULL;
    assert_int_equal(prepare(&m, false, &in, &arena, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "neither a pressure nor a height"));
    gw_arena_fini(&arena);
}

static void air_beyond_the_equations_is_refused(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_import in;
    struct gw_error err;
    struct gw_meteo m = hours(24, &arena);
    m.typical = true;
    m.value[GW_METEO_DRY_BULB_C][3] = 68;
    assert_int_equal(prepare(&m, false, &in, &arena, &err), GW_ERR_RANGE);
    assert_string_equal(err.why, "hour 4 of the year: a dry bulb outside -60 to 60 degC: 68");
    gw_arena_fini(&arena);
}

/* A typical year at UTC-5: its hour i has i/1000 degC. */
static struct gw_import typical_year(struct gw_arena *arena)
{
    struct gw_meteo m = hours(YEAR, arena);
    m.typical = true;
    m.utc_offset_h = -5;
    m.first_unix_us = GW_US_PER_H / 2;
    for (int i = 0; i < YEAR; i++) {
        m.value[GW_METEO_DRY_BULB_C][i] = 20 + i / 1000.0;
    }
    struct gw_import in;
    assert_int_equal(prepare(&m, false, &in, arena, NULL), GW_OK);
    return in;
}

static double dry_at(const struct gw_import *in, gw_time_us from_us, gw_time_us at_us, struct gw_arena *arena)
{
    struct gw_weather_series s;
    assert_int_equal(gw_import_make(in, from_us, from_us + DAY_US, &s, arena, NULL), GW_OK);
    return gw_weather_at(&s, at_us).dry_bulb_c;
}

static void typical_years_are_laid_out_in_local_standard_time(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_import in = typical_year(&arena);
    /* 0:30 on 1 January at UTC-5 is 5:30 UTC, of any year */
    assert_true(dry_at(&in, START_2023_US, START_2023_US + 11 * GW_US_PER_H / 2, &arena) == 20);
    assert_true(dry_at(&in, START_2024_US, START_2024_US + 11 * GW_US_PER_H / 2, &arena) == 20);
    /* the hour before is the year's last */
    assert_near(dry_at(&in, START_2023_US, START_2023_US + 9 * GW_US_PER_H / 2, &arena), 28.759, 1e-14, 0);
    /* 29 February 2024 is the 28th again, and 1 March follows as in any year */
    const gw_time_us noon_us = START_2024_US + 59 * DAY_US + 35 * GW_US_PER_H / 2; /* 12:30 local */
    const double noon_28_c = 20 + (58 * 24 + 12) / 1000.0;
    assert_near(dry_at(&in, noon_us, noon_us, &arena), noon_28_c, 1e-14, 0);
    assert_near(dry_at(&in, noon_us - DAY_US, noon_us - DAY_US, &arena), noon_28_c, 1e-14, 0);
    assert_near(dry_at(&in, noon_us + DAY_US, noon_us + DAY_US, &arena), noon_28_c + 0.024, 1e-14, 0);
    gw_arena_fini(&arena);
}

static void stamped_weather_must_cover_the_run(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_meteo m = hours(48, &arena);
    struct gw_import in;
    struct gw_weather_series s;
    struct gw_error err;
    assert_int_equal(prepare(&m, false, &in, &arena, NULL), GW_OK);
    assert_int_equal(gw_import_make(&in, START_2023_US, START_2023_US + 2 * DAY_US, &s, &arena, NULL), GW_OK);
    assert_true(gw_weather_at(&s, START_2023_US).dry_bulb_c == 20);
    assert_true(gw_weather_at(&s, START_2023_US + 2 * DAY_US).dry_bulb_c == 20);
    assert_int_equal(gw_import_make(&in, START_2023_US, START_2023_US + 3 * DAY_US, &s, &arena, &err),
                     GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "no weather at 2023-01-03T00:30:00Z"));
    assert_int_equal(gw_import_make(&in, START_2023_US - DAY_US, START_2023_US, &s, &arena, &err),
                     GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "no weather at 2022-12-31T00:00:00Z"));
    gw_arena_fini(&arena);
}

static void a_stamped_year_may_stand_for_every_year(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m = hours(YEAR, &arena);
    m.value[GW_METEO_DRY_BULB_C][0] = 5;
    struct gw_import in;
    assert_int_equal(prepare(&m, true, &in, &arena, NULL), GW_OK);
    assert_true(dry_at(&in, START_2024_US, START_2024_US + GW_US_PER_H / 2, &arena) == 5);

    struct gw_error err;
    m.n = YEAR - 24;
    assert_int_equal(prepare(&m, true, &in, &arena, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "365 days"));

    /* 365 days from 1 January of a leap year end on 30 December */
    m.n = YEAR;
    m.first_unix_us = START_2024_US + GW_US_PER_H / 2;
    assert_int_equal(prepare(&m, true, &in, &arena, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "day 365 is missing"));
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_gaps_are_bridged_by_lines),
        cmocka_unit_test(a_long_gap_is_an_error_that_says_when),
        cmocka_unit_test(humidity_stands_in_for_the_dew_point),
        cmocka_unit_test(pressure_comes_from_the_file_or_a_height),
        cmocka_unit_test(air_beyond_the_equations_is_refused),
        cmocka_unit_test(typical_years_are_laid_out_in_local_standard_time),
        cmocka_unit_test(stamped_weather_must_cover_the_run),
        cmocka_unit_test(a_stamped_year_may_stand_for_every_year),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
