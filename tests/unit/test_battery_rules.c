/* Policies of the slot battery do what the same policy does as a site's own key. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A June day of a hall of a few kW under panels, and one in the wind; signals change with the hour. */
static const char scenario[] =
    "geowatt: 1\n"
    "name: batteries\n"
    "seed: 3\n"
    "time: { start: 2023-06-01T07:00:00Z, duration: 24 h, drain: { at_most: 10 min }, initial: cold }\n"
    "sites:\n"
    "  - { name: sun, place: san-jose, grid: { generated: { region: US-CAL-CISO } },\n"
    "      cooling: { plant: constant, pue: 1.2 }, pools: [ { node: h100x8, count: 2 } ], pv: 10 kW,\n"
    "      battery: { energy: 20 kWh, policy: none } }\n"
    "  - { name: wind, place: dublin, grid: { generated: { region: GB } },\n"
    "      cooling: wc-wse, pools: [ { node: h100x8, count: 2 } ], wind: { power: 10 kW },\n"
    "      battery: { energy: 30 kWh, power: 5 kW, reserve: 20 %, policy: none } }\n"
    "serving:\n"
    "  models: [ { llm: llama-3.1-8b, tensor_parallel: 1, replicas: 2 } ]\n"
    "  demand: [ { name: west, origin: us-west, model: llama-3.1-8b, rate: 0.05 /s } ]\n"
    "policies: [ nearest ]\n";

static void slot_and_key_do_the_same(void **state)
{
    (void)state;
    static const char *const rules[] = {"{policy: self-consumption}", "{policy: carbon-arbitrage, hours: 12}",
                                        "{policy: price-arbitrage, wear: 3 USD/MWh}",
                                        "{policy: peak-shave, above: 4 kW}"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char slot[100], sun[100], wind[100];
        snprintf(slot, sizeof slot, "defaults.battery=%s", rules[i]);
        snprintf(sun, sizeof sun, "sites[sun].battery.policy=%s", rules[i]);
        snprintf(wind, sizeof wind, "sites[wind].battery.policy=%s", rules[i]);
        struct experiment by_slot, by_key;
        experiment_run(&by_slot, scenario, SET(slot), 0);
        experiment_run(&by_key, scenario, SET(sun, wind), 0);
        assert_true(experiment_account(&by_key, "nearest", NULL, GW_ACCOUNT_DISCHARGE) > 1.0);
        for (int k = 0; k < GW_SCORE_COUNT; k++) {
            const double a = experiment_score(&by_slot, "nearest", (enum gw_score)k);
            const double b = experiment_score(&by_key, "nearest", (enum gw_score)k);
            if (!(fabs(a - b) <= 1e-9 * fabs(b) || (isnan(a) && isnan(b)) || k == GW_SCORE_RESIDUAL)) {
                fail_msg("%s: %s: %.17g and %.17g", rules[i], gw_score_doc((enum gw_score)k).name, a, b);
            }
        }
        for (int s = 0; s < 2; s++) {
            static const char *const sites[] = {"sun", "wind"};
            static const enum gw_account moved[] = {GW_ACCOUNT_CHARGE, GW_ACCOUNT_DISCHARGE,
                                                    GW_ACCOUNT_STORED, GW_ACCOUNT_IMPORT,
                                                    GW_ACCOUNT_CURTAILED};
            for (size_t k = 0; k < sizeof moved / sizeof moved[0]; k++) {
                assert_near(experiment_account(&by_slot, "nearest", sites[s], moved[k]),
                            experiment_account(&by_key, "nearest", sites[s], moved[k]), 1e-9, 1e-9);
            }
        }
        assert_true(experiment_score(&by_slot, "nearest", GW_SCORE_RESIDUAL) <= 1e-9);
        experiment_fini(&by_slot);
        experiment_fini(&by_key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slot_and_key_do_the_same),
    };
    return cmocka_run_group_tests_name("battery_rules", tests, NULL, NULL);
}
