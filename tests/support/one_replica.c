#include "tests/support/one_replica.h"

#include "tests/support/near.h"

#include "sim/base/units.h"
#include "sim/core/rng.h"

struct answers {
    double from_s; /* arrivals before have no part in the means of times */
    bool metered;  /* the reading has begun */
    double finished;
    double n, ttft_s, e2e_s, decode_s, decodes;
};

static void served(void *to, const struct gw_served *s)
{
    struct answers *a = to;
    a->finished += a->metered;
    if (gw_s_from_us(s->request.arrival_us) < a->from_s) {
        return;
    }
    a->n += 1.0;
    a->ttft_s += gw_step_time_s(s->first_token);
    a->e2e_s += gw_step_time_s(s->finish);
    a->decode_s += gw_step_time_s(s->finish - s->first_token);
    a->decodes += s->request.out_tok - 1.0;
}

static void refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    fail_msg("a request of %u + %u tokens was refused", request->in_tok, request->out_tok);
}

/* The replica, with a base that follows the time. */
struct run {
    struct gw_replica *replica;
    struct gw_serve_sink sink;
    gw_time_us base_us;
    struct gw_replica_meter sum;
    double sum_s;
};

static gw_tick tick_of(const struct run *r, gw_time_us at_us)
{
    return (at_us - r->base_us) * GW_TICKS_PER_US;
}

static void meter(struct run *r, gw_time_us at_us, bool counts)
{
    struct gw_replica_meter m;
    double class_j = 0.0;
    gw_replica_run(r->replica, tick_of(r, at_us), &r->sink);
    gw_replica_meter(r->replica, tick_of(r, at_us), &m, &class_j);
    if (counts) {
        r->sum.busy_j += m.busy_j;
        r->sum.idle_j += m.idle_j;
        r->sum.busy_s += m.busy_s;
        r->sum.token_steps += m.token_steps;
        r->sum.preemptions += m.preemptions;
        r->sum_s += gw_s_from_us(at_us - r->base_us);
    }
    gw_replica_rebase(r->replica, at_us);
    r->base_us = at_us;
}

void gw_one_replica_measure(const struct gw_replica_cfg *cfg, const struct gw_length *prompt,
                            const struct gw_length *output, double rate_per_s, uint64_t requests,
                            uint64_t seed, struct gw_one_replica *out)
{
    const double total_s = (double)requests / rate_per_s;
    struct answers answers = {.from_s = 0.1 * total_s};
    struct run r = {.replica = gw_replica_create(cfg, 1, 0),
                    .sink = {.served = served, .refused = refused, .to = &answers}};
    assert_non_null(r.replica);
    struct gw_rng rng;
    gw_rng_init(&rng, seed);

    /* a reading every hundredth of the time keeps ticks small */
    int readings = 0;
    double n = 0.0;
    struct gw_serving_load drawn = {0};
    double t_s = gw_rng_exponential(&rng) / rate_per_s;
    while (readings < 100) {
        const double next_s = total_s * (readings + 1) / 100.0;
        if (t_s >= next_s) {
            meter(&r, (gw_time_us)(next_s * 1e6), readings >= 10);
            readings++;
            answers.metered = readings >= 10;
            continue;
        }
        const struct gw_serve_request request = {
            .arrival_us = (gw_time_us)(t_s * 1e6),
            .in_tok = gw_length_at(prompt, gw_rng_unit(gw_rng_next(&rng))),
            .out_tok = gw_length_at(output, gw_rng_unit(gw_rng_next(&rng))),
        };
        if (t_s >= answers.from_s) {
            const double in = request.in_tok, answer = request.out_tok;
            n += 1.0;
            drawn.in_tok += in;
            drawn.out_tok += answer;
            drawn.in_tok_sq += in * in;
            drawn.out_tok_sq += answer * answer;
        }
        gw_replica_run(r.replica, tick_of(&r, request.arrival_us), &r.sink);
        assert_true(gw_replica_arrive(r.replica, &request, &r.sink));
        t_s += gw_rng_exponential(&rng) / rate_per_s;
    }
    gw_replica_destroy(r.replica);

    *out = (struct gw_one_replica){
        .load = {.rate_per_s = n / r.sum_s,
                 .in_tok = drawn.in_tok / n,
                 .out_tok = drawn.out_tok / n,
                 .in_tok_sq = drawn.in_tok_sq / n,
                 .out_tok_sq = drawn.out_tok_sq / n},
        .power_w = (r.sum.busy_j + r.sum.idle_j) / r.sum_s,
        .busy_frac = r.sum.busy_s / r.sum_s,
        .request_j = r.sum.busy_j / n,
        .batch = r.sum.token_steps / r.sum.busy_s,
        .itl_s = answers.decodes > 0.0 ? answers.decode_s / answers.decodes : 0.0,
        .ttft_s = answers.ttft_s / answers.n,
        .e2e_s = answers.e2e_s / answers.n,
        .requests_per_s = answers.finished / r.sum_s,
        .preemptions = (double)r.sum.preemptions / answers.finished,
    };
}
