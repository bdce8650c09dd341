/* When batteries charge and serve: each policy in situations anyone can judge. */
#include "tests/support/bound.h"

#include <stdio.h>

#include "models/supply/battery_policy.h"

/* 4 hours each way, nothing lost, no taper: buying and serving need whole hours. */
static const struct gw_battery_cfg even = {.energy_kwh = 100,
                                           .power_kw = 25,
                                           .charge_efficiency = 1,
                                           .discharge_efficiency = 1,
                                           .soc_max = 1,
                                           .initial = 0.5};

static double order(const char *yaml, const struct gw_battery_cfg *battery, const double *signal, uint32_t n,
                    struct gw_battery_now now)
{
    char text[300];
    snprintf(text, sizeof text, "{ energy: 100 kWh, policy: %s }\n", yaml);
    struct bound b;
    struct gw_battery_cfg cfg;
    bound_read(&b, &gw_battery_type, text, &cfg);
    const struct gw_battery_policy *policy = gw_battery_policy_find(cfg.policy.name);
    struct gw_battery_goal goal = {(double)NAN, (double)NAN};
    if (policy->look != NULL) {
        assert_int_equal(policy->hours(cfg.policy.cfg), 18);
        const struct gw_battery_ahead ahead = {signal, n, 1, now.load_kw};
        goal = policy->look(cfg.policy.cfg, battery, &ahead);
    }
    const double kw = policy->order(cfg.policy.cfg, battery, &goal, &now);
    bound_fini(&b);
    return kw;
}

static void every_name_leads_to_its_policy(void **state)
{
    (void)state;
    for (const char *const *name = gw_battery_policy_names(); *name != NULL; name++) {
        const struct gw_battery_policy *policy = gw_battery_policy_find(*name);
        assert_non_null(policy);
        assert_string_equal(policy->name, *name);
        assert_ptr_equal(gw_battery_policy_type(*name), policy->type);
        assert_true((policy->look != NULL) == (policy->signal != GW_BATTERY_NO_SIGNAL));
        struct gw_errors errs = {0};
        gw_bind_verify(policy->type, &errs);
        assert_int_equal(errs.n, 0);
    }
    assert_null(gw_battery_policy_find("hope"));
    assert_string_equal(gw_battery_policy_usual(true)->name, "self-consumption");
    assert_string_equal(gw_battery_policy_usual(false)->name, "none");
}

static void self_consumption_follows_the_difference(void **state)
{
    (void)state;
    const struct gw_battery_now sunny = {.load_kw = 100, .onsite_kw = 130},
                                dull = {.load_kw = 100, .onsite_kw = 40};
    assert_near(order("self-consumption", &even, NULL, 0, sunny), 30, 0, 0);
    assert_near(order("self-consumption", &even, NULL, 0, dull), -60, 0, 0);
    assert_near(order("none", &even, NULL, 0, sunny), 0, 0, 0);
}

static void peak_shaving_keeps_the_import_level(void **state)
{
    (void)state;
    const struct gw_battery_now high = {.load_kw = 100}, low = {.load_kw = 100, .onsite_kw = 50};
    assert_near(order("{ policy: peak-shave, above: 80 kW }", &even, NULL, 0, high), -20, 0, 0);
    assert_near(order("{ policy: peak-shave, above: 80 kW }", &even, NULL, 0, low), 30, 0, 0);
}

/* A night of 100 and a day of 200 g/kWh: it buys at night, serves by day; without losses any gain pays. */
static void arbitrage_buys_low_and_serves_high(void **state)
{
    (void)state;
    double signal[24];
    for (int h = 0; h < 24; h++) {
        signal[h] = h < 12 ? 100 : 200;
    }
    const struct gw_battery_now night = {.load_kw = 50, .signal = 100}, day = {.load_kw = 50, .signal = 200},
                                sunny = {.load_kw = 50, .onsite_kw = 60, .signal = 200};
    assert_near(order("carbon-arbitrage", &even, signal, 24, night), 25, 0, 0);
    assert_near(order("carbon-arbitrage", &even, signal, 24, day), -25, 0, 0);
    assert_near(order("price-arbitrage", &even, signal, 24, day), -25, 0, 0);
    /* own surplus is stored, not served beside */
    assert_near(order("carbon-arbitrage", &even, signal, 24, sunny), 10, 0, 0);
    /* a flat signal, or one that is not known, is nothing to trade on */
    for (int h = 0; h < 24; h++) {
        signal[h] = 150;
    }
    assert_near(order("carbon-arbitrage", &even, signal, 24, day), 0, 0, 0);
    signal[3] = (double)NAN;
    assert_near(order("carbon-arbitrage", &even, signal, 24,
                      (struct gw_battery_now){.load_kw = 50, .signal = (double)NAN}),
                0, 0, 0);
}

/* A round trip of 81 % turns 100 into 123: at 120 there is nothing to gain, at 125 there is, unless a margin
 * of 10 % asks for 133. Money: 100 and a wear of 30 need more than 153. */
static void losses_margins_and_wear_must_be_earned(void **state)
{
    (void)state;
    struct gw_battery_cfg lossy = even;
    lossy.charge_efficiency = lossy.discharge_efficiency = 0.9;
    double signal[24];
    static const struct {
        const char *policy;
        double high, kw;
    } rows[] = {
        {"carbon-arbitrage", 120, 0},
        {"carbon-arbitrage", 125, 25},
        {"{ policy: carbon-arbitrage, margin: 10 % }", 125, 0},
        {"{ policy: carbon-arbitrage, margin: 10 % }", 134, 25},
        {"{ policy: price-arbitrage, wear: 30 USD/MWh }", 150, 0},
        {"{ policy: price-arbitrage, wear: 30 USD/MWh }", 155, 25},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int h = 0; h < 24; h++) {
            signal[h] = h < 12 ? 100 : rows[i].high;
        }
        const struct gw_battery_now low = {.load_kw = 50, .signal = 100};
        assert_near(order(rows[i].policy, &lossy, signal, 24, low), rows[i].kw, 0, 0);
    }
}

/* Hours 0, 1, ... 23: a battery of 4 hours buys in the four lowest and serves in the four highest. */
static void it_takes_as_many_hours_as_it_needs(void **state)
{
    (void)state;
    double signal[24];
    for (int h = 0; h < 24; h++) {
        signal[h] = h;
    }
    for (int h = 0; h < 24; h++) {
        const struct gw_battery_now now = {.load_kw = 50, .signal = h};
        assert_near(order("price-arbitrage", &even, signal, 24, now), h <= 3 ? 25 : h >= 20 ? -25 : 0, 0, 0);
    }
}

/* A load of half the battery's power takes twice the hours to serve: eight of the highest, still four to buy.
 */
static void a_small_load_needs_more_hours(void **state)
{
    (void)state;
    double signal[24];
    for (int h = 0; h < 24; h++) {
        signal[h] = h;
    }
    for (int h = 0; h < 24; h++) {
        const struct gw_battery_now now = {.load_kw = 12.5, .signal = h};
        assert_near(order("price-arbitrage", &even, signal, 24, now), h <= 3 ? 25 : h >= 16 ? -25 : 0, 0, 0);
    }
}

/* One dear hour among equal ones: less than a full cycle still pays. */
static void a_single_dear_hour_is_enough(void **state)
{
    (void)state;
    double signal[24];
    for (int h = 0; h < 24; h++) {
        signal[h] = h == 18 ? 90 : 40;
    }
    const struct gw_battery_now usual = {.load_kw = 50, .signal = 40}, dear = {.load_kw = 50, .signal = 90};
    assert_near(order("price-arbitrage", &even, signal, 24, dear), -25, 0, 0);
    assert_near(order("price-arbitrage", &even, signal, 24, usual), 25, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_leads_to_its_policy),
        cmocka_unit_test(self_consumption_follows_the_difference),
        cmocka_unit_test(peak_shaving_keeps_the_import_level),
        cmocka_unit_test(arbitrage_buys_low_and_serves_high),
        cmocka_unit_test(losses_margins_and_wear_must_be_earned),
        cmocka_unit_test(it_takes_as_many_hours_as_it_needs),
        cmocka_unit_test(a_small_load_needs_more_hours),
        cmocka_unit_test(a_single_dear_hour_is_enough),
    };
    return cmocka_run_group_tests_name("battery_policy", tests, NULL, NULL);
}
