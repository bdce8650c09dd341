/* The load of replicas over time: rows of two steps, one model without replicas, time that no step covers. */
#include "tests/support/near.h"

#include <math.h>

#include "sim/run/load.h"

enum { STEP_US = 1000, SITES = 2, MODELS = 2, LARGE = 1 };

static double ten_w(const void *cfg, const struct gw_power_state *state)
{
    (void)cfg;
    (void)state;
    return 10.0;
}

static const struct gw_power_law ten = {.name = "ten", .constant_in_regime = true, .watts = ten_w};

static void ignore_served(void *to, uint32_t lane, const struct gw_served *served)
{
    (void)to;
    (void)lane;
    (void)served;
}

static void ignore_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    (void)to;
    (void)lane;
    (void)request;
}

/* One replica of the second model, none of the first: steps of 1 ms, 100 blocks of one token. */
static struct gw_fleet *fleet_of(const struct gw_replica_cfg *engine)
{
    const struct gw_fleet_group group = {.model = LARGE, .cfg = engine, .replicas = 1};
    const enum gw_dispatch dispatch[MODELS] = {GW_DISPATCH_LEAST_PENDING, GW_DISPATCH_LEAST_PENDING};
    const double pack_limit[MODELS] = {1.0, 1.0};
    const uint32_t lane_model[1] = {LARGE};
    const struct gw_fleet_cfg cfg = {.group = &group,
                                     .n_groups = 1,
                                     .dispatch = dispatch,
                                     .pack_limit = pack_limit,
                                     .models = MODELS,
                                     .classes = 1,
                                     .lanes = 1,
                                     .lane_model = lane_model};
    const struct gw_fleet_sink sink = {.served = ignore_served, .refused = ignore_refused};
    return gw_fleet_create(&cfg, &sink);
}

static void step(struct gw_load *load, struct gw_fleet *fleet, gw_time_us from_us)
{
    struct gw_replica_meter group;
    double class_j = 0.0;
    assert_true(gw_fleet_advance(fleet, from_us + STEP_US));
    gw_fleet_meter(fleet, from_us + STEP_US, &group, &class_j);
    assert_true(gw_load_open_step(load, from_us, from_us + STEP_US));
    for (uint32_t m = 0; m < MODELS; m++) {
        gw_load_enter(load, 1, m, gw_fleet_load(fleet, m));
    }
}

static const double *cell(const double *row, uint32_t site, uint32_t model)
{
    return row + ((size_t)site * MODELS + model) * GW_LOAD_COUNT;
}

/* Two requests at once: one is admitted, for two steps of 20 and 21 blocks; the other, for which there is no
 * seat, waits two steps and runs in the third with its 5 blocks. */
static void rows_are_means_over_the_time_they_cover(void **state)
{
    (void)state;
    const struct gw_replica_cfg engine = {
        .time = {.step = STEP_US * GW_TICKS_PER_US},
        .power = {.law = &ten, .cap_w = INFINITY, .idle_w = 1.0, .n_accelerators = 1.0},
        .max_seqs = 1,
        .token_budget = 1000,
        .block_tok = 1,
        .kv_blocks = 100,
    };
    struct gw_fleet *fleet = fleet_of(&engine);
    assert_non_null(fleet);
    const struct gw_serve_request two = {.in_tok = 20, .out_tok = 2}, one = {.in_tok = 5, .out_tok = 1};
    assert_true(gw_fleet_push(fleet, 0, &two) && gw_fleet_push(fleet, 0, &one));

    struct gw_load load = gw_load_make(SITES, MODELS, 2 * STEP_US);
    for (int i = 0; i < 3; i++) {
        step(&load, fleet, i * STEP_US);
    }
    assert_int_equal(load.rows, 2);

    double row[SITES * MODELS * GW_LOAD_COUNT];
    gw_load_row(&load, 0, row);
    const double *first = cell(row, 1, LARGE);
    assert_near(first[GW_LOAD_WAITING], 1.0, 1e-12, 0.0);
    assert_near(first[GW_LOAD_WAITING_PEAK], 1.0, 0.0, 0.0);
    assert_near(first[GW_LOAD_RUNNING], 1.0, 1e-12, 0.0);
    assert_near(first[GW_LOAD_BATCH], 0.5, 1e-12, 0.0); /* the first step decoded nothing */
    assert_near(first[GW_LOAD_KV_TOK], 20.5, 1e-12, 0.0);
    assert_near(first[GW_LOAD_KV_FRAC], 0.205, 1e-12, 0.0);
    assert_near(first[GW_LOAD_KV_PEAK], 0.21, 1e-12, 0.0);
    assert_near(first[GW_LOAD_BUSY], 1.0, 1e-12, 0.0);
    assert_near(first[GW_LOAD_REPLICAS], 1.0, 1e-12, 0.0);
    assert_near(first[GW_LOAD_ARRIVED], 2.0, 0.0, 0.0);

    /* the second row covers one step of its two */
    gw_load_row(&load, 1, row);
    const double *last = cell(row, 1, LARGE);
    assert_near(last[GW_LOAD_WAITING], 0.0, 0.0, 0.0);
    assert_near(last[GW_LOAD_RUNNING], 1.0, 1e-12, 0.0);
    assert_near(last[GW_LOAD_KV_TOK], 5.0, 1e-12, 0.0);
    assert_near(last[GW_LOAD_REPLICAS], 1.0, 1e-12, 0.0);

    /* no replicas: counts are zero, shares have no value */
    const double *none = cell(row, 1, 0);
    assert_near(none[GW_LOAD_REPLICAS], 0.0, 0.0, 0.0);
    assert_near(none[GW_LOAD_RUNNING], 0.0, 0.0, 0.0);
    assert_true(isnan(none[GW_LOAD_KV_FRAC]) && isnan(none[GW_LOAD_KV_PEAK]));
    assert_true(isnan(none[GW_LOAD_BATCH]) && isnan(none[GW_LOAD_BUSY]));
    gw_load_fini(&load);
    gw_fleet_destroy(fleet);
}

static void a_row_without_a_step_has_no_values(void **state)
{
    (void)state;
    struct gw_load load = gw_load_make(SITES, MODELS, STEP_US);
    assert_true(gw_load_open_step(&load, 2 * STEP_US, 3 * STEP_US));
    assert_int_equal(load.rows, 3);
    double row[SITES * MODELS * GW_LOAD_COUNT];
    gw_load_row(&load, 1, row);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        assert_true(isnan(row[i]));
    }
    gw_load_fini(&load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_means_over_the_time_they_cover),
        cmocka_unit_test(a_row_without_a_step_has_no_values),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
