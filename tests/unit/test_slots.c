/* Every slot of a serving run filled at once: one run whatever threads and windows, its books in balance. */
#include "tests/support/near.h"

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char scenario[] =
    "geowatt: 1\n"
    "name: all-slots\n"
    "seed: 7\n"
    "time: { start: 2023-06-01T07:00:00Z, duration: 3 h, epoch: 15 min }\n"
    "sites:\n"
    "  - { name: sun, place: san-jose, grid: { generated: { region: US-CAL-CISO } }, spare: sleep,\n"
    "      pools: [ { node: a100x8, count: 3 } ], pv: 20 kW, battery: { energy: 20 kWh } }\n"
    "  - { name: wind, place: dublin, grid: { generated: { region: GB } }, spare: sleep,\n"
    "      pools: [ { node: h100x8, count: 3 } ], wind: { power: 20 kW }, battery: { energy: 20 kWh } }\n"
    "serving:\n"
    "  models: [ { llm: llama-2-13b, tensor_parallel: 2, replicas: 4 } ]\n"
    "  demand:\n"
    "    - { name: west, origin: us-west, model: llama-2-13b, rate: 2 /s, directives: sprout-alpaca }\n"
    "    - { name: east, origin: us-east, model: llama-2-13b, rate: 2 /s, directives: sprout-mix }\n"
    "    - { name: plain, origin: london, model: llama-2-13b, rate: 1 /s }\n"
    "policies:\n"
    "  - { name: all, replicas: forecast, power: { policy: chase, eta: 0.8 }, battery: carbon-arbitrage,\n"
    "      directives: sprout, routing: greedy-carbon, every: { directives: 1 h, power: 30 min } }\n"
    "  - { name: lp, replicas: reactive, power: chase-static, battery: self-consumption, directives: "
    "sprout-static,\n"
    "      routing: lp-carbon }\n";

static void threads_change_no_byte_with_every_slot_filled(void **state)
{
    (void)state;
    struct experiment one;
    experiment_run(&one, scenario, NULL, 1);
    static const unsigned threads[] = {2, 8};
    for (size_t i = 0; i < 2; i++) {
        struct experiment other;
        experiment_run(&other, scenario, NULL, threads[i]);
        experiment_assert_same(&one, &other);
        experiment_fini(&other);
    }
    experiment_fini(&one);
}

static void windows_change_no_byte_with_every_slot_filled(void **state)
{
    (void)state;
    struct experiment epoch, seconds;
    experiment_run(&epoch, scenario, NULL, 0);
    experiment_run(&seconds, scenario, SET("time.window=20 s"), 0);
    experiment_assert_same(&epoch, &seconds);
    experiment_fini(&epoch);
    experiment_fini(&seconds);
}

static void the_books_balance_with_every_slot_filled(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario, NULL, 0);
    for (uint32_t p = 0; p < 2; p++) {
        const double *score = e.result.run[p].score;
        assert_true(score[GW_SCORE_RESIDUAL] <= 1e-9);
        assert_true(score[GW_SCORE_UNSERVED] == 0.0);
        assert_true(score[GW_SCORE_QUALITY] > 0.8 && score[GW_SCORE_QUALITY] < 1.0);
    }
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_no_byte_with_every_slot_filled),
        cmocka_unit_test(windows_change_no_byte_with_every_slot_filled),
        cmocka_unit_test(the_books_balance_with_every_slot_filled),
    };
    return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
