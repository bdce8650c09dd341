/* Quantiles: exact while few, within 1/128 afterwards, and the same however the values were divided and
 * merged. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/rng.h"
#include "sim/core/sketch.h"
#include "tests/support/failing_malloc.h"

enum { N = 20000 };

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The definition: the smallest value with at least q * n values at or below it. */
static int64_t nearest_rank(const int64_t *sorted, size_t n, double q)
{
    size_t i = 0;
    while (i + 1 < n && (double)(i + 1) < q * (double)n * (1 - 1e-12)) {
        i++;
    }
    return sorted[i];
}

static struct gw_sketch sketch_of(const int64_t *value, size_t n)
{
    struct gw_sketch s = {0};
    for (size_t i = 0; i < n; i++) {
        assert_true(gw_sketch_add(&s, value[i]));
    }
    return s;
}

static void a_few_values_by_hand(void **state)
{
    (void)state;
    static const int64_t value[] = {15, 20, 35, 40, 50};
    struct gw_sketch s = sketch_of(value, 5);
    assert_true(gw_sketch_quantile(&s, 0.0) == 15);
    assert_true(gw_sketch_quantile(&s, 0.05) == 15);
    assert_true(gw_sketch_quantile(&s, 0.30) == 20);
    assert_true(gw_sketch_quantile(&s, 0.40) == 20); /* exactly two of five */
    assert_true(gw_sketch_quantile(&s, 0.41) == 35);
    assert_true(gw_sketch_quantile(&s, 0.50) == 35);
    assert_true(gw_sketch_quantile(&s, 1.00) == 50);
    assert_true(gw_sketch_mean(&s) == 32);
    assert_int_equal(s.min, 15);
    assert_int_equal(s.max, 50);
    gw_sketch_fini(&s);
}

static void an_empty_sketch_has_no_quantiles(void **state)
{
    (void)state;
    struct gw_sketch s = {0}, other = {0};
    assert_true(isnan(gw_sketch_quantile(&s, 0.5)));
    assert_true(isnan(gw_sketch_mean(&s)));
    assert_true(gw_sketch_merge(&s, &other));
    assert_int_equal(s.n, 0);
    gw_sketch_fini(&s);
    gw_sketch_fini(NULL);
}

/* 0.07 * 100 is a little more than 7 in binary, and still means the 7th value. */
static void ranks_are_not_moved_by_rounding(void **state)
{
    (void)state;
    int64_t value[100];
    for (int i = 0; i < 100; i++) {
        value[i] = i + 1;
    }
    struct gw_sketch s = sketch_of(value, 100);
    for (int percent = 1; percent <= 100; percent++) {
        assert_true(gw_sketch_quantile(&s, percent / 100.0) == percent);
    }
    gw_sketch_fini(&s);
}

static void the_first_512_values_are_exact(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "test/sketch"));
    int64_t value[GW_SKETCH_EXACT], sorted[GW_SKETCH_EXACT];
    for (int i = 0; i < GW_SKETCH_EXACT; i++) {
        value[i] = (int64_t)(gw_rng_next(&rng) >> (1 + gw_rng_next(&rng) % 60));
    }
    for (size_t n = 1; n <= GW_SKETCH_EXACT; n += 73) {
        memcpy(sorted, value, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, by_value);
        struct gw_sketch s = sketch_of(value, n);
        for (int i = 0; i <= 1000; i++) {
            assert_true(gw_sketch_quantile(&s, i / 1000.0) == (double)nearest_rank(sorted, n, i / 1000.0));
        }
        gw_sketch_fini(&s);
    }
}

static int64_t draw_uniform(struct gw_rng *rng)
{
    return (int64_t)(gw_rng_next(rng) % 1000);
}

static int64_t draw_exponential(struct gw_rng *rng)
{
    return (int64_t)(250000 * gw_rng_exponential(rng));
}

static int64_t draw_lognormal(struct gw_rng *rng)
{
    return (int64_t)exp(10 + 2 * gw_rng_normal(rng));
}

static int64_t draw_pareto(struct gw_rng *rng) /* infinite variance */
{
    return (int64_t)(1000 * exp(gw_rng_exponential(rng) / 1.1));
}

static int64_t draw_two_points(struct gw_rng *rng)
{
    return gw_rng_next(rng) % 10 == 0 ? INT64_C(900000000) : 1700;
}

static int64_t draw_any_size(struct gw_rng *rng)
{
    return (int64_t)(gw_rng_next(rng) >> (1 + gw_rng_next(rng) % 63));
}

static int64_t (*const draws[])(struct gw_rng *) = {draw_uniform, draw_exponential, draw_lognormal,
                                                    draw_pareto,  draw_two_points,  draw_any_size};

static void quantiles_are_within_one_in_128(void **state)
{
    (void)state;
    int64_t *value = malloc(N * sizeof *value);
    assert_non_null(value);
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(2, 0, "test/sketch"));
    for (size_t d = 0; d < sizeof draws / sizeof draws[0]; d++) {
        for (size_t i = 0; i < N; i++) {
            value[i] = draws[d](&rng);
        }
        struct gw_sketch s = sketch_of(value, N);
        qsort(value, N, sizeof *value, by_value);
        assert_non_null(s.bucket);
        for (int i = 0; i <= 200; i++) {
            const double q = i / 200.0;
            const double exact = (double)nearest_rank(value, N, q), sketched = gw_sketch_quantile(&s, q);
            if (!(fabs(sketched - exact) <= exact / 128)) {
                fail_msg("distribution %zu, q %g: %.17g, exactly %.17g", d, q, sketched, exact);
            }
            if (exact < 256) {
                assert_true(sketched == exact);
            }
        }
        gw_sketch_fini(&s);
    }
    free(value);
}

/* Where values spread over their buckets, quantiles do not jump from bucket to bucket: on the mean they are
 * within a tenth of a bucket's width, 1/1280. */
static void quantiles_of_spread_values_are_far_closer(void **state)
{
    (void)state;
    int64_t *value = malloc(N * sizeof *value);
    assert_non_null(value);
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(3, 0, "test/sketch"));
    for (size_t i = 0; i < N; i++) {
        value[i] = 1000 * draw_uniform(&rng) + (int64_t)(gw_rng_next(&rng) % 1000);
    }
    struct gw_sketch s = sketch_of(value, N);
    qsort(value, N, sizeof *value, by_value);
    double sum = 0.0;
    for (int i = 20; i <= 180; i++) {
        const double exact = (double)nearest_rank(value, N, i / 200.0);
        sum += fabs(gw_sketch_quantile(&s, i / 200.0) - exact) / exact;
    }
    assert_true(sum / 161.0 < 1.0 / 1280);
    gw_sketch_fini(&s);
    free(value);
}

/* A bucket of one value, and around every power of two: the largest errors are there. */
static void each_power_of_two_is_within_the_bound(void **state)
{
    (void)state;
    for (int e = 0; e < 63; e++) {
        for (int64_t step = -1; step <= 1; step++) {
            const int64_t v = (INT64_C(1) << e) + step;
            struct gw_sketch s = {0};
            for (int i = 0; i < 600;
                 i++) { /* zeros below and the largest above keep the extremes from helping */
                assert_true(gw_sketch_add(&s, i % 3 == 0 ? 0 : i % 3 == 1 ? v : INT64_MAX));
            }
            assert_near(gw_sketch_quantile(&s, 0.5), (double)v, 1.0 / 128, 0);
            gw_sketch_fini(&s);
        }
    }
}

/* Equal in everything that later calls can see. */
static bool equal(const struct gw_sketch *a, const struct gw_sketch *b)
{
    bool same = a->n == b->n && a->min == b->min && a->max == b->max && a->sum == b->sum &&
                (a->bucket == NULL) == (b->bucket == NULL);
    if (same && a->bucket != NULL) {
        return memcmp(a->bucket, b->bucket, GW_SKETCH_BUCKETS * sizeof *a->bucket) == 0;
    }
    for (uint64_t rank = 1; same && rank <= a->n; rank += 7) {
        const double q = (double)rank / (double)a->n;
        same = gw_sketch_quantile(a, q) == gw_sketch_quantile(b, q);
    }
    return same;
}

static struct gw_sketch merged(const struct gw_sketch *a, const struct gw_sketch *b)
{
    struct gw_sketch s = {0};
    assert_true(gw_sketch_merge(&s, a));
    assert_true(gw_sketch_merge(&s, b));
    return s;
}

/* (a + b) + c, a + (b + c), c + b + a and all at once, for parts on both sides of the spill. */
static void merging_is_associative_and_commutative(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 200, 312, 512, 513, 2000};
    enum { SIZES = sizeof sizes / sizeof sizes[0] };
    int64_t value[6000];
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(3, 0, "test/sketch"));
    for (size_t i = 0; i < 6000; i++) {
        value[i] = draw_lognormal(&rng);
    }
    for (size_t k = 0; k < SIZES * SIZES * SIZES; k++) {
        const size_t na = sizes[k % SIZES], nb = sizes[k / SIZES % SIZES], nc = sizes[k / SIZES / SIZES];
        struct gw_sketch a = sketch_of(value, na), b = sketch_of(value + na, nb),
                         c = sketch_of(value + na + nb, nc);
        struct gw_sketch ab = merged(&a, &b), ab_c = merged(&ab, &c);
        struct gw_sketch bc = merged(&b, &c), a_bc = merged(&a, &bc);
        struct gw_sketch cb = merged(&c, &b), cb_a = merged(&cb, &a);
        struct gw_sketch whole = sketch_of(value, na + nb + nc);
        assert_true(equal(&ab_c, &whole));
        assert_true(equal(&a_bc, &whole));
        assert_true(equal(&cb_a, &whole));
        struct gw_sketch *const all[] = {&a, &b, &c, &ab, &ab_c, &bc, &a_bc, &cb, &cb_a, &whole};
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
            gw_sketch_fini(all[i]);
        }
    }
}

/* Three of the largest value: their sum needs more than 64 bits. */
static void the_mean_is_exact(void **state)
{
    (void)state;
    struct gw_sketch s = {0};
    for (int i = 0; i < 3; i++) {
        assert_true(gw_sketch_add(&s, INT64_MAX));
    }
    assert_true(gw_sketch_mean(&s) == (double)INT64_MAX);
    gw_sketch_fini(&s);

    for (int i = 0; i < 1000; i++) {
        assert_true(gw_sketch_add(&s, i));
    }
    assert_true(gw_sketch_mean(&s) == 499.5);
    gw_sketch_fini(&s);
}

static void out_of_memory_changes_nothing(void **state)
{
    (void)state;
    int64_t value[800];
    for (int i = 0; i < 800; i++) {
        value[i] = i * i;
    }
    for (size_t n = 1;; n++) {
        struct gw_sketch part = sketch_of(value + 700, 100), s = {0};
        gw_failing_malloc_arm(n);
        int refused = 0;
        for (int i = 0; i < 700;) {
            const uint64_t before = s.n;
            if (gw_sketch_add(&s, value[i])) {
                i++;
            } else {
                refused++;
                assert_int_equal(s.n, before);
            }
        }
        if (!gw_sketch_merge(&s, &part)) {
            refused++;
            assert_int_equal(s.n, 700);
            assert_true(gw_sketch_merge(&s, &part));
        }
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(refused, failed);
        struct gw_sketch whole = sketch_of(value, 800);
        assert_true(equal(&s, &whole));
        gw_sketch_fini(&s);
        gw_sketch_fini(&whole);
        gw_sketch_fini(&part);
        if (!failed) {
            assert_int_equal(n, 3); /* the exact values, then the buckets */
            break;
        }
    }
}

static void a_merge_without_memory_changes_nothing(void **state)
{
    (void)state;
    int64_t value[600];
    for (int i = 0; i < 600; i++) {
        value[i] = i;
    }
    struct gw_sketch small = sketch_of(value, 100), large = sketch_of(value, 600), empty = {0};
    gw_failing_malloc_arm(1);
    assert_false(gw_sketch_merge(&small, &large));
    assert_true(gw_failing_malloc_disarm());
    assert_int_equal(small.n, 100);
    assert_true(gw_sketch_quantile(&small, 1.0) == 99);
    gw_failing_malloc_arm(1);
    assert_false(gw_sketch_merge(&empty, &small));
    assert_true(gw_failing_malloc_disarm());
    assert_int_equal(empty.n, 0);
    gw_sketch_fini(&small);
    gw_sketch_fini(&large);
    gw_sketch_fini(&empty);
}

/* Bins of 1, 1 1/8 ... octaves: counted one by one, whether the sketch keeps values or buckets. */
static void histograms_with_edges_of_buckets_are_exact(void **state)
{
    (void)state;
    enum { BINS = 4 * 8 + 1 };
    int64_t edge[BINS + 1] = {0};
    for (int i = 0; i < BINS; i++) {
        edge[1 + i] = (INT64_C(8) + i % 8) << (7 + i / 8);
    }
    gsl_rng *rng = gw_rng_create(7, 0, "test/histogram");
    assert_non_null(rng);
    for (int trial = 0; trial < 2; trial++) {
        const int n = trial == 0 ? GW_SKETCH_EXACT : N;
        struct gw_sketch s = {0};
        uint64_t count[BINS] = {0}, slowly[BINS] = {0};
        for (int i = 0; i < n; i++) {
            const int64_t value = (int64_t)(20000.0 * gsl_rng_uniform(rng)); /* some beyond the last edge */
            assert_true(gw_sketch_add(&s, value));
            for (int b = 0; b < BINS; b++) {
                slowly[b] += edge[b] <= value && value < edge[b + 1];
            }
        }
        assert_true((s.bucket != NULL) == (trial == 1));
        gw_sketch_histogram(&s, edge, BINS, count);
        assert_memory_equal(count, slowly, sizeof count);
        gw_sketch_fini(&s);
    }
    gsl_rng_free(rng);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_values_by_hand),
        cmocka_unit_test(histograms_with_edges_of_buckets_are_exact),
        cmocka_unit_test(an_empty_sketch_has_no_quantiles),
        cmocka_unit_test(ranks_are_not_moved_by_rounding),
        cmocka_unit_test(the_first_512_values_are_exact),
        cmocka_unit_test(quantiles_are_within_one_in_128),
        cmocka_unit_test(quantiles_of_spread_values_are_far_closer),
        cmocka_unit_test(each_power_of_two_is_within_the_bound),
        cmocka_unit_test(merging_is_associative_and_commutative),
        cmocka_unit_test(the_mean_is_exact),
        cmocka_unit_test(out_of_memory_changes_nothing),
        cmocka_unit_test(a_merge_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests_name("sketch", tests, NULL, NULL);
}
