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

/* Nodes of the sites' pools in the sun, whose steps and power are those of docs/models/training.md. */
static const char *const two_suns =
    "geowatt: 1\n"
    "name: suns\n"
    "seed: 1\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 2 d, epoch: 1 h, step: 15 min, initial: cold,\n"
    "        drain: { at_most: 1 s } }\n"
    "sites:\n"
    "  - { name: west, place: san-jose, grid: US-CAL-CISO, cooling: ae-dec, pv: 300 kW,\n"
    "      pools: [ { node: h100x8, count: 8 } ] }\n"
    "  - { name: east, place: ashburn, grid: US-MIDA-PJM, cooling: ae-dec, pv: 300 kW,\n"
    "      pools: [ { node: h100x8, count: 8 } ] }\n"
    "training:\n"
    "  federated:\n"
    "    - { name: pair, llm: llama-2-7b, tokens: 10e9, bits: 16,\n"
    "        clients: [ { site: west, pool: 0, nodes: 8, tokens_per_step: 4e6 },\n"
    "                   { site: east, pool: 0, nodes: 8, tokens_per_step: 4e6 } ] }\n"
    "policies:\n"
    "  - { name: all, federation: all }\n"
    "  - { name: central, federation: { policy: central, client: 1 } }\n"
    "  - { name: nobody, federation: { policy: curtailment, join: 0, leave: 0 } }\n";

#define EXCESS_ONLY "training.federated[0].supply=excess-only"

/* What is bought is what would be bought if nobody trained: to the last bit, site by site. */
static void on_excess_alone_the_grid_gives_nothing(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_suns, (const char *[]){EXCESS_ONLY, NULL}, 0);
    const char *const site[] = {"west", "east"};
    for (size_t s = 0; s < 2; s++) {
        const double nobody = experiment_account(&e, "nobody", site[s], GW_ACCOUNT_IMPORT);
        assert_true(experiment_account(&e, "all", site[s], GW_ACCOUNT_TRAINING) > 100.0);
        assert_near(experiment_account(&e, "all", site[s], GW_ACCOUNT_IMPORT), nobody, 0, 0);
        assert_near(experiment_account(&e, "central", site[s], GW_ACCOUNT_IMPORT), nobody, 0, 0);
    }
    assert_true(experiment_score(&e, "nobody", GW_SCORE_CARBON) > 0.0); /* of the plants, at night */
    assert_near(experiment_score(&e, "all", GW_SCORE_CARBON), experiment_score(&e, "nobody", GW_SCORE_CARBON),
                0, 0);
    assert_true(experiment_score(&e, "all", GW_SCORE_RESIDUAL) < 1e-9);
    /* who has not reached the loss is compared with nobody */
    assert_true(gw_score_comparable(e.result.run[1].score, e.result.run[0].score));
    assert_false(gw_score_comparable(e.result.run[2].score, e.result.run[0].score));
    experiment_fini(&e);
}

/* 7 billion weights, 6.74e9 x 6 FLOP a token and attention, 64 H100: between a third and a half of the peak.
 */
static void nodes_of_a_pool_train_as_the_model_of_training_says(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_suns, NULL, 0);
    const struct gw_fed_client *client = &e.sc.federated[0].client[0];
    const double flop_per_s = client->steps_per_s * client->tok_per_step * 6.0 * 6.74e9;
    assert_true(flop_per_s > 0.30 * 64.0 * 989e12);
    assert_true(flop_per_s < 0.50 * 64.0 * 989e12);
    assert_true(client->train_kw > 8.0 * 7.0 && client->train_kw < 8.0 * 8.5);
    assert_true(client->idle_kw > 8.0 && client->idle_kw < 0.35 * client->train_kw);
    assert_near(client->accelerators, 64.0, 0, 0);
    assert_int_equal(e.sc.site[0].pool_nodes[0], 0); /* serving has none of them */
    experiment_fini(&e);
}

/* 4 + 6 f FLOP a token instead of 6, and f of the parameters travel. */
static void adapters_are_faster_and_travel_light(void **state)
{
    (void)state;
    struct experiment full, lora;
    experiment_run(&full, two_suns, NULL, 0);
    experiment_run(&lora, two_suns, (const char *[]){"training.federated[0].adapters=0.01", NULL}, 0);
    const double faster =
        lora.sc.federated[0].client[0].steps_per_s / full.sc.federated[0].client[0].steps_per_s;
    assert_true(faster > 1.35 && faster < 6.0 / 4.06 + 0.02);
    assert_near(lora.sc.federated[0].job.sync.params, 0.01 * full.sc.federated[0].job.sync.params, 1e-12, 0);
    assert_near(experiment_score(&lora, "all", GW_SCORE_NETWORK),
                0.01 * experiment_score(&full, "all", GW_SCORE_NETWORK), 1e-9, 0);
    experiment_fini(&full);
    experiment_fini(&lora);
}

/* Together, with nobody else, is alone. */
static void one_client_is_training_at_one_site(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_suns,
                   (const char *[]){"training.federated[0].clients=[ { site: east, pool: 0, nodes: 8, "
                                    "tokens_per_step: 4e6 } ]",
                                    "policies[central].federation={ policy: central }", NULL},
                   0);
    for (size_t a = 0; a < GW_ACCOUNT_COUNT; a++) {
        assert_near(experiment_account(&e, "all", NULL, (enum gw_account)a),
                    experiment_account(&e, "central", NULL, (enum gw_account)a), 0, 0);
    }
    assert_near(experiment_score(&e, "all", GW_SCORE_NETWORK), 0.0, 0, 0);
    assert_near(experiment_account(&e, "all", NULL, GW_ACCOUNT_TRAINING_GAP), 0.0, 0, 0);
    experiment_fini(&e);
}

static void twice_the_local_steps_send_half_the_bytes(void **state)
{
    (void)state;
    struct experiment e, twice;
    experiment_run(&e, two_suns, (const char *[]){"training.federated[0].local_steps=50", NULL}, 0);
    experiment_run(&twice, two_suns, (const char *[]){"training.federated[0].local_steps=100", NULL}, 0);
    assert_near(experiment_account(&e, "all", NULL, GW_ACCOUNT_NETWORK_OUT),
                2.0 * experiment_account(&twice, "all", NULL, GW_ACCOUNT_NETWORK_OUT), 0.04, 0);
    assert_near(experiment_score(&e, "all", GW_SCORE_LEARNT),
                experiment_score(&twice, "all", GW_SCORE_LEARNT), 1e-9, 0);
    experiment_fini(&e);
    experiment_fini(&twice);
}

static void energy_of_the_network_changes_nothing_else(void **state)
{
    (void)state;
    struct experiment e, twice;
    experiment_run(&e, two_suns, (const char *[]){"network.energy=0.001 kWh/GB", NULL}, 0);
    experiment_run(&twice, two_suns, (const char *[]){"network.energy=0.002 kWh/GB", NULL}, 0);
    for (size_t a = 0; a < GW_ACCOUNT_COUNT; a++) {
        const double factor = a == GW_ACCOUNT_NETWORK ? 2.0 : 1.0;
        assert_near(experiment_account(&twice, "all", NULL, (enum gw_account)a),
                    factor * experiment_account(&e, "all", NULL, (enum gw_account)a), 1e-12, 0);
    }
    assert_true(experiment_score(&e, "all", GW_SCORE_NETWORK) > 0.0);
    experiment_fini(&e);
    experiment_fini(&twice);
}

/* Clients the other way round, the copies still coming together in the west. */
static void the_order_of_clients_changes_nothing(void **state)
{
    (void)state;
    struct experiment e, other;
    experiment_run(&e, two_suns, (const char *[]){EXCESS_ONLY, NULL}, 0);
    experiment_run(&other, two_suns,
                   (const char *[]){EXCESS_ONLY, "training.federated[0].aggregator_site=west",
                                    "training.federated[0].clients=[ { site: east, pool: 0, nodes: 8, "
                                    "tokens_per_step: 4e6 }, { site: west, pool: 0, nodes: 8, "
                                    "tokens_per_step: 4e6 } ]",
                                    NULL},
                   0);
    const char *const site[] = {"west", "east"};
    for (size_t s = 0; s < 2; s++) {
        for (size_t a = 0; a < GW_ACCOUNT_COUNT; a++) {
            assert_near(experiment_account(&other, "all", site[s], (enum gw_account)a),
                        experiment_account(&e, "all", site[s], (enum gw_account)a), 1e-12, 1e-12);
        }
    }
    experiment_fini(&e);
    experiment_fini(&other);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct experiment one, many;
    experiment_run(&one, two_suns, NULL, 1);
    for (unsigned threads = 2; threads <= 8; threads += 6) {
        experiment_run(&many, two_suns, NULL, threads);
        experiment_assert_same(&one, &many);
        experiment_fini(&many);
    }
    experiment_fini(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_of_both_arms_is_in_the_books),
        cmocka_unit_test(copies_are_carried_by_the_scenario_s_network),
        cmocka_unit_test(a_job_that_is_not_done_is_drained),
        cmocka_unit_test(on_excess_alone_nothing_is_trained_without_plants),
        cmocka_unit_test(on_excess_alone_the_grid_gives_nothing),
        cmocka_unit_test(nodes_of_a_pool_train_as_the_model_of_training_says),
        cmocka_unit_test(adapters_are_faster_and_travel_light),
        cmocka_unit_test(one_client_is_training_at_one_site),
        cmocka_unit_test(twice_the_local_steps_send_half_the_bytes),
        cmocka_unit_test(energy_of_the_network_changes_nothing_else),
        cmocka_unit_test(the_order_of_clients_changes_nothing),
        cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests_name("federations", tests, NULL, NULL);
}
