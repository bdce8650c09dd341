/* Sites that slow down rather than draw more than they are given: whole runs. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HELD     "sites[cal].import_limit=10 kW", "sites[cal].beyond_limit=cap"

/* Two nodes of eight A100 at 400 W, under work: some 13 kW at their plugs when all are at their limit. */
static const char scenario[] =
    "geowatt: 1\n"
    "name: shedding\n"
    "seed: 3\n"
    "time: { start: 2023-06-01T17:00:00Z, duration: 2 h, epoch: 15 min, step: 5 min, initial: cold }\n"
    "sites:\n"
    "  - { name: cal, place: san-jose, grid: { constant: { carbon: 200 g/kWh, price: 40 USD/MWh, water: 1 "
    "L/kWh } },\n"
    "      cooling: { plant: constant, pue: 1.2 }, pools: [ { node: a100x8, count: 2 } ] }\n"
    "serving:\n"
    "  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 2 } ]\n"
    "  demand: [ { name: west, origin: us-west, model: llama-2-70b, rate: 4 /s } ]\n"
    "policies: [ nearest ]\n";

static double of(const struct experiment *e, enum gw_account account)
{
    return experiment_account(e, "nearest", "cal", account);
}

static double score(const struct experiment *e, enum gw_score which)
{
    return experiment_score(e, "nearest", which);
}

static void where_nothing_is_short_nothing_changes(void **state)
{
    (void)state;
    struct experiment plain, held;
    experiment_run(&plain, scenario, SET("sites[cal].import_limit=1 MW"), 0);
    experiment_run(&held, scenario, SET("sites[cal].import_limit=1 MW", "sites[cal].beyond_limit=cap"), 0);
    experiment_assert_same(&held, &plain);
    experiment_fini(&plain);
    experiment_fini(&held);
}

/* Counted, the limit costs energy that was never there; held, it costs time. */
static void a_site_at_its_limit_is_slower_and_lacks_nothing(void **state)
{
    (void)state;
    struct experiment counted, held;
    experiment_run(&counted, scenario, SET("sites[cal].import_limit=10 kW"), 0);
    experiment_run(&held, scenario, SET(HELD), 0);
    assert_true(of(&counted, GW_ACCOUNT_UNSERVED) > 0.5);
    assert_near(of(&held, GW_ACCOUNT_UNSERVED), 0, 0, 0);
    assert_true(of(&held, GW_ACCOUNT_IMPORT) <= 2 * 10 + 1e-9);
    assert_true(score(&held, GW_SCORE_E2E_MEAN) > 1.02 * score(&counted, GW_SCORE_E2E_MEAN));
    assert_near(score(&held, GW_SCORE_ARRIVED), score(&counted, GW_SCORE_ARRIVED), 0, 0);
    assert_true(score(&held, GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&counted);
    experiment_fini(&held);
}

/* Ten in the morning in California: what panels give need not be saved. */
static void own_plants_and_batteries_raise_the_cap(void **state)
{
    (void)state;
    struct experiment bare, sunny, stored;
    experiment_run(&bare, scenario, SET(HELD), 0);
    experiment_run(&sunny, scenario, SET(HELD, "sites[cal].pv=20 kW"), 0);
    experiment_run(&stored, scenario, SET(HELD, "sites[cal].battery={ energy: 40 kWh, power: 20 kW }"), 0);
    assert_true(score(&sunny, GW_SCORE_E2E_MEAN) < score(&bare, GW_SCORE_E2E_MEAN));
    assert_true(score(&stored, GW_SCORE_E2E_MEAN) < score(&bare, GW_SCORE_E2E_MEAN));
    assert_true(of(&stored, GW_ACCOUNT_DISCHARGE) > 0);
    assert_near(of(&sunny, GW_ACCOUNT_UNSERVED) + of(&stored, GW_ACCOUNT_UNSERVED), 0, 0, 1e-9);
    experiment_fini(&bare);
    experiment_fini(&sunny);
    experiment_fini(&stored);
}

/* Without a grid or a battery the lowest cap holds: less is missing than at full speed, but machines that
 * rest still draw. */
static void without_a_grid_less_is_missing(void **state)
{
    (void)state;
    static const char *const outage = "events=[ { at: 30 min, for: 60 min, site: cal, what: grid-outage } ]";
    struct experiment counted, held;
    experiment_run(&counted, scenario, SET(outage), 0);
    experiment_run(&held, scenario, SET(outage, "sites[cal].beyond_limit=cap"), 0);
    assert_true(of(&held, GW_ACCOUNT_UNSERVED) < 0.95 * of(&counted, GW_ACCOUNT_UNSERVED));
    assert_true(of(&held, GW_ACCOUNT_UNSERVED) > 0);
    experiment_fini(&counted);
    experiment_fini(&held);
}

/* A policy's cap below what the supply leaves is the one that holds. */
static void the_lower_of_two_caps_holds(void **state)
{
    (void)state;
    const char *const cap =
        "policies=[ { name: nearest, routing: nearest, power: { policy: static-cap, cap: 0.5 } } ]";
    struct experiment alone, both, held;
    experiment_run(&alone, scenario, SET(cap), 0);
    experiment_run(&both, scenario, SET(HELD, cap), 0);
    experiment_run(&held, scenario, SET(HELD), 0);
    assert_near(score(&both, GW_SCORE_E2E_MEAN), score(&alone, GW_SCORE_E2E_MEAN), 0, 0);
    assert_true(score(&both, GW_SCORE_E2E_MEAN) > score(&held, GW_SCORE_E2E_MEAN));
    experiment_fini(&alone);
    experiment_fini(&both);
    experiment_fini(&held);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    const char *const *set =
        SET(HELD, "sites[cal].pv=5 kW", "policies=[ nearest, round-robin, greedy-carbon ]");
    struct experiment one, two;
    experiment_run(&one, scenario, set, 0);
    experiment_run(&two, scenario, set, 2);
    experiment_assert_same(&one, &two);
    experiment_fini(&one);
    experiment_fini(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_is_short_nothing_changes),
        cmocka_unit_test(a_site_at_its_limit_is_slower_and_lacks_nothing),
        cmocka_unit_test(own_plants_and_batteries_raise_the_cap),
        cmocka_unit_test(without_a_grid_less_is_missing),
        cmocka_unit_test(the_lower_of_two_caps_holds),
        cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
