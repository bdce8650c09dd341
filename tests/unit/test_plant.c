/* Cooling plants by name, and the constant one against numbers anyone can redo. */
#include "tests/support/near.h"

#include <string.h>

#include "models/cooling/plant.h"

struct constant_cfg { /* as in plant_constant.c, in the order of its table */
    double pue, wue, power_chain_share, withdrawn_per_consumed;
};

static const struct gw_plant_in megawatt = {
    .it_kw = 1000, .nameplate_kw = 2000, .dry_bulb_c = (double)NAN, .wet_bulb_c = (double)NAN};

static void every_name_leads_to_its_plant(void **state)
{
    (void)state;
    const char *const *name = gw_plant_names();
    assert_non_null(name[0]);
    for (; *name != NULL; name++) {
        const struct gw_plant *plant = gw_plant_find(*name);
        assert_non_null(plant);
        assert_string_equal(plant->name, *name);
        assert_ptr_equal(gw_plant_type(*name), plant->type);
    }
    assert_null(gw_plant_find("perpetual-motion"));
    assert_null(gw_plant_type("perpetual-motion"));
}

/* 1000 kW at PUE 1.2 has 200 kW of overhead: a quarter in the power chain, the rest in cooling. */
static void the_constant_plant_multiplies(void **state)
{
    (void)state;
    const struct constant_cfg cfg = {1.2, 0.5, 0.25, 1.25};
    const struct gw_plant_out out = gw_plant_find("constant")->at(&cfg, &megawatt);
    assert_near(out.power_chain_kw, 50, 1e-13, 0);
    assert_near(out.cooling_kw, 150, 1e-13, 0);
    assert_near(out.water_consumed_l_per_h, 500, 1e-13, 0);
    assert_near(out.water_withdrawn_l_per_h, 625, 1e-13, 0);
}

static void the_estimate_is_the_slope_between_two_loads(void **state)
{
    (void)state;
    const struct constant_cfg cfg = {1.37, 1.1, 0.3, 1};
    const struct gw_plant *plant = gw_plant_find("constant");
    struct gw_plant_in less = megawatt;
    less.it_kw = 400;
    const struct gw_plant_out high = plant->at(&cfg, &megawatt), low = plant->at(&cfg, &less);
    const struct gw_plant_estimate slope = plant->estimate(&cfg, &less);
    const double overhead_kw = high.cooling_kw + high.power_chain_kw - low.cooling_kw - low.power_chain_kw;
    assert_near(1 + overhead_kw / 600, slope.marginal_kw_per_kw, 1e-12, 0);
    assert_near((high.water_consumed_l_per_h - low.water_consumed_l_per_h) / 600, slope.water_l_per_kwh, 1e-12, 0);
    assert_near(low.cooling_kw + low.power_chain_kw + 400, slope.fixed_kw + slope.marginal_kw_per_kw * 400, 1e-12, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_leads_to_its_plant),
        cmocka_unit_test(the_constant_plant_multiplies),
        cmocka_unit_test(the_estimate_is_the_slope_between_two_loads),
    };
    return cmocka_run_group_tests_name("plant", tests, NULL, NULL);
}
