/* The exact replica: requests per second with energy, classes and meter readings on, beside its step-by-step
 * twin. */
#include "sim/base/check.h"
#include "tests/bench/bench.h"
#include "tests/bench/conversation.h"
#include "tests/reference/replica_twin.h"

void gw_bench_replica(struct gw_bench *b);

enum { MAX_REPLICAS = 120 };
static const gw_time_us metering_us = INT64_C(300) * 1000000;

struct scene {
    struct conversation traffic;
    uint32_t replicas;
    uint32_t n; /* of the traffic's requests: the twin needs fewer to be measured */
    double sum; /* of what is served, so that serving is not in vain */
};

static void on_served(void *to, const struct gw_served *served)
{
    ((struct scene *)to)->sum += served->energy_j + (double)served->finish;
}

static void on_refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    GW_REQUIRE(request == NULL);
}

/* All replicas up to the reading, which moves their base there. */
static void read_meters(struct gw_replica *const *replica, const struct scene *s,
                        const struct gw_serve_sink *sink, gw_time_us at_us)
{
    for (uint32_t i = 0; i < s->replicas; i++) {
        struct gw_replica_meter meter;
        double class_j[CONVERSATION_CLASSES] = {0};
        gw_replica_run(replica[i], metering_us * GW_TICKS_PER_US, sink);
        gw_replica_meter(replica[i], metering_us * GW_TICKS_PER_US, &meter, class_j);
        gw_replica_rebase(replica[i], at_us);
    }
}

/* Requests in turn to each replica, each of which moves only when it is its turn or a meter is read. */
static double engine(void *context)
{
    struct scene *s = context;
    const struct gw_serve_sink sink = {on_served, on_refused, s, NULL};
    struct gw_replica *replica[MAX_REPLICAS];
    for (uint32_t i = 0; i < s->replicas; i++) {
        replica[i] = gw_replica_create(&s->traffic.cfg, CONVERSATION_CLASSES, 0);
        GW_REQUIRE(replica[i] != NULL);
    }

    gw_time_us base_us = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        const struct gw_serve_request *request = &s->traffic.request[i];
        while (request->arrival_us >= base_us + metering_us) {
            base_us += metering_us;
            read_meters(replica, s, &sink, base_us);
        }
        struct gw_replica *r = replica[i % s->replicas];
        gw_replica_run(r, (request->arrival_us - base_us) * GW_TICKS_PER_US, &sink);
        GW_REQUIRE(gw_replica_arrive(r, request, &sink));
    }
    for (uint32_t i = 0; i < s->replicas; i++) {
        gw_replica_run(replica[i], GW_TICK_NEVER, &sink);
        gw_replica_destroy(replica[i]);
    }
    gw_bench_keep(s->sum);
    return s->n;
}

static double twin(void *context)
{
    struct scene *s = context;
    const struct gw_serve_sink sink = {on_served, on_refused, s, NULL};
    struct gw_replica_twin *r = gw_replica_twin_create(&s->traffic.cfg, CONVERSATION_CLASSES, 0);
    for (uint32_t i = 0; i < s->n; i++) {
        const struct gw_serve_request *request = &s->traffic.request[i];
        gw_replica_twin_run(r, request->arrival_us * GW_TICKS_PER_US, &sink);
        gw_replica_twin_arrive(r, request, &sink);
    }
    gw_replica_twin_run(r, GW_TICK_NEVER, &sink);
    gw_replica_twin_destroy(r);
    gw_bench_keep(s->sum);
    return s->n;
}

static double row(struct gw_bench *b, const char *name, double budget, double (*work)(void *context),
                  uint32_t n, uint32_t replicas, double load, uint32_t prompt_times)
{
    if (!gw_bench_wanted(b, name)) {
        return 0;
    }
    struct scene s = {.replicas = replicas, .n = n};
    conversation_init(&s.traffic, n, replicas, load, prompt_times);
    const double rate = gw_bench_run(b, name, "requests/s", budget, work, &s);
    conversation_fini(&s.traffic);
    return rate;
}

void gw_bench_replica(struct gw_bench *b)
{
    const double at_60 = row(b, "replica, load 60 %", 4e6, engine, 1000000, 1, 0.6, 1);
    const double at_5 = row(b, "replica, load 5 %", 3e6, engine, 1000000, 1, 0.05, 1);
    row(b, "replica, load 120 %", 0, engine, 1000000, 1, 1.2, 1);
    row(b, "replica, load 60 %, prompts x 10", 0, engine, 1000000, 1, 0.6, 10);
    row(b, "120 replicas in turn, load 60 %", 0, engine, 2000000, 120, 0.6, 1);
    const double twin_at_60 = row(b, "replica twin, load 60 %", 0, twin, 100000, 1, 0.6, 1);
    const double twin_at_5 = row(b, "replica twin, load 5 %", 0, twin, 50000, 1, 0.05, 1);
    gw_bench_value(b, "replica over its twin, load 60 %", "x", 4, at_60 / twin_at_60);
    gw_bench_value(b, "replica over its twin, load 5 %", "x", 15, at_5 / twin_at_5);
}
