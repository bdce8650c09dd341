/* Factors: standard normal, shared as told, the same whoever else asks, with the memory asked for. */
#include "tests/support/near.h"

#include "models/grid/grid_factors.h"
#include "models/weather/factors.h"

enum { N = 20000 };

static struct gw_factors factors(const char *group, const char *region, const char *place)
{
    struct gw_factors f;
    gw_factors_init(&f, 1, 0, group, region, place);
    return f;
}

static double product_mean(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * y[i];
    }
    return sum / (double)n;
}

static double correlation(struct gw_factors a, struct gw_factors b, enum gw_factor what)
{
    static double x[N], y[N];
    gw_factors_draw(&a, what, 0, N, x);
    gw_factors_draw(&b, what, 0, N, y);
    return product_mean(x, y, N);
}

/* Four standard errors: 0.03 for means and correlations, 0.04 for variances. */
static void draws_are_standard_normal(void **state)
{
    (void)state;
    static double x[N], one[N];
    for (int what = 0; what < GW_FACTORS; what++) {
        const struct gw_factors f = factors("west", "FR", "paris");
        gw_factors_draw(&f, (enum gw_factor)what, -500, N, x);
        double fourth = 0;
        for (int i = 0; i < N; i++) {
            one[i] = 1;
            fourth += x[i] * x[i] * x[i] * x[i] / N;
        }
        assert_near(product_mean(x, one, N), 0, 0, 0.03);
        assert_near(product_mean(x, x, N), 1, 0, 0.04);
        assert_near(fourth, 3, 0, 0.3);
        assert_near(product_mean(x, x + 1, N - 1), 0, 0, 0.03);
    }
}

/* By (10): a site has 0.65 of heat from its group, 0.9 of the rest from its region. */
static void neighbours_share_what_the_table_says(void **state)
{
    (void)state;
    const struct gw_factors paris = factors("west", "FR", "paris");
    assert_near(correlation(paris, factors("west", "FR", "lyon"), GW_FACTOR_HEAT), 0.65 + 0.35 * 0.9, 0,
                0.03);
    assert_near(correlation(paris, factors("west", "FR", NULL), GW_FACTOR_HEAT), 0.65 + 0.35 * sqrt(0.9), 0,
                0.03);
    assert_near(correlation(paris, factors("west", "DE", "frankfurt"), GW_FACTOR_HEAT), 0.65, 0, 0.03);
    assert_near(correlation(paris, factors(NULL, "KR", "seoul"), GW_FACTOR_HEAT), 0, 0, 0.03);
    assert_near(correlation(paris, factors("west", "FR", "lyon"), GW_FACTOR_HEAT_FAST), 0, 0, 0.03);
    assert_near(correlation(paris, factors("west", "FR", "lyon"), GW_FACTOR_CLOUD_FAST), 0.5, 0, 0.03);
}

static void factors_know_nothing_of_each_other(void **state)
{
    (void)state;
    static double x[N], y[N];
    const struct gw_factors f = factors("west", "FR", "paris");
    gw_factors_draw(&f, GW_FACTOR_HEAT, 0, N, x);
    gw_factors_draw(&f, GW_FACTOR_HUMIDITY, 0, N, y);
    assert_near(product_mean(x, y, N), 0, 0, 0.03);
}

static void a_name_alone_names_different_things_at_different_levels(void **state)
{
    (void)state;
    assert_near(correlation(factors("x", "y", NULL), factors("y", "x", NULL), GW_FACTOR_HEAT), 0, 0, 0.03);
}

static void a_day_is_the_same_from_whichever_start(void **state)
{
    (void)state;
    double whole[100], part[10];
    const struct gw_factors f = factors("west", "FR", "paris");
    gw_factors_draw(&f, GW_FACTOR_WIND, 19000, 100, whole);
    gw_factors_draw(&f, GW_FACTOR_WIND, 19050, 10, part);
    for (int i = 0; i < 10; i++) {
        assert_true(part[i] == whole[50 + i]);
    }
}

/* Heat of a zone whose groups have 0.65 of it, as they have in (10): the same numbers to the last bit but
 * one. */
static void a_grid_sees_the_heat_of_its_sites(void **state)
{
    (void)state;
    static const struct gw_zone zone = {.name = "FR", .weather_group = "west", .weather_share = 0.8};
    struct gw_arena arena = {0};
    struct gw_grid_factors grid;
    enum { HOUR = 460000, HOURS = 240 };
    assert_int_equal(gw_grid_factors_make(&zone, HOUR, HOURS, 1, 0, &grid, &arena, NULL), GW_OK);

    double heat[64], cloud[HOURS];
    const struct gw_factors f = factors("west", "FR", NULL);
    const size_t days = gw_grid_factors_days(HOURS);
    assert_true(days <= 64);
    gw_factors_draw(&f, GW_FACTOR_HEAT, gw_grid_factors_day(HOUR - GW_GRID_WARM_UP_H), days, heat);
    for (size_t i = 0; i < days; i++) {
        assert_near(grid.heat[i], heat[i], 1e-14, 1e-14);
    }
    gw_factors_draw(&f, GW_FACTOR_CLOUD, HOUR - GW_GRID_WARM_UP_H, HOURS, cloud);
    for (size_t i = 0; i < HOURS; i++) {
        assert_near(grid.cloud[i], cloud[i], 1e-14, 1e-14);
    }
    gw_arena_fini(&arena);
}

static void seeds_and_replications_differ(void **state)
{
    (void)state;
    struct gw_factors a = factors(NULL, "FR", NULL), b, c;
    gw_factors_init(&b, 2, 0, NULL, "FR", NULL);
    gw_factors_init(&c, 1, 1, NULL, "FR", NULL);
    assert_near(correlation(a, b, GW_FACTOR_HEAT), 0, 0, 0.03);
    assert_near(correlation(a, c, GW_FACTOR_HEAT), 0, 0, 0.03);
}

static void filters_have_unit_variance_and_their_memory(void **state)
{
    (void)state;
    static double x[N];
    const struct gw_factors f = factors(NULL, "FR", NULL);
    gw_factors_draw(&f, GW_FACTOR_CLOUD, 0, N, x);
    gw_factors_ar1(0.6, x, N);
    assert_near(product_mean(x, x, N), 1, 0, 0.06);
    assert_near(product_mean(x, x + 1, N - 1), 0.6, 0, 0.05);

    /* r(1) = (1 + (1 - f^2)/(1 + f^2)) f = 2 f / (1 + f^2) */
    gw_factors_draw(&f, GW_FACTOR_WIND, 0, N, x);
    gw_factors_ar2(0.8, x, N);
    assert_near(product_mean(x + 100, x + 100, N - 100), 1, 0, 0.12);
    assert_near(product_mean(x + 100, x + 101, N - 101), 1.6 / 1.64, 0, 0.12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_are_standard_normal),
        cmocka_unit_test(neighbours_share_what_the_table_says),
        cmocka_unit_test(factors_know_nothing_of_each_other),
        cmocka_unit_test(a_name_alone_names_different_things_at_different_levels),
        cmocka_unit_test(a_day_is_the_same_from_whichever_start),
        cmocka_unit_test(a_grid_sees_the_heat_of_its_sites),
        cmocka_unit_test(seeds_and_replications_differ),
        cmocka_unit_test(filters_have_unit_variance_and_their_memory),
    };
    return cmocka_run_group_tests_name("factors", tests, NULL, NULL);
}
