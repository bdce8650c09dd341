/* `geowatt validate shield` and `geowatt validate slit`: the orders that are claimed hold here too. */
#include "tests/support/near.h"

#include "sim/validate/validators.h"

static void nothing_is_missed(enum gw_status (*validate)(struct gw_validation *, struct gw_error *))
{
    struct gw_validation v;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_validation_init(&v, NULL, &errs), GW_OK);
    if (validate(&v, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    assert_false(v.failed);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_KINDS, GW_VERDICT_SKIPPED), 0);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_KINDS, GW_VERDICT_MISS), 0);
    gw_validation_fini(&v);
}

static void shields_order_of_searches_holds(void **state)
{
    (void)state;
    nothing_is_missed(gw_validate_shield);
}

static void slits_order_of_policies_holds(void **state)
{
    (void)state;
    nothing_is_missed(gw_validate_slit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shields_order_of_searches_holds),
        cmocka_unit_test(slits_order_of_policies_holds),
    };
    return cmocka_run_group_tests_name("slit", tests, NULL, NULL);
}
