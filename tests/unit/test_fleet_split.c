/* A replica that prefills and one that decodes, on timelines anyone can redo: steps of 1 ms at 100 W; a token
 * of the prompt takes 10 us on the link and 0.001 J. */
#include "tests/support/replica_bench.h"

#include <math.h>
#include <string.h>

#include "models/serving/fleet.h"

enum { MAX = 4 };

struct site {
    struct gw_fleet *fleet;
    struct gw_served served[MAX]; /* finished or gave up, by number */
    bool timed_out[MAX];
    int n_ended;
};

static void on_served(void *to, uint32_t lane, const struct gw_served *served)
{
    struct site *s = to;
    (void)lane;
    s->served[served->request.number] = *served;
    s->n_ended++;
}

static void on_timed_out(void *to, uint32_t lane, const struct gw_served *served)
{
    on_served(to, lane, served);
    ((struct site *)to)->timed_out[served->request.number] = true;
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    (void)to;
    (void)lane;
    (void)request;
    fail();
}

static const struct gw_fleet_split split[2] = {
    {.decode = 1, .tok_ticks = 10 * GW_TICKS_PER_US, .tok_j = 0.001}, {.decode = GW_FLEET_WHOLE}};

/* `decoding` of one decode replica stand at the beginning. */
static void open_site(struct site *s, uint32_t decoding)
{
    static struct gw_replica_cfg prefill, decode;
    prefill = decode = replica_bench_cfg();
    prefill.prefill_only = true;
    const struct gw_fleet_group group[2] = {
        {.model = 0, .cfg = &prefill, .replicas = 1},
        {.model = 1, .pool = 1, .cfg = &decode, .replicas = decoding, .more = 1 - decoding, .load_us = 20000},
    };
    const enum gw_dispatch dispatch[2] = {GW_DISPATCH_LEAST_PENDING, GW_DISPATCH_LEAST_PENDING};
    const double pack_limit[2] = {1.0, 1.0};
    const uint32_t lane_model[1] = {0};
    const struct gw_fleet_cfg cfg = {.group = group,
                                     .n_groups = 2,
                                     .dispatch = dispatch,
                                     .pack_limit = pack_limit,
                                     .models = 2,
                                     .classes = 1,
                                     .lanes = 1,
                                     .lane_model = lane_model,
                                     .split = split};
    const struct gw_fleet_sink sink = {on_served, on_refused, s, on_timed_out, NULL, NULL, NULL};
    *s = (struct site){0};
    s->fleet = gw_fleet_create(&cfg, &sink);
    assert_non_null(s->fleet);
}

static void push(struct site *s, const struct gw_serve_request *request)
{
    assert_true(gw_fleet_push(s->fleet, 0, request));
}

static void advance_and_verify(struct site *s, gw_time_us until_us)
{
    assert_true(gw_fleet_advance(s->fleet, until_us));
    gw_fleet_verify(s->fleet);
}

static void close_site(struct site *s, int ended)
{
    advance_and_verify(s, 1000000);
    assert_int_equal(s->n_ended, ended);
    assert_int_equal(gw_fleet_in_flight(s->fleet, 0), 0);
    gw_fleet_destroy(s->fleet);
}

static void expect_us(const struct site *s, int number, gw_time_us first_token_us, gw_time_us finish_us)
{
    assert_int_equal(s->served[number].first_token, first_token_us * GW_TICKS_PER_US);
    assert_int_equal(s->served[number].finish, finish_us * GW_TICKS_PER_US);
}

/* Prompt until 1 ms, 200 tokens on the link until 3 ms, two more tokens. */
static void a_request_prefills_travels_and_decodes(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3});
    advance_and_verify(&s, 2000);
    assert_int_equal(gw_fleet_in_flight(s.fleet, 0), 1);
    assert_int_equal(gw_fleet_next(s.fleet), 3000);
    close_site(&s, 1);
    expect_us(&s, 0, 1000, 5000);
    assert_int_equal(s.served[0].emitted, 3);
    assert_near(s.served[0].energy_j, 0.1 + 0.2 + 0.2, 1e-12, 0.0);
}

static void a_single_token_needs_nobody_else(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 1});
    close_site(&s, 1);
    expect_us(&s, 0, 1000, 1000);
}

static void the_link_carries_one_after_the_other(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3});
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3, .number = 1});
    close_site(&s, 2);
    expect_us(&s, 0, 1000, 5000);
    expect_us(&s, 1, 1000, 7000);
}

static void energy_of_the_link_is_metered_with_the_sender_and_charged_to_the_class(void **state)
{
    (void)state;
    struct site s;
    struct gw_replica_meter group[2];
    double class_j = 0.0;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3});
    advance_and_verify(&s, 10000);
    gw_fleet_meter(s.fleet, 10000, group, &class_j);
    assert_near(group[0].moved_j, 0.2, 1e-12, 0.0);
    assert_near(group[0].busy_j, 0.1, 1e-12, 0.0);
    assert_near(group[1].busy_j, 0.2, 1e-12, 0.0);
    assert_near(class_j, 0.5, 1e-12, 0.0);
    close_site(&s, 1);
}

static void who_gives_up_on_the_way_leaves_where_the_link_ends(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3, .timeout_ms = 2});
    close_site(&s, 1);
    assert_true(s.timed_out[0]);
    assert_int_equal(s.served[0].emitted, 1);
    expect_us(&s, 0, 1000, 3000);
}

/* It takes 20 ms from the end of the link on. */
static void where_nobody_decodes_one_is_started(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 0);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3});
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3, .number = 1, .timeout_ms = 12});
    advance_and_verify(&s, 6000);
    assert_int_equal(gw_fleet_in_flight(s.fleet, 0), 2);
    assert_int_equal(gw_fleet_waiting(s.fleet), 2);
    close_site(&s, 2);
    expect_us(&s, 0, 1000, 25000);
    assert_true(s.timed_out[1]);
    expect_us(&s, 1, 1000, 12000);
}

/* At 2 ms it is on the link; both start again at 10 ms. */
static void an_outage_of_the_sender_loses_what_is_on_the_way(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 3});
    advance_and_verify(&s, 2000);
    assert_true(gw_fleet_stage_fail(s.fleet, 1, GW_FLEET_ALL, 0, 1));
    assert_int_equal(gw_fleet_in_flight(s.fleet, 0), 1);
    advance_and_verify(&s, 10000);
    assert_true(gw_fleet_stage_repair(s.fleet, 1));
    close_site(&s, 1);
    expect_us(&s, 0, 11000, 15000);
}

static void an_outage_of_the_receiver_sends_it_back_to_the_prompt(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, 1);
    push(&s, &(struct gw_serve_request){.in_tok = 200, .out_tok = 9});
    advance_and_verify(&s, 4000);
    assert_true(gw_fleet_stage_fail(s.fleet, 1, 0, GW_FLEET_ALL, 1));
    assert_true(gw_fleet_stage_repair(s.fleet, 1));
    close_site(&s, 1);
    /* prompt 4 to 5 ms, link to 7 ms; the other needs 20 ms from 4 ms on */
    expect_us(&s, 0, 5000, 32000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_prefills_travels_and_decodes),
        cmocka_unit_test(a_single_token_needs_nobody_else),
        cmocka_unit_test(the_link_carries_one_after_the_other),
        cmocka_unit_test(energy_of_the_link_is_metered_with_the_sender_and_charged_to_the_class),
        cmocka_unit_test(who_gives_up_on_the_way_leaves_where_the_link_ends),
        cmocka_unit_test(where_nobody_decodes_one_is_started),
        cmocka_unit_test(an_outage_of_the_sender_loses_what_is_on_the_way),
        cmocka_unit_test(an_outage_of_the_receiver_sends_it_back_to_the_prompt),
    };
    return cmocka_run_group_tests_name("fleet_split", tests, NULL, NULL);
}
