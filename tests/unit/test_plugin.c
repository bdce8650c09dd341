/* Policies compiled on their own: loaded, given their parameters, run; and what happens when they break the
 * contract. */
#include "tests/support/near.h"

#include <string.h>

#include "tests/plugin_paths.h"
#include "tests/support/experiment.h"

static void policies_of(const char *row, char *out, size_t size)
{
    snprintf(out, size, "policies=[ nearest, %s ]", row);
}

static void load_and_run(struct experiment *e, const char *row)
{
    char policies[512];
    policies_of(row, policies, sizeof policies);
    experiment_run(e, experiment_two_sites, (const char *const[]){policies, "time.duration=1 h", NULL}, 0);
}

/* Loads, and runs the second policy; the sentence of whichever fails. */
static void fails_with(const char *row, const char *where, const char *why)
{
    char policies[512];
    policies_of(row, policies, sizeof policies);
    const char *const set[] = {policies, "time.duration=15 min",
                               "serving.demand[west].allowed_sites=[oregon]", NULL};
    const struct gw_scenario_options options = {.set = set};
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    if (gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "test.yaml", &options, &sc,
                          &errs) == GW_OK) {
        struct gw_run_result result = {0};
        assert_int_not_equal(gw_run_exec(&sc, 1, 0, NULL, NULL, &result, &err), GW_OK);
        gw_arena_fini(&result.arena);
        gw_scenario_fini(&sc);
    } else {
        err = errs.item[0];
    }
    if (strstr(err.where, where) == NULL || strstr(err.why, why) == NULL) {
        fail_msg("expected \"%s: %s\", found \"%s: %s\"", where, why, err.where, err.why);
    }
}

/* Oregon sells at 40 USD/MWh and 100 g/kWh, Virginia at 30 and 400. */
static void the_first_header_s_plug_in_runs_for_ever(void **state)
{
    (void)state;
    struct experiment e;
    load_and_run(&e, "{ plugin: " GW_PLUGIN_CHEAPEST " }");
    assert_string_equal(e.sc.variant_name[1], "cheapest");
    assert_near(experiment_account(&e, "cheapest", "oregon", GW_ACCOUNT_ARRIVED), 0.0, 0.0, 0.0);
    assert_true(experiment_account(&e, "cheapest", "virginia", GW_ACCOUNT_ARRIVED) > 1000.0);
    experiment_fini(&e);
}

static void its_parameters_are_read_by_its_own_table(void **state)
{
    (void)state;
    struct experiment e;
    load_and_run(&e, "{ plugin: " GW_PLUGIN_CHEAPEST ", name: clean, rank: carbon, spread: 50 % }");
    const double oregon = experiment_account(&e, "clean", "oregon", GW_ACCOUNT_ARRIVED);
    const double all = experiment_account(&e, "clean", NULL, GW_ACCOUNT_ARRIVED);
    assert_near(oregon / all, 0.75, 0.0, 0.001);
    experiment_fini(&e);

    fails_with("{ plugin: " GW_PLUGIN_CHEAPEST ", spred: 1 }", "policies[cheapest]",
               "did you mean \"spread\"?");
    fails_with("{ plugin: " GW_PLUGIN_CHEAPEST ", spread: 2 }", "policies[cheapest]", "lies outside 0 to 1");
    fails_with("{ plugin: " GW_PLUGIN_CHEAPEST ", rank: height }", "policies[cheapest]",
               "no choice \"height\"");
}

static void a_broken_plan_stops_the_run_with_policy_row_and_value(void **state)
{
    (void)state;
    fails_with("{ plugin: " GW_PLUGIN_BROKEN ", how: nan }", "broken", "demand \"east\" a share of ");
    fails_with("{ plugin: " GW_PLUGIN_BROKEN ", how: negative }", "broken",
               "a share of -0.25 at site \"oregon\"");
    fails_with("{ plugin: " GW_PLUGIN_BROKEN ", how: sum }", "broken",
               "demand \"east\" sum to 0.75, not to 1");
    fails_with("{ plugin: " GW_PLUGIN_BROKEN ", how: forbidden }", "broken",
               "demand \"west\" to site \"virginia\"");
    fails_with("{ plugin: " GW_PLUGIN_BROKEN ", how: refuses }", "broken",
               "its plan failed: no site is good enough");
}

static void an_order_beyond_its_range_is_refused(void **state)
{
    (void)state;
    fails_with("{ plugin: " GW_PLUGIN_WARM_HALLS ", shift: 11 }", "warm_halls",
               "its order set-point breaks the contract: 11 lies outside -10 to 10 K");
}

static void what_is_no_plug_in_is_refused(void **state)
{
    (void)state;
    fails_with("{ plugin: /nowhere/x.so }", "policies[x]", "cannot be read");
    fails_with("{ plugin: CMakeLists.txt }", "policies[CMakeLists]", "cannot be loaded");
}

static void a_number_without_a_unit_is_refused(void **state)
{
    (void)state;
    fails_with("{ plugin: " GW_PLUGIN_NO_UNIT " }", "no_unit",
               "its parameter \"fill\" is a number without a unit: \"1\" says that it has none");
    fails_with("{ plugin: " GW_PLUGIN_NO_UNIT ", fill: 0.5 }", "no_unit", "a number without a unit");
}

/* A router that sees its own assignments balances two sites to within what one window brings. */
static void a_router_sees_the_windows_start_and_its_own_assignments(void **state)
{
    (void)state;
    struct experiment e;
    load_and_run(&e, "{ plugin: " GW_PLUGIN_STALE_ROUTER " }");
    assert_int_equal(e.sc.variant[1].window_us, 1000000);
    const double oregon = experiment_account(&e, "stale_router", "oregon", GW_ACCOUNT_ARRIVED);
    const double all = experiment_account(&e, "stale_router", NULL, GW_ACCOUNT_ARRIVED);
    assert_near(oregon / all, 0.5, 0.0, 0.05);
    experiment_fini(&e);
}

/* Chilled water two kelvin warmer: the compressors work less, the IT as much. */
static void a_policy_sets_the_plants_set_point(void **state)
{
    (void)state;
    static const char policies[] =
        "policies=[ { plugin: " GW_PLUGIN_WARM_HALLS ", name: as-designed }, { plugin: " GW_PLUGIN_WARM_HALLS
        ", name: warm, shift: 2 } ]";
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   (const char *const[]){policies, "time.duration=1 h", "sites[oregon].cooling=wc-wse", NULL},
                   0);
    const double designed = experiment_account(&e, "as-designed", "oregon", GW_ACCOUNT_COOLING);
    const double warm = experiment_account(&e, "warm", "oregon", GW_ACCOUNT_COOLING);
    assert_true(designed > 0.0 && warm < 0.98 * designed);
    assert_near(experiment_account(&e, "warm", "oregon", GW_ACCOUNT_BUSY),
                experiment_account(&e, "as-designed", "oregon", GW_ACCOUNT_BUSY), 1e-12, 0.0);
    experiment_fini(&e);
}

/* 10 kW for an hour from a battery that is far from full and whose own policy waits; the order of the first
 * epoch holds in the later ones. Serving is bounded by the site's load. */
static void an_ordered_battery_power_holds_until_the_next_order(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        double charge_kwh, discharge_kwh;
    } cases[] = {
        {"{ name: x, routing: nearest, battery: { policy: plugin, path: " GW_PLUGIN_STEADY_BATTERY
         ", set: { power: 10 } } }",
         10.0, 0.0},
        {"{ name: x, routing: nearest, battery: { policy: plugin, path: " GW_PLUGIN_STEADY_BATTERY
         ", set: { power: -1 } } }",
         0.0, 1.0},
        {"{ name: x, routing: nearest, battery: { policy: plugin, path: " GW_PLUGIN_STEADY_BATTERY
         ", set: { power: 0 } } }",
         0.0, 0.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char policies[512];
        struct experiment e;
        policies_of(cases[i].row, policies, sizeof policies);
        experiment_run(&e, experiment_two_sites,
                       (const char *const[]){policies, "time.duration=1 h",
                                             "sites[oregon].battery={energy: 1 MWh, initial: 50 %}", NULL},
                       0);
        assert_near(experiment_account(&e, "x", "oregon", GW_ACCOUNT_CHARGE), cases[i].charge_kwh, 1e-9,
                    1e-12);
        assert_near(experiment_account(&e, "x", "oregon", GW_ACCOUNT_DISCHARGE), cases[i].discharge_kwh, 1e-9,
                    1e-12);
        assert_near(experiment_account(&e, "nearest", "oregon", GW_ACCOUNT_CHARGE), 0.0, 0.0, 0.0);
        assert_true(experiment_score(&e, "x", GW_SCORE_RESIDUAL) <= 1e-9);
        experiment_fini(&e);
    }
    fails_with("{ name: x, routing: nearest, battery: { policy: plugin, path: " GW_PLUGIN_STEADY_BATTERY
               ", set: { power: 2e6 } } }",
               "x", "its order battery breaks the contract: 2e+06 lies outside -1e+06 to 1e+06 kW");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_header_s_plug_in_runs_for_ever),
        cmocka_unit_test(its_parameters_are_read_by_its_own_table),
        cmocka_unit_test(a_broken_plan_stops_the_run_with_policy_row_and_value),
        cmocka_unit_test(an_order_beyond_its_range_is_refused),
        cmocka_unit_test(an_ordered_battery_power_holds_until_the_next_order),
        cmocka_unit_test(what_is_no_plug_in_is_refused),
        cmocka_unit_test(a_number_without_a_unit_is_refused),
        cmocka_unit_test(a_router_sees_the_windows_start_and_its_own_assignments),
        cmocka_unit_test(a_policy_sets_the_plants_set_point),
    };
    return cmocka_run_group_tests_name("plugin", tests, NULL, NULL);
}
