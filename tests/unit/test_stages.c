/* Runs whose replicas start and stop: what they draw at rest, what the books say, and that neither windows
 * nor threads change it. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/run/stages.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_static_policy_draws_what_no_policy_draws(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET("policies=[ nearest, { name: static, routing: nearest, replicas: static } ]"), 0);
    static const enum gw_account same[] = {GW_ACCOUNT_BUSY,  GW_ACCOUNT_IDLE,   GW_ACCOUNT_HOST_IDLE,
                                           GW_ACCOUNT_SPARE, GW_ACCOUNT_IMPORT, GW_ACCOUNT_REPLICA_S};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_near(experiment_account(&e, "static", NULL, same[i]),
                    experiment_account(&e, "nearest", NULL, same[i]), 1e-12, 0.0);
    }
    assert_true(experiment_account(&e, "static", NULL, GW_ACCOUNT_LOADING) == 0.0);
    experiment_fini(&e);
}

/* Nobody asks: two replicas of eight accelerators rest for a quarter of an hour, then three nodes sleep. */
static void where_nobody_asks_everything_sleeps(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET("time.initial=cold", "serving.demand[east].rate=0 /s",
                       "serving.demand[west].rate=0 /s",
                       "policies=[ { name: zero, routing: nearest, replicas: scale-to-zero } ]"),
                   0);
    const struct gw_machine *node = e.sc.site[0].group[0].node;
    const double rest_w = 8.0 * node->accelerator->loaded_idle_w + node->host_idle_w;
    const double expected_wh =
        0.25 * (2.0 * rest_w / node->psu_efficiency + node->sleep_w) + 1.75 * 3.0 * node->sleep_w;
    assert_near(experiment_score(&e, "zero", GW_SCORE_IT), 2.0 * expected_wh / 1e3, 1e-9, 0.0);
    assert_near(experiment_account(&e, "zero", "oregon", GW_ACCOUNT_REPLICA_S), 2.0 * 900.0, 1e-12, 0.0);
    experiment_fini(&e);
}

/* Every replica that starts wakes a node (30 s) and then draws deep idle while 138 GB come in at 1.7 GB/s and
 * the engine starts (30 s). */
static void loading_costs_time_and_energy(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(
        &e, experiment_two_sites,
        SET("serving.models[0].replicas=1",
            "policies=[ { name: more, routing: nearest, replicas: { policy: static, replicas: 3 } } ]",
            "time.initial=cold"),
        0);
    const struct gw_group *group = &e.sc.site[0].group[0];
    const struct gw_fleet_group *times = &e.sc.site[0].fleet_group[0];
    const double load_s = (double)times->load_us / 1e6, wake_s = (double)times->wake_us / 1e6;
    assert_near(wake_s, 30.0, 1e-12, 0.0);
    assert_near(load_s, gw_llm_weight_bytes(e.sc.model[0].cfg->llm) / 1.7e9 + 30.0, 1e-6, 0.0);
    const double idle_w = 8.0 * group->node->accelerator->idle_w;
    const double each_j = load_s * idle_w + wake_s * (idle_w + group->node->host_idle_w);
    assert_near(experiment_account(&e, "more", "oregon", GW_ACCOUNT_LOADING), 2.0 * each_j / 3.6e6, 1e-9,
                0.0);
    assert_true(experiment_score(&e, "more", GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&e);
}

static const char *const scalers =
    "policies=[ { name: ahead, routing: nearest, replicas: { policy: forecast, least: 0, fill: 0.2 } },"
    " { name: behind, routing: greedy-carbon, replicas: { policy: reactive, hold: 10 min }, every: { "
    "replicas: 5 "
    "min } },"
    " { name: zero, routing: greedy-carbon, replicas: { policy: scale-to-zero, idle: 5 min } } ]";

static void neither_windows_nor_threads_change_who_starts(void **state)
{
    (void)state;
    struct experiment a, b, c;
    experiment_run(&a, experiment_two_sites,
                   SET(scalers, "time.initial=cold", "serving.models[0].replicas=1"), 0);
    experiment_run(&b, experiment_two_sites,
                   SET(scalers, "time.initial=cold", "serving.models[0].replicas=1", "time.window=1 s"), 0);
    experiment_run(&c, experiment_two_sites,
                   SET(scalers, "time.initial=cold", "serving.models[0].replicas=1"), 3);
    experiment_assert_same(&a, &b);
    experiment_assert_same(&a, &c);
    for (uint32_t v = 0; v < a.result.policies; v++) {
        assert_true(a.result.run[v].score[GW_SCORE_RESIDUAL] <= 1e-9);
        assert_true(a.result.run[v].score[GW_SCORE_UNSERVED] == 0.0);
        assert_true(a.result.run[v].score[GW_SCORE_ARRIVED] == a.result.run[0].score[GW_SCORE_ARRIVED]);
    }
    assert_true(experiment_account(&a, "ahead", NULL, GW_ACCOUNT_LOADING) > 0.0);
    experiment_fini(&a);
    experiment_fini(&b);
    experiment_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_static_policy_draws_what_no_policy_draws),
        cmocka_unit_test(where_nobody_asks_everything_sleeps),
        cmocka_unit_test(loading_costs_time_and_energy),
        cmocka_unit_test(neither_windows_nor_threads_change_who_starts),
    };
    return cmocka_run_group_tests_name("stages", tests, NULL, NULL);
}
