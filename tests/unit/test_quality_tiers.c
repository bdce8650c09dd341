/* quality-tiers by hand: one row of 1 request/s at one site, three hours ahead, two tiers; the lesser one is
 * worth 0.6 and draws less. */
#include "tests/support/policy_run.h"

struct hours {
    struct gw_arena arena;
    struct gw_view_store store;
};

static void carbon_ahead(struct hours *v, double now, double next, double then)
{
    double *carbon = v->store.value[GW_VIEW_SITE_CARBON];
    carbon[0] = now;
    carbon[1] = next;
    carbon[2] = then;
}

static void hours_init(struct hours *v)
{
    static const char *const names[] = {"a"};
    const struct gw_dims dims = {
        .bytes = sizeof dims, .origins = 1, .demands = 1, .models = 1, .sites = 1, .levels = 2, .horizon = 3};
    const struct gw_view_names all = {names, names, names, names};
    *v = (struct hours){0};
    assert_true(gw_view_init(&v->store, &dims, &all, &v->arena));
    v->store.public.epoch_us = INT64_C(3600000000);
    double **t = v->store.value;
    t[GW_VIEW_DEMAND_ALLOWED][0] = 1.0;
    for (uint32_t h = 0; h < 3; h++) {
        t[GW_VIEW_DEMAND_RATE][h] = t[GW_VIEW_SITE_MARGINAL][h] = 1.0;
    }
    const double output[] = {1.0, 0.4}, quality[] = {1.0, 0.6}, kwh[] = {1e-3, 4e-4};
    for (uint32_t l = 0; l < 2; l++) {
        t[GW_VIEW_DIRECTIVES_OUTPUT][l] = output[l];
        t[GW_VIEW_DIRECTIVES_QUALITY][l] = quality[l];
        t[GW_VIEW_DIRECTIVES_KWH][l] = kwh[l];
    }
}

static void assert_lesser(struct policy_run *run, double expected)
{
    policy_run_ask(run, NULL);
    assert_near(run->directives[0][1], expected, 1e-6, 1e-6);
    assert_near(run->directives[0][0], 1.0 - expected, 1e-6, 1e-6);
}

/* At a target of 0.8 half of all answers may lose 0.4 each: 1.5 of three hours'. The dirtiest hour first.
 * Then, with 0.6 behind it, three hours may lose 4 x 0.2 - 0.4: one of them, and it is the last. */
static void the_dirtiest_hours_give_up_quality(void **state)
{
    (void)state;
    static const struct policy_setting target[] = {{"target", 0.8}, {NULL, 0}};
    struct hours v;
    struct policy_run run;
    hours_init(&v);
    policy_run_open(&run, &gw_policy_quality_tiers, &v.store, target);
    carbon_ahead(&v, 300, 200, 100);
    assert_lesser(&run, 1.0);
    carbon_ahead(&v, 200, 100, 400);
    assert_lesser(&run, 0.0);
    carbon_ahead(&v, 100, 50, 50); /* 1.6 of 2 behind it: 5 x 0.2 - 0.4 is one and a half hours */
    assert_lesser(&run, 1.0);
    policy_run_close(&run);
    gw_arena_fini(&v.arena);
}

/* The second dirtiest gets the half that is left. */
static void what_is_left_is_given_up_in_part(void **state)
{
    (void)state;
    static const struct policy_setting target[] = {{"target", 0.8}, {NULL, 0}};
    struct hours v;
    struct policy_run run;
    hours_init(&v);
    policy_run_open(&run, &gw_policy_quality_tiers, &v.store, target);
    carbon_ahead(&v, 200, 300, 100);
    assert_lesser(&run, 0.5);
    policy_run_close(&run);
    gw_arena_fini(&v.arena);
}

static void a_full_target_gives_up_nothing_and_none_everything(void **state)
{
    (void)state;
    static const struct policy_setting full[] = {{"target", 1}, {NULL, 0}},
                                       none[] = {{"target", 0}, {NULL, 0}};
    struct hours v;
    struct policy_run run;
    hours_init(&v);
    carbon_ahead(&v, 300, 200, 100);
    policy_run_open(&run, &gw_policy_quality_tiers, &v.store, full);
    assert_lesser(&run, 0.0);
    policy_run_close(&run);
    policy_run_open(&run, &gw_policy_quality_tiers, &v.store, none);
    assert_lesser(&run, 1.0);
    policy_run_close(&run);
    gw_arena_fini(&v.arena);
}

static void a_row_without_tiers_or_requests_gets_no_order(void **state)
{
    (void)state;
    struct hours v;
    struct policy_run run;
    hours_init(&v);
    policy_run_open(&run, &gw_policy_quality_tiers, &v.store, NULL);
    for (uint32_t h = 0; h < 3; h++) {
        v.store.value[GW_VIEW_DEMAND_RATE][h] = 0.0;
    }
    policy_run_ask(&run, NULL);
    assert_true(isnan(run.directives[0][0]));
    v.store.value[GW_VIEW_DEMAND_RATE][0] = 1.0;
    v.store.value[GW_VIEW_DIRECTIVES_OUTPUT][1] = 0.0;
    policy_run_ask(&run, NULL);
    assert_true(isnan(run.directives[0][0]));
    policy_run_close(&run);
    gw_arena_fini(&v.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dirtiest_hours_give_up_quality),
        cmocka_unit_test(what_is_left_is_given_up_in_part),
        cmocka_unit_test(a_full_target_gives_up_nothing_and_none_everything),
        cmocka_unit_test(a_row_without_tiers_or_requests_gets_no_order),
    };
    return cmocka_run_group_tests_name("quality_tiers", tests, NULL, NULL);
}
