/* A made year as columns: names with units, water under every convention asked for. */
#include "tests/support/entries.h"

#include <string.h>

#include "models/grid/grid_columns.h"
#include "sim/base/units.h"

#define JANUARY_2023_US (INT64_C(1672531200) * GW_US_PER_S)

static const struct gw_grid_column *find(const struct gw_grid_column *column, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(column[i].name, name) == 0) {
            return &column[i];
        }
    }
    fail_msg("there is no column %s", name);
    return NULL;
}

static void columns_have_the_numbers_of_the_year(void **state)
{
    struct gw_arena arena = {0};
    struct gw_grid_year year;
    struct gw_grid_column column[GW_GRID_COLUMNS_MAX];
    const struct gw_water_set *sets[] = {entry(*state, "water-set", "macknick"),
                                         entry(*state, "water-set", "macknick-reservoirs")};
    assert_int_equal(gw_grid_year_make(entry(*state, "grid", "CA-QC"), sets[0], JANUARY_2023_US, 168, 1, 0,
                                       &year, &arena, NULL),
                     GW_OK);
    const size_t n = gw_grid_columns_of(&year, sets, 2, column, &arena);
    assert_int_equal(n, GW_CARBON_SIGNALS + 6 + GW_FUELS + 2);
    for (int i = 0; i < GW_CARBON_SIGNALS; i++) {
        assert_ptr_equal(column[i].series.value, year.carbon[i].value);
    }
    assert_string_equal(column[GW_CARBON_AVERAGE_LIFECYCLE].name, "ci_lifecycle_gco2_per_kwh");
    assert_string_equal(column[GW_CARBON_MARGINAL_DIRECT].name, "ci_marginal_direct_gco2_per_kwh");
    assert_string_equal(column[GW_CARBON_SIGNALS].name, "price_usd_per_mwh");
    assert_string_equal(column[n - 2].name, "water_macknick_l_per_kwh");
    assert_ptr_equal(find(column, n, "generation_hydro_per_mean_demand")->series.value,
                     year.generation[GW_FUEL_HYDRO].value);

    /* the set that the year was made with gives its own water again; reservoirs add 17 L per kWh of
     * hydropower */
    const struct gw_series *dry = &find(column, n, "water_macknick_l_per_kwh")->series;
    const struct gw_series *wet = &find(column, n, "water_macknick-reservoirs_l_per_kwh")->series;
    for (size_t i = 0; i < 168; i++) {
        double all = 0;
        for (int f = 0; f < GW_FUELS; f++) {
            all += year.generation[f].value[i];
        }
        assert_true(dry->value[i] == year.water_l_per_kwh.value[i]);
        assert_near(wet->value[i] - dry->value[i], 17 * year.generation[GW_FUEL_HYDRO].value[i] / all, 1e-12,
                    0);
    }
    gw_arena_fini(&arena);
}

/* A day in March: from New Year to New Year, and four days for what drains and looks ahead. */
static void the_year_behind_a_span_is_whole(void **state)
{
    struct gw_arena arena = {0};
    struct gw_grid_year year;
    const gw_time_us day_us = 24 * GW_US_PER_H, march = JANUARY_2023_US + 70 * day_us;
    const struct gw_grid_span span = {.from_unix_us = march, .to_unix_us = march + day_us, .seed = 1};
    assert_int_equal(gw_grid_columns_year(entry(*state, "grid", "CA-QC"),
                                          entry(*state, "water-set", "macknick"), &span, &year, &arena, NULL),
                     GW_OK);
    assert_true(year.demand.start_unix_us == JANUARY_2023_US);
    assert_int_equal(year.demand.n, 8760 + 96);
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_the_numbers_of_the_year),
        cmocka_unit_test(the_year_behind_a_span_is_whole),
    };
    return cmocka_run_group_tests_name("grid columns", tests, entries_load, entries_unload);
}
