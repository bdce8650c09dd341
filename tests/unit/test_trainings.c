/* Training jobs in a run: energy, carbon and money by hand; shared nodes; threads; bad scenarios. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/run/netcdf_read.h"
#include "sim/run/result_jobs.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* 400 g/kWh, PUE 1.5; two jobs of four accelerators at 500 W on rented ones. */
static const char alone[] =
    "geowatt: 1\n"
    "name: jobs\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 24 h, epoch: 1 h, step: 15 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1.5 },\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "training:\n"
    "  jobs:\n"
    "    - { name: a, at: 10 min, work: 2 h, accelerators: 4, power: 500 W, deadline: 3 h }\n"
    "    - { name: b, at: 1 h, work: 3 h, accelerators: 4, power: 500 W, deadline: 4 h }\n"
    "  capacity: [ { site: oregon, reserved: 4, reserved_price: 0.5 } ]\n"
    "policies: [ run-now ]\n";

/* The first runs from 0:10 to 2:10, the second waits for it and ends at 5:10, ten minutes late. */
static void jobs_alone_by_hand(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, alone, NULL, 0);
    const double kwh = 2.0 * 5;
    assert_near(experiment_score(&e, "run-now", GW_SCORE_TRAINING), kwh, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_IT), kwh, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_ENERGY), 1.5 * kwh, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_CARBON), 0.4 * 1.5 * kwh, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_TRAINING_CARBON), 0.4 * kwh, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_JOBS_DONE), 2, 0, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_TRAINING_WORK), 4.0 * 5, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_JOB_DELAY), (70.0 / 60) / 2, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_JOB_MISSED), 0.5, 0, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_INSTANCES), 0.5 * 4 * 24, 1e-12, 0);
    assert_true(experiment_score(&e, "run-now", GW_SCORE_RESIDUAL) < 1e-9);
    const struct gw_run_result *run = &e.result.run[0];
    assert_int_equal(run->n_jobs, 2);
    assert_int_equal(run->job[1].start_us, 130 * 60 * GW_US_PER_S);
    assert_int_equal(run->job[1].end_us, 310 * 60 * GW_US_PER_S);
    experiment_fini(&e);
}

/* Work of 30 h in a day, drained: it is done after the end, and its energy is in the books. */
static void what_is_under_way_at_the_end_is_drained(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, alone, SET("training.jobs[a].work=30 h"), 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_JOBS_DONE), 2, 0, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_ENERGY), 1.5 * 2.0 * 33, 1e-12, 0);
    experiment_fini(&e);
    experiment_run(&e, alone, SET("training.jobs[a].work=30 h", "time.drain=none"), 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_JOBS_DONE), 0, 0, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_TRAINING), 2.0 * (24 - 1.0 / 6), 1e-9, 0);
    experiment_fini(&e);
}

/* 3600 steps of 2 s on the A40's curve: at 225 W they take 1.033 times as long at 198 of 244 W. Known an hour
 * ahead, the job begins when it is meant to. */
static void measured_steps_and_curves_of_the_catalogue(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(
        &e, alone,
        SET("training.jobs=[ { name: a, at: 2 h, ahead: 1 h, step: 2 s, steps: 3600, accelerators: 4, "
            "power: 500 W, capping: { curve: a40-resnet50 }, elasticity: { accelerators: nbody-100k } } ]",
            "policies=[ { name: run-now, training: { policy: run-capped, cap: 0.8 } } ]"),
        0);
    const struct gw_run_result *run = &e.result.run[0];
    assert_int_equal(run->job[0].submit_us, GW_US_PER_H);
    assert_int_equal(run->job[0].start_us, 2 * GW_US_PER_H);
    assert_near(gw_h_from_us(run->job[0].end_us), 2 + 2 * 1.033, 1e-9, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_TRAINING), 2.0 * 2 * 1.033 * 198 / 244, 1e-9, 0);
    experiment_fini(&e);
}

/* A site-outage from 1 h to 2 h: job a began at 0:10 and begins anew at 2:00. */
static void an_outage_of_the_site_stops_jobs(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, alone, SET("events=[{ at: 1 h, for: 1 h, site: oregon, what: site-outage }]"), 0);
    const struct gw_run_result *run = &e.result.run[0];
    assert_int_equal(run->job[0].end_us, 4 * GW_US_PER_H);
    assert_near(run->job[0].lost_kwh, 2.0 * 50 / 60, 1e-12, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_TRAINING_LOST), 2.0 * 50 / 60, 1e-12, 0);
    experiment_fini(&e);
}

static const char beside[] =
    "geowatt: 1\n"
    "name: shared\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 4 h, epoch: 1 h, step: 5 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1 }, pools: [ { node: h100x8, "
    "count: 4 } ],\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "serving:\n"
    "  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 2 } ]\n"
    "  demand: [ { origin: us-west, model: llama-2-70b, rate: 0.2 /s } ]\n"
    "training:\n"
    "  jobs: [ { name: tune, work: 2 h, accelerators: 8, power: 1 kW, times: 3, every: 1 s } ]\n"
    "  capacity: [ { site: oregon, pool: 0 } ]\n"
    "policies: [ { name: both, routing: nearest, training: run-now } ]\n";

/* Two nodes serve; the other two are for training: two jobs at once, then the third. A node that is held
 * draws what its job draws, and not its rest as well. */
static void spare_nodes_train(void **state)
{
    (void)state;
    struct experiment e, idle;
    experiment_run(&e, beside, NULL, 0);
    const struct gw_run_result *run = &e.result.run[0];
    assert_int_equal(run->job[0].end_us, 2 * GW_US_PER_H);
    assert_int_equal(run->job[1].end_us, 2 * GW_US_PER_H + GW_US_PER_S);
    assert_int_equal(run->job[2].start_us, 2 * GW_US_PER_H);
    experiment_run(&idle, beside, SET("training.jobs[tune].times=1"), 0);
    const double node_kwh = experiment_account(&idle, "both", NULL, GW_ACCOUNT_SPARE) / (2 * 4.0 - 2.0);
    assert_near(experiment_account(&e, "both", NULL, GW_ACCOUNT_SPARE), node_kwh * (2 * 4.0 - 3 * 2.0 + 0.0),
                1e-6, 1.0 / 3600 * node_kwh * 2);
    assert_near(experiment_account(&e, "both", NULL, GW_ACCOUNT_TRAINING), 8.0 * 2 * 3, 1e-6, 1e-9);
    assert_true(run->score[GW_SCORE_RESIDUAL] < 1e-9);
    experiment_fini(&idle);
    experiment_fini(&e);
}

/* Nodes that training has for itself are lost to serving. */
static void lent_nodes_are_not_for_replicas(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const char *const set[] = {"training.capacity[0].nodes=3", NULL};
    const struct gw_scenario_options options = {.set = set};
    assert_int_not_equal(gw_scenario_parse(beside, strlen(beside), "shared", &options, &sc, &errs), GW_OK);
    assert_non_null(strstr(errs.item[0].why, "has no room for 1 of them"));
}

static const char many[] =
    "geowatt: 1\n"
    "name: many\n"
    "seed: 3\n"
    "replications: 2\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 5 d, epoch: 1 h, step: 15 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, grid: US-NW-BPAT }\n"
    "  - { name: virginia, place: ashburn, grid: US-MIDA-PJM }\n"
    "training:\n"
    "  streams: [ { name: pai, generate: { mix: pai, arrivals: 20 /h, office: 3 }, power: 300 W, checkpoint: "
    "30 s,\n"
    "      interval: 1 h, resume: 2 min, failures: 0.05 /d, deadline: { slack: 3 } } ]\n"
    "  queues: [ { name: short, longest: 2 h, wait: 6 h }, { name: long, wait: 24 h } ]\n"
    "  capacity:\n"
    "    - { site: oregon, reserved: 40, spot: 20, evictions: 0.2 /h, spot_price: 0.1 }\n"
    "    - { site: virginia, on_demand: 60, on_demand_price: 1 }\n"
    "policies: [ run-now, { name: spot, training: { policy: run-now, tier: spot } } ]\n";

static void threads_change_nothing(void **state)
{
    (void)state;
    struct experiment one, two, eight;
    const char *const *set = SET("training.capacity[0].spot=200");
    experiment_run(&one, many, set, 1);
    experiment_run(&two, many, set, 2);
    experiment_run(&eight, many, set, 8);
    experiment_assert_same(&one, &two);
    experiment_assert_same(&one, &eight);
    assert_true(experiment_score(&one, "spot", GW_SCORE_TRAINING_LOST) >
                experiment_score(&one, "run-now", GW_SCORE_TRAINING_LOST));
    /* the same jobs under every policy, others in every replication */
    assert_int_equal(one.result.run[0].n_jobs, one.result.run[2].n_jobs);
    assert_int_equal(one.result.run[0].job[7].work_us, one.result.run[2].job[7].work_us);
    assert_int_not_equal(one.result.run[0].job[7].work_us, one.result.run[1].job[7].work_us);
    experiment_fini(&one);
    experiment_fini(&two);
    experiment_fini(&eight);
}

/* The books count carbon site by site and step by step, the records job by job. */
static void records_and_books_agree(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, many,
                   SET("sites[oregon].cooling={ plant: constant, pue: 1, wue: 0 }",
                       "sites[virginia].cooling={ plant: constant, pue: 1, wue: 0 }"),
                   0);
    const struct gw_run_result *run = &e.result.run[0];
    double kwh = 0, kg = 0, lost = 0;
    for (size_t i = 0; i < run->n_jobs; i++) {
        kwh += run->job[i].energy_kwh;
        kg += run->job[i].carbon_kg;
        lost += run->job[i].lost_kwh;
    }
    assert_near(run->score[GW_SCORE_TRAINING], kwh, 1e-9, 0);
    assert_near(run->score[GW_SCORE_ENERGY], kwh, 1e-9, 0);
    assert_near(run->score[GW_SCORE_CARBON], kg, 1e-3,
                0); /* within a step power and signal are means there */
    assert_near(run->score[GW_SCORE_TRAINING_LOST], lost, 1e-9, 1e-12);
    assert_true(run->score[GW_SCORE_JOBS_DONE] < (double)run->n_jobs); /* the longest last a week */
    experiment_fini(&e);
}

/* The group of the file by its columns: who, when, how much. */
static void every_job_has_a_row_in_the_file(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, alone, NULL, 0);
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    assert_non_null(out);
    assert_true(gw_result_jobs_write(out, &e.result));
    char *bytes = NULL;
    size_t n = 0;
    struct gw_error err;
    assert_int_equal(gw_netcdf_write_finish(out, 0, "jobs.h5", &bytes, &n, &err), GW_OK);
    gw_netcdf_write_destroy(out);
    struct gw_arena arena = {0};
    struct gw_netcdf_read *in = NULL;
    assert_int_equal(gw_netcdf_read_open(bytes, n, "jobs.h5", &arena, &in, &err), GW_OK);
    const int64_t group = gw_netcdf_read_group(in, gw_netcdf_read_root(in), "training_jobs");
    const struct gw_netcdf_variable end = gw_netcdf_read_find(in, group, "end_h");
    const struct gw_netcdf_variable energy = gw_netcdf_read_find(in, group, "energy_kwh");
    const double *end_h = gw_netcdf_read_numbers(in, &end), *kwh = gw_netcdf_read_numbers(in, &energy);
    assert_int_equal(end.n, 2);
    assert_near(end_h[0], 13.0 / 6, 1e-12, 0);
    assert_near(end_h[1], 31.0 / 6, 1e-12, 0);
    assert_near(kwh[1], 6, 1e-12, 0);
    gw_netcdf_read_close(in);
    gw_arena_fini(&arena);
    free(bytes);
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_alone_by_hand),
        cmocka_unit_test(what_is_under_way_at_the_end_is_drained),
        cmocka_unit_test(measured_steps_and_curves_of_the_catalogue),
        cmocka_unit_test(an_outage_of_the_site_stops_jobs),
        cmocka_unit_test(spare_nodes_train),
        cmocka_unit_test(lent_nodes_are_not_for_replicas),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(records_and_books_agree),
        cmocka_unit_test(every_job_has_a_row_in_the_file),
    };
    return cmocka_run_group_tests_name("trainings", tests, NULL, NULL);
}
