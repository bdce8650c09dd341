/* carbonmin on the view of small_view.h: the grid alone decides. */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

/* With machines that draw ten times as much at Oregon, a request emits more there than at Virginia, 10 x 110
 * to 480: greedy-carbon knows, carbonmin does not. */
static void it_looks_at_the_grid_and_not_at_the_machine(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
        v.store.value[GW_VIEW_SERVING_POWER][u] *= 10.0;
    }
    policy_run_once(&gw_policy_carbonmin, &v.store, NULL, share);
    assert_shares(share, 1, 0, 0.5, 0.5);
    policy_run_once(&gw_policy_greedy_carbon, &v.store, NULL, share);
    assert_shares(share, 0, 1, 0.5, 0.5);
    small_view_fini(&v);
}

static void it_knows_no_limit_of_latency(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_SLO_TTFT][EAST] = 120.0;
    const struct policy_setting full[] = {{"fill", 1}, {NULL, 0}};
    policy_run_once(&gw_policy_carbonmin, &v.store, full, share);
    assert_shares(share, 1, 0, 1, 0);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_at_the_grid_and_not_at_the_machine),
        cmocka_unit_test(it_knows_no_limit_of_latency),
    };
    return cmocka_run_group_tests_name("carbonmin", tests, NULL, NULL);
}
