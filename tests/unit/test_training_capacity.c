/* Where training jobs get accelerators: nodes shared with serving, rented ones beside them, and what the
 * site's plant is built for. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/units.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* One replica of three nodes answers at first; more of them start when an hour of requests has been seen. */
static const char shared[] =
    "geowatt: 1\n"
    "name: shared\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 3 h, epoch: 1 h, step: 5 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1 }, pools: [ { node: h100x8, "
    "count: 3 } ],\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "serving:\n"
    "  models: [ { llm: llama-2-70b, tensor_parallel: 8, replicas: 1 } ]\n"
    "  demand: [ { origin: us-west, model: llama-2-70b, rate: 16 /s } ]\n"
    "training:\n"
    "  jobs:\n"
    "    - { name: first, work: 2 h, accelerators: 8, power: 500 W, checkpoint: 1 min }\n"
    "    - { name: second, at: 1 min, work: 2 h, accelerators: 8, power: 500 W, checkpoint: 1 min }\n"
    "  capacity: [ { site: oregon, pool: 0 } ]\n"
    "policies: [ { name: both, routing: nearest, replicas: reactive, training: run-now } ]\n";

static void serving_takes_nodes_back_and_a_grace_saves_the_work(void **state)
{
    (void)state;
    struct experiment none, grace;
    experiment_run(&none, shared, NULL, 0);
    experiment_run(&grace, shared, SET("training.capacity[0].grace=1 min"), 0);
    const struct gw_run_result *a = &none.result.run[0], *b = &grace.result.run[0];
    /* who got them last gives them back */
    assert_near(a->job[0].lost_kwh, 0, 0, 0);
    assert_true(a->job[1].lost_kwh > 0.0);
    assert_near(b->job[1].lost_kwh, 0, 0, 0);
    assert_near(b->job[1].energy_kwh, 4 * 2.0, 1e-9, 0);
    assert_near(a->job[1].energy_kwh - a->job[1].lost_kwh, 4 * 2.0, 1e-9, 0);
    assert_near(b->score[GW_SCORE_JOBS_DONE], 2, 0, 0);
    assert_true(b->score[GW_SCORE_RESIDUAL] < 1e-9);
    experiment_fini(&none);
    experiment_fini(&grace);
}

/* The first job is of the queue that gives back first. */
static void higher_priority_keeps_its_nodes(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, shared,
                   SET("training.jobs[second].work=150 min",
                       "training.queues=[ { name: short, longest: 2 h }, { name: long, priority: 1 } ]"),
                   0);
    const struct gw_run_result *run = &e.result.run[0];
    assert_true(run->job[0].lost_kwh > 0.0);
    assert_near(run->job[1].lost_kwh, 0, 0, 0);
    assert_int_equal(run->job[1].end_us, 151 * 60 * GW_US_PER_S);
    experiment_fini(&e);
}

/* Two nodes for training and eight rented accelerators. */
static const char mixed[] =
    "geowatt: 1\n"
    "name: mixed\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 6 h, epoch: 1 h, step: 5 min, initial: cold }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, cooling: { plant: constant, pue: 1 }, pools: [ { node: h100x8, "
    "count: 2 } ],\n"
    "      grid: { constant: { carbon: 400, price: 50, water: 1 } } }\n"
    "training:\n"
    "  jobs:\n"
    "    - { name: a, work: 2 h, accelerators: 8, power: 500 W }\n"
    "    - { name: b, work: 3 h, accelerators: 16, power: 500 W }\n"
    "  capacity: [ { site: oregon, pool: 0, nodes: 2, reserved: 8, reserved_price: 1 } ]\n"
    "policies: [ run-now ]\n";

static void nodes_that_rest_beside_rented_ones_are_spare(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, mixed, NULL, 0);
    const double node_kw = gw_kw_from_w(e.sc.site[0].spare_node_w[0]);
    /* until 2 h all nodes are held; from then to 3 h the job of sixteen counts as on both */
    assert_near(experiment_account(&e, "run-now", NULL, GW_ACCOUNT_SPARE), node_kw * 2 * 3, 1e-9, 0);
    assert_near(experiment_account(&e, "run-now", NULL, GW_ACCOUNT_TRAINING), 4.0 * 2 + 8.0 * 3, 1e-9, 0);
    assert_near(experiment_score(&e, "run-now", GW_SCORE_INSTANCES), 8.0 * 6, 1e-9, 0);
    assert_true(experiment_score(&e, "run-now", GW_SCORE_RESIDUAL) < 1e-9);
    experiment_fini(&e);
}

/* A plant that knows the weather, and no node of its own: built for 16 accelerators of 500 W, or as said. */
static void rented_accelerators_have_a_plant(void **state)
{
    (void)state;
    struct experiment e, said;
    const char *const *rented = SET("sites[oregon].pools=[]", "sites[oregon].cooling={ plant: ac }",
                                    "training.capacity=[ { site: oregon, reserved: 16, on_demand: 8 } ]");
    experiment_run(&e, mixed, rented, 0);
    assert_near(e.sc.site[0].nameplate_kw, 24 * 0.5, 1e-12, 0);
    const double pue =
        experiment_score(&e, "run-now", GW_SCORE_ENERGY) / experiment_score(&e, "run-now", GW_SCORE_IT);
    assert_true(pue > 1.02 && pue < 3.0);
    experiment_fini(&e);
    experiment_run(&said, mixed,
                   SET("sites[oregon].pools=[]", "sites[oregon].cooling={ plant: ac }",
                       "training.capacity=[ { site: oregon, on_demand: unlimited, nameplate: 30 kW } ]"),
                   0);
    assert_near(said.sc.site[0].nameplate_kw, 30, 1e-12, 0);
    experiment_fini(&said);
}

static void assert_refused(const char *yaml, const char *const *set, const char *sentence)
{
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const struct gw_scenario_options options = {.set = set};
    assert_int_not_equal(gw_scenario_parse(yaml, strlen(yaml), "bad", &options, &sc, &errs), GW_OK);
    if (strstr(errs.item[0].why, sentence) == NULL) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
}

static void what_cannot_be_kept_is_refused(void **state)
{
    (void)state;
    assert_refused(mixed, SET("training.capacity=[ { site: oregon, pool: 0 }, { site: oregon, spot: 8 } ]"),
                   "has a row already: one lends one pool");
    assert_refused(mixed, SET("training.capacity[0].grace=1 min"), "grace is for a pool whose spare nodes");
    assert_refused(shared, SET("training.capacity[0].grace=10 min"), "when its node must be free");
    assert_refused(mixed,
                   SET("sites[oregon].pools=[]", "sites[oregon].cooling={ plant: ac }",
                       "training.capacity=[ { site: oregon, on_demand: unlimited } ]"),
                   "for how much power is the plant built?");
    assert_refused(
        mixed,
        SET("training.streams=[ { name: s, generate: { arrivals: { every: 1 ms } }, power: 1 W } ]",
            "replications=10"),
        "rows of jobs in 10 runs would take");
}

/* Told when the run begins: jobs are made or read by then. */
static void a_job_wider_than_its_quota_is_refused(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const char *const set[] = {"training.queues=[ { name: all, quota: 8 } ]", NULL};
    const struct gw_scenario_options options = {.set = set};
    assert_int_equal(gw_scenario_parse(mixed, strlen(mixed), "quota", &options, &sc, &errs), GW_OK);
    struct gw_result result;
    struct gw_error err = {0};
    assert_int_equal(gw_run_all(&sc, NULL, NULL, &result, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "the quota of its queue \"all\" is 8"));
    gw_result_fini(&result);
    gw_scenario_fini(&sc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serving_takes_nodes_back_and_a_grace_saves_the_work),
        cmocka_unit_test(higher_priority_keeps_its_nodes),
        cmocka_unit_test(nodes_that_rest_beside_rented_ones_are_spare),
        cmocka_unit_test(rented_accelerators_have_a_plant),
        cmocka_unit_test(what_cannot_be_kept_is_refused),
        cmocka_unit_test(a_job_wider_than_its_quota_is_refused),
    };
    return cmocka_run_group_tests_name("training_capacity", tests, NULL, NULL);
}
