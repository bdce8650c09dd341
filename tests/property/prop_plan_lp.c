/* The linear program of a plan against the evaluator, in random worlds: its bound lies below every plan that
 * overloads nobody, its own plan keeps the contract, and no random plan beats what it promises to minimise.
 */
#include "tests/support/random_view.h"

#include "models/policies/search/plan_lp.h"

enum { WORLDS = 50, PLANS = 2000, SITES = 6, DEMANDS = 5, CELLS = SITES * DEMANDS };

static void try_bounds(uint64_t seed, bool with_supply)
{
    struct gw_rng rng;
    gw_rng_init(&rng, seed);
    uint32_t tried = 0;
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        random_view_init(&v, &rng, SITES, DEMANDS, 1 + world % 2, random_between(&rng, 0.2, 0.6));
        for (uint32_t s = 0; s < world % 4; s++) { /* sites that are paid for buying */
            v.store.value[GW_VIEW_SITE_PRICE][s] *= -1.0;
        }
        if (with_supply) {
            random_view_supply(&v, &rng);
        }
        struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
        assert_non_null(lp);
        double bound[GW_OBJECTIVES];
        for (int k = 0; k < GW_OBJECTIVES; k++) {
            bound[k] = gw_plan_lp_bound(lp, (enum gw_objective)k);
        }
        for (uint32_t i = 0; i < PLANS; i++) {
            double share[CELLS], objective[GW_OBJECTIVES];
            random_plan(&v, &rng, share);
            if (!random_plan_fits(&v, share)) {
                continue;
            }
            gw_eval_plan(&v.store, share, objective);
            tried++;
            for (int k = 0; k < GW_OBJECTIVES; k++) {
                if (!(bound[k] <= objective[k])) {
                    fail_msg("world %u, objective %d: bound %.17g above %.17g", world, k, bound[k],
                             objective[k]);
                }
            }
        }
        gw_plan_lp_destroy(lp);
        random_view_fini(&v);
    }
    assert_true(tried > WORLDS * PLANS / 4);
}

static void the_bound_never_exceeds_the_evaluator(void **state)
{
    (void)state;
    try_bounds(1, false);
}

static void nor_does_it_with_batteries_import_limits_and_charges_on_peaks(void **state)
{
    (void)state;
    try_bounds(6, true);
}

/* One site buys, the curves are straight, nothing else changes: the bound is the purchase's lower hull, and
 * so its value where it has no bend upwards. */
static void the_bound_of_a_fixed_plan_s_purchase_is_its_value_where_the_purchase_is_convex(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 7);
    for (uint32_t world = 0; world < 200; world++) {
        struct random_view v;
        random_view_init(&v, &rng, 1, 1, 1, 0.4);
        double **value = v.store.value;
        for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
            value[GW_VIEW_SERVING_POWER][u] = 40.0 * u / (GW_VIEW_LOADS - 1);
        }
        value[GW_VIEW_SITE_ONSITE][0] = random_between(&rng, 0, 100);
        value[GW_VIEW_BATTERY_GIVE][0] = value[GW_VIEW_BATTERY_TAKE][0] = random_between(&rng, 0, 30);
        value[GW_VIEW_BATTERY_LOW][0] = world % 2 == 0 ? 0.0 : INFINITY; /* keeps its own, or buys */
        value[GW_VIEW_BATTERY_HIGH][0] = value[GW_VIEW_BATTERY_LOW][0];
        value[GW_VIEW_SITE_IMPORT_LIMIT][0] = INFINITY;
        value[GW_VIEW_SITE_PEAK][0] = random_between(&rng, 0, 60);
        value[GW_VIEW_SITE_PEAK_PRICE][0] = 2.0;
        const double share[] = {1};
        double objective[GW_OBJECTIVES];
        if (random_plan_fits(&v, share)) {
            struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
            gw_eval_plan(&v.store, share, objective);
            assert_near(gw_plan_lp_bound(lp, GW_OBJ_CARBON_KG), objective[GW_OBJ_CARBON_KG], 1e-5, 1e-5);
            assert_near(gw_plan_lp_bound(lp, GW_OBJ_COST_USD), objective[GW_OBJ_COST_USD], 1e-5, 1e-5);
            gw_plan_lp_destroy(lp);
        }
        random_view_fini(&v);
    }
}

static double all_rates(const struct random_view *v)
{
    double rate = 0.0;
    for (uint32_t d = 0; d < DEMANDS; d++) {
        rate += v->store.value[GW_VIEW_DEMAND_RATE][d];
    }
    return rate;
}

/* What bounds.c adds up: sums over the epochs of a day, the time to first token by requests. */
static void the_bound_of_a_day_never_exceeds_the_evaluator_s_sum(void **state)
{
    (void)state;
    enum { EPOCHS = 6 };
    struct gw_rng rng;
    gw_rng_init(&rng, 5);
    uint32_t tried = 0;
    for (uint32_t day = 0; day < WORLDS; day++) {
        struct random_view v[EPOCHS];
        double bound[GW_OBJECTIVES] = {0};
        for (uint32_t e = 0; e < EPOCHS; e++) {
            random_view_init(&v[e], &rng, SITES, DEMANDS, 1 + day % 2, random_between(&rng, 0.1, 0.4));
            struct gw_plan_lp *lp = gw_plan_lp_create(&v[e].store.public);
            const double n = all_rates(&v[e]);
            for (int k = 0; k < GW_OBJECTIVES; k++) {
                bound[k] += gw_plan_lp_bound(lp, (enum gw_objective)k) * (k == GW_OBJ_TTFT_MS ? n : 1.0);
            }
            gw_plan_lp_destroy(lp);
        }
        for (uint32_t i = 0; i < PLANS; i++) {
            double share[CELLS], objective[GW_OBJECTIVES], sum[GW_OBJECTIVES] = {0};
            bool fits = true;
            for (uint32_t e = 0; e < EPOCHS; e++) {
                uint32_t draws = 0;
                do {
                    random_plan(&v[e], &rng, share);
                } while (!random_plan_fits(&v[e], share) && ++draws < 20);
                fits = fits && draws < 20;
                gw_eval_plan(&v[e].store, share, objective);
                for (int k = 0; k < GW_OBJECTIVES; k++) {
                    sum[k] += objective[k] * (k == GW_OBJ_TTFT_MS ? all_rates(&v[e]) : 1.0);
                }
            }
            tried += fits;
            for (int k = 0; fits && k < GW_OBJECTIVES; k++) {
                if (bound[k] > sum[k]) {
                    fail_msg("day %u, objective %d: bound %.17g above %.17g", day, k, bound[k], sum[k]);
                }
            }
        }
        for (uint32_t e = 0; e < EPOCHS; e++) {
            random_view_fini(&v[e]);
        }
    }
    assert_true(tried > WORLDS * PLANS / 2);
}

/* Curves that bend another way, panels that give more than is needed: the old program has other columns than
 * a new one, and is started from another basis. */
static void a_program_that_has_seen_other_epochs_gives_the_bound_of_a_new_one(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 4);
    struct random_view v, next;
    random_view_init(&v, &rng, SITES, DEMANDS, 2, 0.4);
    struct gw_plan_lp *old = gw_plan_lp_create(&v.store.public);
    for (uint32_t epoch = 0; epoch < WORLDS; epoch++) {
        random_view_init(&next, &rng, SITES, DEMANDS, 2, 0.4);
        for (int id = 0; id < GW_VIEW_COUNT; id++) {
            const struct gw_table *t = &v.store.table[id];
            size_t n = 1;
            for (uint32_t i = 0; i < t->rank; i++) {
                n *= t->dim[i];
            }
            memcpy(v.store.value[id], next.store.value[id], n * sizeof(double));
        }
        struct gw_plan_lp *new = gw_plan_lp_create(&v.store.public);
        for (int k = 0; k < GW_OBJECTIVES; k++) {
            const double expected = gw_plan_lp_bound(new, (enum gw_objective)k),
                         bound = gw_plan_lp_bound(old, (enum gw_objective)k);
            if (isnan(expected)) {
                assert_true(isnan(bound));
            } else {
                assert_near(bound, expected, 1e-6, 1e-9);
            }
        }
        gw_plan_lp_destroy(new);
        random_view_fini(&next);
    }
    gw_plan_lp_destroy(old);
    random_view_fini(&v);
}

static void its_plans_keep_the_contract_and_the_limit(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 2);
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        /* up to twice what all sites can do: the soft limit gives way, the plan is one all the same */
        random_view_init(&v, &rng, SITES, DEMANDS, 1 + world % 2, random_between(&rng, 0.1, 2.0));
        struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
        for (int k = 0; k < GW_OBJECTIVES; k++) {
            double weight[GW_OBJECTIVES] = {0}, share[CELLS];
            struct gw_error err = {0};
            weight[k] = 1.0;
            gw_plan_lp_read(lp, 0.9, true);
            assert_int_equal(gw_plan_lp_solve(lp, weight), GW_LP_OPTIMAL);
            gw_plan_lp_share(lp, share);
            if (gw_eval_check(&v.store, "lp", share, &err) != GW_OK) {
                fail_msg("world %u: %s", world, err.why);
            }
        }
        gw_plan_lp_destroy(lp);
        random_view_fini(&v);
    }
}

/* Carbon where the curve of power is a straight line: the relaxation is then no relaxation. */
static void where_the_world_is_linear_its_promise_is_the_evaluator_s_value(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 3);
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        random_view_init(&v, &rng, SITES, DEMANDS, 1, 0.4);
        for (uint32_t s = 0; s < SITES; s++) {
            double *power = v.store.value[GW_VIEW_SERVING_POWER] + (size_t)s * GW_VIEW_LOADS;
            for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
                power[u] = power[GW_VIEW_LOADS - 1] * u / (GW_VIEW_LOADS - 1);
            }
        }
        struct gw_plan_lp *lp = gw_plan_lp_create(&v.store.public);
        const double bound = gw_plan_lp_bound(lp, GW_OBJ_CARBON_KG);
        double weight[GW_OBJECTIVES] = {[GW_OBJ_CARBON_KG] = 1.0}, share[CELLS], objective[GW_OBJECTIVES];
        gw_plan_lp_read(lp, 1.0, true);
        assert_int_equal(gw_plan_lp_solve(lp, weight), GW_LP_OPTIMAL);
        gw_plan_lp_share(lp, share);
        gw_eval_plan(&v.store, share, objective);
        if (!isnan(bound)) { /* ties are broken by a millionth */
            assert_near(objective[GW_OBJ_CARBON_KG], bound, 2e-5, 0.0);
        }
        gw_plan_lp_destroy(lp);
        random_view_fini(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_never_exceeds_the_evaluator),
        cmocka_unit_test(nor_does_it_with_batteries_import_limits_and_charges_on_peaks),
        cmocka_unit_test(the_bound_of_a_fixed_plan_s_purchase_is_its_value_where_the_purchase_is_convex),
        cmocka_unit_test(the_bound_of_a_day_never_exceeds_the_evaluator_s_sum),
        cmocka_unit_test(a_program_that_has_seen_other_epochs_gives_the_bound_of_a_new_one),
        cmocka_unit_test(its_plans_keep_the_contract_and_the_limit),
        cmocka_unit_test(where_the_world_is_linear_its_promise_is_the_evaluator_s_value),
    };
    return cmocka_run_group_tests_name("plan_lp", tests, NULL, NULL);
}
