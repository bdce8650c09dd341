/* Federated jobs within a run: their place in the books, the scores, what policies change. */
#include "tests/support/near.h"

#include "sim/run/federations.h"
#include "sim/run/ledger.h"
#include "sim/run/score.h"
#include "tests/support/experiment.h"

/* Each trains a step of a million tokens in 2 s at 80 kW, draws 10 kW beside; 1800 steps of one site. */
static const char *const two_sites =
    "geowatt: 1\n"
    "name: two\n"
    "seed: 1\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 2 h, epoch: 1 h, step: 5 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, grid: US-NW-BPAT, cooling: ae-dec }\n"
    "  - { name: virginia, place: ashburn, grid: US-MIDA-PJM, cooling: ae-dec }\n"
    "training:\n"
    "  federated:\n"
    "    - name: pair\n"
    "      params: 1e9\n"
    "      tokens: 1.8e9\n"
    "      fixed: 10 s\n"
    "      clients:\n"
    "        - { site: oregon, step: 2 s, tokens_per_step: 1e6, power: 80 kW, held_power: 10 kW }\n"
    "        - { site: virginia, step: 2 s, tokens_per_step: 1e6, power: 80 kW, held_power: 10 kW }\n"
    "policies:\n"
    "  - { name: both, federation: all }\n"
    "  - { name: one, federation: { policy: lowest-cost, clients: 1, ahead: 24 h } }\n";

/* 900 steps of each; 2 h less 1800 s at rest; nine rounds of 200 s, gaps of 10 s and of what travels. */
static void energy_of_both_arms_is_in_the_books(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_sites, NULL, 0);
    assert_near(experiment_account(&e, "both", NULL, GW_ACCOUNT_TRAINING), 2 * 80 * 0.5, 1e-6, 0);
    assert_near(experiment_account(&e, "both", NULL, GW_ACCOUNT_TRAINING_HELD), 2 * 10 * 1.5, 1e-6, 0);
    assert_near(experiment_score(&e, "both", GW_SCORE_ROUNDS), 9.0, 0, 0);
    assert_near(experiment_account(&e, "one", NULL, GW_ACCOUNT_TRAINING), 80.0, 1e-6, 0);
    assert_near(experiment_account(&e, "one", NULL, GW_ACCOUNT_TRAINING_HELD), 10.0 + 20.0, 1e-6, 0);
    assert_near(experiment_score(&e, "one", GW_SCORE_LEARNT_H), 1.0, 1e-6, 0);
    assert_true(experiment_score(&e, "both", GW_SCORE_LEARNT_H) > (1800.0 + 90.0) / 3600.0);
    assert_true(experiment_score(&e, "both", GW_SCORE_LEARNT_H) < (1800.0 + 190.0) / 3600.0);
    for (size_t p = 0; p < 2; p++) {
        assert_near(e.result.run[p].score[GW_SCORE_LEARNT], 1.8e9, 1e-9, 0);
        assert_true(e.result.run[p].score[GW_SCORE_RESIDUAL] < 1e-9);
    }
    assert_true(gw_score_comparable(e.result.run[1].score, e.result.run[0].score));
    experiment_fini(&e);
}

/* 2 GB up and 2 GB down in each of nine rounds, at the energy of the scenario's network. */
static void copies_are_carried_by_the_scenario_s_network(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_sites, (const char *[]){"network.energy=0.01 kWh/GB", NULL}, 0);
    assert_near(experiment_account(&e, "both", "oregon", GW_ACCOUNT_NETWORK_OUT), 18.0, 1e-9, 0);
    assert_near(experiment_account(&e, "both", "virginia", GW_ACCOUNT_NETWORK_OUT), 18.0, 1e-9, 0);
    assert_near(experiment_score(&e, "both", GW_SCORE_NETWORK), 0.36, 1e-9, 0);
    assert_near(experiment_score(&e, "one", GW_SCORE_NETWORK), 0.0, 0, 0);
    experiment_fini(&e);
}

/* Two hours of two sites are 7200 steps: 9000 are not reached, and the run goes on until they are. */
static void a_job_that_is_not_done_is_drained(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_sites, (const char *[]){"training.federated[0].tokens=9e9", NULL}, 0);
    assert_true(experiment_score(&e, "both", GW_SCORE_LEARNT_H) > 2.5);
    assert_near(experiment_score(&e, "both", GW_SCORE_LEARNT), 9e9, 1e-9, 0);
    experiment_fini(&e);
}

/* Without plants of its own a site has nothing to spare. */
static void on_excess_alone_nothing_is_trained_without_plants(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_sites,
                   (const char *[]){"training.federated[0].supply=excess-only", "time.drain=1 s", NULL}, 0);
    assert_near(experiment_account(&e, "both", NULL, GW_ACCOUNT_TRAINING), 0.0, 0, 0);
    assert_near(experiment_score(&e, "both", GW_SCORE_ROUNDS), 0.0, 0, 0);
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_of_both_arms_is_in_the_books),
        cmocka_unit_test(copies_are_carried_by_the_scenario_s_network),
        cmocka_unit_test(a_job_that_is_not_done_is_drained),
        cmocka_unit_test(on_excess_alone_nothing_is_trained_without_plants),
    };
    return cmocka_run_group_tests_name("federations", tests, NULL, NULL);
}
