#include "tests/support/queueing.h"

#include "tests/support/near.h"

#include <math.h>

#include "models/serving/replica.h"
#include "sim/core/moments.h"
#include "sim/core/rng.h"

/* Batches long enough to be independent of each other; the first one starts empty and is left out. */
enum { BATCHES = 40 };

static const double confidence = 0.999;
static const double widest_frac = 0.1; /* of the expected mean, for half an interval */

/* --- lengths -------------------------------------------------------------------------------------- */

struct lengths {
    enum queueing_law law;
    double mean; /* of constant and geometric; two-point: 9 in 10 have 0.4 of it, 1 in 10 has 6.4 of it */
};

static uint32_t draw(const struct lengths *l, struct gw_rng *rng)
{
    const double u = gw_rng_unit(gw_rng_next(rng));
    switch (l->law) {
    case QUEUEING_CONSTANT:
        return (uint32_t)l->mean;
    case QUEUEING_GEOMETRIC:
        return 1 + (uint32_t)(log1p(-u) / log1p(-1.0 / l->mean));
    default:
        return (uint32_t)(l->mean * (u < 0.9 ? 0.4 : 6.4));
    }
}

static double mean_square(const struct lengths *l)
{
    switch (l->law) {
    case QUEUEING_CONSTANT:
        return l->mean * l->mean;
    case QUEUEING_GEOMETRIC:
        return 2.0 * l->mean * l->mean - l->mean;
    default:
        return l->mean * l->mean * (0.9 * 0.4 * 0.4 + 0.1 * 6.4 * 6.4);
    }
}

/* --- one run -------------------------------------------------------------------------------------- */

struct run {
    struct gw_replica *replica;
    uint64_t requests, served;
    struct gw_moments batch_s;                   /* mean time in the system, batch by batch */
    struct gw_moments in_batch_s;                /* of the batch that is being filled */
    struct gw_moments batch_seen, in_batch_seen; /* number in the system as arrivals find it */
    double decode_s;                             /* sum over requests from first token to finish */
    struct gw_replica_meter meter;               /* whole run */
    double end_s;
};

static double flat_w(const void *cfg, const struct gw_power_state *state)
{
    (void)cfg;
    (void)state;
    return 1.0;
}

static const struct gw_power_law flat = {.name = "flat", .constant_in_regime = true, .watts = flat_w};

static struct gw_replica_cfg queue_cfg(struct gw_step_time time, int32_t seats)
{
    return (struct gw_replica_cfg){
        .time = time,
        .power = {.law = &flat, .cap_w = INFINITY, .n_accelerators = 1.0},
        .max_seqs = seats,
        .token_budget = 1 << 20,
        .block_tok = 64,
        .kv_blocks = 1 << 25,
    };
}

/* Adds x to the batch of the n-th of `requests` observations. */
static void add(struct gw_moments *batches, struct gw_moments *batch, uint64_t n, uint64_t requests, double x)
{
    gw_moments_add(batch, x);
    if (batch->n == requests / BATCHES) {
        if (n >= requests / BATCHES) {
            gw_moments_add(batches, batch->mean);
        }
        *batch = (struct gw_moments){0};
    }
}

static void on_served(void *to, const struct gw_served *served)
{
    struct run *r = to;
    add(&r->batch_s, &r->in_batch_s, r->served, r->requests, gw_step_time_s(served->finish));
    r->served++;
    r->decode_s += gw_step_time_s(served->finish - served->first_token);
}

static void on_refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    (void)request;
    fail();
}

static void read_meter(struct run *r, gw_time_us from_us, gw_time_us at_us)
{
    struct gw_replica_meter meter;
    double class_j = 0.0;
    gw_replica_meter(r->replica, (at_us - from_us) * GW_TICKS_PER_US, &meter, &class_j);
    gw_replica_rebase(r->replica, at_us);
    r->meter.busy_s += meter.busy_s;
    r->meter.token_steps += meter.token_steps;
}

/* Poisson arrivals with `gap_us` between them on average; meters are read once in a while to move the base.
 */
static struct run run_queue(const struct gw_replica_cfg *cfg, const struct lengths *lengths, double gap_us,
                            uint64_t requests)
{
    struct run r = {.requests = requests, .replica = gw_replica_create(cfg, 1, 0)};
    assert_non_null(r.replica);
    const struct gw_serve_sink sink = {on_served, on_refused, &r, NULL};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(7, 0, "test/queueing"));

    gw_time_us base_us = 0;
    double at_us = 0.0;
    for (uint64_t i = 0; i < requests; i++) {
        at_us += gap_us * gw_rng_exponential(&rng);
        const struct gw_serve_request request = {
            .arrival_us = (gw_time_us)at_us, .in_tok = 1, .out_tok = draw(lengths, &rng), .number = i};
        gw_replica_run(r.replica, (request.arrival_us - base_us) * GW_TICKS_PER_US, &sink);
        add(&r.batch_seen, &r.in_batch_seen, i, requests, gw_replica_in_flight(r.replica));
        assert_true(gw_replica_arrive(r.replica, &request, &sink));
        if (i % 1000 == 999) {
            read_meter(&r, base_us, request.arrival_us);
            base_us = request.arrival_us;
        }
    }
    for (; gw_replica_in_flight(r.replica) > 0; base_us += 1000000) {
        gw_replica_run(r.replica, 1000000 * GW_TICKS_PER_US, &sink);
        read_meter(&r, base_us, base_us + 1000000);
    }
    r.end_s = at_us * 1e-6;
    assert_int_equal(r.served, requests);
    gw_replica_destroy(r.replica);
    return r;
}

/* `slack` covers what theory leaves out, in the unit of the mean. */
static void assert_mean(const struct gw_moments *batches, double expected, double slack, const char *what)
{
    const double half = gw_moments_half_width(batches, confidence);
    if (!(half < widest_frac * expected)) {
        fail_msg("%s: %g +- %g says nothing about %g", what, batches->mean, half, expected);
    }
    if (!(fabs(batches->mean - expected) <= half + slack)) {
        fail_msg("%s: %g +- %g, theory says %g (slack %g)", what, batches->mean, half, expected, slack);
    }
}

/* --- the two queues ------------------------------------------------------------------------------- */

/* One seat, a millisecond per step: a request is served alone, one step per token. Exact but for arrival
 * times in whole microseconds. */
void queueing_check_fcfs(const struct queueing_case *c)
{
    const double step_s = 1e-3;
    const struct lengths lengths = {c->law, 50.0};
    const double service_s = lengths.mean * step_s;
    const double rate_per_s = c->load / service_s;
    const struct gw_replica_cfg cfg = queue_cfg((struct gw_step_time){.step = 1000 * GW_TICKS_PER_US}, 1);
    const struct run r = run_queue(&cfg, &lengths, 1e6 / rate_per_s, c->requests);

    const double wait_s = rate_per_s * mean_square(&lengths) * step_s * step_s / (2.0 * (1.0 - c->load));
    assert_mean(&r.batch_s, service_s + wait_s, 1e-6, "time in the system, first come first served");
    assert_mean(&r.batch_seen, rate_per_s * (service_s + wait_s), 0.0,
                "number found, first come first served");
    assert_near(r.meter.busy_s / r.end_s, c->load, 0.05, 0.0);
    assert_near(r.meter.token_steps, r.decode_s, 1e-9, 0.0);
}

/* A microsecond per sequence and step: B sequences take turns, each at 1/B of the speed. The first token
 * costs nothing, but a request waits for the step under way and for the one that makes its first token: at
 * most three steps as long as those that arrivals find, 1 / (1 - rho) us in the mean. */
void queueing_check_sharing(const struct queueing_case *c)
{
    const double token_s = 1e-6;
    const struct lengths lengths = {c->law, 3000.0};
    const double service_s = (lengths.mean - 1.0) * token_s;
    const double rate_per_s = c->load / service_s;
    const double slack_s = 3.0 * token_s / (1.0 - c->load);
    const struct gw_replica_cfg cfg = queue_cfg((struct gw_step_time){.seq = GW_TICKS_PER_US}, 4096);
    const struct run r = run_queue(&cfg, &lengths, 1e6 / rate_per_s, c->requests);

    const double sojourn_s = service_s / (1.0 - c->load);
    const double number = c->load / (1.0 - c->load);
    assert_mean(&r.batch_s, sojourn_s, slack_s, "time in the system, processor sharing");
    assert_mean(&r.batch_seen, number, rate_per_s * slack_s, "number found, processor sharing");

    /* Little's law for the decoding ones: exact on every run, whatever the law */
    assert_near(r.meter.token_steps, r.decode_s, 1e-9, 0.0);
    assert_near(r.meter.busy_s / r.end_s, c->load, 0.05, 0.0);
}
