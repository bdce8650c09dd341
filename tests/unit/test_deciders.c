#include "tests/support/experiment.h"
#include "tests/support/near.h"

#include <string.h>

/* A policy that always decides alike may be asked as often as one likes. Policies that follow the view are
 * not: what they see changes. */
static void how_often_a_constant_policy_plans_changes_no_byte(void **state)
{
    (void)state;
    struct experiment epoch, step, rare;
    experiment_run(&epoch, experiment_two_sites, (const char *const[]){"policies=[ nearest ]", NULL}, 0);
    experiment_run(&step, experiment_two_sites,
                   (const char *const[]){
                       "policies=[ { name: nearest, routing: nearest, every: { routing: 5 min } } ]", NULL},
                   0);
    experiment_run(&rare, experiment_two_sites,
                   (const char *const[]){
                       "policies=[ { name: nearest, routing: nearest, every: { routing: 2 h } } ]", NULL},
                   0);
    experiment_assert_same(&epoch, &step);
    experiment_assert_same(&epoch, &rare);
    experiment_fini(&epoch);
    experiment_fini(&step);
    experiment_fini(&rare);
}

static void fails_with(const char *policies, const char *where, const char *why)
{
    struct gw_scenario sc = {0};
    struct gw_errors errs = {0};
    const struct gw_scenario_options options = {.set = (const char *const[]){policies, NULL}};
    assert_int_not_equal(
        gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "t.yaml", &options, &sc, &errs),
        GW_OK);
    if (strstr(errs.item[0].where, where) == NULL || strstr(errs.item[0].why, why) == NULL) {
        fail_msg("not \"%s\" and \"%s\": %s: %s", where, why, errs.item[0].where, errs.item[0].why);
    }
}

static void a_rhythm_off_the_steps_is_an_error(void **state)
{
    (void)state;
    fails_with("policies=[ { name: odd, routing: nearest, every: { routing: 7 min } } ]",
               "policies[odd].every.routing", "7 min is not a multiple of time.step, 5 min");
}

static void a_rhythm_of_a_slot_that_nobody_fills_is_an_error(void **state)
{
    (void)state;
    fails_with("policies=[ { name: odd, routing: nearest, every: { battery: 5 min } } ]",
               "policies[odd].every.battery", "no policy fills this slot");
}

/* { policy: x, every: ... } is { name: x, routing: x, every: ... }. */
static void a_short_row_has_its_rhythm_as_a_long_one(void **state)
{
    (void)state;
    struct experiment shortly;
    experiment_run(&shortly, experiment_two_sites,
                   (const char *const[]){"policies=[ { policy: nearest, every: { routing: 5 min } } ]", NULL},
                   0);
    assert_int_equal(shortly.sc.variant[0].every_us[GW_SLOTS_ROUTING], 300000000);
    experiment_fini(&shortly);
}

static void a_policy_fits_its_slot_or_is_an_error(void **state)
{
    (void)state;
    fails_with("policies=[ { name: odd, power: nearest } ]", "policies[odd].power",
               "this policy is not made for power");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_often_a_constant_policy_plans_changes_no_byte),
        cmocka_unit_test(a_rhythm_off_the_steps_is_an_error),
        cmocka_unit_test(a_rhythm_of_a_slot_that_nobody_fills_is_an_error),
        cmocka_unit_test(a_short_row_has_its_rhythm_as_a_long_one),
        cmocka_unit_test(a_policy_fits_its_slot_or_is_an_error),
    };
    return cmocka_run_group_tests_name("deciders", tests, NULL, NULL);
}
