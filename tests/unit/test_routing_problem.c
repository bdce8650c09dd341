#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/routing_problem.h"
#include "models/policies/search/variation.h"
#include "tests/support/small_view.h"

enum { CELLS = 4, OBJECTIVES = GW_ROUTING_PROBLEM_OBJECTIVES };

/* How far the plan fills sites beyond `fill`, in units of it. */
static double over_of(const struct small_view *v, const double *x, double fill)
{
    double over = 0;
    for (uint32_t s = 0; s < 2; s++) {
        over += fmax(gw_eval_utilisation(&v->store, x, 0, s) / fill - 1, 0);
    }
    return over;
}

static void the_full_problem_is_the_plan_evaluator_and_prices_moves_like_it(void **state)
{
    (void)state;
    struct small_view v;
    struct gw_routing_problem routing;
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    small_view_init(&v);
    v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 8; /* with EAST more than a site can do */
    v.store.value[GW_VIEW_SITE_ONSITE][OREGON] = 17;
    v.store.value[GW_VIEW_NETWORK_TRANSFER][EAST * 2 + OREGON] = 4e-5;
    v.store.value[GW_VIEW_NETWORK_TRANSFER][WEST * 2 + VIRGINIA] = 7e-5;
    assert_true(gw_routing_problem_init(&routing, &v.store.public, 0.9, &v.arena));
    const struct gw_problem *p = gw_routing_problem_now(&routing, GW_ROUTING_PROBLEM_FULL);
    void *at = gw_arena_alloc(&v.arena, p->moves->bytes);
    double x[CELLS], priced[OBJECTIVES], whole[OBJECTIVES], said[GW_OBJECTIVES];
    int full = 0, free = 0;
    gw_variation_draw(p, &rng, x);
    p->moves->start(p->context, at, x, priced);
    for (int t = 0; t < 500; t++) {
        gw_eval_plan(&v.store, x, said);
        p->eval(p->context, x, whole);
        const double over = over_of(&v, x, 0.9);
        for (uint32_t k = 0; k < OBJECTIVES; k++) {
            assert_near(priced[k], said[k] + routing.penalty[k] * over, 1e-9, 1e-9);
            assert_near(whole[k], priced[k], 1e-9, 1e-9);
        }
        full += over > 0;
        free += over == 0;
        const struct gw_move move = gw_variation_move(p, &rng, x);
        if (move.amount > 0) {
            p->moves->price(p->context, at, &move, priced);
            p->moves->make(p->context, at, &move);
            gw_variation_make(x, &move);
        }
    }
    assert_true(full > 20 && free > 20);
    small_view_fini(&v);
}

/* 14 requests/s at oregon, which saturates at 10: those that wait draw no power, and the plan evaluator calls
 * that cleaner than sending 6 of them to virginia. The problem does not, in any objective. */
static void a_site_beyond_its_room_is_no_bargain(void **state)
{
    (void)state;
    struct small_view v;
    struct gw_routing_problem routing;
    small_view_init(&v);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 6;
    v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 8;
    assert_true(gw_routing_problem_init(&routing, &v.store.public, 0.8, &v.arena));
    const struct gw_problem *p = gw_routing_problem_now(&routing, GW_ROUTING_PROBLEM_FULL);
    const double heaped[] = {1, 0, 1, 0}, spread[] = {0, 1, 1, 0};
    double said[2][GW_OBJECTIVES], f[2][OBJECTIVES];
    gw_eval_plan(&v.store, heaped, said[0]);
    gw_eval_plan(&v.store, spread, said[1]);
    assert_true(said[0][GW_OBJ_CARBON_KG] < said[1][GW_OBJ_CARBON_KG]);
    p->eval(p->context, heaped, f[0]);
    p->eval(p->context, spread, f[1]);
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        assert_near(f[1][k], said[1][k], 1e-12, 0); /* 0.8 and 0.6 of its room */
        assert_true(f[0][k] > f[1][k]);
    }
    small_view_fini(&v);
}

/* East to virginia, west to oregon for an hour: 21600 and 14400 requests of 0.001 kWh, the former moved for
 * 0.00005 USD each. */
static void the_linear_problem_is_what_a_pencil_says(void **state)
{
    (void)state;
    struct small_view v;
    struct gw_routing_problem routing;
    small_view_init(&v);
    v.store.value[GW_VIEW_NETWORK_TRANSFER][EAST * 2 + VIRGINIA] = 5e-5;
    assert_true(gw_routing_problem_init(&routing, &v.store.public, 0.5, &v.arena));
    const struct gw_problem *p = gw_routing_problem_now(&routing, GW_ROUTING_PROBLEM_LINEAR);
    const double x[] = {0, 1, 1, 0};
    double f[OBJECTIVES];
    /* utilisations 0.4 and 0.6 of 0.5: the second exceeds its room by a fifth */
    assert_near(gw_linear_over(&routing.linear, x), 0.2, 1e-12, 0);
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        routing.linear.penalty[k] = 0;
    }
    p->eval(p->context, x, f);
    const double oregon_kwh = 11 + 1.1 * 14.4, virginia_kwh = 24 + 1.2 * 21.6;
    assert_near(f[GW_OBJ_CARBON_KG], 0.1 * oregon_kwh + 0.4 * virginia_kwh, 1e-12, 0);
    assert_near(f[GW_OBJ_COST_USD], 0.04 * oregon_kwh + 0.03 * virginia_kwh + 1.08, 1e-12, 0);
    assert_near(f[GW_OBJ_WATER_L], 2 * oregon_kwh + 0.5 * (10 + 14.4) + virginia_kwh + 0.25 * (20 + 21.6),
                1e-12, 0);
    assert_near(f[GW_OBJ_TTFT_MS], 110, 1e-12, 0);
    small_view_fini(&v);
}

/* What a policy plans with few evaluations, `select` set. */
static void plan_of(const struct gw_policy_ops *ops, struct small_view *v, int32_t select,
                    double share[CELLS], struct gw_policy_report *report)
{
    double cfg[40] = {0}; /* doubles, for their alignment */
    assert_true(ops->cfg_size <= sizeof cfg);
    for (const struct gw_policy_param *p = ops->params; p->key != NULL; p++) {
        const int32_t choice = strcmp(p->key, "select") == 0 ? select : (int32_t)p->def;
        const double number = strcmp(p->key, "evaluations") == 0  ? 2000
                              : strcmp(p->key, "population") == 0 ? 20
                                                                  : p->def;
        memcpy((char *)cfg + p->offset,
               p->kind == GW_PARAM_CHOICE ? (const void *)&choice : (const void *)&number,
               p->kind == GW_PARAM_CHOICE ? sizeof choice : sizeof number);
    }
    struct gw_policy_error error = {0};
    void *self = NULL;
    assert_int_equal(ops->create(&self, cfg, &v->store.public, 1, &error), 0);
    struct gw_plan plan = {.bytes = sizeof plan, .share = share};
    for (int epoch = 0; epoch < 2; epoch++) {
        if (ops->plan(self, &v->store.public, &plan, &error) != 0) {
            fail_msg("%s: %s", ops->name, error.why);
        }
        struct gw_error err = {0};
        if (gw_eval_check(&v->store, ops->name, share, &err) != GW_OK) {
            fail_msg("%s", err.why);
        }
    }
    *report = (struct gw_policy_report){.bytes = sizeof *report};
    ops->report(self, report);
    ops->destroy(self);
    ops->destroy(NULL);
}

static const struct gw_policy_ops *const optimisers[] = {
    &gw_policy_slit,          &gw_policy_shield, &gw_policy_moela, &gw_policy_mosaic,
    &gw_policy_nsga2,         &gw_policy_nsga3,  &gw_policy_moead, &gw_policy_sms_emoa,
    &gw_policy_random_search, &gw_policy_anneal, &gw_policy_ga};

/* Light load: oregon is the cleaner site, and the nearer site the faster one. */
static void each_optimiser_finds_the_clean_plan_and_the_fast_plan(void **state)
{
    (void)state;
    enum { TTFT = 1, CARBON = 2 };
    for (size_t i = 0; i < sizeof optimisers / sizeof optimisers[0]; i++) {
        struct small_view v;
        double share[CELLS];
        struct gw_policy_report report;
        small_view_init(&v);
        v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 2;
        v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 2;
        plan_of(optimisers[i], &v, CARBON, share, &report);
        assert_near(share[EAST * 2 + OREGON], 1, 0, 0.02);
        assert_near(share[WEST * 2 + OREGON], 1, 0, 0.02);
        plan_of(optimisers[i], &v, TTFT, share, &report);
        assert_near(share[EAST * 2 + VIRGINIA], 1, 0, 0.02);
        assert_near(share[WEST * 2 + OREGON], 1, 0, 0.02);
        assert_true(report.evaluations > 3500 && report.evaluations <= 4000);
        assert_true(report.hypervolume > 0 && report.hypervolume <= 1);
        small_view_fini(&v);
    }
}

/* The cleanest plan of 14 requests/s fills oregon to 9 of 10 and no further. */
static void each_optimiser_stops_where_a_site_is_full(void **state)
{
    (void)state;
    enum { CARBON = 2 };
    for (size_t i = 0; i < sizeof optimisers / sizeof optimisers[0]; i++) {
        struct small_view v;
        double share[CELLS];
        struct gw_policy_report report;
        small_view_init(&v);
        v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 8;
        plan_of(optimisers[i], &v, CARBON, share, &report);
        const double used = gw_eval_utilisation(&v.store, share, 0, OREGON);
        assert_near(used, 0.9, 0, 0.01);
        assert_true(used < 0.9 + 1e-4);
        small_view_fini(&v);
    }
}

static void a_site_that_closes_is_left_even_when_the_last_front_used_it(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double cfg[40] = {0}, share[CELLS];
    for (const struct gw_policy_param *p = gw_policy_nsga2.params; p->key != NULL; p++) {
        const int32_t choice = (int32_t)p->def;
        memcpy((char *)cfg + p->offset,
               p->kind == GW_PARAM_CHOICE ? (const void *)&choice : (const void *)&p->def,
               p->kind == GW_PARAM_CHOICE ? sizeof choice : sizeof p->def);
    }
    struct gw_policy_error error = {0};
    struct gw_error err;
    void *self = NULL;
    assert_int_equal(gw_policy_nsga2.create(&self, cfg, &v.store.public, 1, &error), 0);
    struct gw_plan plan = {.bytes = sizeof plan, .share = share};
    assert_int_equal(gw_policy_nsga2.plan(self, &v.store.public, &plan, &error), 0);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][EAST * 2 + OREGON] = 0;
    assert_int_equal(gw_policy_nsga2.plan(self, &v.store.public, &plan, &error), 0);
    assert_int_equal(gw_eval_check(&v.store, "nsga2", share, &err), GW_OK);
    assert_near(share[EAST * 2 + VIRGINIA], 1, 1e-12, 0);
    gw_policy_nsga2.destroy(self);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_full_problem_is_the_plan_evaluator_and_prices_moves_like_it),
        cmocka_unit_test(a_site_beyond_its_room_is_no_bargain),
        cmocka_unit_test(the_linear_problem_is_what_a_pencil_says),
        cmocka_unit_test(each_optimiser_finds_the_clean_plan_and_the_fast_plan),
        cmocka_unit_test(each_optimiser_stops_where_a_site_is_full),
        cmocka_unit_test(a_site_that_closes_is_left_even_when_the_last_front_used_it),
    };
    return cmocka_run_group_tests_name("routing_problem", tests, NULL, NULL);
}
