/* Who is held back after a round, and let go again. */
#include "tests/support/near.h"

#include "models/federation/blocklist.h"

static const uint64_t key[] = {11, 22, 33, 44};

static void low_utilities_of_a_round_are_held_back(void **state)
{
    (void)state;
    const struct gw_blocklist_cfg cfg = {.alpha = 1.0, .quantile_frac = 0.5};
    const uint8_t in[] = {1, 1, 1, 0};
    const double utility[] = {1.0, 2.0, 3.0, 0.5};
    uint8_t blocked[4] = {0};
    double scratch[4];
    gw_blocklist_close(&cfg, 4, in, utility, blocked, scratch);
    assert_int_equal(blocked[0], 1);
    assert_int_equal(blocked[1], 1);
    assert_int_equal(blocked[2], 0);
    assert_int_equal(blocked[3], 0); /* was not in the round */
}

static void without_alpha_nobody_is_held_back(void **state)
{
    (void)state;
    const struct gw_blocklist_cfg cfg = {.alpha = 0.0, .quantile_frac = 1.0};
    const uint8_t in[] = {1, 1};
    const double utility[] = {1.0, 1.0};
    uint8_t blocked[2] = {0};
    double scratch[2];
    gw_blocklist_close(&cfg, 2, in, utility, blocked, scratch);
    assert_int_equal(blocked[0] + blocked[1], 0);
}

static void who_is_behind_the_mean_is_let_go_at_once(void **state)
{
    (void)state;
    const struct gw_blocklist_cfg cfg = {.alpha = 1e-12, .quantile_frac = 1.0};
    const uint32_t joined[] = {1, 2, 3, 2};
    uint8_t blocked[] = {1, 1, 1, 1};
    gw_blocklist_open(&cfg, 4, joined, key, 0, blocked);
    assert_int_equal(blocked[0], 0);
    assert_int_equal(blocked[1], 0);
    assert_int_equal(blocked[2], 1); /* one ahead: let go with probability 1e-12 */
    assert_int_equal(blocked[3], 0);
}

/* Two ahead of the mean and alpha 1: half of 4000 rounds, three standard deviations 0.024. */
static void who_is_ahead_is_let_go_with_the_stated_probability(void **state)
{
    (void)state;
    const struct gw_blocklist_cfg cfg = {.alpha = 1.0, .quantile_frac = 1.0};
    const uint32_t joined[] = {4, 0};
    double free = 0.0;
    for (uint64_t round = 0; round < 4000; round++) {
        uint8_t blocked[] = {1, 0};
        gw_blocklist_open(&cfg, 2, joined, key, round, blocked);
        free += blocked[0] == 0 ? 1.0 : 0.0;
    }
    assert_near(free / 4000.0, 0.5, 0, 0.024);
}

static void jain_tells_even_from_uneven(void **state)
{
    (void)state;
    const uint32_t even[] = {3, 3, 3, 3}, one[] = {8, 0, 0, 0}, none[] = {0, 0, 0, 0};
    assert_near(gw_blocklist_jain(even, 4), 1.0, 1e-12, 0);
    assert_near(gw_blocklist_jain(one, 4), 0.25, 1e-12, 0);
    assert_near(gw_blocklist_jain(none, 4), 1.0, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(low_utilities_of_a_round_are_held_back),
        cmocka_unit_test(without_alpha_nobody_is_held_back),
        cmocka_unit_test(who_is_behind_the_mean_is_let_go_at_once),
        cmocka_unit_test(who_is_ahead_is_let_go_with_the_stated_probability),
        cmocka_unit_test(jain_tells_even_from_uneven),
    };
    return cmocka_run_group_tests_name("blocklist", tests, NULL, NULL);
}
