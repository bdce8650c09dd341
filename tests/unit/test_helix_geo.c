/* helix-geo on the view of small_view.h, by hand. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

/* 10 requests/s on 10 + 30: the flow can grow fourfold when Oregon has 2.5 and Virginia 7.5. Oregon's are
 * west's, who live there. */
static void all_sites_are_full_at_the_same_growth(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4], *capacity = v.store.value[GW_VIEW_SERVING_CAPACITY];
    capacity[EAST * 2 + VIRGINIA] = capacity[WEST * 2 + VIRGINIA] = 30.0;
    policy_run_once(&gw_policy_helix_geo, &v.store, NULL, share);
    assert_shares(share, 0, 1, 2.5 / 4, 1.5 / 4);
    small_view_fini(&v);
}

/* East may only go to Virginia, west only to Oregon: nothing to choose. */
static void a_row_s_sites_bound_the_flow(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4], *allowed = v.store.value[GW_VIEW_DEMAND_ALLOWED];
    allowed[EAST * 2 + OREGON] = allowed[WEST * 2 + VIRGINIA] = 0.0;
    policy_run_once(&gw_policy_helix_geo, &v.store, NULL, share);
    assert_shares(share, 0, 1, 1, 0);
    small_view_fini(&v);
}

static void it_is_blind_to_carbon_water_and_price(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double before[4], after[4];
    policy_run_once(&gw_policy_helix_geo, &v.store, NULL, before);
    v.store.value[GW_VIEW_SITE_CARBON][OREGON] = 900.0;
    v.store.value[GW_VIEW_SITE_PRICE][OREGON] = 0.9;
    v.store.value[GW_VIEW_SITE_WATER][OREGON] = 9.0;
    policy_run_once(&gw_policy_helix_geo, &v.store, NULL, after);
    assert_memory_equal(before, after, sizeof before);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sites_are_full_at_the_same_growth),
        cmocka_unit_test(a_row_s_sites_bound_the_flow),
        cmocka_unit_test(it_is_blind_to_carbon_water_and_price),
    };
    return cmocka_run_group_tests_name("helix_geo", tests, NULL, NULL);
}
