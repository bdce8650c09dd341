/* tests/support/small_round.h - four clients before a round, with round numbers and four hours of forecasts.
 *
 *   client   carbon              price  excess (by domain)   renewable  buffer  round trip
 *   0        100 100 100 100      0.10   0 0 10 10 (0)        0.9        0.5     1 ms
 *   1        200  50  50  50      0.05   0 0 10 10 (0)        0.5        1.0     10 ms
 *   2        300 300 300  20      0.20   5 5 5 5   (2)        0.2        1.0     100 ms
 *   3        400 400 400 400      0.01   0 0 0 0   (3)        0.0        1.0     50 ms
 *
 * Each draws 10 kW at one step of 1000 tokens per second; 1800 steps are a round, half of them count. */
#ifndef GW_TESTS_SUPPORT_SMALL_ROUND_H
#define GW_TESTS_SUPPORT_SMALL_ROUND_H

#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/policies/policy.h"

enum { ROUND_CLIENTS = 4, ROUND_HOURS = 4 };

struct small_round {
    double carbon[ROUND_CLIENTS][ROUND_HOURS], price[ROUND_CLIENTS][ROUND_HOURS];
    double excess[ROUND_CLIENTS][ROUND_HOURS];
    const double *carbon_at[ROUND_CLIENTS], *price_at[ROUND_CLIENTS], *excess_at[ROUND_CLIENTS];
    double renewable[ROUND_CLIENTS], buffer[ROUND_CLIENTS], facility_kw[ROUND_CLIENTS];
    double steps_per_s[ROUND_CLIENTS], tok_per_step[ROUND_CLIENTS], sync_s[ROUND_CLIENTS];
    double rtt_ms[ROUND_CLIENTS], utility[ROUND_CLIENTS];
    uint32_t domain[ROUND_CLIENTS], joined[ROUND_CLIENTS];
    uint8_t may[ROUND_CLIENTS], in[ROUND_CLIENTS];
    struct gw_round round;
};

static inline void small_round_init(struct small_round *r)
{
    static const struct small_round numbers = {
        .carbon = {{100, 100, 100, 100}, {200, 50, 50, 50}, {300, 300, 300, 20}, {400, 400, 400, 400}},
        .price = {{0.1, 0.1, 0.1, 0.1},
                  {0.05, 0.05, 0.05, 0.05},
                  {0.2, 0.2, 0.2, 0.2},
                  {0.01, 0.01, 0.01, 0.01}},
        .excess = {{0, 0, 10, 10}, {0, 0, 10, 10}, {5, 5, 5, 5}, {0, 0, 0, 0}},
        .renewable = {0.9, 0.5, 0.2, 0.0},
        .buffer = {0.5, 1, 1, 1},
        .rtt_ms = {1, 10, 100, 50},
        .facility_kw = {10, 10, 10, 10},
        .steps_per_s = {1, 1, 1, 1},
        .tok_per_step = {1000, 1000, 1000, 1000},
        .utility = {1, 1, 1, 1},
        .domain = {0, 0, 2, 3},
        .may = {1, 1, 1, 1},
    };
    *r = numbers;
    for (int c = 0; c < ROUND_CLIENTS; c++) {
        r->carbon_at[c] = r->carbon[c];
        r->price_at[c] = r->price[c];
        r->excess_at[c] = r->excess[c];
    }
    r->round = (struct gw_round){
        .bytes = sizeof r->round,
        .clients = ROUND_CLIENTS,
        .horizon = ROUND_HOURS,
        .step_us = INT64_C(3600000000),
        .local_steps = 1800.0,
        .least_steps = 900.0,
        .left_frac = 1.0,
        .carbon = r->carbon_at,
        .price = r->price_at,
        .water = r->price_at,
        .excess = r->excess_at,
        .truth = r->carbon_at,
        .renewable_frac = r->renewable,
        .buffer_frac = r->buffer,
        .facility_kw = r->facility_kw,
        .steps_per_s = r->steps_per_s,
        .tok_per_step = r->tok_per_step,
        .sync_s = r->sync_s,
        .rtt_ms = r->rtt_ms,
        .utility = r->utility,
        .domain = r->domain,
        .joined = r->joined,
        .may = r->may,
    };
}

/* A policy with its defaults, but for its first parameters. Its parameters must all be numbers or, after the
 * given ones, choices. */
static inline void *small_round_policy(const struct gw_policy_ops *ops, const double *first, size_t n)
{
    double cfg[16] = {0};
    size_t i = 0;
    for (const struct gw_policy_param *p = ops->params; p != NULL && p->key != NULL; p++, i++) {
        const double x = i < n ? first[i] : p->def;
        const int32_t choice = (int32_t)x;
        if (p->kind == GW_PARAM_CHOICE) {
            memcpy((char *)cfg + p->offset, &choice, sizeof choice);
        } else {
            memcpy((char *)cfg + p->offset, &x, sizeof x);
        }
    }
    struct gw_policy_error error = {0};
    void *self = NULL;
    if (ops->create != NULL) {
        assert_int_equal(ops->create(&self, cfg, NULL, 1, &error), 0);
    }
    return self;
}

/* Who is chosen, as bits: client 0 is 1, client 1 is 2, ... */
static inline unsigned small_round_ask(const struct gw_policy_ops *ops, void *self, struct small_round *r)
{
    struct gw_round_choice choice = {.bytes = sizeof choice, .in = r->in};
    struct gw_policy_error error = {0};
    assert_int_equal(ops->select(self, NULL, &r->round, &choice, &error), 0);
    unsigned bits = 0;
    for (unsigned c = 0; c < ROUND_CLIENTS; c++) {
        bits |= (unsigned)(r->in[c] != 0) << c;
    }
    return bits;
}

static inline unsigned small_round_choice(const struct gw_policy_ops *ops, const double *first, size_t n,
                                          struct small_round *r)
{
    void *self = small_round_policy(ops, first, n);
    const unsigned bits = small_round_ask(ops, self, r);
    if (ops->destroy != NULL) {
        ops->destroy(self);
        ops->destroy(NULL);
    }
    return bits;
}

#endif
