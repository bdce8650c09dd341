#include "tests/support/near.h"

#include <string.h>

#include "models/policies/search/front.h"

static void to_dominate_is_to_be_better_somewhere_and_worse_nowhere(void **state)
{
    (void)state;
    const double a[] = {1, 2}, b[] = {1, 3}, c[] = {0, 4};
    assert_true(gw_front_dominates(a, b, 2));
    assert_false(gw_front_dominates(b, a, 2));
    assert_false(gw_front_dominates(a, a, 2));
    assert_false(gw_front_dominates(a, c, 2) || gw_front_dominates(c, a, 2));
}

static void ranks_peel_the_set_layer_by_layer(void **state)
{
    (void)state;
    const double f[] = {3, 3, 1, 3, 2, 2, 3, 1, 4, 4, 2, 2, 1, 5};
    const uint32_t wanted[] = {1, 0, 0, 0, 2, 0, 1};
    uint32_t rank[7], order[7];
    assert_int_equal(gw_front_rank(f, 7, 2, rank, order), 3);
    assert_memory_equal(rank, wanted, sizeof wanted);
    const uint32_t sorted[] = {1, 2, 5, 3, 6, 0, 4}; /* by rank, then by value, then by index */
    assert_memory_equal(order, sorted, sizeof sorted);
}

static void an_archive_takes_only_what_is_new_and_not_dominated(void **state)
{
    (void)state;
    struct gw_front front;
    bool added;
    const double x[] = {0.5}, f[][2] = {{2, 2}, {3, 3}, {1, 3}, {2, 2}, {1, 1}};
    const bool wanted[] = {true, false, true, false, true};
    assert_true(gw_front_init(&front, 1, 2, 1));
    for (size_t i = 0; i < 5; i++) {
        assert_true(gw_front_insert(&front, x, f[i], &added));
        assert_int_equal(added, wanted[i]);
    }
    assert_int_equal(front.n, 1); /* (1,1) dominates all others */
    gw_front_fini(&front);
}

static void reduction_leaves_the_first_of_equals(void **state)
{
    (void)state;
    struct gw_front front;
    assert_true(gw_front_init(&front, 1, 2, 4));
    const double f[][2] = {{3, 3}, {1, 3}, {1, 3}, {3, 1}, {2, 4}};
    for (size_t i = 0; i < 5; i++) {
        const double x = (double)i;
        assert_true(gw_front_append(&front, &x, f[i]));
    }
    gw_front_reduce(&front);
    assert_int_equal(front.n, 2);
    assert_near(gw_front_x(&front, 0)[0], 1, 0, 0);
    assert_near(gw_front_x(&front, 1)[0], 3, 0, 0);
    gw_front_fini(&front);
}

/* Ranges 10 and 1: (0,1), (4,0.5), (10,0) sum to 1, 0.9, 1 when scaled. */
static void the_balanced_pick_is_least_in_the_sum_of_scaled_objectives(void **state)
{
    (void)state;
    struct gw_front front;
    const double x = 0, f[][2] = {{0, 1}, {4, 0.5}, {10, 0}}, even[] = {1, 1}, first[] = {1, 0},
                 last[] = {0, 1};
    assert_true(gw_front_init(&front, 1, 2, 3));
    for (size_t i = 0; i < 3; i++) {
        assert_true(gw_front_append(&front, &x, f[i]));
    }
    assert_int_equal(gw_front_pick(&front, even), 1);
    assert_int_equal(gw_front_pick(&front, first), 0);
    assert_int_equal(gw_front_pick(&front, last), 2);
    gw_front_fini(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_dominate_is_to_be_better_somewhere_and_worse_nowhere),
        cmocka_unit_test(ranks_peel_the_set_layer_by_layer),
        cmocka_unit_test(an_archive_takes_only_what_is_new_and_not_dominated),
        cmocka_unit_test(reduction_leaves_the_first_of_equals),
        cmocka_unit_test(the_balanced_pick_is_least_in_the_sum_of_scaled_objectives),
    };
    return cmocka_run_group_tests_name("front", tests, NULL, NULL);
}
