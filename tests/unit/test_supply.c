/* Where a step's energy comes from, one situation after the other, with a pencil. */
#include "tests/support/bound.h"

#include "models/supply/supply.h"

/* 100 kWh, 40 kW, 80 % each way, no taper; a fifth kept in reserve above a floor of a tenth. */
static const struct gw_battery_cfg cells = {.energy_kwh = 100,
                                            .power_kw = 40,
                                            .charge_efficiency = 0.8,
                                            .discharge_efficiency = 0.8,
                                            .soc_min = 0.1,
                                            .soc_max = 0.9,
                                            .reserve = 0.2,
                                            .initial = 0.5};
static const struct gw_supply_cfg bare = {.import_limit_kw = (double)NAN};
static const struct gw_supply_cfg stored = {.battery = &cells, .import_limit_kw = (double)NAN};

static struct gw_supply_out step(const struct gw_supply_cfg *cfg, double stored_kwh, struct gw_supply_in in,
                                 double *after_kwh)
{
    struct gw_supply_out out = {0};
    gw_supply_add(cfg, &in, &stored_kwh, &out);
    *after_kwh = stored_kwh;
    const double sources = out.import_kwh + out.pv_kwh + out.wind_kwh + out.discharge_kwh + out.unserved_kwh;
    const double uses = in.load_kw * in.hours + out.charge_kwh + out.export_kwh + out.curtailed_kwh;
    assert_near(sources, uses, 1e-14, 1e-14);
    assert_near(out.charge_kwh, out.discharge_kwh + out.loss_kwh + out.stored_kwh, 1e-13, 1e-13);
    return out;
}

static void a_grid_alone_gives_what_is_asked(void **state)
{
    (void)state;
    double after;
    assert_near(step(&bare, 0, (struct gw_supply_in){.load_kw = 70, .hours = 0.5}, &after).import_kwh, 35, 0,
                0);
    assert_false(gw_supply_exists(&bare));
    assert_true(gw_supply_exists(&stored));
    assert_true(gw_supply_exists(&(struct gw_supply_cfg){.import_limit_kw = 5}));
}

/* 30 of PV and 20 of wind under a load of 70 leave 20 to buy. */
static void own_plants_come_first(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_out out =
        step(&bare, 0, (struct gw_supply_in){.load_kw = 70, .pv_kw = 30, .wind_kw = 20, .hours = 2}, &after);
    assert_near(out.import_kwh, 40, 0, 0);
    assert_near(out.pv_kwh, 60, 0, 0);
    assert_near(out.wind_kwh, 40, 0, 0);
}

/* 50 kW too many, 20 of which may leave. */
static void surplus_leaves_up_to_the_limit_and_the_rest_is_lost(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_cfg cfg = {.import_limit_kw = (double)NAN, .export_limit_kw = 20};
    const struct gw_supply_out out =
        step(&cfg, 0, (struct gw_supply_in){.load_kw = 10, .pv_kw = 60, .hours = 1}, &after);
    assert_near(out.export_kwh, 20, 0, 0);
    assert_near(out.curtailed_kwh, 30, 0, 0);
    assert_near(out.import_kwh, 0, 0, 0);
}

/* 32 kWh of room at 80 % take 40 kWh: one hour of the 40 kW the battery can do. In the second hour all of the
 * surplus is lost. */
static void surplus_fills_the_battery_until_it_is_full(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_in in = {.load_kw = 10, .pv_kw = 60, .order_kw = 50, .hours = 2};
    const struct gw_supply_out out = step(&stored, 58, in, &after);
    assert_near(out.charge_kwh, 40, 1e-14, 0);
    assert_near(out.curtailed_kwh, 60, 1e-14, 0);
    assert_near(after, 90, 1e-14, 0);
    assert_near(out.loss_kwh, 8, 1e-13, 0);
}

/* 50 kWh above nothing: the reserve leaves 30 in the cells, 24 at the terminals: 36 minutes of 40 kW. */
static void a_policy_stops_at_the_reserve(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_out out =
        step(&stored, 50, (struct gw_supply_in){.load_kw = 100, .order_kw = -500, .hours = 1}, &after);
    assert_near(out.discharge_kwh, 24, 1e-14, 0);
    assert_near(out.import_kwh, 76, 1e-14, 0);
    assert_near(after, 20, 1e-13, 0);
}

static void nothing_is_served_into_the_grid(void **state)
{
    (void)state;
    double after;
    struct gw_supply_in in = {.load_kw = 10, .order_kw = -40, .hours = 1};
    assert_near(step(&stored, 80, in, &after).discharge_kwh, 10, 1e-14, 0);
    in.pv_kw = 15;
    assert_near(step(&stored, 80, in, &after).discharge_kwh, 0, 0, 0);
}

/* 100 kW of load under a limit of 90: the battery gives the missing 10, out of its reserve as well, down to
 * its floor: 15 kWh in the cells are 12 at the terminals, 72 minutes; in the other 48, 8 kWh are missing. */
static void beyond_the_import_limit_the_battery_serves_then_energy_is_missing(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_cfg cfg = {.battery = &cells, .import_limit_kw = 90};
    const struct gw_supply_in in = {.load_kw = 100, .order_kw = 40, .hours = 2};
    const struct gw_supply_out out = step(&cfg, 25, in, &after);
    assert_near(out.discharge_kwh, 12, 1e-13, 0);
    assert_near(out.unserved_kwh, 8, 1e-12, 0);
    assert_near(out.import_kwh, 180, 1e-13, 0);
    assert_near(after, 10, 1e-13, 0);
    /* without a battery all of it is missing */
    const struct gw_supply_cfg none = {.import_limit_kw = 90};
    assert_near(step(&none, 0, in, &after).unserved_kwh, 20, 1e-13, 0);
}

/* A policy that wants 40 kW under the same limit: 8 kWh above the reserve give 6.4, 9.6 minutes; the other
 * 50.4 need 8.4 kWh, of which the 10 kWh of reserve give 8. */
static void the_reserve_is_left_to_the_limit(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_cfg cfg = {.battery = &cells, .import_limit_kw = 90};
    const struct gw_supply_out out =
        step(&cfg, 28, (struct gw_supply_in){.load_kw = 100, .order_kw = -40, .hours = 1}, &after);
    assert_near(out.discharge_kwh, 6.4 + 8, 1e-12, 0);
    assert_near(out.unserved_kwh, 0.4, 1e-11, 0);
    assert_near(out.import_kwh, 100 - 14.4 - 0.4, 1e-12, 0);
}

/* Charging from the grid: 40 wanted, 25 fit under the limit beside the load; with a surplus of 5, that first.
 */
static void charging_respects_the_import_limit(void **state)
{
    (void)state;
    double after;
    const struct gw_supply_cfg cfg = {.battery = &cells, .import_limit_kw = 90};
    struct gw_supply_in in = {.load_kw = 65, .order_kw = 40, .hours = 1};
    struct gw_supply_out out = step(&cfg, 20, in, &after);
    assert_near(out.charge_kwh, 25, 1e-14, 0);
    assert_near(out.import_kwh, 90, 1e-14, 0);
    in.pv_kw = 70;
    out = step(&cfg, 20, in, &after);
    assert_near(out.charge_kwh, 40, 1e-14, 0);
    assert_near(out.import_kwh, 35, 1e-14, 0);
    assert_near(out.curtailed_kwh, 0, 0, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_alone_gives_what_is_asked),
        cmocka_unit_test(own_plants_come_first),
        cmocka_unit_test(surplus_leaves_up_to_the_limit_and_the_rest_is_lost),
        cmocka_unit_test(surplus_fills_the_battery_until_it_is_full),
        cmocka_unit_test(a_policy_stops_at_the_reserve),
        cmocka_unit_test(nothing_is_served_into_the_grid),
        cmocka_unit_test(beyond_the_import_limit_the_battery_serves_then_energy_is_missing),
        cmocka_unit_test(the_reserve_is_left_to_the_limit),
        cmocka_unit_test(charging_respects_the_import_limit),
    };
    return cmocka_run_group_tests_name("supply", tests, NULL, NULL);
}
