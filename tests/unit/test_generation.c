/* A site's own plants over time: made from the weather, cut into five minutes, the same however it is asked.
 */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/supply/generation.h"
#include "sim/base/units.h"

enum { HOURS = 48 };

static const struct gw_pv_cfg panels = {.power_kw = 1000,
                                        .tilt_deg = (double)NAN,
                                        .azimuth_deg = (double)NAN,
                                        .noct_c = 45,
                                        .dc_ac = 1.2,
                                        .inverter_efficiency = 0.96,
                                        .albedo = 0.2};
static const struct gw_turbine_cfg turbine = {.power_kw = 3000, .hub_height_m = 10, .availability = 1};
static const struct gw_supply_cfg both = {.pv = &panels, .wind = &turbine, .import_limit_kw = (double)NAN};

static struct gw_weather node[HOURS];
static struct gw_weather_series series = {.step_us = GW_US_PER_H, .n = HOURS, .node = node};

/* Two clear days of March at 40 deg north, 0 deg east, with a wind of 8 m/s at standard density. */
static int make_weather(void **state)
{
    (void)state;
    gw_time_us start;
    assert_int_equal(gw_clock_parse("2023-03-20", &start, NULL), GW_OK);
    series.first_unix_us = start + GW_US_PER_H / 2;
    for (int h = 0; h < HOURS; h++) {
        node[h] = (struct gw_weather){.dry_bulb_c = 15,
                                      .pressure_pa = 1.225 * 287.05 * 288.15,
                                      .wind_m_per_s = 8,
                                      .cloud_frac = 0,
                                      .ghi_w_per_m2 = (double)NAN};
    }
    return 0;
}

static void make(struct gw_generation *out, struct gw_arena *arena)
{
    struct gw_error err;
    assert_int_equal(gw_generation_make(&both, 40, 0, &series, "sites[a].pv", out, arena, &err), GW_OK);
}

/* Night gives nothing, noon most; a clear March day has 5 to 7 full hours; the wind never changes. */
static void a_day_has_a_night_and_a_noon(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_generation g;
    make(&g, &arena);
    const gw_time_us midnight = series.first_unix_us - GW_US_PER_H / 2;
    assert_near(gw_generation_at(&g, midnight + 2 * GW_US_PER_H).pv_kw, 0, 0, 0);
    const double noon = gw_generation_at(&g, midnight + 12 * GW_US_PER_H).pv_kw;
    assert_true(noon > 700 && noon < 1000 / 1.2 + 1e-9);
    double kwh = 0;
    for (gw_time_us t = midnight; t < midnight + 24 * GW_US_PER_H; t += GW_GENERATION_SLOT_US) {
        const struct gw_generation_node now = gw_generation_at(&g, t);
        assert_true(now.pv_kw >= 0 && now.pv_kw <= noon + 1);
        assert_near(now.wind_kw, 900, 1e-12, 0);
        kwh += now.pv_kw / 12;
    }
    assert_true(kwh > 5000 && kwh < 7000);
    /* lines between hours keep the day's energy */
    double hours = 0;
    for (int h = 0; h < 24; h++) {
        hours += g.node[h].pv_kw;
    }
    assert_near(kwh, hours, 1e-12, 0);
    gw_arena_fini(&arena);
}

/* Hourly irradiance as told by a file is spread over its hour, not changed: twice the light under the same
 * clear sky is about twice the power, and no light is none. */
static void told_light_goes_before_cloud(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_generation g;
    node[12].ghi_w_per_m2 = 0;
    node[13].ghi_w_per_m2 = 100;
    node[36].ghi_w_per_m2 = 50;
    make(&g, &arena);
    assert_near(g.node[12].pv_kw, 0, 0, 0);
    assert_true(g.node[13].pv_kw > 50 && g.node[13].pv_kw < 150);
    assert_true(g.node[36].pv_kw < 0.55 * g.node[13].pv_kw);
    gw_arena_fini(&arena);
}

static void slots_begin_on_the_clock_and_hold_their_middle(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_generation g;
    make(&g, &arena);
    const gw_time_us eight = series.first_unix_us - GW_US_PER_H / 2 + 8 * GW_US_PER_H,
                     minute = 60 * GW_US_PER_S;
    const double a = g.node[7].pv_kw, b = g.node[8].pv_kw; /* 7:30 and 8:30 */
    assert_near(gw_generation_at(&g, eight).pv_kw, a + (b - a) * 32.5 / 60, 1e-13, 0);
    assert_near(gw_generation_at(&g, eight + 5 * minute - 1).pv_kw, gw_generation_at(&g, eight).pv_kw, 0, 0);
    assert_int_equal(gw_generation_next(&g, eight + minute), eight + 5 * minute);
    assert_int_equal(gw_generation_next(&g, eight + 5 * minute), eight + 10 * minute);
    gw_arena_fini(&arena);
}

/* Forecasts are means of the lines: over an hour between nodes half of each, plus the wind. */
static void means_are_those_of_the_lines(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_generation g;
    make(&g, &arena);
    const gw_time_us from = series.first_unix_us + 8 * GW_US_PER_H;
    assert_near(gw_generation_mean_kw(&g, from, from + GW_US_PER_H),
                (g.node[8].pv_kw + g.node[9].pv_kw) / 2 + 900, 1e-13, 0);
    const double parts = gw_generation_mean_kw(&g, from, from + GW_US_PER_H / 4) / 4 +
                         gw_generation_mean_kw(&g, from + GW_US_PER_H / 4, from + GW_US_PER_H) * 3 / 4;
    assert_near(parts, gw_generation_mean_kw(&g, from, from + GW_US_PER_H), 1e-13, 0);
    const struct gw_generation none = {0};
    assert_near(gw_generation_mean_kw(&none, from, from + 1), 0, 0, 0);
    assert_near(gw_generation_at(&none, from).pv_kw, 0, 0, 0);
    assert_true(gw_generation_next(&none, from) == GW_NEVER_US);
    gw_arena_fini(&arena);
}

static void weather_that_does_not_tell_is_refused(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_generation g;
    struct gw_error err;
    node[10].cloud_frac = (double)NAN;
    assert_int_equal(gw_generation_make(&both, 40, 0, &series, "site \"a\"", &g, &arena, &err), GW_ERR_RANGE);
    assert_string_equal(err.why, "its weather has no irradiance and no cloud at 2023-03-20T10:30:00Z");
    assert_int_equal(g.n, 0);
    make_weather(NULL);
    node[3].wind_m_per_s = (double)NAN;
    assert_int_equal(gw_generation_make(&both, 40, 0, &series, "site \"a\"", &g, &arena, &err), GW_ERR_RANGE);
    assert_string_equal(err.where, "site \"a\"");
    assert_string_equal(err.why, "its weather has no wind at 2023-03-20T03:30:00Z");
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_day_has_a_night_and_a_noon, make_weather),
        cmocka_unit_test_setup(told_light_goes_before_cloud, make_weather),
        cmocka_unit_test_setup(slots_begin_on_the_clock_and_hold_their_middle, make_weather),
        cmocka_unit_test_setup(means_are_those_of_the_lines, make_weather),
        cmocka_unit_test_setup(weather_that_does_not_tell_is_refused, make_weather),
    };
    return cmocka_run_group_tests_name("generation", tests, NULL, NULL);
}
