/* Integrals of a signal in hours, by hand: 100, 200, 50, 50, 300 from hour 10 on. */
#include "tests/support/near.h"

#include <math.h>

#include "models/training/signal_integral.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

#define H GW_US_PER_H

static const double hours[] = {100, 200, 50, 50, 300};

static struct gw_signal_integral make(enum gw_reading reading, struct gw_arena *arena)
{
    struct gw_signal_integral s;
    assert_true(gw_signal_integral_init(&s, reading, 10 * H, H, 5, arena));
    for (uint32_t i = 0; i < 5; i++) {
        s.value[i] = hours[i];
    }
    gw_signal_integral_seal(&s);
    return s;
}

static void a_value_holds_over_its_interval(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_signal_integral s = make(GW_READING_STEP, &arena);
    assert_near(gw_signal_integral_at(&s, 10 * H), 100, 0, 0);
    assert_near(gw_signal_integral_at(&s, 11 * H - 1), 100, 0, 0);
    assert_near(gw_signal_integral_at(&s, 11 * H), 200, 0, 0);
    assert_near(gw_signal_integral_between(&s, 10 * H, 15 * H), 700, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 10 * H + H / 2, 11 * H + H / 4), 50 + 50, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 12 * H, 12 * H), 0, 0, 0);
    gw_arena_fini(&arena);
}

static void the_ends_hold_beyond_themselves(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_signal_integral s = make(GW_READING_STEP, &arena);
    assert_near(gw_signal_integral_at(&s, 0), 100, 0, 0);
    assert_near(gw_signal_integral_at(&s, 99 * H), 300, 0, 0);
    assert_near(gw_signal_integral_between(&s, 8 * H, 11 * H), 300, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 14 * H, 17 * H), 900, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 20 * H, 22 * H), 600, 1e-15, 0);
    gw_arena_fini(&arena);
}

static void a_linear_reading_has_straight_lines_between(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_signal_integral s = make(GW_READING_LINEAR, &arena);
    assert_near(gw_signal_integral_at(&s, 10 * H + H / 2), 150, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 10 * H, 12 * H), 150 + 125, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 10 * H, 10 * H + H / 2), 62.5, 1e-15, 0);
    assert_near(gw_signal_integral_between(&s, 14 * H, 15 * H), 300, 1e-15, 0);
    gw_arena_fini(&arena);
}

static void edges_follow_each_other_to_the_last(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_signal_integral s = make(GW_READING_STEP, &arena);
    assert_int_equal(gw_signal_integral_edge(&s, 3 * H), 10 * H);
    assert_int_equal(gw_signal_integral_edge(&s, 10 * H), 11 * H);
    assert_int_equal(gw_signal_integral_edge(&s, 14 * H - 1), 14 * H);
    assert_int_equal(gw_signal_integral_edge(&s, 14 * H), GW_NEVER_US);
    gw_arena_fini(&arena);
}

/* Hours 12 and 13 are 50 each: 1.5 h fit anywhere between them, the earliest counts. */
static void the_least_span_is_the_earliest_of_equals(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_signal_integral s = make(GW_READING_STEP, &arena);
    assert_int_equal(gw_signal_integral_least(&s, 10 * H, 14 * H, H + H / 2), 12 * H);
    assert_int_equal(gw_signal_integral_least(&s, 10 * H, 14 * H, 2 * H), 12 * H);
    assert_int_equal(gw_signal_integral_least(&s, 10 * H, 11 * H, H), 10 * H);     /* 100, later 200 */
    assert_int_equal(gw_signal_integral_least(&s, 10 * H, 11 * H, 3 * H), 11 * H); /* 350, then 300 */
    /* 3 h from 11:30: 100 + 100 + 150 = 350; from 11:00: 300 */
    assert_int_equal(gw_signal_integral_least(&s, 11 * H, 11 * H + H / 2, 3 * H), 11 * H);
    assert_int_equal(gw_signal_integral_least(&s, 10 * H + 7, 10 * H + 7, H), 10 * H + 7);
    gw_arena_fini(&arena);
}

/* 100 at 10:00, 200, 50 at 12:00, 50 at 13:00, 300: an hour between 12 and 13 is 50. Half an hour before it
 * there is none as cheap. */
static void a_linear_least_lies_where_both_ends_are_equal(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    const struct gw_signal_integral s = make(GW_READING_LINEAR, &arena);
    assert_int_equal(gw_signal_integral_least(&s, 10 * H, 14 * H, H), 12 * H);
    /* 2 h: from 11:a to 13:a. Ends equal: 200 - 150 a = 50 + 250 a, a = 0.375 */
    const gw_time_us best = gw_signal_integral_least(&s, 10 * H, 14 * H, 2 * H);
    assert_near((double)best, 11.375 * (double)H, 1e-9, 0);
    gw_arena_fini(&arena);
}

static void gaps_take_the_value_before(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_signal_integral s;
    assert_true(gw_signal_integral_init(&s, GW_READING_STEP, 0, H, 4, &arena));
    const double gappy[] = {(double)NAN, 3, (double)NAN, 5};
    for (uint32_t i = 0; i < 4; i++) {
        s.value[i] = gappy[i];
    }
    gw_signal_integral_seal(&s);
    assert_near(gw_signal_integral_between(&s, 0, 4 * H), 3 + 3 + 3 + 5, 1e-15, 0);
    gw_arena_fini(&arena);
}

/* Against a sum over every minute, and every start of every minute. */
static void sums_agree_with_the_slow_way(void **state)
{
    (void)state;
    struct gw_rng r;
    gw_rng_init(&r, 5);
    const gw_time_us minute = H / 60;
    for (int trial = 0; trial < 50; trial++) {
        struct gw_arena arena = {0};
        struct gw_signal_integral s;
        assert_true(gw_signal_integral_init(&s, GW_READING_STEP, 0, H, 24, &arena));
        for (uint32_t i = 0; i < 24; i++) {
            s.value[i] = 1.0 + (double)(gw_rng_next(&r) % 500);
        }
        gw_signal_integral_seal(&s);
        const gw_time_us from = minute * (gw_time_us)(gw_rng_next(&r) % 300);
        const gw_time_us latest = from + minute * (gw_time_us)(gw_rng_next(&r) % 600);
        const gw_time_us length = minute * (gw_time_us)(1 + gw_rng_next(&r) % 400);
        double best = (double)INFINITY;
        gw_time_us best_at = 0;
        for (gw_time_us t = from; t <= latest; t += minute) {
            double sum = 0;
            for (gw_time_us u = t; u < t + length; u += minute) {
                sum += gw_signal_integral_at(&s, u) / 60;
            }
            assert_near(gw_signal_integral_between(&s, t, t + length), sum, 1e-12, 0);
            if (sum < best * (1 - 1e-12)) {
                best = sum;
                best_at = t;
            }
        }
        assert_int_equal(gw_signal_integral_least(&s, from, latest, length), best_at);
        gw_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_holds_over_its_interval),
        cmocka_unit_test(the_ends_hold_beyond_themselves),
        cmocka_unit_test(a_linear_reading_has_straight_lines_between),
        cmocka_unit_test(edges_follow_each_other_to_the_last),
        cmocka_unit_test(the_least_span_is_the_earliest_of_equals),
        cmocka_unit_test(a_linear_least_lies_where_both_ends_are_equal),
        cmocka_unit_test(gaps_take_the_value_before),
        cmocka_unit_test(sums_agree_with_the_slow_way),
    };
    return cmocka_run_group_tests_name("signal_integral", tests, NULL, NULL);
}
