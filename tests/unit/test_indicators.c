/* Indicators and accounts of whole runs: ratios of sums, signals kept apart, marginal carbon as a change. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <math.h>

/* Half an hour of the two sites: ratios do not need more. */
static void run_short(struct experiment *e, const char *const *set)
{
    const char *all[8] = {"time.duration=30 min"};
    size_t n = 1;
    for (; set != NULL && set[n - 1] != NULL; n++) {
        all[n] = set[n - 1];
    }
    all[n] = NULL;
    experiment_run(e, experiment_two_sites, all, 0);
}

static double account(const struct experiment *e, enum gw_account a)
{
    return experiment_account(e, "nearest", NULL, a);
}

static double score(const struct experiment *e, enum gw_score s)
{
    return experiment_score(e, "nearest", s);
}

static double facility_kwh(const struct experiment *e)
{
    return score(e, GW_SCORE_IT) + account(e, GW_ACCOUNT_COOLING) + account(e, GW_ACCOUNT_CHAIN);
}

static const char *const tower[] = {"sites[oregon].cooling=wc-wse", "sites[virginia].cooling=wc-wse",
                                    "sites[oregon].heat_reuse={ share: 30 %, supply: 60 C }", NULL};

static void each_indicator_times_its_denominator_is_its_sum(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, tower);
    const double it = score(&e, GW_SCORE_IT);
    assert_near(score(&e, GW_SCORE_WUE) * it, account(&e, GW_ACCOUNT_WATER_ONSITE), 1e-12, 0);
    assert_near(score(&e, GW_SCORE_WUE_WITHDRAWN) * it, account(&e, GW_ACCOUNT_WATER_WITHDRAWN), 1e-12, 0);
    assert_near(score(&e, GW_SCORE_WUE_FACILITY) * facility_kwh(&e), account(&e, GW_ACCOUNT_WATER_ONSITE),
                1e-12, 0);
    assert_near(score(&e, GW_SCORE_CUE) * it, score(&e, GW_SCORE_CARBON), 1e-12, 0);
    assert_near(score(&e, GW_SCORE_ERF) * facility_kwh(&e), account(&e, GW_ACCOUNT_HEAT_REUSED), 1e-12, 0);
    experiment_fini(&e);
}

static void what_is_withdrawn_is_consumed_or_given_back(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, tower);
    assert_near(account(&e, GW_ACCOUNT_WATER_WITHDRAWN),
                account(&e, GW_ACCOUNT_WATER_ONSITE) + account(&e, GW_ACCOUNT_WATER_DISCHARGED), 1e-12, 0);
    assert_true(account(&e, GW_ACCOUNT_WATER_DISCHARGED) > 0);
    experiment_fini(&e);
}

/* ISO/IEC 30134-6: ERE = PUE (1 - ERF), so it is at most PUE. */
static void reused_heat_lowers_ere_below_pue(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, tower);
    const double pue = score(&e, GW_SCORE_PUE), erf = score(&e, GW_SCORE_ERF);
    assert_true(erf > 0.05 && erf < 0.3); /* one of two sites gives 30 % of its heat */
    assert_near(score(&e, GW_SCORE_ERE), pue * (1 - erf), 1e-12, 0);
    experiment_fini(&e);
}

static void a_user_takes_no_more_heat_than_asked_for(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, (const char *[]){"sites[oregon].cooling=wc-wse",
                                   "sites[oregon].heat_reuse={ demand: 2 kW, supply: 60 C }",
                                   "time.drain=none", NULL});
    assert_near(account(&e, GW_ACCOUNT_HEAT_REUSED), 2.0 * 0.5, 1e-12, 0); /* 2 kW for half an hour */
    experiment_fini(&e);
}

static void a_user_takes_no_heat_out_of_season(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, (const char *[]){"sites[oregon].cooling=wc-wse",
                                   "sites[oregon].heat_reuse={ months: [11, 12, 1, 2] }", NULL});
    assert_true(account(&e, GW_ACCOUNT_HEAT_REUSED) == 0); /* it is June */
    assert_near(score(&e, GW_SCORE_ERE), score(&e, GW_SCORE_PUE), 1e-15, 0);
    experiment_fini(&e);
}

/* What leaves with the user need not be cooled: towers evaporate less. */
static void reused_heat_spares_water(void **state)
{
    (void)state;
    struct experiment with, without;
    const char *plant = "sites[oregon].cooling=wc-wse";
    run_short(&with, (const char *[]){plant, "sites[oregon].heat_reuse={ share: 50 % }", NULL});
    run_short(&without, (const char *[]){plant, NULL});
    assert_true(experiment_account(&with, "nearest", "oregon", GW_ACCOUNT_WATER_ONSITE) <
                0.6 * experiment_account(&without, "nearest", "oregon", GW_ACCOUNT_WATER_ONSITE));
    experiment_fini(&with);
    experiment_fini(&without);
}

static void stressed_water_weighs_by_the_class_of_the_basin(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, (const char *[]){"sites[oregon].water_stress=high", NULL});
    const double oregon = experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_WATER_ONSITE);
    const double virginia = experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_WATER_ONSITE);
    assert_near(score(&e, GW_SCORE_WATER_STRESSED), 1.6 * oregon + 1.05 * virginia, 1e-12,
                0); /* Ashburn: low */
    experiment_fini(&e);
}

static void a_column_that_some_site_cannot_fill_is_missing(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, NULL);
    assert_true(isnan(score(&e, GW_SCORE_WATER_STRESSED)));   /* the basin of The Dalles is not known */
    assert_true(isnan(score(&e, GW_SCORE_WATER_WITH_HYDRO))); /* the constants say nothing of it */
    assert_true(isnan(score(&e, GW_SCORE_CARBON_DIRECT)));
    assert_true(isnan(score(&e, GW_SCORE_DELTA_MARGINAL)));
    assert_near(score(&e, GW_SCORE_CARBON_LIFECYCLE), score(&e, GW_SCORE_CARBON), 1e-15, 0);
    experiment_fini(&e);
}

static const char *const regions[] = {"sites[oregon].grid={ mean: US-NW-BPAT }",
                                      "sites[virginia].grid={ mean: US-MIDA-PJM }", NULL};

/* Bonneville: 0.43 and 11.11 L/kWh, PJM 1.60 and 1.94. */
static void water_under_both_conventions_stands_side_by_side(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, regions);
    const double oregon = experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_IMPORT);
    const double virginia = experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_IMPORT);
    assert_near(score(&e, GW_SCORE_WATER_WITH_HYDRO) - score(&e, GW_SCORE_WATER),
                oregon * (11.11 - 0.43) + virginia * (1.94 - 1.60), 1e-9, 0);
    experiment_fini(&e);
}

/* --- marginal carbon ----------------------------------------------------------------------------- */

static const char *const generated[] = {"sites[oregon].grid={ generated: { region: US-NW-BPAT } }",
                                        "sites[virginia].grid={ generated: { region: US-MIDA-PJM } }", NULL};

static void marginal_carbon_is_a_change_and_zero_for_the_baseline(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, generated);
    assert_true(experiment_score(&e, "nearest", GW_SCORE_DELTA_MARGINAL) == 0);
    const double greedy = experiment_score(&e, "greedy-carbon", GW_SCORE_DELTA_MARGINAL);
    const double robin = experiment_score(&e, "round-robin", GW_SCORE_DELTA_MARGINAL);
    assert_true(isfinite(greedy) && isfinite(robin) && greedy != 0);
    experiment_fini(&e);

    /* against another baseline all of them move by the same amount */
    struct experiment other;
    const char *const set[] = {generated[0], generated[1], "score.baseline=round-robin", NULL};
    run_short(&other, set);
    assert_near(experiment_score(&other, "greedy-carbon", GW_SCORE_DELTA_MARGINAL), greedy - robin, 1e-9, 0);
    experiment_fini(&other);
}

static void policies_may_see_what_the_score_does_not_count(void **state)
{
    (void)state;
    struct experiment e;
    const char *const set[] = {generated[0], generated[1], "score.policy_signal=marginal-lifecycle", NULL};
    run_short(&e, set);
    assert_near(score(&e, GW_SCORE_CARBON), score(&e, GW_SCORE_CARBON_LIFECYCLE), 1e-15, 0);
    assert_true(isnan(score(&e, GW_SCORE_ESTIMATE_ERROR_CARBON))); /* two signals do not compare */
    experiment_fini(&e);
}

/* --- money and claims ----------------------------------------------------------------------------- */

/* 40 and 30 USD/MWh wholesale; a tariff of 100 in Oregon, its peak charged for half an hour of a June of 720.
 */
static void a_tariff_takes_the_place_of_the_wholesale_price(void **state)
{
    (void)state;
    struct experiment e;
    run_short(&e, (const char *[]){
                      "sites[oregon].tariff={ terms: { energy: 100 USD/MWh, demand: [ { name: d, price: "
                      "72 USD/kW/month } ] } }",
                      "carbon_price=50 USD/t", NULL});
    const double oregon = experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_IMPORT);
    const double virginia = experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_IMPORT);
    const double power = account(&e, GW_ACCOUNT_DEMAND_CHARGE);
    assert_near(account(&e, GW_ACCOUNT_COST), 0.1 * oregon + 0.03 * virginia, 1e-9, 0);
    assert_true(power >= 72 * (oregon / 0.5) * (0.5 / 720) * 0.9); /* the peak is at least about the mean */
    assert_near(score(&e, GW_SCORE_COST), account(&e, GW_ACCOUNT_COST) + power, 1e-12, 0);
    assert_near(score(&e, GW_SCORE_CARBON_PRICE), score(&e, GW_SCORE_CARBON) / 1000 * 50, 1e-9, 0);
    experiment_fini(&e);
}

static void contracts_change_the_market_view_alone(void **state)
{
    (void)state;
    struct experiment with, without;
    static const char contract[] =
        "sites[oregon].contracts=[ { name: w, technology: wind, capacity: 1 MW, price: 35 } ]";
    run_short(&with, (const char *[]){regions[0], regions[1], contract, NULL});
    run_short(&without, (const char *[]){regions[0], regions[1], NULL});
    assert_true(score(&with, GW_SCORE_CARBON) == score(&without, GW_SCORE_CARBON));
    assert_true(score(&with, GW_SCORE_COST) == score(&without, GW_SCORE_COST));
    assert_near(score(&without, GW_SCORE_CARBON_MARKET), score(&without, GW_SCORE_CARBON), 1e-9, 0);
    assert_true(score(&with, GW_SCORE_CARBON_MARKET) < score(&without, GW_SCORE_CARBON_MARKET));
    assert_true(score(&with, GW_SCORE_CFE) > score(&without, GW_SCORE_CFE) &&
                score(&with, GW_SCORE_CFE) <= 1);
    assert_true(score(&with, GW_SCORE_REF) > 0 && score(&with, GW_SCORE_REF) <= 1);
    assert_true(score(&with, GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&with);
    experiment_fini(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_indicator_times_its_denominator_is_its_sum),
        cmocka_unit_test(what_is_withdrawn_is_consumed_or_given_back),
        cmocka_unit_test(reused_heat_lowers_ere_below_pue),
        cmocka_unit_test(a_user_takes_no_more_heat_than_asked_for),
        cmocka_unit_test(a_user_takes_no_heat_out_of_season),
        cmocka_unit_test(reused_heat_spares_water),
        cmocka_unit_test(stressed_water_weighs_by_the_class_of_the_basin),
        cmocka_unit_test(a_column_that_some_site_cannot_fill_is_missing),
        cmocka_unit_test(water_under_both_conventions_stands_side_by_side),
        cmocka_unit_test(marginal_carbon_is_a_change_and_zero_for_the_baseline),
        cmocka_unit_test(policies_may_see_what_the_score_does_not_count),
        cmocka_unit_test(a_tariff_takes_the_place_of_the_wholesale_price),
        cmocka_unit_test(contracts_change_the_market_view_alone),
    };
    return cmocka_run_group_tests_name("indicators", tests, NULL, NULL);
}
