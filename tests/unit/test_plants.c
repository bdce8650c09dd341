/* Presets of weather-driven plants at single points of weather, 60 % load, sea level: the check values of
 * docs/models/cooling.md, which were computed by another program. */
#include "tests/support/one_plant.h"

#include <string.h>

#include "tests/support/air.h"

#define SEA 101325.0

static double pue(const struct gw_plant_out *out, double it_kw)
{
    return 1 + (out->cooling_kw + out->power_chain_kw) / it_kw;
}

/* PUE to the four printed decimals, water evaporated in L per IT kWh to half a per cent, share without
 * compressor. */
static void presets_meet_their_check_values(void **state)
{
    (void)state;
    static const struct {
        const char *plant;
        double dry_bulb_c, humidity_frac, pue, evaporated, free_least, free_most;
    } cases[] = {
        {"ae-dec", 20, 0.50, 1.0882, 0, 1, 1},     {"ae-dec", 25, 0.50, 1.0960, 0.497, 1, 1},
        {"ae-dec", 35, 0.20, 1.0960, 1.729, 1, 1}, {"ae-dec", 30, 0.50, 1.3480, 0, 0, 0},
        {"wc-wse", 5, 0.80, 1.1323, 0.950, 1, 1},  {"wc-wse", 20, 0.50, 1.1824, 1.520, 0.01, 0.99},
        {"wc-wse", 30, 0.50, 1.2565, 1.838, 0, 0}, {"wc-wse", 40, 0.15, 1.2469, 2.543, 0, 0},
        {"ac", -5, 0.80, 1.1809, 0, 1, 1},         {"ac", 20, 0.50, 1.3876, 0, 0, 0},
        {"ac", 40, 0.15, 1.5958, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct one_plant p;
        one_plant_read(&p, cases[i].plant);
        const struct gw_plant_in in = air_at(cases[i].dry_bulb_c, cases[i].humidity_frac, SEA);
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        assert_near(pue(&out, in.it_kw), cases[i].pue, 0, 6e-5);
        assert_near(out.evaporated_l_per_h / in.it_kw, cases[i].evaporated, 5e-3, 0);
        assert_true(out.free_frac >= cases[i].free_least && out.free_frac <= cases[i].free_most);
        one_plant_fini(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_meet_their_check_values),
    };
    return cmocka_run_group_tests_name("plants", tests, NULL, NULL);
}
