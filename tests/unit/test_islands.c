/* Prompts at one site, decoding at another: who counts what, what the way between costs in time, energy and
 * money, and that neither windows nor threads change anything. Llama 2 70B keeps 327680 B per token. */
#include "tests/support/near.h"

#include "sim/run/islands.h"
#include "sim/run/phases.h"
#include "tests/support/experiment.h"

#define SET(...)   ((const char *const[]){__VA_ARGS__, NULL})
#define SPLIT(how) "{split: {prefill: 1, decode: 1, prefill_site: virginia, decode_site: oregon" how "}}"
#define AWAY       "serving.models[0].replicas=" SPLIT("")
#define NEAREST    "policies=[nearest]"
#define GRID       "grid: { constant: { carbon: 100 g/kWh, price: 40 USD/MWh, water: 2 L/kWh } }"
#define PLANT      "cooling: { plant: constant, pue: 1.1, wue: 0.4 }"
#define POOL       "pools: [ { node: h100x8, count: 2 } ]"

/* oregon and virginia decode for each other, and virginia for dublin; zurich does all itself. */
static const char *const four_sites =
    "geowatt: 1\n"
    "name: four-sites\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 1 h, epoch: 15 min, step: 15 min }\n"
    "sites:\n"
    "  - { name: zurich, place: zurich, " GRID ", " PLANT ", " POOL " }\n"
    "  - { name: dublin, place: dublin, " GRID ", " PLANT ", " POOL " }\n"
    "  - { name: oregon, place: the-dalles, " GRID ", " PLANT ", " POOL " }\n"
    "  - { name: virginia, place: ashburn, " GRID ", " PLANT ", pools: [ { node: h100x8, count: 3 } ] }\n"
    "serving:\n"
    "  models:\n"
    "    - { name: there, llm: llama-2-70b, tensor_parallel: 8,\n"
    "        replicas: { split: { prefill: 1, decode: 1, prefill_site: virginia, decode_site: oregon } } }\n"
    "    - { name: back, llm: llama-2-70b, tensor_parallel: 8,\n"
    "        replicas: { split: { prefill: 1, decode: 1, prefill_site: oregon, decode_site: virginia } } }\n"
    "    - { name: across, llm: llama-2-13b, tensor_parallel: 8,\n"
    "        replicas: { split: { prefill: 1, decode: 1, prefill_site: dublin, decode_site: virginia } } }\n"
    "    - { name: whole, llm: llama-2-7b, tensor_parallel: 8, replicas: auto }\n"
    "  demand:\n"
    "    - { name: a, origin: us-east, model: there, rate: 3 /s, timeout: 8 s }\n"
    "    - { name: b, origin: us-west, model: back, rate: 2 /s }\n"
    "    - { name: c, origin: dublin, model: across, rate: 4 /s }\n"
    "    - { name: d, origin: dublin, model: whole, rate: 4 /s, allowed_sites: [ zurich ] }\n"
    "policies: [ nearest ]\n";

static void neither_windows_nor_threads_change_what_islands_do(void **state)
{
    (void)state;
    struct experiment one, other;
    experiment_run(&one, four_sites, NULL, 0);
    const unsigned threads[] = {2, 8, 0, 2};
    const char *const window[] = {"time.window=5min", "time.window=15min", "time.window=1s",
                                  "time.window=100ms"};
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        experiment_run(&other, four_sites, SET(window[i]), threads[i]);
        experiment_assert_same(&one, &other);
        experiment_fini(&other);
    }
    assert_true(experiment_score(&one, "nearest", GW_SCORE_RESIDUAL) < 1e-12);
    for (uint32_t d = 0; d < one.sc.n_demands; d++) {
        const struct gw_demand_result *row = &one.result.run[0].demand[d];
        assert_int_equal(row->completed + row->timed_out, row->arrived);
        assert_true(row->completed > 1000);
    }
    experiment_fini(&one);
}

static void sites_that_decode_for_each_other_are_one_island(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, four_sites, NULL, 0);
    assert_int_equal(e.sc.site[0].island, 0);
    assert_int_equal(e.sc.site[1].island, 1);
    assert_int_equal(e.sc.site[2].island, 1);
    assert_int_equal(e.sc.site[3].island, 1);
    assert_int_equal(gw_islands_links(&e.sc, 0), 0);
    assert_int_equal(gw_islands_links(&e.sc, 3), 4);
    experiment_fini(&e);
}

/* 0.12 kWh/GB and 0.02 USD/GB, half of each at either end. Answers of one token stay, and some of the first
 * prompts came before the scored time: less than a hundredth. */
static void keys_and_values_are_carried_at_the_cost_of_both_ends(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET(AWAY, NEAREST,
                       "network={energy: 0.12 kWh/GB, egress: aws, answer_bytes: 0, "
                       "answer_bytes_per_tok: 0, request_bytes: 0, prompt_bytes_per_tok: 0}"),
                   0);
    double in_tok = 0.0;
    for (uint32_t d = 0; d < e.sc.n_demands; d++) {
        in_tok += (double)e.result.run[0].demand[d].in_tok;
    }
    const double gb = experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_NETWORK_IN);
    assert_near(gb, in_tok * 327680e-9, 0.01, 0.0);
    assert_near(experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_NETWORK_OUT), gb, 1e-12, 0.0);
    const char *const end[] = {"oregon", "virginia"};
    for (int i = 0; i < 2; i++) {
        assert_near(experiment_account(&e, "nearest", end[i], GW_ACCOUNT_NETWORK), 0.06 * gb, 1e-12, 0.0);
        assert_near(experiment_account(&e, "nearest", end[i], GW_ACCOUNT_TRANSFER), 0.01 * gb, 1e-12, 0.0);
    }
    experiment_fini(&e);
}

/* First tokens leave where the prompt ran; what a longer way adds, it adds behind them. */
static void distance_delays_all_but_the_first_token(void **state)
{
    (void)state;
    struct experiment near, far;
    experiment_run(&near, experiment_two_sites, SET(AWAY, NEAREST, "network.reach=0 km"), 0);
    experiment_run(&far, experiment_two_sites,
                   SET(AWAY, NEAREST, "network.reach=0 km",
                       "sites[oregon].place={at: {lat: 1.3, lon: 103.8, utc_offset: 8 h}}"),
                   0);
    const struct gw_demand_result *a = &near.result.run[0].demand[0], *b = &far.result.run[0].demand[0];
    assert_true(a->ttft_ms_mean == b->ttft_ms_mean);
    const double way_ms = 1e-3 * (double)(far.sc.model[0].kv_delay_us - near.sc.model[0].kv_delay_us);
    const struct gw_demand *row = &near.sc.demand[0], *far_row = &far.sc.demand[0];
    const double home_ms = 0.5e-3 * (double)(far_row->rtt_us[0] - row->rtt_us[0]);
    assert_true(b->e2e_ms_mean - a->e2e_ms_mean > 0.95 * (way_ms + home_ms));
    experiment_fini(&far);
    experiment_fini(&near);
}

/* 48 Gbit/s carry 15.9 requests of 1155 tokens a second. */
static void planners_know_the_other_site_and_the_way_there(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites, SET(AWAY, NEAREST), 0);
    const struct gw_model *model = &e.sc.model[0];
    assert_near(model->kv_bytes_per_tok, 327680.0, 0.0, 0.0);
    const struct gw_serving_load mix = {.in_tok = 1155.0, .out_tok = 211.0};
    assert_near(gw_phases_link_capacity(model, &mix), 15.9, 0.01, 0.0);
    for (uint32_t d = 0; d < e.sc.n_demands; d++) {
        assert_int_equal(e.sc.demand[d].allowed[0], 0);
        assert_int_equal(e.sc.demand[d].allowed[1], 1);
    }
    assert_int_equal(e.sc.site[0].n_groups, 1);
    assert_int_equal(e.sc.site[0].group[0].phase, GW_PHASE_DECODE);
    assert_int_equal(e.sc.site[1].group[0].phase, GW_PHASE_PREFILL);
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_windows_nor_threads_change_what_islands_do),
        cmocka_unit_test(sites_that_decode_for_each_other_are_one_island),
        cmocka_unit_test(keys_and_values_are_carried_at_the_cost_of_both_ends),
        cmocka_unit_test(distance_delays_all_but_the_first_token),
        cmocka_unit_test(planners_know_the_other_site_and_the_way_there),
    };
    return cmocka_run_group_tests_name("islands", tests, NULL, NULL);
}
