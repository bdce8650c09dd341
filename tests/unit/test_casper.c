/* casper on the view of small_view.h, by hand. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

/* All may go to Oregon: it takes 9 of 10 requests/s; a tenth is equally dirty for both, and east's way to
 * Virginia is the shorter one. Within 30 ms everybody stays at home. */
static void the_cleanest_site_within_the_limit_of_latency_is_filled(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_casper, &v.store, NULL, share);
    assert_shares(share, 5.0 / 6, 1.0 / 6, 1, 0);
    const struct policy_setting near[] = {{"latency", 30}, {NULL, 0}};
    policy_run_once(&gw_policy_casper, &v.store, near, share);
    assert_shares(share, 0, 1, 1, 0);
    small_view_fini(&v);
}

static void who_is_far_from_everywhere_goes_to_the_nearest(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    const struct policy_setting none[] = {{"latency", 5}, {NULL, 0}};
    policy_run_once(&gw_policy_casper, &v.store, none, share);
    assert_shares(share, 0, 1, 1, 0);
    small_view_fini(&v);
}

/* A request of west's costs Oregon twice the load, so that what has to leave it is west's: 6 of east and 1.5
 * of west's 4 fill it to 9. That saves more carbon than keeping west's and sending east's away. */
static void scarce_room_goes_to_those_who_save_most_with_it(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_SERVING_CAPACITY][WEST * 2 + OREGON] = 5.0;
    policy_run_once(&gw_policy_casper, &v.store, NULL, share);
    assert_shares(share, 1, 0, 1.5 / 4, 2.5 / 4);
    small_view_fini(&v);
}

static void more_than_all_can_serve_is_planned_all_the_same(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 60.0;
    policy_run_once(&gw_policy_casper, &v.store, NULL, share);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cleanest_site_within_the_limit_of_latency_is_filled),
        cmocka_unit_test(who_is_far_from_everywhere_goes_to_the_nearest),
        cmocka_unit_test(scarce_room_goes_to_those_who_save_most_with_it),
        cmocka_unit_test(more_than_all_can_serve_is_planned_all_the_same),
    };
    return cmocka_run_group_tests_name("casper", tests, NULL, NULL);
}
