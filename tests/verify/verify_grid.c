/* `geowatt validate grid`: what must hold of it. What misses is listed in docs/models/grid.md. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/validate/validators.h"

/* Rows of a group with a verdict; those of a kind when it is given. */
static size_t count(const struct gw_validation *v, const char *group, enum gw_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        n += !v->row[i].detail && strcmp(v->row[i].group, group) == 0 && v->row[i].verdict == verdict;
    }
    return n;
}

static void generated_grids_are_like_published_ones(void **state)
{
    (void)state;
    struct gw_validation v;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_validation_init(&v, NULL, &errs), GW_OK);
    if (gw_validate_grid(&v, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    assert_false(v.failed);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_KINDS, GW_VERDICT_SKIPPED), 0);
    assert_true(count(&v, "Hourly carbon", GW_VERDICT_PASS) >= 5); /* of 6 medians */
    assert_true(count(&v, "Marginal carbon", GW_VERDICT_PASS) >= 20);
    assert_true(count(&v, "Neighbours", GW_VERDICT_PASS) > count(&v, "Neighbours", GW_VERDICT_MISS));
    assert_true(count(&v, "Prices", GW_VERDICT_PASS) > 2 * count(&v, "Prices", GW_VERDICT_MISS));
    gw_validation_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_grids_are_like_published_ones),
    };
    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
