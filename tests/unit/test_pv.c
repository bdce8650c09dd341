/* Sun, sky and panels against numbers anyone can redo. */
#include "tests/support/bound.h"

#include <math.h>
#include <stdio.h>

#include "models/supply/pv.h"

#define DEGREE (3.14159265358979323846 / 180)

static gw_time_us at(const char *text)
{
    gw_time_us unix_us;
    assert_int_equal(gw_clock_parse(text, &unix_us, NULL), GW_OK);
    return unix_us;
}

/* Power of 1000 kW without losses, as PVWatts has them otherwise. */
static struct gw_pv_cfg panels(const char *more)
{
    char yaml[200];
    snprintf(yaml, sizeof yaml, "{ power: 1 MW, losses: 0%s }\n", more);
    struct bound b;
    struct gw_pv_cfg cfg;
    bound_read(&b, &gw_pv_type, yaml, &cfg);
    bound_fini(&b);
    return cfg;
}

static void the_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_pv_type, &errs);
    assert_int_equal(errs.n, 0);
}

/* Astronomical almanac: solstices +-23.44 deg, equinox 0; the clock of the sun is 16.4 minutes ahead early in
 * November and 14.2 behind in mid February. Spencer's series is good to 0.04 deg and half a minute, and sees
 * years of 365 days. */
static void the_sun_stands_where_almanacs_have_it(void **state)
{
    (void)state;
    static const struct {
        const char *time;
        double declination_deg, equation_min;
    } rows[] = {
        {"2023-06-21T14:58Z", 23.44, -1.9},  {"2023-12-22T03:27Z", -23.44, 1.6},
        {"2023-03-20T21:24Z", 0, -7.5},      {"2023-09-23T06:50Z", 0, 7.4},
        {"2023-11-03T12:00Z", -15.0, 16.45}, {"2023-02-11T12:00Z", -14.1, -14.2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct gw_pv_day day = gw_pv_day_at(at(rows[i].time));
        assert_near(day.declination_rad / DEGREE, rows[i].declination_deg, 0, 0.3);
        assert_near(day.equation_min, rows[i].equation_min, 0, 0.5);
    }
    /* 1361 W/m2, 3.4 % more at perihelion in January, 3.3 % less in July */
    assert_near(gw_pv_day_at(at("2023-01-04")).normal_w_per_m2, 1361 * 1.0343, 2e-3, 0);
    assert_near(gw_pv_day_at(at("2023-07-05")).normal_w_per_m2, 1361 * 0.967, 2e-3, 0);
}

/* With declination 0 and a true clock: noon at 12 h, elevation 90 deg less the latitude; 6 h later it sets in
 * the west; in the morning it stands in the east. */
static void at_an_equinox_it_goes_from_east_to_west(void **state)
{
    (void)state;
    const struct gw_pv_day equinox = {0};
    const gw_time_us noon = at("2023-03-21T12:00Z");
    const struct gw_pv_sun high = gw_pv_sun_at(&equinox, 50, 0, noon);
    assert_near(asin(high.up) / DEGREE, 40, 1e-12, 0);
    assert_near(high.north, -sin(50 * DEGREE), 1e-12, 0);
    assert_near(high.east, 0, 0, 1e-15);

    const struct gw_pv_sun low = gw_pv_sun_at(&equinox, 50, 0, at("2023-03-21T18:00Z"));
    assert_near(low.up, 0, 0, 1e-15);
    assert_near(low.east, -1, 1e-15, 0);
    assert_near(gw_pv_sun_at(&equinox, 50, 0, at("2023-03-21T08:00Z")).east, sin(60 * DEGREE), 1e-12, 0);
    /* 90 deg further east the same sun stands six hours earlier */
    assert_near(gw_pv_sun_at(&equinox, 50, 90, at("2023-03-21T06:00Z")).up, high.up, 1e-12, 0);
    /* in Sydney it goes through the north */
    assert_true(gw_pv_sun_at(&equinox, -33.9, 0, noon).north > 0);
}

/* Haurwitz: 1098 exp(-0.057) = 1037.2 overhead; a full cover takes three quarters. */
static void cloud_takes_light(void **state)
{
    (void)state;
    assert_near(gw_pv_ghi_w_per_m2(1, 0), 1098 * exp(-0.057), 1e-14, 0);
    assert_near(gw_pv_ghi_w_per_m2(1, 1), 1098 * exp(-0.057) / 4, 1e-14, 0);
    assert_near(gw_pv_ghi_w_per_m2(-0.1, 0), 0, 0, 0);
}

/* 200 of 1000 W/m2 come through under cloud: 98.2 % of it diffuse. 500: .9511 - .0802 + 1.097 - 2.07975 +
 * .771 = .65915. Under a clear sky 16.5 %. Beam and diffuse add up to the horizontal whatever happens. */
static void light_is_split_as_erbs_found(void **state)
{
    (void)state;
    const struct gw_pv_sky dull = gw_pv_sky_at(200, 1, 1000), half = gw_pv_sky_at(500, 1, 1000);
    assert_near(dull.dhi_w_per_m2, 200 * (1 - 0.09 * 0.2), 1e-13, 0);
    assert_near(half.dhi_w_per_m2, 500 * 0.65915, 1e-12, 0);
    const struct gw_pv_sky clear = gw_pv_sky_at(450, 0.5, 1000);
    assert_near(clear.dhi_w_per_m2, 450 * 0.165, 1e-12, 0);
    assert_near(clear.dni_w_per_m2, 450 * 0.835 / 0.5, 1e-12, 0);
    for (double up = 1e-4; up < 1; up *= 1.7) {
        for (double ghi = 0; ghi < 1200; ghi += 97) {
            const struct gw_pv_sky sky = gw_pv_sky_at(ghi, up, 1361);
            assert_near(sky.dni_w_per_m2 * up + sky.dhi_w_per_m2, ghi, 1e-12, 1e-12);
            assert_true(sky.dhi_w_per_m2 >= 0 && sky.dni_w_per_m2 >= 0 && sky.dni_w_per_m2 <= 1361);
        }
    }
    assert_near(gw_pv_sky_at(3, -0.01, 1361).dhi_w_per_m2, 3, 0, 0);
}

/* Noon at an equinox, 40 deg north, panels tilted by 40 deg to the south: the sun stands square on them.
 * POA = 800 + 100 (1 + cos 40) / 2 + .2 (800 cos 40 + 100) (1 - cos 40) / 2 */
static void panels_tilted_as_the_latitude_face_the_equinox_sun(void **state)
{
    (void)state;
    const struct gw_pv_cfg cfg = panels(", tilt: 40 deg, azimuth: 180 deg");
    const struct gw_pv_day equinox = {0};
    const struct gw_pv_sun sun = gw_pv_sun_at(&equinox, 40, 0, at("2023-03-21T12:00Z"));
    const double c = cos(40 * DEGREE), ghi = 800 * c + 100;
    const struct gw_pv_sky sky = {.ghi_w_per_m2 = ghi, .dhi_w_per_m2 = 100, .dni_w_per_m2 = 800};
    const struct gw_pv_out out = gw_pv_at(&cfg, &sun, &sky, 10);
    assert_near(out.cos_incidence, 1, 1e-14, 0);
    const double poa = 800 + 100 * (1 + c) / 2 + 0.2 * ghi * (1 - c) / 2;
    assert_near(out.poa_w_per_m2, poa, 1e-13, 0);
    assert_near(out.cell_c, 10 + 25.0 / 800 * poa, 1e-13, 0);
    assert_near(out.dc_kw, poa * (1 - 0.0035 * (out.cell_c - 25)), 1e-13, 0);
}

/* The same panels lying flat see DNI times the sun's height, all diffuse light and nothing from the ground.
 */
static void flat_panels_see_the_horizontal(void **state)
{
    (void)state;
    const struct gw_pv_cfg cfg = panels(", tilt: 0 deg");
    const struct gw_pv_cfg placed = gw_pv_placed(&cfg, 40);
    const struct gw_pv_sun sun = {.east = 0.6, .north = 0, .up = 0.8};
    const struct gw_pv_sky sky = gw_pv_sky_at(600, sun.up, 1361);
    assert_near(gw_pv_at(&placed, &sun, &sky, 25).poa_w_per_m2, 600, 1e-13, 0);
}

/* A tracker with its axis north-south turns onto a sun in the east-west plane, up to its limit: 80 deg low,
 * it stops at 60 and misses by 20. It never does worse than lying flat. */
static void trackers_follow_the_sun_to_their_limit(void **state)
{
    (void)state;
    const struct gw_pv_cfg cfg = panels(", tracking: single-axis, azimuth: 180 deg");
    const struct gw_pv_sky sky = gw_pv_sky_at(500, 0.7, 1361);
    for (double angle = -85; angle <= 85; angle += 5) {
        const struct gw_pv_sun sun = {.east = sin(angle * DEGREE), .north = 0, .up = cos(angle * DEGREE)};
        const struct gw_pv_out out = gw_pv_at(&cfg, &sun, &sky, 25);
        const double missed_deg = fmax(fabs(angle) - 60, 0);
        assert_near(out.cos_incidence, cos(missed_deg * DEGREE), 1e-12, 0);
        assert_near(out.tilt_deg, fmin(fabs(angle), 60), 0, 1e-6);
    }
}

/* At z = 1 the inverter gives .96/.9637 (.9858 - .0162 - .0059) = 96 %; more than it can give is cut off at
 * power / dc_ac; in the dark it gives nothing. */
static void the_inverter_cuts_off(void **state)
{
    (void)state;
    struct gw_pv_cfg cfg =
        panels(", tilt: 0 deg, azimuth: 180 deg, temperature_coefficient: 0 1/K, dc_ac: 1");
    const struct gw_pv_sun sun = {.up = 1};
    struct gw_pv_sky sky = {.ghi_w_per_m2 = 1000 / 0.96, .dni_w_per_m2 = 1000 / 0.96};
    assert_near(gw_pv_at(&cfg, &sun, &sky, 25).ac_kw, 1000, 1e-12, 0);
    sky = (struct gw_pv_sky){.ghi_w_per_m2 = 1300, .dni_w_per_m2 = 1300};
    assert_near(gw_pv_at(&cfg, &sun, &sky, 25).ac_kw, 1000, 1e-12, 0);
    cfg.dc_ac = 1.25;
    assert_near(gw_pv_at(&cfg, &sun, &sky, 25).ac_kw, 800, 1e-12, 0);
    sky = (struct gw_pv_sky){0};
    assert_near(gw_pv_at(&cfg, &sun, &sky, 25).ac_kw, 0, 0, 0);
}

static void open_angles_are_those_of_the_place(void **state)
{
    (void)state;
    const struct gw_pv_cfg cfg = panels("");
    assert_near(gw_pv_placed(&cfg, 45.6).tilt_deg, 45.6, 0, 0);
    assert_near(gw_pv_placed(&cfg, 45.6).azimuth_deg, 180, 0, 0);
    assert_near(gw_pv_placed(&cfg, -33.9).tilt_deg, 33.9, 0, 0);
    assert_near(gw_pv_placed(&cfg, -33.9).azimuth_deg, 0, 0, 0);
    assert_near(gw_pv_placed(&cfg, 78).tilt_deg, 60, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_right),
        cmocka_unit_test(the_sun_stands_where_almanacs_have_it),
        cmocka_unit_test(at_an_equinox_it_goes_from_east_to_west),
        cmocka_unit_test(cloud_takes_light),
        cmocka_unit_test(light_is_split_as_erbs_found),
        cmocka_unit_test(panels_tilted_as_the_latitude_face_the_equinox_sun),
        cmocka_unit_test(flat_panels_see_the_horizontal),
        cmocka_unit_test(trackers_follow_the_sun_to_their_limit),
        cmocka_unit_test(the_inverter_cuts_off),
        cmocka_unit_test(open_angles_are_those_of_the_place),
    };
    return cmocka_run_group_tests_name("pv", tests, NULL, NULL);
}
