/* The fleet against a naive one that advances every replica at every arrival and looks at all of them to
 * dispatch; and against itself under another cut of time into windows and meter readings. Equal to the bit:
 * neither when a replica is advanced nor how its time base moves may change anything. */
#include "tests/support/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/serving/fleet.h"
#include "sim/core/rng.h"

enum {
    MAX_REQUESTS = 400,
    MAX_MODELS = 3,
    MAX_GROUPS = 5,
    MAX_REPLICAS = 200,
    MAX_LANES = 6,
    CLASSES = 3,
    TRIALS = 2000,
};

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

struct arrival {
    uint32_t lane;
    struct gw_serve_request request; /* its number is its place in the trial */
};

struct trial {
    struct gw_replica_cfg cfg[MAX_GROUPS];
    struct gw_fleet_group group[MAX_GROUPS];
    enum gw_dispatch dispatch[MAX_MODELS];
    double pack_limit[MAX_MODELS];
    uint32_t lane_model[MAX_LANES];
    uint32_t groups, models, lanes;
    struct arrival arrival[MAX_REQUESTS]; /* in order of (time, lane) */
    uint32_t n;
    gw_time_us end_us;
};

static struct gw_replica_cfg draw_cfg(uint64_t *seed)
{
    const gw_tick us = GW_TICKS_PER_US;
    struct gw_replica_cfg cfg = {
        .time = {.step = (500 + below(seed, 3) * 500) * us,
                 .seq = below(seed, 2) * 100 * us,
                 .kv = below(seed, 2000)},
        .max_seqs = 1 + (int32_t)below(seed, 20),
        .block_tok = 16,
        .kv_blocks = 4 + (int32_t)below(seed, 60),
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
    const struct arrival *x = a, *y = b;
    if (x->request.arrival_us != y->request.arrival_us) {
        return x->request.arrival_us < y->request.arrival_us ? -1 : 1;
    }
    if (x->lane != y->lane) {
        return x->lane < y->lane ? -1 : 1;
    }
    return x->request.number < y->request.number ? -1 : x->request.number > y->request.number;
}

static void draw_arrivals(struct trial *t, uint64_t *seed)
{
    const gw_time_us grid_us = unit(seed) < 0.5 ? 500 : 1;
    t->end_us = (gw_time_us)(1000.0 * pow(1000.0, unit(seed)));
    for (uint32_t i = 0; i < t->n; i++) {
        t->arrival[i] = (struct arrival){
            .lane = below(seed, t->lanes),
            .request = {.arrival_us = (gw_time_us)(unit(seed) * (double)t->end_us) / grid_us * grid_us,
                        .in_tok = 1 + below(seed, unit(seed) < 0.1 ? 900 : 100),
                        .out_tok = 1 + below(seed, 60),
                        .class = (uint16_t)below(seed, CLASSES),
                        .number = i},
        };
    }
    qsort(t->arrival, t->n, sizeof t->arrival[0], by_time_and_lane);
    for (uint32_t i = 0; i < t->n; i++) {
        t->arrival[i].request.number = i;
    }
}

static struct trial draw_trial(uint64_t seed)
{
    struct trial t = {.models = 1 + below(&seed, MAX_MODELS),
                      .groups = 1 + below(&seed, MAX_GROUPS),
                      .lanes = 1 + below(&seed, MAX_LANES)};
    for (uint32_t g = 0; g < t.groups; g++) {
        t.cfg[g] = draw_cfg(&seed);
        t.group[g] = (struct gw_fleet_group){
            .model = below(&seed, t.models),
            .replicas = below(&seed, unit(&seed) < 0.1 ? MAX_REPLICAS / MAX_GROUPS : 5)};
    }
    for (uint32_t m = 0; m < t.models; m++) {
        t.dispatch[m] = (enum gw_dispatch)below(&seed, 3);
        t.pack_limit[m] = 1.0 + 5.0 * unit(&seed);
    }
    for (uint32_t lane = 0; lane < t.lanes; lane++) {
        t.lane_model[lane] = below(&seed, t.models);
    }
    t.n = 1 + below(&seed, MAX_REQUESTS);
    draw_arrivals(&t, &seed);
    return t;
}

/* --- what came out -------------------------------------------------------------------------------- */

struct outcome {
    uint32_t lane, times_refused, times_served;
    struct gw_served served;
};

struct log {
    struct outcome request[MAX_REQUESTS];
    uint32_t order[MAX_REQUESTS], n_served;
    double busy_j, idle_j, class_j[CLASSES];
};

static void on_served(void *to, uint32_t lane, const struct gw_served *served)
{
    struct log *log = to;
    struct outcome *o = &log->request[served->request.number];
    o->lane = lane;
    o->times_served++;
    o->served = *served;
    log->order[log->n_served++] = (uint32_t)served->request.number;
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    struct log *log = to;
    log->request[request->number].lane = lane;
    log->request[request->number].times_refused++;
}

static const char *compare_outcomes(const struct outcome *a, const struct outcome *b)
{
    return a->times_served + a->times_refused != 1              ? "once"
           : a->times_served != b->times_served                 ? "served"
           : a->lane != b->lane                                 ? "lane"
           : a->served.request.class != b->served.request.class ? "class"
           : a->served.first_token != b->served.first_token     ? "first token"
           : a->served.finish != b->served.finish               ? "finish"
           : a->served.preemptions != b->served.preemptions     ? "preemptions"
           : a->served.energy_j != b->served.energy_j           ? "energy"
                                                                : NULL;
}

/* --- the fleet, under windows of its own ------------------------------------------------------------- */

/* Requests are pushed window by window, lanes in any order; meters are read at some window edges. */
static void run_fleet(const struct trial *t, uint64_t seed, struct log *log)
{
    const struct gw_fleet_cfg cfg = {.group = t->group,
                                     .n_groups = t->groups,
                                     .dispatch = t->dispatch,
                                     .pack_limit = t->pack_limit,
                                     .models = t->models,
                                     .classes = CLASSES,
                                     .lanes = t->lanes,
                                     .lane_model = t->lane_model};
    const struct gw_fleet_sink sink = {on_served, on_refused, log, NULL, NULL, NULL, NULL};
    struct gw_fleet *fleet = gw_fleet_create(&cfg, &sink);
    assert_non_null(fleet);
    memset(log, 0, sizeof *log);
    const double window_us = ((double)t->end_us + 5e4) * pow(200.0, -unit(&seed));
    const double metered = unit(&seed);

    gw_time_us now_us = 0;
    for (uint32_t i = 0; i < t->n || gw_fleet_next(fleet) != GW_NEVER_US;) {
        const gw_time_us edge_us = now_us + 1 + (gw_time_us)(2.0 * unit(&seed) * window_us);
        uint32_t end = i;
        while (end < t->n && t->arrival[end].request.arrival_us < edge_us) {
            end++;
        }
        const uint32_t turn = below(&seed, t->lanes);
        for (uint32_t j = 0; j < t->lanes; j++) {
            for (uint32_t k = i; k < end; k++) {
                if (t->arrival[k].lane == (j + turn) % t->lanes) {
                    assert_true(gw_fleet_push(fleet, t->arrival[k].lane, &t->arrival[k].request));
                }
            }
        }
        i = end;
        assert_true(gw_fleet_advance(fleet, edge_us));
        now_us = edge_us;
        if (unit(&seed) < metered) {
            struct gw_replica_meter group[MAX_GROUPS];
            gw_fleet_meter(fleet, now_us, group, log->class_j);
            gw_fleet_verify(fleet);
            for (uint32_t g = 0; g < t->groups; g++) {
                log->busy_j += group[g].busy_j;
            }
        }
    }
    struct gw_replica_meter group[MAX_GROUPS];
    gw_fleet_meter(fleet, now_us, group, log->class_j);
    for (uint32_t g = 0; g < t->groups; g++) {
        log->busy_j += group[g].busy_j;
    }
    gw_fleet_destroy(fleet);
}

/* --- the naive fleet ---------------------------------------------------------------------------------- */

struct naive {
    struct gw_replica *replica[MAX_REPLICAS + MAX_GROUPS];
    const struct gw_replica_cfg *cfg[MAX_REPLICAS + MAX_GROUPS];
    uint32_t model[MAX_REPLICAS + MAX_GROUPS];
    uint32_t n;
    uint32_t turn[MAX_MODELS]; /* round-robin: requests go to the next replica of the model after this one */
    struct log *log;
    uint32_t lane_of[MAX_REQUESTS];
};

static void on_naive_served(void *to, const struct gw_served *served)
{
    struct naive *naive = to;
    on_served(naive->log, naive->lane_of[served->request.number], served);
}

static void on_naive_refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    (void)request;
    fail();
}

static bool can_take(const struct naive *naive, uint32_t i, uint32_t model, const struct gw_serve_request *r)
{
    return naive->model[i] == model && (int64_t)r->in_tok + r->out_tok - 1 <=
                                           (int64_t)naive->cfg[i]->kv_blocks * naive->cfg[i]->block_tok;
}

static bool is_open(const struct trial *t, const struct naive *naive, uint32_t i)
{
    return t->dispatch[naive->model[i]] == GW_DISPATCH_PACK &&
           gw_replica_in_flight(naive->replica[i]) < t->pack_limit[naive->model[i]];
}

/* Looks at all replicas; UINT32_MAX when none can take it. */
static uint32_t choose(const struct trial *t, struct naive *naive, uint32_t model,
                       const struct gw_serve_request *r)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t j = 0; j < naive->n; j++) {
        const uint32_t i =
            t->dispatch[model] == GW_DISPATCH_ROUND_ROBIN ? (naive->turn[model] + j) % naive->n : j;
        if (!can_take(naive, i, model, r)) {
            continue;
        }
        if (t->dispatch[model] == GW_DISPATCH_ROUND_ROBIN) {
            naive->turn[model] = i + 1;
            return i;
        }
        if (is_open(t, naive, i)) {
            return i;
        }
        if (best == UINT32_MAX ||
            gw_replica_in_flight(naive->replica[i]) < gw_replica_in_flight(naive->replica[best])) {
            best = i;
        }
    }
    return best;
}

static void run_naive(const struct trial *t, struct log *log)
{
    static struct naive naive;
    memset(&naive, 0, sizeof naive);
    memset(log, 0, sizeof *log);
    naive.log = log;
    const struct gw_serve_sink sink = {on_naive_served, on_naive_refused, &naive, NULL};
    for (uint32_t model = 0; model < t->models; model++) {
        for (uint32_t g = 0; g < t->groups; g++) {
            for (uint32_t i = 0; t->group[g].model == model && i < t->group[g].replicas; i++) {
                naive.cfg[naive.n] = &t->cfg[g];
                naive.model[naive.n] = model;
                naive.replica[naive.n++] = gw_replica_create(&t->cfg[g], CLASSES, 0);
            }
        }
    }
    for (uint32_t k = 0; k < t->n; k++) {
        const struct arrival *a = &t->arrival[k];
        for (uint32_t i = 0; i < naive.n; i++) {
            gw_replica_run(naive.replica[i], a->request.arrival_us * GW_TICKS_PER_US, &sink);
        }
        naive.lane_of[k] = a->lane;
        const uint32_t i = choose(t, &naive, t->lane_model[a->lane], &a->request);
        if (i == UINT32_MAX) {
            on_refused(log, a->lane, &a->request);
        } else {
            assert_true(gw_replica_arrive(naive.replica[i], &a->request, &sink));
        }
    }
    for (uint32_t i = 0; i < naive.n; i++) {
        gw_replica_run(naive.replica[i], GW_TICK_NEVER, &sink);
        gw_replica_destroy(naive.replica[i]);
    }
}

/* ---------------------------------------------------------------------------------------------------- */

static void the_fleet_equals_the_naive_one_and_itself_under_other_windows(void **state)
{
    (void)state;
    static struct log naive, first, second;
    uint64_t served = 0, refused = 0, preempted = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        const uint64_t seed = gw_rng_mix(~trial);
        struct trial t = draw_trial(seed);
        for (uint32_t g = 0; g < t.groups; g++) {
            t.group[g].cfg = &t.cfg[g];
        }
        run_naive(&t, &naive);
        run_fleet(&t, seed + 1000000, &first);
        run_fleet(&t, seed + 2000000, &second);

        for (uint32_t i = 0; i < t.n; i++) {
            const char *differs = compare_outcomes(&first.request[i], &naive.request[i]);
            if (differs == NULL) {
                differs = compare_outcomes(&second.request[i], &naive.request[i]);
            }
            if (differs == NULL && i < first.n_served && first.order[i] != second.order[i]) {
                differs = "order of finishing";
            }
            if (differs != NULL) {
                fail_msg("trial %d: %s differs at request %u of %u", (int)trial, differs, i, t.n);
            }
            served += first.request[i].times_served;
            refused += first.request[i].times_refused;
            preempted += first.request[i].served.preemptions;
        }
        double requests_j = 0.0, classes_j = 0.0;
        for (uint32_t i = 0; i < t.n; i++) {
            requests_j += first.request[i].served.energy_j;
        }
        for (int i = 0; i < CLASSES; i++) {
            classes_j += first.class_j[i];
            assert_near(first.class_j[i], second.class_j[i], 1e-9, 1e-9);
        }
        assert_near(first.busy_j, second.busy_j, 1e-9, 1e-9);
        assert_near(first.busy_j, classes_j, 1e-9, 1e-9);
        assert_near(first.busy_j, requests_j, 1e-9, 1e-9);
    }
    assert_true(served > 50000);
    assert_true(refused > 5000);
    assert_true(preempted > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fleet_equals_the_naive_one_and_itself_under_other_windows),
    };
    return cmocka_run_group_tests_name("prop_fleet", tests, NULL, NULL);
}
