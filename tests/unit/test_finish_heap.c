/* The heap of finish steps against a plain search for the smallest entry. */
#include "tests/support/near.h"

#include "models/serving/finish_heap.h"
#include "sim/core/rng.h"

enum { ROOM = 300 };

static uint32_t index_of_least(const uint64_t *key, uint32_t n)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < n; i++) {
        least = key[i] < key[least] ? i : least;
    }
    return least;
}

static void the_earliest_step_leaves_first_and_the_lower_slot_on_a_tie(void **state)
{
    (void)state;
    uint64_t room[4];
    struct gw_finish_heap heap = {room, 0};
    gw_finish_heap_push(&heap, gw_finish_heap_key(7, 2));
    gw_finish_heap_push(&heap, gw_finish_heap_key(5, 3));
    gw_finish_heap_push(&heap, gw_finish_heap_key(7, 1));
    assert_int_equal(gw_finish_heap_slot(gw_finish_heap_pop(&heap)), 3);
    assert_int_equal(gw_finish_heap_slot(gw_finish_heap_pop(&heap)), 1);
    const uint64_t last = gw_finish_heap_pop(&heap);
    assert_int_equal(gw_finish_heap_slot(last), 2);
    assert_int_equal(gw_finish_heap_step(last), 7);
    assert_int_equal(heap.n, 0);
}

/* Pushes, pops, removals of any slot and renumberings in random order, with many equal steps. */
static void any_sequence_of_calls_agrees_with_a_plain_search(void **state)
{
    (void)state;
    uint64_t room[ROOM], plain[ROOM];
    struct gw_finish_heap heap = {room, 0};
    uint32_t n = 0, step = 0, slot = 0;
    for (uint64_t i = 0; i < 200000; i++) {
        const uint64_t random = gw_rng_mix(i);
        const uint32_t kind = (uint32_t)(random % 16);
        if (n == 0 || (kind < 8 && n < ROOM)) {
            const uint64_t key = gw_finish_heap_key(step + (uint32_t)(random >> 32) % 50, slot++);
            gw_finish_heap_push(&heap, key);
            plain[n++] = key;
        } else if (kind < 14) {
            const uint32_t least = index_of_least(plain, n);
            step = gw_finish_heap_step(plain[least]);
            assert_true(gw_finish_heap_pop(&heap) == plain[least]);
            plain[least] = plain[--n];
        } else if (kind < 15) {
            const uint32_t any = (uint32_t)(random >> 32) % n;
            assert_true(gw_finish_heap_remove(&heap, gw_finish_heap_slot(plain[any])) == plain[any]);
            plain[any] = plain[--n];
        } else {
            gw_finish_heap_renumber(&heap, step);
            for (uint32_t j = 0; j < n; j++) {
                plain[j] -= (uint64_t)step << 32;
            }
            step = 0;
        }
        assert_int_equal(heap.n, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_step_leaves_first_and_the_lower_slot_on_a_tie),
        cmocka_unit_test(any_sequence_of_calls_agrees_with_a_plain_search),
    };
    return cmocka_run_group_tests_name("finish_heap", tests, NULL, NULL);
}
