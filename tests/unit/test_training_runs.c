/* Training jobs through the whole chain: by hand from accelerators to grams and dollars, by llm and tokens as
 * `probe training` says, with failures as the law of their mean says; and what must not change a result. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <string.h>

#include "models/training/training.h"
#include "sim/base/units.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- by hand ---- */

/* PUE 1.25; carbon and price of the sample's first day, in g/kWh and USD/MWh:
 *      hour  7  8  9  10  11  12  13  14        hour  9     10    11    12    13
 *    carbon  299 255 210 176 156 150 156 174    price 28.7  19.0  14.3  13.0  14.0 */
static const char noon[] =
    "geowatt: 1\n"
    "name: noon\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 24 h, epoch: 1 h, step: 30 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1.25 },\n"
    "      grid: { file: { path: traces/samples/two-days.csv, carbon: ci_gco2_per_kwh, price: "
    "price_usd_per_mwh, water_l_per_kwh: 1 } } }\n"
    "training:\n"
    "  jobs:\n"
    "    - { name: a, at: 9 h, work: 3 h, accelerators: 4, power: 500 W }\n"
    "    - { name: b, at: 10 h, work: 1 h, accelerators: 8, power: 250 W, checkpoint: 5 min, interval: 30 "
    "min,\n"
    "        start: 25 min, held_power: 50 W }\n"
    "    - { name: c, at: 7 h, work: 90 min, accelerators: 2, power: 1 kW }\n"
    "  queues: [ { name: all, wait: 6 h } ]\n"
    "  capacity: [ { site: oregon, reserved: 100 } ]\n"
    "policies: [ run-now, { name: shift, training: { policy: lowest-window, length: known } } ]\n";

/* a: 2 kW in the hours 9, 10, 11. b: held at 400 W from 10:00 to 10:25, then 60 min of work and 5 of
 * checkpoint until 11:30, 2 kW and 400 W, spread evenly. c: 2 kW from 7:00 to 8:30.
 */
static void three_jobs_by_hand(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, noon, NULL, 0);
    const double b_kw = (2.0 * 60 + 0.4 * 5) / 65;
    const double kwh[] = {2 * 1.0, 2 * 0.5, 2.0, 2 + 0.4 * 25 / 60 + b_kw * 35 / 60, 2 + b_kw * 0.5};
    const double g_per_kwh[] = {299, 255, 210, 176, 156};
    const double usd_per_mwh[] = {48.3, 40.9, 28.7, 19.0, 14.3};
    double all_kwh = 0, g = 0, usd = 0;
    for (int h = 0; h < 5; h++) {
        all_kwh += kwh[h];
        g += 1.25 * kwh[h] * g_per_kwh[h];
        usd += 1.25 * kwh[h] * 1e-3 * usd_per_mwh[h];
    }
    assert_near(experiment_score(&e, "run-now", GW_SCORE_IT), all_kwh, 1e-8, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_ENERGY), 1.25 * all_kwh, 1e-8, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_CARBON), 1e-3 * g, 1e-8, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_COST), usd, 1e-8, 0);
    const double held_kwh = 0.4 * 30 / 60;
    assert_near(experiment_account(&e, "run-now", NULL, GW_ACCOUNT_TRAINING_HELD), held_kwh, 1e-8, 0);
    const struct gw_run_result *run = &e.result.run[0];
    assert_int_equal(run->job[0].end_us, 8 * GW_US_PER_H + GW_US_PER_H / 2); /* c came first */
    assert_int_equal(run->job[2].end_us, 11 * GW_US_PER_H + GW_US_PER_H / 2);
    experiment_fini(&e);
}

/* Clean starts on whole hours from the arrival: a at 11 (156 + 150 + 156), c at 12 from 7, 8, ... 13 (150 and
 * half of 156), and b, whose length is 1 h and 5 min of checkpoint and 25 min before, at 12 as well. */
static void shifted_jobs_by_hand(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, noon, SET("training.jobs[b].start=0 s", "training.jobs[b].interval=1 h"), 0);
    const struct gw_run_result *run = &e.result.run[1];
    assert_int_equal(run->job[0].start_us, 12 * GW_US_PER_H);
    assert_int_equal(run->job[1].start_us, 11 * GW_US_PER_H);
    assert_int_equal(run->job[2].start_us, 12 * GW_US_PER_H);
    const double g = 2 * (156 + 150 + 156) + 2 * 150 + 2 * (150 + 156 / 2.0);
    assert_near(run->score[GW_SCORE_CARBON], 1.25e-3 * g, 1e-8, 0);
    experiment_fini(&e);
}

/* Whole hours from 7 on, 90 min long. By steps 12:00 is best: 150 + 156 / 2 against 156 + 150 / 2 at 11:00.
 * By straight lines 11:00: (156 + 150) / 2 + (150 + 153) / 4 against (150 + 156) / 2 + (156 + 165) / 4. */
static void a_signal_may_be_read_in_straight_lines(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, noon,
                   SET("training.reading=linear",
                       "training.jobs=[ { name: c, at: 7 h, work: 90 min, accelerators: 2, power: 1 kW } ]"),
                   0);
    assert_int_equal(e.result.run[1].job[0].start_us, 11 * GW_US_PER_H);
    /* the books know the steps */
    assert_near(e.result.run[1].score[GW_SCORE_CARBON], 1.25e-3 * 2 * (156 + 0.5 * 150), 1e-8, 0);
    experiment_fini(&e);
}

/* ---- llm and tokens ---- */

static const char two_kinds[] =
    "geowatt: 1\n"
    "name: llm\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 24 h, epoch: 1 h, step: 15 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1 }, pools: [ { node: h100x8, "
    "count: 8 } ],\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "  - { name: virginia, place: ashburn, cooling: { plant: constant, pue: 1 }, pools: [ { node: a100x8, "
    "count: 8 } ],\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "training:\n"
    "  jobs:\n"
    "    - { name: first, llm: llama-2-7b, tokens: 2e10, accelerators: 64, failures: 0 /d }\n"
    "    - { name: second, llm: llama-2-7b, tokens: 2e10, accelerators: 64, failures: 0 /d }\n"
    "  capacity: [ { site: oregon, pool: 0 }, { site: virginia, pool: 0 } ]\n"
    "policies: [ run-now ]\n";

static void probe(struct experiment *e, uint32_t site, struct gw_training *out)
{
    struct gw_arena arena = {0};
    struct gw_errors errs = {0};
    struct gw_training_cfg cfg;
    assert_int_equal(gw_training_defaults(&cfg, &arena, &errs), GW_OK);
    const struct gw_training_job_cfg *job = e->sc.cfg.training.jobs.at;
    const struct gw_bind_env env = gw_scenario_env(&e->sc.catalogue);
    const void *efficiency = NULL;
    assert_int_equal(
        gw_bind_entry(&e->sc.tree, &env, "efficiency", "megatron-a100", &efficiency, &arena, &errs), GW_OK);
    cfg.llm = job->llm;
    cfg.node = e->sc.training.place[site].node;
    cfg.efficiency = efficiency;
    cfg.accelerators = job->accelerators;
    cfg.tokens = job->tokens;
    struct gw_error err;
    assert_int_equal(gw_training_estimate(&cfg, out, &err), GW_OK);
    gw_arena_fini(&arena);
}

/* Two equal jobs, one on H100 and one on A100: each as long and as hungry as the probe says of its node. The
 * first checkpoint comes after `interval` of work by the reference's plan, at both. */
static void jobs_by_tokens_are_those_of_the_probe(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_kinds, NULL, 0);
    const struct gw_run_result *run = &e.result.run[0];
    struct gw_training at[2];
    double kwh = 0;
    for (uint32_t s = 0; s < 2; s++) {
        probe(&e, s, &at[s]);
        const double pauses = floor(at[s].ideal_s / at[0].interval_s) * at[0].checkpoint.blocking_s;
        const double start_s = at[0].failures.recover_s;
        assert_int_equal(run->job[s].site, s);
        assert_near(gw_s_from_us(run->job[s].end_us), start_s + at[s].ideal_s + pauses, 1e-9, 0);
        const double j =
            at[s].nodes * (at[s].compute_w * at[s].ideal_s + at[s].checkpoint_w * (pauses + start_s));
        assert_near(run->job[s].energy_kwh, j / 3.6e6, 1e-9, 0);
        /* of the probe's mean, failures and all, the run without failures misses less than 1 % */
        assert_near(run->job[s].energy_kwh, at[s].it_kwh, 1e-2, 0);
        kwh += run->job[s].energy_kwh;
    }
    assert_near(at[1].ideal_s / at[0].ideal_s, 2.8, 0.1, 0); /* 989 to 312 TFLOP/s, less 0.886 */
    assert_near(run->score[GW_SCORE_TRAINING], kwh, 1e-9, 0);
    assert_near(run->score[GW_SCORE_JOBS_DONE], 2, 0, 0);
    experiment_fini(&e);
}

/* Without a power a job draws 90 % of the limit of the accelerators that it has. */
static void each_site_has_its_own_watts(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, two_kinds,
                   SET("training.jobs=[ { name: a, work: 1 h, accelerators: 64, times: 2, every: 1 s } ]"),
                   0);
    const struct gw_run_result *run = &e.result.run[0];
    for (uint32_t s = 0; s < 2; s++) {
        const struct gw_machine *node = e.sc.training.place[s].node;
        const double w = gw_machine_plug_w(node, 0.9 * node->accelerator->tdp_w);
        assert_int_equal(run->job[s].site, s);
        assert_near(run->job[s].energy_kwh, 8 * w * 1e-3, 1e-9, 0);
    }
    experiment_fini(&e);
}

/* ---- failures ---- */

/* 64 accelerators fail 24 times a day: M = 1 h. A checkpoint of 1 min every 20 min, 5 min to recover. */
static const char failing[] =
    "geowatt: 1\n"
    "name: failing\n"
    "replications: 12\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 60 d, epoch: 1 d, step: 1 d, initial: cold, drain: none "
    "}\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1 },\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "training:\n"
    "  jobs:\n"
    "    - { name: long, work: 30 d, accelerators: 64, power: 500 W, held_power: 100 W, failures: 0.375 /d,\n"
    "        checkpoint: 1 min, interval: 20 min, start: 5 min, resume: 5 min }\n"
    "  capacity: [ { site: oregon, reserved: 64 } ]\n"
    "policies: [ run-now ]\n";

static void effective_time_is_that_of_the_law(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, failing, NULL, 0);
    const struct gw_failures_cfg cfg = {.per_node_day = 8 * 0.375, .detect_s = 60, .restart_s = 240};
    const struct gw_failures_cost law = gw_failures_cost(&cfg, 8, 20 * 60, 60);
    double sum = 0, squares = 0, failures = 0;
    for (uint32_t i = 0; i < 12; i++) {
        const struct gw_job_row *job = &e.result.run[i].job[0];
        assert_int_not_equal(job->end_us, GW_NEVER_US);
        const double ettr = (double)job->work_us / (double)job->end_us;
        sum += ettr;
        squares += ettr * ettr;
        failures += job->failures;
    }
    const double mean = sum / 12, error = sqrt((squares / 12 - mean * mean) / 11);
    assert_true(error < 0.005);
    assert_true(fabs(mean - law.ettr_exact) < 3 * error);
    assert_true(fabs(mean - law.ettr) > 3 * error); /* the first order, as published, is not it */
    assert_true(failures > 9000);
    experiment_fini(&e);
}

/* Evictions from spot are the same process: once an hour, with the same checkpoints. */
static void evictions_cost_what_failures_cost(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, failing,
                   SET("training.jobs[long].failures=0 /d",
                       "training.capacity=[ { site: oregon, spot: 64, evictions: 1 /h, spot_price: 1 } ]",
                       "policies=[ { name: spot, training: { policy: run-now, tier: spot } } ]"),
                   0);
    const struct gw_failures_cfg cfg = {.per_job_day = 24, .detect_s = 60, .restart_s = 240};
    const struct gw_failures_cost law = gw_failures_cost(&cfg, 8, 20 * 60, 60);
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < 12; i++) {
        const struct gw_job_row *job = &e.result.run[i].job[0];
        const double ettr = (double)job->work_us / (double)job->end_us;
        sum += ettr;
        squares += ettr * ettr;
        assert_int_equal(job->failures, 0);
        assert_near(job->usd, 64 * gw_h_from_us(job->end_us), 1e-9, 0);
    }
    const double mean = sum / 12, error = sqrt((squares / 12 - mean * mean) / 11);
    assert_true(error < 0.005);
    assert_true(fabs(mean - law.ettr_exact) < 3 * error);
    experiment_fini(&e);
}

/* Eight at rest beside four at work: 500 W each, and 50 W. They count in the books and in what is free. */
static void spares_of_a_job_draw_what_rests(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, noon,
                   SET("training.jobs=[ { name: a, work: 3 h, accelerators: 4, power: 500 W, held_power: 50 "
                       "W, spares: 8, "
                       "times: 2, every: 1 s } ]",
                       "training.capacity=[ { site: oregon, on_demand: 20, on_demand_price: 1 } ]"),
                   0);
    const struct gw_run_result *run = &e.result.run[0];
    assert_near(run->score[GW_SCORE_TRAINING], 2 * 3 * (4 * 0.5 + 8 * 0.05), 1e-9, 0);
    assert_near(experiment_account(&e, "run-now", NULL, GW_ACCOUNT_TRAINING_HELD), 2 * 3 * 8 * 0.05, 1e-9, 0);
    assert_int_equal(run->job[1].start_us, 3 * GW_US_PER_H); /* 12 of 20 are held */
    assert_near(run->score[GW_SCORE_INSTANCES], 2 * 3 * 12, 1e-9, 0);
    experiment_fini(&e);
}

/* ---- what must not change anything ---- */

#define TEMPORAL                                                                                             \
    "policies=[ run-now, lowest-slot, lowest-window, carbon-time, wait-awhile, ecovisor-threshold, pcaps, "  \
    "double-threshold, carbon-scaler, carbon-flex, geo-migrate, oracle ]"

/* Under a constant grid each of them needs as much energy and carbon as running at once. */
static void nothing_is_saved_where_the_grid_never_changes(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, noon,
                   SET("sites[oregon].grid={ constant: { carbon: 400, price: 50, water: 1 } }",
                       "training.jobs[b].checkpoint=0 s", "training.jobs[b].start=0 s",
                       "training.jobs[b].held_power=0 W", "time.duration=4 d", TEMPORAL),
                   0);
    for (uint32_t i = 0; i < e.sc.n_variants; i++) {
        const struct gw_run_result *run = &e.result.run[i];
        assert_near(run->score[GW_SCORE_JOBS_DONE], 3, 0, 0);
        assert_near(run->score[GW_SCORE_CARBON], e.result.run[0].score[GW_SCORE_CARBON], 1e-9, 0);
        assert_near(run->score[GW_SCORE_COST], e.result.run[0].score[GW_SCORE_COST], 1e-9, 0);
    }
    experiment_fini(&e);
}

/* With perfect forecasts and a known length, a longer wait never emits more. */
static void more_slack_saves_no_less(void **state)
{
    (void)state;
    static const char *const wait[] = {
        "training.queues=[ { name: all, wait: 0 s } ]",  "training.queues=[ { name: all, wait: 1 h } ]",
        "training.queues=[ { name: all, wait: 3 h } ]",  "training.queues=[ { name: all, wait: 6 h } ]",
        "training.queues=[ { name: all, wait: 12 h } ]", "training.queues=[ { name: all, wait: 24 h } ]"};
    double before_kg = INFINITY, first_kg = 0;
    for (size_t i = 0; i < sizeof wait / sizeof *wait; i++) {
        struct experiment e;
        experiment_run(&e, noon, SET("training.jobs[b].start=0 s", "training.jobs[b].interval=1 h", wait[i]),
                       0);
        const double kg = experiment_score(&e, "shift", GW_SCORE_CARBON);
        assert_true(kg <= before_kg + 1e-12);
        first_kg = i == 0 ? kg : first_kg;
        before_kg = kg;
        experiment_fini(&e);
    }
    assert_true(before_kg < first_kg);
}

/* Two sites, other names: every number stays. */
static void names_of_sites_change_nothing(void **state)
{
    (void)state;
    struct experiment a, b;
    const char *const *set = SET("training.streams=[ { name: pai, generate: { mix: pai, arrivals: 30 /h }, "
                                 "power: 300 W, failures: 0.1 /d } ]",
                                 "time.duration=3 d");
    experiment_run(&a, two_kinds, set, 0);
    static char yaml[sizeof two_kinds + 64];
    size_t n = 0;
    for (const char *at = two_kinds; *at != '\0';) {
        const bool oregon = strncmp(at, "oregon", 6) == 0, virginia = strncmp(at, "virginia", 8) == 0;
        const char *name = oregon ? "zz" : virginia ? "aa" : NULL;
        if (name != NULL) {
            memcpy(&yaml[n], name, 2);
            n += 2;
            at += oregon ? 6 : 8;
        } else {
            yaml[n++] = *at++;
        }
    }
    yaml[n] = '\0';
    experiment_run(&b, yaml, set, 0);
    experiment_assert_same(&a, &b);
    experiment_fini(&a);
    experiment_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_jobs_by_hand),
        cmocka_unit_test(shifted_jobs_by_hand),
        cmocka_unit_test(a_signal_may_be_read_in_straight_lines),
        cmocka_unit_test(jobs_by_tokens_are_those_of_the_probe),
        cmocka_unit_test(each_site_has_its_own_watts),
        cmocka_unit_test(effective_time_is_that_of_the_law),
        cmocka_unit_test(evictions_cost_what_failures_cost),
        cmocka_unit_test(spares_of_a_job_draw_what_rests),
        cmocka_unit_test(nothing_is_saved_where_the_grid_never_changes),
        cmocka_unit_test(more_slack_saves_no_less),
        cmocka_unit_test(names_of_sites_change_nothing),
    };
    return cmocka_run_group_tests_name("training_runs", tests, NULL, NULL);
}
