/* A generated year: energies, balances, margins, prices, and that nothing but its arguments decides it. */
#include "tests/support/entries.h"

#include <math.h>
#include <string.h>

#include "models/grid/grid_year.h"
#include "sim/base/units.h"

enum { HOURS = 8760 };
#define YEAR_2023_US (INT64_C(1672531200) * GW_US_PER_S)

static struct gw_grid_year make(struct entries *entries, const char *grid, struct gw_arena *arena)
{
    struct gw_grid_year year;
    assert_int_equal(gw_grid_year_make(entry(entries, "grid", grid), entry(entries, "water-set", "macknick"),
                                       YEAR_2023_US, HOURS, 1, 0, &year, arena, NULL),
                     GW_OK);
    return year;
}

static double mean(const struct gw_series *series)
{
    double sum = 0;
    for (size_t i = 0; i < series->n; i++) {
        sum += series->value[i] / (double)series->n;
    }
    return sum;
}

/* Mean by hour of the day (UTC), June to August. */
static void summer_day(const struct gw_series *series, double hour[24])
{
    enum { FROM = 151, DAYS = 92 };
    for (size_t h = 0; h < 24; h++) {
        hour[h] = 0;
        for (size_t day = FROM; day < FROM + DAYS; day++) {
            hour[h] += series->value[24 * day + h] / DAYS;
        }
    }
}

static void plants_run_as_long_as_their_shares_say(void **state)
{
    static const char *const grids[] = {"US-CAL-CISO", "FR", "CH", "SG", "IS", "BR-CS"};
    for (size_t g = 0; g < sizeof grids / sizeof grids[0]; g++) {
        struct gw_arena arena = {0};
        const struct gw_zone *zone = entry(*state, "grid", grids[g]);
        const struct gw_grid_year year = make(*state, grids[g], &arena);
        double shares = 0;
        for (int f = 0; f < GW_FUELS; f++) {
            shares += zone->mix.of[f];
        }
        for (int f = 0; f < GW_FUELS; f++) {
            const double cut = f == GW_FUEL_WIND || f == GW_FUEL_SOLAR ? mean(&year.curtailed) : 0;
            assert_near(mean(&year.generation[f]), zone->mix.of[f] / shares, 0.02, 0.005 + cut);
        }
        gw_arena_fini(&arena);
    }
}

static void means_are_those_of_the_region(void **state)
{
    static const char *const grids[] = {"US-TEX-ERCO", "US-MIDA-PJM", "GB", "DE", "ZA", "AU-NSW"};
    for (size_t g = 0; g < sizeof grids / sizeof grids[0]; g++) {
        struct gw_arena arena = {0};
        const struct gw_region *region = ((const struct gw_zone *)entry(*state, "grid", grids[g]))->region;
        const struct gw_grid_year year = make(*state, grids[g], &arena);
        assert_near(mean(&year.carbon[GW_CARBON_AVERAGE_LIFECYCLE]), region->carbon_lifecycle_gco2_per_kwh,
                    0.05, 0);
        assert_near(mean(&year.carbon[GW_CARBON_AVERAGE_DIRECT]), region->carbon_direct_gco2_per_kwh, 0.05,
                    0);
        assert_near(mean(&year.water_l_per_kwh), region->water_l_per_kwh, 0.05, 0);
        assert_near(mean(&year.price_usd_per_mwh), region->price_usd_per_mwh, 1e-9, 0);
        gw_arena_fini(&arena);
    }
}

static void the_sun_shines_at_local_noon_and_not_at_night(void **state)
{
    struct gw_arena arena = {0};
    const struct gw_grid_year year = make(*state, "US-CAL-CISO", &arena);
    double hour[24] = {0};
    for (size_t i = 0; i < HOURS; i++) {
        hour[i % 24] += year.generation[GW_FUEL_SOLAR].value[i];
    }
    assert_true(hour[8] == 0); /* midnight in California */
    /* 119 degrees west the sun stands highest at 19:56 UTC, in the hour from 19 or from 20 on average */
    for (int h = 0; h < 24; h++) {
        assert_true(hour[h] <= fmax(hour[19], hour[20]));
    }
    assert_true(hour[14] < hour[20] / 2); /* at 6 in the morning half the year is dark */
    assert_true(mean(&year.curtailed) > 0 && mean(&year.curtailed) < 0.02);
    gw_arena_fini(&arena);
}

/* Switzerland's own margin is little and gas; the plant that answers stands in Germany nine times of ten. */
static void an_import_margin_is_the_neighbours(void **state)
{
    struct gw_arena arena = {0};
    struct gw_zone zone = *(const struct gw_zone *)entry(*state, "grid", "CH");
    const double with = mean(&make(*state, "CH", &arena).carbon[GW_CARBON_MARGINAL_DIRECT]);
    const double germany = mean(&make(*state, "DE", &arena).carbon[GW_CARBON_MARGINAL_DIRECT]);
    zone.import = NULL;
    struct gw_grid_year alone;
    assert_int_equal(gw_grid_year_make(&zone, entry(*state, "water-set", "macknick"), YEAR_2023_US, HOURS, 1,
                                       0, &alone, &arena, NULL),
                     GW_OK);
    const double own = mean(&alone.carbon[GW_CARBON_MARGINAL_DIRECT]);
    assert_true(own < 500 && germany > 700);
    assert_near(with, 0.1 * own + 0.9 * germany, 0.01, 0);
    gw_arena_fini(&arena);
}

/* Nine of ten times the plant that answers in Switzerland stands in Germany: without the zone's own part its
 * price is Germany's, on its own level. */
static void where_plants_stand_abroad_the_price_is_made_there(void **state)
{
    struct gw_arena arena = {0};
    const struct gw_zone *swiss = entry(*state, "grid", "CH");
    struct gw_zone zone = *swiss;
    struct gw_zone_import import = *swiss->import;
    import.marginal_frac = 1;
    zone.import = &import;
    struct gw_grid_year ours;
    assert_int_equal(gw_grid_year_make(&zone, entry(*state, "water-set", "macknick"), YEAR_2023_US, HOURS, 1,
                                       0, &ours, &arena, NULL),
                     GW_OK);
    const struct gw_grid_year theirs = make(*state, "DE", &arena);
    const double level = mean(&ours.price_usd_per_mwh) / mean(&theirs.price_usd_per_mwh);
    assert_near(mean(&ours.price_usd_per_mwh), zone.region->price_usd_per_mwh, 1e-9, 0);
    for (size_t i = 0; i < HOURS; i++) {
        assert_near(ours.price_usd_per_mwh.value[i], level * theirs.price_usd_per_mwh.value[i], 1e-9, 1e-9);
    }
    gw_arena_fini(&arena);
}

/* Coal of the mix stands in Germany. In midsummer prices there fall towards noon and rise in the evening:
 * Switzerland buys at noon and keeps its reservoirs for the evening. A plan of dams (by demand) knows its own
 * evening from its night, not the price abroad. */
static void reservoirs_wait_for_cheap_hours_abroad_and_planned_dams_for_their_nights(void **state)
{
    struct gw_arena arena = {0};
    const struct gw_zone *swiss = entry(*state, "grid", "CH");
    assert_int_equal(swiss->import->follows, GW_IMPORT_BY_PRICE);
    struct gw_zone zone = *swiss;
    struct gw_zone_import import = *swiss->import;
    import.follows = GW_IMPORT_BY_DEMAND;
    zone.import = &import;
    struct gw_grid_year planned;
    assert_int_equal(gw_grid_year_make(&zone, entry(*state, "water-set", "macknick"), YEAR_2023_US, HOURS, 1,
                                       0, &planned, &arena, NULL),
                     GW_OK);
    const struct gw_grid_year year = make(*state, "CH", &arena), abroad = make(*state, "DE", &arena);
    double price[24], free_hours[24], planned_hours[24];
    summer_day(&abroad.price_usd_per_mwh, price);
    summer_day(&year.generation[GW_FUEL_COAL], free_hours);
    summer_day(&planned.generation[GW_FUEL_COAL], planned_hours);
    assert_true(price[12] < price[2] && price[2] < price[18]); /* UTC: an hour behind */
    assert_true(free_hours[12] > free_hours[2] && free_hours[2] > free_hours[18]);
    assert_true(planned_hours[2] > planned_hours[18]);
    assert_true(free_hours[12] / free_hours[2] > 1.2 * planned_hours[12] / planned_hours[2]);
    gw_arena_fini(&arena);
}

/* Iceland burns nothing: what answers is water. */
static void without_thermal_plants_reservoirs_answer(void **state)
{
    struct gw_arena arena = {0};
    const struct gw_grid_year year = make(*state, "IS", &arena);
    assert_true(year.carbon[GW_CARBON_MARGINAL_DIRECT].value[0] == 0);
    assert_near(year.carbon[GW_CARBON_MARGINAL_LIFECYCLE].value[0], 24, 1e-12, 0);
    gw_arena_fini(&arena);
}

static void the_same_arguments_give_the_same_bits_and_others_others(void **state)
{
    struct gw_arena arena = {0};
    const struct gw_grid_year a = make(*state, "GB", &arena);
    (void)make(*state, "DE", &arena);
    const struct gw_grid_year b = make(*state, "GB", &arena);
    const size_t bytes = HOURS * sizeof(double);
    for (int i = 0; i < GW_CARBON_SIGNALS; i++) {
        assert_memory_equal(a.carbon[i].value, b.carbon[i].value, bytes);
    }
    assert_memory_equal(a.price_usd_per_mwh.value, b.price_usd_per_mwh.value, bytes);

    struct gw_grid_year other;
    assert_int_equal(gw_grid_year_make(entry(*state, "grid", "GB"), entry(*state, "water-set", "macknick"),
                                       YEAR_2023_US, HOURS, 2, 0, &other, &arena, NULL),
                     GW_OK);
    assert_memory_not_equal(a.carbon[0].value, other.carbon[0].value, bytes);
    gw_arena_fini(&arena);
}

static void a_span_that_makes_no_sense_is_refused(void **state)
{
    struct gw_arena arena = {0};
    struct gw_grid_year year;
    struct gw_error err;
    const struct gw_zone *zone = entry(*state, "grid", "GB");
    const struct gw_water_set *water = entry(*state, "water-set", "macknick");
    assert_int_equal(gw_grid_year_make(zone, water, YEAR_2023_US + 1, HOURS, 1, 0, &year, &arena, &err),
                     GW_ERR_RANGE);
    assert_string_equal(err.where, "GB");
    assert_non_null(strstr(err.why, "whole hour"));
    assert_int_equal(gw_grid_year_make(zone, water, YEAR_2023_US, 167, 1, 0, &year, &arena, &err),
                     GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "a week"));
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plants_run_as_long_as_their_shares_say),
        cmocka_unit_test(means_are_those_of_the_region),
        cmocka_unit_test(the_sun_shines_at_local_noon_and_not_at_night),
        cmocka_unit_test(an_import_margin_is_the_neighbours),
        cmocka_unit_test(reservoirs_wait_for_cheap_hours_abroad_and_planned_dams_for_their_nights),
        cmocka_unit_test(where_plants_stand_abroad_the_price_is_made_there),
        cmocka_unit_test(without_thermal_plants_reservoirs_answer),
        cmocka_unit_test(the_same_arguments_give_the_same_bits_and_others_others),
        cmocka_unit_test(a_span_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("grid year", tests, entries_load, entries_unload);
}
