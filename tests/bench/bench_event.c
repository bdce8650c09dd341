/* The event queue: the hold model (pop one, push it back later) at several sizes, and M/M/1 against a bare
 * loop. */
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/core/event.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"

void gw_bench_event(struct gw_bench *b);

struct hold {
    struct gw_event_queue *queue;
    struct gw_rng rng;
    size_t events;
};

static gw_time_us some_delay(struct gw_rng *rng, double mean_us)
{
    return (gw_time_us)(mean_us * gw_rng_exponential(rng));
}

static double hold(void *context)
{
    struct hold *h = context;
    for (size_t i = 0; i < h->events; i++) {
        struct gw_event event;
        GW_REQUIRE(gw_event_pop(h->queue, &event));
        event.t_us += some_delay(&h->rng, 1e6);
        GW_REQUIRE(gw_event_push(h->queue, event).generation != 0);
    }
    return (double)h->events;
}

/* The same, where every event is also moved once before it comes: what a changing plan costs. */
static double hold_moved(void *context)
{
    struct hold *h = context;
    for (size_t i = 0; i < h->events; i++) {
        struct gw_event event;
        GW_REQUIRE(gw_event_pop(h->queue, &event));
        const gw_time_us now_us = event.t_us;
        event.t_us = now_us + some_delay(&h->rng, 1e6);
        const struct gw_event_handle handle = gw_event_push(h->queue, event);
        GW_REQUIRE(gw_event_reschedule(h->queue, handle, now_us + some_delay(&h->rng, 1e6)));
    }
    return (double)h->events;
}

static void bench_hold(struct gw_bench *b, const char *name, size_t pending, double budget,
                       double (*work)(void *context))
{
    if (!gw_bench_wanted(b, name)) {
        return;
    }
    struct hold h = {.queue = gw_event_queue_create(pending), .events = pending};
    GW_REQUIRE(h.queue != NULL);
    gw_rng_init(&h.rng, gw_rng_seed(1, 0, "bench/event"));
    for (size_t i = 0; i < pending; i++) {
        const struct gw_event event = {.t_us = some_delay(&h.rng, 1e6)};
        GW_REQUIRE(gw_event_push(h.queue, event).generation != 0);
    }
    hold(&h); /* warm: the remaining times settle into their stationary distribution */
    h.events = 2000000;
    gw_bench_run(b, name, "events/s", budget, work, &h);
    gw_event_queue_destroy(h.queue);
}

/* Load 0.8, as in the benchmarks of other simulation libraries. */
enum { MM1_EVENTS = 5000000 };
static const double arrival_us = 1e6, service_us = 0.8e6;

enum { ARRIVAL, DEPARTURE };

static void push_mm1(struct gw_event_queue *queue, uint16_t kind, gw_time_us t_us)
{
    GW_REQUIRE(gw_event_push(queue, (struct gw_event){.t_us = t_us, .kind = kind}).generation != 0);
}

static double mm1(void *context)
{
    (void)context;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/mm1"));
    struct gw_event_queue *queue = gw_event_queue_create(0);
    GW_REQUIRE(queue != NULL);
    push_mm1(queue, ARRIVAL, 0);
    size_t present = 0;
    for (size_t i = 0; i < MM1_EVENTS; i++) {
        struct gw_event event;
        GW_REQUIRE(gw_event_pop(queue, &event));
        if (event.kind == ARRIVAL) {
            push_mm1(queue, ARRIVAL, event.t_us + some_delay(&rng, arrival_us));
            if (present++ == 0) {
                push_mm1(queue, DEPARTURE, event.t_us + some_delay(&rng, service_us));
            }
        } else if (--present > 0) {
            push_mm1(queue, DEPARTURE, event.t_us + some_delay(&rng, service_us));
        }
    }
    gw_bench_keep((double)gw_event_now(queue));
    gw_event_queue_destroy(queue);
    return MM1_EVENTS;
}

/* The same system with two variables for a queue: what no event queue can beat. */
static double mm1_bare(void *context)
{
    (void)context;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/mm1"));
    gw_time_us next_arrival_us = 0, next_departure_us = GW_NEVER_US, now_us = 0;
    size_t present = 0;
    for (size_t i = 0; i < MM1_EVENTS; i++) {
        if (next_arrival_us <= next_departure_us) {
            now_us = next_arrival_us;
            next_arrival_us = now_us + some_delay(&rng, arrival_us);
            if (present++ == 0) {
                next_departure_us = now_us + some_delay(&rng, service_us);
            }
        } else {
            now_us = next_departure_us;
            next_departure_us = --present > 0 ? now_us + some_delay(&rng, service_us) : GW_NEVER_US;
        }
    }
    gw_bench_keep((double)now_us);
    return MM1_EVENTS;
}

void gw_bench_event(struct gw_bench *b)
{
    bench_hold(b, "event queue, hold, 1e3 pending", 1000, 15e6, hold);
    bench_hold(b, "event queue, hold, 1e4 pending", 10000, 10e6, hold);
    bench_hold(b, "event queue, hold, 1e5 pending", 100000, 0, hold);
    bench_hold(b, "event queue, hold, 1e6 pending", 1000000, 4e6, hold);
    bench_hold(b, "event queue, hold with a reschedule, 1e4 pending", 10000, 0, hold_moved);
    const double queued = gw_bench_run(b, "event queue, M/M/1", "events/s", 30e6, mm1, NULL);
    const double bare = gw_bench_run(b, "event queue, M/M/1 as a bare loop", "events/s", 0, mm1_bare, NULL);
    gw_bench_value(b, "event queue, M/M/1 over the bare loop", "1", 0, queued / bare);
}
