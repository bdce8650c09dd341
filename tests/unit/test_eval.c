/* The plan evaluator against numbers anyone can redo from small_view.h, its shape, and the plan's contract.
 */
#include "tests/support/near.h"

#include <string.h>

#include "sim/core/rng.h"
#include "tests/support/small_view.h"

static void a_plan_is_worth_what_a_pencil_says(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    /* east to virginia, west to oregon: loads 0.4 and 0.6 */
    const double share[] = {0, 1, 1, 0};
    double objective[GW_OBJECTIVES];
    gw_eval_plan(&v.store, share, objective);

    const double oregon_kw = 5.0 + 0.3 / 0.9 * 5.0, virginia_kw = 5.0 + 0.5 / 0.9 * 5.0;
    const double oregon_kwh = 11.0 + 1.1 * oregon_kw, virginia_kwh = 24.0 + 1.2 * virginia_kw;
    assert_near(gw_eval_utilisation(&v.store, share, 0, OREGON), 0.4, 1e-15, 0.0);
    assert_near(gw_eval_routed_kw(&v.store, share, VIRGINIA), virginia_kw, 1e-12, 0.0);
    assert_near(objective[GW_OBJ_ENERGY_KWH], oregon_kwh + virginia_kwh, 1e-12, 0.0);
    assert_near(objective[GW_OBJ_CARBON_KG], 0.1 * oregon_kwh + 0.4 * virginia_kwh, 1e-12, 0.0);
    assert_near(objective[GW_OBJ_COST_USD], 0.04 * oregon_kwh + 0.03 * virginia_kwh, 1e-12, 0.0);
    assert_near(objective[GW_OBJ_WATER_L],
                2.0 * oregon_kwh + 0.5 * (10.0 + oregon_kw) + virginia_kwh + 0.25 * (20.0 + virginia_kw),
                1e-12, 0.0);
    /* wait: 100 ms u^4 / (1 - u) */
    const double oregon_ms = 10.0 + 100.0 * (1.0 + 0.0256 / 0.6),
                 virginia_ms = 10.0 + 100.0 * (1.0 + 0.1296 / 0.4);
    assert_near(objective[GW_OBJ_TTFT_MS], 0.4 * oregon_ms + 0.6 * virginia_ms, 1e-12, 0.0);
    small_view_fini(&v);
}

/* East to virginia draws 24 + 1.2 x 7.78 = 33.3 kW there: 40 kW of its own panels leave nothing to buy, 30
 * leave 3.3; water on site is that of the work all the same. */
static void own_plants_are_used_before_anything_is_bought(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    const double share[] = {0, 1, 1, 0};
    double plain[GW_OBJECTIVES], full[GW_OBJECTIVES], part[GW_OBJECTIVES];
    gw_eval_plan(&v.store, share, plain);
    const double virginia_kwh = 24.0 + 1.2 * (5.0 + 0.5 / 0.9 * 5.0);
    v.store.value[GW_VIEW_SITE_ONSITE][VIRGINIA] = 40;
    gw_eval_plan(&v.store, share, full);
    v.store.value[GW_VIEW_SITE_ONSITE][VIRGINIA] = 30;
    gw_eval_plan(&v.store, share, part);
    assert_near(plain[GW_OBJ_ENERGY_KWH] - full[GW_OBJ_ENERGY_KWH], virginia_kwh, 1e-12, 0.0);
    assert_near(plain[GW_OBJ_CARBON_KG] - full[GW_OBJ_CARBON_KG], 0.4 * virginia_kwh, 1e-12, 0.0);
    assert_near(plain[GW_OBJ_ENERGY_KWH] - part[GW_OBJ_ENERGY_KWH], 30.0, 1e-12, 0.0);
    assert_near(plain[GW_OBJ_WATER_L] - full[GW_OBJ_WATER_L], virginia_kwh, 1e-12, 0.0);
    assert_near(plain[GW_OBJ_TTFT_MS], full[GW_OBJ_TTFT_MS], 0.0, 0.0);
    small_view_fini(&v);
}

/* The same plan: virginia needs 33.3 kW. A battery that gives 5 kW at most leaves 28.3 to buy; one that gives
 * 40 leaves nothing; one that keeps the purchase at 31 gives 2.3; one that charges takes 6 more, or 1.7 up to
 * an import limit of 35; at a limit of 30 it gives 3.3 although its rule is to wait. */
static void a_battery_buys_or_serves_as_it_is_ordered(void **state)
{
    (void)state;
    static const struct {
        double take, give, low, high, limit, bought;
    } cases[] = {
        {0, 5, 0, 0, INFINITY, -5},
        {0, 40, 0, 0, INFINITY, -INFINITY},
        {9, 9, 31, 31, INFINITY, 31},
        {6, 9, INFINITY, INFINITY, INFINITY, 6},
        {6, 9, INFINITY, INFINITY, 35, 35},
        {6, 9, -INFINITY, INFINITY, 30, 30},
        {6, 1, -INFINITY, INFINITY, 30, -1}, /* 2.3 kW are missing, and count as bought */
        {6, 9, -INFINITY, INFINITY, INFINITY, 0},
    };
    struct small_view v;
    small_view_init(&v);
    const double share[] = {0, 1, 1, 0}, need = 24.0 + 1.2 * (5.0 + 0.5 / 0.9 * 5.0);
    double plain[GW_OBJECTIVES], objective[GW_OBJECTIVES];
    gw_eval_plan(&v.store, share, plain);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        v.store.value[GW_VIEW_BATTERY_TAKE][VIRGINIA] = cases[i].take;
        v.store.value[GW_VIEW_BATTERY_GIVE][VIRGINIA] = cases[i].give;
        v.store.value[GW_VIEW_BATTERY_LOW][VIRGINIA] = cases[i].low;
        v.store.value[GW_VIEW_BATTERY_HIGH][VIRGINIA] = cases[i].high;
        v.store.value[GW_VIEW_SITE_IMPORT_LIMIT][VIRGINIA] = cases[i].limit;
        gw_eval_plan(&v.store, share, objective);
        const double kw = cases[i].bought > 10 ? cases[i].bought : fmax(need + cases[i].bought, 0);
        assert_near(objective[GW_OBJ_ENERGY_KWH] - plain[GW_OBJ_ENERGY_KWH], kw - need, 1e-12, 1e-12);
        assert_near(objective[GW_OBJ_CARBON_KG] - plain[GW_OBJ_CARBON_KG], 0.4 * (kw - need), 1e-12, 1e-12);
    }
    small_view_fini(&v);
}

/* 10 kW of surplus, a battery that takes 4 or 15: stored, not bought; one ordered to fill buys the rest. */
static void surplus_goes_into_the_battery_first(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    const double share[] = {1, 0, 1, 0}; /* virginia needs 24 kW */
    double without[GW_OBJECTIVES], with[GW_OBJECTIVES];
    v.store.value[GW_VIEW_SITE_ONSITE][VIRGINIA] = 34;
    gw_eval_plan(&v.store, share, without);
    v.store.value[GW_VIEW_SITE_IMPORT_LIMIT][VIRGINIA] = INFINITY;
    v.store.value[GW_VIEW_BATTERY_TAKE][VIRGINIA] = 15;
    gw_eval_plan(&v.store, share, with);
    assert_near(with[GW_OBJ_ENERGY_KWH], without[GW_OBJ_ENERGY_KWH], 1e-12, 0.0);
    v.store.value[GW_VIEW_BATTERY_LOW][VIRGINIA] = v.store.value[GW_VIEW_BATTERY_HIGH][VIRGINIA] = INFINITY;
    gw_eval_plan(&v.store, share, with);
    assert_near(with[GW_OBJ_ENERGY_KWH] - without[GW_OBJ_ENERGY_KWH], 5, 1e-12, 0.0);
    v.store.value[GW_VIEW_BATTERY_TAKE][VIRGINIA] = 4;
    gw_eval_plan(&v.store, share, with);
    assert_near(with[GW_OBJ_ENERGY_KWH], without[GW_OBJ_ENERGY_KWH], 1e-12, 0.0);
    small_view_fini(&v);
}

/* Virginia buys 33.3 kW: 30 kW are billed already at 2 USD/kW, 20 by a row of 0.5, 40 by one of 9. */
static void a_new_peak_is_paid_for_by_every_row_it_passes(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    const double share[] = {0, 1, 1, 0}, need = 24.0 + 1.2 * (5.0 + 0.5 / 0.9 * 5.0);
    double plain[GW_OBJECTIVES], charged[GW_OBJECTIVES];
    gw_eval_plan(&v.store, share, plain);
    memcpy(v.store.value[GW_VIEW_SITE_PEAK] + VIRGINIA * GW_VIEW_PEAKS, (double[]){30, 20, 40},
           3 * sizeof(double));
    memcpy(v.store.value[GW_VIEW_SITE_PEAK_PRICE] + VIRGINIA * GW_VIEW_PEAKS, (double[]){2, 0.5, 9},
           3 * sizeof(double));
    gw_eval_plan(&v.store, share, charged);
    assert_near(charged[GW_OBJ_COST_USD] - plain[GW_OBJ_COST_USD], 2 * (need - 30) + 0.5 * (need - 20), 1e-12,
                0.0);
    assert_near(charged[GW_OBJ_CARBON_KG], plain[GW_OBJ_CARBON_KG], 0.0, 0.0);
    small_view_fini(&v);
}

/* An optimiser must be led back from overload: finite and growing beyond saturation, without a jump at the
 * knee. */
static void overload_is_finite_and_grows(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    const double share[] = {1, 0, 1, 0};
    double before = 0.0;
    for (int i = 0; i <= 400; i++) {
        v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 5.0 + i * 0.05;
        double objective[GW_OBJECTIVES];
        gw_eval_plan(&v.store, share, objective);
        for (size_t k = 0; k < GW_OBJECTIVES; k++) {
            assert_true(isfinite(objective[k]));
        }
        assert_true(i == 0 ||
                    (objective[GW_OBJ_TTFT_MS] > before && objective[GW_OBJ_TTFT_MS] < before + 400.0));
        before = objective[GW_OBJ_TTFT_MS];
    }
    small_view_fini(&v);
}

/* A dirtier, dearer, drier grid never makes any plan better. */
static void worse_grids_never_help(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct gw_rng rng;
    gw_rng_init(&rng, 20261121);
    for (int trial = 0; trial < 2000; trial++) {
        const double a = gw_rng_unit(gw_rng_next(&rng)), b = gw_rng_unit(gw_rng_next(&rng));
        const double share[] = {a, 1.0 - a, b, 1.0 - b};
        double good[GW_OBJECTIVES], bad[GW_OBJECTIVES];
        gw_eval_plan(&v.store, share, good);
        v.store.value[GW_VIEW_SITE_CARBON][VIRGINIA] += 100.0;
        v.store.value[GW_VIEW_SITE_PRICE][OREGON] += 0.01;
        v.store.value[GW_VIEW_SITE_WATER][OREGON] += 1.0;
        gw_eval_plan(&v.store, share, bad);
        v.store.value[GW_VIEW_SITE_CARBON][VIRGINIA] -= 100.0;
        v.store.value[GW_VIEW_SITE_PRICE][OREGON] -= 0.01;
        v.store.value[GW_VIEW_SITE_WATER][OREGON] -= 1.0;
        assert_true(bad[GW_OBJ_CARBON_KG] > good[GW_OBJ_CARBON_KG]);
        assert_true(bad[GW_OBJ_COST_USD] > good[GW_OBJ_COST_USD]);
        assert_true(bad[GW_OBJ_WATER_L] > good[GW_OBJ_WATER_L]);
        assert_near(bad[GW_OBJ_TTFT_MS], good[GW_OBJ_TTFT_MS], 0.0, 0.0);
    }
    small_view_fini(&v);
}

/* Every way to break the contract is named with row, site and value. */
static void broken_plans_are_named(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][WEST * 2 + VIRGINIA] = 0.0;
    static const struct {
        double share[4];
        const char *why;
    } cases[] = {
        {{1, 0, 1, 0}, NULL},
        {{1, -0.5, 1, 0}, "demand \"east\" a share of -0.5 at site \"virginia\""},
        {{0.5, 0.4, 1, 0}, "shares of demand \"east\" sum to 0.9, not to 1"},
        {{1, 0, 0.5, 0.5}, "sends 0.5 of demand \"west\" to site \"virginia\""},
        {{1, 0, 1.0 + 1e-10, 0}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_error err = {0};
        const enum gw_status s = gw_eval_check(&v.store, "mine", cases[i].share, &err);
        assert_int_equal(s, cases[i].why != NULL ? GW_ERR_POLICY : GW_OK);
        if (cases[i].why != NULL) {
            assert_string_equal(err.where, "mine");
            assert_non_null(strstr(err.why, cases[i].why));
        }
    }
    const double nan_share[] = {NAN, 1, 1, 0};
    assert_int_equal(gw_eval_check(&v.store, "mine", nan_share, NULL), GW_ERR_POLICY);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_worth_what_a_pencil_says),
        cmocka_unit_test(own_plants_are_used_before_anything_is_bought),
        cmocka_unit_test(a_battery_buys_or_serves_as_it_is_ordered),
        cmocka_unit_test(surplus_goes_into_the_battery_first),
        cmocka_unit_test(a_new_peak_is_paid_for_by_every_row_it_passes),
        cmocka_unit_test(overload_is_finite_and_grows),
        cmocka_unit_test(worse_grids_never_help),
        cmocka_unit_test(broken_plans_are_named),
    };
    return cmocka_run_group_tests_name("eval", tests, NULL, NULL);
}
