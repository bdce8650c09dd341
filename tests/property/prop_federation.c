/* Federated jobs between random clients: what must hold whatever is drawn. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/federation/fed_arm.h"
#include "models/policies/registry.h"
#include "sim/core/rng.h"

enum { TRIALS = 120, CLIENTS = 6, STEPS = 96 };

static const gw_time_us step_us = 15 * 60 * INT64_C(1000000);

struct drawn {
    struct gw_rng rng;
    struct gw_federation_cfg cfg;
    uint32_t clients;
    char name[CLIENTS][8];
    struct gw_fed_client client[CLIENTS];
    double rtt_ms[CLIENTS * CLIENTS], gbps[CLIENTS * CLIENTS], usd_per_gb[CLIENTS * CLIENTS];
    double excess[CLIENTS][STEPS], carbon[CLIENTS][STEPS], price[CLIENTS][STEPS], pue[CLIENTS][STEPS];
    const double *excess_at[CLIENTS], *carbon_at[CLIENTS], *price_at[CLIENTS], *pue_at[CLIENTS];
    struct gw_fed_links links;
    struct gw_fed_series series;
};

static double unit(struct drawn *d)
{
    return gw_rng_unit(gw_rng_next(&d->rng));
}

static void point(struct drawn *d)
{
    for (uint32_t c = 0; c < CLIENTS; c++) {
        d->client[c].name = d->name[c];
        d->excess_at[c] = d->excess[c];
        d->carbon_at[c] = d->carbon[c];
        d->price_at[c] = d->price[c];
        d->pue_at[c] = d->pue[c];
    }
    d->links = (struct gw_fed_links){d->rtt_ms, d->gbps, d->usd_per_gb};
    d->series = (struct gw_fed_series){.step_us = step_us,
                                       .n = STEPS,
                                       .excess_kw = d->excess_at,
                                       .carbon = d->carbon_at,
                                       .price = d->price_at,
                                       .water_offsite = d->price_at,
                                       .pue = d->pue_at};
}

static void draw_client(struct drawn *d, uint32_t c)
{
    snprintf(d->name[c], sizeof d->name[c], "site-%u", (unsigned)c);
    d->client[c] = (struct gw_fed_client){.steps_per_s = 0.2 + unit(d),
                                          .tok_per_step = 1000.0,
                                          .train_kw = 10.0 + 90.0 * unit(d),
                                          .idle_kw = 5.0 * unit(d),
                                          .accelerators = unit(d) < 0.5 ? 16.0 : 0.0,
                                          .start_s = unit(d) < 0.5 ? 0.0 : 600.0 * unit(d),
                                          .utility = unit(d),
                                          .domain = unit(d) < 0.5 ? 0 : c};
    for (uint32_t s = 0; s < STEPS; s++) {
        d->excess[c][s] = fmax(300.0 * unit(d) - 100.0, 0.0);
        d->carbon[c][s] = 50.0 + 500.0 * unit(d);
        d->price[c][s] = 0.02 + 0.1 * unit(d);
        d->pue[c][s] = 1.05 + 0.3 * unit(d);
    }
}

static void draw_world(struct drawn *d, uint64_t trial)
{
    *d = (struct drawn){.clients = CLIENTS};
    gw_rng_init(&d->rng, gw_rng_seed(trial, 0, "test/federation"));
    for (uint32_t c = 0; c < CLIENTS; c++) {
        draw_client(d, c);
    }
    for (uint32_t c = 0; c < CLIENTS; c++) { /* one supply per domain */
        memcpy(d->excess[c], d->excess[d->client[c].domain], sizeof d->excess[c]);
    }
    for (uint32_t a = 0; a < CLIENTS; a++) {
        for (uint32_t b = 0; b < a; b++) {
            const double rtt_ms = 5.0 + 200.0 * unit(d), gbps = 1.0 + 10.0 * unit(d), usd = 0.1 * unit(d);
            d->rtt_ms[a * CLIENTS + b] = d->rtt_ms[b * CLIENTS + a] = rtt_ms;
            d->gbps[a * CLIENTS + b] = d->gbps[b * CLIENTS + a] = gbps;
            d->usd_per_gb[a * CLIENTS + b] = d->usd_per_gb[b * CLIENTS + a] = usd;
        }
    }
    d->cfg = gw_federation_default(1e9, 20e6);
    d->cfg.local_steps = 100.0 + 900.0 * unit(d);
    d->cfg.least_steps = unit(d) < 0.5 ? 0.0 : 0.4 * d->cfg.local_steps;
    d->cfg.straggler = (int32_t)(4.0 * unit(d));
    d->cfg.deadline_s = 2000.0;
    d->cfg.aggregator = (int32_t)(5.0 * unit(d));
    d->cfg.dropout_frac = unit(d) < 0.5 ? 0.0 : 0.2;
    d->cfg.quorum_frac = unit(d);
    d->cfg.power = unit(d) < 0.5 ? GW_FED_CAPACITY : GW_FED_EXCESS_ONLY;
    d->cfg.stay_on = unit(d) < 0.5;
    d->cfg.leave_at_once = unit(d) < 0.5;
    d->cfg.seed = trial;
    point(d);
}

struct outcome {
    struct gw_fed_books sum;
    struct gw_fed_state state;
    struct gw_fed_books of[CLIENTS];
};

static struct outcome run(const struct drawn *d, const struct gw_policy_ops *ops, gw_time_us decide_us)
{
    double cfg[16] = {0};
    for (const struct gw_policy_param *p = ops->params; p != NULL && p->key != NULL; p++) {
        const double x = strcmp(p->key, "clients") == 0 ? 3.0 : p->def;
        const int32_t choice = (int32_t)x;
        memcpy((char *)cfg + p->offset, p->kind == GW_PARAM_CHOICE ? (const void *)&choice : &x,
               p->kind == GW_PARAM_CHOICE ? sizeof choice : sizeof x);
    }
    struct gw_fed_selector selector = {.ops = ops};
    struct gw_policy_error why = {0};
    if (ops->create != NULL) {
        assert_int_equal(ops->create(&selector.self, cfg, NULL, 1, &why), 0);
    }
    struct gw_error err;
    if (gw_federation_check(&d->cfg, d->clients, d->client, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    struct gw_federation *job = gw_federation_create(&d->cfg, d->clients, d->client, &d->links, &selector);
    assert_non_null(job);
    if (gw_fed_series_run(job, d->clients, &d->series, decide_us, 8, false, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    struct outcome out = {.sum = gw_fed_arm_sum(job, d->clients), .state = gw_federation_state(job)};
    for (uint32_t c = 0; c < d->clients; c++) {
        out.of[c] = gw_federation_books(job, c);
    }
    gw_federation_destroy(job);
    if (ops->destroy != NULL) {
        ops->destroy(selector.self);
    }
    return out;
}

static const struct gw_policy_ops *const policies[] = {
    &gw_policy_fed_rank_all,         &gw_policy_fed_rank_random,
    &gw_policy_fed_rank_lowest_ci,   &gw_policy_excess_power,
    &gw_policy_curtailment,          &gw_policy_carbon_budget,
    &gw_policy_alpha_fair,           &gw_policy_powertrip,
    &gw_policy_fedsustain,           &gw_policy_fed_oracle,
    &gw_policy_fed_rank_lowest_cost,
};
enum { POLICIES = sizeof policies / sizeof policies[0] };

/* Facility power is grid and excess; IT energy is the sum of its parts; steps are paid for with energy. */
static void the_books_balance(void **state)
{
    (void)state;
    uint32_t rounds = 0, reached = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct drawn d;
        draw_world(&d, trial);
        const struct outcome o = run(&d, policies[trial % POLICIES], step_us);
        assert_near(o.sum.grid_kwh + o.sum.excess_kwh, o.sum.facility_kwh, 1e-9, 1e-9);
        assert_near(o.sum.sent_gb, o.sum.received_gb, 1e-9, 1e-9);
        assert_near(o.sum.network_kwh, o.sum.sent_gb * d.cfg.kwh_per_gb, 1e-9, 1e-12);
        for (uint32_t c = 0; c < CLIENTS; c++) {
            const struct gw_fed_books *b = &o.of[c];
            const struct gw_fed_client *client = &d.client[c];
            const double it_kwh = b->compute_kwh + b->gap_kwh + b->idle_kwh + b->wasted_kwh + b->pending_kwh;
            assert_true(b->facility_kwh >= 1.05 * it_kwh * (1.0 - 1e-9));
            assert_true(b->facility_kwh <= 1.35 * it_kwh * (1.0 + 1e-9) + 1e-12);
            /* a microsecond of each phase is lost to rounding */
            assert_near(b->compute_kwh, b->steps / client->steps_per_s * client->train_kw / 3600.0, 1e-6,
                        1e-6);
        }
        rounds += o.state.rounds;
        reached += o.state.reached ? 1u : 0u;
    }
    assert_true(rounds > 1000);
    assert_true(reached > TRIALS / 4);
}

static void on_excess_alone_the_grid_gives_nothing(void **state)
{
    (void)state;
    double kwh = 0.0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct drawn d;
        draw_world(&d, trial);
        d.cfg.power = GW_FED_EXCESS_ONLY;
        const struct outcome o = run(&d, policies[trial % POLICIES], step_us);
        assert_true(o.sum.grid_kwh == 0.0 && o.sum.carbon_g == 0.0 && o.sum.cost_usd == 0.0);
        kwh += o.sum.excess_kwh;
    }
    assert_true(kwh > 0.0);
}

/* A domain is never asked for more than it has: checked on what it could give in all. */
static void a_domain_gives_no_more_than_it_has(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct drawn d;
        draw_world(&d, trial);
        const struct outcome o = run(&d, policies[trial % POLICIES], step_us);
        for (uint32_t dom = 0; dom < CLIENTS; dom++) {
            double used_kwh = 0.0, had_kwh = 0.0;
            for (uint32_t c = 0; c < CLIENTS; c++) {
                used_kwh += d.client[c].domain == dom ? o.of[c].excess_kwh : 0.0;
            }
            for (uint32_t s = 0; s < STEPS; s++) {
                had_kwh += d.excess[dom][s] * 0.25;
            }
            assert_true(used_kwh <= had_kwh * (1.0 + 1e-9));
        }
    }
}

/* Alone, there are no rounds to speak of: their length, the links and the synchronisation change nothing. */
static void one_site_is_training_at_one_site(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS / 4; trial++) {
        struct drawn d;
        draw_world(&d, trial);
        d.clients = 1;
        d.client[0].domain = 0;
        d.cfg.dropout_frac = 0.0;
        d.cfg.straggler = GW_FED_WAIT;
        d.cfg.tokens = 5e6;
        const struct outcome rounds = run(&d, &gw_policy_fed_rank_all, step_us);
        d.cfg.local_steps = 1e9;
        d.cfg.least_steps = 0.0;
        d.cfg.sync.fix_s = 1e4;
        const struct outcome central = run(&d, &gw_policy_fed_rank_all, step_us);
        assert_near((double)rounds.state.reached_us, (double)central.state.reached_us, 1e-9, 1e3);
        assert_near(rounds.sum.carbon_g, central.sum.carbon_g, 1e-5, 1e-9);
        assert_near(rounds.sum.network_kwh, 0.0, 0, 0);
        assert_near(central.sum.gap_kwh, rounds.sum.gap_kwh, 1e-9, 1e-9);
    }
}

static struct drawn steady_world(uint64_t trial)
{
    struct drawn d;
    draw_world(&d, trial);
    d.cfg.straggler = GW_FED_WAIT;
    d.cfg.dropout_frac = 0.0;
    d.cfg.power = GW_FED_CAPACITY;
    d.cfg.quorum_frac = 1.0;
    d.cfg.local_steps = 250.0;
    d.cfg.least_steps = 0.0;
    d.cfg.tokens = 12e6; /* eight rounds of six clients of 250 steps of 1000 tokens */
    return d;
}

static void twice_the_steps_send_half_the_bytes(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS / 4; trial++) {
        struct drawn d = steady_world(trial);
        point(&d);
        const struct outcome often = run(&d, &gw_policy_fed_rank_all, step_us);
        d.cfg.local_steps = 500.0;
        const struct outcome rarely = run(&d, &gw_policy_fed_rank_all, step_us);
        assert_true(often.state.reached && rarely.state.reached);
        assert_int_equal(often.state.rounds, 8);
        assert_near(often.sum.sent_gb, 2.0 * rarely.sum.sent_gb, 1e-12, 0);
    }
}

static void energy_per_byte_changes_network_energy_alone(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS / 4; trial++) {
        struct drawn d = steady_world(trial);
        point(&d);
        d.cfg.aggregator = GW_AGGREGATOR_FIXED;
        const struct outcome one = run(&d, &gw_policy_fed_rank_all, step_us);
        d.cfg.kwh_per_gb *= 2.0;
        const struct outcome two = run(&d, &gw_policy_fed_rank_all, step_us);
        assert_near(two.sum.network_kwh, 2.0 * one.sum.network_kwh, 1e-12, 0);
        assert_near(two.sum.network_carbon_g, 2.0 * one.sum.network_carbon_g, 1e-12, 0);
        struct gw_fed_books same = two.sum;
        same.network_kwh = one.sum.network_kwh;
        same.network_carbon_g = one.sum.network_carbon_g;
        assert_memory_equal(&same, &one.sum, sizeof same);
        assert_int_equal(two.state.reached_us, one.state.reached_us);
    }
}

/* The same clients in another order, called by the same names. Where the order decides ties, as between two
 * ends of one link, it is left out. */
static struct drawn relabelled(const struct drawn *d, const uint32_t *from)
{
    struct drawn out = *d;
    for (uint32_t c = 0; c < CLIENTS; c++) {
        const uint32_t old = from[c];
        memcpy(out.name[c], d->name[old], sizeof out.name[c]);
        memcpy(out.excess[c], d->excess[old], sizeof out.excess[c]);
        memcpy(out.carbon[c], d->carbon[old], sizeof out.carbon[c]);
        memcpy(out.price[c], d->price[old], sizeof out.price[c]);
        memcpy(out.pue[c], d->pue[old], sizeof out.pue[c]);
        out.client[c] = d->client[old];
        for (uint32_t b = 0; b < CLIENTS; b++) {
            out.rtt_ms[c * CLIENTS + b] = d->rtt_ms[old * CLIENTS + from[b]];
            out.gbps[c * CLIENTS + b] = d->gbps[old * CLIENTS + from[b]];
            out.usd_per_gb[c * CLIENTS + b] = d->usd_per_gb[old * CLIENTS + from[b]];
        }
        out.cfg.aggregator_site = old == d->cfg.aggregator_site ? c : out.cfg.aggregator_site;
        for (uint32_t b = 0; b < CLIENTS; b++) {
            out.client[c].domain = from[b] == d->client[old].domain ? b : out.client[c].domain;
        }
    }
    return out;
}

static void the_order_of_clients_changes_nothing(void **state)
{
    (void)state;
    static const uint32_t from[CLIENTS] = {4, 2, 0, 5, 1, 3};
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct drawn d;
        draw_world(&d, trial);
        d.cfg.aggregator = trial % 3 == 0 ? GW_AGGREGATOR_FIXED : GW_AGGREGATOR_GREENEST;
        d.cfg.straggler = d.cfg.straggler == GW_FED_ASYNC ? GW_FED_WAIT : d.cfg.straggler;
        struct drawn other = relabelled(&d, from);
        point(&other);
        const struct gw_policy_ops *ops =
            trial % 2 == 0 ? &gw_policy_fed_rank_all : &gw_policy_fed_rank_lowest_ci;
        const struct outcome a = run(&d, ops, step_us), b = run(&other, ops, step_us);
        assert_int_equal(a.state.rounds, b.state.rounds);
        assert_near((double)a.state.reached_us, (double)b.state.reached_us, 1e-9, 1e3);
        for (uint32_t c = 0; c < CLIENTS; c++) {
            assert_near(b.of[c].facility_kwh, a.of[from[c]].facility_kwh, 1e-6, 1e-9);
            assert_near(b.of[c].carbon_g, a.of[from[c]].carbon_g, 1e-6, 1e-9);
            assert_near(b.of[c].steps, a.of[from[c]].steps, 1e-6, 1e-9);
        }
    }
}

/* With everybody chosen there is nothing to decide. */
static void how_often_a_policy_without_choice_is_asked_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS / 4; trial++) {
        struct drawn d;
        draw_world(&d, trial);
        d.cfg.power = GW_FED_CAPACITY;
        const struct outcome a = run(&d, &gw_policy_fed_rank_all, step_us),
                             b = run(&d, &gw_policy_fed_rank_all, step_us / 15);
        assert_int_equal(a.state.rounds, b.state.rounds);
        assert_int_equal(a.state.reached_us, b.state.reached_us);
        assert_near(a.sum.carbon_g, b.sum.carbon_g, 1e-9, 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_books_balance),
        cmocka_unit_test(on_excess_alone_the_grid_gives_nothing),
        cmocka_unit_test(a_domain_gives_no_more_than_it_has),
        cmocka_unit_test(one_site_is_training_at_one_site),
        cmocka_unit_test(twice_the_steps_send_half_the_bytes),
        cmocka_unit_test(energy_per_byte_changes_network_energy_alone),
        cmocka_unit_test(the_order_of_clients_changes_nothing),
        cmocka_unit_test(how_often_a_policy_without_choice_is_asked_changes_nothing),
    };
    return cmocka_run_group_tests_name("federation properties", tests, NULL, NULL);
}
