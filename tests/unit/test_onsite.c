/* Own plants and batteries in whole runs: the books, the settlement, limits, policies, bad input. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/run/onsite.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A June day in California and Ireland, few requests, so that the sites' draw hardly moves. */
static const char scenario[] =
    "geowatt: 1\n"
    "name: own-plants\n"
    "seed: 3\n"
    "time: { start: 2023-06-01T07:00:00Z, duration: 24 h, drain: { at_most: 10 min }, initial: cold }\n"
    "sites:\n"
    "  - { name: sun, place: san-jose, grid: { constant: { carbon: 200 g/kWh, price: 40 USD/MWh, water: 1 "
    "L/kWh } },\n"
    "      cooling: { plant: constant, pue: 1.2 }, pools: [ { node: h100x8, count: 2 } ], pv: 30 kW }\n"
    "  - { name: wind, place: dublin, grid: { constant: { carbon: 300 g/kWh, price: 90 USD/MWh, water: 1 "
    "L/kWh } },\n"
    "      cooling: wc-wse, pools: [ { node: h100x8, count: 2 } ], wind: { power: 10 kW } }\n"
    "serving:\n"
    "  models: [ { llm: llama-3.1-8b, tensor_parallel: 1, replicas: 2 } ]\n"
    "  demand: [ { name: west, origin: us-west, model: llama-3.1-8b, rate: 0.05 /s } ]\n"
    "policies: [ nearest ]\n";

static double of(const struct experiment *e, const char *site, enum gw_account account)
{
    return experiment_account(e, "nearest", site, account);
}

static double facility(const struct experiment *e, const char *site)
{
    static const enum gw_account parts[] = {GW_ACCOUNT_BUSY,      GW_ACCOUNT_IDLE,  GW_ACCOUNT_HOST,
                                            GW_ACCOUNT_HOST_IDLE, GW_ACCOUNT_SPARE, GW_ACCOUNT_PSU,
                                            GW_ACCOUNT_COOLING,   GW_ACCOUNT_CHAIN};
    double sum = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        sum += of(e, site, parts[i]);
    }
    return sum;
}

/* Panels and turbines take away from the import and change nothing of the work. PUE is facility over IT, not
 * import over IT. */
static void own_plants_lower_the_import_alone(void **state)
{
    (void)state;
    struct experiment with, without;
    experiment_run(&with, scenario, NULL, 0);
    experiment_run(&without, scenario, SET("sites[sun].pv=~", "sites[wind].wind=~"), 0);
    assert_true(of(&with, "sun", GW_ACCOUNT_PV) > 50 && of(&with, "wind", GW_ACCOUNT_WIND) > 5);
    static const char *const sites[] = {"sun", "wind"};
    for (int i = 0; i < 2; i++) {
        const double own = of(&with, sites[i], GW_ACCOUNT_PV) + of(&with, sites[i], GW_ACCOUNT_WIND);
        assert_near(facility(&with, sites[i]), facility(&without, sites[i]), 0, 0);
        assert_near(of(&without, sites[i], GW_ACCOUNT_IMPORT), facility(&without, sites[i]), 1e-12, 0);
        assert_near(of(&with, sites[i], GW_ACCOUNT_IMPORT),
                    facility(&with, sites[i]) - own + of(&with, sites[i], GW_ACCOUNT_CURTAILED), 1e-12, 0);
        /* constant signals: carbon and cost are those of the import */
        assert_near(of(&with, sites[i], GW_ACCOUNT_CARBON_LIFECYCLE),
                    of(&with, sites[i], GW_ACCOUNT_IMPORT) * (i == 0 ? 0.2 : 0.3), 1e-12, 0);
        assert_near(of(&with, sites[i], GW_ACCOUNT_COST),
                    of(&with, sites[i], GW_ACCOUNT_IMPORT) * (i == 0 ? 0.04 : 0.09), 1e-12, 0);
    }
    static const enum gw_score same[] = {GW_SCORE_IT, GW_SCORE_PUE, GW_SCORE_TTFT_MEAN, GW_SCORE_COMPLETED};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_near(experiment_score(&with, "nearest", same[i]),
                    experiment_score(&without, "nearest", same[i]), 0, 0);
    }
    assert_near(experiment_score(&with, "nearest", GW_SCORE_ONSITE),
                of(&with, NULL, GW_ACCOUNT_PV) + of(&with, NULL, GW_ACCOUNT_WIND) -
                    of(&with, NULL, GW_ACCOUNT_CURTAILED),
                1e-12, 0);
    experiment_fini(&with);
    experiment_fini(&without);
}

/* 30 kW of panels over a few kW of load: what the battery takes at noon it serves at night, and what is left
 * at the end is settled: bought at 1 / 0.9 or saved at 0.9, at the grid's means. */
static void a_battery_moves_the_noon_and_is_settled_at_the_end(void **state)
{
    (void)state;
    struct experiment with, without;
    const char *const battery =
        "sites[sun].battery={energy: 40 kWh, charge_efficiency: 0.9, discharge_efficiency: 0.9}";
    experiment_run(&without, scenario, NULL, 0);
    experiment_run(&with, scenario, SET(battery), 0);
    assert_true(of(&with, "sun", GW_ACCOUNT_CHARGE) > 10 && of(&with, "sun", GW_ACCOUNT_DISCHARGE) > 10);
    assert_true(of(&with, "sun", GW_ACCOUNT_CURTAILED) < of(&without, "sun", GW_ACCOUNT_CURTAILED) - 10);
    const double left = of(&with, "sun", GW_ACCOUNT_STORED);
    const double settled = of(&with, "sun", GW_ACCOUNT_SETTLED);
    assert_near(settled, left > 0 ? -0.9 * left : -left / 0.9, 1e-9, 1e-12);
    assert_near(of(&with, "sun", GW_ACCOUNT_CARBON_LIFECYCLE),
                0.2 * (of(&with, "sun", GW_ACCOUNT_IMPORT) + settled), 1e-9, 0);
    assert_near(experiment_score(&with, "nearest", GW_SCORE_ENERGY),
                of(&with, NULL, GW_ACCOUNT_IMPORT) + settled, 1e-12, 0);
    assert_true(experiment_score(&with, "nearest", GW_SCORE_CARBON) <
                experiment_score(&without, "nearest", GW_SCORE_CARBON));
    assert_true(experiment_score(&with, "nearest", GW_SCORE_RESIDUAL) <= 1e-9);
    experiment_fini(&with);
    experiment_fini(&without);
}

/* A battery that waits ends where it began and costs nothing. */
static void an_idle_battery_changes_nothing(void **state)
{
    (void)state;
    struct experiment with, without;
    experiment_run(&without, scenario, NULL, 0);
    experiment_run(&with, scenario, SET("sites[sun].battery={energy: 40 kWh, policy: none}"), 0);
    experiment_assert_same(&with, &without);
    experiment_fini(&with);
    experiment_fini(&without);
}

/* Grids whose carbon and price follow the hour: arbitrage lowers what it trades in, by the run's own books.
 */
static void arbitrage_earns_what_it_looks_at(void **state)
{
    (void)state;
    static const struct {
        const char *battery;
        enum gw_score score;
    } rows[] = {
        {"sites[sun].battery={energy: 20 kWh, policy: carbon-arbitrage}", GW_SCORE_CARBON},
        {"sites[sun].battery={energy: 20 kWh, policy: price-arbitrage}", GW_SCORE_COST},
    };
    const char *const grid = "sites[sun].grid={generated: {region: US-CAL-CISO}}";
    struct experiment without, with;
    experiment_run(&without, scenario, SET(grid, "sites[sun].pv=~"), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        experiment_run(&with, scenario, SET(grid, "sites[sun].pv=~", rows[i].battery), 0);
        assert_true(of(&with, "sun", GW_ACCOUNT_DISCHARGE) > 1);
        assert_true(experiment_score(&with, "nearest", rows[i].score) <
                    experiment_score(&without, "nearest", rows[i].score));
        assert_true(experiment_score(&with, "nearest", GW_SCORE_ENERGY) >
                    experiment_score(&without, "nearest", GW_SCORE_ENERGY)); /* losses are paid for */
        experiment_fini(&with);
    }
    experiment_fini(&without);
}

/* Below what the site draws: the missing part is booked, and such a row is not comparable with anything. */
static void beyond_the_import_limit_energy_is_missing(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario, SET("sites[wind].import_limit=1 kW", "sites[wind].wind=~"), 0);
    assert_near(of(&e, "wind", GW_ACCOUNT_UNSERVED), facility(&e, "wind") - 24, 1e-9, 0);
    const double *score = e.result.run[0].score;
    assert_near(score[GW_SCORE_MISSING], of(&e, "wind", GW_ACCOUNT_UNSERVED), 1e-12, 0);
    assert_false(gw_score_comparable(score, score));
    assert_true(score[GW_SCORE_RESIDUAL] <= 1e-9);
    experiment_fini(&e);
}

/* Everything at once, on one, two and four threads. */
static void threads_change_nothing(void **state)
{
    (void)state;
    const char *const *set = SET(
        "sites[sun].battery={energy: 40 kWh}", "sites[sun].import_limit=3 kW", "sites[sun].export_limit=2 kW",
        "sites[wind].grid={generated: {region: IE}}", "policies=[nearest, round-robin, greedy-carbon]",
        "sites[wind].battery={energy: 20 kWh, policy: price-arbitrage}", "sites[wind].pv=5 kW");
    struct experiment one, many;
    experiment_run(&one, scenario, set, 0);
    assert_true(of(&one, NULL, GW_ACCOUNT_EXPORT) > 0);
    for (uint32_t p = 0; p < one.result.policies; p++) {
        assert_true(one.result.run[p].score[GW_SCORE_RESIDUAL] <= 1e-9);
    }
    for (unsigned threads = 2; threads <= 4; threads += 2) {
        experiment_run(&many, scenario, set, threads);
        experiment_assert_same(&one, &many);
        experiment_fini(&many);
    }
    experiment_fini(&one);
}

/* Steps of five minutes and of an hour: the sites' draw is level, so their own plants and batteries must
 * agree. */
static void hourly_steps_agree_with_five_minutes(void **state)
{
    (void)state;
    const char *const battery = "sites[sun].battery={energy: 40 kWh}";
    struct experiment fine, coarse;
    experiment_run(&fine, scenario, SET(battery, "serving.demand[west].rate=0 /s", "time.epoch=1 h"), 0);
    experiment_run(
        &coarse, scenario,
        SET(battery, "serving.demand[west].rate=0 /s", "time.epoch=1 h", "time.step=1 h", "time.drain=none"),
        0);
    static const enum gw_account same[] = {GW_ACCOUNT_PV,     GW_ACCOUNT_CHARGE,    GW_ACCOUNT_DISCHARGE,
                                           GW_ACCOUNT_IMPORT, GW_ACCOUNT_CURTAILED, GW_ACCOUNT_SETTLED};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_near(of(&coarse, "sun", same[i]), of(&fine, "sun", same[i]), 1e-9, 1e-9);
    }
    experiment_fini(&fine);
    experiment_fini(&coarse);
}

static void refused(const char *assignment, const char *where, const char *why)
{
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const struct gw_scenario_options options = {.set = SET(assignment)};
    assert_int_not_equal(gw_scenario_parse(scenario, sizeof scenario - 1, "test.yaml", &options, &sc, &errs),
                         GW_OK);
    if (strstr(errs.item[0].where, where) == NULL || strstr(errs.item[0].why, why) == NULL) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
}

static void bad_plants_are_named(void **state)
{
    (void)state;
    refused("sites[sun].pv=30 kWh", "pv.power", "kWh");
    refused("sites[sun].pv={power: 1 kW, tilt: 100 deg}", "pv.tilt", "90");
    refused("sites[sun].wind={power: 1 kW, hub: 80 m}", "sites[sun].wind", "hub_height");
    refused("sites[sun].battery={energy: 1 kWh, policy: peak-shave}", "battery.policy", "above");
    refused("sites[sun].battery={energy: 1 kWh, policy: self}", "battery.policy", "self-consumption");
    refused("sites[sun].place={at: {lat: 1, lon: 2, utc_offset: 0}}", "sites[sun].weather",
            "its PV needs the weather");
}

/* 100 kWh of which 20 are kept, 60 stored, 90 % each way: 40 kWh of room are 44.4 kW of an hour, 40 kWh above
 * the reserve give 36 kW. Rules and orders are bands to the plan evaluator. */
static void what_a_battery_will_do_is_told_as_a_band(void **state)
{
    (void)state;
    double above_kw = 30, ordered_kw = NAN, low_kw = NAN, high_kw = NAN;
    struct gw_battery_cfg battery = {.energy_kwh = 100,
                                     .power_kw = 50,
                                     .charge_efficiency = 0.9,
                                     .discharge_efficiency = 0.9,
                                     .soc_max = 1,
                                     .reserve = 0.2,
                                     .policy = {.cfg = &above_kw}};
    struct gw_site_cfg cfg = {.supply = {.battery = &battery}};
    const struct gw_site site = {.cfg = &cfg};
    struct gw_onsite onsite = {.site = &site,
                               .goal = {200, 500},
                               .stored_kwh = 60,
                               .ordered_kw = &ordered_kw,
                               .low_kw = &low_kw,
                               .high_kw = &high_kw};
    static const struct {
        const char *policy;
        double signal, ordered, low, high; /* given */
        double band_low, band_high, take, give;
    } cases[] = {
        {"none", NAN, NAN, NAN, NAN, -INFINITY, INFINITY, 40 / 0.9, 36},
        {"self-consumption", NAN, NAN, NAN, NAN, 0, 0, 40 / 0.9, 36},
        {"peak-shave", NAN, NAN, NAN, NAN, 30, 30, 40 / 0.9, 36},
        {"carbon-arbitrage", 100, NAN, NAN, NAN, INFINITY, INFINITY, 40 / 0.9, 36},
        {"carbon-arbitrage", 300, NAN, NAN, NAN, 0, INFINITY, 40 / 0.9, 36},
        {"carbon-arbitrage", 600, NAN, NAN, NAN, 0, 0, 40 / 0.9, 36},
        {"none", NAN, 10, NAN, NAN, INFINITY, INFINITY, 10, 36},
        {"none", NAN, -5, NAN, NAN, -INFINITY, 0, 0, 5},
        {"none", NAN, 10, 15, 25, 15, 25, 40 / 0.9, 36},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        onsite.policy = gw_battery_policy_find(cases[i].policy);
        ordered_kw = cases[i].ordered;
        low_kw = cases[i].low;
        high_kw = cases[i].high;
        const struct gw_onsite_outlook out = gw_onsite_outlook(&onsite, GW_US_PER_H, cases[i].signal);
        assert_true(out.low_kw == cases[i].band_low && out.high_kw == cases[i].band_high);
        assert_near(out.take_kw, cases[i].take, 1e-12, 0);
        assert_near(out.give_kw, cases[i].give, 1e-12, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_plants_lower_the_import_alone),
        cmocka_unit_test(a_battery_moves_the_noon_and_is_settled_at_the_end),
        cmocka_unit_test(an_idle_battery_changes_nothing),
        cmocka_unit_test(arbitrage_earns_what_it_looks_at),
        cmocka_unit_test(beyond_the_import_limit_energy_is_missing),
        cmocka_unit_test(what_a_battery_will_do_is_told_as_a_band),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(hourly_steps_agree_with_five_minutes),
        cmocka_unit_test(bad_plants_are_named),
    };
    return cmocka_run_group_tests_name("onsite", tests, NULL, NULL);
}
