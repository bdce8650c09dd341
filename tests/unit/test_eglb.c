/* eglb on the view of small_view.h, by hand. Kilograms an hour: a request per second brings 3.6 x 1.1 x 0.1 =
 * 0.396 to Oregon and 3.6 x 1.2 x 0.4 = 1.728 to Virginia; at rest 11 x 0.1 = 1.1 and 24 x 0.4 = 9.6. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

static const struct policy_setting only_cost[] = {{"carbon", 0}, {"water", 0}, {NULL, 0}};
static const struct policy_setting only_carbon[] = {{"cost", 0}, {"water", 0}, {NULL, 0}};

static void no_rest(struct small_view *v)
{
    for (uint32_t s = 0; s < 2; s++) {
        v->store.value[GW_VIEW_SITE_FIXED_FACILITY][s] = v->store.value[GW_VIEW_SITE_FIXED_IT][s] = 0.0;
    }
}

/* Virginia is cheaper, 36 uUSD to 44, and takes 9. */
static void without_footprints_the_cheapest_site_is_filled(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_eglb, &v.store, only_cost, share);
    assert_shares(share, 0, 1, 0.25, 0.75);
    small_view_fini(&v);
}

/* At rest Virginia emits more than Oregon ever will: as little as possible goes there, 1 of 10. */
static void a_region_that_is_worst_at_rest_is_spared(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_eglb, &v.store, only_carbon, share);
    assert_shares(share, 5.0 / 6, 1.0 / 6, 1, 0);
    small_view_fini(&v);
}

/* Nothing at rest: y to Virginia such that 0.396 (10 - y) = 1.728 y. */
static void the_larger_footprint_is_made_as_small_as_the_other(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    const double y = 3.96 / 2.124;
    no_rest(&v);
    policy_run_once(&gw_policy_eglb, &v.store, only_carbon, share);
    assert_shares(share, 1 - y / 6, y / 6, 1, 0);
    small_view_fini(&v);
}

/* An hour in which only Virginia may serve leaves 5 x 1.728 = 8.64 kg there. In the next, all of it fits
 * below that at Oregon, 5 x 0.396; forgotten, 1.98 / 2.124 = 0.93 would go to Virginia. */
static void what_a_region_bore_before_counts(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4], *allowed = v.store.value[GW_VIEW_DEMAND_ALLOWED];
    no_rest(&v);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 3.0;
    v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 2.0;
    struct policy_run run;
    policy_run_open(&run, &gw_policy_eglb, &v.store, only_carbon);
    allowed[EAST * 2 + OREGON] = allowed[WEST * 2 + OREGON] = 0.0;
    policy_run_plan(&run, share);
    assert_shares(share, 0, 1, 0, 1);
    allowed[EAST * 2 + OREGON] = allowed[WEST * 2 + OREGON] = 1.0;
    policy_run_plan(&run, share);
    assert_shares(share, 1, 0, 1, 0);
    policy_run_close(&run);

    const double y = 1.98 / 2.124;
    policy_run_once(&gw_policy_eglb, &v.store, only_carbon, share);
    assert_shares(share, 1 - y / 3, y / 3, 1, 0);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_footprints_the_cheapest_site_is_filled),
        cmocka_unit_test(a_region_that_is_worst_at_rest_is_spared),
        cmocka_unit_test(the_larger_footprint_is_made_as_small_as_the_other),
        cmocka_unit_test(what_a_region_bore_before_counts),
    };
    return cmocka_run_group_tests_name("eglb", tests, NULL, NULL);
}
