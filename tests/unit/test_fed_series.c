/* A federated job driven by series: steps, decisions, forecasts. */
#include "tests/support/near.h"

#include <string.h>

#include "models/federation/fed_arm.h"
#include "sim/base/units.h"

enum { CLIENTS = 2, HOURS = 4 };
static const struct gw_fed_links nowhere = {0};
static const struct gw_fed_client client[CLIENTS] = {
    {.name = "a", .steps_per_s = 1, .tok_per_step = 1000, .train_kw = 10, .idle_kw = 1, .domain = 0},
    {.name = "b", .steps_per_s = 1, .tok_per_step = 1000, .train_kw = 10, .idle_kw = 1, .domain = 1},
};
static const double carbon_a[HOURS] = {100, 200, 300, 400}, carbon_b[HOURS] = {400, 300, 200, 100};
static const double *const carbon[CLIENTS] = {carbon_a, carbon_b};
static const struct gw_fed_series by_hour = {.step_us = GW_US_PER_H, .n = HOURS, .carbon = carbon};

/* Rounds of ten minutes; work of two hours of one client. */
static struct gw_federation_cfg two_hours(void)
{
    struct gw_federation_cfg cfg = gw_federation_default(1e9, 7200e3);
    cfg.local_steps = 600.0;
    cfg.sync.agg_bytes_per_s = INFINITY;
    return cfg;
}

/* One hour of both at 100 and 400 g/kWh, 10 kWh each. */
static void energy_meets_the_carbon_of_its_hour(void **state)
{
    (void)state;
    const struct gw_federation_cfg cfg = two_hours();
    struct gw_federation *job =
        gw_federation_create(&cfg, CLIENTS, client, &nowhere, &(struct gw_fed_selector){0});
    assert_non_null(job);
    assert_int_equal(gw_fed_series_run(job, CLIENTS, &by_hour, GW_US_PER_H, 1, false, NULL), GW_OK);
    const struct gw_fed_books sum = gw_fed_arm_sum(job, CLIENTS);
    assert_near(sum.compute_kwh, 20.0, 1e-6, 0);
    assert_near(sum.carbon_g, 10.0 * 100.0 + 10.0 * 400.0, 1e-6, 0);
    assert_true(gw_federation_state(job).reached);
    gw_federation_destroy(job);
}

/* Takes the cleaner client of the present hour and remembers what it was shown. */
struct watcher {
    uint32_t asked;
    double last_ahead;
};
static int cleaner(void *self, const struct gw_view *view, const struct gw_round *round,
                   struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    struct watcher *w = self;
    if (round->now_us >= 3 * GW_US_PER_H) {
        memcpy(error->why, "too late", sizeof "too late");
        return 1;
    }
    w->asked++;
    w->last_ahead = round->carbon[0][round->horizon - 1];
    out->in[0] = round->carbon[0][0] <= round->carbon[1][0] ? 1 : 0;
    out->in[1] = out->in[0] != 0 ? 0 : 1;
    return 0;
}
static const struct gw_policy_ops cleaner_ops = {.name = "cleaner", .select = cleaner};

/* An hour at 100 g, an hour at 200 g, both of a. */
static void the_policy_sees_the_hours_ahead(void **state)
{
    (void)state;
    const struct gw_federation_cfg cfg = two_hours();
    struct watcher w = {0};
    const struct gw_fed_selector selector = {.ops = &cleaner_ops, .self = &w};
    struct gw_federation *job = gw_federation_create(&cfg, CLIENTS, client, &nowhere, &selector);
    assert_int_equal(gw_fed_series_run(job, CLIENTS, &by_hour, GW_US_PER_H, 3, false, NULL), GW_OK);
    assert_near(gw_fed_arm_sum(job, CLIENTS).carbon_g, 10.0 * 100.0 + 10.0 * 200.0, 1e-6, 0);
    assert_near(w.last_ahead, 400.0, 0, 0);
    assert_true(w.asked >= 12);
    gw_federation_destroy(job);
}

static void a_policy_that_fails_stops_the_job(void **state)
{
    (void)state;
    struct gw_federation_cfg cfg = two_hours();
    cfg.tokens = 1e9;
    struct watcher w = {0};
    const struct gw_fed_selector selector = {.ops = &cleaner_ops, .self = &w};
    struct gw_federation *job = gw_federation_create(&cfg, CLIENTS, client, &nowhere, &selector);
    struct gw_error err;
    assert_int_equal(gw_fed_series_run(job, CLIENTS, &by_hour, GW_US_PER_H, 3, false, &err), GW_ERR_POLICY);
    assert_non_null(strstr(err.why, "too late"));
    gw_federation_destroy(job);
}

static struct gw_fed_stage stage_of(const double *embodied)
{
    return (struct gw_fed_stage){.cfg = two_hours(),
                                 .clients = CLIENTS,
                                 .client = client,
                                 .links = &nowhere,
                                 .series = &by_hour,
                                 .embodied_kg_per_h = embodied,
                                 .decide_us = GW_US_PER_H,
                                 .horizon = 1};
}

/* Of 4 hours each client trains some; for the others it draws 1 kW, whoever is called. */
static void the_whole_fleet_is_charged_in_both_arms(void **state)
{
    (void)state;
    const double embodied[] = {0.5, 0.25};
    const struct gw_fed_stage stage = stage_of(embodied);
    struct gw_fed_arm together, alone;
    assert_int_equal(gw_fed_arm_run(&stage, &(struct gw_fed_selector){0}, &together, NULL), GW_OK);
    assert_int_equal(gw_fed_arm_central(&stage, 0, &alone, NULL), GW_OK);
    assert_near(together.sum.standby_kwh, 3.0 + 3.0, 1e-6, 0);
    assert_near(alone.sum.standby_kwh, 2.0 + 4.0, 1e-6, 0);
    assert_near(alone.sum.carbon_g, 10 * 100 + 10 * 200 + 300 + 400 + 400 + 300 + 200 + 100, 1e-6, 0);
    assert_near(together.embodied_kg, 3.0, 1e-12, 0);
    assert_near(alone.embodied_kg, 3.0, 1e-12, 0);
    assert_near(together.state.jain, 1.0, 1e-12, 0);
    assert_near(alone.state.jain, 0.5, 1e-12, 0);
    assert_true(gw_fed_arm_comparable(&together, &alone));
}

static void an_arm_that_does_not_reach_the_loss_is_not_comparable(void **state)
{
    (void)state;
    struct gw_fed_stage stage = stage_of(NULL);
    stage.cfg.tokens *= 2.5; /* five hours alone */
    struct gw_fed_arm together, alone;
    assert_int_equal(gw_fed_arm_run(&stage, &(struct gw_fed_selector){0}, &together, NULL), GW_OK);
    assert_int_equal(gw_fed_arm_central(&stage, 0, &alone, NULL), GW_OK);
    assert_true(together.state.reached);
    assert_false(alone.state.reached);
    assert_false(gw_fed_arm_comparable(&together, &alone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_meets_the_carbon_of_its_hour),
        cmocka_unit_test(the_policy_sees_the_hours_ahead),
        cmocka_unit_test(a_policy_that_fails_stops_the_job),
        cmocka_unit_test(the_whole_fleet_is_charged_in_both_arms),
        cmocka_unit_test(an_arm_that_does_not_reach_the_loss_is_not_comparable),
    };
    return cmocka_run_group_tests_name("fed_series", tests, NULL, NULL);
}
