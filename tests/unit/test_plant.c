/* Cooling plants by name, and the constant one against numbers anyone can redo. */
#include "tests/support/bound.h"

#include <math.h>

#include "models/cooling/plant.h"

struct root {
    struct gw_named cooling;
};
static const struct gw_type named = {.kind = GW_NAMED,
                                     .size = sizeof(struct gw_named),
                                     .key = "plant",
                                     .named = gw_plant_type,
                                     .names = gw_plant_names};
static const struct gw_field fields[] = {GW_FIELD(struct root, cooling, &named, NULL, "A plant", NULL),
                                         GW_FIELD_END};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A site's cooling"};

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
        struct gw_errors errs = {0};
        gw_bind_verify(plant->type, &errs);
        assert_int_equal(errs.n, 0);
    }
    assert_null(gw_plant_find("perpetual-motion"));
    assert_null(gw_plant_type("perpetual-motion"));
}

/* 1000 kW at PUE 1.2 has 200 kW of overhead: a quarter in the power chain, the rest in cooling. */
static void the_constant_plant_multiplies(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type,
               "cooling: { plant: constant, pue: 1.2, wue: 0.5, power_chain_share: 25 %, "
               "withdrawn_per_consumed: 1.25 }\n",
               &root);
    const struct gw_plant_out out = gw_plant_find(root.cooling.name)->at(root.cooling.cfg, &megawatt);
    assert_near(out.power_chain_kw, 50, 1e-13, 0);
    assert_near(out.cooling_kw, 150, 1e-13, 0);
    assert_near(out.water_consumed_l_per_h, 500, 1e-13, 0);
    assert_near(out.water_withdrawn_l_per_h, 625, 1e-13, 0);
    bound_fini(&b);
}

/* 1000 kW and the published fleet means, PUE 1.15 and WUE 0.15 L/kWh; 30 % of 150 kW in the power chain. */
static void a_bare_name_takes_the_defaults(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, "cooling: constant\n", &root);
    const struct gw_plant_out out = gw_plant_find(root.cooling.name)->at(root.cooling.cfg, &megawatt);
    assert_near(out.power_chain_kw, 45, 1e-12, 0);
    assert_near(out.cooling_kw, 105, 1e-12, 0);
    assert_near(out.water_consumed_l_per_h, 150, 1e-13, 0);
    assert_near(out.water_withdrawn_l_per_h, 150, 1e-13, 0);
    bound_fini(&b);
}

static void the_estimate_is_the_slope_between_two_loads(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, "cooling: { plant: constant, pue: 1.37, wue: 1.1 }\n", &root);
    const struct gw_plant *plant = gw_plant_find("constant");
    const void *cfg = root.cooling.cfg;
    struct gw_plant_in less = megawatt;
    less.it_kw = 400;
    const struct gw_plant_out high = plant->at(cfg, &megawatt), low = plant->at(cfg, &less);
    const struct gw_plant_estimate slope = plant->estimate(cfg, &less);
    const double overhead_kw = high.cooling_kw + high.power_chain_kw - low.cooling_kw - low.power_chain_kw;
    assert_near(1 + overhead_kw / 600, slope.marginal_kw_per_kw, 1e-12, 0);
    assert_near((high.water_consumed_l_per_h - low.water_consumed_l_per_h) / 600, slope.water_l_per_kwh,
                1e-12, 0);
    assert_near(low.cooling_kw + low.power_chain_kw + 400, slope.fixed_kw + slope.marginal_kw_per_kw * 400,
                1e-12, 0);
    bound_fini(&b);
}

static void impossible_plants_are_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "cooling: { plant: constant, pue: 0.9 }\n", &root,
                "below the smallest allowed 1");
    bound_fails(&b, &root_type, "cooling: { plant: constant, wue: -1 }\n", &root,
                "below the smallest allowed 0");
    bound_fails(&b, &root_type, "cooling: { plant: constant, puee: 1.1 }\n", &root, "did you mean");
    bound_fails(&b, &root_type, "cooling: constnat\n", &root, "did you mean \"constant\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_leads_to_its_plant),
        cmocka_unit_test(the_constant_plant_multiplies),
        cmocka_unit_test(a_bare_name_takes_the_defaults),
        cmocka_unit_test(the_estimate_is_the_slope_between_two_loads),
        cmocka_unit_test(impossible_plants_are_refused),
    };
    return cmocka_run_group_tests_name("plant", tests, NULL, NULL);
}
