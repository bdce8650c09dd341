/* Fronts of plans by linear programs in the small world, where they can be followed by hand. */
#include "tests/support/near.h"
#include "tests/support/random_view.h"

#include "models/policies/search/plan_front.h"

enum { SITES = 4, DEMANDS = 3, CELLS = SITES * DEMANDS };

/* A world with straight curves: the relaxation is the evaluator, but for waiting. */
static void straight_world(struct random_view *v, uint64_t seed)
{
    struct gw_rng rng;
    gw_rng_init(&rng, seed);
    random_view_init(v, &rng, SITES, DEMANDS, 1, 0.3);
    for (uint32_t s = 0; s < SITES; s++) {
        double *power = v->store.value[GW_VIEW_SERVING_POWER] + (size_t)s * GW_VIEW_LOADS;
        for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
            power[u] = power[GW_VIEW_LOADS - 1] * u / (GW_VIEW_LOADS - 1);
        }
    }
}

static void a_front_of_n_weights_has_the_largest_lattice_that_fits_and_keeps_the_contract(void **state)
{
    (void)state;
    struct random_view v;
    straight_world(&v, 1);
    struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
    struct gw_front front = {0};
    gw_plan_lp_read(lp, 0.9, true);
    assert_true(gw_plan_front_weights(lp, &v.store.public, 50, &front));
    assert_int_equal(front.n, 35); /* C(4 + 3, 3); five parts would be 56 */
    for (uint32_t i = 0; i < front.n; i++) {
        struct gw_error err;
        double value[GW_OBJECTIVES];
        assert_int_equal(gw_eval_check(&v.store, "front", gw_front_x(&front, i), &err), GW_OK);
        gw_eval_plan(&v.store, gw_front_x(&front, i), value);
        assert_true(gw_front_f(&front, i)[GW_OBJ_COST_USD] == value[GW_OBJ_COST_USD]);
    }
    gw_front_fini(&front);
    gw_plan_lp_destroy(lp);
    random_view_fini(&v);
}

/* Carbon falls and cost rises from one end to the other, and each plan keeps its cap. */
static void an_epsilon_front_goes_from_the_least_cost_to_the_least_carbon(void **state)
{
    (void)state;
    enum { N = 9 };
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random_view v;
        straight_world(&v, seed);
        struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
        struct gw_front front = {0};
        const double least_carbon = gw_plan_lp_bound(lp, GW_OBJ_CARBON_KG),
                     least_cost = gw_plan_lp_bound(lp, GW_OBJ_COST_USD);
        gw_plan_lp_read(lp, 1.0, false);
        if (!isnan(least_carbon)) {
            assert_true(
                gw_plan_front_epsilon(lp, &v.store.public, GW_OBJ_CARBON_KG, GW_OBJ_COST_USD, N, &front));
            assert_int_equal(front.n, N);
            const double first = gw_front_f(&front, 0)[GW_OBJ_COST_USD];
            const double last = gw_front_f(&front, N - 1)[GW_OBJ_COST_USD];
            assert_near(first, least_cost, 2e-3, 0);
            assert_near(gw_front_f(&front, N - 1)[GW_OBJ_CARBON_KG], least_carbon, 1e-3, 0);
            for (uint32_t i = 1; i < N; i++) {
                const double *f = gw_front_f(&front, i), *before = gw_front_f(&front, i - 1);
                const double cap = fmax(least_cost + (last - least_cost) * i / (N - 1), first);
                assert_true(f[GW_OBJ_COST_USD] <= cap * (1.0 + 1e-4));
                assert_true(f[GW_OBJ_CARBON_KG] <= before[GW_OBJ_CARBON_KG] * (1.0 + 1e-4));
            }
        }
        gw_front_fini(&front);
        gw_plan_lp_destroy(lp);
        random_view_fini(&v);
    }
}

static void a_cap_goes_away_with_infinity(void **state)
{
    (void)state;
    struct random_view v;
    straight_world(&v, 3);
    struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
    const double weight[GW_OBJECTIVES] = {[GW_OBJ_CARBON_KG] = 1.0};
    double free_value[GW_OBJECTIVES], capped[GW_OBJECTIVES], again[GW_OBJECTIVES];
    gw_plan_lp_read(lp, 0.9, true);
    assert_int_equal(gw_plan_lp_solve(lp, weight), GW_LP_OPTIMAL);
    gw_plan_lp_objectives(lp, free_value);
    const double cheapest = gw_plan_lp_bound(lp, GW_OBJ_COST_USD);
    const double cap = 0.5 * (cheapest + free_value[GW_OBJ_COST_USD]);
    gw_plan_lp_read(lp, 0.9, true);
    gw_plan_lp_cap(lp, GW_OBJ_COST_USD, cap);
    assert_int_equal(gw_plan_lp_solve(lp, weight), GW_LP_OPTIMAL);
    gw_plan_lp_objectives(lp, capped);
    assert_true(free_value[GW_OBJ_COST_USD] > cap && capped[GW_OBJ_COST_USD] <= cap * (1.0 + 1e-6));
    assert_true(capped[GW_OBJ_CARBON_KG] >= free_value[GW_OBJ_CARBON_KG] * (1.0 - 1e-4));
    gw_plan_lp_cap(lp, GW_OBJ_COST_USD, INFINITY);
    assert_int_equal(gw_plan_lp_solve(lp, weight), GW_LP_OPTIMAL);
    gw_plan_lp_objectives(lp, again);
    assert_near(again[GW_OBJ_CARBON_KG], free_value[GW_OBJ_CARBON_KG], 1e-6, 0);
    gw_plan_lp_destroy(lp);
    random_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_front_of_n_weights_has_the_largest_lattice_that_fits_and_keeps_the_contract),
        cmocka_unit_test(an_epsilon_front_goes_from_the_least_cost_to_the_least_carbon),
        cmocka_unit_test(a_cap_goes_away_with_infinity),
    };
    return cmocka_run_group_tests_name("plan_front", tests, NULL, NULL);
}
