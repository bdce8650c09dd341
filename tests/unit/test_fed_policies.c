/* Whom each policy of the slot federation lets train, on the clients of small_round.h. */
#include "tests/support/small_round.h"

#include "models/policies/registry.h"

enum { NONE = 0, C0 = 1, C1 = 2, C2 = 4, C3 = 8, EVERYBODY = 15 };

static unsigned choice(const struct gw_policy_ops *ops, double first, double second, struct small_round *r)
{
    const double values[] = {first, second};
    return small_round_choice(ops, values, isnan(first) ? 0 : isnan(second) ? 1 : 2, r);
}
static const double other = NAN; /* the default */

static void ranks_take_the_least_of_their_signal(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_int_equal(choice(&gw_policy_fed_rank_all, other, other, &r), EVERYBODY);
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_ci, 2, other, &r), C0 | C1);
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_ci, 1, other, &r), C0);
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_ci, 1, 4 * 3600.0, &r), C1); /* 87.5 on average */
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_cost, 1, other, &r), C3);
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_water, 2, other, &r), C1 | C3);
    r.may[0] = 0;
    assert_int_equal(choice(&gw_policy_fed_rank_all, other, other, &r), EVERYBODY & ~C0);
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_ci, 1, other, &r), C1);
}

static void central_is_one_client_whatever_holds(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_int_equal(choice(&gw_policy_fed_rank_central, 2, other, &r), C2);
    assert_int_equal(choice(&gw_policy_fed_rank_central, other, other, &r), C0); /* all are as fast */
    r.steps_per_s[3] *= 2.0;
    assert_int_equal(choice(&gw_policy_fed_rank_central, other, other, &r), C3);
}

/* Client 0 needs five times the energy for a token. */
static void ranks_per_token_see_what_training_takes(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    r.steps_per_s[0] = 0.2;
    const double per_token[] = {1.0, 0.0, 1.0};
    assert_int_equal(small_round_choice(&gw_policy_fed_rank_lowest_ci, per_token, 3, &r), C1);
}

static void draws_differ_from_round_to_round_and_repeat_for_a_seed(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    unsigned seen = 0;
    for (r.round.number = 0; r.round.number < 64; r.round.number++) {
        const unsigned one = choice(&gw_policy_fed_rank_random, 1, other, &r);
        assert_int_equal(choice(&gw_policy_fed_rank_random, 1, other, &r), one);
        seen |= one;
    }
    assert_int_equal(seen, EVERYBODY);
}

static void a_running_round_keeps_whom_it_has(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    r.round.running = 1;
    r.in[3] = 1;
    assert_int_equal(choice(&gw_policy_fed_rank_lowest_ci, 1, other, &r), C3);
    assert_int_equal(choice(&gw_policy_fed_rank_random, 1, other, &r), C3);
    assert_int_equal(choice(&gw_policy_excess_power, 1, other, &r), C3);
    assert_int_equal(choice(&gw_policy_powertrip, other, other, &r), C3);
    assert_int_equal(choice(&gw_policy_fed_oracle, 1, other, &r), C3);
}

/* 900 steps take 2.5 kWh: client 2 has 5 kWh within the hour, 0 and 1 share 10 kWh in the third hour. */
static void excess_power_takes_who_is_fed_soonest(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_int_equal(choice(&gw_policy_excess_power, 1, other, &r), C2);
    assert_int_equal(choice(&gw_policy_excess_power, 3, other, &r), C0 | C1 | C2);
    assert_int_equal(choice(&gw_policy_excess_power, 4, other, &r), NONE); /* 3 is never fed */
    r.utility[0] = 2.0;
    r.utility[2] = 0.5;
    assert_int_equal(choice(&gw_policy_excess_power, 2, other, &r), C0 | C1); /* the most useful by then */
    r.excess[0][2] = r.excess[0][3] = r.excess[1][2] = r.excess[1][3] = 1.5;  /* 3 kWh feed one of the two */
    assert_int_equal(choice(&gw_policy_excess_power, 2, other, &r), C0 | C2);
}

static void curtailment_joins_below_and_leaves_after_a_hold(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    const double values[] = {150.0, 250.0, 600.0};
    void *self = small_round_policy(&gw_policy_curtailment, values, 3);
    assert_int_equal(small_round_ask(&gw_policy_curtailment, self, &r), C0);
    r.carbon[0][0] = 200.0; /* between the thresholds it stays */
    assert_int_equal(small_round_ask(&gw_policy_curtailment, self, &r), C0);
    r.carbon[0][0] = 300.0;
    r.round.now_us = INT64_C(1000000000);
    assert_int_equal(small_round_ask(&gw_policy_curtailment, self, &r), C0);
    r.round.now_us += INT64_C(500000000);
    r.carbon[0][0] = 240.0; /* a break: the hold begins anew */
    assert_int_equal(small_round_ask(&gw_policy_curtailment, self, &r), C0);
    r.carbon[0][0] = 300.0;
    r.round.now_us += INT64_C(200000000);
    assert_int_equal(small_round_ask(&gw_policy_curtailment, self, &r), C0);
    r.round.now_us += INT64_C(600000000);
    assert_int_equal(small_round_ask(&gw_policy_curtailment, self, &r), NONE);
    gw_policy_curtailment.destroy(self);
}

/* A round of client c emits 5 kWh of its carbon: 0.5, 1, 1.5, 2 kg; the budget is 1 kg an hour. */
static void a_budget_of_carbon_runs_up_debt_and_pays_it_off(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    const double values[] = {100.0, 100.0, 3600.0, 1.0};
    void *self = small_round_policy(&gw_policy_carbon_budget, values, 4);
    assert_int_equal(small_round_ask(&gw_policy_carbon_budget, self, &r), EVERYBODY); /* no debt yet */
    r.round.number = 1;                                                               /* 5 kg, 4 too many */
    r.round.now_us = INT64_C(3600000000);
    const unsigned poor = small_round_ask(&gw_policy_carbon_budget, self, &r);
    assert_int_equal(poor, NONE);
    r.round.now_us = INT64_C(5) * INT64_C(3600000000); /* four hours later it is paid */
    assert_int_equal(small_round_ask(&gw_policy_carbon_budget, self, &r), EVERYBODY);
    gw_policy_carbon_budget.destroy(self);
}

/* With alpha 1 and a fifth of all carbon the cleanest slots are taken: of client 1 and 2 they lie ahead. */
static void alpha_fair_takes_slots_by_what_they_save(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    /* in all 3270 g; 0.2 of it 654 g: 20, 50 x 3, 100 x 4 = 570 g */
    assert_int_equal(choice(&gw_policy_alpha_fair, 1.0, 0.2, &r), C0);
    assert_int_equal(choice(&gw_policy_alpha_fair, 1.0, 0.01, &r), NONE); /* 32.7 g: one slot, not now */
    /* 1900 g: beside those 570 g also 200 of client 1 and 300 x 3 of client 2 */
    assert_int_equal(choice(&gw_policy_alpha_fair, 1.0, 0.6, &r), C0 | C1 | C2);
}

/* 100 ms away a round takes 100 s more: 1800 s become 1900 s, and a third client is worth less than that. */
static void powertrip_adds_who_makes_learning_faster(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_int_equal(choice(&gw_policy_powertrip, 0.0, other, &r), EVERYBODY); /* distance costs nothing */
    r.sync_s[2] = 1e5;
    assert_int_equal(choice(&gw_policy_powertrip, 0.0, other, &r), EVERYBODY & ~C2);
    assert_int_equal(choice(&gw_policy_powertrip, 1.0, other, &r), C0); /* further tokens teach nothing */
}

static void fedsustain_weighs_renewable_share_and_buffer(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_int_equal(choice(&gw_policy_fedsustain, 1, other, &r), C1); /* 0.5 against 0.45 */
    assert_int_equal(choice(&gw_policy_fedsustain, 0, 0.3, &r), C0 | C1);
}

/* The truth: 20 g at client 2 in the fourth hour. */
static void the_oracle_waits_for_the_cleanest_time(void **state)
{
    (void)state;
    struct small_round r;
    small_round_init(&r);
    assert_int_equal(choice(&gw_policy_fed_oracle, 1, other, &r), C0);
    assert_int_equal(choice(&gw_policy_fed_oracle, 1, 0.5, &r), NONE); /* three of four hours are cleaner */
    assert_true((gw_policy_fed_oracle.flags & GW_POLICY_ORACLE) != 0);
    r.round.truth = NULL;
    struct gw_round_choice out = {.bytes = sizeof out, .in = r.in};
    struct gw_policy_error error = {0};
    void *self = small_round_policy(&gw_policy_fed_oracle, NULL, 0);
    assert_int_equal(gw_policy_fed_oracle.select(self, NULL, &r.round, &out, &error), 1);
    gw_policy_fed_oracle.destroy(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_take_the_least_of_their_signal),
        cmocka_unit_test(central_is_one_client_whatever_holds),
        cmocka_unit_test(ranks_per_token_see_what_training_takes),
        cmocka_unit_test(draws_differ_from_round_to_round_and_repeat_for_a_seed),
        cmocka_unit_test(a_running_round_keeps_whom_it_has),
        cmocka_unit_test(excess_power_takes_who_is_fed_soonest),
        cmocka_unit_test(curtailment_joins_below_and_leaves_after_a_hold),
        cmocka_unit_test(a_budget_of_carbon_runs_up_debt_and_pays_it_off),
        cmocka_unit_test(alpha_fair_takes_slots_by_what_they_save),
        cmocka_unit_test(powertrip_adds_who_makes_learning_faster),
        cmocka_unit_test(fedsustain_weighs_renewable_share_and_buffer),
        cmocka_unit_test(the_oracle_waits_for_the_cleanest_time),
    };
    return cmocka_run_group_tests_name("fed_policies", tests, NULL, NULL);
}
