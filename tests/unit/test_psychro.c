/* Moist air against published tables and worked examples, and against the equations themselves. */
#include "tests/support/near.h"

#include "models/weather/psychro.h"

static double wet_bulb(double dry_bulb_c, double humidity_frac, double pressure_pa)
{
    const double vapour_pa = humidity_frac * gw_psychro_saturation_pa(dry_bulb_c);
    return gw_psychro_wet_bulb_c(dry_bulb_c, gw_psychro_humidity_ratio(vapour_pa, pressure_pa), pressure_pa);
}

/* Solved by bisection of the ASHRAE equations with PsychroLib 2.5 at sea level. */
static void wet_bulbs_agree_with_psychrolib_to_its_printed_digits(void **state)
{
    (void)state;
    static const double humidity_frac[] = {0.1, 0.2, 0.3, 0.5, 0.9};
    static const struct {
        double dry_bulb_c, wet_bulb_c[5];
    } rows[] = {
        {-10, {-12.991, -12.649, -12.309, -11.638, -10.323}}, {0, {-5.573, -4.904, -4.248, -2.975, -0.572}},
        {5, {-2.270, -1.411, -0.575, 1.354, 4.302}},          {10, {1.463, 2.528, 3.561, 5.536, 9.157}},
        {15, {4.608, 5.952, 7.242, 9.672, 14.010}},           {20, {7.601, 9.271, 10.853, 13.783, 18.864}},
        {25, {10.468, 12.513, 14.422, 17.889, 23.722}},       {30, {13.234, 15.704, 17.972, 22.005, 28.586}},
        {35, {15.926, 18.870, 21.524, 26.141, 33.457}},       {40, {18.566, 22.032, 25.093, 30.305, 38.333}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < 5; j++) {
            const double got_c = wet_bulb(rows[i].dry_bulb_c, humidity_frac[j], GW_PSYCHRO_SEA_LEVEL_PA);
            assert_near(got_c, rows[i].wet_bulb_c[j], 0, 0.0011);
        }
    }
    assert_near(wet_bulb(7, 0.61, 100e3), 3.92667, 0, 1e-3); /* its bisection ends at 1e-3 K */
    assert_near(wet_bulb(35, 0.20, 83e3), 17.83, 0, 0.005);  /* at altitude */
}

/* ASHRAE Handbook, Fundamentals, chapter 1; the equations are good to 0.03 %. */
static void saturation_pressures_agree_with_ashrae(void **state)
{
    (void)state;
    static const struct {
        double t_c, pa;
    } rows[] = {{-60, 1.08}, {-20, 103.24}, {-5, 401.74}, {5, 872.6}, {25, 3169.7}, {50, 12351.3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_near(gw_psychro_saturation_pa(rows[i].t_c), rows[i].pa, 3e-4, 0.005);
    }
}

/* Temperature 40 degC with a wet bulb of 20 degC: the worked example of the same chapter. */
static void the_worked_example_of_the_handbook_comes_out(void **state)
{
    (void)state;
    const double w = 0.0065;
    assert_near(gw_psychro_wet_bulb_c(40, w, GW_PSYCHRO_SEA_LEVEL_PA), 20, 0, 0.1); /* all read off a chart */
    assert_near(gw_psychro_enthalpy_j_per_kg(40, w), 56.7e3, 0, 3e2);
    const double vapour_pa = gw_psychro_vapour_pa(w, GW_PSYCHRO_SEA_LEVEL_PA);
    assert_near(vapour_pa / gw_psychro_saturation_pa(40), 0.14, 0, 0.002);
    assert_near(gw_psychro_dew_point_c(vapour_pa), 7, 0, 0.7);
    assert_near((1 + w) / gw_psychro_density_kg_per_m3(40, w, GW_PSYCHRO_SEA_LEVEL_PA), 0.896, 0, 1e-3);
}

static void humidity_enthalpy_and_pressure_agree_with_psychrolib(void **state)
{
    (void)state;
    assert_near(gw_psychro_enthalpy_j_per_kg(30, 0.02), 81316, 1e-12, 0);
    const double vapour_pa = 0.5 * gw_psychro_saturation_pa(25);
    assert_near(gw_psychro_humidity_ratio(vapour_pa, GW_PSYCHRO_SEA_LEVEL_PA), 0.009881, 1e-4, 0);
    assert_near(gw_psychro_dew_point_c(vapour_pa), 13.864, 0, 0.002);
    assert_near(gw_psychro_pressure_pa(500), 95461, 1e-5, 0);
    assert_near(gw_psychro_pressure_pa(1000), 89875, 1e-5, 0);
    assert_near(gw_psychro_wet_bulb_c(30, 0.0192281, 95461), 25, 0, 3e-3); /* 3e-4 of W, its tolerance */
}

/* v = 287.042 * 293.15 / 101325 = 0.83046 m3/kg, and 1 % of vapour makes 1.01 kg of 1.01608 as much. */
static void density_counts_the_mass_of_the_vapour(void **state)
{
    (void)state;
    assert_near(1 / gw_psychro_density_kg_per_m3(20, 0, GW_PSYCHRO_SEA_LEVEL_PA), 0.83046, 1e-5, 0);
    assert_near(gw_psychro_density_kg_per_m3(20, 0.01, GW_PSYCHRO_SEA_LEVEL_PA) * 0.83046, 1.01 / 1.01608,
                1e-5, 0);
}

static void air_beyond_saturation_counts_as_saturated(void **state)
{
    (void)state;
    assert_true(wet_bulb(20, 1.2, GW_PSYCHRO_SEA_LEVEL_PA) == 20);
    assert_true(wet_bulb(-5, 1.01, GW_PSYCHRO_SEA_LEVEL_PA) == -5);
    assert_near(wet_bulb(20, 1, GW_PSYCHRO_SEA_LEVEL_PA), 20, 0, 1e-12);
}

/* About freezing two solutions exist side by side; with growing humidity the wet bulb leaps over the gap
 * once. */
static void the_wet_bulb_leaps_once_at_freezing(void **state)
{
    (void)state;
    int leaps = 0;
    double before_c = wet_bulb(5, 0, GW_PSYCHRO_SEA_LEVEL_PA);
    for (int i = 1; i <= 1000; i++) {
        const double now_c = wet_bulb(5, i / 1000.0, GW_PSYCHRO_SEA_LEVEL_PA);
        assert_true(now_c > before_c);
        if (now_c - before_c > 0.1) {
            assert_true(before_c < 0 && now_c > 0 && now_c < 0.03);
            leaps++;
        }
        before_c = now_c;
    }
    assert_int_equal(leaps, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wet_bulbs_agree_with_psychrolib_to_its_printed_digits),
        cmocka_unit_test(saturation_pressures_agree_with_ashrae),
        cmocka_unit_test(the_worked_example_of_the_handbook_comes_out),
        cmocka_unit_test(humidity_enthalpy_and_pressure_agree_with_psychrolib),
        cmocka_unit_test(density_counts_the_mass_of_the_vapour),
        cmocka_unit_test(air_beyond_saturation_counts_as_saturated),
        cmocka_unit_test(the_wet_bulb_leaps_once_at_freezing),
    };
    return cmocka_run_group_tests_name("psychro", tests, NULL, NULL);
}
