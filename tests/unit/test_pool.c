/* A crew works off every index exactly once, and the results do not depend on how many they are. */
#include "tests/support/near.h"

#include <stdlib.h>

#include "sim/core/pool.h"
#include "sim/core/rng.h"
#include "tests/support/failing_malloc.h"

enum { N = 5000 };

static void count_visit(void *context, size_t index)
{
    int *visits = context;
    visits[index]++;
}

static void every_index_is_worked_on_once(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 3, 100, N};
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct gw_pool *pool = gw_pool_create(threads);
        assert_non_null(pool);
        assert_int_equal(gw_pool_threads(pool), threads);
        for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
            int *visits = calloc(N, sizeof *visits);
            assert_non_null(visits);
            gw_pool_for(pool, lengths[k], count_visit, visits);
            for (size_t i = 0; i < N; i++) {
                assert_int_equal(visits[i], i < lengths[k]);
            }
            free(visits);
        }
        gw_pool_destroy(pool);
    }
}

static void draw(void *context, size_t index)
{
    struct gw_rng rng;
    gw_rng_init(&rng, index);
    double *result = context;
    for (size_t i = 0; i < index % 50; i++) { /* uneven work, so that threads overtake each other */
        result[index] += gw_rng_normal(&rng);
    }
}

static void results_do_not_depend_on_the_number_of_threads(void **state)
{
    (void)state;
    double *alone = calloc(N, sizeof *alone), *shared = calloc(N, sizeof *shared);
    assert_non_null(alone);
    assert_non_null(shared);
    struct gw_pool *one = gw_pool_create(1), *four = gw_pool_create(4);
    assert_non_null(one);
    assert_non_null(four);
    gw_pool_for(one, N, draw, alone);
    gw_pool_for(four, N, draw, shared);
    assert_memory_equal(alone, shared, N * sizeof *alone);
    gw_pool_destroy(one);
    gw_pool_destroy(four);
    free(alone);
    free(shared);
}

/* What one job wrote is seen by the caller and by every thread of the next job. */
static void add_neighbours(void *context, size_t index)
{
    long(*row)[64] = context;
    row[1][index] = row[0][index] + row[0][(index + 1) % 64];
}

static void jobs_follow_each_other(void **state)
{
    (void)state;
    long row[2][64], expected[2][64];
    for (int i = 0; i < 64; i++) {
        row[0][i] = expected[0][i] = i;
    }
    struct gw_pool *pool = gw_pool_create(3);
    assert_non_null(pool);
    for (int round = 0; round < 500; round++) {
        gw_pool_for(pool, 64, add_neighbours, row);
        for (size_t i = 0; i < 64; i++) {
            add_neighbours(expected, i);
        }
        for (int i = 0; i < 64; i++) { /* modulo, so that nothing overflows */
            row[0][i] = row[1][i] % 1000003;
            expected[0][i] = expected[1][i] % 1000003;
        }
    }
    assert_memory_equal(row[0], expected[0], sizeof row[0]);
    gw_pool_destroy(pool);
}

static void a_pool_that_never_worked_ends(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct gw_pool *pool = gw_pool_create(4);
        assert_non_null(pool);
        gw_pool_destroy(pool);
    }
    gw_pool_destroy(NULL);
}

static void zero_threads_means_one_per_core(void **state)
{
    (void)state;
    struct gw_pool *pool = gw_pool_create(0);
    assert_non_null(pool);
    assert_true(gw_pool_threads(pool) >= 1);
    gw_pool_destroy(pool);
}

static void out_of_memory_gives_no_pool(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        gw_failing_malloc_arm(n);
        struct gw_pool *pool = gw_pool_create(2);
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(pool == NULL, failed);
        gw_pool_destroy(pool);
        if (!failed) {
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_is_worked_on_once),
        cmocka_unit_test(results_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(jobs_follow_each_other),
        cmocka_unit_test(a_pool_that_never_worked_ends),
        cmocka_unit_test(zero_threads_means_one_per_core),
        cmocka_unit_test(out_of_memory_gives_no_pool),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
