/* Whatever the air: wet bulb and dew point solve their equations, lie in order, and grow with the humidity.
 */
#include "tests/support/near.h"

#include "models/weather/psychro.h"
#include "sim/core/rng.h"

enum { TRIALS = 200000 };

struct air {
    double dry_bulb_c, pressure_pa, humidity_ratio, vapour_pa, dew_point_c, wet_bulb_c;
};

/* Anything between deserts and ice sheets; rarely hotter than 60 degC * a unit draw. */
static struct air draw(struct gw_rng *rng)
{
    struct air a;
    a.dry_bulb_c = -60 + 120 * gw_rng_unit(gw_rng_next(rng));
    a.pressure_pa = 50e3 + 60e3 * gw_rng_unit(gw_rng_next(rng));
    const double humidity_frac = 1e-3 + 0.999 * gw_rng_unit(gw_rng_next(rng));
    a.vapour_pa = humidity_frac * gw_psychro_saturation_pa(a.dry_bulb_c);
    a.humidity_ratio = gw_psychro_humidity_ratio(a.vapour_pa, a.pressure_pa);
    a.dew_point_c = gw_psychro_dew_point_c(a.vapour_pa);
    a.wet_bulb_c = gw_psychro_wet_bulb_c(a.dry_bulb_c, a.humidity_ratio, a.pressure_pa);
    return a;
}

/* The humidity ratio that equation (5) or (6) gives back for a wet bulb. */
static double ratio_of(const struct air *a)
{
    const double t = a->dry_bulb_c, wet = a->wet_bulb_c;
    const double w = gw_psychro_humidity_ratio(gw_psychro_saturation_pa(wet), a->pressure_pa);
    return wet > 0.01 ? ((2501 - 2.326 * wet) * w - 1.006 * (t - wet)) / (2501 + 1.86 * t - 4.186 * wet)
                      : ((2830 - 0.24 * wet) * w - 1.006 * (t - wet)) / (2830 + 1.86 * t - 2.1 * wet);
}

static void wet_bulb_and_dew_point_solve_their_equations(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/psychro"));
    for (int i = 0; i < TRIALS; i++) {
        const struct air a = draw(&rng);
        assert_near(gw_psychro_saturation_pa(a.dew_point_c), a.vapour_pa, 1e-12, 0);
        assert_near(gw_psychro_vapour_pa(a.humidity_ratio, a.pressure_pa), a.vapour_pa, 1e-14, 0);
        /* an error of 1e-11 K in the wet bulb is 6e-15 in the ratio at least, more where it is warm */
        assert_near(ratio_of(&a), a.humidity_ratio, 2e-12, 1e-14);
    }
}

static void dew_point_wet_bulb_and_dry_bulb_lie_in_this_order(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(2, 0, "prop/psychro"));
    for (int i = 0; i < TRIALS; i++) {
        const struct air a = draw(&rng);
        if (!(a.dew_point_c <= a.wet_bulb_c + 1e-9 && a.wet_bulb_c <= a.dry_bulb_c)) {
            fail_msg("%.17g degC, %.17g, %.17g Pa: dew point %.17g, wet bulb %.17g", a.dry_bulb_c,
                     a.humidity_ratio, a.pressure_pa, a.dew_point_c, a.wet_bulb_c);
        }
    }
}

static void a_little_more_vapour_never_lowers_the_wet_bulb(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(3, 0, "prop/psychro"));
    for (int i = 0; i < TRIALS; i++) {
        const struct air a = draw(&rng);
        const double more_c = gw_psychro_wet_bulb_c(a.dry_bulb_c, a.humidity_ratio * 1.001, a.pressure_pa);
        assert_true(more_c >= a.wet_bulb_c - 1e-11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wet_bulb_and_dew_point_solve_their_equations),
        cmocka_unit_test(dew_point_wet_bulb_and_dry_bulb_lie_in_this_order),
        cmocka_unit_test(a_little_more_vapour_never_lowers_the_wet_bulb),
    };
    return cmocka_run_group_tests_name("psychro", tests, NULL, NULL);
}
