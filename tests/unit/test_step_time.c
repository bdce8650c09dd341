/* Step times against hand-computed sums; the inverse of T(k) against counting. */
#include "tests/support/near.h"

#include <math.h>

#include "models/serving/step_time.h"
#include "sim/core/rng.h"

static void a_step_adds_up_its_five_terms(void **state)
{
    (void)state;
    const struct gw_step_time c = {.step = 1000, .seq = 100, .kv = 10, .prompt = 7, .pair = 1};
    const struct gw_step_load load = {.batch = 3, .context = 20, .prompt_tok = 4, .pairs = 18};
    assert_int_equal(gw_step_time_of(&c, &load), 1000 + 300 + 200 + 28 + 18);
}

static void a_second_is_a_million_times_two_to_the_twenty_ticks(void **state)
{
    (void)state;
    assert_near(gw_step_time_s(1000000 * GW_TICKS_PER_US), 1.0, 1e-15, 0.0);
}

static void the_time_of_k_steps_is_the_sum_of_its_steps(void **state)
{
    (void)state;
    const struct gw_step_ramp ramp = {.first = 100, .growth = 3};
    gw_tick sum = 0;
    for (int64_t k = 1; k <= 1000; k++) {
        sum += 100 + 3 * (k - 1);
        assert_int_equal(gw_step_time_sum(&ramp, k), sum);
    }
}

static void a_boundary_belongs_to_the_step_that_ends_there(void **state)
{
    (void)state;
    const struct gw_step_ramp ramp = {.first = 100, .growth = 3}; /* ends at 100, 203, 309, ... */
    assert_int_equal(gw_step_time_until(&ramp, 1, 10), 1);
    assert_int_equal(gw_step_time_until(&ramp, 100, 10), 1);
    assert_int_equal(gw_step_time_until(&ramp, 101, 10), 2);
    assert_int_equal(gw_step_time_until(&ramp, 203, 10), 2);
    assert_int_equal(gw_step_time_until(&ramp, 204, 10), 3);
    assert_int_equal(gw_step_time_until(&ramp, 204, 2), 2);
    assert_int_equal(gw_step_time_until(&ramp, 1 << 30, 10), 10);
}

static void steps_without_duration_reach_nothing(void **state)
{
    (void)state;
    const struct gw_step_ramp ramp = {0, 0};
    assert_int_equal(gw_step_time_until(&ramp, 5, 10), 10);
    assert_int_equal(gw_step_time_fit(&ramp, 10), 10);
}

/* From nanoseconds to hours per step, with and without growth, up to millions of steps. */
static void the_root_is_exact_at_and_around_every_boundary(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int trial = 0; trial < 200000; trial++) {
        const uint64_t bits = 2 + gw_rng_mix(seed++) % 46;
        const gw_tick first = 1 + (gw_tick)(gw_rng_mix(seed++) >> (64 - bits));
        const gw_tick growth = trial % 4 == 0 ? 0 : (gw_tick)(gw_rng_mix(seed++) % (uint64_t)(first / 2 + 1));
        const struct gw_step_ramp ramp = {first, growth};
        const int64_t k_max = gw_step_time_fit(&ramp, 3000000);
        const int64_t k = 1 + (int64_t)(gw_rng_mix(seed++) % (uint64_t)k_max);
        const gw_tick end = gw_step_time_sum(&ramp, k);

        assert_true(end <= GW_STEP_SPAN_MAX);
        assert_int_equal(gw_step_time_until(&ramp, end, k_max), k);
        assert_int_equal(gw_step_time_until(&ramp, end + 1, k_max), k < k_max ? k + 1 : k_max);
        if (first > 1) {
            assert_int_equal(gw_step_time_until(&ramp, end - 1, k_max), k);
        }
    }
}

static void a_ramp_that_would_overflow_is_cut(void **state)
{
    (void)state;
    /* 4096 sequences, a kv coefficient of an A100, a million steps: 2.6e19 ticks, past the largest int64 */
    const struct gw_step_ramp ramp = {.first = INT64_C(12000000000), .growth = INT64_C(4096) * 13000};
    const int64_t k = gw_step_time_fit(&ramp, 1000000);
    assert_true(k > 100000);
    assert_true(gw_step_time_sum(&ramp, k) <= GW_STEP_SPAN_MAX);
    assert_true(gw_step_time_sum(&ramp, k + 2) > GW_STEP_SPAN_MAX);
    assert_int_equal(gw_step_time_fit(&ramp, 1000), 1000);

    const struct gw_step_ramp long_step = {.first = 2 * GW_STEP_SPAN_MAX, .growth = 1};
    assert_int_equal(gw_step_time_fit(&long_step, 1000), 1);
}

/* Of 8 experts 2 per token: 3/4 missed by one, (3/4)^4 by four. */
static void experts_are_missed_by_all_tokens_or_read(void **state)
{
    (void)state;
    const uint32_t missed = UINT32_C(3) << 30;
    assert_true(gw_step_time_missed(missed, 0) == UINT64_C(1) << 32);
    assert_true(gw_step_time_missed(missed, 4) == UINT64_C(81) << 24);
    for (int64_t n = 1; n < 300; n++) {
        assert_near((double)gw_step_time_missed(0xf8000000u, n) * 0x1p-32, pow(0.96875, (double)n), 0.0,
                    1e-8);
    }
    const struct gw_step_time c = {.step = 1 << 20, .expert = 1 << 19, .missed = missed};
    const struct gw_step_load load = {.batch = 3, .prompt_tok = 1};
    assert_int_equal(gw_step_time_of(&c, &load), (1 << 20) - (81 << 11));
}

/* Window 4: tokens 1 .. 6 see 1, 2, 3, 4, 4, 4. */
static void a_window_limits_what_a_token_sees(void **state)
{
    (void)state;
    assert_int_equal(gw_step_time_window_pairs(0, 6, 4), 18);
    assert_int_equal(gw_step_time_window_pairs(2, 4, 4), 15);
    assert_int_equal(gw_step_time_window_pairs(7, 2, 4), 8);
    assert_int_equal(gw_step_time_window_pairs(0, 3, 4), 6);
    const struct gw_step_time c = {.step = 10, .window = 4, .window_kv = 3, .window_pair = 1};
    const struct gw_step_load load = {.batch = 2, .window = 7, .window_pairs = 18};
    assert_int_equal(gw_step_time_of(&c, &load), 10 + 21 + 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(experts_are_missed_by_all_tokens_or_read),
        cmocka_unit_test(a_window_limits_what_a_token_sees),
        cmocka_unit_test(a_step_adds_up_its_five_terms),
        cmocka_unit_test(a_second_is_a_million_times_two_to_the_twenty_ticks),
        cmocka_unit_test(the_time_of_k_steps_is_the_sum_of_its_steps),
        cmocka_unit_test(a_boundary_belongs_to_the_step_that_ends_there),
        cmocka_unit_test(steps_without_duration_reach_nothing),
        cmocka_unit_test(the_root_is_exact_at_and_around_every_boundary),
        cmocka_unit_test(a_ramp_that_would_overflow_is_cut),
    };
    return cmocka_run_group_tests_name("step_time", tests, NULL, NULL);
}
