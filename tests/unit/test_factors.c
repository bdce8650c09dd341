/* Factors: standard normal, shared as told, the same whoever else asks, with the memory asked for. */
#include "tests/support/near.h"

#include <math.h>

#include "models/grid/natural.h"
#include "models/weather/factors.h"

enum { N = 20000 };

/* Group and region by name: a handful of regions is enough. */
static struct gw_factors factors(const char *group, const char *region, const char *place)
{
    static struct gw_factors_region made[64];
    static size_t n;
    struct gw_factors f;
    if (region == NULL) {
        gw_factors_init(&f, 1, 0, NULL, place);
        return f;
    }
    assert_true(n < sizeof made / sizeof made[0]);
    made[n] = (struct gw_factors_region){.name = region, .group = group, .share = 0.8};
    gw_factors_init(&f, 1, 0, &made[n++], place);
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

/* The wind's share is the region's own; two groups share the rest of the weather as they share the wind. */
static void two_groups_share_in_the_proportion_of_the_wind(void **state)
{
    (void)state;
    static const struct gw_factors_region both = {"DK", "west", "north", 0.5, 0.3},
                                          west = {"DE", "west", NULL, 0.8, 0},
                                          north = {"SE", "north", NULL, 0.6, 0};
    struct gw_factors dk, de, se;
    gw_factors_init(&dk, 1, 0, &both, NULL);
    gw_factors_init(&de, 1, 0, &west, NULL);
    gw_factors_init(&se, 1, 0, &north, NULL);
    assert_near(correlation(dk, de, GW_FACTOR_WIND), sqrt(0.5 * 0.8), 0, 0.03);
    assert_near(correlation(dk, se, GW_FACTOR_WIND), sqrt(0.3 * 0.6), 0, 0.03);
    assert_near(correlation(dk, de, GW_FACTOR_HEAT), sqrt(0.65 * 5 / 8 * 0.65), 0, 0.03);
}

/* What (10) leaves to the place: 0.1 of 0.35 of heat, filtered alike: 0.98 of the grid's heat is the site's.
 */
static void a_heat_wave_of_the_site_is_one_of_its_grid(void **state)
{
    (void)state;
    enum { HOURS = 2400, DAYS = HOURS / 24, WARM = 60 };
    static const struct gw_factors_region region = {.name = "FR", .group = "west", .share = 0.8};
    static const struct gw_zone zone = {.name = "FR", .weather = &region, .lat_deg = 47};
    struct gw_arena arena = {0};
    const struct gw_natural_span span = gw_natural_span(&zone, 464592, HOURS, 1, 0, &arena);
    struct gw_natural natural;
    assert_int_equal(gw_natural_make(&span, &natural, NULL), GW_OK);

    struct gw_factors paris;
    gw_factors_init(&paris, 1, 0, &region, "paris");
    double site[WARM + DAYS], xy = 0, xx = 0, yy = 0;
    gw_factors_draw(&paris, GW_FACTOR_HEAT, 464592 / 24 - WARM, WARM + DAYS, site);
    gw_factors_ar1(exp(-1 / 2.5), site, WARM + DAYS);
    for (int d = 0; d < DAYS; d++) {
        const double x = site[WARM + d], y = natural.heat[24 * d + 12];
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    assert_true(xy / sqrt(xx * yy) > 0.95);
    gw_arena_fini(&arena);
}

static void a_white_number_depends_on_its_time_and_name_alone(void **state)
{
    (void)state;
    double whole[100], part[60], other;
    gw_factors_white(1, 0, "test/a", 0, 100, whole);
    gw_factors_white(1, 0, "test/a", 40, 60, part);
    for (size_t i = 0; i < 60; i++) {
        assert_true(whole[40 + i] == part[i]);
    }
    gw_factors_white(1, 1, "test/a", 0, 1, &other);
    assert_true(whole[0] != other);
    gw_factors_white(2, 0, "test/a", 0, 1, &other);
    assert_true(whole[0] != other);
}

static void seeds_and_replications_differ(void **state)
{
    (void)state;
    static const struct gw_factors_region fr = {.name = "FR"};
    struct gw_factors a, b, c;
    gw_factors_init(&a, 1, 0, &fr, NULL);
    gw_factors_init(&b, 2, 0, &fr, NULL);
    gw_factors_init(&c, 1, 1, &fr, NULL);
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
        cmocka_unit_test(two_groups_share_in_the_proportion_of_the_wind),
        cmocka_unit_test(a_heat_wave_of_the_site_is_one_of_its_grid),
        cmocka_unit_test(a_white_number_depends_on_its_time_and_name_alone),
        cmocka_unit_test(seeds_and_replications_differ),
        cmocka_unit_test(filters_have_unit_variance_and_their_memory),
    };
    return cmocka_run_group_tests_name("factors", tests, NULL, NULL);
}
