/* Requests that an overloaded or broken site sends on. */
#include "tests/support/near.h"

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const spill = "serving.models[0].on_overload=spill";
static const char *const outage = "events=[ { at: 35 min, for: 10 min, site: virginia, what: site-outage } ]";
static const char *const nearest = "policies=[ nearest ]";

/* Virginia's users of those ten minutes, of 411 s of boot and load after them, and what ran: to Oregon, at
 * once. */
static void a_broken_site_sends_its_requests_to_the_next_one(void **state)
{
    (void)state;
    struct experiment e, queue;
    experiment_run(&e, experiment_two_sites, SET(spill, outage, nearest, "serving.models[0].queue_limit=256"),
                   0);
    experiment_run(&queue, experiment_two_sites, SET(outage, nearest), 0);
    assert_true(experiment_score(&e, "nearest", GW_SCORE_COMPLETED) ==
                experiment_score(&queue, "nearest", GW_SCORE_COMPLETED));
    assert_true(experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_SPILLED) >= 3500.0);
    assert_true(experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_SPILLED) == 0.0);
    assert_true(experiment_score(&e, "nearest", GW_SCORE_TTFT_P95) <
                0.2 * experiment_score(&queue, "nearest", GW_SCORE_TTFT_P95));
    assert_true(experiment_score(&e, "nearest", GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&e);
    experiment_fini(&queue);
}

static void threads_do_not_change_who_is_sent_on(void **state)
{
    (void)state;
    struct experiment a, b;
    const char *const *const set = SET(
        spill, outage, "policies=[ nearest, { name: greedy, routing: greedy-carbon, replicas: forecast } ]",
        "serving.models[0].queue_limit=20", "serving.demand[east].timeout=5 min");
    experiment_run(&a, experiment_two_sites, set, 0);
    experiment_run(&b, experiment_two_sites, set, 3);
    experiment_assert_same(&a, &b);
    for (uint32_t v = 0; v < a.result.policies; v++) {
        assert_true(a.result.run[v].score[GW_SCORE_RESIDUAL] <= 1e-9);
        assert_true(a.result.run[v].score[GW_SCORE_ARRIVED] == a.result.run[0].score[GW_SCORE_ARRIVED]);
    }
    experiment_fini(&a);
    experiment_fini(&b);
}

/* With nowhere to go it is queued where it is. */
static void a_site_alone_keeps_what_it_cannot_send_on(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET(spill, nearest, "serving.models[0].queue_limit=1",
                       "serving.demand[east].allowed_sites=[virginia]",
                       "serving.demand[west].allowed_sites=[oregon]"),
                   0);
    assert_true(experiment_account(&e, "nearest", NULL, GW_ACCOUNT_SPILLED) == 0.0);
    assert_true(experiment_score(&e, "nearest", GW_SCORE_COMPLETED) ==
                experiment_score(&e, "nearest", GW_SCORE_ARRIVED));
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_site_sends_its_requests_to_the_next_one),
        cmocka_unit_test(threads_do_not_change_who_is_sent_on),
        cmocka_unit_test(a_site_alone_keeps_what_it_cannot_send_on),
    };
    return cmocka_run_group_tests_name("spill", tests, NULL, NULL);
}
