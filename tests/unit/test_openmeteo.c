/* Open-Meteo answers: both forms say the same; units, zones, gaps and errors. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/units.h"
#include "traces/openmeteo.h"

#define START_2023_US (INT64_C(1672531200) * GW_US_PER_S)

static const char csv[] = "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
                          "52.5,13.4,38.0,3600,Europe/Berlin,CET\n"
                          "\n"
                          "time,temperature_2m (°C),relative_humidity_2m (%),dew_point_2m "
                          "(°C),surface_pressure (hPa),cloud_cover (%),"
                          "wind_speed_10m (km/h),shortwave_radiation (W/m²),rain (mm)\n"
                          "2023-01-01T01:00,1.5,90,0.1,1010.5,25,18,0,3\n"
                          "2023-01-01T02:00,2.5,,0.2,1010,50,36,100,3\n"
                          "2023-01-01T03:00,,80,0.3,1009,75,54,300,3\n";

static const char json[] =
    "{\"latitude\":52.5,\"longitude\":13.4,\"elevation\":38.0,\"utc_offset_seconds\":3600,\n"
    "\"hourly_units\":{\"temperature_2m\":\"°F\",\"wind_speed_10m\":\"m/s\",\"relativehumidity_2m\":\"%\"},\n"
    "\"hourly\":{\"time\":[\"2023-01-01T01:00\",\"2023-01-01T02:00\",\"2023-01-01T03:00\"],\n"
    "\"temperature_2m\":[34.7,36.5,null],\"relativehumidity_2m\":[90,null,80],\"dewpoint_2m\":[0.1,0.2,0.3],"
    "\n"
    "\"surface_pressure\":[1010.5,1010,1009],\"cloudcover\":[25,50,75],\"wind_speed_10m\":[5,10,15],\n"
    "\"shortwave_radiation\":[0,100,300],\"rain\":[3,3,3]}}\n";

static enum gw_status parse(const char *text, struct gw_meteo *out, struct gw_arena *arena,
                            struct gw_error *err)
{
    return gw_meteo_parse(text, strlen(text), "some", out, arena, err);
}

static void both_forms_say_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {csv, json};
    for (size_t i = 0; i < 2; i++) {
        struct gw_arena arena = {0};
        struct gw_meteo m;
        assert_int_equal(parse(texts[i], &m, &arena, NULL), GW_OK);
        assert_false(m.typical);
        assert_true(m.lat_deg == 52.5 && m.lon_deg == 13.4 && m.elevation_m == 38 && m.utc_offset_h == 1);
        assert_int_equal(m.first_unix_us, START_2023_US); /* 1:00 at UTC+1 */
        assert_int_equal(m.step_us, GW_US_PER_H);
        assert_int_equal(m.n, 3);
        assert_near(m.value[GW_METEO_DRY_BULB_C][0], 1.5, 1e-12, 0);
        assert_near(m.value[GW_METEO_DRY_BULB_C][1], 2.5, 1e-12, 0);
        assert_true(isnan(m.value[GW_METEO_DRY_BULB_C][2]));
        assert_near(m.value[GW_METEO_HUMIDITY_FRAC][0], 0.9, 1e-12, 0);
        assert_true(isnan(m.value[GW_METEO_HUMIDITY_FRAC][1]));
        assert_near(m.value[GW_METEO_DEW_POINT_C][2], 0.3, 1e-12, 0);
        assert_near(m.value[GW_METEO_PRESSURE_PA][0], 101050, 1e-12, 0);
        assert_near(m.value[GW_METEO_CLOUD_FRAC][1], 0.5, 1e-12, 0);
        assert_near(m.value[GW_METEO_WIND_M_PER_S][2], 15, 1e-12, 0);
        gw_arena_fini(&arena);
    }
}

/* Sums of the hours before their stamps: 100 until 2:00, 300 until 3:00; about 2:00 it shines with 200 W/m2.
 */
static void radiation_is_moved_to_the_instant_of_its_stamp(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    assert_int_equal(parse(csv, &m, &arena, NULL), GW_OK);
    assert_true(m.value[GW_METEO_GHI_W_PER_M2][0] == 50);
    assert_true(m.value[GW_METEO_GHI_W_PER_M2][1] == 200);
    assert_true(m.value[GW_METEO_GHI_W_PER_M2][2] == 300);
    gw_arena_fini(&arena);
}

static void a_bare_table_is_utc_and_unix_seconds_are_understood(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_meteo m;
    assert_int_equal(
        parse("time,temperature_2m (°C)\n2023-01-01T00:00,1\n2023-01-01T01:00,2\n", &m, &arena, NULL), GW_OK);
    assert_int_equal(m.first_unix_us, START_2023_US);
    assert_true(isnan(m.elevation_m));
    const char *unix_times = "{\"utc_offset_seconds\":3600,\"hourly\":{\"time\":[1672531200,1672534800],"
                             "\"temperature_2m\":[1,2]}}";
    assert_int_equal(parse(unix_times, &m, &arena, NULL), GW_OK);
    assert_int_equal(m.first_unix_us, START_2023_US);
    gw_arena_fini(&arena);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
    } cases[] = {
        {"time,temperature_2m\n2023-01-01T00:00,1\n2023-01-01T02:00,2\n2023-01-01T03:00,2\n", "some:4",
         "step of the first"},
        {"time,temperature_2m\n2023-01-01T00:00,1\nyesterday,2\n", "some:3", "not a time"},
        {"time,temperature_2m\n2023-01-01T00:00,1\n", "some:2", "fewer than two rows"},
        {"latitude,longitude\n1,2\n\ntime,temperature_2m\n", "some:2", "utc_offset_seconds"},
        {"{\"hourly\": [}", "some:1:13", "near '}'"},
        {"{\"hourly\": {}}", "some", "no list hourly.time"},
        {"{\"utc_offset_seconds\": 99999}", "some", "no offset of a zone"},
        {"{\"hourly\":{\"time\":[0,3600],\"temperature_2m\":[1]}}", "some", "no list of 2 values"},
        {"{\"hourly\":{\"time\":[0,3600],\"temperature_2m\":[1,\"x\"]}}", "some",
         "hourly.temperature_2m[1] is not"},
        {"{\"hourly\":{\"time\":[0,true]}}", "some", "hourly.time[1]: not a time"},
        {"{\"hourly\":{\"time\":[3600,0]}}", "some", "hourly.time[1]: the time does not follow"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_meteo m;
        struct gw_error err;
        assert_int_equal(parse(cases[i].text, &m, &arena, &err), GW_ERR_SYNTAX);
        if (strcmp(err.where, cases[i].where) != 0 || strstr(err.why, cases[i].why) == NULL) {
            fail_msg("case %zu: %s: %s", i, err.where, err.why);
        }
        assert_int_equal(m.n, 0);
        gw_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_say_the_same),
        cmocka_unit_test(radiation_is_moved_to_the_instant_of_its_stamp),
        cmocka_unit_test(a_bare_table_is_utc_and_unix_seconds_are_understood),
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
    };
    return cmocka_run_group_tests_name("openmeteo", tests, NULL, NULL);
}
