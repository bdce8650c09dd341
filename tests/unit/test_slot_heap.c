/* The heap of slots against a plain search. */
#include "tests/support/near.h"

#include "models/serving/slot_heap.h"
#include "sim/core/rng.h"

enum { SLOTS = 200 };

static void equals_leave_in_the_order_they_came(void **state)
{
    (void)state;
    struct gw_slot_heap heap = {0};
    assert_true(gw_slot_heap_reserve(&heap, 4));
    gw_slot_heap_push(&heap, 3, 7);
    gw_slot_heap_push(&heap, 1, 7);
    gw_slot_heap_push(&heap, 2, 5);
    static const uint32_t order[] = {2, 3, 1};
    for (int i = 0; i < 3; i++) {
        const uint32_t slot = heap.entry[0].slot;
        assert_int_equal(slot, order[i]);
        gw_slot_heap_remove(&heap, slot);
        gw_slot_heap_remove(&heap, slot); /* no longer inside: nothing happens */
    }
    assert_int_equal(heap.n, 0);
    gw_slot_heap_remove(&heap, 100);
    gw_slot_heap_fini(&heap);
}

struct plain {
    bool inside[SLOTS];
    int64_t key[SLOTS];
    uint64_t turn[SLOTS];
};

static uint32_t plain_first(const struct plain *p)
{
    uint32_t first = SLOTS;
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (p->inside[i] && (first == SLOTS || p->key[i] < p->key[first] ||
                             (p->key[i] == p->key[first] && p->turn[i] < p->turn[first]))) {
            first = i;
        }
    }
    return first;
}

static void any_sequence_of_calls_agrees_with_a_plain_search(void **state)
{
    (void)state;
    struct gw_slot_heap heap = {0};
    struct plain plain = {0};
    uint32_t room = 0;
    for (uint64_t i = 0; i < 20000; i++) {
        const uint64_t random = gw_rng_mix(i);
        if (random % 64 == 0 && room < SLOTS) {
            room += 25;
            assert_true(gw_slot_heap_reserve(&heap, room));
        }
        const uint32_t slot = room > 0 ? (uint32_t)(random >> 32) % room : 0;
        if (room > 0 && !plain.inside[slot]) {
            plain.key[slot] = (int64_t)(random >> 8) % 20;
            plain.turn[slot] = i;
            plain.inside[slot] = true;
            gw_slot_heap_push(&heap, slot, plain.key[slot]);
        } else {
            gw_slot_heap_remove(&heap, slot);
            plain.inside[slot] = false;
        }
        const uint32_t first = plain_first(&plain);
        assert_int_equal(heap.n == 0 ? SLOTS : heap.entry[0].slot, first);
        gw_slot_heap_verify(&heap);
    }
    gw_slot_heap_fini(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_leave_in_the_order_they_came),
        cmocka_unit_test(any_sequence_of_calls_agrees_with_a_plain_search),
    };
    return cmocka_run_group_tests_name("slot_heap", tests, NULL, NULL);
}
