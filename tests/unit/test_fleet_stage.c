/* Replicas that start and stop, outages, overload, on timelines anyone can redo: steps of 1 ms, 100 W while
 * they run, 20 W between them; a node wakes in 2 s (boots in 5 s) and holds two replicas, weights load in
 * 3 s. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/serving/fleet.h"
#include "sim/core/clock.h"

enum { LOG_MAX = 64, S = 1000000 };

static double hundred_w(const void *cfg, const struct gw_power_state *state)
{
    (void)cfg;
    (void)state;
    return 100.0;
}

static const struct gw_power_law hundred = {
    .name = "hundred", .constant_in_regime = true, .watts = hundred_w};

static const struct gw_replica_cfg engine = {
    .time = {.step = 1000 * GW_TICKS_PER_US},
    .power = {.law = &hundred, .cap_w = INFINITY, .idle_w = 20.0, .n_accelerators = 1.0},
    .max_seqs = 16,
    .token_budget = 10000,
    .block_tok = 1,
    .kv_blocks = 1000,
};

struct site {
    struct gw_fleet *fleet;
    struct gw_served served[LOG_MAX];
    int n_served, n_refused, n_spilled, n_timed_out, n_again;
    gw_time_us spilled_at_us;
};

static void on_served(void *to, uint32_t lane, const struct gw_served *served)
{
    struct site *s = to;
    (void)lane;
    assert_in_range(s->n_served, 0, LOG_MAX - 1);
    s->served[s->n_served++] = *served;
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    (void)lane;
    (void)request;
    ((struct site *)to)->n_refused++;
}

static void on_timed_out(void *to, uint32_t lane, const struct gw_served *served)
{
    (void)lane;
    assert_int_equal(served->finish, (gw_tick)served->request.timeout_ms * 1000 * GW_TICKS_PER_US);
    ((struct site *)to)->n_timed_out++;
}

static void on_spilled(void *to, uint32_t lane, const struct gw_serve_request *request, gw_time_us at_us)
{
    struct site *s = to;
    assert_int_equal(lane, 0);
    assert_true(request->arrival_us <= at_us);
    s->spilled_at_us = at_us;
    s->n_spilled++;
}

static void on_again(void *to, uint32_t lane, struct gw_serve_request *request)
{
    (void)lane;
    request->timeout_ms = 60000;
    ((struct site *)to)->n_again++;
}

/* One model, `standing` of four replicas on two of `nodes` nodes; lane 1 carries what was spilled here. */
static void site_init(struct site *s, uint32_t standing, int64_t nodes, enum gw_overload rule, uint32_t limit)
{
    memset(s, 0, sizeof *s);
    const struct gw_fleet_group group = {.cfg = &engine,
                                         .replicas = standing,
                                         .more = 4 - standing,
                                         .per_node = 2,
                                         .load_us = 3 * S,
                                         .wake_us = 2 * S,
                                         .boot_us = 5 * S};
    const enum gw_dispatch dispatch = GW_DISPATCH_LEAST_PENDING;
    const double pack_limit = 1.0;
    const uint32_t lane_model[2] = {0};
    const struct gw_fleet_overload overload = {rule, limit};
    const struct gw_fleet_cfg cfg = {.group = &group,
                                     .n_groups = 1,
                                     .dispatch = &dispatch,
                                     .pack_limit = &pack_limit,
                                     .models = 1,
                                     .classes = 1,
                                     .lanes = 2,
                                     .lane_model = lane_model,
                                     .pool_nodes = &nodes,
                                     .pools = 1,
                                     .overload = &overload,
                                     .may_spill = 1};
    const struct gw_fleet_sink sink = {on_served, on_refused, s, on_timed_out, on_spilled, on_again, NULL};
    s->fleet = gw_fleet_create(&cfg, &sink);
    assert_non_null(s->fleet);
    gw_fleet_verify(s->fleet);
}

static void push(struct site *s, gw_time_us at_us, uint32_t out_tok, uint32_t timeout_ms)
{
    const struct gw_serve_request request = {
        .arrival_us = at_us, .in_tok = 5, .out_tok = out_tok, .timeout_ms = timeout_ms};
    assert_true(gw_fleet_push(s->fleet, 0, &request));
}

static void advance(struct site *s, gw_time_us until_us)
{
    assert_true(gw_fleet_advance(s->fleet, until_us));
    gw_fleet_verify(s->fleet);
}

static void target(struct site *s, uint32_t replicas)
{
    assert_true(gw_fleet_stage_target(s->fleet, 0, replicas));
    gw_fleet_verify(s->fleet);
}

static struct gw_fleet_times read_meter(struct site *s, gw_time_us at_us, struct gw_replica_meter *meter)
{
    double class_j = 0;
    gw_fleet_meter(s->fleet, at_us, meter, &class_j);
    assert_near(class_j, meter->busy_j, 1e-12, 1e-12);
    return *gw_fleet_read_times(s->fleet);
}

static void a_request_that_finds_no_replica_starts_one_and_waits_for_it(void **state)
{
    (void)state;
    struct site s;
    struct gw_replica_meter meter;
    site_init(&s, 0, 2, GW_OVERLOAD_QUEUE, 0);
    push(&s, 1 * S, 2, 0);
    push(&s, 2 * S, 1, 0);
    advance(&s, 6 * S); /* awake at 3 s, loaded at 6 s */
    assert_int_equal(gw_fleet_in_flight(s.fleet, 0), 2);
    assert_int_equal(gw_fleet_next(s.fleet), 6 * S);
    struct gw_fleet_times times = read_meter(&s, 6 * S, &meter);
    assert_near(times.node_s, 5.0, 1e-12, 0);
    assert_near(times.waking_s, 2.0, 1e-12, 0);
    assert_near(times.starting_s, 3.0, 1e-12, 0);
    assert_near(times.standing_s, 0.0, 0, 0);
    advance(&s, 10 * S);
    assert_int_equal(s.n_served, 2);
    assert_int_equal(s.served[0].finish, (4 * S + 1000) * GW_TICKS_PER_US); /* the one of 2 s: a token */
    assert_int_equal(s.served[1].finish, (5 * S + 2000) * GW_TICKS_PER_US);
    times = read_meter(&s, 10 * S, &meter);
    assert_near(times.standing_s, 4.0, 1e-12, 0);
    assert_near(meter.busy_j, 0.2, 1e-12, 0);
    assert_near(meter.idle_j, 3.998 * 20.0, 1e-12, 0);
    gw_fleet_destroy(s.fleet);
}

static void a_stopping_replica_finishes_its_work_and_frees_its_node(void **state)
{
    (void)state;
    struct site s;
    struct gw_replica_meter meter;
    site_init(&s, 4, 2, GW_OVERLOAD_QUEUE, 0);
    for (int i = 0; i < 4; i++) {
        push(&s, 0, 500, 0); /* half a second each, one on every replica */
    }
    advance(&s, S / 4);
    target(&s, 2);
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 2);
    advance(&s, S);
    assert_int_equal(s.n_served, 4);
    const struct gw_fleet_times times = read_meter(&s, S, &meter);
    assert_near(times.standing_s, 2 * 1.0 + 2 * 0.5, 1e-12, 0);
    assert_near(times.node_s, 1.5, 1e-12, 0);
    assert_near(meter.busy_j, 4 * 50.0, 1e-12, 0);
    assert_near(meter.idle_j, 2 * 0.5 * 20.0, 1e-12, 0); /* nothing after the two have left */
    gw_fleet_destroy(s.fleet);
}

static void a_draining_replica_comes_back_at_once_and_a_cold_one_after_its_load(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, 2, 2, GW_OVERLOAD_QUEUE, 0);
    push(&s, 0, 900, 0);
    push(&s, 0, 900, 0);
    advance(&s, S / 2);
    target(&s, 1);
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 1);
    target(&s, 3); /* the draining one, and the first of the second node */
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 2);
    assert_int_equal(gw_fleet_group_up(s.fleet, 0), 3);
    advance(&s, 5 * S + S / 2);
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 2);
    advance(&s, 5 * S + S / 2 + 1);
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 3);
    gw_fleet_destroy(s.fleet);
}

static void replicas_start_as_far_as_there_are_nodes(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, 2, 1, GW_OVERLOAD_QUEUE, 0);
    target(&s, 4);
    assert_int_equal(gw_fleet_group_up(s.fleet, 0), 2);
    gw_fleet_destroy(s.fleet);
}

static void an_outage_of_nodes_sends_their_requests_to_the_other_replicas(void **state)
{
    (void)state;
    struct site s;
    struct gw_replica_meter meter;
    site_init(&s, 4, 2, GW_OVERLOAD_QUEUE, 0);
    for (int i = 0; i < 4; i++) {
        push(&s, 0, 500, 0);
    }
    advance(&s, S / 4);
    assert_true(gw_fleet_stage_fail(s.fleet, 1, GW_FLEET_ALL, 0, 1)); /* the second node, with both */
    gw_fleet_verify(s.fleet);
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 2);
    assert_int_equal(gw_fleet_in_flight(s.fleet, 0), 4);
    assert_int_equal(s.n_again, 2);
    advance(&s, S);
    assert_int_equal(s.n_served, 4);
    assert_int_equal(s.served[3].finish, 750 * 1000 * GW_TICKS_PER_US); /* from the beginning, at 0.25 s */
    const struct gw_fleet_times times = read_meter(&s, S, &meter);
    assert_near(times.node_s, 1.25, 1e-12, 0);
    assert_near(gw_fleet_down_s(s.fleet)[0], 0.75, 1e-12, 0);

    assert_true(gw_fleet_stage_repair(s.fleet, 1));
    advance(&s, 9 * S); /* boots until 6 s, loads until 9 s */
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 2);
    advance(&s, 9 * S + 1);
    assert_int_equal(gw_fleet_replicas(s.fleet, 0), 4);
    gw_fleet_destroy(s.fleet);
}

static void in_a_dark_site_requests_wait_or_go_as_overload_says(void **state)
{
    (void)state;
    for (int rule = GW_OVERLOAD_QUEUE; rule <= GW_OVERLOAD_SPILL; rule++) {
        struct site s;
        site_init(&s, 2, 2, (enum gw_overload)rule, 100);
        push(&s, 0, 500, 0);
        push(&s, S / 2, 1, 0);
        advance(&s, S / 4);
        assert_true(gw_fleet_stage_darken(s.fleet, 7));
        advance(&s, S);
        assert_int_equal(gw_fleet_waiting(s.fleet), rule == GW_OVERLOAD_QUEUE ? 2 : 0);
        assert_int_equal(s.n_refused, rule == GW_OVERLOAD_REJECT ? 2 : 0);
        assert_int_equal(s.n_spilled, rule == GW_OVERLOAD_SPILL ? 2 : 0);
        assert_true(gw_fleet_next(s.fleet) == (rule == GW_OVERLOAD_QUEUE ? 60 * S : GW_NEVER_US));
        assert_true(gw_fleet_stage_lighten(s.fleet, 7));
        advance(&s, 10 * S);
        assert_int_equal(s.n_served, rule == GW_OVERLOAD_QUEUE ? 2 : 0);
        gw_fleet_destroy(s.fleet);
    }
}

static void behind_a_cut_network_what_runs_goes_on_and_what_comes_waits(void **state)
{
    (void)state;
    struct site s;
    site_init(&s, 1, 2, GW_OVERLOAD_QUEUE, 0);
    push(&s, 0, 500, 0);
    push(&s, S / 2, 1, 0);
    advance(&s, S / 4);
    gw_fleet_wait_cut(s.fleet);
    advance(&s, 2 * S);
    assert_int_equal(s.n_served, 1);
    assert_int_equal(gw_fleet_waiting(s.fleet), 1);
    assert_true(gw_fleet_wait_join(s.fleet));
    advance(&s, 3 * S);
    assert_int_equal(s.n_served, 2);
    assert_int_equal(s.served[1].finish, (3 * S / 2 + 1000) * GW_TICKS_PER_US);
    gw_fleet_destroy(s.fleet);
}

static void beyond_its_limit_a_site_rejects_or_spills(void **state)
{
    (void)state;
    for (int rule = GW_OVERLOAD_REJECT; rule <= GW_OVERLOAD_SPILL; rule++) {
        struct site s;
        site_init(&s, 2, 2, (enum gw_overload)rule, 3);
        for (int i = 0; i < 10; i++) {
            push(&s, 100 + i, 500, 0);
        }
        advance(&s, S / 4);
        assert_int_equal(gw_fleet_in_flight(s.fleet, 0), 6);
        assert_true(gw_fleet_wait_overloaded(s.fleet, 0));
        assert_int_equal(s.n_refused, rule == GW_OVERLOAD_REJECT ? 4 : 0);
        assert_int_equal(s.n_spilled, rule == GW_OVERLOAD_SPILL ? 4 : 0);
        /* what was spilled here is not sent on, and counts from its first arrival */
        const struct gw_serve_request guest = {.arrival_us = 0, .in_tok = 5, .out_tok = 1};
        assert_true(gw_fleet_hand(s.fleet, 1, &guest));
        advance(&s, S);
        assert_int_equal(s.n_served, rule == GW_OVERLOAD_SPILL ? 7 : 6);
        gw_fleet_destroy(s.fleet);
    }
}

static void who_waits_beyond_its_time_out_gives_up_then(void **state)
{
    (void)state;
    for (gw_time_us window_us = S / 10; window_us <= 10 * S; window_us *= 10) {
        struct site s;
        site_init(&s, 0, 2, GW_OVERLOAD_QUEUE, 0);
        push(&s, 0, 1, 1500);
        push(&s, S, 1, 4000); /* its time-out is the instant at which the replica stands */
        push(&s, S, 1, 4001);
        for (gw_time_us at_us = window_us; at_us <= 10 * S; at_us += window_us) {
            advance(&s, at_us);
        }
        assert_int_equal(s.n_timed_out, 2);
        assert_int_equal(s.n_served, 1);
        gw_fleet_destroy(s.fleet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_that_finds_no_replica_starts_one_and_waits_for_it),
        cmocka_unit_test(a_stopping_replica_finishes_its_work_and_frees_its_node),
        cmocka_unit_test(a_draining_replica_comes_back_at_once_and_a_cold_one_after_its_load),
        cmocka_unit_test(replicas_start_as_far_as_there_are_nodes),
        cmocka_unit_test(an_outage_of_nodes_sends_their_requests_to_the_other_replicas),
        cmocka_unit_test(in_a_dark_site_requests_wait_or_go_as_overload_says),
        cmocka_unit_test(behind_a_cut_network_what_runs_goes_on_and_what_comes_waits),
        cmocka_unit_test(beyond_its_limit_a_site_rejects_or_spills),
        cmocka_unit_test(who_waits_beyond_its_time_out_gives_up_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
