/* The tournament tree against a plain search. */
#include "tests/support/near.h"

#include "models/serving/winner.h"
#include "sim/core/rng.h"

static uint32_t index_of_least(const int64_t *key, uint32_t n)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < n; i++) {
        least = key[i] < key[least] ? i : least;
    }
    return least;
}

static void without_players_or_with_idle_ones_nobody_wins(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 6; n++) {
        struct gw_winner w;
        assert_true(gw_winner_init(&w, n));
        assert_true(gw_winner_best_key(&w) == GW_WINNER_NEVER);
        gw_winner_verify(&w);
        gw_winner_fini(&w);
    }
}

static void the_lowest_index_keeps_a_tie(void **state)
{
    (void)state;
    struct gw_winner w;
    assert_true(gw_winner_init(&w, 5));
    gw_winner_set(&w, 4, 7);
    gw_winner_set(&w, 2, 7);
    assert_int_equal(gw_winner_best(&w), 2);
    gw_winner_set(&w, 2, GW_WINNER_NEVER);
    assert_int_equal(gw_winner_best(&w), 4);
    gw_winner_fini(&w);
}

static void any_sequence_of_changes_agrees_with_a_plain_search(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 8, 120};
    for (uint32_t s = 0; s < 5; s++) {
        const uint32_t n = sizes[s];
        struct gw_winner w;
        int64_t key[120];
        assert_true(gw_winner_init(&w, n));
        for (uint32_t i = 0; i < n; i++) {
            key[i] = GW_WINNER_NEVER;
        }
        for (uint64_t i = 0; i < 20000; i++) {
            const uint64_t random = gw_rng_mix(i);
            const uint32_t who = (uint32_t)(random >> 32) % n;
            if (random % 50 == 0) {
                gw_winner_shift(&w, 3);
                for (uint32_t j = 0; j < n; j++) {
                    key[j] -= key[j] != GW_WINNER_NEVER ? 3 : 0;
                }
            } else {
                key[who] = random % 10 == 0 ? GW_WINNER_NEVER : (int64_t)(random >> 8) % 20;
                gw_winner_set(&w, who, key[who]);
            }
            const uint32_t least = index_of_least(key, n);
            assert_int_equal(gw_winner_best(&w), least);
            assert_true(gw_winner_best_key(&w) == key[least]);
            assert_true(gw_winner_key(&w, who) == key[who]);
        }
        gw_winner_verify(&w);
        gw_winner_fini(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_players_or_with_idle_ones_nobody_wins),
        cmocka_unit_test(the_lowest_index_keeps_a_tie),
        cmocka_unit_test(any_sequence_of_changes_agrees_with_a_plain_search),
    };
    return cmocka_run_group_tests_name("winner", tests, NULL, NULL);
}
