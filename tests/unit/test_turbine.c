/* Wind turbines against the published curve of one of them. */
#include "tests/support/bound.h"

#include "models/supply/turbine.h"

/* 3 MW, always available, at the height of the measurement: the curve itself, at standard density. */
static const struct gw_turbine_cfg v90 = {.power_kw = 3000, .hub_height_m = 10, .availability = 1};
static const double standard_c = 15, standard_pa = 1.225 * 287.05 * 288.15;

static double kw(double v)
{
    return gw_turbine_at(&v90, v, standard_c, standard_pa).kw;
}

static void the_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_turbine_type, &errs);
    assert_int_equal(errs.n, 0);
}

static void the_curve_is_the_published_one(void **state)
{
    (void)state;
    assert_near(kw(4), 85, 1e-12, 0);
    assert_near(kw(8), 900, 1e-12, 0);
    assert_near(kw(8.5), 1100, 1e-12, 0); /* half way to 1300 */
    assert_near(kw(15), 3000, 1e-12, 0);
    assert_near(kw(24.9), 3000, 1e-12, 0);
    assert_near(kw(3.75), 42.5, 1e-12, 0);
    assert_near(kw(3.5), 0, 0, 0);
    assert_near(kw(25.1), 0, 0, 0);
}

/* 10 m to 100 m with the exponent 1/7: a factor 10^(1/7) = 1.3895. Air of half the density carries the power
 * of a wind that is 2^(-1/3) as fast. */
static void height_and_thin_air_change_the_wind(void **state)
{
    (void)state;
    struct gw_turbine_cfg cfg = v90;
    cfg.hub_height_m = 100;
    cfg.shear = 1.0 / 7;
    assert_near(gw_turbine_at(&cfg, 6, standard_c, standard_pa).hub_m_per_s, 6 * 1.3894954943731377, 1e-12,
                0);
    const struct gw_turbine_out thin = gw_turbine_at(&v90, 10, standard_c, standard_pa / 2);
    assert_near(thin.density_kg_per_m3, 1.225 / 2, 1e-12, 0);
    assert_near(thin.speed_m_per_s, 10 * pow(0.5, 1.0 / 3), 1e-12, 0);
    cfg = v90;
    cfg.availability = 0.9;
    assert_near(gw_turbine_at(&cfg, 12, standard_c, standard_pa).kw, 0.9 * 2560, 1e-12, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_right),
        cmocka_unit_test(the_curve_is_the_published_one),
        cmocka_unit_test(height_and_thin_air_change_the_wind),
    };
    return cmocka_run_group_tests_name("turbine", tests, NULL, NULL);
}
