/* A heap array grows by doubling; a failure to grow changes nothing. */
#include "tests/support/near.h"

#include <stdint.h>
#include <stdlib.h>

#include "sim/base/array.h"
#include "tests/support/failing_malloc.h"

static void elements_survive_growth(void **state)
{
    (void)state;
    void *at = NULL;
    size_t cap = 0;
    for (size_t i = 0; i < 1000; i++) {
        assert_true(gw_array_reserve(&at, &cap, i + 1, sizeof(size_t)));
        ((size_t *)at)[i] = i * i;
    }
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(((size_t *)at)[i], i * i);
    }
    free(at);
}

static void capacity_doubles_unless_more_is_needed(void **state)
{
    (void)state;
    void *at = NULL;
    size_t cap = 0;
    assert_true(gw_array_reserve(&at, &cap, 1, 4));
    assert_int_equal(cap, 8);
    assert_true(gw_array_reserve(&at, &cap, 8, 4));
    assert_int_equal(cap, 8);
    assert_true(gw_array_reserve(&at, &cap, 9, 4));
    assert_int_equal(cap, 16);
    assert_true(gw_array_reserve(&at, &cap, 100, 4));
    assert_int_equal(cap, 100);
    free(at);
}

static void needing_nothing_allocates_nothing(void **state)
{
    (void)state;
    void *at = NULL;
    size_t cap = 0;
    assert_true(gw_array_reserve(&at, &cap, 0, 4));
    assert_null(at);
}

static void a_refused_growth_changes_nothing(void **state)
{
    (void)state;
    void *at = NULL;
    size_t cap = 0;
    assert_true(gw_array_reserve(&at, &cap, 8, sizeof(int)));
    ((int *)at)[7] = 42;
    void *before = at;

    gw_failing_malloc_arm(1);
    assert_false(gw_array_reserve(&at, &cap, 9, sizeof(int)));
    assert_true(gw_failing_malloc_disarm());
    assert_false(gw_array_reserve(&at, &cap, SIZE_MAX / 2, sizeof(int))); /* overflows */
    assert_ptr_equal(at, before);
    assert_int_equal(cap, 8);
    assert_int_equal(((int *)at)[7], 42);
    free(at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_survive_growth),
        cmocka_unit_test(capacity_doubles_unless_more_is_needed),
        cmocka_unit_test(needing_nothing_allocates_nothing),
        cmocka_unit_test(a_refused_growth_changes_nothing),
    };
    return cmocka_run_group_tests_name("array", tests, NULL, NULL);
}
