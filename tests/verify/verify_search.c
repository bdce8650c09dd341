/* `geowatt validate search` with the rows that take long: what must hold of it. The one that misses is
 * explained in docs/policies/optimisers.md. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/validate/validators.h"

static size_t missed(const struct gw_validation *v, const char *group)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        const struct gw_validation_row *row = &v->row[i];
        n += !row->detail && row->verdict == GW_VERDICT_MISS && strstr(row->group, group) != NULL;
    }
    return n;
}

static void searches_do_what_their_references_do(void **state)
{
    (void)state;
    struct gw_validation v;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_validation_init(&v, NULL, &errs), GW_OK);
    if (gw_validate_search(&v, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    assert_false(v.failed);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_KINDS, GW_VERDICT_SKIPPED), 0);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_IDENTITY, GW_VERDICT_MISS), 0);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_REPLAY, GW_VERDICT_MISS), 0);
    assert_true(missed(&v, "NSGA-II against") <= 1);
    assert_int_equal(missed(&v, "MOEA/D") + missed(&v, "NSGA-III") + missed(&v, "Routing"), 0);
    gw_validation_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_do_what_their_references_do),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
