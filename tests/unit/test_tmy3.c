/* TMY3 files: columns found by name, in any order; -9900 is missing. */
#include "tests/support/sample_year.h"

#include <string.h>

#include "traces/tmy3.h"

static enum gw_status parse(const char *header, int other_at, const char *other, struct gw_meteo *out,
                            struct gw_arena *arena, struct gw_error *err)
{
    struct gw_text text = {0};
    sample_year(&text, header, sample_year_tmy3_row, other_at, other);
    const enum gw_status s = gw_meteo_parse(text.at, text.n, "some.csv", out, arena, err);
    gw_text_fini(&text);
    return s;
}

static void columns_are_found_by_name_and_converted(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    assert_int_equal(parse(sample_year_tmy3_header, -1, "", &m, &arena, NULL), GW_OK);
    assert_true(m.typical);
    assert_true(m.lat_deg == 40.5 && m.lon_deg == -105.25 && m.elevation_m == 1600 && m.utc_offset_h == -7);
    const size_t noon = 200 * 24 + 12;
    assert_true(m.value[GW_METEO_DRY_BULB_C][noon] == 12);
    assert_true(m.value[GW_METEO_DEW_POINT_C][noon] == 7);
    assert_near(m.value[GW_METEO_HUMIDITY_FRAC][noon], 0.4, 1e-15, 0);
    assert_true(m.value[GW_METEO_PRESSURE_PA][noon] == 83000);
    assert_near(m.value[GW_METEO_CLOUD_FRAC][noon], 0.4, 1e-15, 0);
    assert_true(m.value[GW_METEO_WIND_M_PER_S][noon] == 3.5);
    assert_true(m.value[GW_METEO_GHI_W_PER_M2][noon] == 250);
    gw_arena_fini(&arena);
}

static void minus_9900_is_missing(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    const char *row = "01/01/1988,03:00,-9900,-9900,-9900,-9900,-9900,-9900,-9900\n";
    assert_int_equal(parse(sample_year_tmy3_header, 2, row, &m, &arena, NULL), GW_OK);
    for (int c = 0; c < GW_METEO_COLUMNS; c++) {
        assert_true(isnan(m.value[c][2]));
    }
    gw_arena_fini(&arena);
}

static void what_is_no_year_or_has_no_temperature_is_refused(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    struct gw_error err;
    assert_int_equal(parse(sample_year_tmy3_header, 4, "1988-01-01,5,1\n", &m, &arena, &err), GW_ERR_SYNTAX);
    assert_string_equal(err.where, "some.csv:7");
    const char *header = "1,x,XX,-7.0,40,-105,1600\nDate (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2)\n";
    assert_int_equal(parse(header, -1, "", &m, &arena, &err), GW_ERR_SYNTAX);
    assert_string_equal(err.why, "no column \"Dry-bulb (C)\"");
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name_and_converted),
        cmocka_unit_test(minus_9900_is_missing),
        cmocka_unit_test(what_is_no_year_or_has_no_temperature_is_refused),
    };
    return cmocka_run_group_tests_name("tmy3", tests, NULL, NULL);
}
