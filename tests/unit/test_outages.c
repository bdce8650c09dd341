/* What breaks: docs/contracts.md, "Outages", in whole runs. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const all_kinds =
    "events=[ { at: 20 min, for: 10 min, site: oregon, what: site-outage },"
    " { at: 35 min, for: 5 min, site: virginia, what: network-outage },"
    " { at: 50 min, for: 15 min, site: oregon, what: grid-outage },"
    " { at: 65 min, for: 10 min, site: virginia, what: node-outage, replicas: 1 },"
    " { at: 70 min, for: 10 min, site: virginia, what: node-outage, pool: 0, model: llama-2-70b } ]";
static const char *const deciders =
    "policies=[ nearest, round-robin, { name: greedy, routing: greedy-carbon, "
    "replicas: forecast } ]";

static void neither_windows_nor_threads_change_what_breaks(void **state)
{
    (void)state;
    struct experiment a, b, c;
    experiment_run(&a, experiment_two_sites, SET(all_kinds, deciders), 0);
    experiment_run(&b, experiment_two_sites, SET(all_kinds, deciders, "time.window=1 s"), 0);
    experiment_run(&c, experiment_two_sites, SET(all_kinds, deciders), 3);
    experiment_assert_same(&a, &b);
    experiment_assert_same(&a, &c);
    for (uint32_t v = 0; v < a.result.policies; v++) {
        const double *score = a.result.run[v].score;
        assert_true(score[GW_SCORE_RESIDUAL] <= 1e-9);
        assert_true(score[GW_SCORE_COMPLETED] == score[GW_SCORE_ARRIVED]);
        assert_true(score[GW_SCORE_ARRIVED] == a.result.run[0].score[GW_SCORE_ARRIVED]);
    }
    experiment_fini(&a);
    experiment_fini(&b);
    experiment_fini(&c);
}

/* Half an hour of two hours. Two of three nodes held a replica each; they boot, load, and rest again. */
static void a_dark_site_draws_nothing_and_pays_for_its_return(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET("time.initial=cold", "serving.demand[east].rate=0 /s",
                       "serving.demand[west].rate=0 /s", "policies=[ nearest ]",
                       "events=[ { at: 30 min, for: 30 min, site: oregon, what: site-outage } ]"),
                   0);
    const struct gw_machine *node = e.sc.site[0].group[0].node;
    const double load_s = (double)e.sc.site[0].fleet_group[0].load_us / 1e6, boot_s = node->boot_s;
    const double idle_w = 8.0 * node->accelerator->idle_w, loaded_w = 8.0 * node->accelerator->loaded_idle_w;
    const double up_s = 5400.0 - boot_s - load_s;
    const double dc_j = 2.0 * (up_s * loaded_w + (boot_s + load_s) * idle_w + 5400.0 * node->host_idle_w);
    const double it_j = dc_j / node->psu_efficiency + 5400.0 * node->sleep_w;
    double oregon_kwh = 0.0;
    static const enum gw_account it[] = {GW_ACCOUNT_IDLE, GW_ACCOUNT_HOST_IDLE, GW_ACCOUNT_LOADING,
                                         GW_ACCOUNT_PSU, GW_ACCOUNT_SPARE};
    for (size_t i = 0; i < sizeof it / sizeof it[0]; i++) {
        oregon_kwh += experiment_account(&e, "nearest", "oregon", it[i]);
    }
    assert_near(oregon_kwh, it_j / 3.6e6, 1e-9, 0.0);
    assert_near(experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_IMPORT), 1.1 * it_j / 3.6e6, 1e-9,
                0.0);
    experiment_fini(&e);
}

/* In the middle of an epoch nobody has planned around it. */
static void overload_says_whether_requests_of_a_dark_site_wait_or_are_lost(void **state)
{
    (void)state;
    static const char *const outage =
        "events=[ { at: 35 min, for: 10 min, site: virginia, what: site-outage } ]";
    struct experiment wait, lose;
    experiment_run(&wait, experiment_two_sites, SET(outage, "policies=[ nearest ]"), 0);
    experiment_run(&lose, experiment_two_sites,
                   SET(outage, "policies=[ nearest ]", "serving.models[0].on_overload=reject"), 0);
    const double arrived = experiment_score(&wait, "nearest", GW_SCORE_ARRIVED);
    assert_true(experiment_score(&wait, "nearest", GW_SCORE_COMPLETED) == arrived);
    assert_true(experiment_score(&wait, "nearest", GW_SCORE_E2E_P99) > 300e3);
    const double dropped = experiment_score(&lose, "nearest", GW_SCORE_DROPPED);
    /* 6 requests/s for ten minutes, and for 411 s of boot and load but for the 512 that may wait */
    assert_in_range((long)dropped, 5400, 5700);
    assert_true(experiment_score(&lose, "nearest", GW_SCORE_COMPLETED) == arrived - dropped);
    assert_true(experiment_score(&lose, "nearest", GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&wait);
    experiment_fini(&lose);
}

static void without_a_grid_the_battery_carries_the_load_and_the_rest_is_unserved(void **state)
{
    (void)state;
    static const char *const outage =
        "events=[ { at: 30 min, for: 30 min, site: oregon, what: grid-outage } ]";
    struct experiment none, alone, battery;
    experiment_run(&none, experiment_two_sites, SET("policies=[ nearest ]"), 0);
    experiment_run(&alone, experiment_two_sites, SET(outage, "policies=[ nearest ]"), 0);
    experiment_run(
        &battery, experiment_two_sites,
        SET(outage, "policies=[ nearest ]", "sites[oregon].battery={ energy: 10 MWh, power: 5 MW }"), 0);
    const double import = experiment_account(&none, "nearest", "oregon", GW_ACCOUNT_IMPORT);
    const double missing = experiment_account(&alone, "nearest", "oregon", GW_ACCOUNT_UNSERVED);
    assert_true(missing > 0.2 * import && missing < 0.3 * import); /* a quarter of the time */
    assert_near(experiment_account(&alone, "nearest", "oregon", GW_ACCOUNT_IMPORT) + missing, import, 1e-9,
                0);
    assert_true(experiment_account(&battery, "nearest", "oregon", GW_ACCOUNT_UNSERVED) == 0.0);
    assert_true(experiment_account(&battery, "nearest", "oregon", GW_ACCOUNT_DISCHARGE) >= missing * 0.999);
    assert_true(experiment_score(&battery, "nearest", GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&none);
    experiment_fini(&alone);
    experiment_fini(&battery);
}

/* What ran goes on, so nothing is done twice; what is asked waits outside, what is answered inside. */
static void behind_a_broken_network_work_goes_on_unheard(void **state)
{
    (void)state;
    static const char *const outage =
        "events=[ { at: 35 min, for: 10 min, site: virginia, what: network-outage } ]";
    struct experiment good, bad;
    experiment_run(&good, experiment_two_sites, SET("policies=[ nearest ]"), 0);
    experiment_run(&bad, experiment_two_sites, SET(outage, "policies=[ nearest ]"), 0);
    assert_true(experiment_score(&bad, "nearest", GW_SCORE_E2E_P99) > 300e3);
    assert_true(experiment_score(&bad, "nearest", GW_SCORE_COMPLETED) ==
                experiment_score(&good, "nearest", GW_SCORE_COMPLETED));
    assert_near(experiment_account(&bad, "nearest", "virginia", GW_ACCOUNT_PROMPT_TOK),
                experiment_account(&good, "nearest", "virginia", GW_ACCOUNT_PROMPT_TOK), 1e-3, 0);
    experiment_fini(&good);
    experiment_fini(&bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_windows_nor_threads_change_what_breaks),
        cmocka_unit_test(a_dark_site_draws_nothing_and_pays_for_its_return),
        cmocka_unit_test(overload_says_whether_requests_of_a_dark_site_wait_or_are_lost),
        cmocka_unit_test(without_a_grid_the_battery_carries_the_load_and_the_rest_is_unserved),
        cmocka_unit_test(behind_a_broken_network_work_goes_on_unheard),
    };
    return cmocka_run_group_tests_name("outages", tests, NULL, NULL);
}
