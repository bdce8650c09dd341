/* `grid: { generated: ... }`: whole years behind a run, the seed, the water set, and what is refused. */
#include "tests/support/bound.h"

#include <math.h>

#include "models/grid/grid_year.h"
#include "sim/base/units.h"

struct root {
    struct gw_pick grid;
};
static const struct gw_field fields[] = {GW_FIELD(struct root, grid, &gw_grid_type, NULL, "A grid", NULL),
                                         GW_FIELD_END};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A site's grid"};

#define JUNE_2023_US (INT64_C(1685577600) * GW_US_PER_S)
#define YEAR_END_US  (INT64_C(1704067200) * GW_US_PER_S)
#define DAY_US       (24 * GW_US_PER_H)

static void load(const char *yaml, gw_time_us from, gw_time_us to, uint64_t seed, struct bound *b,
                 struct gw_grid *out)
{
    struct root root;
    bound_read(b, &root_type, yaml, &root);
    const struct gw_grid_span span = {from, to, seed, 0};
    assert_int_equal(gw_grid_load(&root.grid, NULL, &span, out, &b->arena, NULL), GW_OK);
}

static const char gb[] = "grid: { generated: { region: GB } }\n";

static void a_run_sees_the_same_hours_whenever_it_starts_and_ends(void **state)
{
    (void)state;
    struct bound a, b;
    struct gw_grid june, autumn;
    load(gb, JUNE_2023_US, JUNE_2023_US + DAY_US, 1, &a, &june);
    load(gb, JUNE_2023_US + 90 * DAY_US, YEAR_END_US, 1, &b, &autumn);
    for (int i = 0; i < GW_CARBON_SIGNALS; i++) {
        for (gw_time_us t = JUNE_2023_US; t < JUNE_2023_US + 100 * DAY_US; t += 7 * GW_US_PER_H) {
            assert_true(gw_signal_at(&june.carbon[i], t) == gw_signal_at(&autumn.carbon[i], t));
        }
    }
    assert_string_equal(june.label, "GB");
    bound_fini(&a);
    bound_fini(&b);
}

static void every_signal_covers_the_run_and_what_drains_after_it(void **state)
{
    (void)state;
    struct bound b;
    struct gw_grid grid;
    load(gb, JUNE_2023_US, YEAR_END_US + 30 * DAY_US, 1, &b, &grid);
    const struct gw_signal *signals[] = {&grid.carbon[0], &grid.carbon[1],         &grid.carbon[2],
                                         &grid.carbon[3], &grid.price_usd_per_mwh, &grid.water_l_per_kwh};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        gw_time_us gap;
        assert_true(gw_signal_covers(signals[i], JUNE_2023_US, YEAR_END_US + 32 * DAY_US, &gap));
    }
    bound_fini(&b);
}

static void five_minutes_have_the_means_of_their_hours(void **state)
{
    (void)state;
    struct bound a, b;
    struct gw_grid hourly, fine;
    load(gb, JUNE_2023_US, JUNE_2023_US + DAY_US, 1, &a, &hourly);
    load("grid: { generated: { region: GB, resolution: five-minutes } }\n", JUNE_2023_US,
         JUNE_2023_US + DAY_US, 1, &b, &fine);
    for (gw_time_us t = JUNE_2023_US; t < JUNE_2023_US + DAY_US; t += GW_US_PER_H) {
        assert_near(gw_signal_mean(&fine.carbon[0], t, t + GW_US_PER_H), gw_signal_at(&hourly.carbon[0], t),
                    1e-12, 0);
        assert_true(gw_signal_at(&fine.carbon[0], t) != gw_signal_at(&hourly.carbon[0], t));
    }
    bound_fini(&a);
    bound_fini(&b);
}

static void seed_and_water_set_are_what_they_say(void **state)
{
    (void)state;
    struct bound a, b;
    struct gw_grid dry, wet;
    load("grid: { generated: { region: CA-QC } }\n", JUNE_2023_US, JUNE_2023_US + DAY_US, 1, &a, &dry);
    load("grid: { generated: { region: CA-QC, water_factors: macknick-reservoirs } }\n", JUNE_2023_US,
         JUNE_2023_US + DAY_US, 2, &b, &wet);
    assert_true(gw_signal_at(&dry.water_l_per_kwh, JUNE_2023_US) < 0.2);
    assert_true(gw_signal_at(&wet.water_l_per_kwh, JUNE_2023_US) > 14);
    assert_true(gw_signal_at(&dry.price_usd_per_mwh, JUNE_2023_US) !=
                gw_signal_at(&wet.price_usd_per_mwh, JUNE_2023_US));
    bound_fini(&a);
    bound_fini(&b);
}

static void a_bare_name_is_the_same_as_a_generated_grid_of_that_name(void **state)
{
    (void)state;
    struct bound a, b;
    struct gw_grid bare, generated;
    load("grid: GB\n", JUNE_2023_US, JUNE_2023_US + DAY_US, 1, &a, &bare);
    load(gb, JUNE_2023_US, JUNE_2023_US + DAY_US, 1, &b, &generated);
    for (gw_time_us t = JUNE_2023_US; t < JUNE_2023_US + DAY_US; t += GW_US_PER_H) {
        assert_true(gw_signal_at(&bare.carbon[0], t) == gw_signal_at(&generated.carbon[0], t));
        assert_true(gw_signal_at(&bare.water_l_per_kwh, t) == gw_signal_at(&generated.water_l_per_kwh, t));
    }
    bound_fini(&a);
    bound_fini(&b);
}

static void replications_have_other_years_unless_there_is_nothing_to_make(void **state)
{
    (void)state;
    static const char *const grids[] = {"grid: GB\n", "grid: { mean: GB }\n"};
    for (int g = 0; g < 2; g++) {
        struct root root;
        struct bound b;
        struct gw_grid grid[3];
        bound_read(&b, &root_type, grids[g], &root);
        struct gw_grid_span span = {JUNE_2023_US, JUNE_2023_US + DAY_US, 1, 0};
        assert_int_equal(gw_grid_load(&root.grid, NULL, &span, &grid[0], &b.arena, NULL), GW_OK);
        for (uint32_t i = 1; i < 3; i++) {
            span.replication = i - 1;
            assert_int_equal(gw_grid_replicate(&root.grid, &grid[0], &span, &grid[i], &b.arena, NULL), GW_OK);
        }
        const double first = gw_signal_at(&grid[0].carbon[0], JUNE_2023_US);
        assert_true(gw_signal_at(&grid[1].carbon[0], JUNE_2023_US) == first);
        assert_true((gw_signal_at(&grid[2].carbon[0], JUNE_2023_US) == first) == (g == 1));
        bound_fini(&b);
    }
}

static void a_grid_or_set_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "grid: { generated: { region: GBB } }\n", &root, "did you mean \"GB\"");
    bound_fails(&b, &root_type, "grid: { generated: { region: GB, water_factors: macknik } }\n", &root,
                "did you mean \"macknick\"");
}

static void a_mix_that_does_not_add_up_is_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type,
                "grid: { generated: { region: GB } }\n"
                "catalogue: { grids: { GB: { mix: { coal: 80% } } } }\n",
                &root, "the shares add up to");
    bound_fails(&b, &root_type,
                "grid: { generated: { region: sun } }\n"
                "catalogue: { grids: { sun: { region: GB, lat: 0 deg, lon: 0 deg, utc_offset: 0 h,\n"
                "                             mix: { solar: 100% } } } }\n",
                &root, "can follow demand");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_sees_the_same_hours_whenever_it_starts_and_ends),
        cmocka_unit_test(every_signal_covers_the_run_and_what_drains_after_it),
        cmocka_unit_test(five_minutes_have_the_means_of_their_hours),
        cmocka_unit_test(seed_and_water_set_are_what_they_say),
        cmocka_unit_test(a_bare_name_is_the_same_as_a_generated_grid_of_that_name),
        cmocka_unit_test(replications_have_other_years_unless_there_is_nothing_to_make),
        cmocka_unit_test(a_grid_or_set_that_is_not_there_is_refused),
        cmocka_unit_test(a_mix_that_does_not_add_up_is_refused),
    };
    return cmocka_run_group_tests_name("generated grids", tests, NULL, NULL);
}
