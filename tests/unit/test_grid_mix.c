/* Shares times factors: what a mix emits and consumes under named sets, and the catalogue against its own
 * means. */
#include "tests/support/entries.h"

#include <math.h>

#include "models/grid/zone.h"

static void a_mean_is_weighted_by_the_shares(void **state)
{
    (void)state;
    const struct gw_mix share = {{[GW_FUEL_COAL] = 1, [GW_FUEL_WIND] = 3}};
    const struct gw_mix factor = {{[GW_FUEL_COAL] = 800, [GW_FUEL_GAS] = 5000, [GW_FUEL_WIND] = 12}};
    assert_near(gw_mix_mean(&share, &factor), 209, 1e-15, 0); /* (800 + 36) / 4 */
    const struct gw_mix nothing = {{0}};
    assert_true(gw_mix_mean(&nothing, &factor) == 0);
}

/* Quebec: 91.1 % water, 2.5 % biomass, 1 % nuclear, 0.4 % gas, 4.9 % wind. With reservoirs at 17 L/kWh
 * (0.911 * 17 + 0.08) / 0.999 = 15.6; without them what little burns: 0.08. */
static void the_water_set_decides_how_thirsty_hydropower_is(void **state)
{
    static const struct {
        const char *set;
        double l_per_kwh;
    } cases[] = {
        {"macknick", 0.08}, {"macknick-reservoirs", 15.6}, {"gridemissions", 8.8}, {"less-thirsty", 0.07}};
    const struct gw_zone *quebec = entry(*state, "grid", "CA-QC");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_water_set *set = entry(*state, "water-set", cases[i].set);
        assert_near(gw_mix_mean(&quebec->mix, &set->l_per_kwh), cases[i].l_per_kwh, 0.01, 0.005);
    }
}

/* The annual means of regions.yaml come from the same mixes and factors. */
static void every_grid_meets_the_annual_means_of_its_region(void **state)
{
    struct entries *entries = *state;
    const struct gw_node *grids = gw_node_get(entries->catalogue.root, "grids");
    assert_true(grids->n >= 44);
    const struct gw_water_set *macknick = entry(entries, "water-set", "macknick");
    for (uint32_t i = 0; i < grids->n; i++) {
        const struct gw_zone *zone = entry(entries, "grid", grids->entry[i].key);
        const struct gw_region *region = zone->region;
        assert_string_equal(zone->name, region->name);
        assert_near(gw_mix_mean(&zone->mix, &zone->lifecycle_gco2_per_kwh),
                    region->carbon_lifecycle_gco2_per_kwh, 0.05, 1);
        assert_near(gw_mix_mean(&zone->mix, &zone->direct_gco2_per_kwh), region->carbon_direct_gco2_per_kwh,
                    0.05, 1);
        assert_near(gw_mix_mean(&zone->mix, &macknick->l_per_kwh), region->water_l_per_kwh, 0.05, 0.02);
    }
}

static void its_tables_are_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_zone_type, &errs);
    gw_bind_verify(&gw_mix_water_set, &errs);
    if (errs.n > 0) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mean_is_weighted_by_the_shares),
        cmocka_unit_test(the_water_set_decides_how_thirsty_hydropower_is),
        cmocka_unit_test(every_grid_meets_the_annual_means_of_its_region),
        cmocka_unit_test(its_tables_are_right),
    };
    return cmocka_run_group_tests_name("grid mix", tests, entries_load, entries_unload);
}
