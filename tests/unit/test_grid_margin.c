/* The plants at the margin: their shares of an hour, their turns within it, and that the hour keeps its mean.
 */
#include "tests/support/entries.h"

#include <math.h>

#include "models/grid/grid_year.h"
#include "sim/base/units.h"

enum { HOURS = 24 * 60, PARTS = 12 };
#define MAY_2023_US (INT64_C(1682899200) * GW_US_PER_S)

static const char *const grids[] = {"US-CAL-CISO", "DE", "CH", "IS", "SE-SE3"};
enum { GRIDS = sizeof grids / sizeof grids[0] };

static struct gw_grid_year make(struct entries *entries, const char *grid, struct gw_arena *arena)
{
    struct gw_grid_year year;
    assert_int_equal(gw_grid_year_make(entry(entries, "grid", grid), entry(entries, "water-set", "macknick"),
                                       MAY_2023_US, HOURS, 1, 0, &year, arena, NULL),
                     GW_OK);
    return year;
}

static struct gw_series refine(const struct gw_grid_year *year, bool direct, struct gw_arena *arena)
{
    struct gw_series fine;
    assert_true(gw_margin_refine(&year->margin, direct, MAY_2023_US, &fine, arena));
    assert_int_equal(fine.n, PARTS * HOURS);
    return fine;
}

static void shares_of_an_hour_add_up_to_one(void **state)
{
    for (size_t g = 0; g < GRIDS; g++) {
        struct gw_arena arena = {0};
        const struct gw_grid_year year = make(*state, grids[g], &arena);
        for (size_t i = 0; i < HOURS; i++) {
            double sum = 0;
            for (int s = 0; s < GW_MARGIN_STATES; s++) {
                sum += year.margin.state[s].share != NULL ? year.margin.state[s].share[i] : 0;
            }
            assert_near(sum, 1, 1e-12, 0);
        }
        gw_arena_fini(&arena);
    }
}

static void an_hour_of_five_minutes_keeps_its_mean(void **state)
{
    for (size_t g = 0; g < GRIDS; g++) {
        struct gw_arena arena = {0};
        const struct gw_grid_year year = make(*state, grids[g], &arena);
        const struct gw_series life = refine(&year, false, &arena), direct = refine(&year, true, &arena);
        for (size_t i = 0; i < HOURS; i++) {
            const gw_time_us from = MAY_2023_US + (gw_time_us)i * GW_US_PER_H;
            assert_near(gw_series_mean(&life, from, from + GW_US_PER_H),
                        year.carbon[GW_CARBON_MARGINAL_LIFECYCLE].value[i], 1e-12, 1e-9);
            assert_near(gw_series_mean(&direct, from, from + GW_US_PER_H),
                        year.carbon[GW_CARBON_MARGINAL_DIRECT].value[i], 1e-12, 1e-9);
        }
        gw_arena_fini(&arena);
    }
}

static bool is_of_a_plant(const struct gw_margin *margin, double value)
{
    bool found = false;
    for (int s = 0; s < GW_MARGIN_STATES; s++) {
        found = found ||
                (margin->state[s].share != NULL && fabs(margin->state[s].direct_gco2_per_kwh - value) < 1e-9);
    }
    return found;
}

/* n plants take n turns: at most n - 1 of the twelve values lie between two of them. */
static void values_are_those_of_plants_but_where_a_turn_ends(void **state)
{
    for (size_t g = 0; g < GRIDS; g++) {
        struct gw_arena arena = {0};
        const struct gw_grid_year year = make(*state, grids[g], &arena);
        const struct gw_series fine = refine(&year, true, &arena);
        for (size_t i = 0; i < HOURS; i++) {
            int plants = 0, between = 0;
            for (int s = 0; s < GW_MARGIN_STATES; s++) {
                plants += year.margin.state[s].share != NULL && year.margin.state[s].share[i] > 0;
            }
            for (int k = 0; k < PARTS; k++) {
                between += !is_of_a_plant(&year.margin, fine.value[i * PARTS + (size_t)k]);
            }
            assert_true(between < plants);
        }
        gw_arena_fini(&arena);
    }
}

/* Two plants of equal shares: the second half of an hour and the first half of the next are one turn. */
static void a_plant_keeps_the_margin_into_the_next_hour(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    double half[2] = {0.5, 0.5};
    struct gw_margin margin = {.n = 2};
    margin.state[1].share = half;
    margin.state[1].direct_gco2_per_kwh = 800;
    margin.state[2].share = half;
    margin.state[2].direct_gco2_per_kwh = 400;
    struct gw_series fine;
    assert_true(gw_margin_refine(&margin, true, 0, &fine, &arena));
    for (size_t k = 0; k < 24; k++) {
        assert_near(fine.value[k], k < 6 || k >= 18 ? 800 : 400, 0, 0);
    }
    gw_arena_fini(&arena);
}

/* 7 minutes of coal: the second value holds two of them. */
static void a_turn_may_end_within_five_minutes(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    double coal = 7.0 / 60, gas = 53.0 / 60;
    struct gw_margin margin = {.n = 1};
    margin.state[1].share = &coal;
    margin.state[1].direct_gco2_per_kwh = 900;
    margin.state[2].share = &gas;
    margin.state[2].direct_gco2_per_kwh = 400;
    struct gw_series fine;
    assert_true(gw_margin_refine(&margin, true, 0, &fine, &arena));
    assert_near(fine.value[0], 900, 1e-12, 0);
    assert_near(fine.value[1], 0.4 * 900 + 0.6 * 400, 1e-12, 0);
    assert_near(fine.value[2], 400, 1e-12, 0);
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_an_hour_add_up_to_one),
        cmocka_unit_test(an_hour_of_five_minutes_keeps_its_mean),
        cmocka_unit_test(values_are_those_of_plants_but_where_a_turn_ends),
        cmocka_unit_test(a_plant_keeps_the_margin_into_the_next_hour),
        cmocka_unit_test(a_turn_may_end_within_five_minutes),
    };
    return cmocka_run_group_tests_name("grid_margin", tests, entries_load, entries_unload);
}
