/* The rules of models/serving/replica.h on timelines anyone can redo: steps of whole milliseconds, power of
 * 100 W. */
#include "tests/support/near.h"
#include "tests/support/failing_malloc.h"

#include <math.h>
#include <string.h>

#include "models/serving/replica.h"

enum { SERVED_MAX = 8 };

#define MS (1000 * GW_TICKS_PER_US)

static double hundred_w(const void *cfg, const struct gw_power_state *state)
{
    (void)cfg;
    (void)state;
    return 100.0;
}

static const struct gw_power_law hundred = {
    .name = "hundred", .constant_in_regime = true, .watts = hundred_w};

/* Room for everything, steps of 1 ms. */
static struct gw_replica_cfg simple_cfg(void)
{
    return (struct gw_replica_cfg){
        .time = {.step = MS},
        .power = {.law = &hundred, .cap_w = INFINITY, .idle_w = 20.0, .n_accelerators = 1.0},
        .max_seqs = 16,
        .token_budget = 1000,
        .block_tok = 16,
        .kv_blocks = 1000,
    };
}

/* One replica, whatever it served by request number, and how many it refused. */
struct bench {
    struct gw_replica *replica;
    struct gw_served served[SERVED_MAX];
    int n_served, n_refused;
    struct gw_serve_sink sink;
};

static void on_served(void *to, const struct gw_served *served)
{
    struct bench *b = to;
    if (served->request.number < SERVED_MAX) {
        b->served[served->request.number] = *served;
    }
    b->n_served++;
}

static void on_refused(void *to, const struct gw_serve_request *request)
{
    (void)request;
    ((struct bench *)to)->n_refused++;
}

static void bench_init(struct bench *b, const struct gw_replica_cfg *cfg)
{
    memset(b, 0, sizeof *b);
    b->sink = (struct gw_serve_sink){on_served, on_refused, b, NULL};
    b->replica = gw_replica_create(cfg, 2, 0);
    assert_non_null(b->replica);
}

static void arrive_in_class(struct bench *b, uint64_t number, gw_time_us at_us, uint32_t in_tok,
                            uint32_t out_tok, uint16_t class)
{
    const struct gw_serve_request request = {
        .arrival_us = at_us, .in_tok = in_tok, .out_tok = out_tok, .class = class, .number = number};
    gw_replica_run(b->replica, at_us * GW_TICKS_PER_US, &b->sink);
    assert_true(gw_replica_arrive(b->replica, &request, &b->sink));
    gw_replica_verify(b->replica);
}

static void arrive(struct bench *b, uint64_t number, gw_time_us at_us, uint32_t in_tok, uint32_t out_tok)
{
    arrive_in_class(b, number, at_us, in_tok, out_tok, 0);
}

static void run_to_end(struct bench *b)
{
    gw_replica_run(b->replica, GW_TICK_NEVER, &b->sink);
    gw_replica_verify(b->replica);
}

static struct gw_replica_meter read_meter(struct bench *b, gw_tick at, double class_j[2])
{
    struct gw_replica_meter meter;
    gw_replica_run(b->replica, at, &b->sink);
    gw_replica_meter(b->replica, at, &meter, class_j);
    return meter;
}

static void expect_us(const struct bench *b, int number, gw_time_us first_token_us, gw_time_us finish_us)
{
    assert_int_equal(b->served[number].first_token, first_token_us * GW_TICKS_PER_US);
    assert_int_equal(b->served[number].finish, finish_us * GW_TICKS_PER_US);
}

/* --- time ---------------------------------------------------------------------------------------- */

static void a_lone_request_takes_its_prompt_step_and_one_step_per_further_token(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.time = (struct gw_step_time){.step = 10 * MS,
                                     .seq = MS,
                                     .kv = 2 * GW_TICKS_PER_US,
                                     .prompt = GW_TICKS_PER_US,
                                     .pair = GW_TICKS_PER_US};
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 7, 5, 3);
    run_to_end(&b);
    /* prompt: 10 000 + 5 + 15 pairs; then contexts 6 and 7: 11 012 and 11 014 */
    expect_us(&b, 0, 10020, 10020 + 11012 + 11014);
    assert_int_equal(gw_replica_due(b.replica), GW_TICK_NEVER);
    gw_replica_destroy(b.replica);
}

static void a_single_token_answer_ends_with_its_prompt(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = simple_cfg();
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 5, 1);
    run_to_end(&b);
    expect_us(&b, 0, 1000, 1000);
    gw_replica_destroy(b.replica);
}

static void a_prompt_beyond_the_budget_is_prefilled_in_chunks(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.time.pair = GW_TICKS_PER_US;
    cfg.max_seqs = 2;
    cfg.token_budget = 4;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 10, 1);
    run_to_end(&b);
    /* chunks of 4, 4, 2: however it is cut, the prompt has 10 x 11 / 2 = 55 pairs */
    expect_us(&b, 0, 3055, 3055);
    gw_replica_destroy(b.replica);
}

static void decoding_goes_first_and_prompts_get_the_rest_of_the_budget(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.max_seqs = 2;
    cfg.token_budget = 4;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 2, 10);
    arrive(&b, 1, 1000, 6, 1); /* from 1 ms on 3 tokens per step are left: two steps */
    run_to_end(&b);
    expect_us(&b, 0, 1000, 10000);
    expect_us(&b, 1, 2000, 2000);
    gw_replica_destroy(b.replica);
}

static void an_arrival_is_seen_at_the_first_boundary_not_before_it(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = simple_cfg();
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 1, 20);
    arrive(&b, 1, 3000, 1, 1); /* at a boundary: starts there */
    arrive(&b, 2, 7001, 1, 1); /* just after one: waits 999 us */
    run_to_end(&b);
    expect_us(&b, 0, 1000, 20000);
    expect_us(&b, 1, 1000, 1000);
    expect_us(&b, 2, 1999, 1999);
    gw_replica_destroy(b.replica);
}

static void arrivals_at_one_instant_share_an_idle_engines_first_step(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = simple_cfg();
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 500, 1, 2);
    arrive(&b, 1, 500, 1, 2);
    run_to_end(&b);
    expect_us(&b, 0, 1000, 2000);
    expect_us(&b, 1, 1000, 2000);
    gw_replica_destroy(b.replica);
}

/* --- admission and memory ------------------------------------------------------------------------ */

static void nobody_passes_a_blocked_head_of_the_queue(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.block_tok = 1;
    cfg.kv_blocks = 20;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 10, 5);    /* holds 10 to 14 blocks until 5 ms */
    arrive(&b, 1, 1500, 15, 1); /* does not fit beside it */
    arrive(&b, 2, 1600, 1, 1);  /* would fit, but waits */
    assert_int_equal(gw_replica_in_flight(b.replica), 3);
    assert_int_equal(gw_replica_running(b.replica), 1);
    assert_int_equal(gw_replica_pending_tok(b.replica), 16);
    assert_near(gw_replica_kv_frac(b.replica), 11.0 / 20.0, 1e-15, 0.0);
    run_to_end(&b);
    expect_us(&b, 0, 1000, 5000);
    expect_us(&b, 1, 4500, 4500);
    expect_us(&b, 2, 4400, 4400);
    gw_replica_destroy(b.replica);
}

static void seats_limit_the_sequences_in_the_engine(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.max_seqs = 2;
    struct bench b;
    bench_init(&b, &cfg);
    for (uint64_t i = 0; i < 3; i++) {
        arrive(&b, i, 0, 1, 4);
    }
    run_to_end(&b);
    expect_us(&b, 1, 1000, 4000);
    expect_us(&b, 2, 5000, 8000);
    gw_replica_destroy(b.replica);
}

static void when_blocks_run_out_the_last_admitted_starts_over_and_keeps_its_tokens(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.block_tok = 1;
    cfg.kv_blocks = 8;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 3, 5);
    arrive(&b, 1, 0, 3, 3);
    run_to_end(&b);
    /* 6 blocks after the first step, 8 after the second: request 1 gives back its 4 with two tokens out.
     * Request 0 decodes alone until 5 ms; then prompt and two tokens are prefilled and the third comes out.
     */
    expect_us(&b, 0, 1000, 5000);
    expect_us(&b, 1, 1000, 6000);
    assert_int_equal(b.served[0].preemptions, 0);
    assert_int_equal(b.served[1].preemptions, 1);

    double class_j[2] = {0};
    const struct gw_replica_meter meter = read_meter(&b, 6 * MS, class_j);
    assert_int_equal(meter.prompt_tok, 3 + 3 + 5);
    assert_int_equal(meter.out_tok, 8);
    assert_int_equal(meter.steps, 6);
    assert_int_equal(meter.preemptions, 1);
    gw_replica_destroy(b.replica);
}

static void a_prompt_half_way_is_preempted_like_any_other(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.block_tok = 1;
    cfg.kv_blocks = 12;
    cfg.max_seqs = 2;
    cfg.token_budget = 2;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 1, 10);
    arrive(&b, 1, 1000, 8,
           1); /* takes 8 blocks beside 2, one token per step; request 0 needs a 5th at 4 ms */
    run_to_end(&b);
    expect_us(&b, 0, 1000, 10000);
    expect_us(&b, 1, 9000 + 4000, 9000 + 4000); /* from 10 ms on two tokens per step */
    assert_int_equal(b.served[1].preemptions, 1);
    gw_replica_destroy(b.replica);
}

static void what_can_never_fit_is_refused(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.block_tok = 4;
    cfg.kv_blocks = 5;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 11, 11); /* 21 tokens of context */
    assert_int_equal(b.n_refused, 1);
    assert_int_equal(gw_replica_in_flight(b.replica), 0);
    arrive(&b, 0, 0, 11, 10); /* the last token needs no room */
    run_to_end(&b);
    assert_int_equal(b.n_served, 1);
    gw_replica_destroy(b.replica);
}

/* --- energy -------------------------------------------------------------------------------------- */

static void a_step_is_shared_by_its_tokens_and_idle_power_fills_the_gaps(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = simple_cfg();
    struct bench b;
    bench_init(&b, &cfg);
    arrive_in_class(&b, 0, 1000, 30, 2, 0);
    arrive_in_class(&b, 1, 1000, 10, 2, 1);
    double class_j[2] = {0};
    const struct gw_replica_meter meter = read_meter(&b, 5 * MS, class_j);

    /* 100 W: 0.1 J for the prompts, 3 : 1; 0.1 J for the second tokens, 1 : 1; idle for 1 ms before and 2 ms
     * after */
    assert_near(b.served[0].energy_j, 0.075 + 0.05, 1e-12, 0.0);
    assert_near(b.served[1].energy_j, 0.025 + 0.05, 1e-12, 0.0);
    assert_near(class_j[0], 0.125, 1e-12, 0.0);
    assert_near(class_j[1], 0.075, 1e-12, 0.0);
    assert_near(meter.busy_j, 0.2, 1e-12, 0.0);
    assert_near(meter.idle_j, 20.0 * 0.003, 1e-12, 0.0);
    assert_near(meter.busy_s, 0.002, 1e-12, 0.0);
    assert_near(meter.token_steps, 2 * 0.001, 1e-12, 0.0); /* two decode during the second step */
    assert_int_equal(meter.prompt_tok, 40);
    assert_int_equal(meter.out_tok, 4);
    gw_replica_destroy(b.replica);
}

static void a_reading_splits_the_step_under_way_linearly_in_time(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = simple_cfg();
    struct bench b;
    bench_init(&b, &cfg);
    arrive_in_class(&b, 0, 0, 30, 4, 0);
    arrive_in_class(&b, 1, 0, 10, 4, 1);

    double prompt_j[2] = {0}, decode_j[2] = {0}, rest_j[2] = {0};
    const struct gw_replica_meter prompt = read_meter(&b, MS / 4, prompt_j);
    assert_near(prompt.busy_j, 0.025, 1e-12, 0.0);
    assert_near(prompt_j[0], 0.75 * 0.025, 1e-12, 0.0);
    assert_near(prompt_j[1], 0.25 * 0.025, 1e-12, 0.0);
    assert_int_equal(prompt.steps, 0);
    assert_int_equal(prompt.prompt_tok, 0);

    const struct gw_replica_meter decode = read_meter(&b, 2 * MS + MS / 2, decode_j);
    assert_near(decode.busy_j, 0.225, 1e-12, 0.0);
    assert_near(decode_j[0], 0.75 * 0.075 + 0.5 * 0.15, 1e-12, 0.0);
    assert_int_equal(decode.steps, 2);
    assert_int_equal(decode.prompt_tok, 40);
    assert_int_equal(decode.out_tok, 4);

    const struct gw_replica_meter rest = read_meter(&b, 4 * MS + 1, rest_j);
    assert_near(rest.busy_j, 0.15, 1e-12, 0.0);
    assert_near(rest_j[1], 0.075, 1e-12, 0.0);
    assert_int_equal(rest.steps, 2);
    assert_int_equal(rest.out_tok, 4);
    gw_replica_destroy(b.replica);
}

/* --- long runs and large numbers ----------------------------------------------------------------- */

static void waiting_is_counted_across_a_move_of_the_base(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.max_seqs = 1;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 0, 0, 1, 5000);
    arrive(&b, 1, 10, 1, 1);
    double class_j[2] = {0};
    read_meter(&b, 2000 * MS, class_j);
    gw_replica_rebase(b.replica, 2000000);
    assert_int_equal(gw_replica_due(b.replica), 3000 * MS);
    run_to_end(&b);
    expect_us(&b, 0, 1000, 5000000);
    expect_us(&b, 1, 5000990, 5000990);
    gw_replica_destroy(b.replica);
}

/* 2200 overlapping answers of a million tokens, a step per microsecond: the engine never pauses, and its
 * 32-bit step numbers would have run out of their 30 bits. */
static void step_numbers_start_again_unnoticed(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.time.step = GW_TICKS_PER_US;
    cfg.kv_blocks = 1000000;
    struct bench b;
    bench_init(&b, &cfg);
    gw_time_us base_us = 0;
    for (int i = 0; i < 2200; i++) {
        const struct gw_serve_request request = {.arrival_us = i * INT64_C(500000),
                                                 .in_tok = 1,
                                                 .out_tok = 1000000,
                                                 .number = i == 2198 ? 0 : SERVED_MAX};
        gw_replica_run(b.replica, (request.arrival_us - base_us) * GW_TICKS_PER_US, &b.sink);
        gw_replica_verify(b.replica);
        base_us = request.arrival_us;
        gw_replica_rebase(b.replica, base_us);
        assert_true(gw_replica_arrive(b.replica, &request, &b.sink));
    }
    run_to_end(&b);
    assert_int_equal(b.n_served, 2200);
    expect_us(&b, 0, 1, 1000000);
    assert_near(b.served[0].energy_j, 100.0 * 0.5, 1e-6, 0.0); /* shared with another one all the time */
    gw_replica_destroy(b.replica);
}

/* 4096 seats filled with prompts and answers of half a million tokens each, on the largest KV memory allowed.
 */
static void the_largest_load_stays_within_64_bits(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.time = (struct gw_step_time){
        .step = 10 * MS, .seq = 40 * GW_TICKS_PER_US, .kv = 13000, .prompt = GW_TICKS_PER_US, .pair = 600};
    cfg.max_seqs = 4096;
    cfg.token_budget = 8192;
    cfg.kv_blocks = 1 << 27;
    struct bench b;
    bench_init(&b, &cfg);
    for (uint64_t i = 0; i < 5000; i++) {
        const struct gw_serve_request request = {
            .in_tok = i == 0 ? 1000000 : 100000, .out_tok = i == 0 ? 1000000 : 400000, .number = i};
        assert_true(gw_replica_arrive(b.replica, &request, &b.sink));
    }
    gw_time_us base_us = 0;
    double class_j[2] = {0}, busy_j = 0.0;
    while (gw_replica_in_flight(b.replica) > 0) {
        const struct gw_replica_meter meter =
            read_meter(&b, 86400 * INT64_C(1000000) * GW_TICKS_PER_US, class_j);
        base_us += 86400 * INT64_C(1000000);
        gw_replica_rebase(b.replica, base_us);
        gw_replica_verify(b.replica);
        busy_j += meter.busy_j;
        assert_true(meter.busy_s <= 86400.0 * (1.0 + 1e-12));
    }
    assert_int_equal(b.n_served, 5000);
    assert_near(class_j[0], busy_j, 1e-9, 0.0);
    gw_replica_destroy(b.replica);
}

static void an_arrival_without_memory_changes_nothing(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = simple_cfg();
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) { /* itself, its classes, its heap */
        gw_failing_malloc_arm(fail_at);
        assert_null(gw_replica_create(&cfg, 2, 0));
        assert_true(gw_failing_malloc_disarm());
    }

    struct bench b;
    bench_init(&b, &cfg);
    const struct gw_serve_request request = {.in_tok = 1, .out_tok = 1};
    uint32_t taken = 0;
    bool ok = true;
    gw_failing_malloc_arm(2); /* the second growth of its slots */
    while (ok) {
        ok = gw_replica_arrive(b.replica, &request, &b.sink);
        taken += ok;
    }
    assert_true(gw_failing_malloc_disarm());
    assert_int_equal(gw_replica_in_flight(b.replica), taken);
    gw_replica_verify(b.replica);
    assert_true(gw_replica_arrive(b.replica, &request, &b.sink));
    run_to_end(&b);
    assert_int_equal(b.n_served, taken + 1);
    gw_replica_destroy(b.replica);
}

/* --- what is left at the end of a run ------------------------------------------------------------ */

struct visits {
    uint64_t number[SERVED_MAX];
    bool answered_first[SERVED_MAX];
    int n;
};

static void on_visit(void *to, const struct gw_serve_request *request, bool answered_first)
{
    struct visits *v = to;
    v->number[v->n] = request->number;
    v->answered_first[v->n++] = answered_first;
}

static void whoever_is_inside_is_visited_queue_first(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = simple_cfg();
    cfg.max_seqs = 2;
    cfg.token_budget = 4;
    struct bench b;
    bench_init(&b, &cfg);
    arrive(&b, 10, 0, 1, 100);
    arrive(&b, 11, 2000, 100, 5); /* in prefill */
    arrive(&b, 12, 2100, 1, 1);   /* queued */
    gw_replica_run(b.replica, 3 * MS, &b.sink);
    struct visits v = {.n = 0};
    gw_replica_each(b.replica, on_visit, &v);
    assert_int_equal(v.n, 3);
    assert_int_equal(v.number[0], 12);
    assert_int_equal(v.number[1], 10);
    assert_int_equal(v.number[2], 11);
    assert_false(v.answered_first[0]);
    assert_true(v.answered_first[1]);
    assert_false(v.answered_first[2]);
    gw_replica_destroy(b.replica);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lone_request_takes_its_prompt_step_and_one_step_per_further_token),
        cmocka_unit_test(a_single_token_answer_ends_with_its_prompt),
        cmocka_unit_test(a_prompt_beyond_the_budget_is_prefilled_in_chunks),
        cmocka_unit_test(decoding_goes_first_and_prompts_get_the_rest_of_the_budget),
        cmocka_unit_test(an_arrival_is_seen_at_the_first_boundary_not_before_it),
        cmocka_unit_test(arrivals_at_one_instant_share_an_idle_engines_first_step),
        cmocka_unit_test(nobody_passes_a_blocked_head_of_the_queue),
        cmocka_unit_test(seats_limit_the_sequences_in_the_engine),
        cmocka_unit_test(when_blocks_run_out_the_last_admitted_starts_over_and_keeps_its_tokens),
        cmocka_unit_test(a_prompt_half_way_is_preempted_like_any_other),
        cmocka_unit_test(what_can_never_fit_is_refused),
        cmocka_unit_test(a_step_is_shared_by_its_tokens_and_idle_power_fills_the_gaps),
        cmocka_unit_test(a_reading_splits_the_step_under_way_linearly_in_time),
        cmocka_unit_test(waiting_is_counted_across_a_move_of_the_base),
        cmocka_unit_test(step_numbers_start_again_unnoticed),
        cmocka_unit_test(the_largest_load_stays_within_64_bits),
        cmocka_unit_test(an_arrival_without_memory_changes_nothing),
        cmocka_unit_test(whoever_is_inside_is_visited_queue_first),
    };
    return cmocka_run_group_tests_name("replica", tests, NULL, NULL);
}
