/* Phases on different replicas. Against a twin of two replicas: all prompts first, then the link, then all
 * answers, as what decodes never holds up what prefills. With several replicas on either side: against itself
 * under another cut of time into windows and meter readings. At one site; and at two sites that do so for
 * each other, each for the requests of one lane. */
#include "tests/support/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/serving/island.h"
#include "sim/core/rng.h"
#include "tests/reference/replica_twin.h"

enum { MAX_REQUESTS = 200, LANES = 2, CLASSES = 3, TRIALS = 1500 };

static double unit(uint64_t *seed)
{
    return gw_rng_unit(gw_rng_mix((*seed)++));
}

static uint32_t below(uint64_t *seed, uint32_t n)
{
    return (uint32_t)(unit(seed) * n);
}

static double law_w(const void *cfg, const struct gw_power_state *s)
{
    (void)cfg;
    return 100.0 + 300.0 * s->mem_frac + 200.0 * s->flop_frac * s->flop_frac;
}

static const struct gw_power_law law = {.name = "law", .watts = law_w};

struct trial {
    struct gw_replica_cfg cfg[2]; /* prefill, decode */
    uint32_t replicas[2];
    struct gw_fleet_split split; /* of what prefills */
    bool away;                   /* lane 0 decodes at the second site, lane 1 at the first */
    struct gw_serve_request request[MAX_REQUESTS]; /* in order of (time, lane) */
    int n;
    gw_time_us end_us;
};

static struct gw_replica_cfg draw_cfg(uint64_t *seed)
{
    const gw_tick us = GW_TICKS_PER_US;
    struct gw_replica_cfg cfg = {
        .time = {.step = (500 + below(seed, 3) * 500) * us + below(seed, 2) * below(seed, 1000000),
                 .seq = below(seed, 2) * 100 * us,
                 .kv = below(seed, 2000),
                 .prompt = below(seed, 20) * us},
        .max_seqs = 1 + (int32_t)below(seed, 20),
        .block_tok = 16,
        .kv_blocks = 4 + (int32_t)below(seed, 60),
        .admission = (enum gw_admission)below(seed, 3),
        .rank_us = below(seed, 5000),
    };
    cfg.token_budget = cfg.max_seqs + (int32_t)below(seed, 200);
    cfg.power = (struct gw_step_power){
        .law = &law,
        .mem_step_ticks = 0.5 * (double)cfg.time.step,
        .mem_kv_ticks = 0.9 * (double)cfg.time.kv,
        .flop_tok_ticks = 50.0 * (double)us,
        .cap_w = 450.0,
        .idle_w = 60.0,
        .n_accelerators = 2.0,
    };
    return cfg;
}

static int by_time_and_lane(const void *a, const void *b)
{
    const struct gw_serve_request *x = a, *y = b;
    if (x->arrival_us != y->arrival_us) {
        return x->arrival_us < y->arrival_us ? -1 : 1;
    }
    if (x->lane != y->lane) {
        return x->lane < y->lane ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

static struct trial draw_trial(uint64_t seed, uint32_t most_replicas, bool away)
{
    struct trial t = {.n = 1 + (int)below(&seed, MAX_REQUESTS), .away = away};
    for (int p = 0; p < 2; p++) {
        t.cfg[p] = draw_cfg(&seed);
        t.replicas[p] = 1 + below(&seed, most_replicas);
    }
    t.cfg[0].prefill_only = true;
    t.split = (struct gw_fleet_split){
        .tok_ticks = (gw_tick)(pow(1e4, unit(&seed)) * 1e-2 * GW_TICKS_PER_US),
        .tok_j = below(&seed, 2) * 1e-3,
    };
    if (away) {
        t.split.delay_us = below(&seed, 3) * (gw_time_us)below(&seed, 20000);
        t.split.room_tok = (int64_t)t.cfg[1].kv_blocks * t.cfg[1].block_tok;
    }
    const gw_time_us grid_us = unit(&seed) < 0.5 ? 500 : 1;
    const bool has_timeouts = unit(&seed) < 0.5;
    t.end_us = (gw_time_us)(1000.0 * pow(1000.0, unit(&seed)));
    for (int i = 0; i < t.n; i++) {
        t.request[i] = (struct gw_serve_request){
            .arrival_us = (gw_time_us)(unit(&seed) * (double)t.end_us) / grid_us * grid_us,
            .in_tok = 1 + below(&seed, unit(&seed) < 0.1 ? 900 : 100),
            .out_tok = 1 + below(&seed, unit(&seed) < 0.2 ? 2 : 60),
            .class = (uint16_t)below(&seed, CLASSES),
            .lane = (uint16_t)below(&seed, LANES),
            .number = (uint64_t)i,
            .timeout_ms = has_timeouts ? below(&seed, 200) : 0,
            .priority = (uint8_t)below(&seed, 3),
        };
    }
    qsort(t.request, (size_t)t.n, sizeof t.request[0], by_time_and_lane);
    for (int i = 0; i < t.n; i++) {
        t.request[i].number = (uint64_t)i;
    }
    return t;
}

/* How each request ended, and what the replicas drew. */
struct log {
    struct {
        int served, refused, timed_out;
        struct gw_served as;
    } end[MAX_REQUESTS];
    double busy_j, class_j[CLASSES];
    uint32_t order[MAX_REQUESTS];
    uint32_t n_ended;
};

static void note(struct log *log, const struct gw_served *served)
{
    log->end[served->request.number].as = *served;
    log->order[log->n_ended++] = (uint32_t)served->request.number;
}

static void on_served(void *to, uint32_t lane, const struct gw_served *served)
{
    assert_int_equal(lane, served->request.lane);
    ((struct log *)to)->end[served->request.number].served++;
    note(to, served);
}

static void on_timed_out(void *to, uint32_t lane, const struct gw_served *served)
{
    assert_int_equal(lane, served->request.lane);
    ((struct log *)to)->end[served->request.number].timed_out++;
    note(to, served);
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    assert_int_equal(lane, request->lane);
    ((struct log *)to)->end[request->number].refused++;
}

static void read_meters(struct gw_fleet *fleet, gw_time_us at_us, struct log *log)
{
    struct gw_replica_meter group[2];
    gw_fleet_meter(fleet, at_us, group, log->class_j);
    gw_fleet_verify(fleet);
    log->busy_j += group[0].busy_j + group[0].moved_j + group[1].busy_j + group[1].moved_j;
}

static void count_visit(void *to, uint32_t lane, const struct gw_serve_request *request, bool answered_first)
{
    (void)lane;
    (void)request;
    (void)answered_first;
    ++*(int *)to;
}

/* One site, or two. */
struct sites {
    struct gw_fleet *fleet[2];
    uint32_t n;
    struct log *log;
};

static void on_handed_over(void *to, uint32_t lane, const struct gw_served *served, gw_time_us at_us)
{
    const struct sites *sites = to;
    assert_true(gw_fleet_split_receive(sites->fleet[1 - lane], lane, served, at_us));
}

static void to_served(void *to, uint32_t lane, const struct gw_served *served)
{
    on_served(((struct sites *)to)->log, lane, served);
}

static void to_timed_out(void *to, uint32_t lane, const struct gw_served *served)
{
    on_timed_out(((struct sites *)to)->log, lane, served);
}

static void to_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    on_refused(((struct sites *)to)->log, lane, request);
}

/* Models 0 and 1 are those of lane 0, prompts and the rest. Two sites: 2 and 3 are those of lane 1. */
static struct gw_fleet *open_site(const struct trial *t, uint32_t site, const struct gw_fleet_sink *sink)
{
    const uint32_t decode = t->away ? 3 - 2 * site : 1;
    const struct gw_fleet_group group[2] = {
        {.model = 2 * site, .cfg = &t->cfg[0], .replicas = t->replicas[0]},
        {.model = decode, .cfg = &t->cfg[1], .replicas = t->replicas[1]},
    };
    struct gw_fleet_split split[4];
    for (uint32_t m = 0; m < 4; m++) {
        split[m] = (struct gw_fleet_split){.decode = GW_FLEET_WHOLE};
    }
    split[2 * site] = t->split;
    split[2 * site].decode = t->away ? GW_FLEET_AWAY : 1;
    if (t->away) {
        split[decode - 1].decode = decode;
    }
    const enum gw_dispatch dispatch[4] = {GW_DISPATCH_LEAST_PENDING, GW_DISPATCH_LEAST_PENDING,
                                          GW_DISPATCH_LEAST_PENDING, GW_DISPATCH_LEAST_PENDING};
    const double pack_limit[4] = {1.0, 1.0, 1.0, 1.0};
    const uint32_t lane_model[LANES] = {0, t->away ? 2 : 0};
    const struct gw_fleet_cfg cfg = {.group = group,
                                     .n_groups = 2,
                                     .dispatch = dispatch,
                                     .pack_limit = pack_limit,
                                     .models = t->away ? 4 : 2,
                                     .classes = CLASSES,
                                     .lanes = LANES,
                                     .lane_model = lane_model,
                                     .split = split,
                                     .links = 1};
    struct gw_fleet *fleet = gw_fleet_create(&cfg, sink);
    assert_non_null(fleet);
    return fleet;
}

static int inside(const struct trial *t, const struct gw_fleet *fleet)
{
    int n = 0;
    gw_fleet_each(fleet, count_visit, &n);
    assert_int_equal(n, gw_fleet_in_flight(fleet, 0) + (t->away ? gw_fleet_in_flight(fleet, 2) : 0));
    return n;
}

static bool anything_next(const struct sites *sites)
{
    bool any = false;
    for (uint32_t s = 0; s < sites->n; s++) {
        any = any || gw_fleet_next(sites->fleet[s]) != GW_NEVER_US;
    }
    return any;
}

/* The first n requests, in windows of any length. */
static void run_fleet(const struct trial *t, int n, uint64_t seed, struct log *log)
{
    struct sites sites = {.n = t->away ? 2 : 1, .log = log};
    const struct gw_fleet_sink sink = {.served = to_served,
                                       .refused = to_refused,
                                       .to = &sites,
                                       .timed_out = to_timed_out,
                                       .handed_over = on_handed_over};
    for (uint32_t s = 0; s < sites.n; s++) {
        sites.fleet[s] = open_site(t, s, &sink);
    }
    memset(log, 0, sizeof *log);
    const double window_us = ((double)t->end_us + 5e4) * pow(200.0, -unit(&seed));

    gw_time_us now_us = 0;
    for (int i = 0; i < n || anything_next(&sites);) {
        now_us += 1 + (gw_time_us)(2.0 * unit(&seed) * window_us);
        for (; i < n && t->request[i].arrival_us < now_us; i++) {
            const uint32_t lane = t->request[i].lane;
            assert_true(gw_fleet_push(sites.fleet[t->away ? lane : 0], lane, &t->request[i]));
        }
        assert_true(gw_island_advance(sites.fleet, sites.n, t->split.delay_us, now_us));
        const bool reads = unit(&seed) < 0.3;
        for (uint32_t s = 0; s < sites.n; s++) {
            (void)inside(t, sites.fleet[s]);
            if (reads) {
                read_meters(sites.fleet[s], now_us, log);
            }
        }
    }
    for (uint32_t s = 0; s < sites.n; s++) {
        read_meters(sites.fleet[s], now_us, log);
        assert_int_equal(inside(t, sites.fleet[s]), 0);
        gw_fleet_destroy(sites.fleet[s]);
    }
}

/* ---- the twin ---- */

struct handed {
    gw_time_us at_us;
    struct gw_served served;
};

struct twin {
    const struct trial *t;
    struct log *log;
    struct handed handed[MAX_REQUESTS]; /* in the order in which the prompts were complete */
    int n;
    bool decodes;
};

static void on_twin_served(void *to, const struct gw_served *served)
{
    struct twin *twin = to;
    if (!twin->decodes && served->emitted < served->request.out_tok) {
        twin->handed[twin->n++].served = *served;
        return;
    }
    on_served(twin->log, served->request.lane, served);
}

static void on_twin_timed_out(void *to, const struct gw_served *served)
{
    on_timed_out(((struct twin *)to)->log, served->request.lane, served);
}

static void on_twin_refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    (void)request;
    fail();
}

static bool fits(const struct trial *t, const struct gw_serve_request *r)
{
    const int64_t longest = (int64_t)r->in_tok + r->out_tok - 1;
    return longest <= t->cfg[0].kv_blocks * t->cfg[0].block_tok &&
           longest <= t->cfg[1].kv_blocks * t->cfg[1].block_tok;
}

static int by_delivery(const void *a, const void *b)
{
    const struct handed *x = a, *y = b;
    if (x->at_us != y->at_us) {
        return x->at_us < y->at_us ? -1 : 1;
    }
    const struct gw_serve_request *r = &x->served.request, *s = &y->served.request;
    return r->lane != s->lane ? (r->lane < s->lane ? -1 : 1) : r->number < s->number ? -1 : 1;
}

/* One after the other. */
static void carry(struct twin *twin)
{
    const struct gw_fleet_split *split = &twin->t->split;
    gw_tick link_free = 0;
    for (int i = 0; i < twin->n; i++) {
        struct gw_served *served = &twin->handed[i].served;
        const gw_tick done = served->request.arrival_us * GW_TICKS_PER_US + served->finish;
        const gw_tick span = served->request.in_tok * split->tok_ticks;
        link_free = (done > link_free ? done : link_free) + (span > 1 ? span : 1);
        twin->handed[i].at_us = (link_free + GW_TICKS_PER_US - 1) / GW_TICKS_PER_US + split->delay_us;
        const double joules = served->request.in_tok * split->tok_j;
        served->energy_j += joules;
        twin->log->busy_j += joules;
        twin->log->class_j[served->request.class] += joules;
    }
    qsort(twin->handed, (size_t)twin->n, sizeof twin->handed[0], by_delivery);
}

static void read_twin(struct gw_replica_twin *replica, gw_tick at, struct log *log)
{
    struct gw_replica_meter meter;
    gw_replica_twin_meter(replica, at, &meter, log->class_j);
    log->busy_j += meter.busy_j;
    gw_replica_twin_destroy(replica);
}

static const gw_tick the_end = INT64_C(1) << 55;

/* Of the requests of one lane, or of all. */
static void run_pair(const struct trial *t, int n, int lane, struct log *log)
{
    static struct twin twin;
    memset(&twin, 0, sizeof twin);
    twin.t = t;
    twin.log = log;
    const struct gw_serve_sink sink = {on_twin_served, on_twin_refused, &twin, on_twin_timed_out};
    struct gw_replica_twin *prefill = gw_replica_twin_create(&t->cfg[0], CLASSES, 0);
    for (int i = 0; i < n; i++) {
        if (t->away && t->request[i].lane != lane) {
            continue;
        }
        if (!fits(t, &t->request[i])) {
            on_refused(log, t->request[i].lane, &t->request[i]);
            continue;
        }
        gw_replica_twin_run(prefill, t->request[i].arrival_us * GW_TICKS_PER_US, &sink);
        gw_replica_twin_arrive(prefill, &t->request[i], &sink);
    }
    gw_replica_twin_run(prefill, the_end, &sink);
    read_twin(prefill, the_end, log);

    carry(&twin);
    twin.decodes = true;
    struct gw_replica_twin *decode = gw_replica_twin_create(&t->cfg[1], CLASSES, 0);
    for (int i = 0; i < twin.n; i++) {
        struct gw_served *served = &twin.handed[i].served;
        struct gw_serve_request *r = &served->request;
        const gw_time_us wait_us = twin.handed[i].at_us - r->arrival_us;
        if (r->timeout_ms > 0 && wait_us >= r->timeout_ms * INT64_C(1000)) {
            served->finish = wait_us * GW_TICKS_PER_US;
            on_timed_out(log, r->lane, served);
            continue;
        }
        r->prefilled = true;
        gw_replica_twin_run(decode, twin.handed[i].at_us * GW_TICKS_PER_US, &sink);
        gw_replica_twin_take(decode, twin.handed[i].at_us * GW_TICKS_PER_US, r, &sink);
    }
    gw_replica_twin_run(decode, the_end, &sink);
    read_twin(decode, the_end, log);

    /* what the second replica does not know of the first */
    for (int i = 0; i < twin.n; i++) {
        const struct gw_served *before = &twin.handed[i].served;
        struct gw_served *as = &log->end[before->request.number].as;
        if (as->request.prefilled) {
            as->first_token = before->first_token;
            as->energy_j += before->energy_j;
            as->preemptions += before->preemptions;
        }
    }
}

static void run_twin(const struct trial *t, int n, struct log *log)
{
    memset(log, 0, sizeof *log);
    for (int lane = 0; lane < (t->away ? LANES : 1); lane++) {
        run_pair(t, n, lane, log);
    }
}

/* ---- comparing ---- */

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 + 1e-9 * fmax(fabs(a), fabs(b));
}

static const char *compare(const struct log *a, const struct log *b, int n)
{
    for (int i = 0; i < n; i++) {
        const struct gw_served *x = &a->end[i].as, *y = &b->end[i].as;
        const char *differs = a->end[i].served != b->end[i].served                 ? "served"
                              : a->end[i].refused != b->end[i].refused             ? "refused"
                              : a->end[i].timed_out != b->end[i].timed_out         ? "timed out"
                              : x->finish != y->finish                             ? "finish"
                              : x->emitted > 0 && x->first_token != y->first_token ? "first token"
                              : x->emitted != y->emitted                           ? "emitted"
                              : x->preemptions != y->preemptions                   ? "preemptions"
                              : !near(x->energy_j, y->energy_j)                    ? "energy"
                                                                                   : NULL;
        if (differs != NULL) {
            return differs;
        }
        if (a->end[i].served + a->end[i].refused + a->end[i].timed_out != 1) {
            return "the one end of each request";
        }
    }
    for (int c = 0; c < CLASSES; c++) {
        if (!near(a->class_j[c], b->class_j[c])) {
            return "energy of a class";
        }
    }
    return near(a->busy_j, b->busy_j) ? NULL : "energy of the replicas";
}

static double sum_of_requests_j(const struct log *log, int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        sum += log->end[i].as.energy_j;
    }
    return sum;
}

static struct log first, second;

static const char *against_twin(const struct trial *t, int n)
{
    run_fleet(t, n, 7, &first);
    run_twin(t, n, &second);
    const char *differs = compare(&first, &second, n);
    return differs == NULL && !near(sum_of_requests_j(&first, n), first.busy_j) ? "sum of energies" : differs;
}

static const char *against_itself(const struct trial *t, int n)
{
    run_fleet(t, n, 11, &first);
    run_fleet(t, n, 13, &second);
    const char *differs = compare(&first, &second, n);
    /* between two sites there is no order */
    return differs == NULL && !t->away && memcmp(first.order, second.order, sizeof first.order) != 0
               ? "order"
               : differs;
}

/* The fewest first requests of the trial that still fail, by steps that get smaller. */
static int shrink(const struct trial *t, const char *(*check)(const struct trial *t, int n))
{
    int n = t->n;
    for (int step = n / 2; step >= 1; step /= 2) {
        while (n - step >= 1 && check(t, n - step) != NULL) {
            n -= step;
        }
    }
    return n;
}

static void every_trial(uint32_t most_replicas, bool away, const char *(*check)(const struct trial *t, int n))
{
    int served = 0, refused = 0, timed_out = 0, cut_short = 0, preempted = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        const struct trial t = draw_trial(gw_rng_mix(trial + most_replicas), most_replicas, away);
        const char *differs = check(&t, t.n);
        if (differs != NULL) {
            const int n = shrink(&t, check);
            fail_msg("trial %d: %s differs with %d requests; with the first %d: %s", (int)trial, differs, t.n,
                     n, check(&t, n));
        }
        for (int i = 0; i < t.n; i++) {
            served += first.end[i].served;
            refused += first.end[i].refused;
            timed_out += first.end[i].timed_out;
            cut_short += first.end[i].timed_out && first.end[i].as.emitted == 1;
            preempted += (int)first.end[i].as.preemptions;
        }
    }
    assert_true(served > 10000);
    assert_true(refused > 1000);
    assert_true(timed_out > 1000);
    assert_true(cut_short > 100);
    assert_true(preempted > 100);
}

static void a_replica_for_each_phase_agrees_with_the_twin_to_the_tick(void **state)
{
    (void)state;
    every_trial(1, false, against_twin);
}

static void several_replicas_for_each_phase_do_the_same_whatever_the_windows(void **state)
{
    (void)state;
    every_trial(4, false, against_itself);
}

static void a_replica_for_each_phase_at_two_sites_agrees_with_the_twin_to_the_tick(void **state)
{
    (void)state;
    every_trial(1, true, against_twin);
}

static void several_replicas_at_two_sites_do_the_same_whatever_the_windows(void **state)
{
    (void)state;
    every_trial(4, true, against_itself);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replica_for_each_phase_agrees_with_the_twin_to_the_tick),
        cmocka_unit_test(several_replicas_for_each_phase_do_the_same_whatever_the_windows),
        cmocka_unit_test(a_replica_for_each_phase_at_two_sites_agrees_with_the_twin_to_the_tick),
        cmocka_unit_test(several_replicas_at_two_sites_do_the_same_whatever_the_windows),
    };
    return cmocka_run_group_tests_name("prop_split", tests, NULL, NULL);
}
