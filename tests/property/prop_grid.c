/* Whatever the mix, the dials and the weather: plants and trade meet demand in every hour, nothing is
 * negative, margins and averages lie between the plants' factors. */
#include "tests/support/entries.h"

#include <math.h>

#include "models/grid/grid_year.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

enum { TRIALS = 120, HOURS = 24 * 60 };

static double between(struct gw_rng *rng, double low, double high)
{
    return low + (high - low) * gw_rng_unit(gw_rng_next(rng));
}

/* Some fuels missing, the rest in any proportion; always a little that can follow demand. */
static struct gw_zone draw(struct gw_rng *rng, const struct gw_zone *like)
{
    struct gw_zone zone = *like;
    zone.import = NULL;
    double sum = 0;
    for (int f = 0; f < GW_FUELS; f++) {
        zone.mix.of[f] = between(rng, 0, 1) < 0.3 ? 0 : pow(between(rng, 0, 1), 3);
        zone.mix.of[f] += f == GW_FUEL_GAS ? 0.05 : 0;
        sum += zone.mix.of[f];
    }
    for (int f = 0; f < GW_FUELS; f++) {
        zone.mix.of[f] /= sum;
    }
    zone.lat_deg = between(rng, -65, 65);
    zone.lon_deg = between(rng, -180, 180);
    zone.wind.variation = between(rng, 0.2, 1.5);
    zone.wind.capacity_factor = between(rng, 0.05, 0.6);
    zone.hydro.flexible_frac = between(rng, 0, 1);
    zone.hydro.variation = between(rng, 0, 0.6);
    zone.dispatch.damped_frac = between(rng, 0, 0.9);
    zone.dispatch.exported_frac = between(rng, 0, 1);
    zone.dispatch.hydro_slope = between(rng, 0.5, 3);
    zone.dispatch.gas_slope = between(rng, 0.7, 1.6);
    return zone;
}

static void check_hour(const struct gw_zone *zone, const struct gw_grid_year *year, size_t i)
{
    double sum = 0, low = INFINITY, high = 0;
    for (int f = 0; f < GW_FUELS; f++) {
        const double g = year->generation[f].value[i];
        assert_true(g >= 0);
        sum += g;
        if (zone->mix.of[f] > 0) {
            low = fmin(low, zone->lifecycle_gco2_per_kwh.of[f]);
            high = fmax(high, zone->lifecycle_gco2_per_kwh.of[f]);
        }
    }
    assert_near(sum, year->demand.value[i] + year->net_export.value[i], 1e-9, 1e-9);

    const double average = year->carbon[GW_CARBON_AVERAGE_LIFECYCLE].value[i];
    const double marginal = year->carbon[GW_CARBON_MARGINAL_LIFECYCLE].value[i];
    const double curtailed = year->curtailed.value[i];
    assert_true(average >= low - 1e-9 && average <= high + 1e-9);
    assert_true(curtailed >= 0);
    if (curtailed > 0) {
        assert_true(marginal == 0);
    } else {
        assert_true(marginal >= low - 1e-9 && marginal <= high + 1e-9);
    }
    assert_true(year->carbon[GW_CARBON_AVERAGE_DIRECT].value[i] <= average);
    assert_true(year->carbon[GW_CARBON_MARGINAL_DIRECT].value[i] <= marginal);
    const double renewable = year->renewable_frac.value[i], carbon_free = year->carbon_free_frac.value[i];
    assert_true(renewable >= 0 && renewable <= carbon_free && carbon_free <= 1 + 1e-12);
    assert_true(year->water_l_per_kwh.value[i] >= 0);
    assert_true(isfinite(year->price_usd_per_mwh.value[i]));
}

static void every_hour_is_balanced(void **state)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/grid"));
    const struct gw_water_set *water = entry(*state, "water-set", "gridemissions");
    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        struct gw_arena arena = {0};
        const struct gw_zone zone = draw(&rng, entry(*state, "grid", trial % 2 == 0 ? "DE" : "AU-NSW"));
        struct gw_grid_year year;
        assert_int_equal(gw_grid_year_make(&zone, water, (gw_time_us)(trial * 731) * GW_US_PER_H, HOURS,
                                           trial, 0, &year, &arena, NULL),
                         GW_OK);
        for (size_t i = 0; i < HOURS; i++) {
            check_hour(&zone, &year, i);
        }
        gw_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_hour_is_balanced)};
    return cmocka_run_group_tests_name("grid properties", tests, entries_load, entries_unload);
}
