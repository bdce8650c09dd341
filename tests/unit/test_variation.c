#include "tests/support/near.h"

#include <stdbool.h>
#include <string.h>

#include "models/policies/search/variation.h"

enum { ROWS = 4, ROW = 6, VARS = ROWS * ROW, TRIALS = 2000 };

static const double low[VARS] = {-1, 0, 2}, high[VARS] = {1, 0, 9};
static const struct gw_problem box = {.n = 3, .objectives = 1, .low = low, .high = high};
static const uint8_t allowed[VARS] = {1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0};
static const struct gw_problem rows = {.n = VARS, .objectives = 1, .row = ROW, .allowed = allowed};
static const struct gw_variation usual = {0.9, 20, 20};

static void assert_in_box(const double *x)
{
    for (int i = 0; i < 3; i++) {
        assert_true(x[i] >= low[i] && x[i] <= high[i]);
    }
}

static void assert_rows(const double *x)
{
    for (int r = 0; r < ROWS; r++) {
        double sum = 0;
        for (int i = r * ROW; i < (r + 1) * ROW; i++) {
            assert_true(x[i] >= 0 && (x[i] == 0 || allowed[i] != 0));
            sum += x[i];
        }
        assert_near(sum, 1, 0, 1e-12);
    }
}

static void a_box_is_never_left(void **state)
{
    (void)state;
    struct gw_rng rng;
    double a[3], b[3], c[3], d[3];
    gw_rng_init(&rng, 7);
    gw_variation_draw(&box, &rng, a);
    gw_variation_draw(&box, &rng, b);
    for (int i = 0; i < TRIALS; i++) {
        gw_variation_cross(&box, &usual, &rng, a, b, c, d);
        gw_variation_mutate(&box, &usual, &rng, c);
        gw_variation_step(&box, &usual, &rng, d);
        assert_in_box(c);
        assert_in_box(d);
        memcpy(i % 2 == 0 ? a : b, i % 3 == 0 ? c : d, sizeof a);
    }
}

static void rows_keep_their_sum_and_stay_where_they_may(void **state)
{
    (void)state;
    struct gw_rng rng;
    double a[VARS], b[VARS], c[VARS], d[VARS];
    gw_rng_init(&rng, 7);
    gw_variation_draw(&rows, &rng, a);
    gw_variation_draw(&rows, &rng, b);
    for (int i = 0; i < TRIALS; i++) {
        gw_variation_cross(&rows, &usual, &rng, a, b, c, d);
        gw_variation_mutate(&rows, &usual, &rng, c);
        gw_variation_step(&rows, &usual, &rng, d);
        assert_rows(c);
        assert_rows(d);
        memcpy(i % 2 == 0 ? a : b, i % 3 == 0 ? c : d, sizeof a);
    }
}

/* Row 1 has one place: it holds everything. */
static void vertices_are_reached_exactly(void **state)
{
    (void)state;
    struct gw_rng rng;
    double x[VARS];
    uint32_t vertices = 0;
    gw_rng_init(&rng, 3);
    gw_variation_draw(&rows, &rng, x);
    for (int i = 0; i < TRIALS; i++) {
        gw_variation_step(&rows, &usual, &rng, x);
        assert_near(x[8], 1, 1e-12, 0);
        for (int k = 0; k < ROW; k++) {
            vertices += x[k] > 1 - 1e-12;
        }
    }
    assert_true(vertices > TRIALS / 50);
}

static void a_child_takes_rows_whole(void **state)
{
    (void)state;
    struct gw_rng rng;
    double a[VARS], b[VARS], c[VARS], d[VARS];
    gw_rng_init(&rng, 5);
    gw_variation_draw(&rows, &rng, a);
    gw_variation_draw(&rows, &rng, b);
    gw_variation_cross(&rows, &usual, &rng, a, b, c, d);
    for (int first = 0; first < VARS; first += ROW) {
        const bool mine = memcmp(c + first, a + first, ROW * sizeof *a) == 0;
        assert_memory_equal(c + first, mine ? a + first : b + first, ROW * sizeof *a);
        assert_memory_equal(d + first, mine ? b + first : a + first, ROW * sizeof *a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_box_is_never_left),
        cmocka_unit_test(rows_keep_their_sum_and_stay_where_they_may),
        cmocka_unit_test(vertices_are_reached_exactly),
        cmocka_unit_test(a_child_takes_rows_whole),
    };
    return cmocka_run_group_tests_name("variation", tests, NULL, NULL);
}
