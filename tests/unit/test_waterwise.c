/* waterwise by hand: where, on the view of small_view.h; when, on one with a horizon. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

/* Oregon 0.11 g and 2.7 mL, Virginia 0.48 g and 1.45 mL: in parts of the worst 0.229 and 1, 1 and 0.537; the
 * means are 0.615 and 0.769. Oregon takes 9 of 10. */
static void carbon_and_water_are_weighed_in_parts_of_the_worst_site(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_waterwise, &v.store, NULL, share);
    assert_shares(share, 5.0 / 6, 1.0 / 6, 1, 0);
    const struct policy_setting water[] = {{"carbon", 0}, {NULL, 0}};
    policy_run_once(&gw_policy_waterwise, &v.store, water, share);
    assert_shares(share, 0, 1, 0.25, 0.75);
    small_view_fini(&v);
}

/* A litre of Oregon's weighing 3: 8.1 mL, of which Virginia's 1.45 are 0.179; the means are 0.615, 0.590. */
static void water_of_a_stressed_basin_weighs_more(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_SITE_STRESS][OREGON] = 3.0;
    policy_run_once(&gw_policy_waterwise, &v.store, NULL, share);
    assert_shares(share, 0, 1, 0.25, 0.75);
    small_view_fini(&v);
}

static void who_waits_for_an_answer_is_served_in_time(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_SLO_TTFT][EAST] = 150.0;
    policy_run_once(&gw_policy_waterwise, &v.store, NULL, share);
    assert_shares(share, 0, 1, 1, 0);
    v.store.value[GW_VIEW_DEMAND_PATIENCE][EAST] = 60.0; /* nobody waits */
    policy_run_once(&gw_policy_waterwise, &v.store, NULL, share);
    assert_shares(share, 5.0 / 6, 1.0 / 6, 1, 0);
    small_view_fini(&v);
}

/* A batch row of 1 request/s and two sites of 10, hourly epochs; no water. */
struct hours {
    struct gw_arena arena;
    struct gw_view_store store;
};

static void carbon_ahead(struct hours *v, double now, double next, double then)
{
    const double first[] = {now, next, then};
    for (uint32_t h = 0; h < 3; h++) {
        v->store.value[GW_VIEW_SITE_CARBON][h] = first[h];
        v->store.value[GW_VIEW_SITE_CARBON][3 + h] = 500.0;
    }
}

static void hours_init(struct hours *v, double patience_s)
{
    static const char *const names[] = {"a", "b"};
    const struct gw_dims dims = {
        .bytes = sizeof dims, .origins = 1, .demands = 1, .models = 1, .sites = 2, .horizon = 3};
    const struct gw_view_names all = {names, names, names, names};
    *v = (struct hours){0};
    assert_true(gw_view_init(&v->store, &dims, &all, &v->arena));
    v->store.public.epoch_us = INT64_C(3600000000);
    v->store.value[GW_VIEW_DEMAND_RATE][0] = 1.0;
    v->store.value[GW_VIEW_DEMAND_SLO_TTFT][0] = 1e3;
    v->store.value[GW_VIEW_DEMAND_PATIENCE][0] = patience_s;
    for (uint32_t s = 0; s < 2; s++) {
        v->store.value[GW_VIEW_DEMAND_ALLOWED][s] = v->store.value[GW_VIEW_SITE_STRESS][s] = 1.0;
        v->store.value[GW_VIEW_SERVING_CAPACITY][s] = 10.0;
        for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) { /* 0.001 kWh a request */
            v->store.value[GW_VIEW_SERVING_POWER][s * GW_VIEW_LOADS + u] = 36.0 * u / (GW_VIEW_LOADS - 1);
        }
        for (uint32_t h = 0; h < 3; h++) {
            v->store.value[GW_VIEW_SITE_MARGINAL][s * 3 + h] = 1.0;
        }
    }
    carbon_ahead(v, 300, 200, 100);
}

static double first_release(struct hours *v, const struct policy_setting *set)
{
    struct policy_run run;
    double share[2];
    policy_run_open(&run, &gw_policy_waterwise, &v->store, set);
    policy_run_plan(&run, share);
    policy_run_close(&run);
    return run.release[0];
}

/* Two hours of patience: 300 waits for 200 and 100, 200 for 100, and 100 goes, four times as fast as it came:
 * of 12 requests/s 9 fit at the clean site. */
static void batch_requests_wait_for_the_best_hour_within_their_patience(void **state)
{
    (void)state;
    struct hours v;
    struct policy_run run;
    double share[2];
    hours_init(&v, 7200);
    v.store.value[GW_VIEW_DEMAND_RATE][0] = 3.0;
    policy_run_open(&run, &gw_policy_waterwise, &v.store, NULL);
    policy_run_plan(&run, share);
    assert_near(run.release[0], 0, 0, 0);
    v.store.public.now_us = INT64_C(3600000000);
    carbon_ahead(&v, 200, 100, 50); /* what comes in two hours is too late */
    policy_run_plan(&run, share);
    assert_near(run.release[0], 0, 0, 0);
    v.store.public.now_us = INT64_C(7200000000);
    carbon_ahead(&v, 100, 50, 50);
    v.store.value[GW_VIEW_DEMAND_HELD][0] = 3.0 * 7200;
    policy_run_plan(&run, share);
    assert_near(run.release[0], 1, 0, 0);
    assert_near(share[0], 0.75, 1e-9, 0);
    policy_run_close(&run);
    gw_arena_fini(&v.arena);
}

static void without_patience_or_gain_or_before_the_start_requests_go_at_once(void **state)
{
    (void)state;
    struct hours v;
    hours_init(&v, 3599); /* the next hour is too late */
    assert_near(first_release(&v, NULL), 1, 0, 0);
    gw_arena_fini(&v.arena);

    hours_init(&v, 7200);
    const struct policy_setting choosy[] = {{"gain", 0.7}, {NULL, 0}}; /* 100 of 300 is a gain of 0.67 */
    assert_near(first_release(&v, choosy), 1, 0, 0);
    assert_near(first_release(&v, NULL), 0, 0, 0);
    gw_arena_fini(&v.arena);

    hours_init(&v, 7200);
    v.store.public.now_us = INT64_C(-3600000000); /* the burn-in's work is not to reach the scored time */
    assert_near(first_release(&v, NULL), 1, 0, 0);
    gw_arena_fini(&v.arena);

    hours_init(&v, 0); /* somebody waits: no order at all */
    assert_true(isnan(first_release(&v, NULL)));
    gw_arena_fini(&v.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carbon_and_water_are_weighed_in_parts_of_the_worst_site),
        cmocka_unit_test(water_of_a_stressed_basin_weighs_more),
        cmocka_unit_test(who_waits_for_an_answer_is_served_in_time),
        cmocka_unit_test(batch_requests_wait_for_the_best_hour_within_their_patience),
        cmocka_unit_test(without_patience_or_gain_or_before_the_start_requests_go_at_once),
    };
    return cmocka_run_group_tests_name("waterwise", tests, NULL, NULL);
}
