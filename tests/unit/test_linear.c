#include "tests/support/near.h"

#include "models/policies/search/linear.h"
#include "models/policies/search/variation.h"

enum { ROWS = 8, PLACES = 12, OBJECTIVES = 4, VARS = ROWS * PLACES, MOVES = 3000 };

/* Two rows, two places: costs 1 and 3, 2 and 2; each row takes 0.6 of a place's room. */
static void a_plan_costs_its_shares_and_pays_for_lack_of_room(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear linear;
    assert_true(gw_linear_init(&linear, 2, 2, 1, 1, &arena));
    const double cost[] = {1, 3, 2, 2};
    for (size_t i = 0; i < 4; i++) {
        linear.cost[i] = cost[i];
        linear.load[i] = 0.6;
    }
    linear.fixed[0] = 10;
    gw_linear_ready(&linear);
    const double apart[] = {1, 0, 0, 1}, together[] = {1, 0, 1, 0}, mixed[] = {0.5, 0.5, 0.5, 0.5};
    double f = 0;
    linear.problem.eval(&linear, apart, &f);
    assert_near(f, 13, 1e-15, 0);
    linear.problem.eval(&linear, mixed, &f);
    assert_near(f, 14, 1e-15, 0);
    /* moving row 0 costs at most 2 and frees 0.6: twice 2 / 0.6 for each unit beyond, of which there are 0.2
     */
    linear.problem.eval(&linear, together, &f);
    assert_near(gw_linear_over(&linear, together), 0.2, 1e-14, 0);
    assert_near(f, 13 + 0.2 * 2 * 2 / 0.6, 1e-14, 0);
    gw_arena_fini(&arena);
}

static void prices_and_moves_agree_with_whole_evaluations(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear linear;
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    assert_true(gw_linear_toy(&linear, ROWS, PLACES, OBJECTIVES, 1.2, 7, &arena));
    const struct gw_problem *p = &linear.problem;
    void *at = gw_arena_alloc(&arena, p->moves->bytes);
    double x[VARS], f[OBJECTIVES], priced[OBJECTIVES];
    gw_variation_draw(p, &rng, x);
    p->moves->start(p->context, at, x, priced);
    p->eval(p->context, x, f);
    for (int t = 0; t < MOVES; t++) {
        for (int k = 0; k < OBJECTIVES; k++) {
            assert_near(priced[k], f[k], 1e-10, 1e-10);
        }
        const struct gw_move move = gw_variation_move(p, &rng, x);
        if (move.amount > 0) {
            p->moves->price(p->context, at, &move, priced);
            p->moves->make(p->context, at, &move);
            gw_variation_make(x, &move);
            p->eval(p->context, x, f);
        }
    }
    gw_arena_fini(&arena);
}

/* Where all fits, whatever is moved into an overloaded place makes every objective worse in sum. */
static void the_toy_has_room_for_all_and_is_the_same_for_a_seed(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear a, b;
    assert_true(gw_linear_toy(&a, ROWS, PLACES, OBJECTIVES, 1.9, 7, &arena));
    assert_true(gw_linear_toy(&b, ROWS, PLACES, OBJECTIVES, 1.9, 7, &arena));
    assert_memory_equal(a.cost, b.cost, VARS * OBJECTIVES * sizeof *a.cost);
    /* by size of place: size_p is weight / load, so 1 / load is proportional to it */
    double x[VARS], sizes = 0;
    for (int p = 0; p < PLACES; p++) {
        sizes += 1 / a.load[p];
    }
    for (int i = 0; i < VARS; i++) {
        x[i] = 1 / a.load[i % PLACES] / sizes;
    }
    assert_near(gw_linear_over(&a, x), 0, 0, 0);
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_costs_its_shares_and_pays_for_lack_of_room),
        cmocka_unit_test(prices_and_moves_agree_with_whole_evaluations),
        cmocka_unit_test(the_toy_has_room_for_all_and_is_the_same_for_a_seed),
    };
    return cmocka_run_group_tests_name("linear", tests, NULL, NULL);
}
