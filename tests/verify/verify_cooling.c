/* `geowatt validate cooling`: what must hold of it. Single sites that miss are listed in
 * docs/models/cooling.md; the criteria here are those that hold. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/validate/validators.h"

static const struct gw_validation_row *find(const struct gw_validation *v, const char *name)
{
    for (size_t i = 0; i < v->n; i++) {
        if (strcmp(v->row[i].name, name) == 0) {
            return &v->row[i];
        }
    }
    fail_msg("there is no row %s", name);
    return NULL;
}

static void run(struct gw_validation *v)
{
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_validation_init(v, getenv("GEOWATT_REFERENCE_DATA"), &errs), GW_OK);
    if (gw_validate_cooling(v, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    assert_false(v->failed);
}

static void points_of_towers_and_pads_hold_to_half_a_per_cent(void **state)
{
    (void)state;
    struct gw_validation v;
    run(&v);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_IDENTITY, GW_VERDICT_PASS), 14);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_IDENTITY, GW_VERDICT_MISS), 0);
    gw_validation_fini(&v);
}

static void operators_scatter_about_the_presets(void **state)
{
    (void)state;
    struct gw_validation v;
    run(&v);
    assert_int_equal(find(&v, "six AWS regions on outside air, PUE")->verdict, GW_VERDICT_PASS);
    assert_int_equal(find(&v, "seven Google sites, PUE")->verdict, GW_VERDICT_PASS);
    assert_true(gw_validation_count(&v, GW_VALIDATION_PREDICTED, GW_VERDICT_PASS) >= 11);
    gw_validation_fini(&v);
}

static void the_study_of_ten_kinds_is_met_in_nine_of_ten_zones(void **state)
{
    (void)state;
    struct gw_validation v;
    run(&v);
    if (gw_validation_count(&v, GW_VALIDATION_REPLAY, GW_VERDICT_SKIPPED) > 0) {
        gw_validation_fini(&v);
        skip();
    }
    assert_true(find(&v, "zone-cases with PUE in the band")->ours >= 0.9);
    assert_true(find(&v, "zone-cases with WUE in the band")->ours >= 0.9);
    gw_validation_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_towers_and_pads_hold_to_half_a_per_cent),
        cmocka_unit_test(operators_scatter_about_the_presets),
        cmocka_unit_test(the_study_of_ten_kinds_is_met_in_nine_of_ten_zones),
    };
    return cmocka_run_group_tests_name("cooling", tests, NULL, NULL);
}
