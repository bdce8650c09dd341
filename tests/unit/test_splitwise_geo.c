/* splitwise-geo on the view of small_view.h: the nearest site, up to 9 of its 10 requests/s. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

static void who_finds_no_room_nearby_goes_further(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_splitwise_geo, &v.store, NULL, share);
    assert_shares(share, 0, 1, 1, 0);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 12.0; /* 9 at home, 3 at Oregon, which has room for west */
    policy_run_once(&gw_policy_splitwise_geo, &v.store, NULL, share);
    assert_shares(share, 0.25, 0.75, 1, 0);
    small_view_fini(&v);
}

/* 30 of east: 9 and 9, and the 12 that find no room half and half. */
static void what_finds_no_room_is_spread(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 30.0;
    policy_run_once(&gw_policy_splitwise_geo, &v.store, NULL, share);
    assert_shares(share, 0.5, 0.5, 0.5, 0.5);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_finds_no_room_nearby_goes_further),
        cmocka_unit_test(what_finds_no_room_is_spread),
    };
    return cmocka_run_group_tests_name("splitwise_geo", tests, NULL, NULL);
}
