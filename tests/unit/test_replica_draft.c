/* Rule 11 of models/serving/replica.h on timelines anyone can redo: steps of 1 ms and 1 ms of drafting, 100
 * W. */
#include "tests/support/near.h"

#include <math.h>

#include "models/serving/replica.h"

#define MS (1000 * GW_TICKS_PER_US)

static double hundred_w(const void *cfg, const struct gw_power_state *state)
{
    (void)cfg;
    (void)state;
    return 100.0;
}

static const struct gw_power_law hundred = {
    .name = "hundred", .constant_in_regime = true, .watts = hundred_w};

/* `tokens` drafted, all of them accepted or none. */
static struct gw_replica_cfg drafting(int32_t tokens, bool good)
{
    return (struct gw_replica_cfg){
        .time = {.step = MS, .draft = MS, .drafted = tokens},
        .power = {.law = &hundred, .cap_w = INFINITY, .idle_w = 20.0, .n_accelerators = 1.0},
        .max_seqs = 16,
        .token_budget = 1000,
        .block_tok = 16,
        .kv_blocks = 10,
        .drafts = {.tokens = tokens, .accept = good ? UINT32_MAX : 0, .key = 1},
    };
}

struct seen {
    struct gw_served served[4];
    int n;
};

static void on_served(void *to, const struct gw_served *served)
{
    struct seen *seen = to;
    seen->served[served->request.number] = *served;
    seen->n++;
}

static void on_refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    (void)request;
    fail();
}

/* Requests that come at once, until all are served; the meter of all of it. */
static struct gw_replica_meter serve(const struct gw_replica_cfg *cfg, const struct gw_serve_request *request,
                                     int n, struct seen *seen)
{
    *seen = (struct seen){.n = 0};
    const struct gw_serve_sink sink = {on_served, on_refused, seen, NULL};
    struct gw_replica *replica = gw_replica_create(cfg, 1, 0);
    assert_non_null(replica);
    for (int i = 0; i < n; i++) {
        struct gw_serve_request r = request[i];
        r.number = (uint64_t)i;
        assert_true(gw_replica_arrive(replica, &r, &sink));
    }
    for (gw_tick at = 0; at < 100 * MS; at += MS) {
        gw_replica_run(replica, at, &sink);
        gw_replica_verify(replica);
    }
    assert_int_equal(seen->n, n);
    struct gw_replica_meter meter;
    double class_j = 0.0;
    gw_replica_meter(replica, 100 * MS, &meter, &class_j);
    assert_near(class_j, meter.busy_j, 1e-12, 0.0);
    gw_replica_destroy(replica);
    return meter;
}

/* Nine tokens: one with the prompt after 1 ms, where nothing is drafted, then 4 and 4 in steps of 2 ms; where
 * no draft is accepted eight steps of one. */
static void a_step_emits_what_is_accepted_and_one_more(void **state)
{
    (void)state;
    const struct gw_serve_request request = {.in_tok = 16, .out_tok = 9};
    struct seen seen;

    struct gw_replica_cfg cfg = drafting(3, true);
    struct gw_replica_meter meter = serve(&cfg, &request, 1, &seen);
    assert_int_equal(seen.served[0].first_token, MS);
    assert_int_equal(seen.served[0].finish, 5 * MS);
    assert_int_equal(meter.out_tok, 9);
    assert_int_equal(meter.steps, 3);
    assert_near(seen.served[0].energy_j, 0.5, 1e-12, 0.0); /* 100 W for 5 ms */

    cfg = drafting(3, false);
    meter = serve(&cfg, &request, 1, &seen);
    assert_int_equal(seen.served[0].finish, 17 * MS);
    assert_int_equal(meter.steps, 9);
}

/* The last step needs only what is left of the answer, and emits no more. */
static void an_answer_ends_within_a_step(void **state)
{
    (void)state;
    const struct gw_serve_request request = {.in_tok = 16, .out_tok = 3};
    struct seen seen;
    const struct gw_replica_cfg cfg = drafting(8, true);
    const struct gw_replica_meter meter = serve(&cfg, &request, 1, &seen);
    assert_int_equal(seen.served[0].finish, 3 * MS);
    assert_int_equal(meter.out_tok, 3);
    assert_int_equal(meter.kv_blocks_peak, 2); /* contexts 17 and 18: the third token is not processed */
}

/* 14 tokens and 3 of an answer: while contexts 15 to 18 are verified a second block is held, in vain. */
static void verified_tokens_need_blocks_and_give_them_back(void **state)
{
    (void)state;
    const struct gw_serve_request request = {.in_tok = 14, .out_tok = 8};
    struct seen seen;
    const struct gw_replica_cfg cfg = drafting(3, false);
    const struct gw_replica_meter meter = serve(&cfg, &request, 1, &seen);
    assert_int_equal(meter.kv_blocks_peak, 2);
    /* one block for the prompt's 1 ms, two for 7 steps of 2 ms */
    assert_near(meter.kv_block_s, 0.001 + 2 * 7 * 0.002, 1e-12, 0.0);
}

/* Three blocks: two prompts of 14 leave one free, but each wants a second one to verify up to context 18. Who
 * came last goes back, and starts over in that very step. */
static void who_came_last_goes_back_when_drafts_do_not_fit(void **state)
{
    (void)state;
    const struct gw_serve_request requests[] = {{.in_tok = 14, .out_tok = 5}, {.in_tok = 14, .out_tok = 5}};
    struct seen seen;
    struct gw_replica_cfg cfg = drafting(3, true);
    cfg.kv_blocks = 3;
    const struct gw_replica_meter meter = serve(&cfg, requests, 2, &seen);
    assert_int_equal(meter.preemptions, 1);
    assert_int_equal(seen.served[0].finish, 3 * MS); /* prompts together, then four tokens at once */
    assert_int_equal(seen.served[1].preemptions, 1);
    assert_int_equal(seen.served[1].first_token, MS);
    assert_int_equal(seen.served[1].finish, 5 * MS); /* its second token with the prompt, then three */
}

/* A prompt token is one of 1 + 4 that the step processes: a fifth of its energy. */
static void energy_is_shared_by_the_tokens_processed(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = drafting(3, false);
    const struct gw_serve_sink sink = {on_served, on_refused, &(struct seen){.n = 0}, NULL};
    struct seen *seen = sink.to;
    struct gw_replica *replica = gw_replica_create(&cfg, 1, 0);
    assert_non_null(replica);
    const struct gw_serve_request early = {.in_tok = 4, .out_tok = 3, .number = 0};
    const struct gw_serve_request late = {.arrival_us = 1500, .in_tok = 1, .out_tok = 1, .number = 1};
    assert_true(gw_replica_arrive(replica, &early, &sink));
    gw_replica_run(replica, 3 * MS / 2, &sink);
    assert_true(gw_replica_arrive(replica, &late, &sink));
    gw_replica_run(replica, 50 * MS, &sink);
    assert_int_equal(seen->n, 2);
    /* steps end at 1 (prompt), 3, and 5 ms; the last one is shared */
    assert_int_equal(seen->served[1].finish, 5 * MS - 3 * MS / 2);
    assert_near(seen->served[1].energy_j, 0.2 / 5, 1e-12, 0.0);
    assert_near(seen->served[0].energy_j, 0.1 + 0.2 + 0.2 * 4 / 5, 1e-12, 0.0);
    gw_replica_destroy(replica);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_emits_what_is_accepted_and_one_more),
        cmocka_unit_test(an_answer_ends_within_a_step),
        cmocka_unit_test(verified_tokens_need_blocks_and_give_them_back),
        cmocka_unit_test(who_came_last_goes_back_when_drafts_do_not_fit),
        cmocka_unit_test(energy_is_shared_by_the_tokens_processed),
    };
    return cmocka_run_group_tests_name("replica_draft", tests, NULL, NULL);
}
