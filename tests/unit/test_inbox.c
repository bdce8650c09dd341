/* Lanes come out merged by (arrival, lane, order of pushing), however far ahead they were filled. */
#include "tests/support/near.h"

#include "models/serving/inbox.h"
#include "sim/core/rng.h"

static void push(struct gw_inbox *inbox, uint32_t lane, gw_time_us at_us, uint64_t number)
{
    const struct gw_serve_request request = {
        .arrival_us = at_us, .in_tok = 1, .out_tok = 1, .number = number};
    assert_true(gw_inbox_push(inbox, lane, &request));
}

static void expect_next(struct gw_inbox *inbox, uint32_t lane, uint64_t number)
{
    const struct gw_serve_request *request = gw_inbox_pop(inbox);
    assert_int_equal(request->lane, lane);
    assert_int_equal(request->number, number);
}

static void earlier_first_then_the_lower_lane_then_the_one_pushed_first(void **state)
{
    (void)state;
    struct gw_inbox inbox;
    assert_true(gw_inbox_init(&inbox, 3));
    assert_true(gw_inbox_next_us(&inbox) == GW_NEVER_US);
    push(&inbox, 2, 10, 20);
    push(&inbox, 2, 10, 21);
    push(&inbox, 2, 30, 22);
    push(&inbox, 0, 10, 1);
    push(&inbox, 0, 20, 2);
    assert_int_equal(inbox.n, 5);
    assert_int_equal(gw_inbox_next_us(&inbox), 10);
    expect_next(&inbox, 0, 1);
    expect_next(&inbox, 2, 20);
    expect_next(&inbox, 2, 21);
    expect_next(&inbox, 0, 2);
    assert_int_equal(gw_inbox_next_us(&inbox), 30);
    expect_next(&inbox, 2, 22);
    assert_true(gw_inbox_next_us(&inbox) == GW_NEVER_US);
    gw_inbox_fini(&inbox);
}

/* The ring wraps and grows in the middle of use; what is left can be looked at in order. */
static void a_lane_keeps_its_order_while_it_grows(void **state)
{
    (void)state;
    struct gw_inbox inbox;
    assert_true(gw_inbox_init(&inbox, 1));
    uint64_t pushed = 0, popped = 0;
    for (uint64_t i = 0; i < 5000; i++) {
        if (inbox.n > 0 && gw_rng_mix(i) % 100 < 45) {
            expect_next(&inbox, 0, popped++);
        } else {
            push(&inbox, 0, (gw_time_us)(pushed / 3), pushed);
            pushed++;
        }
        for (uint32_t j = 0; j < inbox.lane[0].n; j += 50) {
            assert_int_equal(gw_inbox_at(&inbox.lane[0], j)->number, popped + j);
        }
    }
    assert_true(inbox.n == pushed - popped);
    assert_true(inbox.lane[0].cap > 64);
    gw_inbox_fini(&inbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(earlier_first_then_the_lower_lane_then_the_one_pushed_first),
        cmocka_unit_test(a_lane_keeps_its_order_while_it_grows),
    };
    return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
