/* Random loads against random contracts and tariffs: what must hold whatever the numbers. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/supply/contracts.h"
#include "models/supply/tariff.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

enum { TRIALS = 300, HOURS = 48, PARTS = 12 };

static double uniform(gsl_rng *r, double from, double to)
{
    return from + (to - from) * gsl_rng_uniform(r);
}

/* A tariff with a price by the clock, a demand charge with a ratchet and a block of hours of its own. */
static struct gw_tariff random_tariff(gsl_rng *r, struct gw_tariff_demand *row, double *flat)
{
    *row = (struct gw_tariff_demand){.name = "d",
                                     .price_usd_per_kw_month = uniform(r, 0, 20),
                                     .interval_us = GW_US_PER_H / (gsl_rng_uniform_int(r, 2) == 0 ? 4 : 2),
                                     .ratchet_frac = uniform(r, 0, 1)};
    *flat = uniform(r, 10, 200);
    return (struct gw_tariff){.energy = {.alt = GW_TARIFF_FLAT, .at = flat},
                              .adder_usd_per_mwh = uniform(r, 0, 50),
                              .fixed_usd_per_month = uniform(r, 0, 1000),
                              .daylight_saving = (int32_t)gsl_rng_uniform_int(r, 3),
                              .demand = {1, row}};
}

struct total {
    double energy_usd, demand_usd, owed_usd;
};

static struct total bill_of(const struct gw_tariff *t, const struct gw_tariff_before *before,
                            const double *kw, int parts, double scale)
{
    const gw_time_us start = INT64_C(1679788800) * GW_US_PER_S; /* 26 March 2023: European clocks change */
    struct gw_arena arena = {0};
    struct gw_tariff_bill bill;
    assert_true(gw_tariff_open(&bill, t, 1.0, before, start, start + HOURS * GW_US_PER_H, &arena));
    struct total sum = {0};
    for (int i = 0; i < HOURS * parts; i++) {
        const gw_time_us step_us = GW_US_PER_H / parts, from = start + i * step_us;
        const struct gw_tariff_charge c =
            gw_tariff_add(&bill, from, from + step_us, scale * kw[i / parts] / parts, 40);
        assert_true(c.demand_usd >= 0 && c.owed_usd >= 0);
        sum.energy_usd += c.energy_usd + c.fixed_usd;
        sum.demand_usd += c.demand_usd;
        sum.owed_usd += c.owed_usd;
    }
    gw_arena_fini(&arena);
    return sum;
}

static void bills_rise_with_the_load_and_do_not_depend_on_the_step(void **state)
{
    (void)state;
    gsl_rng *r = gw_rng_create(20240611, 0, "test/accounts/bills");
    for (int trial = 0; trial < TRIALS; trial++) {
        struct gw_tariff_demand row;
        double flat, kw[HOURS];
        const struct gw_tariff tariff = random_tariff(r, &row, &flat);
        const struct gw_tariff_before before = {uniform(r, 0, 800), uniform(r, 0, 1200)};
        for (int h = 0; h < HOURS; h++) {
            kw[h] = uniform(r, 0, 1000);
        }
        const struct total hourly = bill_of(&tariff, &before, kw, 1, 1),
                           fine = bill_of(&tariff, &before, kw, PARTS, 1);
        assert_near(fine.energy_usd, hourly.energy_usd, 1e-9, 1e-9);
        assert_near(fine.demand_usd, hourly.demand_usd, 1e-9, 1e-9); /* power is even within the hour */
        const struct total more = bill_of(&tariff, &before, kw, 1, 1.3);
        if (more.energy_usd < hourly.energy_usd || more.demand_usd < hourly.demand_usd) {
            fail_msg("trial %d: more load costs %.17g and %.17g, less %.17g and %.17g", trial,
                     more.energy_usd, more.demand_usd, hourly.energy_usd, hourly.demand_usd);
        }
        assert_near(more.owed_usd, hourly.owed_usd, 1e-12, 1e-12); /* whatever the run does */
    }
    gsl_rng_free(r);
}

static void matching_by_the_hour_never_credits_more_than_by_the_year(void **state)
{
    (void)state;
    gsl_rng *r = gw_rng_create(20240612, 0, "test/accounts/contracts");
    for (int trial = 0; trial < TRIALS; trial++) {
        const struct gw_contract hourly = {.name = "c", .capacity_kw = 1, .same_grid = true};
        struct gw_contract annual = hourly;
        annual.matching = GW_CONTRACT_ANNUAL;
        struct gw_contract_ready by_hour = {
            .cfg = &hourly, .output = {.scale = 1}, .carbon_gco2_per_kwh = 11};
        struct gw_contract_ready by_year = {
            .cfg = &annual, .output = {.scale = 1}, .carbon_gco2_per_kwh = 11};
        struct gw_contract_book a, b;
        gw_contracts_open(&a, &by_hour, 1);
        gw_contracts_open(&b, &by_year, 1);
        double load = 0, credit_a = 0, credit_b = 0, free = 0, market_a = 0, market_b = 0;
        for (int h = 0; h < HOURS; h++) {
            by_hour.output.constant = by_year.output.constant = uniform(r, 0, 800);
            const struct gw_contract_step step = {.from_unix_us = h * GW_US_PER_H,
                                                  .to_unix_us = (h + 1) * GW_US_PER_H,
                                                  .load_kwh = uniform(r, 0, 1000),
                                                  .wholesale_usd_per_mwh = 50,
                                                  .residual_gco2_per_kwh = uniform(r, 11, 900),
                                                  .grid_free_frac = uniform(r, 0, 1),
                                                  .generates = true};
            const struct gw_contract_sums x = gw_contracts_add(&a, &step), y = gw_contracts_add(&b, &step);
            load += step.load_kwh;
            credit_a += x.matched_kwh;
            credit_b += y.matched_kwh;
            free += x.carbon_free_kwh;
            market_a += x.market_kgco2;
            market_b += y.market_kgco2;
            assert_near(x.carbon_free_kwh, y.carbon_free_kwh, 1e-9,
                        1e-6); /* CFE is by the hour in any case */
        }
        assert_true(credit_a <= credit_b * (1 + 1e-12) && credit_b <= load * (1 + 1e-12));
        assert_true(free >= 0 && free <= load * (1 + 1e-12));
        assert_true(market_a >= 0 && market_b >= 0);
    }
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bills_rise_with_the_load_and_do_not_depend_on_the_step),
        cmocka_unit_test(matching_by_the_hour_never_credits_more_than_by_the_year),
    };
    return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
