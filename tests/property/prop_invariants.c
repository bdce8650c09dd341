/* docs/invariants.md, number by number, on whole runs under several scenarios: light, loaded, overloaded,
 * cold, batched. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Cold and run to the end, so that nothing crosses the borders of the scored time. */
static const char *const *const loads[] = {
    SET("time.initial=cold", "serving.demand[east].rate=0.2 /s", "serving.demand[west].rate=0.1 /s"),
    SET("time.initial=cold"),
    SET("time.initial=cold", "serving.demand[east].rate=25 /s", "serving.models[0].dispatch=round-robin"),
    SET("time.initial=cold", "serving.demand[east].rate=40 /s", "time.duration=30 min",
        "serving.models[0].dispatch=pack"),
    SET("time.initial=cold", "catalogue={engines: {vllm-0.15: {activation_gb: 56}}}",
        "serving.demand[east].rate=8 /s"),
};
enum { N_LOADS = sizeof loads / sizeof loads[0] };

static void each_run(void (*check)(const struct experiment *e, const struct gw_run_result *run))
{
    for (size_t i = 0; i < N_LOADS; i++) {
        struct experiment e;
        experiment_run(&e, experiment_two_sites, loads[i], 0);
        for (uint32_t p = 0; p < e.result.policies; p++) {
            check(&e, &e.result.run[p]);
        }
        experiment_fini(&e);
    }
}

static double sum_account(const struct experiment *e, const struct gw_run_result *run,
                          enum gw_account account)
{
    return experiment_account(e, e->sc.variant_name[run->policy], NULL, account);
}

/* 1. Every request sent is answered, refused, given up or still inside. */
static void check_requests(const struct experiment *e, const struct gw_run_result *run)
{
    uint64_t sent = 0;
    for (uint32_t d = 0; d < e->sc.n_demands; d++) {
        const struct gw_demand_result *row = &run->demand[d];
        assert_int_equal(row->arrived, row->completed + row->dropped + row->timed_out + row->unfinished);
        sent += row->arrived;
    }
    assert_true(sent > 100);
    assert_near(run->score[GW_SCORE_ARRIVED], (double)sent, 0.0, 0.0);
    assert_near(sum_account(e, run, GW_ACCOUNT_ARRIVED), (double)sent, 0.0, 0.0);
    assert_near(sum_account(e, run, GW_ACCOUNT_FINISHED), run->score[GW_SCORE_COMPLETED], 0.0, 0.0);
    if (run->score[GW_SCORE_UNSERVED] ==
        0.0) { /* the mean also counts those that were not answered, at their age */
        assert_near(1e3 * sum_account(e, run, GW_ACCOUNT_TTFT_S) / run->score[GW_SCORE_COMPLETED],
                    run->score[GW_SCORE_TTFT_MEAN], 1e-9, 0.0);
    }
}

static void requests_are_conserved(void **state)
{
    (void)state;
    each_run(check_requests);
}

/* 2. Engines emit exactly the tokens that users receive; prompts are processed at least once each. */
static void check_tokens(const struct experiment *e, const struct gw_run_result *run)
{
    uint64_t in_tok = 0, out_tok = 0;
    for (uint32_t d = 0; d < e->sc.n_demands; d++) {
        in_tok += run->demand[d].in_tok;
        out_tok += run->demand[d].out_tok;
    }
    assert_near(sum_account(e, run, GW_ACCOUNT_TOKENS_OUT), (double)out_tok, 0.0, 0.0);
    const double prompt = sum_account(e, run, GW_ACCOUNT_PROMPT_TOK);
    assert_true(prompt >= (double)in_tok);
    if (sum_account(e, run, GW_ACCOUNT_PREEMPTIONS) == 0.0) {
        assert_near(prompt, (double)in_tok, 0.0, 0.0);
    }
}

static void tokens_are_conserved(void **state)
{
    (void)state;
    each_run(check_tokens);
}

/* 3. Nothing comes before its cause: no first token before the network's round trip and one engine step, no
 * last before the first. */
static void check_causality(const struct experiment *e, const struct gw_run_result *run)
{
    for (uint32_t d = 0; d < e->sc.n_demands; d++) {
        double rtt_ms = INFINITY;
        for (uint32_t s = 0; s < e->sc.n_sites; s++) {
            rtt_ms = fmin(rtt_ms, gw_ms_from_us((double)e->sc.demand[d].rtt_us[s]));
        }
        const double step_ms = (double)e->sc.site[0].group[0].cfg.time.step / (double)GW_TICKS_PER_US / 1e3;
        assert_true(run->demand[d].ttft_ms_p50 >= rtt_ms + step_ms);
        assert_true(run->demand[d].e2e_ms_mean >= run->demand[d].ttft_ms_mean);
    }
}

static void causes_come_before_effects(void **state)
{
    (void)state;
    each_run(check_causality);
}

/* 4. Little's law for the decoding stage: the integral of running sequences over time is the sum of the times
 * that requests spent between first and last token. */
static void check_little(const struct experiment *e, const struct gw_run_result *run)
{
    double decode_s = 0.0, rounding_s = 0.0;
    for (uint32_t d = 0; d < e->sc.n_demands; d++) {
        const struct gw_demand_result *row = &run->demand[d];
        const double api_s = e->sc.model[e->sc.demand[d].model].api_us_per_tok * 1e-6 * (double)row->out_tok;
        decode_s += (row->e2e_ms_mean - row->ttft_ms_mean) * 1e-3 * (double)row->completed - api_s;
        rounding_s += 2e-6 * (double)row->completed;
    }
    if (sum_account(e, run, GW_ACCOUNT_PREEMPTIONS) == 0.0) {
        assert_near(sum_account(e, run, GW_ACCOUNT_BATCH_S), decode_s, 1e-9, rounding_s);
    }
}

static void littles_law_holds(void **state)
{
    (void)state;
    each_run(check_little);
}

/* 5. Energy is power times time across every change of state: what the accelerators drew lies between resting
 * and their limit for every second, and sources equal uses in the books. */
static void check_energy(const struct experiment *e, const struct gw_run_result *run)
{
    const struct gw_accelerator *a = e->sc.site[0].group[0].node->accelerator;
    const double busy_s = sum_account(e, run, GW_ACCOUNT_BUSY_S), n = 8.0;
    const double busy_kwh = sum_account(e, run, GW_ACCOUNT_BUSY);
    assert_true(busy_kwh <= busy_s * n * a->tdp_w / GW_J_PER_KWH);
    assert_true(busy_kwh >= busy_s * n * a->idle_w / GW_J_PER_KWH);
    assert_true(run->score[GW_SCORE_RESIDUAL] <= 1e-9);

    /* replicas rest whenever they do not step, over the scored time */
    const double duration_s = gw_s_from_us(e->sc.cfg.time.duration_us);
    const double idle_s = sum_account(e, run, GW_ACCOUNT_IDLE) * GW_J_PER_KWH / (n * a->loaded_idle_w);
    const double standing_s = 4.0 * duration_s;
    assert_true(idle_s <= standing_s * (1.0 + 1e-12));
    assert_true(idle_s + busy_s >= standing_s * (1.0 - 1e-12));
}

static void energy_is_power_times_time(void **state)
{
    (void)state;
    each_run(check_energy);
}

/* 6. Ties are ordered by rule and counted: with microsecond clocks and thousands of requests there are some.
 */
static void ties_are_counted(void **state)
{
    (void)state;
    struct experiment a, b;
    const char *const *set =
        SET("serving.demand[east].rate=60 /s", "time.duration=30 min", "policies=[nearest]",
            "serving.models[0].replicas=3", "network.base_ms=0 ms", "network.ms_per_km=0 ms/km");
    experiment_run(&a, experiment_two_sites, set, 0);
    experiment_run(&b, experiment_two_sites, set, 2);
    assert_true(a.result.run[0].ties > 0);
    assert_int_equal(a.result.run[0].ties, b.result.run[0].ties);
    experiment_assert_same(&a, &b);
    experiment_fini(&a);
    experiment_fini(&b);
}

/* 7. No site shares state between window edges: threads change nothing, and an idle site more changes only
 * itself. */
static void threads_change_nothing(void **state)
{
    (void)state;
    const char *const *set = SET("replications=2", "time.duration=1 h", "serving.demand[east].rate=15 /s");
    struct experiment serial;
    experiment_run(&serial, experiment_two_sites, set, 0);
    static const unsigned threads[] = {1, 2, 8};
    for (size_t i = 0; i < 3; i++) {
        struct experiment parallel;
        experiment_run(&parallel, experiment_two_sites, set, threads[i]);
        experiment_assert_same(&serial, &parallel);
        experiment_fini(&parallel);
    }
    experiment_fini(&serial);
}

static void an_idle_site_more_changes_only_itself(void **state)
{
    (void)state;
    static const char third[] =
        "  - { name: zurich, place: { at: { lat: 47.4, lon: 8.5, utc_offset: 1 h } }, grid: { constant: { "
        "carbon: 50 g/kWh, price: 90 "
        "USD/MWh, water: 1 L/kWh } }, spare: off, pools: [ { node: h100x8, count: 3 } ] }\n";
    char yaml[4096];
    const char *serving = strstr(experiment_two_sites, "serving:");
    snprintf(yaml, sizeof yaml, "%.*s%s%s", (int)(serving - experiment_two_sites), experiment_two_sites,
             third, serving);
    struct experiment two, three;
    experiment_run(&two, experiment_two_sites, SET("policies=[nearest]"), 0);
    experiment_run(&three, yaml, SET("policies=[nearest]"), 0);
    for (size_t i = 0; i < GW_ACCOUNT_COUNT; i++) {
        assert_near(experiment_account(&three, "nearest", "oregon", (enum gw_account)i),
                    experiment_account(&two, "nearest", "oregon", (enum gw_account)i), 0.0, 0.0);
    }
    assert_near(experiment_account(&three, "nearest", "zurich", GW_ACCOUNT_BUSY), 0.0, 0.0, 0.0);
    assert_true(experiment_account(&three, "nearest", "zurich", GW_ACCOUNT_IMPORT) > 0.0);
    experiment_fini(&two);
    experiment_fini(&three);
}

/* 8. How often results are exported never changes a result. */
static void the_export_interval_changes_no_score(void **state)
{
    (void)state;
    struct experiment fine, coarse;
    experiment_run(&fine, experiment_two_sites, SET("output.every=5 min"), 0);
    experiment_run(&coarse, experiment_two_sites, SET("output.every=1 h"), 0);
    for (uint32_t p = 0; p < fine.result.policies; p++) {
        assert_memory_equal(fine.result.run[p].score, coarse.result.run[p].score,
                            sizeof fine.result.run[p].score);
    }
    const size_t width = 2 * GW_ACCOUNT_COUNT;
    double sum = 0.0;
    for (size_t row = 0; row < 12; row++) {
        sum += fine.result.run[0].series[row * width + GW_ACCOUNT_IMPORT];
    }
    assert_near(sum, coarse.result.run[0].series[GW_ACCOUNT_IMPORT], 1e-12, 0.0);
    experiment_fini(&fine);
    experiment_fini(&coarse);
}

/* 9. Twice the price is twice the cost and nothing else; a dirtier grid never lowers the carbon of a fixed
 * placement. */
static void prices_and_carbon_scale_their_own_column_only(void **state)
{
    (void)state;
    struct experiment base, changed;
    experiment_run(&base, experiment_two_sites, SET("policies=[nearest]"), 0);
    experiment_run(&changed, experiment_two_sites,
                   SET("policies=[nearest]", "sites[oregon].grid.constant.price=80 USD/MWh",
                       "sites[virginia].grid.constant.price=60 USD/MWh",
                       "sites[virginia].grid.constant.carbon=500 g/kWh"),
                   0);
    assert_near(experiment_score(&changed, "nearest", GW_SCORE_COST),
                2.0 * experiment_score(&base, "nearest", GW_SCORE_COST), 1e-12, 0.0);
    assert_true(experiment_score(&changed, "nearest", GW_SCORE_CARBON) >
                experiment_score(&base, "nearest", GW_SCORE_CARBON));
    static const enum gw_score same[] = {GW_SCORE_WATER,   GW_SCORE_ENERGY,    GW_SCORE_TTFT_MEAN,
                                         GW_SCORE_E2E_P99, GW_SCORE_COMPLETED, GW_SCORE_PUE};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_near(experiment_score(&changed, "nearest", same[i]),
                    experiment_score(&base, "nearest", same[i]), 0.0, 0.0);
    }
    experiment_fini(&base);
    experiment_fini(&changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_conserved),
        cmocka_unit_test(tokens_are_conserved),
        cmocka_unit_test(causes_come_before_effects),
        cmocka_unit_test(littles_law_holds),
        cmocka_unit_test(energy_is_power_times_time),
        cmocka_unit_test(ties_are_counted),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(an_idle_site_more_changes_only_itself),
        cmocka_unit_test(the_export_interval_changes_no_score),
        cmocka_unit_test(prices_and_carbon_scale_their_own_column_only),
    };
    return cmocka_run_group_tests_name("invariants", tests, NULL, NULL);
}
