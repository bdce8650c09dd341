/* One busy site: lanes filled window by window, dispatch, meters every five minutes. */
#include "models/serving/fleet.h"
#include "sim/base/check.h"
#include "tests/bench/bench.h"
#include "tests/bench/conversation.h"

void gw_bench_fleet(struct gw_bench *b);

enum { LANES = 4 };
static const gw_time_us window_us = 1000000;
static const gw_time_us metering_us = INT64_C(300) * 1000000;

struct scene {
    struct conversation traffic;
    uint32_t replicas;
    enum gw_dispatch dispatch;
    double sum;
};

static void on_served(void *to, uint32_t lane, const struct gw_served *served)
{
    ((struct scene *)to)->sum += served->energy_j + (double)served->finish + lane;
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    (void)to;
    (void)lane;
    GW_REQUIRE(request == NULL);
}

static struct gw_fleet *site(struct scene *s)
{
    const double pack_limit = 64.0;
    const uint32_t lane_model[LANES] = {0};
    const struct gw_fleet_group group = {.cfg = &s->traffic.cfg, .replicas = s->replicas};
    const struct gw_fleet_cfg cfg = {
        .group = &group,
        .n_groups = 1,
        .dispatch = &s->dispatch,
        .pack_limit = &pack_limit,
        .models = 1,
        .classes = CONVERSATION_CLASSES,
        .lanes = LANES,
        .lane_model = lane_model,
    };
    const struct gw_fleet_sink sink = {on_served, on_refused, s, NULL, NULL, NULL, NULL};
    struct gw_fleet *fleet = gw_fleet_create(&cfg, &sink);
    GW_REQUIRE(fleet != NULL);
    return fleet;
}

static double serve(void *context)
{
    struct scene *s = context;
    struct gw_fleet *fleet = site(s);
    double class_j[CONVERSATION_CLASSES] = {0};
    uint32_t i = 0;
    for (gw_time_us edge_us = window_us; i < s->traffic.n || gw_fleet_next(fleet) != GW_NEVER_US;
         edge_us += window_us) {
        for (; i < s->traffic.n && s->traffic.request[i].arrival_us < edge_us; i++) {
            GW_REQUIRE(gw_fleet_push(fleet, i % LANES, &s->traffic.request[i]));
        }
        GW_REQUIRE(gw_fleet_advance(fleet, edge_us));
        if (edge_us % metering_us == 0) {
            struct gw_replica_meter meter;
            gw_fleet_meter(fleet, edge_us, &meter, class_j);
        }
    }
    gw_fleet_destroy(fleet);
    gw_bench_keep(s->sum);
    return s->traffic.n;
}

static void row(struct gw_bench *b, const char *name, double budget, uint32_t replicas, double load,
                enum gw_dispatch dispatch)
{
    if (!gw_bench_wanted(b, name)) {
        return;
    }
    struct scene s = {.replicas = replicas, .dispatch = dispatch};
    conversation_init(&s.traffic, 1000000, replicas, load, 1);
    gw_bench_run(b, name, "requests/s", budget, serve, &s);
    conversation_fini(&s.traffic);
}

void gw_bench_fleet(struct gw_bench *b)
{
    row(b, "site of 120 replicas, least-pending, load 60 %", 2e6, 120, 0.6, GW_DISPATCH_LEAST_PENDING);
    row(b, "site of 120 replicas, least-pending, load 5 %", 0, 120, 0.05, GW_DISPATCH_LEAST_PENDING);
    row(b, "site of 120 replicas, round-robin, load 60 %", 0, 120, 0.6, GW_DISPATCH_ROUND_ROBIN);
    row(b, "site of 120 replicas, pack, load 60 %", 0, 120, 0.6, GW_DISPATCH_PACK);
    row(b, "site of 1000 replicas, least-pending, load 60 %", 0, 1000, 0.6, GW_DISPATCH_LEAST_PENDING);
}
