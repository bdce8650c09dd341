/* Classes of water stress and what a litre weighs in them. */
#include "tests/support/near.h"

#include <math.h>

#include "models/supply/stress.h"

static void a_litre_weighs_one_and_the_middle_of_its_class(void **state)
{
    (void)state;
    static const struct {
        enum gw_stress class;
        double weight;
    } cases[] = {
        {GW_STRESS_LOW, 1.05}, {GW_STRESS_LOW_MEDIUM, 1.15},  {GW_STRESS_MEDIUM_HIGH, 1.3},
        {GW_STRESS_HIGH, 1.6}, {GW_STRESS_EXTREMELY_HIGH, 2}, {GW_STRESS_ARID, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(gw_stress_weight(cases[i].class), cases[i].weight, 1e-15, 0);
    }
}

static void dry_land_is_not_taken_for_plenty(void **state)
{
    (void)state;
    assert_true(gw_stress_weight(GW_STRESS_ARID) > gw_stress_weight(GW_STRESS_HIGH));
    assert_true(isnan(gw_stress_weight(GW_STRESS_UNKNOWN)));
}

static void every_class_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < GW_STRESS_CLASSES; i++) {
        assert_non_null(gw_stress_names[i]);
    }
    assert_null(gw_stress_names[GW_STRESS_CLASSES]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_litre_weighs_one_and_the_middle_of_its_class),
        cmocka_unit_test(dry_land_is_not_taken_for_plenty),
        cmocka_unit_test(every_class_has_a_name),
    };
    return cmocka_run_group_tests_name("stress", tests, NULL, NULL);
}
