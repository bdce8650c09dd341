/* The gate of a batch row: when requests go, by hand; and in a run, what waiting for clean power does. */
#include "tests/support/bound.h"

#include <string.h>

#include "models/workload/release.h"
#include "sim/base/units.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})
#define MIN_US   (60 * GW_US_PER_S)
#define HOUR_US  GW_US_PER_H

struct root {
    struct gw_named release;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, release, &gw_release_type, "at-once", "A rule", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A rule"};

/* Epochs of 1 h from 0 to 10 h, deadline 3 h. */
static void make(struct bound *b, struct root *root, const char *yaml, struct gw_release *out)
{
    bound_read(b, &root_type, yaml, root);
    assert_true(gw_release_init(out, &root->release, 3 * HOUR_US, 0, 10 * HOUR_US, HOUR_US, &b->arena));
}

static void at_once_is_when_they_are_asked_for(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    struct gw_release gate;
    make(&b, &root, "release: at-once\n", &gate);
    assert_true(gw_release_wish(&gate, 1e9));
    gw_release_begin(&gate, true, 0, 0);
    assert_int_equal(gw_release_at(&gate, 7), 7);
    assert_int_equal(gw_release_asked(&gate, 7), 7);
    bound_fini(&b);
}

/* Shut until 3 h - 15 min after the asking. */
static void a_shut_gate_lets_go_what_the_deadline_forces(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    struct gw_release gate;
    make(&b, &root, "release: by-deadline\n", &gate);
    assert_false(gw_release_wish(&gate, 0));
    gw_release_begin(&gate, false, 0, 0);
    assert_int_equal(gw_release_at(&gate, 10 * MIN_US), 10 * MIN_US + 165 * MIN_US);
    gw_release_begin(&gate, false, HOUR_US, 10 * MIN_US);
    gw_release_begin(&gate, false, 2 * HOUR_US, 10 * MIN_US);
    assert_int_equal(gw_release_asked(&gate, 175 * MIN_US), 10 * MIN_US);
    assert_int_equal(gw_release_at(&gate, 9 * HOUR_US), 570 * MIN_US); /* half of what is left of the run */
    assert_int_equal(gw_release_at(&gate, 10 * HOUR_US - 2), 10 * HOUR_US - 1);
    for (uint32_t i = 3; i < 10; i++) {
        gw_release_begin(&gate, false, i * HOUR_US, 0);
    }
    assert_int_equal(gw_release_asked(&gate, 570 * MIN_US), 9 * HOUR_US);
    bound_fini(&b);
}

/* It opens at 2 h with 2 h of queue and moves four times as fast as time: what was asked for at 1 h goes at
 * 2:15 h, the queue is caught up when 2 h + a / 4 = a, at 2:40 h, and from then on requests go when they are
 * asked for. */
static void an_open_gate_lets_the_queue_catch_up(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    struct gw_release gate;
    make(&b, &root, "release: { rule: below-carbon, limit: 200 g/kWh }\n", &gate);
    assert_true(gw_release_wish(&gate, 199) && !gw_release_wish(&gate, 200));
    gw_release_begin(&gate, false, 0, 0);
    gw_release_begin(&gate, false, HOUR_US, 0);
    gw_release_begin(&gate, true, 2 * HOUR_US, 0);
    assert_int_equal(gw_release_at(&gate, HOUR_US), 135 * MIN_US);
    assert_int_equal(gw_release_asked(&gate, 135 * MIN_US), HOUR_US);
    assert_int_equal(gw_release_at(&gate, 160 * MIN_US), 160 * MIN_US);
    assert_int_equal(gw_release_at(&gate, 161 * MIN_US), 161 * MIN_US);
    assert_int_equal(gw_release_asked(&gate, 170 * MIN_US), 170 * MIN_US);
    bound_fini(&b);
}

/* Nobody is lost, whatever the rule; held requests miss no deadline that leaves room; and the windows change
 * nothing for a planner. */
static void a_run_holds_and_lets_go(void **state)
{
    (void)state;
    const char *const policy = "policies=[nearest]", *const batch = "serving.demand[west].class=batch",
                      *const deadline = "serving.demand[west].deadline=40 min",
                      *const hold = "serving.demand[west].release={ rule: by-deadline, reserve: 5 min }";
    struct experiment free_row, held, cut, impossible;
    experiment_run(&free_row, experiment_two_sites, SET(policy, batch, deadline), 0);
    experiment_run(&held, experiment_two_sites, SET(policy, batch, deadline, hold), 0);
    experiment_run(&cut, experiment_two_sites, SET(policy, batch, deadline, hold, "time.window=1 min"), 0);
    experiment_run(&impossible, experiment_two_sites, SET(policy, batch, "serving.demand[west].deadline=1 s"),
                   0);
    experiment_assert_same(&held, &cut);
    assert_true(experiment_score(&free_row, "nearest", GW_SCORE_DEADLINE_MISS) == 0);
    assert_true(experiment_score(&held, "nearest", GW_SCORE_DEADLINE_MISS) == 0);
    assert_true(experiment_score(&impossible, "nearest", GW_SCORE_DEADLINE_MISS) > 0);
    /* of the burn-in some are asked for before 0 and go after it */
    assert_near(experiment_score(&held, "nearest", GW_SCORE_ARRIVED),
                experiment_score(&free_row, "nearest", GW_SCORE_ARRIVED), 0.06, 0);
    assert_true(experiment_score(&held, "nearest", GW_SCORE_UNSERVED) == 0);
    experiment_fini(&free_row);
    experiment_fini(&held);
    experiment_fini(&cut);
    experiment_fini(&impossible);
}

static void the_table_of_keys_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&root_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_once_is_when_they_are_asked_for),
        cmocka_unit_test(a_shut_gate_lets_go_what_the_deadline_forces),
        cmocka_unit_test(an_open_gate_lets_the_queue_catch_up),
        cmocka_unit_test(a_run_holds_and_lets_go),
        cmocka_unit_test(the_table_of_keys_is_right),
    };
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
