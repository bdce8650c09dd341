/* Power caps set during a run: the same as caps from the beginning, at the next step, in the view. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/run/caps.h"
#include "sim/run/compile_replicas.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char scenario[] =
    "geowatt: 1\n"
    "name: caps\n"
    "seed: 3\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 2 h, epoch: 15 min, initial: cold }\n"
    "sites:\n"
    "  - { name: cal, place: san-jose, grid: { generated: { region: US-CAL-CISO } }, pools: [ { node: "
    "a100x8, "
    "count: 2 } ] }\n"
    "  - { name: gb, place: london, grid: { generated: { region: GB } }, pools: [ { node: h100x8, count: 2 } "
    "] "
    "}\n"
    "serving:\n"
    "  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 2 } ]\n"
    "  demand:\n"
    "    - { name: west, origin: us-west, model: llama-2-70b, rate: 2 /s }\n"
    "    - { name: east, origin: us-east, model: llama-2-70b, rate: 2 /s }\n"
    "defaults: { routing: round-robin }\n"
    "policies:\n"
    "  - { name: plain, routing: round-robin }\n"
    "  - uncapped\n"
    "  - static-cap\n"
    "  - { name: chase, power: { policy: chase, eta: 0.8 } }\n"
    "  - { name: chase-static, power: { policy: chase-static, eta: 0.8 } }\n";

static double of(const struct experiment *e, const char *policy, enum gw_score score)
{
    return experiment_score(e, policy, score);
}

/* Every score but the change against the baseline, which is another row's affair. */
static void assert_same_row(const struct experiment *a, const char *row, const struct experiment *b,
                            const char *other)
{
    for (int k = 0; k < GW_SCORE_COUNT; k++) {
        const double x = of(a, row, (enum gw_score)k), y = of(b, other, (enum gw_score)k);
        if (k != GW_SCORE_DELTA_MARGINAL && !(x == y || (isnan(x) && isnan(y)))) {
            fail_msg("%s: %.17g and %.17g", gw_score_doc((enum gw_score)k).name, x, y);
        }
    }
}

static void no_cap_changes_nothing(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario, NULL, 0);
    assert_same_row(&e, "uncapped", &e, "plain");
    experiment_fini(&e);
}

/* A cap that is set before the first request is the cap of a scenario. */
static void a_cap_from_the_first_plan_on_is_that_of_the_pool(void **state)
{
    (void)state;
    struct experiment set, built;
    experiment_run(&set, scenario, NULL, 0);
    experiment_run(&built, scenario,
                   SET("sites[cal].pools[0].power_cap=0.7", "sites[gb].pools[0].power_cap=0.7"), 0);
    assert_same_row(&set, "static-cap", &built, "plain");
    assert_true(of(&set, "static-cap", GW_SCORE_IT) < of(&set, "plain", GW_SCORE_IT));
    assert_true(of(&set, "static-cap", GW_SCORE_TPOT_MEAN) > of(&set, "plain", GW_SCORE_TPOT_MEAN));
    experiment_fini(&set);
    experiment_fini(&built);
}

/* A pool's own cap stays, and a policy can only lower it. */
static void the_lower_of_two_caps_holds(void **state)
{
    (void)state;
    const char *const own[] = {"sites[cal].pools[0].power_cap=0.6", "sites[gb].pools[0].power_cap=0.6", NULL};
    struct experiment e;
    experiment_run(&e, scenario, own, 0);
    assert_same_row(&e, "uncapped", &e, "plain");
    assert_same_row(&e, "static-cap", &e, "plain");
    experiment_fini(&e);
}

/* Chase moves its caps in mid-run: requests and books stay whole. Its caps cost time and save energy, and so
 * do those that it keeps. */
static void chase_and_its_static_part_save_energy_for_time(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario, NULL, 0);
    static const char *const names[] = {"chase", "chase-static"};
    for (size_t i = 0; i < 2; i++) {
        assert_true(of(&e, names[i], GW_SCORE_IT) < of(&e, "plain", GW_SCORE_IT));
        assert_true(of(&e, names[i], GW_SCORE_E2E_MEAN) > of(&e, "plain", GW_SCORE_E2E_MEAN));
        assert_true(of(&e, names[i], GW_SCORE_COMPLETED) == of(&e, "plain", GW_SCORE_COMPLETED));
        assert_true(of(&e, names[i], GW_SCORE_RESIDUAL) <= 1e-9);
    }
    assert_true(of(&e, "chase", GW_SCORE_IT) != of(&e, "chase-static", GW_SCORE_IT));
    experiment_fini(&e);
}

static void neither_windows_nor_threads_change_what_caps_do(void **state)
{
    (void)state;
    struct experiment one, other, parallel;
    experiment_run(&one, scenario, NULL, 0);
    experiment_run(&other, scenario, SET("time.window=10 s"), 0);
    experiment_run(&parallel, scenario, NULL, 8);
    experiment_assert_same(&one, &other);
    experiment_assert_same(&one, &parallel);
    experiment_fini(&one);
    experiment_fini(&other);
    experiment_fini(&parallel);
}

/* Below the lowest cap that was measured there is that one; a hundred percent is none. */
static void what_nobody_measured_is_the_lowest_that_somebody_did(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    assert_int_equal(gw_scenario_parse(scenario, strlen(scenario), "caps.yaml", NULL, &sc, &errs), GW_OK);
    const struct gw_group *group = &sc.site[0].group[0];
    const struct gw_replica_cfg none = gw_compile_replicas_capped(&sc, 0, 0, 1.0);
    assert_true(none.time.step == group->cfg.time.step && none.power.cap_w == group->cfg.power.cap_w);
    const struct gw_replica_cfg low = gw_compile_replicas_capped(&sc, 0, 0, 0.1);
    assert_true(low.power.cap_w > 0.1 * group->node->accelerator->tdp_w);
    assert_true(low.time.step > none.time.step);
    assert_int_equal(low.kv_blocks, none.kv_blocks);
    const double lowest = low.power.cap_w / group->node->accelerator->tdp_w;
    const struct gw_replica_cfg same = gw_compile_replicas_capped(&sc, 0, 0, lowest);
    assert_true(same.time.step == low.time.step && same.power.cap_w == low.power.cap_w);
    gw_scenario_fini(&sc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cap_changes_nothing),
        cmocka_unit_test(a_cap_from_the_first_plan_on_is_that_of_the_pool),
        cmocka_unit_test(the_lower_of_two_caps_holds),
        cmocka_unit_test(chase_and_its_static_part_save_energy_for_time),
        cmocka_unit_test(neither_windows_nor_threads_change_what_caps_do),
        cmocka_unit_test(what_nobody_measured_is_the_lowest_that_somebody_did),
    };
    return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}
