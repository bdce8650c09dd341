/* Users of a site's heat, whatever they take: where the electricity of their heat pump comes from, and what
 * the indicators make of it. */
#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>

#include "sim/core/rng.h"

enum { TRIALS = 24, TEXT = 200 };

static double uniform(gsl_rng *r, double from, double to)
{
    return from + (to - from) * gsl_rng_uniform(r);
}

static void check_run(const struct experiment *e, const char *policy)
{
    double load = experiment_score(e, policy, GW_SCORE_IT);
    static const enum gw_account above_it[] = {GW_ACCOUNT_COOLING, GW_ACCOUNT_CHAIN, GW_ACCOUNT_HEAT_PUMP};
    for (size_t i = 0; i < sizeof above_it / sizeof above_it[0]; i++) {
        load += experiment_account(e, policy, NULL, above_it[i]);
    }
    const double given = experiment_account(e, policy, NULL, GW_ACCOUNT_IMPORT) +
                         experiment_account(e, policy, NULL, GW_ACCOUNT_PV) +
                         experiment_account(e, policy, NULL, GW_ACCOUNT_UNSERVED) -
                         experiment_account(e, policy, NULL, GW_ACCOUNT_EXPORT) -
                         experiment_account(e, policy, NULL, GW_ACCOUNT_CURTAILED);
    assert_near(given, load, 1e-9, 0);
    assert_true(experiment_score(e, policy, GW_SCORE_RESIDUAL) <= 1e-9);
    assert_true(experiment_score(e, policy, GW_SCORE_ERE) <= experiment_score(e, policy, GW_SCORE_PUE));
    assert_true(experiment_account(e, policy, NULL, GW_ACCOUNT_HEAT_PUMP) >= 0);
}

static void heat_pumps_are_supplied_and_ere_is_at_most_pue(void **state)
{
    (void)state;
    static const char *const plants[] = {"wc-wse", "liq-tower"};
    static const char *const supplies[] = {"", "sites[oregon].pv=20 kW", "sites[oregon].import_limit=15 kW"};
    gsl_rng *r = gw_rng_create(20240607, 0, "prop/heat");
    double lifted = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        char plant[TEXT], heat[TEXT];
        snprintf(plant, sizeof plant, "sites[oregon].cooling=%s", plants[gsl_rng_uniform_int(r, 2)]);
        snprintf(heat, sizeof heat,
                 "sites[oregon].heat_reuse={ share: %.3f, supply: %.1f C, demand: %.2f kW }",
                 uniform(r, 0, 1), uniform(r, 20, 90), uniform(r, 0, 30));
        const char *supply = supplies[gsl_rng_uniform_int(r, 3)];
        struct experiment e;
        experiment_run(&e, experiment_two_sites,
                       (const char *const[]){"time.duration=30 min", "policies=[ nearest ]", plant, heat,
                                             supply[0] != '\0' ? supply : NULL, NULL},
                       0);
        check_run(&e, "nearest");
        lifted += experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_HEAT_PUMP);
        experiment_fini(&e);
    }
    assert_true(lifted > 1.0); /* kWh: there were heat pumps to check */
    gsl_rng_free(r);
}

/* Two runs that differ in the temperature alone: the pump's electricity is all that is bought more, and what
 * ISO/IEC 30134 calls the facility stays as it was. */
static void a_hotter_user_costs_what_its_pump_draws(void **state)
{
    (void)state;
    struct experiment cool, hot;
    const char *const cold_set[] = {"time.duration=30 min", "policies=[ nearest ]",
                                    "sites[oregon].cooling=wc-wse",
                                    "sites[oregon].heat_reuse={ share: 0.5, supply: 10 C }", NULL};
    const char *const hot_set[] = {"time.duration=30 min", "policies=[ nearest ]",
                                   "sites[oregon].cooling=wc-wse",
                                   "sites[oregon].heat_reuse={ share: 0.5, supply: 80 C }", NULL};
    experiment_run(&cool, experiment_two_sites, cold_set, 0);
    experiment_run(&hot, experiment_two_sites, hot_set, 0);
    const double pump = experiment_account(&hot, "nearest", NULL, GW_ACCOUNT_HEAT_PUMP);
    assert_true(pump > 0 && experiment_account(&cool, "nearest", NULL, GW_ACCOUNT_HEAT_PUMP) == 0);
    assert_near(experiment_account(&hot, "nearest", NULL, GW_ACCOUNT_IMPORT),
                experiment_account(&cool, "nearest", NULL, GW_ACCOUNT_IMPORT) + pump, 1e-12, 0);
    assert_near(experiment_score(&hot, "nearest", GW_SCORE_PUE),
                experiment_score(&cool, "nearest", GW_SCORE_PUE), 1e-12, 0);
    assert_near(experiment_score(&hot, "nearest", GW_SCORE_ERE),
                experiment_score(&cool, "nearest", GW_SCORE_ERE), 1e-12, 0);
    experiment_fini(&cool);
    experiment_fini(&hot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heat_pumps_are_supplied_and_ere_is_at_most_pue),
        cmocka_unit_test(a_hotter_user_costs_what_its_pump_draws),
    };
    return cmocka_run_group_tests_name("heat", tests, NULL, NULL);
}
