/* Weather between its nodes, and a node's own equations. */
#include "tests/support/near.h"

#include "models/weather/psychro.h"
#include "models/weather/weather.h"
#include "sim/base/units.h"

static struct gw_weather node(double dry_bulb_c, double dew_point_c)
{
    struct gw_weather w = {
        .dry_bulb_c = dry_bulb_c, .pressure_pa = GW_PSYCHRO_SEA_LEVEL_PA, .wind_m_per_s = (double)NAN};
    gw_weather_solve(&w, gw_psychro_saturation_pa(dew_point_c));
    return w;
}

static void values_lie_on_lines_between_nodes(void **state)
{
    (void)state;
    struct gw_weather nodes[] = {node(10, 5), node(20, 7)};
    const struct gw_weather_series s = {1000 * GW_US_PER_H, GW_US_PER_H, 2, nodes};
    const struct gw_weather w = gw_weather_at(&s, 1000 * GW_US_PER_H + GW_US_PER_H / 4);
    assert_near(w.dry_bulb_c, 12.5, 1e-14, 0);
    assert_near(w.dew_point_c, 5.5, 1e-11, 0);
    assert_near(w.wet_bulb_c, nodes[0].wet_bulb_c + (nodes[1].wet_bulb_c - nodes[0].wet_bulb_c) / 4, 1e-14,
                0);
    assert_true(w.pressure_pa == GW_PSYCHRO_SEA_LEVEL_PA);
    assert_true(isnan(w.wind_m_per_s)); /* unknown stays unknown */
}

static void ends_hold_their_value_for_one_step(void **state)
{
    (void)state;
    struct gw_weather nodes[] = {node(10, 5), node(20, 7)};
    const struct gw_weather_series s = {0, GW_US_PER_H, 2, nodes};
    assert_true(gw_weather_at(&s, -GW_US_PER_H).dry_bulb_c == 10);
    assert_true(gw_weather_at(&s, 0).dry_bulb_c == 10);
    assert_true(gw_weather_at(&s, GW_US_PER_H).dry_bulb_c == 20);
    assert_true(gw_weather_at(&s, 2 * GW_US_PER_H).dry_bulb_c == 20);
}

/* The largest step of an ordinary hour: 5 K of temperature, 2 K of dew point. */
static void an_interpolated_wet_bulb_is_off_by_hundredths(void **state)
{
    (void)state;
    struct gw_weather nodes[] = {node(20, 10), node(25, 12)};
    const struct gw_weather_series s = {0, GW_US_PER_H, 2, nodes};
    for (int i = 0; i <= 12; i++) {
        const struct gw_weather w = gw_weather_at(&s, i * GW_US_PER_H / 12);
        assert_near(w.wet_bulb_c, node(w.dry_bulb_c, w.dew_point_c).wet_bulb_c, 0, 0.03);
    }
}

static void more_vapour_than_air_holds_is_left_out(void **state)
{
    (void)state;
    const struct gw_weather w = node(10, 12);
    assert_true(w.dew_point_c <= 10 && w.wet_bulb_c <= 10);
    assert_near(w.dew_point_c, 10, 1e-12, 0);
    assert_near(w.wet_bulb_c, 10, 1e-12, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_lie_on_lines_between_nodes),
        cmocka_unit_test(ends_hold_their_value_for_one_step),
        cmocka_unit_test(an_interpolated_wet_bulb_is_off_by_hundredths),
        cmocka_unit_test(more_vapour_than_air_holds_is_left_out),
    };
    return cmocka_run_group_tests_name("weather", tests, NULL, NULL);
}
