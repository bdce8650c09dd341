/* A site as a fluid: what comes in goes out, engines that keep up are as the estimate says, and a queue is
 * what is left over, first come, first served. */
#include "tests/support/entries.h"

#include <math.h>

#include "models/serving/flow.h"
#include "sim/base/units.h"

enum { REPLICAS = 4 };

/* What the sink heard. */
struct heard {
    double requests[2];
    double delay_last_s, delay_mean_s;
    gw_time_us last_us;
    uint32_t full;
    double itl_s;
};

static void served(void *to, const struct gw_flow_batch *b)
{
    struct heard *h = to;
    h->requests[b->class] += b->requests;
    h->delay_mean_s += b->requests * 0.5 * (b->delay_from_s + b->delay_to_s);
    h->delay_last_s = b->delay_to_s;
    h->last_us = b->to_us;
    h->full += b->point->full;
    h->itl_s = b->point->itl_s;
    assert_true(b->from_us < b->to_us);
}

struct site {
    struct gw_replica_cfg cfg;
    struct gw_serving_load load[2];
    struct heard heard;
    struct gw_flow *flow;
    double capacity; /* of class 0 */
};

/* Requests of class 0 crowd. */
static void open_bursty_site(struct site *s, struct entries *w, struct gw_burst burst)
{
    const struct gw_serving_setup setup = {.llm = entry(w, "llm", "llama-2-70b"),
                                           .engine = entry(w, "engine", "vllm-0.15"),
                                           .node = entry(w, "node", "h100x8"),
                                           .tensor_parallel = 8,
                                           .cap_w = INFINITY};
    *s = (struct site){.load = {{.in_tok = 1000, .out_tok = 200}, {.in_tok = 2000, .out_tok = 50}}};
    assert_int_equal(gw_serving_cfg(&setup, &s->cfg, NULL), GW_OK);
    const struct gw_fleet_group group = {.model = 0, .cfg = &s->cfg, .replicas = REPLICAS};
    const enum gw_dispatch dispatch = GW_DISPATCH_LEAST_PENDING;
    const struct gw_flow_class class[2] = {{.load = s->load[0], .burst = burst}, {.load = s->load[1]}};
    const struct gw_flow_cfg cfg = {
        .group = &group, .n_groups = 1, .dispatch = &dispatch, .class = class, .models = 1, .classes = 2};
    const struct gw_flow_sink sink = {served, &s->heard};
    s->flow = gw_flow_create(&cfg, &sink);
    assert_non_null(s->flow);
    s->capacity = REPLICAS * gw_serving_capacity(&s->cfg, &s->load[0]);
}

static void open_site(struct site *s, struct entries *w)
{
    open_bursty_site(s, w, (struct gw_burst){0});
}

/* `requests` of each class over the next span. */
static void let(struct site *s, double first, double second, double *now_s, double span_s)
{
    gw_flow_push(s->flow, 0, first, 1.0);
    gw_flow_push(s->flow, 1, second, 1.0);
    *now_s += span_s;
    assert_true(gw_flow_advance(s->flow, (gw_time_us)(*now_s * 1e6)));
}

static void engines_that_keep_up_are_as_the_estimate_says(void **state)
{
    struct site s;
    double now_s = 0.0, class_j[2] = {0};
    open_site(&s, *state);
    let(&s, 0.5 * s.capacity * 300.0, 0.0, &now_s, 300.0);
    struct gw_replica_meter m;
    gw_flow_meter(s.flow, &m, class_j);

    struct gw_serving_load load = s.load[0];
    load.rate_per_s = 0.5 * s.capacity / REPLICAS;
    load.level = REPLICAS;
    struct gw_serving_estimate e;
    gw_serving_estimate(&s.cfg, &load, &e);
    assert_near(m.busy_j + m.idle_j, REPLICAS * 300.0 * e.power_w, 1e-12, 0.0);
    assert_near(m.busy_s, REPLICAS * 300.0 * e.busy_frac, 1e-12, 0.0);
    assert_near(m.token_steps / m.busy_s, e.batch, 1e-12, 0.0);
    assert_near((double)m.out_tok, 0.5 * s.capacity * 300.0 * 200.0, 0.0, 1.0);
    assert_near((double)m.prompt_tok, 0.5 * s.capacity * 300.0 * 1000.0, 0.0, 1.0);
    assert_near(class_j[0], m.busy_j, 1e-12, 0.0);
    assert_near(s.heard.requests[0], 0.5 * s.capacity * 300.0, 1e-12, 0.0);
    assert_true(gw_flow_empty(s.flow));
    gw_flow_destroy(s.flow);
}

static void without_requests_replicas_rest(void **state)
{
    struct site s;
    double now_s = 0.0, class_j[2] = {0};
    open_site(&s, *state);
    let(&s, 0.0, 0.0, &now_s, 100.0);
    struct gw_replica_meter m;
    gw_flow_meter(s.flow, &m, class_j);
    assert_near(m.idle_j, REPLICAS * 100.0 * s.cfg.power.n_accelerators * s.cfg.power.idle_w, 1e-12, 0.0);
    assert_true(m.busy_j == 0.0 && m.busy_s == 0.0 && m.out_tok == 0 && m.steps == 0);
    gw_flow_destroy(s.flow);
}

/* Twice as much as can be served comes for 100 s, then nothing: the last who came waits 100 s, the mean is
 * half of that, and after 200 s everybody has been served. */
static void what_is_too_much_waits(void **state)
{
    struct site s;
    double now_s = 0.0;
    open_site(&s, *state);
    const double all = 2.0 * s.capacity * 100.0;
    let(&s, all, 0.0, &now_s, 100.0);
    assert_near(s.heard.requests[0], 0.5 * all, 1e-9, 0.0);
    assert_near(gw_flow_waiting(s.flow, 0), 0.5 * all, 1e-9, 0.0);
    assert_near(s.heard.delay_last_s, 50.0, 1e-6, 0.0); /* came at 50 s, served at 100 s */
    assert_false(gw_flow_empty(s.flow));

    let(&s, 0.0, 0.0, &now_s, 60.0);
    let(&s, 0.0, 0.0, &now_s, 60.0);
    assert_true(gw_flow_empty(s.flow));
    assert_near(s.heard.requests[0], all, 1e-9, 0.0);
    assert_near(s.heard.delay_last_s, 100.0, 1e-6, 0.0);
    assert_near(s.heard.delay_mean_s / all, 50.0, 1e-6, 0.0);
    gw_flow_destroy(s.flow);
}

/* While a queue of 100 s is worked off at half load, 200 s pass; those who come then are put off no more. */
static void a_queue_is_worked_off_by_what_is_left_of_capacity(void **state)
{
    struct site s;
    double now_s = 0.0;
    open_site(&s, *state);
    let(&s, 2.0 * s.capacity * 100.0, 0.0, &now_s, 100.0);
    s.heard = (struct heard){0};
    let(&s, 0.5 * s.capacity * 300.0, 0.0, &now_s, 300.0);
    assert_true(gw_flow_empty(s.flow));
    assert_true(s.heard.full > 0);
    assert_near(s.heard.delay_last_s, 0.0, 0.0, 0.0);
    assert_near((double)s.heard.last_us, 400e6, 0.0, 0.0);
    assert_near(s.heard.requests[0], s.capacity * (100.0 + 150.0), 1e-9, 0.0);
    gw_flow_destroy(s.flow);
}

static void how_time_is_cut_does_not_matter_below_capacity(void **state)
{
    struct site once, often;
    double a_s = 0.0, b_s = 0.0, class_j[2] = {0};
    open_site(&once, *state);
    open_site(&often, *state);
    let(&once, 600.0, 300.0, &a_s, 600.0);
    for (int i = 0; i < 60; i++) {
        let(&often, 10.0, 5.0, &b_s, 10.0);
    }
    struct gw_replica_meter a, b;
    gw_flow_meter(once.flow, &a, class_j);
    gw_flow_meter(often.flow, &b, class_j);
    assert_near(a.busy_j, b.busy_j, 1e-12, 0.0);
    assert_near(a.busy_s, b.busy_s, 1e-12, 0.0);
    assert_int_equal(a.out_tok, b.out_tok);
    assert_near(once.heard.requests[1], often.heard.requests[1], 1e-12, 0.0);
    gw_flow_destroy(once.flow);
    gw_flow_destroy(often.flow);
}

/* Long prompts with short answers and the reverse, too much of both: shares of the queue stay those of the
 * arrivals, energy is shared by work, nothing is lost. */
static void classes_wait_in_one_queue(void **state)
{
    struct site s;
    double now_s = 0.0, class_j[2] = {0};
    open_site(&s, *state);
    const double n = s.capacity * 300.0;
    let(&s, n, n, &now_s, 300.0);
    assert_near(gw_flow_waiting(s.flow, 0), gw_flow_waiting(s.flow, 1), 1e-12, 0.0);
    assert_near(s.heard.requests[0] + gw_flow_waiting(s.flow, 0), n, 1e-12, 0.0);
    struct gw_replica_meter m;
    gw_flow_meter(s.flow, &m, class_j);
    const double work = gw_serving_capacity(&s.cfg, &s.load[1]) / gw_serving_capacity(&s.cfg, &s.load[0]);
    assert_near(class_j[0] / class_j[1], work, 1e-9, 0.0);
    assert_near(class_j[0] + class_j[1], m.busy_j, 1e-12, 0.0);
    assert_true(gw_flow_in_flight(s.flow, 0) > gw_flow_waiting(s.flow, 0) + gw_flow_waiting(s.flow, 1));
    gw_flow_destroy(s.flow);
}

/* Gaps of cv 2 have a dispersion of 4 in the long run: X = 3 of the whole row, 1.5 of half of it. At 80 % of
 * capacity the queue remembers them all but wholly, W = X u / (2 (1 - rho)), and places for it are free. */
static double more_itl_s(struct entries *w, double cv, double share)
{
    struct site s;
    double now_s = 0.0;
    open_bursty_site(&s, w, (struct gw_burst){.law = GW_BURST_GAMMA, .cv = cv});
    gw_flow_push(s.flow, 0, 0.8 * s.capacity * 300.0, share);
    now_s += 300.0;
    assert_true(gw_flow_advance(s.flow, (gw_time_us)(now_s * 1e6)));
    const double itl_s = s.heard.itl_s;
    gw_flow_destroy(s.flow);
    return itl_s;
}

static void bursts_crowd_the_engines_by_their_dispersion(void **state)
{
    struct entries *w = *state;
    const double even_s = more_itl_s(w, 1.0, 1.0), whole_s = more_itl_s(w, 2.0, 1.0) - even_s;
    struct site s;
    open_site(&s, w);
    const double wait_s = 3.0 / s.capacity / (2.0 * 0.2);
    gw_flow_destroy(s.flow);
    assert_near(whole_s * 199.0, wait_s, 0.1, 0.0);
    assert_near((more_itl_s(w, 2.0, 0.5) - even_s) / whole_s, 0.5, 0.1, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engines_that_keep_up_are_as_the_estimate_says),
        cmocka_unit_test(without_requests_replicas_rest),
        cmocka_unit_test(what_is_too_much_waits),
        cmocka_unit_test(a_queue_is_worked_off_by_what_is_left_of_capacity),
        cmocka_unit_test(how_time_is_cut_does_not_matter_below_capacity),
        cmocka_unit_test(classes_wait_in_one_queue),
        cmocka_unit_test(bursts_crowd_the_engines_by_their_dispersion),
    };
    return cmocka_run_group_tests_name("flow", tests, entries_load, entries_unload);
}
