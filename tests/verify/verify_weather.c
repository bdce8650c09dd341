/* `geowatt validate weather`: what must hold of it where the measured years are at hand. What misses is
 * listed in docs/models/weather.md. */
#include "tests/support/near.h"

#include <stdlib.h>

#include "sim/validate/validators.h"

static void generated_years_are_like_measured_ones(void **state)
{
    (void)state;
    struct gw_validation v;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_validation_init(&v, getenv("GEOWATT_REFERENCE_DATA"), &errs), GW_OK);
    if (gw_validate_weather(&v, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    assert_false(v.failed);
    assert_int_equal(v.n, 4 * 19);
    const size_t skipped = gw_validation_count(&v, GW_VALIDATION_KINDS, GW_VERDICT_SKIPPED);
    const size_t missed = gw_validation_count(&v, GW_VALIDATION_FITTED, GW_VERDICT_MISS);
    gw_validation_fini(&v);
    if (skipped > 0) {
        skip();
    }
    assert_true(missed <= 5); /* Phoenix' monsoon, and four places whose year is not that of their normals */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_years_are_like_measured_ones),
    };
    return cmocka_run_group_tests_name("weather", tests, NULL, NULL);
}
