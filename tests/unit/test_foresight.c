/* Forecasts in a run: decisions rest on them, scores on what was. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/run/foresight.h"
#include "sim/base/units.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Oregon is the clean site and is told to be ten times as dirty. */
static void a_wrong_forecast_changes_decisions_and_no_books(void **state)
{
    (void)state;
    struct experiment perfect, wrong;
    const char *const only_policy = "policies=[nearest, greedy-carbon]";
    experiment_run(&perfect, experiment_two_sites, SET(only_policy), 0);
    experiment_run(&wrong, experiment_two_sites,
                   SET(only_policy, "sites[oregon].forecast.carbon={ method: noisy, sigma: 0, bias: 9 }"), 0);
    assert_true(experiment_score(&perfect, "nearest", GW_SCORE_CARBON) ==
                experiment_score(&wrong, "nearest", GW_SCORE_CARBON));
    assert_true(experiment_score(&perfect, "greedy-carbon", GW_SCORE_CARBON) <
                experiment_score(&wrong, "greedy-carbon", GW_SCORE_CARBON));
    assert_true(experiment_score(&perfect, "greedy-carbon", GW_SCORE_ARRIVED) ==
                experiment_score(&wrong, "greedy-carbon", GW_SCORE_ARRIVED));
    experiment_fini(&perfect);
    experiment_fini(&wrong);
}

static void load(struct gw_scenario *sc, const char *const *set)
{
    struct gw_errors errs = {0};
    const struct gw_scenario_options options = {.set = set};
    if (gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "test.yaml", &options, sc,
                          &errs) != GW_OK) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
}

/* A row that is flat is forecast at its rate by every method but a biased one; a site's own forecast goes
 * before the scenario's. */
static void rows_and_sites_may_have_forecasts_of_their_own(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_arena arena = {0};
    struct gw_foresight foresight;
    struct gw_air air;
    load(&sc,
         SET("serving.demand[east].shape=flat", "serving.demand[east].rate=3 /s",
             "forecast.demand=persistence",
             "serving.demand[west].forecast={ method: noisy, sigma: 0, bias: 0.5 }",
             "serving.demand[west].shape=flat", "serving.demand[west].rate=2 /s",
             "forecast.price={ method: noisy, sigma: 0, bias: 1 }", "sites[oregon].forecast.price=perfect"));
    assert_int_equal(gw_air_make(&sc, 0, &air, &arena, NULL), GW_OK);
    assert_true(gw_foresight_init(&foresight, &sc, 0, &air, &arena));
    double row[4];
    gw_foresight_demand(&foresight, 0, 0, 4, row);
    assert_near(row[0], 3, 1e-12, 0);
    gw_foresight_demand(&foresight, 1, 0, 4, row);
    assert_near(row[3], 3, 1e-12, 0);
    for (uint32_t s = 0; s < sc.n_sites; s++) {
        const double truth = gw_signal_mean(&air.grid[s].price_usd_per_mwh, sc.cfg.time.start_unix_us,
                                            sc.cfg.time.start_unix_us + sc.cfg.time.epoch_us);
        gw_foresight_site(&foresight, s, GW_FORECAST_PRICE, 0, 1, row);
        assert_near(row[0], strcmp(sc.site_name[s], "oregon") == 0 ? truth : 2 * truth, 1e-12, 0);
    }
    gw_arena_fini(&arena);
    gw_scenario_fini(&sc);
}

/* Half an hour ahead is seen a day before; before the run's own air begins there is only that of now. */
static void the_air_ahead_is_that_of_the_day_before(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_arena arena = {0};
    struct gw_foresight foresight;
    struct gw_air air;
    load(&sc, SET("forecast.weather=persistence"));
    assert_int_equal(gw_air_make(&sc, 0, &air, &arena, NULL), GW_OK);
    assert_true(gw_foresight_init(&foresight, &sc, 0, &air, &arena));
    const gw_time_us now_us = 30 * GW_US_PER_H, ahead_us = now_us + GW_US_PER_H / 2;
    assert_int_equal(gw_foresight_air(&foresight, now_us, ahead_us), ahead_us - 24 * GW_US_PER_H);
    assert_int_equal(gw_foresight_air(&foresight, now_us, now_us), now_us);
    assert_int_equal(gw_foresight_air(&foresight, GW_US_PER_H, 2 * GW_US_PER_H), GW_US_PER_H);
    gw_arena_fini(&arena);
    gw_scenario_fini(&sc);
    load(&sc, NULL);
    assert_int_equal(gw_air_make(&sc, 0, &air, &arena, NULL), GW_OK);
    assert_true(gw_foresight_init(&foresight, &sc, 0, &air, &arena));
    assert_int_equal(gw_foresight_air(&foresight, now_us, ahead_us), ahead_us);
    gw_arena_fini(&arena);
    gw_scenario_fini(&sc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_forecast_changes_decisions_and_no_books),
        cmocka_unit_test(rows_and_sites_may_have_forecasts_of_their_own),
        cmocka_unit_test(the_air_ahead_is_that_of_the_day_before),
    };
    return cmocka_run_group_tests_name("foresight", tests, NULL, NULL);
}
