/* Sums that keep what is small, and mean, variance and confidence interval of a stream. */
#include "tests/support/near.h"

#include "sim/core/moments.h"
#include "sim/core/rng.h"

static struct gw_moments moments_of(const double *x, size_t n)
{
    struct gw_moments m = {0};
    for (size_t i = 0; i < n; i++) {
        gw_moments_add(&m, x[i]);
    }
    return m;
}

static void a_sum_keeps_what_a_plain_one_loses(void **state)
{
    (void)state;
    struct gw_sum s = {0};
    gw_sum_add(&s, 1.0);
    gw_sum_add(&s, 1e100);
    gw_sum_add(&s, 1.0);
    gw_sum_add(&s, -1e100);
    assert_true(gw_sum_value(s) == 2.0);

    struct gw_sum tenths = {0};
    for (int i = 0; i < 1000000; i++) {
        gw_sum_add(&tenths, 0.1);
    }
    assert_true(gw_sum_value(tenths) == 100000.00000000001 || gw_sum_value(tenths) == 100000.0);
    assert_true(gw_sum_value((struct gw_sum){0}) == 0.0);
}

static void sums_merge(void **state)
{
    (void)state;
    struct gw_sum a = {0}, b = {0};
    gw_sum_add(&a, 1e16);
    gw_sum_add(&a, 1.0);
    gw_sum_add(&b, -1e16);
    gw_sum_add(&b, 1.0);
    gw_sum_merge(&a, b);
    assert_true(gw_sum_value(a) == 2.0);
}

/* 2, 4, 4, 4, 5, 5, 7, 9: mean 40/8 = 5, squared deviations 9+1+1+1+0+0+4+16 = 32, variance 32/7. */
static void mean_and_variance_of_a_small_sample(void **state)
{
    (void)state;
    static const double x[] = {2, 4, 4, 4, 5, 5, 7, 9};
    const struct gw_moments m = moments_of(x, 8);
    assert_int_equal(m.n, 8);
    assert_near(m.mean, 5.0, 1e-15, 0);
    assert_near(gw_moments_variance(&m), 32.0 / 7.0, 1e-15, 0);
    assert_true(m.min == 2.0);
    assert_true(m.max == 9.0);
}

static void a_large_offset_does_not_hurt_the_variance(void **state)
{
    (void)state;
    static const double x[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}; /* variance 30 */
    const struct gw_moments m = moments_of(x, 4);
    assert_near(gw_moments_variance(&m), 30.0, 1e-9, 0);
}

static void negative_values_count_for_the_extremes(void **state)
{
    (void)state;
    static const double x[] = {-3, -5};
    const struct gw_moments m = moments_of(x, 2);
    assert_true(m.min == -5.0);
    assert_true(m.max == -3.0);
}

static void too_few_values_have_no_variance(void **state)
{
    (void)state;
    struct gw_moments m = {0};
    assert_true(isnan(gw_moments_variance(&m)));
    assert_true(isnan(gw_moments_half_width(&m, 0.95)));
    gw_moments_add(&m, 3.0);
    assert_true(isnan(gw_moments_variance(&m)));
    assert_true(isnan(gw_moments_half_width(&m, 0.95)));
}

static void merging_parts_equals_the_whole(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "test/moments"));
    enum { N = 1000 };
    double x[N];
    for (int i = 0; i < N; i++) {
        x[i] = 100.0 + gw_rng_normal(&rng);
    }
    const struct gw_moments whole = moments_of(x, N);
    for (size_t cut = 0; cut <= N; cut += 125) {
        struct gw_moments a = moments_of(x, cut);
        const struct gw_moments b = moments_of(x + cut, N - cut);
        gw_moments_merge(&a, &b);
        assert_int_equal(a.n, whole.n);
        assert_near(a.mean, whole.mean, 1e-14, 0);
        assert_near(a.m2, whole.m2, 1e-12, 0);
        assert_true(a.min == whole.min);
        assert_true(a.max == whole.max);
    }
}

/* Student's t from printed tables: t(0.975, 9) = 2.262157163, t(0.95, 1) = 6.313751515, t(0.995, 30)
 * = 2.749995654. */
static void the_half_width_uses_students_t(void **state)
{
    (void)state;
    struct gw_moments m = {.n = 10, .mean = 0, .m2 = 9.0 * 4.0}; /* variance 4 */
    assert_near(gw_moments_half_width(&m, 0.95), 2.262157163 * 2.0 / sqrt(10.0), 1e-9, 0);
    m = (struct gw_moments){.n = 2, .m2 = 1.0};
    assert_near(gw_moments_half_width(&m, 0.90), 6.313751515 / sqrt(2.0), 1e-9, 0);
    m = (struct gw_moments){.n = 31, .m2 = 30.0};
    assert_near(gw_moments_half_width(&m, 0.99), 2.749995654 / sqrt(31.0), 1e-9, 0);
}

/* Of 2000 intervals from 5 normal values each, 95 % hold the true mean, give or take 4 standard deviations (2
 * %). */
static void the_interval_covers_as_often_as_it_says(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(2, 0, "test/moments"));
    int covered = 0;
    for (int trial = 0; trial < 2000; trial++) {
        struct gw_moments m = {0};
        for (int i = 0; i < 5; i++) {
            gw_moments_add(&m, 7.0 + 3.0 * gw_rng_normal(&rng));
        }
        covered += fabs(m.mean - 7.0) <= gw_moments_half_width(&m, 0.95);
    }
    assert_near(covered / 2000.0, 0.95, 0, 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_keeps_what_a_plain_one_loses),
        cmocka_unit_test(sums_merge),
        cmocka_unit_test(mean_and_variance_of_a_small_sample),
        cmocka_unit_test(a_large_offset_does_not_hurt_the_variance),
        cmocka_unit_test(negative_values_count_for_the_extremes),
        cmocka_unit_test(too_few_values_have_no_variance),
        cmocka_unit_test(merging_parts_equals_the_whole),
        cmocka_unit_test(the_half_width_uses_students_t),
        cmocka_unit_test(the_interval_covers_as_often_as_it_says),
    };
    return cmocka_run_group_tests_name("moments", tests, NULL, NULL);
}
