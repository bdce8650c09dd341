/* The battery's curves in time against their closed forms, its limits, and bad input. */
#include "tests/support/bound.h"

#include "models/supply/battery.h"

/* 100 kWh, 40 kW, 90 % each way, tapers of half an hour and a quarter. */
static const struct gw_battery_cfg cells = {
    .energy_kwh = 100,
    .power_kw = 40,
    .charge_efficiency = 0.9,
    .discharge_efficiency = 0.9,
    .charge_taper_h = 0.5,
    .discharge_taper_h = 0.25,
    .soc_min = 0.1,
    .soc_max = 0.95,
    .initial = 0.5,
};

static void the_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_battery_type, &errs);
    assert_int_equal(errs.n, 0);
    struct bound b;
    struct gw_battery_cfg cfg;
    bound_read(&b, &gw_battery_type, "{ energy: 4 MWh }\n", &cfg);
    assert_near(gw_battery_power_kw(&cfg), 1000, 0, 0); /* four hours */
    assert_near(cfg.charge_efficiency * cfg.discharge_efficiency, 0.85, 1e-3, 0);
    assert_near(gw_battery_reserve_kwh(&cfg), gw_battery_floor_kwh(&cfg), 0, 0);
    assert_null(cfg.policy.name);
    bound_fini(&b);
    bound_fails(&b, &gw_battery_type, "{ energy: 4 MWh, initial: 5 % }\n", &cfg, "outside soc_min 0.1");
    bound_fails(&b, &gw_battery_type, "{ energy: 4 MWh, soc_min: 96 % }\n", &cfg, "not below soc_max");
    bound_fails(&b, &gw_battery_type, "{ energy: 4 MWh, reserve: 99 % }\n", &cfg, "above soc_max");
    bound_fails(&b, &gw_battery_type, "{ energy: 4 MWh, policy: hope }\n", &cfg, "hope");
}

/* From 45 kWh there are 50 kWh of room; 40 kW need 20 of it, so 30 / (0.9 * 40) h = 5/6 h pass at full power;
 * then it falls with the rate 0.9 / 0.5 h, and all that ever flows is 50 / 0.9 kWh. */
static void charging_is_level_and_then_falls_off(void **state)
{
    (void)state;
    const struct gw_battery_flow flow = gw_battery_charge(&cells, 45, 100);
    assert_near(flow.kw, 40, 0, 0);
    assert_near(flow.flat_h, 5.0 / 6, 1e-14, 0);
    assert_near(flow.rate_per_h, 1.8, 1e-14, 0);
    assert_near(gw_battery_kwh(&flow, 0.5), 20, 1e-14, 0);
    assert_near(gw_battery_kw(&flow, 5.0 / 6 + 1), 40 * exp(-1.8), 1e-14, 0);
    assert_near(gw_battery_kwh(&flow, 5.0 / 6 + 1), 40 * 5.0 / 6 + 40 / 1.8 * (1 - exp(-1.8)), 1e-14, 0);
    assert_near(gw_battery_kwh(&flow, 100), 50 / 0.9, 1e-13, 0);
    /* the taper's own law: the power is the room left over half an hour, at every instant of it */
    for (double h = 0.9; h < 5; h += 0.3) {
        assert_near(gw_battery_kw(&flow, h), (50 - 0.9 * gw_battery_kwh(&flow, h)) / 0.5, 1e-12, 0);
    }
}

/* From 30 kWh down to 10: the cells give 20 kWh, the site gets 18. 40 kW need 10 kWh left, so 10 * .9 / 40 h
 * are level. */
static void discharging_does_the_same(void **state)
{
    (void)state;
    const struct gw_battery_flow flow = gw_battery_discharge(&cells, 30, 10, 1000);
    assert_near(flow.flat_h, 10 * 0.9 / 40, 1e-13, 0);
    assert_near(flow.rate_per_h, 1 / (0.9 * 0.25), 1e-13, 0);
    assert_near(gw_battery_kwh(&flow, 1000), 18, 1e-13, 0);
}

/* Less than asked, less than its power, less than what is left; never below the floor or above the ceiling.
 */
static void power_and_fill_bound_a_request(void **state)
{
    (void)state;
    assert_near(gw_battery_charge(&cells, 20, 7).kw, 7, 0, 0);
    assert_near(gw_battery_charge(&cells, 20, 70).kw, 40, 0, 0);
    assert_near(gw_battery_charge(&cells, 94, 70).kw, 2, 1e-12, 0); /* 1 kWh of room over half an hour */
    assert_near(gw_battery_charge(&cells, 95, 70).kw, 0, 0, 0);
    assert_near(gw_battery_charge(&cells, 20, -1).kw, 0, 0, 0);
    assert_near(gw_battery_discharge(&cells, 10, 10, 70).kw, 0, 0, 0);
    assert_near(gw_battery_discharge(&cells, 12, 10, 70).kw, 8, 1e-13, 0);
    assert_near(gw_battery_discharge(&cells, 5, 10, 70).kw, 0, 0, 0); /* below a reserve set later */
}

/* Without a taper it runs at full power and stops: 50 kWh of room take 50 / 36 h. */
static void without_a_taper_it_stops_at_once(void **state)
{
    (void)state;
    struct gw_battery_cfg cfg = cells;
    cfg.charge_taper_h = 0;
    const struct gw_battery_flow flow = gw_battery_charge(&cfg, 45, 100);
    assert_near(flow.flat_h, 50.0 / 36, 1e-14, 0);
    assert_near(gw_battery_kw(&flow, 50.0 / 36), 40, 0, 0);
    assert_near(gw_battery_kw(&flow, 1.4), 0, 0, 0);
    assert_near(gw_battery_kwh(&flow, 5), 50 / 0.9, 1e-13, 0);
    assert_near(gw_battery_hours_above(&flow, 1), 50.0 / 36, 1e-14, 0);
}

/* 40 kW for 5/6 h, then falling through 20 kW after ln 2 / 1.8 h more. */
static void a_level_cuts_the_curve(void **state)
{
    (void)state;
    const struct gw_battery_flow flow = gw_battery_charge(&cells, 45, 100);
    const double crossing_h = 5.0 / 6 + log(2) / 1.8;
    assert_near(gw_battery_hours_above(&flow, 20), crossing_h, 1e-14, 0);
    assert_near(gw_battery_hours_above(&flow, 41), 0, 0, 0);
    assert_near(gw_battery_kwh_below(&flow, 20, 1), 20, 1e-14, 0);
    assert_near(gw_battery_kwh_below(&flow, 20, 100), 20 * crossing_h + 20 / 1.8, 1e-13, 0);
    assert_near(gw_battery_kwh_below(&flow, 41, 2), gw_battery_kwh(&flow, 2), 0, 0);
    assert_near(gw_battery_kwh_below(&flow, 0, 2), 0, 0, 0);
}

/* Any way of cutting two hours gives the same energy in the cells: the curve is a solution in time. */
static void cutting_a_step_changes_nothing(void **state)
{
    (void)state;
    for (int parts = 1; parts <= 64; parts *= 2) {
        double up_kwh = 45, down_kwh = 45;
        for (int i = 0; i < parts; i++) {
            const struct gw_battery_flow in = gw_battery_charge(&cells, up_kwh, 33);
            const struct gw_battery_flow out = gw_battery_discharge(&cells, down_kwh, 20, 33);
            up_kwh += 0.9 * gw_battery_kwh(&in, 2.0 / parts);
            down_kwh -= gw_battery_kwh(&out, 2.0 / parts) / 0.9;
        }
        const struct gw_battery_flow in = gw_battery_charge(&cells, 45, 33);
        const struct gw_battery_flow out = gw_battery_discharge(&cells, 45, 20, 33);
        assert_near(up_kwh, 45 + 0.9 * gw_battery_kwh(&in, 2), 1e-12, 0);
        assert_near(down_kwh, 45 - gw_battery_kwh(&out, 2) / 0.9, 1e-12, 0);
    }
}

/* 9 kWh missing in the cells are 10 kWh to buy; 10 kWh too many save 9. */
static void settling_pays_the_losses_of_its_way(void **state)
{
    (void)state;
    assert_near(gw_battery_settle_kwh(&cells, 50, 41), 10, 1e-14, 0);
    assert_near(gw_battery_settle_kwh(&cells, 50, 60), -9, 1e-14, 0);
    assert_near(gw_battery_settle_kwh(&cells, 50, 50), 0, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_right),
        cmocka_unit_test(charging_is_level_and_then_falls_off),
        cmocka_unit_test(discharging_does_the_same),
        cmocka_unit_test(power_and_fill_bound_a_request),
        cmocka_unit_test(without_a_taper_it_stops_at_once),
        cmocka_unit_test(a_level_cuts_the_curve),
        cmocka_unit_test(cutting_a_step_changes_nothing),
        cmocka_unit_test(settling_pays_the_losses_of_its_way),
    };
    return cmocka_run_group_tests_name("battery", tests, NULL, NULL);
}
