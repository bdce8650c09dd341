/* A million random pushes, pops, cancellations and changes of time, with forced ties: the heap does what a
 * sorted list does. */
#include "tests/support/near.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/core/event.h"
#include "sim/core/rng.h"
#include "tests/reference/sorted_queue.h"

enum { STEPS = 1000000, REMEMBERED = 512 };

/* One event under both of its names; many of those remembered are long gone. */
struct named {
    struct gw_event_handle handle;
    uint64_t ticket;
};

struct pair {
    struct gw_event_queue *heap;
    struct sorted_queue list;
    struct gw_rng rng;
    struct named named[REMEMBERED];
    uint64_t step;
};

static uint64_t below(struct gw_rng *rng, uint64_t n)
{
    return gw_rng_next(rng) % n;
}

/* Mostly one of the next few instants, so that most events have company; now and then far away. */
static gw_time_us some_time(struct pair *p)
{
    const gw_time_us now_us = p->list.pops > 0 ? p->list.now_us : -3;
    return now_us + (gw_time_us)(below(&p->rng, 50) == 0 ? below(&p->rng, 1000) : below(&p->rng, 4));
}

static struct gw_event some_event(struct pair *p)
{
    static const int16_t priorities[] = {0, 0, 0, 1, -1, INT16_MIN, INT16_MAX};
    return (struct gw_event){
        .t_us = some_time(p),
        .priority = priorities[below(&p->rng, sizeof priorities / sizeof priorities[0])],
        .kind = (uint16_t)gw_rng_next(&p->rng),
        .object = (uint32_t)gw_rng_next(&p->rng),
    };
}

static bool equal(struct gw_event a, struct gw_event b)
{
    return a.t_us == b.t_us && a.priority == b.priority && a.kind == b.kind && a.object == b.object;
}

static void require(const struct pair *p, bool holds, const char *what)
{
    if (!holds) {
        fail_msg("step %" PRIu64 ": %s", p->step, what);
    }
}

static void push(struct pair *p)
{
    const struct gw_event event = some_event(p);
    struct named *named = &p->named[below(&p->rng, REMEMBERED)];
    named->handle = gw_event_push(p->heap, event);
    named->ticket = sorted_queue_push(&p->list, event);
    require(p, named->handle.generation != 0, "push was refused");
}

static void pop(struct pair *p)
{
    struct gw_event a = {0}, b = {0};
    require(p, gw_event_pop(p->heap, &a) == sorted_queue_pop(&p->list, &b), "only one of the two was empty");
    require(p, equal(a, b), "different events were popped");
}

static void peek(struct pair *p)
{
    struct gw_event a = {0}, b = {0};
    require(p, gw_event_peek(p->heap, &a) == sorted_queue_peek(&p->list, &b),
            "only one of the two was empty");
    require(p, equal(a, b), "different events are first");
}

static void cancel(struct pair *p)
{
    const struct named *named = &p->named[below(&p->rng, REMEMBERED)];
    require(p, gw_event_cancel(p->heap, named->handle) == sorted_queue_cancel(&p->list, named->ticket),
            "only one of the two knew the event to cancel");
}

static void reschedule(struct pair *p)
{
    const struct named *named = &p->named[below(&p->rng, REMEMBERED)];
    const gw_time_us t_us = some_time(p);
    require(p,
            gw_event_reschedule(p->heap, named->handle, t_us) ==
                sorted_queue_reschedule(&p->list, named->ticket, t_us),
            "only one of the two knew the event to reschedule");
}

/* Of 100 steps, how many push and how many pop: what is pending grows, stays, shrinks. */
struct mood {
    uint64_t push, pop;
};

static void take_step(struct pair *p, struct mood mood)
{
    const uint64_t dice = below(&p->rng, 100);
    if (dice < mood.push) {
        push(p);
    } else if (dice < mood.push + mood.pop) {
        pop(p);
    } else if (dice < 85) {
        cancel(p);
    } else if (dice < 95) {
        reschedule(p);
    } else {
        peek(p);
    }
}

static void the_heap_does_what_a_sorted_list_does(void **state)
{
    (void)state;
    static const struct mood moods[] = {{45, 30}, {35, 35}, {20, 60}};
    struct pair *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->heap = gw_event_queue_create(0);
    assert_non_null(p->heap);
    gw_rng_init(&p->rng, gw_rng_seed(20240607, 0, "prop/event"));
    size_t largest = 0;
    for (; p->step < STEPS; p->step++) {
        take_step(p, moods[p->step / 2000 % 3]);
        require(p, gw_event_count(p->heap) == p->list.n, "the counts differ");
        require(p, gw_event_ties(p->heap) == p->list.ties, "the ties differ");
        if (p->step % 500 == 0) {
            gw_event_verify(p->heap);
        }
        largest = p->list.n > largest ? p->list.n : largest;
    }
    assert_true(p->list.ties > p->list.pops / 2); /* or the hard part was not tested */
    assert_true(largest > 200);
    while (p->list.n > 0) {
        pop(p);
    }
    pop(p); /* both are empty */
    gw_event_queue_destroy(p->heap);
    sorted_queue_fini(&p->list);
    free(p);
}

/* --- a heap of many levels, against qsort -------------------------------------------------------- */

enum { MANY = 100000 };

struct expected {
    struct gw_event event;
    uint64_t sequence;
    bool gone;
};

static int by_order(const void *a, const void *b)
{
    const struct expected *x = a, *y = b;
    if (x->event.t_us != y->event.t_us) {
        return x->event.t_us < y->event.t_us ? -1 : 1;
    }
    if (x->event.priority != y->event.priority) {
        return x->event.priority < y->event.priority ? -1 : 1;
    }
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static void a_large_heap_comes_out_sorted(void **state)
{
    (void)state;
    struct expected *expected = calloc(MANY, sizeof *expected);
    struct gw_event_handle *handle = calloc(MANY, sizeof *handle);
    struct gw_event_queue *heap = gw_event_queue_create(0);
    assert_non_null(expected);
    assert_non_null(handle);
    assert_non_null(heap);
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(20240608, 0, "prop/event"));
    uint64_t sequence = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        expected[i].event = (struct gw_event){
            .t_us = (gw_time_us)below(&rng, MANY / 3), .priority = (int16_t)below(&rng, 3), .object = i};
        expected[i].sequence = sequence++;
        handle[i] = gw_event_push(heap, expected[i].event);
        assert_true(handle[i].generation != 0);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        const uint64_t fate = below(&rng, 3);
        if (fate == 0) {
            assert_true(gw_event_cancel(heap, handle[i]));
            expected[i].gone = true;
        } else if (fate == 1) {
            expected[i].event.t_us = (gw_time_us)below(&rng, MANY / 3);
            expected[i].sequence = sequence++;
            assert_true(gw_event_reschedule(heap, handle[i], expected[i].event.t_us));
        }
    }
    gw_event_verify(heap);
    qsort(expected, MANY, sizeof *expected, by_order);
    struct gw_event event;
    for (uint32_t i = 0; i < MANY; i++) {
        if (!expected[i].gone) {
            assert_true(gw_event_pop(heap, &event));
            assert_true(equal(event, expected[i].event));
        }
    }
    assert_false(gw_event_pop(heap, &event));
    gw_event_queue_destroy(heap);
    free(expected);
    free(handle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_heap_does_what_a_sorted_list_does),
        cmocka_unit_test(a_large_heap_comes_out_sorted),
    };
    return cmocka_run_group_tests_name("event properties", tests, NULL, NULL);
}
