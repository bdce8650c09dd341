/* White numbers that neighbours share, filters with a memory, shapes of demand. */
#include "tests/support/near.h"

#include <math.h>

#include "models/grid/grid_factors.h"

enum { N = 200000, HOUR = 464592 /* 2023-01-01T00:00Z */ };

static double white[N], other[N];

static double product(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * y[i] / (double)n;
    }
    return sum;
}

/* With a memory of 10 h: r = exp(-0.1). */
static void filters_keep_variance_1_and_have_the_memory_asked_for(void **state)
{
    (void)state;
    const double r = exp(-0.1);
    gw_grid_factors_white(1, 0, "test/a", 0, N, white);
    assert_near(product(white, white, N), 1, 0.02, 0);
    gw_grid_factors_ar1(10, white, N);
    assert_near(product(white, white, N), 1, 0.05, 0);
    assert_near(product(white, white + 10, N - 10), exp(-1), 0.08, 0);

    gw_grid_factors_white(1, 0, "test/b", 0, N, white);
    gw_grid_factors_ar2(10, white, N);
    assert_near(product(white, white, N), 1, 0.06, 0);
    const double lag_12 = (1 + 12 * (1 - r * r) / (1 + r * r)) * pow(r, 12); /* 0.66 */
    assert_near(product(white, white + 12, N - 12), lag_12, 0.08, 0);
}

static void a_number_depends_on_its_time_and_name_alone(void **state)
{
    (void)state;
    gw_grid_factors_white(1, 0, "test/a", 0, 100, white);
    gw_grid_factors_white(1, 0, "test/a", 40, 100, other);
    for (size_t i = 0; i < 60; i++) {
        assert_true(white[40 + i] == other[i]);
    }
    gw_grid_factors_white(1, 1, "test/a", 0, 1, other);
    assert_true(white[0] != other[0]);
    gw_grid_factors_white(2, 0, "test/a", 0, 1, other);
    assert_true(white[0] != other[0]);
}

static const double *wind_of(const char *name, const char *group, double share, struct gw_arena *arena)
{
    const struct gw_zone zone = {.name = name, .weather_group = group, .weather_share = share};
    struct gw_grid_factors factors;
    assert_int_equal(gw_grid_factors_make(&zone, HOUR, 20000, 1, 0, &factors, arena, NULL), GW_OK);
    return factors.wind;
}

static void neighbours_share_what_their_shares_say(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const double *a = wind_of("a", "west", 0.8, &arena), *b = wind_of("b", "west", 0.5, &arena);
    const double *c = wind_of("c", "east", 0.8, &arena), *alone = wind_of("d", NULL, 0.8, &arena);
    assert_near(product(a, b, 20000), sqrt(0.8 * 0.5), 0, 0.03);
    assert_near(product(a, c, 20000), 0, 0, 0.03);
    assert_near(product(a, alone, 20000), 0, 0, 0.03);
    assert_near(product(alone, alone, 20000), 1, 0.03, 0);
    gw_arena_fini(&arena);
}

static void days_begin_at_midnight_also_before_1970(void **state)
{
    (void)state;
    assert_int_equal(gw_grid_factors_day(0), 0);
    assert_int_equal(gw_grid_factors_day(23), 0);
    assert_int_equal(gw_grid_factors_day(24), 1);
    assert_int_equal(gw_grid_factors_day(-1), -1);
    assert_int_equal(gw_grid_factors_day(-24), -1);
    assert_int_equal(gw_grid_factors_day(-25), -2);
}

static void demand_has_mean_1_over_the_day_and_lines_between_months(void **state)
{
    (void)state;
    for (int day = 0; day < GW_LOAD_DAYS; day++) {
        double sum = 0;
        for (int h = 0; h < 24; h++) {
            sum += gw_load_shape_hour((enum gw_load_day)day, h);
        }
        assert_near(sum, 24, 1e-14, 0);
    }
    const double month[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    assert_near(gw_load_shape_at(month, 1.5 * 365.25 / 12), 2, 1e-12, 0); /* the middle of February */
    assert_near(gw_load_shape_at(month, 365.25 / 12), 1.5, 1e-12, 0);     /* its beginning */
    assert_near(gw_load_shape_at(month, 0), 6.5, 1e-12, 0);               /* between December and January */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_keep_variance_1_and_have_the_memory_asked_for),
        cmocka_unit_test(a_number_depends_on_its_time_and_name_alone),
        cmocka_unit_test(neighbours_share_what_their_shares_say),
        cmocka_unit_test(days_begin_at_midnight_also_before_1970),
        cmocka_unit_test(demand_has_mean_1_over_the_day_and_lines_between_months),
    };
    return cmocka_run_group_tests_name("grid factors", tests, NULL, NULL);
}
