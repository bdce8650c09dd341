/* Who is admitted first, who gives up, who is handed over: timelines redone by hand. Steps take 1 ms; one
 * seat, so that each waits for the one before. */
#include "tests/support/replica_bench.h"

static struct gw_replica_cfg one_seat(enum gw_admission admission, int64_t rank_us)
{
    struct gw_replica_cfg cfg = replica_bench_cfg();
    cfg.max_seqs = 1;
    cfg.admission = admission;
    cfg.rank_us = rank_us;
    return cfg;
}

static void a_level_of_priority_makes_up_for_its_worth_of_waiting(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = one_seat(GW_ADMISSION_PRIORITY, 1000);
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.arrival_us = 0, .in_tok = 1, .out_tok = 10});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.arrival_us = 1500, .in_tok = 1, .out_tok = 2, .number = 1});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){
                .arrival_us = 3000, .in_tok = 1, .out_tok = 2, .number = 2, .priority = 1}); /* as at 2000 */
    replica_bench_arrive(
        &b, &(struct gw_serve_request){
                .arrival_us = 3400, .in_tok = 1, .out_tok = 2, .number = 3, .priority = 2}); /* as at 1400 */
    replica_bench_finish(&b);
    replica_bench_expect_us(&b, 0, 1000, 10000);
    replica_bench_expect_us(&b, 3, 7600, 12000);
    replica_bench_expect_us(&b, 1, 11500, 14000);
    replica_bench_expect_us(&b, 2, 12000, 16000);
}

static void shortest_first_goes_by_the_prompt_and_equals_as_they_came(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = one_seat(GW_ADMISSION_SHORTEST, 1000);
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 1, .out_tok = 5});
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 9, .out_tok = 1, .number = 1});
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 3, .out_tok = 1, .number = 2});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.arrival_us = 2000, .in_tok = 1, .out_tok = 1, .number = 3});
    replica_bench_finish(&b);
    replica_bench_expect_us(&b, 0, 1000, 5000);
    replica_bench_expect_us(&b, 2, 6000, 6000); /* rank 3000, the older of two */
    replica_bench_expect_us(&b, 3, 5000, 7000); /* rank 2000 + 1000 */
    replica_bench_expect_us(&b, 1, 8000, 8000);
}

/* Whoever arrives at the head of the queue is seen at the next boundary, even past one that is blocked. */
static void a_new_head_may_pass_one_that_finds_no_room(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = replica_bench_cfg();
    cfg.kv_blocks = 8;
    cfg.admission = GW_ADMISSION_SHORTEST;
    cfg.rank_us = 1000;
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 60, .out_tok = 4}); /* 4 blocks */
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.arrival_us = 1500, .in_tok = 100, .out_tok = 1, .number = 1});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.arrival_us = 1600, .in_tok = 10, .out_tok = 1, .number = 2});
    replica_bench_finish(&b);
    replica_bench_expect_us(&b, 2, 1400, 3000);
    replica_bench_expect_us(&b, 0, 1000, 4000);
    replica_bench_expect_us(&b, 1, 3500, 5000);
}

static void who_waits_too_long_leaves_at_the_next_boundary(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = one_seat(GW_ADMISSION_FCFS, 0);
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 1, .out_tok = 10});
    replica_bench_arrive(&b, &(struct gw_serve_request){
                                 .arrival_us = 500, .in_tok = 1, .out_tok = 1, .number = 1, .timeout_ms = 4});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.arrival_us = 600, .in_tok = 1, .out_tok = 1, .number = 2});
    replica_bench_finish(&b);
    assert_true(b.timed_out[1]);
    assert_int_equal(b.served[1].emitted, 0);
    replica_bench_expect_us(&b, 1, 0, 5000); /* 4500 is inside the fifth step */
    replica_bench_expect_us(&b, 0, 1000, 10000);
    replica_bench_expect_us(&b, 2, 10400, 11000);
}

/* It has been paid for: 3 ms at 100 W. Its seat is free in the step that begins where it left. */
static void who_runs_too_long_leaves_its_seat_and_keeps_its_bill(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = one_seat(GW_ADMISSION_FCFS, 0);
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 1, .out_tok = 10, .timeout_ms = 3});
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 1, .out_tok = 3, .number = 1});
    replica_bench_finish(&b);
    assert_true(b.timed_out[0]);
    assert_int_equal(b.served[0].emitted, 3);
    assert_near(b.served[0].energy_j, 0.3, 1e-12, 0.0);
    replica_bench_expect_us(&b, 0, 1000, 3000);
    replica_bench_expect_us(&b, 1, 4000, 6000);
}

static void who_finishes_at_the_time_out_has_finished(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = replica_bench_cfg();
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 1, .out_tok = 3, .timeout_ms = 3});
    replica_bench_finish(&b);
    assert_int_equal(b.n_served, 1);
    assert_int_equal(b.n_timed_out, 0);
}

static void a_replica_that_only_prefills_hands_over_with_the_first_token(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = replica_bench_cfg();
    cfg.prefill_only = true;
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 1500, .out_tok = 9});
    replica_bench_finish(&b);
    assert_int_equal(b.served[0].emitted, 1);
    replica_bench_expect_us(&b, 0, 2000, 2000); /* two chunks */
}

/* Its four further tokens take four steps, whatever a prompt costs; its KV needs room like any other. */
static void a_prefilled_request_decodes_at_once(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = replica_bench_cfg();
    cfg.time.prompt = REPLICA_BENCH_MS;
    cfg.kv_blocks = 3;
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 32, .out_tok = 5, .prefilled = true});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.in_tok = 16, .out_tok = 2, .prefilled = true, .number = 1});
    replica_bench_finish(&b);
    assert_int_equal(b.served[0].emitted, 5);
    replica_bench_expect_us(&b, 0, 0, 4000);
    replica_bench_expect_us(&b, 1, 0, 5000); /* 17 tokens find room when the other has left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_of_priority_makes_up_for_its_worth_of_waiting),
        cmocka_unit_test(shortest_first_goes_by_the_prompt_and_equals_as_they_came),
        cmocka_unit_test(a_new_head_may_pass_one_that_finds_no_room),
        cmocka_unit_test(who_waits_too_long_leaves_at_the_next_boundary),
        cmocka_unit_test(who_runs_too_long_leaves_its_seat_and_keeps_its_bill),
        cmocka_unit_test(who_finishes_at_the_time_out_has_finished),
        cmocka_unit_test(a_replica_that_only_prefills_hands_over_with_the_first_token),
        cmocka_unit_test(a_prefilled_request_decodes_at_once),
    };
    return cmocka_run_group_tests_name("replica_queue", tests, NULL, NULL);
}
