/* Flow mode against the exact mode: the promised bounds over the grid of `geowatt validate flow`. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/validate/validators.h"

static void flow_meets_exact_within_what_is_promised(void **state)
{
    (void)state;
    struct gw_validation v;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_validation_init(&v, NULL, &errs), GW_OK);
    if (gw_validate_flow(&v, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    assert_false(v.failed);
    size_t promised = 0;
    for (size_t i = 0; i < v.n; i++) {
        const struct gw_validation_row *row = &v.row[i];
        promised += !row->detail;
        if (!row->detail && row->verdict != GW_VERDICT_PASS) {
            fail_msg("%s, %s: exact %g, flow %g %s", row->group, row->name, row->published, row->ours,
                     row->unit);
        }
    }
    assert_true(promised >= 50); /* five sites, five loads up to 80 %, energy and mean TTFT */
    gw_validation_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_meets_exact_within_what_is_promised),
    };
    return cmocka_run_group_tests_name("verify_flow", tests, NULL, NULL);
}
