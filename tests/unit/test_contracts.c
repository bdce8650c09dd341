/* docs/contracts.md, paragraph by paragraph: clock, window, meter cut, attribution, drain, ordering, streams.
 */
#include "tests/support/near.h"

#include <string.h>

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Clock: a scored run begins at 0 and ends on a step boundary; a warm one has simulated an epoch before that.
 */
static void clock_counts_from_the_start_of_the_scored_time(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites, NULL, 0);
    assert_int_equal(e.sc.burn_in_us, INT64_C(900000000));
    for (size_t i = 0; i < e.result.policies; i++) {
        const struct gw_run_result *run = &e.result.run[i];
        assert_true(run->end_us >= e.sc.cfg.time.duration_us);
        assert_int_equal(run->end_us % e.sc.cfg.time.step_us, 0);
        assert_int_equal(run->rows, (run->end_us + e.sc.every_us - 1) / e.sc.every_us);
    }
    experiment_fini(&e);
}

/* Window: a policy that only plans cannot know how often routers look, so any window gives the same bytes. */
static void any_window_gives_a_planner_the_same_bytes(void **state)
{
    (void)state;
    struct experiment whole, minute, second;
    experiment_run(&whole, experiment_two_sites, NULL, 0);
    experiment_run(&minute, experiment_two_sites, SET("time.window=1 min"), 0);
    experiment_run(&second, experiment_two_sites, SET("time.window=1 s"), 0);
    experiment_assert_same(&whole, &minute);
    experiment_assert_same(&whole, &second);
    experiment_fini(&whole);
    experiment_fini(&minute);
    experiment_fini(&second);
}

/* So it may be short where an epoch would hold billions of requests, and still divides the epoch. */
static void a_planners_window_holds_a_bounded_number_of_requests(void **state)
{
    (void)state;
    static const struct {
        const char *rate;
        gw_time_us window_us;
    } cases[] = {
        {"serving.demand[east].rate=100 /s", INT64_C(900000000)}, /* 104/s * 900 s < 1e5: the epoch */
        {"serving.demand[east].rate=1e4 /s", INT64_C(9375000)},   /* 300 s / 32 is the first that divides */
        {"serving.demand[east].rate=1e6 /s", INT64_C(96000)},     /* 300 s / 3125 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_scenario sc;
        struct gw_errors errs = {0};
        const struct gw_scenario_options options = {.set = SET(cases[i].rate)};
        assert_int_equal(gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "test.yaml",
                                           &options, &sc, &errs),
                         GW_OK);
        assert_int_equal(sc.variant[0].window_us, cases[i].window_us);
        gw_scenario_fini(&sc);
    }
}

/* Meter cut: reading meters more often splits engine steps but neither makes nor loses energy. */
static void meters_may_be_read_at_any_step(void **state)
{
    (void)state;
    struct experiment coarse, fine;
    experiment_run(&coarse, experiment_two_sites, SET("time.step=15 min"), 0);
    experiment_run(&fine, experiment_two_sites, SET("time.step=1 min"), 0);
    static const enum gw_account accounts[] = {
        GW_ACCOUNT_BUSY,         GW_ACCOUNT_HOST,   GW_ACCOUNT_IMPORT,    GW_ACCOUNT_COST,
        GW_ACCOUNT_WATER_ONSITE, GW_ACCOUNT_BUSY_S, GW_ACCOUNT_TOKENS_OUT};
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        assert_near(experiment_account(&fine, "round-robin", NULL, accounts[i]),
                    experiment_account(&coarse, "round-robin", NULL, accounts[i]), 1e-9, 0.0);
    }
    assert_near(experiment_score(&fine, "round-robin", GW_SCORE_TTFT_MEAN),
                experiment_score(&coarse, "round-robin", GW_SCORE_TTFT_MEAN), 0.0, 0.0);
    experiment_fini(&coarse);
    experiment_fini(&fine);
}

/* Attribution: what the demand rows are charged is the busy energy, all of it and nothing else. */
static void demand_rows_share_the_busy_energy(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites, NULL, 0);
    for (uint32_t p = 0; p < e.result.policies; p++) {
        const struct gw_run_result *run = &e.result.run[p];
        const char *policy = e.sc.variant_name[p];
        const double shared = run->demand[0].busy_kwh + run->demand[1].busy_kwh;
        assert_near(shared, experiment_account(&e, policy, NULL, GW_ACCOUNT_BUSY), 1e-12, 0.0);
        assert_true(run->demand[0].carbon_kg + run->demand[1].carbon_kg < run->score[GW_SCORE_CARBON]);
    }
    experiment_fini(&e);
}

/* Drain: without it, work is left over; with it, the work is done, its steps are paid for, and idle power is
 * not. */
static void drain_pays_for_work_and_not_for_idling(void **state)
{
    (void)state;
    struct experiment with, without;
    experiment_run(&with, experiment_two_sites, NULL, 0);
    experiment_run(&without, experiment_two_sites, SET("time.drain=none"), 0);
    assert_near(experiment_score(&with, "nearest", GW_SCORE_UNSERVED), 0.0, 0.0, 0.0);
    assert_true(experiment_score(&without, "nearest", GW_SCORE_UNSERVED) > 0.0);
    assert_near(experiment_account(&with, "nearest", NULL, GW_ACCOUNT_IDLE),
                experiment_account(&without, "nearest", NULL, GW_ACCOUNT_IDLE), 1e-12, 0.0);
    assert_near(experiment_account(&with, "nearest", NULL, GW_ACCOUNT_SPARE),
                experiment_account(&without, "nearest", NULL, GW_ACCOUNT_SPARE), 1e-12, 0.0);
    assert_true(experiment_account(&with, "nearest", NULL, GW_ACCOUNT_BUSY) >
                experiment_account(&without, "nearest", NULL, GW_ACCOUNT_BUSY));
    experiment_fini(&with);
    experiment_fini(&without);
}

/* Ordering: two rows of equal requests sent from one place meet at the same microseconds only by rule; the
 * order in which sites stand in the file changes nothing of what happens at each. */
static void the_order_of_sites_in_the_file_changes_nothing_at_them(void **state)
{
    (void)state;
    struct experiment a, b;
    experiment_run(&a, experiment_two_sites, SET("policies=[nearest]"), 0);
    char yaml[4096];
    const char *virginia = strstr(experiment_two_sites, "  - { name: virginia");
    const char *oregon = strstr(experiment_two_sites, "  - { name: oregon");
    const char *serving = strstr(experiment_two_sites, "serving:");
    snprintf(yaml, sizeof yaml, "%.*s%.*s%.*s%s", (int)(oregon - experiment_two_sites), experiment_two_sites,
             (int)(serving - virginia), virginia, (int)(virginia - oregon), oregon, serving);
    experiment_run(&b, yaml, SET("policies=[nearest]"), 0);
    for (size_t i = 0; i < GW_ACCOUNT_COUNT; i++) {
        assert_near(experiment_account(&a, "nearest", "oregon", (enum gw_account)i),
                    experiment_account(&b, "nearest", "oregon", (enum gw_account)i), 0.0, 0.0);
        assert_near(experiment_account(&a, "nearest", "virginia", (enum gw_account)i),
                    experiment_account(&b, "nearest", "virginia", (enum gw_account)i), 0.0, 0.0);
    }
    experiment_fini(&a);
    experiment_fini(&b);
}

/* Streams: what users ask depends on seed, replication and the row's name, not on policies, sites or other
 * rows. */
static void what_users_ask_does_not_depend_on_what_is_decided(void **state)
{
    (void)state;
    struct experiment e, other;
    experiment_run(&e, experiment_two_sites, NULL, 0);
    for (uint32_t p = 1; p < e.result.policies; p++) {
        for (uint32_t d = 0; d < e.sc.n_demands; d++) {
            assert_int_equal(e.result.run[p].demand[d].arrived, e.result.run[0].demand[d].arrived);
            assert_int_equal(e.result.run[p].demand[d].in_tok, e.result.run[0].demand[d].in_tok);
            assert_int_equal(e.result.run[p].demand[d].out_tok, e.result.run[0].demand[d].out_tok);
        }
    }
    experiment_run(&other, experiment_two_sites,
                   SET("serving.demand[west].rate=1 /s", "policies=[round-robin]"), 0);
    assert_int_equal(other.result.run[0].demand[0].in_tok, e.result.run[0].demand[0].in_tok);
    assert_int_not_equal(other.result.run[0].demand[1].arrived, e.result.run[0].demand[1].arrived);
    experiment_fini(&other);

    experiment_run(&other, experiment_two_sites, SET("seed=43"), 0);
    assert_int_not_equal(other.result.run[0].demand[0].in_tok, e.result.run[0].demand[0].in_tok);
    experiment_fini(&other);
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_counts_from_the_start_of_the_scored_time),
        cmocka_unit_test(any_window_gives_a_planner_the_same_bytes),
        cmocka_unit_test(a_planners_window_holds_a_bounded_number_of_requests),
        cmocka_unit_test(meters_may_be_read_at_any_step),
        cmocka_unit_test(demand_rows_share_the_busy_energy),
        cmocka_unit_test(drain_pays_for_work_and_not_for_idling),
        cmocka_unit_test(the_order_of_sites_in_the_file_changes_nothing_at_them),
        cmocka_unit_test(what_users_ask_does_not_depend_on_what_is_decided),
    };
    return cmocka_run_group_tests_name("contracts", tests, NULL, NULL);
}
