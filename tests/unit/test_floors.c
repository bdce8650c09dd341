/* The floors on the view of small_view.h: uniform, most-available, least-loaded, random. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

static void uniform_deals_by_capacity(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    double *capacity = v.store.value[GW_VIEW_SERVING_CAPACITY];
    capacity[EAST * 2 + VIRGINIA] = capacity[WEST * 2 + VIRGINIA] = 30.0;
    policy_run_once(&gw_policy_uniform, &v.store, NULL, share);
    assert_shares(share, 0.25, 0.75, 0.25, 0.75);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][WEST * 2 + OREGON] = 0.0;
    policy_run_once(&gw_policy_uniform, &v.store, NULL, share);
    assert_shares(share, 0.25, 0.75, 0, 1);
    small_view_fini(&v);
}

/* Of 10 and 16 requests/s, east's 6 leave 10 and 10; west's 4 are halved. With 30 of east, the sites are
 * overloaded by 2 each: 12 and 18. */
static void most_available_leaves_the_same_room_everywhere(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    double *capacity = v.store.value[GW_VIEW_SERVING_CAPACITY];
    capacity[EAST * 2 + VIRGINIA] = capacity[WEST * 2 + VIRGINIA] = 16.0;
    policy_run_once(&gw_policy_most_available, &v.store, NULL, share);
    assert_shares(share, 0, 1, 0.5, 0.5);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 30.0;
    policy_run_once(&gw_policy_most_available, &v.store, NULL, share);
    assert_shares(share, 0.4, 0.6, 0.5, 0.5);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 0.0;
    policy_run_once(&gw_policy_most_available, &v.store, NULL, share); /* nobody asks */
    assert_shares(share, 0, 1, 0, 1);
    small_view_fini(&v);
}

static uint32_t routed(struct policy_run *run, uint32_t demand, uint64_t number)
{
    const struct gw_req request = {.bytes = sizeof request, .demand = demand, .number = number};
    return run->ops->route(run->self, &run->view->public, &request);
}

static void least_loaded_counts_requests_in_flight_for_the_capacity(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct policy_run run;
    policy_run_open(&run, &gw_policy_least_loaded, &v.store, NULL);
    double *in_flight = v.store.value[GW_VIEW_STATE_IN_FLIGHT];
    assert_int_equal(routed(&run, EAST, 0), VIRGINIA); /* a tie goes to the nearer */
    assert_int_equal(routed(&run, WEST, 0), OREGON);
    in_flight[OREGON] = 6.0;
    in_flight[VIRGINIA] = 4.0;
    assert_int_equal(routed(&run, WEST, 1), VIRGINIA);
    v.store.value[GW_VIEW_SERVING_CAPACITY][WEST * 2 + OREGON] = 20.0; /* 6 of 20, 4 of 10 */
    assert_int_equal(routed(&run, WEST, 2), OREGON);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][WEST * 2 + OREGON] = 0.0;
    assert_int_equal(routed(&run, WEST, 3), VIRGINIA);
    double share[4]; /* where flows are sent */
    policy_run_plan(&run, share);
    assert_shares(share, 0.5, 0.5, 0, 1);
    policy_run_close(&run);
    small_view_fini(&v);
}

/* Of 4000 requests 2000 +- 5 x 31.6 go to each site, whoever asked before. */
static void random_sends_to_all_alike_by_number(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct policy_run run;
    policy_run_open(&run, &gw_policy_random_site, &v.store, NULL);
    uint32_t to_virginia = 0, differ = 0;
    for (uint64_t i = 0; i < 4000; i++) {
        to_virginia += routed(&run, EAST, i);
        differ += routed(&run, EAST, i) != routed(&run, WEST, i);
        assert_int_equal(routed(&run, EAST, i), routed(&run, EAST, i));
    }
    assert_in_range(to_virginia, 1842, 2158);
    assert_in_range(differ, 1842, 2158);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][EAST * 2 + OREGON] = 0.0;
    for (uint64_t i = 0; i < 100; i++) {
        assert_int_equal(routed(&run, EAST, i), VIRGINIA);
    }
    policy_run_close(&run);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform_deals_by_capacity),
        cmocka_unit_test(most_available_leaves_the_same_room_everywhere),
        cmocka_unit_test(least_loaded_counts_requests_in_flight_for_the_capacity),
        cmocka_unit_test(random_sends_to_all_alike_by_number),
    };
    return cmocka_run_group_tests_name("floors", tests, NULL, NULL);
}
