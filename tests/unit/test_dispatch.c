/* The three rules on pools small enough to follow. */
#include "tests/support/near.h"

#include "models/serving/dispatch.h"

static const int64_t rooms[] = {1000, 1000, 1000, 5000};

static struct gw_dispatch_pool pool_of(enum gw_dispatch rule, double pack_limit, uint32_t n)
{
    struct gw_dispatch_pool pool;
    assert_true(gw_dispatch_init(&pool, rule, pack_limit, rooms, n));
    return pool;
}

/* The replica that takes a request of this length, which then has one more in flight. */
static uint32_t take(struct gw_dispatch_pool *pool, int64_t context_tok)
{
    const uint32_t i = gw_dispatch_pick(pool, context_tok);
    if (i != GW_DISPATCH_NONE) {
        gw_dispatch_update(pool, i, pool->in_flight[i] + 1);
    }
    gw_dispatch_verify(pool);
    return i;
}

static void round_robin_takes_turns_whatever_the_load(void **state)
{
    (void)state;
    struct gw_dispatch_pool pool = pool_of(GW_DISPATCH_ROUND_ROBIN, 0.0, 3);
    gw_dispatch_update(&pool, 1, 50);
    assert_int_equal(take(&pool, 10), 0);
    assert_int_equal(take(&pool, 10), 1);
    assert_int_equal(take(&pool, 10), 2);
    assert_int_equal(take(&pool, 10), 0);
    assert_int_equal(pool.total, 54);
    gw_dispatch_fini(&pool);
}

static void least_pending_takes_the_emptiest_and_the_lowest_on_a_tie(void **state)
{
    (void)state;
    struct gw_dispatch_pool pool = pool_of(GW_DISPATCH_LEAST_PENDING, 0.0, 3);
    gw_dispatch_update(&pool, 0, 2);
    assert_int_equal(take(&pool, 10), 1);
    assert_int_equal(take(&pool, 10), 2);
    assert_int_equal(take(&pool, 10), 1);
    assert_int_equal(take(&pool, 10), 2);
    assert_int_equal(take(&pool, 10), 0);
    gw_dispatch_update(&pool, 2, 0);
    assert_int_equal(take(&pool, 10), 2);
    gw_dispatch_fini(&pool);
}

static void pack_fills_the_lowest_up_to_its_limit_and_then_spreads(void **state)
{
    (void)state;
    struct gw_dispatch_pool pool = pool_of(GW_DISPATCH_PACK, 2.0, 3);
    static const uint32_t expected[] = {0, 0, 1, 1, 2, 2, 0, 1, 2};
    for (int i = 0; i < 9; i++) {
        assert_int_equal(take(&pool, 10), expected[i]);
    }
    gw_dispatch_update(&pool, 1, 1);
    assert_int_equal(take(&pool, 10), 1);
    gw_dispatch_fini(&pool);
}

static void a_long_request_goes_to_one_that_can_hold_it(void **state)
{
    (void)state;
    for (int rule = 0; rule < 3; rule++) {
        struct gw_dispatch_pool pool = pool_of((enum gw_dispatch)rule, 10.0, 4);
        gw_dispatch_update(&pool, 3, 20);
        assert_int_equal(take(&pool, 1001), 3);
        assert_int_equal(take(&pool, 5001), GW_DISPATCH_NONE);
        assert_int_equal(take(&pool, 1000), 0);
        gw_dispatch_fini(&pool);
    }
}

static void a_pool_without_replicas_takes_nothing(void **state)
{
    (void)state;
    struct gw_dispatch_pool pool = pool_of(GW_DISPATCH_LEAST_PENDING, 0.0, 0);
    assert_int_equal(take(&pool, 1), GW_DISPATCH_NONE);
    gw_dispatch_fini(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_robin_takes_turns_whatever_the_load),
        cmocka_unit_test(least_pending_takes_the_emptiest_and_the_lowest_on_a_tie),
        cmocka_unit_test(pack_fills_the_lowest_up_to_its_limit_and_then_spreads),
        cmocka_unit_test(a_long_request_goes_to_one_that_can_hold_it),
        cmocka_unit_test(a_pool_without_replicas_takes_nothing),
    };
    return cmocka_run_group_tests_name("dispatch", tests, NULL, NULL);
}
