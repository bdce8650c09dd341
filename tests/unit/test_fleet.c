/* A site of two models on timelines anyone can redo: steps of 1 ms, 100 W while they run, 20 W between them.
 */
#include "tests/support/near.h"
#include "tests/support/failing_malloc.h"

#include <math.h>
#include <string.h>

#include "models/serving/fleet.h"

enum { LOG_MAX = 16, SMALL = 0, LARGE = 1, LANES = 3 };

static double hundred_w(const void *cfg, const struct gw_power_state *state)
{
    (void)cfg;
    (void)state;
    return 100.0;
}

static const struct gw_power_law hundred = {
    .name = "hundred", .constant_in_regime = true, .watts = hundred_w};

static struct gw_replica_cfg engine(int32_t kv_blocks)
{
    return (struct gw_replica_cfg){
        .time = {.step = 1000 * GW_TICKS_PER_US},
        .power = {.law = &hundred, .cap_w = INFINITY, .idle_w = 20.0, .n_accelerators = 1.0},
        .max_seqs = 16,
        .token_budget = 10000,
        .block_tok = 1,
        .kv_blocks = kv_blocks,
    };
}

struct entry {
    uint32_t lane;
    struct gw_served served;
};

struct site {
    struct gw_replica_cfg small, large; /* their addresses are kept by the fleet */
    struct gw_fleet *fleet;
    struct entry entry[LOG_MAX];
    int n_served, n_refused, n_inside;
    uint64_t refused_number;
};

static void on_served(void *to, uint32_t lane, const struct gw_served *served)
{
    struct site *s = to;
    if (s->n_served < LOG_MAX) {
        s->entry[s->n_served] = (struct entry){lane, *served};
    }
    s->n_served++;
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    struct site *s = to;
    (void)lane;
    s->n_refused++;
    s->refused_number = request->number;
}

static void on_inside(void *to, uint32_t lane, const struct gw_serve_request *request, bool answered_first)
{
    struct site *s = to;
    assert_int_equal(request->number, 70 + lane);
    assert_true(answered_first == (lane == 0));
    s->n_inside++;
}

/* Two replicas of the small model with 1000 tokens of memory, one with 5000; one replica of the large model.
 * Lanes 0 and 1 ask the small model, lane 2 the large one. */
static bool site_try_init(struct site *s, enum gw_dispatch rule)
{
    memset(s, 0, sizeof *s);
    s->small = engine(1000);
    s->large = engine(5000);
    const struct gw_fleet_group group[] = {{.model = LARGE, .cfg = &s->large, .replicas = 1},
                                           {.model = SMALL, .cfg = &s->small, .replicas = 2},
                                           {.model = SMALL, .cfg = &s->large, .replicas = 1}};
    const enum gw_dispatch dispatch[] = {rule, rule};
    const double pack_limit[] = {2.0, 2.0};
    const uint32_t lane_model[LANES] = {SMALL, SMALL, LARGE};
    const struct gw_fleet_cfg cfg = {
        .group = group,
        .n_groups = 3,
        .dispatch = dispatch,
        .pack_limit = pack_limit,
        .models = 2,
        .classes = 2,
        .lanes = LANES,
        .lane_model = lane_model,
    };
    const struct gw_fleet_sink sink = {on_served, on_refused, s, NULL, NULL, NULL, NULL};
    s->fleet = gw_fleet_create(&cfg, &sink);
    return s->fleet != NULL;
}

static void site_init(struct site *s, enum gw_dispatch rule)
{
    assert_true(site_try_init(s, rule));
}

static void push(struct site *s, uint32_t lane, gw_time_us at_us, uint32_t in_tok, uint32_t out_tok,
                 uint64_t number)
{
    const struct gw_serve_request request = {.arrival_us = at_us,
                                             .in_tok = in_tok,
                                             .out_tok = out_tok,
                                             .class = (uint16_t)(lane == 2),
                                             .number = number};
    assert_true(gw_fleet_push(s->fleet, lane, &request));
}

static void advance(struct site *s, gw_time_us until_us)
{
    assert_true(gw_fleet_advance(s->fleet, until_us));
    gw_fleet_verify(s->fleet);
}

static void requests_come_back_with_their_lane_and_number(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_LEAST_PENDING);
    const uint64_t largest = (UINT64_C(1) << 48) - 1;
    push(&s, 1, 0, 5, 2, largest);
    push(&s, 2, 500, 5, 1, 3);
    advance(&s, 10000);
    assert_int_equal(s.n_served, 2);
    assert_int_equal(s.entry[0].lane, 2); /* finished at 1.5 ms, the other at 2 ms */
    assert_int_equal(s.entry[0].served.request.number, 3);
    assert_int_equal(s.entry[0].served.request.class, 1);
    assert_int_equal(s.entry[1].lane, 1);
    assert_true(s.entry[1].served.request.number == largest);
    assert_int_equal(s.entry[1].served.finish, 2000 * GW_TICKS_PER_US);
    assert_int_equal(gw_fleet_last_finish(s.fleet), 2000);
    gw_fleet_destroy(s.fleet);
}

/* Three requests at once: on three replicas when spread, two on the first one when packed. */
static void dispatch_decides_who_shares_a_replica(void **state)
{
    (void)state;
    static const double energy_j[] = {0.1, 0.1, 0.05}; /* of the first request: alone, alone, shared by two */
    for (int rule = 0; rule < 3; rule++) {
        struct site s;
        site_init(&s, (enum gw_dispatch)rule);
        for (uint64_t i = 0; i < 3; i++) {
            push(&s, 0, 0, 7, 1, i);
        }
        advance(&s, 1001);
        assert_int_equal(s.n_served, 3);
        assert_int_equal(s.entry[0].served.request.number, 0);
        assert_near(s.entry[0].served.energy_j, energy_j[rule], 1e-12, 0.0);
        gw_fleet_destroy(s.fleet);
    }
}

static void too_long_for_every_replica_is_refused_and_too_long_for_some_is_not(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_ROUND_ROBIN);
    push(&s, 0, 0, 4000, 1001, 1); /* 5000 tokens: fits the third replica */
    push(&s, 0, 0, 4000, 1002, 2);
    advance(&s, 2000000);
    assert_int_equal(s.n_served, 1);
    assert_int_equal(s.n_refused, 1);
    assert_int_equal(s.refused_number, 2);
    gw_fleet_destroy(s.fleet);
}

static void a_model_without_replicas_refuses_everything(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_PACK);
    gw_fleet_destroy(s.fleet);
    const enum gw_dispatch dispatch = GW_DISPATCH_PACK;
    const double pack_limit = 1.0;
    const uint32_t lane_model = 0;
    const struct gw_fleet_cfg cfg = {
        .dispatch = &dispatch, .pack_limit = &pack_limit, .models = 1, .lanes = 1, .lane_model = &lane_model};
    const struct gw_fleet_sink sink = {on_served, on_refused, &s, NULL, NULL, NULL, NULL};
    s.fleet = gw_fleet_create(&cfg, &sink);
    assert_non_null(s.fleet);
    push(&s, 0, 0, 1, 1, 9);
    advance(&s, 10);
    assert_int_equal(s.n_refused, 1);
    assert_true(gw_fleet_next(s.fleet) == GW_NEVER_US);
    gw_fleet_destroy(s.fleet);
}

static void counters_follow_a_request_from_inbox_to_answer(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_LEAST_PENDING);
    assert_int_equal(gw_fleet_replicas(s.fleet, SMALL), 3);
    assert_int_equal(gw_fleet_replicas(s.fleet, LARGE), 1);
    assert_true(gw_fleet_next(s.fleet) == GW_NEVER_US);

    push(&s, 0, 2500, 5, 3, 70);
    push(&s, 2, 4000, 5, 1, 72);
    assert_int_equal(gw_fleet_inbox(s.fleet), 2);
    assert_int_equal(gw_fleet_next(s.fleet), 2500);
    advance(&s, 2500); /* what happens at 2500 is still to come */
    assert_int_equal(gw_fleet_inbox(s.fleet), 2);
    advance(&s, 3600);
    assert_int_equal(gw_fleet_inbox(s.fleet), 1);
    assert_int_equal(gw_fleet_in_flight(s.fleet, SMALL), 1);
    assert_int_equal(gw_fleet_in_flight(s.fleet, LARGE), 0);
    assert_int_equal(gw_fleet_next(s.fleet), 4000);

    gw_fleet_each(s.fleet, on_inside, &s);
    assert_int_equal(s.n_inside, 2);
    while (gw_fleet_next(s.fleet) != GW_NEVER_US) {
        advance(&s, gw_fleet_next(s.fleet) + 1);
    }
    assert_int_equal(s.n_served, 2);
    assert_int_equal(gw_fleet_last_finish(s.fleet), 5500);
    gw_fleet_destroy(s.fleet);
}

static void equal_arrivals_are_counted_as_ties(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_LEAST_PENDING);
    push(&s, 0, 100, 1, 1, 0);
    push(&s, 0, 100, 1, 1, 1);
    push(&s, 2, 100, 1, 1, 2);
    push(&s, 2, 101, 1, 1, 3);
    advance(&s, 1000);
    assert_int_equal(gw_fleet_ties(s.fleet), 2);
    gw_fleet_destroy(s.fleet);
}

static void meters_are_kept_apart_by_group_and_class(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_ROUND_ROBIN);
    for (uint64_t i = 0; i < 3; i++) {
        push(&s, 0, 0, 10, 2, i); /* one on each replica of the small model */
    }
    push(&s, 2, 2000, 10, 4, 0);
    struct gw_replica_meter group[3];
    double class_j[2] = {1.0, 0.0}; /* added to */

    advance(&s, 4000);
    gw_fleet_meter(s.fleet, 4000, group, class_j);
    assert_near(group[0].busy_j, 0.2, 1e-12, 0.0); /* large: from 2 ms on */
    assert_near(group[0].idle_j, 0.04, 1e-12, 0.0);
    assert_near(group[1].busy_j, 0.4, 1e-12, 0.0); /* two replicas, two steps each */
    assert_near(group[1].idle_j, 0.08, 1e-12, 0.0);
    assert_int_equal(group[1].out_tok, 4);
    assert_near(group[2].busy_j, 0.2, 1e-12, 0.0);
    assert_near(class_j[0], 1.6, 1e-12, 0.0);
    assert_near(class_j[1], 0.2, 1e-12, 0.0);

    advance(&s, 10000);
    gw_fleet_meter(s.fleet, 10000, group, class_j);
    assert_near(group[0].busy_j, 0.2, 1e-12, 0.0);
    assert_near(group[1].busy_j, 0.0, 0.0, 1e-12);
    assert_near(class_j[1], 0.4, 1e-12, 0.0);
    assert_int_equal(gw_fleet_last_finish(s.fleet), 6000);
    gw_fleet_destroy(s.fleet);
}

/* A: 10 tokens in, 2 out, at 0; B: 20 in, 1 out, at 0.5 ms. A runs for two steps of 1 ms, B waits for the
 * second: 10 blocks of a token in the first, 11 + 20 in the second. The idle engine takes A in at once: no
 * queue. */
static void loads_are_integrals_over_time_wherever_they_are_cut(void **state)
{
    (void)state;
    static const struct {
        gw_time_us at_us;
        struct gw_fleet_load load;
    } reading[] = {
        {1500,
         {.waiting_s = 0.5e-3,
          .running_s = 2e-3,
          .waiting_peak = 1,
          .running_peak = 2,
          .arrived = 2,
          .kv_tok_s = 25.5e-3,
          .room_tok_s = 7.5,
          .kv_peak_frac = 31.0 / 5000.0,
          .busy_s = 1.5e-3,
          .batch_s = 0.5e-3,
          .replica_s = 1.5e-3}},
        {1800,
         {.running_s = 0.6e-3,
          .running_peak = 2,
          .kv_tok_s = 9.3e-3,
          .room_tok_s = 1.5,
          .kv_peak_frac = 31.0 / 5000.0,
          .busy_s = 0.3e-3,
          .batch_s = 0.3e-3,
          .replica_s = 0.3e-3}},
        {4000,
         {.running_s = 0.4e-3,
          .running_peak = 2,
          .finished = 2,
          .kv_tok_s = 6.2e-3,
          .room_tok_s = 11.0,
          .kv_peak_frac = 31.0 / 5000.0,
          .busy_s = 0.2e-3,
          .batch_s = 0.2e-3,
          .replica_s = 2.2e-3}},
        {5000, {.room_tok_s = 5.0, .replica_s = 1e-3}},
    };
    struct site s;
    site_init(&s, GW_DISPATCH_LEAST_PENDING);
    push(&s, 2, 0, 10, 2, 0);
    push(&s, 2, 500, 20, 1, 1);
    for (size_t i = 0; i < sizeof reading / sizeof reading[0]; i++) {
        struct gw_replica_meter group[3];
        double class_j[2] = {0};
        advance(&s, reading[i].at_us);
        gw_fleet_meter(s.fleet, reading[i].at_us, group, class_j);
        const struct gw_fleet_load *got = gw_fleet_load(s.fleet, LARGE), *want = &reading[i].load;
        assert_near(got->waiting_s, want->waiting_s, 1e-12, 1e-15);
        assert_near(got->running_s, want->running_s, 1e-12, 1e-15);
        assert_int_equal(got->waiting_peak, want->waiting_peak);
        assert_int_equal(got->running_peak, want->running_peak);
        assert_int_equal(got->arrived, want->arrived);
        assert_int_equal(got->finished, want->finished);
        assert_near(got->kv_tok_s, want->kv_tok_s, 1e-12, 1e-15);
        assert_near(got->room_tok_s, want->room_tok_s, 1e-12, 0.0);
        assert_near(got->kv_peak_frac, want->kv_peak_frac, 1e-12, 0.0);
        assert_near(got->busy_s, want->busy_s, 1e-12, 1e-15);
        assert_near(got->batch_s, want->batch_s, 1e-12, 1e-15);
        assert_near(got->replica_s, want->replica_s, 1e-12, 0.0);
    }
    gw_fleet_destroy(s.fleet);
}

/* --- memory --------------------------------------------------------------------------------------- */

static void running_out_of_memory_is_reported_wherever_it_happens(void **state)
{
    (void)state;
    bool failed = true;
    int failures = 0;
    for (size_t fail_at = 1; failed; fail_at++) {
        const struct gw_serve_request request = {.in_tok = 5, .out_tok = 2};
        struct site s;
        gw_failing_malloc_arm(fail_at);
        const bool created = site_try_init(&s, GW_DISPATCH_LEAST_PENDING);
        const bool pushed = created && gw_fleet_push(s.fleet, 0, &request);
        const bool done = pushed && gw_fleet_advance(s.fleet, 10000);
        failed = gw_failing_malloc_disarm();
        assert_true(done == !failed);
        assert_int_equal(s.n_served, done);
        gw_fleet_destroy(s.fleet);
        failures += failed;
    }
    assert_true(failures > 20);
}

/* Requests every 100 us, in waves of different depth: after one wave the next ones allocate nothing. */
static void after_warming_up_nothing_is_allocated(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, GW_DISPATCH_LEAST_PENDING);
    for (int wave = 0; wave < 3; wave++) {
        const gw_time_us start_us = wave * INT64_C(1000000);
        for (int i = 0; i < 1000; i++) {
            push(&s, 0, start_us + i * INT64_C(100), 20, 1 + (uint32_t)i % 7, 0);
            advance(&s, start_us + i * INT64_C(100) + 1);
        }
        advance(&s, start_us + 900000);
        if (wave == 0) {
            gw_failing_malloc_arm(1);
        }
    }
    assert_false(gw_failing_malloc_disarm());
    assert_int_equal(s.n_served, 3000);
    gw_fleet_destroy(s.fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_come_back_with_their_lane_and_number),
        cmocka_unit_test(dispatch_decides_who_shares_a_replica),
        cmocka_unit_test(too_long_for_every_replica_is_refused_and_too_long_for_some_is_not),
        cmocka_unit_test(a_model_without_replicas_refuses_everything),
        cmocka_unit_test(counters_follow_a_request_from_inbox_to_answer),
        cmocka_unit_test(equal_arrivals_are_counted_as_ties),
        cmocka_unit_test(meters_are_kept_apart_by_group_and_class),
        cmocka_unit_test(loads_are_integrals_over_time_wherever_they_are_cut),
        cmocka_unit_test(running_out_of_memory_is_reported_wherever_it_happens),
        cmocka_unit_test(after_warming_up_nothing_is_allocated),
    };
    return cmocka_run_group_tests_name("fleet", tests, NULL, NULL);
}
