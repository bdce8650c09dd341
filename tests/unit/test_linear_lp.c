/* The front of linear programs of a made routing problem: one place per objective at the ends, nothing
 * dominated, room kept. */
#include "tests/support/near.h"

#include "models/policies/search/linear_lp.h"

/* One row, two places, room for all in either: carbon is least at the first, cost at the second. */
static void with_one_row_and_two_places_the_front_has_two_corners(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear l;
    assert_true(gw_linear_init(&l, 1, 2, 1, 2, &arena));
    const double cost[] = {1, 10, 5, 2}; /* [places][objectives] */
    for (int i = 0; i < 4; i++) {
        l.cost[i] = cost[i];
    }
    l.load[0] = l.load[1] = 0.5;
    gw_linear_ready(&l);
    struct gw_front front = {0};
    assert_true(gw_linear_lp_front(&l, 3, &front)); /* weights (0, 1), (1/2, 1/2), (1, 0) */
    assert_int_equal(front.n, 3);
    assert_near(gw_front_f(&front, 0)[0], 5, 1e-12, 0);
    assert_near(gw_front_f(&front, 0)[1], 2, 1e-12, 0);
    assert_near(gw_front_f(&front, 2)[0], 1, 1e-12, 0);
    assert_near(gw_front_f(&front, 2)[1], 10, 1e-12, 0);
    gw_front_fini(&front);
    gw_arena_fini(&arena);
}

static void its_plans_keep_the_room_and_none_dominates_another(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear toy;
    struct gw_front front = {0};
    assert_true(gw_linear_toy(&toy, 8, 12, 4, 1.9, 1, &arena));
    assert_true(gw_linear_lp_front(&toy, 50, &front));
    assert_int_equal(front.n, 35);
    for (uint32_t i = 0; i < front.n; i++) {
        assert_near(gw_linear_over(&toy, gw_front_x(&front, i)), 0, 0, 1e-6);
        for (uint32_t j = 0; j < front.n; j++) {
            const double *f = gw_front_f(&front, i), *g = gw_front_f(&front, j);
            const bool far_better =
                f[0] < 0.999 * g[0] && f[1] < 0.999 * g[1] && f[2] < 0.999 * g[2] && f[3] < 0.999 * g[3];
            assert_false(far_better);
        }
    }
    gw_front_fini(&front);
    gw_arena_fini(&arena);
}

static void what_finds_no_room_has_no_front(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear l;
    struct gw_front front = {0};
    assert_true(gw_linear_init(&l, 1, 2, 1, 2, &arena));
    l.load[0] = l.load[1] = 3.0; /* half of it is 1.5, and room is 1 */
    gw_linear_ready(&l);
    assert_false(gw_linear_lp_front(&l, 3, &front));
    gw_front_fini(&front);
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_one_row_and_two_places_the_front_has_two_corners),
        cmocka_unit_test(its_plans_keep_the_room_and_none_dominates_another),
        cmocka_unit_test(what_finds_no_room_has_no_front),
    };
    return cmocka_run_group_tests_name("linear_lp", tests, NULL, NULL);
}
