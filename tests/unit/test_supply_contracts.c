/* What contracts are credited with: by the hour and over a run, in carbon and in money; by hand. */
#include "tests/support/bound.h"

#include <math.h>

#include "models/grid/mix.h"
#include "models/supply/contracts.h"
#include "sim/base/units.h"

enum { MAX = 4 };

struct site {
    struct bound b;
    struct gw_slice contracts;
    struct gw_contract_ready ready[MAX];
    struct gw_contract_book book;
};

struct root {
    struct gw_slice contracts;
};
static const struct gw_type list = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .max = MAX, .of = &gw_contracts_type};
static const struct gw_field fields[] = {GW_FIELD(struct root, contracts, &list, "[]", "Contracts", NULL),
                                         GW_FIELD_END};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A site's contracts"};

/* A grid of 400 g/kWh, 30 % free of carbon, 50 USD/MWh; lifecycle factors. */
static void open_site(struct site *s, const char *yaml)
{
    struct root root;
    const struct gw_grid grid = {.label = "constant", .wind.constant = NAN, .solar.constant = NAN};
    bound_read(&s->b, &root_type, yaml, &root);
    s->contracts = root.contracts;
    for (uint32_t i = 0; i < root.contracts.n; i++) {
        assert_int_equal(gw_contracts_prepare((const struct gw_contract *)root.contracts.at + i, &grid, true,
                                              NULL, &s->ready[i], &s->b.arena, NULL),
                         GW_OK);
    }
    gw_contracts_open(&s->book, s->ready, root.contracts.n);
}

static void add(struct gw_contract_sums *sum, const struct gw_contract_sums *more)
{
    sum->contracted_kwh += more->contracted_kwh;
    sum->matched_kwh += more->matched_kwh;
    sum->renewable_kwh += more->renewable_kwh;
    sum->matched_hourly_kwh += more->matched_hourly_kwh;
    sum->carbon_free_kwh += more->carbon_free_kwh;
    sum->market_kgco2 += more->market_kgco2;
    sum->settlement_usd += more->settlement_usd;
}

/* The loads of hours one after the other, kWh, in `parts` steps each. */
static struct gw_contract_sums run(struct site *s, const double *load_kwh, size_t hours, int parts)
{
    struct gw_contract_sums sum = {0};
    const gw_time_us step_us = GW_US_PER_H / parts;
    for (size_t h = 0; h < hours; h++) {
        for (int p = 0; p < parts; p++) {
            const gw_time_us from = (gw_time_us)h * GW_US_PER_H + p * step_us;
            const struct gw_contract_step step = {.from_unix_us = from,
                                                  .to_unix_us = from + step_us,
                                                  .load_kwh = load_kwh[h] / parts,
                                                  .wholesale_usd_per_mwh = 50,
                                                  .residual_gco2_per_kwh = 400,
                                                  .grid_free_frac = 0.3,
                                                  .generates = true};
            const struct gw_contract_sums more = gw_contracts_add(&s->book, &step);
            add(&sum, &more);
        }
    }
    return sum;
}

static const double loads[] = {100, 300}; /* kWh in two hours */

/* 200 kW of steady wind: 100 of 100 and 200 of 300 kWh. */
static void by_the_hour_only_the_same_hours_output_counts(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, "contracts: [ { name: w, technology: wind, capacity: 200 kW, price: 45 } ]\n");
    const struct gw_contract_sums sum = run(&s, loads, 2, 1);
    assert_near(sum.contracted_kwh, 400, 1e-12, 0);
    assert_near(sum.matched_kwh, 300, 1e-12, 0);
    assert_near(sum.renewable_kwh, 300, 1e-12, 0);
    assert_near(sum.market_kgco2, 0.3 * 11 + 0.1 * 400, 1e-12, 0); /* 300 kWh of wind, 100 of the rest */
    assert_near(sum.carbon_free_kwh, 300 + 0.3 * 100, 1e-12, 0);
    bound_fini(&s.b);
}

/* The same contract over both hours: 400 of 400 kWh, while the hours still tell 300. */
static void over_the_run_the_surplus_of_one_hour_serves_another(void **state)
{
    (void)state;
    struct site s;
    open_site(
        &s, "contracts: [ { name: w, technology: wind, capacity: 200 kW, price: 45, matching: annual } ]\n");
    const struct gw_contract_sums sum = run(&s, loads, 2, 1);
    assert_near(sum.matched_kwh, 400, 1e-12, 0);
    assert_near(sum.matched_hourly_kwh, 300, 1e-12, 0);
    assert_near(sum.market_kgco2, 0.4 * 11, 1e-12, 0);
    assert_near(sum.carbon_free_kwh, 300 + 0.3 * 100, 1e-12, 0); /* CFE knows hours only */
    bound_fini(&s.b);
}

/* First the hourly contract (100 kW: 100 + 100), then the annual one on the 200 kWh that are left (50 + 50).
 */
static void annual_contracts_take_what_hourly_ones_leave(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, "contracts:\n"
                  "  - { name: n, technology: nuclear, capacity: 100 kW, price: 60 }\n"
                  "  - { name: s, technology: solar, capacity: 50 kW, price: 40, matching: annual }\n");
    const struct gw_contract_sums sum = run(&s, loads, 2, 1);
    assert_near(sum.matched_kwh, 300, 1e-12, 0);
    assert_near(sum.renewable_kwh, 100, 1e-12, 0);
    assert_near(sum.market_kgco2, 0.2 * 12 + 0.1 * 45 + 0.1 * 400, 1e-12, 0);
    bound_fini(&s.b);
}

static void steps_within_an_hour_change_nothing(void **state)
{
    (void)state;
    static const char yaml[] =
        "contracts:\n"
        "  - { name: n, technology: nuclear, capacity: 120 kW, price: 60 }\n"
        "  - { name: s, technology: solar, capacity: 70 kW, price: 40, matching: annual }\n";
    struct site a, b;
    open_site(&a, yaml);
    open_site(&b, yaml);
    const struct gw_contract_sums hourly = run(&a, loads, 2, 1), fine = run(&b, loads, 2, 12);
    assert_near(fine.matched_kwh, hourly.matched_kwh, 1e-12, 0);
    assert_near(fine.market_kgco2, hourly.market_kgco2, 1e-12, 0);
    assert_near(fine.carbon_free_kwh, hourly.carbon_free_kwh, 1e-12, 0);
    assert_near(fine.settlement_usd, hourly.settlement_usd, 1e-12, 0);
    bound_fini(&a.b);
    bound_fini(&b.b);
}

/* 400 kWh at a strike of 45 against 50 USD/MWh: the site receives; certificates cost 2 USD/MWh. */
static void a_ppa_settles_against_the_market(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, "contracts:\n"
                  "  - { name: w, technology: wind, capacity: 200 kW, price: 45 }\n"
                  "  - { name: c, kind: certificates, technology: wind, capacity: 100 kW, price: 2 }\n");
    const struct gw_contract_sums sum = run(&s, loads, 2, 1);
    assert_near(sum.settlement_usd, 0.4 * (45 - 50) + 0.2 * 2, 1e-12, 0);
    bound_fini(&s.b);
}

static void plants_of_another_grid_are_paid_and_match_nothing(void **state)
{
    (void)state;
    struct site s;
    open_site(
        &s, "contracts: [ { name: w, technology: wind, capacity: 200 kW, price: 45, same_grid: false } ]\n");
    const struct gw_contract_sums sum = run(&s, loads, 2, 1);
    assert_near(sum.settlement_usd, 0.4 * (45 - 50), 1e-12, 0);
    assert_true(sum.matched_kwh == 0 && sum.matched_hourly_kwh == 0);
    assert_near(sum.market_kgco2, 0.4 * 400, 1e-12, 0);
    bound_fini(&s.b);
}

static void without_contracts_the_market_view_is_the_residual_mix(void **state)
{
    (void)state;
    struct site s;
    open_site(&s, "contracts: []\n");
    const struct gw_contract_sums sum = run(&s, loads, 2, 4);
    assert_near(sum.market_kgco2, 0.4 * 400, 1e-12, 0);
    assert_near(sum.carbon_free_kwh, 0.3 * 400, 1e-12, 0);
    bound_fini(&s.b);
}

static void a_plant_without_hours_to_follow_is_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    struct gw_error err;
    struct gw_contract_ready ready;
    const struct gw_grid grid = {.label = "constant", .wind.constant = NAN, .solar.constant = NAN};
    bound_read(&b, &root_type,
               "contracts: [ { name: w, technology: wind, capacity: 1 MW, price: 45, output: { like_grid: { "
               "capacity_factor: 35 % } } } ]\n",
               &root);
    assert_int_equal(gw_contracts_prepare(root.contracts.at, &grid, true, NULL, &ready, &b.arena, &err),
                     GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "constant has no hours of wind to follow"));
    bound_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_hour_only_the_same_hours_output_counts),
        cmocka_unit_test(over_the_run_the_surplus_of_one_hour_serves_another),
        cmocka_unit_test(annual_contracts_take_what_hourly_ones_leave),
        cmocka_unit_test(steps_within_an_hour_change_nothing),
        cmocka_unit_test(a_ppa_settles_against_the_market),
        cmocka_unit_test(plants_of_another_grid_are_paid_and_match_nothing),
        cmocka_unit_test(without_contracts_the_market_view_is_the_residual_mix),
        cmocka_unit_test(a_plant_without_hours_to_follow_is_refused),
    };
    return cmocka_run_group_tests_name("supply_contracts", tests, NULL, NULL);
}
