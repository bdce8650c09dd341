/* When answers are judged anew, and what the judge of a sample sees. */
#include "tests/support/near.h"

#include "models/policies/assessment.h"

static const int64_t hour_us = INT64_C(3600000000);
static const struct gw_assessment_cfg usual = {.decay_per_h = 0.0, .grace_h = 6.0, .longest_h = 72.0};

/* Hours from 0 on at which an assessment is made, as a bit each. */
static uint64_t made(const struct gw_assessment_cfg *cfg, const double *carbon, int n)
{
    struct gw_assessment self = {0};
    uint64_t bits = 0;
    for (int h = 0; h < n; h++) {
        bits |= (uint64_t)gw_assessment_due(&self, cfg, h * hour_us, carbon[h]) << h;
    }
    return bits;
}

/* A dip at hour 3 is too early, the one at hour 8 is seen at hour 9, when it rises again. */
static void it_waits_for_a_dip_after_its_grace(void **state)
{
    (void)state;
    static const double carbon[] = {300, 300, 200, 100, 200, 300, 300, 200, 100, 200, 300};
    assert_int_equal(made(&usual, carbon, 11), 1u << 0 | 1u << 9);
}

/* A dip within a dirty stretch, above the mean, is none. */
static void a_dip_above_the_mean_is_passed_over(void **state)
{
    (void)state;
    static const double carbon[] = {100, 100, 100, 100, 100, 100, 400, 390, 400, 400};
    assert_int_equal(made(&usual, carbon, 10), 1u << 0);
}

/* A grid that only ever becomes dirtier is judged after `longest`, and again. */
static void it_does_not_wait_for_ever(void **state)
{
    (void)state;
    const struct gw_assessment_cfg cfg = {.grace_h = 6.0, .longest_h = 10.0};
    double carbon[25];
    for (int h = 0; h < 25; h++) {
        carbon[h] = 100.0 + h;
    }
    assert_int_equal(made(&cfg, carbon, 25), 1u << 0 | 1u << 10 | 1u << 20);
}

/* Of 100 000 answers a third of the readers of each of 1 : 0.9 : 0.5 is within 2 %; of none all is known. */
static void a_sample_finds_what_is_there(void **state)
{
    (void)state;
    static const double quality[] = {1.0, 0.9, 0.5};
    double found[3];
    struct gw_rng rng;
    gw_rng_init(&rng, 7);
    gw_assessment_sample(&rng, 100000, 3, quality, found);
    assert_near(found[0], 1.0, 0.0, 0.0);
    assert_near(found[1], 0.9, 0.02, 0.0);
    assert_near(found[2], 0.5, 0.02, 0.0);
    gw_assessment_sample(&rng, 0, 3, quality, found);
    assert_true(found[0] == 1.0 && found[1] == 0.9 && found[2] == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_waits_for_a_dip_after_its_grace),
        cmocka_unit_test(a_dip_above_the_mean_is_passed_over),
        cmocka_unit_test(it_does_not_wait_for_ever),
        cmocka_unit_test(a_sample_finds_what_is_there),
    };
    return cmocka_run_group_tests_name("assessment", tests, NULL, NULL);
}
