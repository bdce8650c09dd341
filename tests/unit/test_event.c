/* The event queue: the order of ties, stale handles, rescheduling, growth and lack of memory. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/core/event.h"
#include "sim/core/rng.h"
#include "tests/support/exit_of.h"
#include "tests/support/failing_malloc.h"

static struct gw_event_queue *queue;

static int create_queue(void **state)
{
    (void)state;
    queue = gw_event_queue_create(0);
    return queue == NULL;
}

static int destroy_queue(void **state)
{
    (void)state;
    gw_event_queue_destroy(queue);
    return 0;
}

/* Pushes an event that is told from others by its object. */
static struct gw_event_handle push(gw_time_us t_us, int16_t priority, uint32_t object)
{
    const struct gw_event_handle handle = gw_event_push(
        queue, (struct gw_event){.t_us = t_us, .priority = priority, .kind = 5, .object = object});
    assert_true(handle.generation != 0);
    gw_event_verify(queue);
    return handle;
}

static struct gw_event pop(void)
{
    struct gw_event peeked, event;
    assert_true(gw_event_peek(queue, &peeked));
    assert_true(gw_event_pop(queue, &event));
    assert_true(peeked.t_us == event.t_us);
    assert_int_equal(peeked.object, event.object);
    assert_true(gw_event_now(queue) == event.t_us);
    gw_event_verify(queue);
    return event;
}

/* What is pending leaves in this order of objects. */
static void assert_order(const uint32_t *object, size_t n)
{
    assert_int_equal(gw_event_count(queue), n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pop().object, object[i]);
    }
    assert_int_equal(gw_event_count(queue), 0);
}

#define ASSERT_ORDER(...) assert_order((const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / 4)

static void earlier_events_come_first(void **state)
{
    (void)state;
    push(30, 0, 3);
    push(10, 0, 1);
    push(20, 0, 2);
    push(-5, 0, 0); /* before the scenario's start: a warm-up */
    ASSERT_ORDER(0, 1, 2, 3);
}

static void at_one_instant_the_lower_priority_number_comes_first(void **state)
{
    (void)state;
    push(10, 5, 4);
    push(10, INT16_MAX, 5);
    push(10, 0, 3);
    push(10, -1, 2);
    push(10, INT16_MIN, 1);
    push(9, INT16_MAX, 0);
    ASSERT_ORDER(0, 1, 2, 3, 4, 5);
}

static void equal_times_and_priorities_keep_the_order_of_pushing(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        push(10, 0, i);
    }
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(pop().object, i);
    }
}

static void all_of_an_event_comes_back(void **state)
{
    (void)state;
    const struct gw_event in = {.t_us = INT64_MAX, .priority = -7, .kind = 65535, .object = UINT32_MAX};
    struct gw_event out;
    gw_event_push(queue, in);
    assert_true(gw_event_pop(queue, &out));
    assert_true(out.t_us == in.t_us);
    assert_int_equal(out.priority, in.priority);
    assert_int_equal(out.kind, in.kind);
    assert_int_equal(out.object, in.object);
}

static void an_empty_queue_gives_nothing(void **state)
{
    (void)state;
    struct gw_event event;
    assert_false(gw_event_peek(queue, &event));
    assert_false(gw_event_pop(queue, &event));
    assert_true(gw_event_now(queue) == INT64_MIN);
    push(1, 0, 0);
    pop();
    assert_false(gw_event_peek(queue, &event));
    assert_false(gw_event_pop(queue, &event));
    gw_event_verify(queue);
    assert_true(gw_event_now(queue) == 1);
}

static void a_cancelled_event_does_not_come(void **state)
{
    (void)state;
    push(10, 0, 0);
    const struct gw_event_handle second = push(20, 0, 1);
    push(30, 0, 2);
    assert_true(gw_event_cancel(queue, second));
    gw_event_verify(queue);
    assert_false(gw_event_cancel(queue, second));
    ASSERT_ORDER(0, 2);
}

static void stale_handles_are_recognised(void **state)
{
    (void)state;
    const struct gw_event_handle popped = push(10, 0, 0);
    pop();
    assert_false(gw_event_cancel(queue, popped));
    assert_false(gw_event_reschedule(queue, popped, 50));

    const struct gw_event_handle heir = push(20, 0, 1); /* in the same slot */
    assert_int_equal(heir.slot, popped.slot);
    assert_false(gw_event_cancel(queue, popped));
    assert_false(gw_event_reschedule(queue, popped, 50));
    assert_int_equal(gw_event_count(queue), 1);
    assert_true(gw_event_cancel(queue, heir));

    /* handles nobody gave out: none, a free slot's, a slot that never was */
    assert_false(gw_event_cancel(queue, (struct gw_event_handle){0}));
    assert_false(gw_event_cancel(queue, (struct gw_event_handle){heir.slot, heir.generation + 1}));
    assert_false(gw_event_cancel(queue, (struct gw_event_handle){1000000, 1}));
    assert_false(gw_event_reschedule(queue, (struct gw_event_handle){1000000, 1}, 50));
}

static void rescheduling_moves_an_event_both_ways(void **state)
{
    (void)state;
    push(10, 0, 0);
    const struct gw_event_handle moved = push(20, 0, 1);
    push(30, 0, 2);
    assert_true(gw_event_reschedule(queue, moved, 40));
    gw_event_verify(queue);
    assert_true(gw_event_reschedule(queue, moved, 5)); /* the handle is still good */
    gw_event_verify(queue);
    ASSERT_ORDER(1, 0, 2);
}

static void a_rescheduled_event_goes_behind_those_waiting(void **state)
{
    (void)state;
    const struct gw_event_handle first = push(10, 0, 0);
    push(10, 0, 1);
    push(10, 1, 2);
    assert_true(gw_event_reschedule(queue, first, 10)); /* to the same time, and keeps its priority */
    ASSERT_ORDER(1, 0, 2);
}

/* After a pop the root is vacant until something is pushed; everything works meanwhile. */
static void anything_may_follow_a_pop(void **state)
{
    (void)state;
    struct gw_event_handle handle[12];
    for (uint32_t i = 0; i < 12; i++) {
        handle[i] = push(10 * (int64_t)i, 0, i);
    }
    assert_int_equal(pop().object, 0);
    assert_true(gw_event_cancel(queue, handle[11])); /* the last of the heap */
    assert_int_equal(pop().object, 1);
    assert_true(gw_event_cancel(queue, handle[2])); /* the next to come */
    assert_int_equal(pop().object, 3);
    assert_true(gw_event_reschedule(queue, handle[10], 35)); /* to the front */
    assert_int_equal(pop().object, 10);
    assert_int_equal(pop().object, 4);
    push(41, 0, 20);
    assert_int_equal(pop().object, 20);
    ASSERT_ORDER(5, 6, 7, 8, 9);
}

static void ties_are_counted(void **state)
{
    (void)state;
    static const gw_time_us times[] = {5, 5, 5, 6, 7, 7};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        push(times[i], 0, 0);
    }
    while (gw_event_count(queue) > 0) {
        pop();
    }
    assert_int_equal(gw_event_ties(queue), 3);
}

static void push_before_now(void)
{
    push(10, 0, 0);
    push(20, 0, 0);
    pop();
    gw_event_push(queue, (struct gw_event){.t_us = 9});
}

static void reschedule_before_now(void)
{
    const struct gw_event_handle later = push(20, 0, 0);
    push(10, 0, 0);
    pop();
    gw_event_reschedule(queue, later, 9);
}

static void the_past_is_closed(void **state)
{
    (void)state;
    char said[512];
    assert_int_equal(gw_exit_of(push_before_now, said, sizeof said), 70);
    assert_non_null(strstr(said, "event.t_us >= self->now_us does not hold"));
    assert_int_equal(gw_exit_of(reschedule_before_now, said, sizeof said), 70);
    push(10, 0, 0);
    pop();
    push(10, 0, 1); /* the present is open */
    assert_int_equal(pop().object, 1);
}

static void a_queue_at_its_largest_size_allocates_no_more(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "test/event"));
    for (uint32_t i = 0; i < 1000; i++) {
        push((int64_t)(gw_rng_next(&rng) % 1000), 0, i);
    }
    gw_failing_malloc_arm(1);
    for (int i = 0; i < 20000; i++) {
        struct gw_event event;
        assert_true(gw_event_pop(queue, &event));
        event.t_us += (int64_t)(gw_rng_next(&rng) % 1000);
        const struct gw_event_handle handle = gw_event_push(queue, event);
        if (i % 3 == 0) {
            assert_true(gw_event_reschedule(queue, handle, event.t_us + 10));
        }
        if (i % 7 == 0) {
            assert_true(gw_event_cancel(queue, handle));
            assert_true(gw_event_push(queue, event).generation != 0);
        }
    }
    assert_false(gw_failing_malloc_disarm());
    gw_event_verify(queue);
    assert_int_equal(gw_event_count(queue), 1000);
}

static void without_memory_a_push_changes_nothing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        gw_failing_malloc_arm(n);
        struct gw_event_queue *q = gw_event_queue_create(0);
        int refused = q == NULL;
        for (int64_t i = 0; q != NULL && i < 100;) {
            const struct gw_event_handle handle = gw_event_push(q, (struct gw_event){.t_us = 1000 - i});
            if (handle.generation == 0) {
                refused++;
            } else {
                i++;
            }
            assert_int_equal(gw_event_count(q), i);
            gw_event_verify(q);
        }
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(refused, failed);
        struct gw_event event;
        for (int64_t t_us = 901; q != NULL && t_us <= 1000; t_us++) {
            assert_true(gw_event_pop(q, &event));
            assert_true(event.t_us == t_us);
        }
        gw_event_queue_destroy(q);
        if (!failed) {
            assert_true(n > 4);
            break;
        }
    }
    gw_event_queue_destroy(NULL);
}

static void a_size_beyond_all_memory_is_refused(void **state)
{
    (void)state;
    assert_null(gw_event_queue_create(SIZE_MAX));
    assert_null(gw_event_queue_create(SIZE_MAX / 24));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_queue, destroy_queue)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(earlier_events_come_first),
        TEST(at_one_instant_the_lower_priority_number_comes_first),
        TEST(equal_times_and_priorities_keep_the_order_of_pushing),
        TEST(all_of_an_event_comes_back),
        TEST(an_empty_queue_gives_nothing),
        TEST(a_cancelled_event_does_not_come),
        TEST(stale_handles_are_recognised),
        TEST(rescheduling_moves_an_event_both_ways),
        TEST(a_rescheduled_event_goes_behind_those_waiting),
        TEST(anything_may_follow_a_pop),
        TEST(ties_are_counted),
        TEST(the_past_is_closed),
        TEST(a_queue_at_its_largest_size_allocates_no_more),
        TEST(without_memory_a_push_changes_nothing),
        TEST(a_size_beyond_all_memory_is_refused),
    };
    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
