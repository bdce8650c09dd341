/* Room for the runs of a result, and their end. */
#include "tests/support/near.h"

#include "sim/run/result.h"
#include "tests/support/failing_malloc.h"

static void runs_begin_zeroed_and_empty(void **state)
{
    (void)state;
    struct gw_result result;
    assert_true(gw_result_init(&result, 3, 2, 4, 5));
    assert_int_equal(result.policies, 3);
    assert_int_equal(result.replications, 2);
    assert_int_equal(result.sites, 4);
    assert_int_equal(result.demands, 5);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(result.run[i].error.status, GW_OK);
        assert_null(result.run[i].site);
        assert_int_equal(result.run[i].rows, 0);
    }
    gw_result_fini(&result);
}

/* The leak check of the sanitizer build sees what fini forgets. */
static void the_end_frees_what_runs_own_and_may_come_twice(void **state)
{
    (void)state;
    struct gw_result result;
    assert_true(gw_result_init(&result, 2, 1, 1, 1));
    assert_non_null(gw_arena_alloc(&result.run[0].arena, 100));
    assert_non_null(gw_arena_alloc(&result.run[1].arena, 100000));
    gw_result_fini(&result);
    assert_null(result.run);
    gw_result_fini(&result);
    gw_result_fini(NULL);
}

static void without_memory_there_is_nothing_to_end(void **state)
{
    (void)state;
    struct gw_result result;
    gw_failing_malloc_arm(1);
    assert_false(gw_result_init(&result, 2, 1, 1, 1));
    assert_true(gw_failing_malloc_disarm());
    gw_result_fini(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_begin_zeroed_and_empty),
        cmocka_unit_test(the_end_frees_what_runs_own_and_may_come_twice),
        cmocka_unit_test(without_memory_there_is_nothing_to_end),
    };
    return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
