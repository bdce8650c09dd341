/* The greedy policies on the view of small_view.h, 8 of 10 requests/s per site; carbon, overload and own
 * power are in test_policies.c. The first 6 requests/s of a site draw 7.78 kW, the 2 after them 1.11 kW, the
 * first 4 6.67 kW. Per kWh of IT:
 *
 *               carbon    water     cost         energy
 *   oregon      110 g     2.7 L     0.044 USD    1.1
 *   virginia    480 g     1.45 L    0.036 USD    1.2 */
#include "tests/support/policy_run.h"
#include "tests/support/small_view.h"

static void water_cost_and_energy_fill_their_best_site(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_greedy_water, &v.store, NULL, share);
    assert_shares(share, 0, 1, 0.5, 0.5);
    policy_run_once(&gw_policy_greedy_cost, &v.store, NULL, share);
    assert_shares(share, 0, 1, 0.5, 0.5);
    policy_run_once(&gw_policy_greedy_energy, &v.store, NULL, share);
    assert_shares(share, 1, 0, 0.5, 0.5);
    small_view_fini(&v);
}

/* West's two in Virginia's batches cost 0.56 kW x 0.036 / 3600 = 5.6 uUSD each, its four alone in Oregon 1.67
 * x 0.044 / 3600 = 20.4; carrying their answers from Virginia for 20 makes that 25.6. */
static void cost_knows_what_carrying_an_answer_costs(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_NETWORK_TRANSFER][WEST * 2 + VIRGINIA] = 2e-5;
    policy_run_once(&gw_policy_greedy_cost, &v.store, NULL, share);
    assert_shares(share, 0, 1, 1, 0);
    small_view_fini(&v);
}

/* One more request makes all at the site wait: over a step of load from a to b by
 * (b^5/(1-b) - a^5/(1-a)) / 0.05 of 100 ms. From 0.40 to 0.45 that is 33 ms, from 0.45 to 0.50 58 ms, more
 * than east's 50 ms to Oregon. So Virginia takes 4.5 of east's 6. Oregon then takes west from 1.5 on: up to
 * 0.55 for at most 99 ms, less than 50 + 58 at Virginia. */
static void ttft_goes_further_when_waiting_takes_longer_than_the_way(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    policy_run_once(&gw_policy_greedy_ttft, &v.store, NULL, share);
    assert_shares(share, 0.25, 0.75, 1, 0);
    small_view_fini(&v);
}

/* Relative to the mean of both sites Oregon has 0.373 in carbon and 1.1 in cost, Virginia 1.627 and 0.9: the
 * weight of cost at which they are equal is 1.254 / 0.2 = 6.27. */
static void weights_trade_parts_of_the_mean(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    struct policy_setting set[] = {{"water", 0}, {"ttft", 0}, {"carbon", 1}, {"cost", 6.2}, {NULL, 0}};
    policy_run_once(&gw_policy_greedy_weighted, &v.store, set, share);
    assert_shares(share, 1, 0, 0.5, 0.5);
    set[3].value = 6.3;
    policy_run_once(&gw_policy_greedy_weighted, &v.store, set, share);
    assert_shares(share, 0, 1, 0.5, 0.5);
    set[3].value = 0; /* one weight alone: that policy */
    policy_run_once(&gw_policy_greedy_weighted, &v.store, set, share);
    assert_shares(share, 1, 0, 0.5, 0.5);
    small_view_fini(&v);
}

/* Oregon's 60 + 100 ms meet a limit of 165 ms, but not with 10 ms kept free. Two of west's follow east to
 * Virginia, where they join its batches: 1.11 x 1.2 kW, and 1.67 x 1.1 for each alone in Oregon. */
static void every_objective_keeps_the_limit_first(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_SLO_TTFT][EAST] = 165.0;
    policy_run_once(&gw_policy_greedy_energy, &v.store, NULL, share);
    assert_shares(share, 1, 0, 0.5, 0.5);
    const struct policy_setting margin[] = {{"slo_margin", 10}, {NULL, 0}};
    policy_run_once(&gw_policy_greedy_energy, &v.store, margin, share);
    assert_shares(share, 0, 1, 0.5, 0.5);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(water_cost_and_energy_fill_their_best_site),
        cmocka_unit_test(cost_knows_what_carrying_an_answer_costs),
        cmocka_unit_test(ttft_goes_further_when_waiting_takes_longer_than_the_way),
        cmocka_unit_test(weights_trade_parts_of_the_mean),
        cmocka_unit_test(every_objective_keeps_the_limit_first),
    };
    return cmocka_run_group_tests_name("greedy", tests, NULL, NULL);
}
