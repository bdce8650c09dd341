/* Climates of the catalogue, and normals of days that keep the means of the months. */
#include "tests/support/bound.h"

#include "models/weather/climate.h"

static double mean(const double *daily, int month, bool leap_year)
{
    double sum = 0;
    const int from = gw_climate_month_start(month, leap_year),
              to = gw_climate_month_start(month + 1, leap_year);
    for (int d = from; d < to; d++) {
        sum += daily[d] / (to - from);
    }
    return sum;
}

static void months_start_where_the_calendar_says(void **state)
{
    (void)state;
    assert_int_equal(gw_climate_month_start(2, false), 59);
    assert_int_equal(gw_climate_month_start(2, true), 60);
    assert_int_equal(gw_climate_month_start(12, false), 365);
    assert_int_equal(gw_climate_month_start(12, true), 366);
}

static void daily_normals_keep_the_mean_of_each_month(void **state)
{
    (void)state;
    static const double monthly[12] = {1.2, 2.9, 7.2, 13.5, 18.6, 23.9, 25.8, 24.5, 20.5, 14.6, 7.8, 4.2};
    for (int leap = 0; leap < 2; leap++) {
        double daily[GW_CLIMATE_DAYS_MAX];
        gw_climate_daily(monthly, leap, daily);
        for (int m = 0; m < 12; m++) {
            assert_near(mean(daily, m, leap), monthly[m], 0, 1e-4);
        }
        const int days = gw_climate_month_start(12, leap);
        assert_near(daily[days - 1], daily[0], 0, 0.2); /* the year closes on itself */
    }
}

static void equal_months_give_equal_days(void **state)
{
    (void)state;
    static const double monthly[12] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
    double daily[GW_CLIMATE_DAYS_MAX];
    gw_climate_daily(monthly, false, daily);
    for (int d = 0; d < 365; d++) {
        assert_true(daily[d] == 5);
    }
}

/* s0 + s1 at mid-January, s0 - s1 half a year later. */
static void the_spread_swings_about_mid_january(void **state)
{
    (void)state;
    double s[2] = {3, 1};
    const struct gw_slice spread = {.n = 2, .at = s};
    assert_near(gw_climate_spread_k(&spread, 15), 4, 0, 1e-3);
    assert_near(gw_climate_spread_k(&spread, 15 + 182), 2, 0, 1e-3);
    s[1] = 5;
    assert_true(gw_climate_spread_k(&spread, 197) == 0.2);
}

static void every_climate_stands_at_a_place_of_its_name(void **state)
{
    (void)state;
    struct gw_tree catalogue;
    bound_catalogue(&catalogue);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    const struct gw_node *climates = gw_node_get(catalogue.root, "climates");
    const struct gw_node *places = gw_node_get(catalogue.root, "places");
    assert_int_equal(climates->n, 53);
    for (uint32_t i = 0; i < climates->n; i++) {
        struct gw_arena arena = {0};
        const void *object;
        assert_int_equal(gw_bind_entry(NULL, &env, "climate", climates->entry[i].key, &object, &arena, NULL),
                         GW_OK);
        const struct gw_climate *climate = object;
        assert_non_null(gw_node_get(places, climate->name));
        const double *dry_bulb_c = climate->dry_bulb_c.at;
        const bool warm_january = dry_bulb_c[0] > dry_bulb_c[6];
        if (fabs(climate->lat_deg) > 20) {
            assert_int_equal(warm_january, climate->lat_deg < 0); /* seasons are on their side of the earth */
        }
        gw_arena_fini(&arena);
    }
    gw_tree_fini(&catalogue);
}

struct root {
    const struct gw_climate *climate;
};
static const struct gw_type climate_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_climate), .of = "climate"};
static const struct gw_field root_fields[] = {
    GW_FIELD(struct root, climate, &climate_ref, NULL, "The climate", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = root_fields, .doc = "t"};

static void a_climate_that_cannot_be_is_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "climate: dublim\n", &root, "did you mean \"dublin\"");
    bound_fails(&b, &root_type,
                "climate: wet\ncatalogue: { climates: { wet: { base: dublin,\n"
                "  dew_point: [9, 1, 3, 4, 5, 9, 11, 11, 10, 7, 4, 4] } } }\n",
                &root, "9 C of month 1 is not below the temperature, 5.8 C");
    bound_fails(&b, &root_type,
                "climate: short\ncatalogue: { climates: { short: { base: dublin, dry_bulb: [1, 2] } } }\n",
                &root, "12");
    bound_fails(&b, &root_type,
                "climate: flat\ncatalogue: { climates: { flat: { base: dublin, warmest_hour: 4 } } }\n",
                &root, "less than an hour");
}

static void its_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_climate_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_start_where_the_calendar_says),
        cmocka_unit_test(daily_normals_keep_the_mean_of_each_month),
        cmocka_unit_test(equal_months_give_equal_days),
        cmocka_unit_test(the_spread_swings_about_mid_january),
        cmocka_unit_test(every_climate_stands_at_a_place_of_its_name),
        cmocka_unit_test(a_climate_that_cannot_be_is_refused),
        cmocka_unit_test(its_table_is_right),
    };
    return cmocka_run_group_tests_name("climate", tests, NULL, NULL);
}
