/* Rounds of federated learning, by hand: two or three clients of one step per second, ten steps a round,
 * 10 kW in training and 1 kW waiting. */
#include "tests/support/near.h"

#include <string.h>

#include "models/federation/federation.h"
#include "sim/base/units.h"

enum { CLIENTS = 3 };
static const struct gw_fed_links nowhere = {0};
static const struct gw_fed_selector everybody = {0};
static const struct gw_fed_outlook blind = {0};

static struct gw_fed_client client_of(const char *name, uint32_t domain)
{
    return (struct gw_fed_client){.name = name,
                                  .steps_per_s = 1.0,
                                  .tok_per_step = 1000.0,
                                  .train_kw = 10.0,
                                  .idle_kw = 1.0,
                                  .utility = 1.0,
                                  .domain = domain};
}

struct world {
    struct gw_federation_cfg cfg;
    struct gw_fed_client client[CLIENTS];
    uint32_t clients;
    struct gw_fed_links links;
    struct gw_federation *job;
};

/* 40 steps in all, ten a round. */
static struct world world_of(uint32_t clients)
{
    struct world w = {.cfg = gw_federation_default(1e9, 40e3), .clients = clients, .links = nowhere};
    w.cfg.local_steps = 10.0;
    w.cfg.sync.agg_bytes_per_s = INFINITY;
    static const char *const names[] = {"a", "b", "c"};
    for (uint32_t c = 0; c < clients; c++) {
        w.client[c] = client_of(names[c], c);
    }
    return w;
}

static void start(struct world *w)
{
    struct gw_error err;
    assert_int_equal(gw_federation_check(&w->cfg, w->clients, w->client, &err), GW_OK);
    w->job = gw_federation_create(&w->cfg, w->clients, w->client, &w->links, &everybody);
    assert_non_null(w->job);
}

static void decide(struct world *w)
{
    assert_int_equal(gw_federation_decide(w->job, &blind, NULL), GW_OK);
}

static void go(struct world *w, double to_s)
{
    assert_int_equal(gw_federation_advance(w->job, (gw_time_us)(to_s * 1e6), NULL), GW_OK);
}

static struct gw_fed_state run(struct world *w, double to_s)
{
    start(w);
    decide(w);
    go(w, to_s);
    return gw_federation_state(w->job);
}

static double s_of(gw_time_us t_us)
{
    return gw_s_from_us(t_us);
}

/* 40 steps at one step per second, no matter how long a round is. */
static void one_client_is_training_at_one_site(void **state)
{
    (void)state;
    struct world w = world_of(1);
    w.cfg.sync.fix_s = 133.0;
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_true(s.reached);
    assert_near(s_of(s.reached_us), 40.0, 0, 1e-5);
    assert_int_equal(s.rounds, 4);
    const struct gw_fed_books b = gw_federation_books(w.job, 0);
    assert_near(b.compute_kwh, 10.0 * 40.0 / 3600.0, 1e-6, 0);
    assert_near(b.gap_kwh + b.idle_kwh + b.wasted_kwh + b.network_kwh, 0.0, 0, 1e-12);
    assert_near(b.sent_gb, 0.0, 0, 0);
    assert_near(s.utilisation, 1.0, 1e-6, 0);
    gw_federation_destroy(w.job);
}

/* Two rounds of 10 s and a gap of 5 s do 2 x 2 x 10 steps in 30 s. */
static void two_clients_share_the_work_and_wait_in_the_gap(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.cfg.sync.fix_s = 5.0;
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_near(s_of(s.reached_us), 30.0, 0, 1e-5);
    assert_int_equal(s.rounds, 2);
    assert_near(s.utilisation, 10.0 / 15.0, 1e-6, 0);
    for (uint32_t c = 0; c < 2; c++) {
        const struct gw_fed_books b = gw_federation_books(w.job, c);
        assert_near(b.compute_kwh, 10.0 * 20.0 / 3600.0, 1e-6, 0);
        assert_near(b.gap_kwh, 1.0 * 10.0 / 3600.0, 1e-6, 0);
        assert_near(b.idle_kwh, 0.0, 0, 1e-9);
        assert_near(b.steps, 20.0, 0, 0);
    }
    gw_federation_destroy(w.job);
}

/* 2 GB at 8 Gbit/s and 100 ms: 2.1 s down, 10 s, 2.1 s up for b; a is the aggregator and waits for 4.2 s. */
static void copies_travel_to_the_aggregator_and_back(void **state)
{
    (void)state;
    const double rtt_ms[] = {0, 100, 100, 0}, gbps[] = {0, 8, 8, 0}, usd[] = {0, 0.05, 0.02, 0};
    struct world w = world_of(2);
    w.links = (struct gw_fed_links){rtt_ms, gbps, usd};
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_near(s_of(s.reached_us), 2.0 * 14.2, 0, 1e-5);
    const struct gw_fed_books a = gw_federation_books(w.job, 0), b = gw_federation_books(w.job, 1);
    assert_near(a.idle_kwh, 2.0 * 4.2 / 3600.0, 1e-6, 0);
    assert_near(b.gap_kwh, 2.0 * 4.2 / 3600.0, 1e-6, 0);
    assert_near(a.sent_gb, 4.0, 1e-12, 0);
    assert_near(b.sent_gb, 4.0, 1e-12, 0);
    assert_near(a.received_gb, 4.0, 1e-12, 0);
    assert_near(a.egress_usd, 4.0 * 0.05, 1e-12, 0);
    assert_near(b.egress_usd, 4.0 * 0.02, 1e-12, 0);
    assert_near(a.network_kwh + b.network_kwh, 8.0 * 0.001, 1e-12, 0);
    gw_federation_destroy(w.job);
}

/* The aggregator sends 2 GB to each of two others over 8 Gbit/s in all: 4 s down, 2 s up. */
static void the_aggregator_s_link_is_shared(void **state)
{
    (void)state;
    const double rtt_ms[9] = {0}, gbps[] = {0, 8, 8, 8, 0, 8, 8, 8, 0};
    struct world w = world_of(3);
    w.cfg.tokens = 30e3;
    w.links = (struct gw_fed_links){.rtt_ms = rtt_ms, .gbps = gbps};
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_near(s_of(s.reached_us), 4.0 + 10.0 + 2.0, 0, 1e-5);
    gw_federation_destroy(w.job);
}

/* 2 x 2/3 x 2 GB each; 2.667 s and two round trips of 0.1 s after ten steps. */
static void a_ring_sends_after_training(void **state)
{
    (void)state;
    const double rtt_ms[] = {0, 100, 100, 100, 0, 100, 100, 100, 0}, gbps[] = {0, 8, 8, 8, 0, 8, 8, 8, 0};
    struct world w = world_of(3);
    w.cfg.tokens = 30e3;
    w.cfg.aggregator = GW_AGGREGATOR_RING;
    w.links = (struct gw_fed_links){.rtt_ms = rtt_ms, .gbps = gbps};
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_near(s_of(s.reached_us), 10.0 + 4.0 / 3.0 * 2.0 + 0.2, 0, 1e-5);
    for (uint32_t c = 0; c < 3; c++) {
        const struct gw_fed_books b = gw_federation_books(w.job, c);
        assert_near(b.sent_gb, 8.0 / 3.0, 1e-12, 0);
        assert_near(b.received_gb, 8.0 / 3.0, 1e-12, 0);
    }
    gw_federation_destroy(w.job);
}

/* b trains at half speed: a waits 10 s of each 20. */
static void the_faster_client_waits_for_the_slower(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.client[1].steps_per_s = 0.5;
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_near(s_of(s.reached_us), 40.0, 0, 1e-5);
    assert_near(gw_federation_books(w.job, 0).idle_kwh, 20.0 / 3600.0, 1e-6, 0);
    assert_near(s.utilisation, 0.75, 1e-6, 0);
    gw_federation_destroy(w.job);
}

/* Cut after 12 s, b has done 6 of 10 steps: enough when 5 count, wasted when 7 do. */
static void a_deadline_takes_partial_work_if_it_is_enough(void **state)
{
    (void)state;
    for (int enough = 0; enough < 2; enough++) {
        struct world w = world_of(2);
        w.client[1].steps_per_s = 0.5;
        w.cfg.straggler = GW_FED_DEADLINE;
        w.cfg.deadline_s = 12.0;
        w.cfg.least_steps = enough != 0 ? 5.0 : 7.0;
        start(&w);
        decide(&w);
        go(&w, 12.5);
        const struct gw_fed_books b = gw_federation_books(w.job, 1);
        assert_int_equal(gw_federation_state(w.job).rounds, 1);
        if (enough != 0) {
            assert_near(b.steps, 6.0, 1e-9, 0);
            assert_near(b.wasted_kwh, 0.0, 0, 0);
        } else {
            assert_near(b.steps, 0.0, 0, 0);
            assert_int_equal(b.dropped, 1);
        }
        gw_federation_destroy(w.job);
    }
}

/* Asked 3 for 2: c, the slowest, is cut off when a and b are in; its 5 steps are wasted. */
static void over_selection_takes_the_first(void **state)
{
    (void)state;
    struct world w = world_of(3);
    w.cfg.straggler = GW_FED_OVER_SELECT;
    w.cfg.over_select = 1.5;
    w.client[2].steps_per_s = 0.5;
    start(&w);
    decide(&w);
    go(&w, 10.0);
    const struct gw_fed_books c = gw_federation_books(w.job, 2);
    assert_int_equal(gw_federation_state(w.job).rounds, 1);
    assert_near(c.wasted_steps, 5.0, 1e-9, 0);
    assert_near(c.wasted_kwh, 10.0 * 10.0 / 3600.0, 1e-6, 0);
    assert_near(c.compute_kwh, 0.0, 0, 0);
    gw_federation_destroy(w.job);
}

/* a hands in at 10, 20, 30 s, b at 20 s: two others came between, and a third at the same instant. */
static void asynchronous_copies_are_taken_unless_stale(void **state)
{
    (void)state;
    for (int patient = 0; patient < 2; patient++) {
        struct world w = world_of(2);
        w.cfg.straggler = GW_FED_ASYNC;
        w.cfg.tokens = 1e6;
        w.cfg.staleness = patient != 0 ? 2.0 : 1.0;
        w.client[1].steps_per_s = 0.5;
        start(&w);
        decide(&w);
        go(&w, 20.0);
        const struct gw_fed_books b = gw_federation_books(w.job, 1);
        assert_near(b.steps, patient != 0 ? 10.0 : 0.0, 1e-9, 0);
        assert_near(b.wasted_steps, patient != 0 ? 0.0 : 10.0, 1e-9, 0);
        assert_near(gw_federation_books(w.job, 0).steps, 20.0, 1e-9, 0);
        gw_federation_destroy(w.job);
    }
}

/* 5 kW of excess run half of the accelerators: ten steps take 20 s; after dark nothing happens. */
static void excess_alone_sets_the_pace(void **state)
{
    (void)state;
    struct world w = world_of(1);
    w.cfg.power = GW_FED_EXCESS_ONLY;
    w.cfg.tokens = 10e3;
    start(&w);
    struct gw_fed_now now = gw_federation_plain();
    now.excess_kw = 5.0;
    now.carbon_g_per_kwh = 500.0;
    gw_federation_set(w.job, 0, &now);
    decide(&w);
    go(&w, 10.0);
    now.excess_kw = 0.0;
    gw_federation_set(w.job, 0, &now);
    go(&w, 100.0);
    now.excess_kw = 5.0;
    gw_federation_set(w.job, 0, &now);
    go(&w, 200.0);
    const struct gw_fed_state s = gw_federation_state(w.job);
    const struct gw_fed_books b = gw_federation_books(w.job, 0);
    assert_near(s_of(s.reached_us), 110.0, 0, 1e-5);
    assert_near(b.compute_kwh, 5.0 * 20.0 / 3600.0, 1e-6, 0);
    assert_near(b.excess_kwh, b.facility_kwh, 1e-12, 0);
    assert_true(b.grid_kwh == 0.0 && b.carbon_g == 0.0);
    gw_federation_destroy(w.job);
}

/* 7.9 kW at a PUE of 1.25 are 6.32 kW of IT: six of ten accelerators. */
static void only_whole_accelerators_train(void **state)
{
    (void)state;
    struct world w = world_of(1);
    w.cfg.power = GW_FED_EXCESS_ONLY;
    w.client[0].accelerators = 10.0;
    start(&w);
    struct gw_fed_now now = gw_federation_plain();
    now.excess_kw = 7.9;
    now.pue = 1.25;
    gw_federation_set(w.job, 0, &now);
    decide(&w);
    go(&w, 1.0);
    assert_near(gw_federation_it_kw(w.job, 0), 6.0, 1e-12, 0);
    gw_federation_destroy(w.job);
}

/* One domain, 12 kW: a has done 5 of its 10 steps when b begins, so that needs stand 5 to 10. */
static void a_domain_s_excess_goes_by_need(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.cfg.power = GW_FED_EXCESS_ONLY;
    w.cfg.straggler = GW_FED_ASYNC;
    w.client[1].domain = 0;
    w.client[1].start_s = 5.0;
    w.client[1].idle_kw = 0.0;
    start(&w);
    struct gw_fed_now now = gw_federation_plain();
    now.excess_kw = 12.0;
    gw_federation_set(w.job, 0, &now);
    gw_federation_set(w.job, 1, &now);
    decide(&w);
    go(&w, 5.0);
    assert_near(gw_federation_it_kw(w.job, 0), 4.0, 1e-9, 0);
    assert_near(gw_federation_it_kw(w.job, 1), 8.0, 1e-9, 0);
    gw_federation_destroy(w.job);
}

/* 20 kW drawn, 5 kW of excess in the domain: a quarter of either's power is excess. */
static void what_excess_does_not_cover_is_the_grid_s(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.client[1].domain = 0;
    start(&w);
    struct gw_fed_now now = gw_federation_plain();
    now.excess_kw = 5.0;
    now.carbon_g_per_kwh = 400.0;
    now.price_usd_per_kwh = 0.1;
    now.water_onsite_l_per_kwh = 2.0;
    now.water_offsite_l_per_kwh = 3.0;
    gw_federation_set(w.job, 0, &now);
    gw_federation_set(w.job, 1, &now);
    decide(&w);
    go(&w, 20.0);
    const double kwh = 10.0 * 20.0 / 3600.0;
    const struct gw_fed_books b = gw_federation_books(w.job, 1);
    assert_near(b.grid_kwh, 0.75 * kwh, 1e-6, 0);
    assert_near(b.excess_kwh, 0.25 * kwh, 1e-6, 0);
    assert_near(b.carbon_g, 0.75 * kwh * 400.0, 1e-6, 0);
    assert_near(b.cost_usd, 0.75 * kwh * 0.1, 1e-6, 0);
    assert_near(b.water_onsite_l, kwh * 2.0, 1e-6, 0);
    assert_near(b.water_offsite_l, 0.75 * kwh * 3.0, 1e-6, 0);
    gw_federation_destroy(w.job);
}

/* b needs 15 s to start; a trains alone meanwhile, and its second round ends at 15 s after 5 steps. */
static void a_second_client_ends_the_round_of_a_lone_one(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.cfg.quorum_frac = 0.0;
    w.cfg.sync.fix_s = 2.0;
    w.client[1].start_s = 15.0;
    w.cfg.tokens = 35e3;
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_int_equal(s.rounds, 3); /* 10 and 5 steps alone, 2 x 10 together */
    assert_near(s_of(s.reached_us), 15.0 + 12.0, 0, 1e-5);
    const struct gw_fed_books b = gw_federation_books(w.job, 1);
    assert_near(b.gap_kwh, (15.0 + 2.0) / 3600.0, 1e-6, 0);
    gw_federation_destroy(w.job);
}

static void a_round_waits_for_its_quorum(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.client[1].start_s = 15.0;
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_near(s_of(s.reached_us), 15.0 + 20.0, 0, 1e-5);
    assert_near(gw_federation_books(w.job, 0).idle_kwh, 15.0 / 3600.0, 1e-6, 0);
    gw_federation_destroy(w.job);
}

/* All of a round's work is somewhere: about half of it lost. */
static void dropouts_waste_what_they_trained(void **state)
{
    (void)state;
    struct world w = world_of(3);
    w.cfg.dropout_frac = 0.5;
    w.cfg.tokens = 600e3;
    const struct gw_fed_state s = run(&w, 1e5);
    assert_true(s.reached);
    double steps = 0.0, wasted_steps = 0.0, wasted_kwh = 0.0;
    uint32_t dropped = 0, joined = 0;
    for (uint32_t c = 0; c < 3; c++) {
        const struct gw_fed_books b = gw_federation_books(w.job, c);
        steps += b.steps;
        wasted_steps += b.wasted_steps;
        wasted_kwh += b.wasted_kwh;
        dropped += b.dropped;
        joined += b.joined;
    }
    assert_near(steps, 600.0, 1e-9, 0);
    assert_near(wasted_kwh, wasted_steps * 10.0 / 3600.0, 1e-4, 0);
    assert_true(dropped > 0 && joined > 0);
    assert_near((double)dropped / (double)(dropped + joined), 0.5, 0, 0.2);
    gw_federation_destroy(w.job);
}

/* As many more as the law asks for two clients; what both end at is told. */
static void the_loss_of_one_site_takes_more_tokens(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.cfg.convergence = gw_convergence_default(GW_CONVERGENCE_DILOCO_LAW);
    const double factor = gw_convergence_tokens_factor(&w.cfg.convergence, 2.0, 10.0, 0.0);
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_true(s.reached);
    assert_near(s.tokens, 40e3 * factor, 1e-9, 0);
    assert_near(s.loss_ratio, gw_convergence_loss_ratio(&w.cfg.convergence, 2.0, 10.0, 0.0), 1e-12, 0);
    gw_federation_destroy(w.job);
}

/* err = R^-0.5 <= 0.5 after 4 rounds. */
static void rounds_count_when_the_model_counts_rounds(void **state)
{
    (void)state;
    struct world w = world_of(2);
    w.cfg.convergence =
        (struct gw_convergence_cfg){.model = GW_CONVERGENCE_POWER_ROUNDS, .a = 1.0, .b = 0.5, .target = 0.5};
    const struct gw_fed_state s = run(&w, 1000.0);
    assert_int_equal(s.rounds, 4);
    assert_near(s_of(s.reached_us), 40.0, 0, 1e-5);
    gw_federation_destroy(w.job);
}

/* Whatever the steps in which time goes on. */
static void how_often_time_goes_on_changes_nothing(void **state)
{
    (void)state;
    struct gw_fed_books books[2];
    gw_time_us end_us[2];
    for (int fine = 0; fine < 2; fine++) {
        struct world w = world_of(3);
        w.cfg.sync.fix_s = 1.3;
        w.client[1].steps_per_s = 0.7;
        start(&w);
        decide(&w);
        for (double t_s = 0.0; t_s < 100.0; t_s += fine != 0 ? 0.37 : 50.0) {
            go(&w, t_s);
        }
        books[fine] = gw_federation_books(w.job, 1);
        end_us[fine] = gw_federation_state(w.job).reached_us;
        gw_federation_destroy(w.job);
    }
    assert_int_equal(end_us[0], end_us[1]);
    assert_near(books[0].compute_kwh, books[1].compute_kwh, 1e-12, 0);
    assert_near(books[0].idle_kwh, books[1].idle_kwh, 1e-12, 1e-15);
    assert_near(books[0].gap_kwh, books[1].gap_kwh, 1e-12, 0);
}

static void impossible_settings_are_refused(void **state)
{
    (void)state;
    struct gw_error err;
    struct world w = world_of(2);
    w.cfg.least_steps = 11.0;
    assert_int_equal(gw_federation_check(&w.cfg, 2, w.client, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "11 steps at least"));
    w = world_of(2);
    w.client[1].train_kw = 0.0;
    assert_int_equal(gw_federation_check(&w.cfg, 2, w.client, &err), GW_ERR_RANGE);
    assert_string_equal(err.where, "b");
    w = world_of(2);
    w.client[1].domain = 2;
    assert_int_equal(gw_federation_check(&w.cfg, 2, w.client, &err), GW_ERR_RANGE);
    w = world_of(2);
    w.cfg.aggregator_site = 2;
    assert_int_equal(gw_federation_check(&w.cfg, 2, w.client, &err), GW_ERR_RANGE);
    w = world_of(2);
    w.cfg.dropout_frac = 1.0;
    assert_int_equal(gw_federation_check(&w.cfg, 2, w.client, &err), GW_ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_client_is_training_at_one_site),
        cmocka_unit_test(two_clients_share_the_work_and_wait_in_the_gap),
        cmocka_unit_test(copies_travel_to_the_aggregator_and_back),
        cmocka_unit_test(the_aggregator_s_link_is_shared),
        cmocka_unit_test(a_ring_sends_after_training),
        cmocka_unit_test(the_faster_client_waits_for_the_slower),
        cmocka_unit_test(a_deadline_takes_partial_work_if_it_is_enough),
        cmocka_unit_test(over_selection_takes_the_first),
        cmocka_unit_test(asynchronous_copies_are_taken_unless_stale),
        cmocka_unit_test(excess_alone_sets_the_pace),
        cmocka_unit_test(only_whole_accelerators_train),
        cmocka_unit_test(a_domain_s_excess_goes_by_need),
        cmocka_unit_test(what_excess_does_not_cover_is_the_grid_s),
        cmocka_unit_test(a_second_client_ends_the_round_of_a_lone_one),
        cmocka_unit_test(a_round_waits_for_its_quorum),
        cmocka_unit_test(dropouts_waste_what_they_trained),
        cmocka_unit_test(the_loss_of_one_site_takes_more_tokens),
        cmocka_unit_test(rounds_count_when_the_model_counts_rounds),
        cmocka_unit_test(how_often_time_goes_on_changes_nothing),
        cmocka_unit_test(impossible_settings_are_refused),
    };
    return cmocka_run_group_tests_name("federation", tests, NULL, NULL);
}
