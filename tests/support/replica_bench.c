#include "tests/support/replica_bench.h"

#include <math.h>
#include <string.h>

static double hundred_w(const void *cfg, const struct gw_power_state *s)
{
    (void)cfg;
    (void)s;
    return 100.0;
}

static const struct gw_power_law hundred = {
    .name = "hundred", .constant_in_regime = true, .watts = hundred_w};

struct gw_replica_cfg replica_bench_cfg(void)
{
    return (struct gw_replica_cfg){
        .time = {.step = REPLICA_BENCH_MS},
        .power = {.law = &hundred, .cap_w = INFINITY, .idle_w = 20.0, .n_accelerators = 1.0},
        .max_seqs = 16,
        .token_budget = 1000,
        .block_tok = 16,
        .kv_blocks = 1000,
    };
}

static void keep(struct replica_bench *b, const struct gw_served *served)
{
    assert_true(served->request.number < REPLICA_BENCH_MAX);
    b->served[served->request.number] = *served;
}

static void on_served(void *to, const struct gw_served *served)
{
    struct replica_bench *b = to;
    keep(b, served);
    b->n_served++;
}

static void on_refused(void *to, const struct gw_serve_request *request)
{
    (void)request;
    ((struct replica_bench *)to)->n_refused++;
}

static void on_timed_out(void *to, const struct gw_served *served)
{
    struct replica_bench *b = to;
    keep(b, served);
    b->timed_out[served->request.number] = true;
    b->n_timed_out++;
}

void replica_bench_init(struct replica_bench *b, const struct gw_replica_cfg *cfg)
{
    memset(b, 0, sizeof *b);
    b->sink = (struct gw_serve_sink){on_served, on_refused, b, on_timed_out};
    b->replica = gw_replica_create(cfg, 1, 0);
    assert_non_null(b->replica);
}

void replica_bench_arrive(struct replica_bench *b, const struct gw_serve_request *request)
{
    gw_replica_run(b->replica, request->arrival_us * GW_TICKS_PER_US, &b->sink);
    assert_true(gw_replica_arrive(b->replica, request, &b->sink));
    gw_replica_verify(b->replica);
}

void replica_bench_finish(struct replica_bench *b)
{
    gw_replica_run(b->replica, GW_TICK_NEVER, &b->sink);
    gw_replica_verify(b->replica);
    gw_replica_destroy(b->replica);
}

void replica_bench_expect_us(const struct replica_bench *b, int number, gw_time_us first_token_us,
                             gw_time_us finish_us)
{
    const struct gw_served *s = &b->served[number];
    assert_int_equal(s->first_token, first_token_us * GW_TICKS_PER_US);
    assert_int_equal(s->request.arrival_us * GW_TICKS_PER_US + s->finish, finish_us * GW_TICKS_PER_US);
}
