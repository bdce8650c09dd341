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
    assert_ptr_equal(find(column, n, "ci_lifecycle_gco2_per_kwh")->series.value, year.carbon[0].value);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_the_numbers_of_the_year),
    };
    return cmocka_run_group_tests_name("grid columns", tests, entries_load, entries_unload);
}
