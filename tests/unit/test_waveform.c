/* Watts over time: where dips lie, and that energy is their integral. */
#include "tests/support/near.h"

#include <gsl/gsl_rng.h>

#include "models/training/waveform.h"
#include "sim/core/rng.h"

/* Steps of 10 s: 8 computing at 600 W, 2 exchanging at 300 W. After 100 s a checkpoint of 20 s at 100 W. */
static const struct gw_waveform wave = {.compute_w = 600.0,
                                        .exchange_w = 300.0,
                                        .checkpoint_w = 100.0,
                                        .step_s = 10.0,
                                        .exposed_frac = 0.2,
                                        .interval_s = 100.0,
                                        .blocking_s = 20.0};

static void dips_lie_where_the_cycle_says(void **state)
{
    (void)state;
    static const struct {
        double t_s, w;
    } cases[] = {{0.0, 600.0},   {7.9, 600.0},   {8.0, 300.0},   {10.0, 600.0},  {99.0, 300.0},
                 {100.0, 100.0}, {119.9, 100.0}, {120.0, 600.0}, {128.5, 300.0}, {221.0, 100.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(gw_waveform_w(&wave, cases[i].t_s), cases[i].w, 0.0, 0.0);
    }
}

/* A step: 8 x 600 + 2 x 300 = 5400 J. A cycle: 54 000 + 2000 J in 120 s = 466.7 W. */
static void energy_by_hand(void **state)
{
    (void)state;
    assert_near(gw_waveform_training_w(&wave), 540.0, 1e-12, 0.0);
    assert_near(gw_waveform_j(&wave, 10.0), 5400.0, 1e-12, 0.0);
    assert_near(gw_waveform_j(&wave, 9.0), 5100.0, 1e-12, 0.0);
    assert_near(gw_waveform_j(&wave, 110.0), 55000.0, 1e-12, 0.0);
    assert_near(gw_waveform_j(&wave, 240.0), 112000.0, 1e-12, 0.0);
    assert_near(gw_waveform_mean_w(&wave), 56000.0 / 120.0, 1e-12, 0.0);
}

static void the_range_is_that_of_what_happens(void **state)
{
    (void)state;
    double low_w, high_w;
    gw_waveform_range_w(&wave, &low_w, &high_w);
    assert_near(low_w, 100.0, 0.0, 0.0);
    assert_near(high_w, 600.0, 0.0, 0.0);
    struct gw_waveform endless = wave;
    endless.interval_s = INFINITY;
    gw_waveform_range_w(&endless, &low_w, &high_w);
    assert_near(low_w, 300.0, 0.0, 0.0);
    assert_near(gw_waveform_mean_w(&endless), 540.0, 1e-12, 0.0);
    assert_near(gw_waveform_j(&endless, 1e6), 540e6, 1e-12, 0.0);
}

/* For drawn waves the energy between two times is what thin slices of watts add up to. */
static void energy_is_the_integral_of_watts(void **state)
{
    (void)state;
    gsl_rng *r = gw_rng_create(20240607, 0, "test/waveform");
    for (int trial = 0; trial < 50; trial++) {
        const struct gw_waveform w = {.compute_w = 300.0 + 400.0 * gsl_rng_uniform(r),
                                      .exchange_w = 100.0 + 300.0 * gsl_rng_uniform(r),
                                      .checkpoint_w = 100.0 * gsl_rng_uniform(r),
                                      .step_s = 1.0 + 20.0 * gsl_rng_uniform(r),
                                      .exposed_frac = 0.5 * gsl_rng_uniform(r),
                                      .interval_s = 50.0 + 200.0 * gsl_rng_uniform(r),
                                      .blocking_s = 30.0 * gsl_rng_uniform(r)};
        const double from_s = 500.0 * gsl_rng_uniform(r), slice_s = 0.01;
        const int slices = 20000;
        double sum_j = 0.0;
        for (int i = 0; i < slices; i++) {
            sum_j += slice_s * gw_waveform_w(&w, from_s + (i + 0.5) * slice_s);
        }
        const double exact_j = gw_waveform_j(&w, from_s + slices * slice_s) - gw_waveform_j(&w, from_s);
        assert_near(sum_j, exact_j, 0.0, 700.0 * slice_s * 2.0 * 200.0); /* one slice per edge */
    }
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dips_lie_where_the_cycle_says),
        cmocka_unit_test(energy_by_hand),
        cmocka_unit_test(the_range_is_that_of_what_happens),
        cmocka_unit_test(energy_is_the_integral_of_watts),
    };
    return cmocka_run_group_tests_name("waveform", tests, NULL, NULL);
}
