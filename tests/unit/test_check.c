/* A broken invariant ends the process with status 70 and a line that says what to run again. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/check.h"
#include "tests/support/exit_of.h"

static void hold(void)
{
    GW_REQUIRE(1 + 1 == 2);
}

static void break_alone(void)
{
    GW_REQUIRE(1 + 1 == 3);
}

static void break_in_a_run(void)
{
    const struct gw_check_context context = {.scenario = "two-sites",
                                             .policy = "nearest",
                                             .seed = 42,
                                             .replication = 3,
                                             .now_us = 1500000,
                                             .event = 77};
    gw_check_enter(&context);
    GW_REQUIRE(1 + 1 == 3);
}

static void break_without_names(void)
{
    const struct gw_check_context context = {.seed = 42};
    gw_check_enter(&context);
    GW_REQUIRE(1 + 1 == 3);
}

static void what_holds_changes_nothing(void **state)
{
    (void)state;
    char said[1024];
    assert_int_equal(gw_exit_of(hold, said, sizeof said), 0);
    assert_string_equal(said, "");
}

static void what_does_not_hold_ends_the_process_with_status_70(void **state)
{
    (void)state;
    char said[1024];
    assert_int_equal(gw_exit_of(break_alone, said, sizeof said), 70);
    assert_non_null(strstr(said, "test_check.c:"));
    assert_non_null(strstr(said, "1 + 1 == 3 does not hold\n"));
}

static void the_line_says_what_to_run_again(void **state)
{
    (void)state;
    char said[1024];
    assert_int_equal(gw_exit_of(break_in_a_run, said, sizeof said), 70);
    assert_non_null(strstr(said,
                           "(scenario two-sites, policy nearest, seed 42, replication 3, time 1500000 us, "
                           "event 77)\n"));
    assert_int_equal(gw_exit_of(break_without_names, said, sizeof said), 70);
    assert_non_null(strstr(said, "(scenario ?, policy ?, seed 42,"));
}

static void contexts_nest(void **state)
{
    (void)state;
    const struct gw_check_context outer = {.seed = 1}, inner = {.seed = 2};
    assert_null(gw_check_enter(&outer));
    assert_ptr_equal(gw_check_enter(&inner), &outer);
    assert_ptr_equal(gw_check_enter(&outer), &inner);
    assert_ptr_equal(gw_check_enter(NULL), &outer);
}

/* The costly form is compiled in with GW_CHECKS only; its operands are never left unused. */
static void the_costly_form_is_evaluated_only_when_asked_for(void **state)
{
    (void)state;
    int evaluated = 0;
    GW_CHECK(++evaluated > 0);
#ifdef GW_CHECKS
    assert_int_equal(evaluated, 1);
#else
    assert_int_equal(evaluated, 0);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds_changes_nothing),
        cmocka_unit_test(what_does_not_hold_ends_the_process_with_status_70),
        cmocka_unit_test(the_line_says_what_to_run_again),
        cmocka_unit_test(contexts_nest),
        cmocka_unit_test(the_costly_form_is_evaluated_only_when_asked_for),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
