/* Picking clients by score, and what policies of rounds share. */
#include "tests/support/small_round.h"

#include "models/policies/rounds.h"

static void the_least_scores_are_picked_and_ties_go_to_the_first(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    const double score[] = {3.0, 1.0, 1.0, 0.5};
    assert_int_equal(gw_rounds_pick(&r.round, score, 2.0, r.in), 2);
    const uint8_t first[] = {0, 1, 0, 1};
    assert_memory_equal(r.in, first, sizeof first);
    assert_int_equal(gw_rounds_pick(&r.round, score, 0.0, r.in), 4);
}

static void who_may_not_or_has_no_score_is_never_picked(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    r.may[3] = 0;
    const double score[] = {(double)NAN, 1.0, (double)INFINITY, 0.5};
    assert_int_equal(gw_rounds_pick(&r.round, score, 4.0, r.in), 1);
    const uint8_t only[] = {0, 1, 0, 0};
    assert_memory_equal(r.in, only, sizeof only);
}

/* 200, 50, 50, 50 by the hour. */
static void forecasts_are_averaged_over_whole_steps(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_near(gw_rounds_mean(&r.round, r.carbon[1], 0.0), 200.0, 0, 0);
    assert_near(gw_rounds_mean(&r.round, r.carbon[1], 5400.0), 125.0, 1e-12, 0);
    assert_near(gw_rounds_mean(&r.round, r.carbon[1], 1e9), 87.5, 1e-12, 0);
}

/* 10 kW for a second are 1000 tokens. */
static void energy_per_token_is_that_at_full_speed(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_near(gw_rounds_kwh_per_tok(&r.round, 0), 10.0 / 3600.0 / 1000.0, 1e-12, 0);
}

static void memory_grows_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    struct gw_rounds_memory memory = {0};
    r.round.clients = 2;
    assert_true(gw_rounds_remember(&memory, &r.round, 7.0));
    memory.v[0] = 1.0;
    r.round.clients = 4;
    assert_true(gw_rounds_remember(&memory, &r.round, 8.0));
    assert_near(memory.v[0], 1.0, 0, 0);
    assert_near(memory.v[1], 7.0, 0, 0);
    assert_near(memory.v[3], 8.0, 0, 0);
    gw_rounds_forget(&memory);
    assert_null(memory.v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_scores_are_picked_and_ties_go_to_the_first),
        cmocka_unit_test(who_may_not_or_has_no_score_is_never_picked),
        cmocka_unit_test(forecasts_are_averaged_over_whole_steps),
        cmocka_unit_test(energy_per_token_is_that_at_full_speed),
        cmocka_unit_test(memory_grows_and_keeps_what_it_has),
    };
    return cmocka_run_group_tests_name("rounds", tests, NULL, NULL);
}
