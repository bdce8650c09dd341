/* Slack of a pipeline: lengths by hand, what slowing may not do, stragglers, bad input. */
#include "tests/support/near.h"

#include <gsl/gsl_rng.h>
#include <string.h>

#include "models/training/efficiency.h"
#include "models/training/pipeline_slack.h"
#include "sim/core/rng.h"
#include "tests/support/failing_malloc.h"

/* Power falls with the cube of speed above 0.4 of it: cheap to slow a little. */
static const struct gw_power_cap cube = {.static_frac = 0.4, .exponent = 3.0};

static struct gw_pipeline_slack plan(uint32_t stages, uint32_t micro_batches, const double *forward_s,
                                     const double *backward_s, double straggler, double *speed)
{
    const struct gw_pipeline_slack_cfg cfg = {.stages = stages,
                                              .micro_batches = micro_batches,
                                              .forward_s = forward_s,
                                              .backward_s = backward_s,
                                              .cap = &cube,
                                              .compute_w = 400.0,
                                              .wait_w = 100.0,
                                              .straggler = straggler};
    struct gw_pipeline_slack out;
    struct gw_error err;
    if (gw_pipeline_slack_plan(&cfg, &out, speed, &err) != GW_OK) {
        fail_msg("%s", err.why);
    }
    return out;
}

/* Equal stages: (M + S - 1) (1 s + 2 s), and idle for S - 1 of the M that they compute. */
static void an_even_pipeline_has_its_bubble(void **state)
{
    (void)state;
    const double forward_s[] = {1.0, 1.0, 1.0, 1.0}, backward_s[] = {2.0, 2.0, 2.0, 2.0};
    for (uint32_t m = 1; m <= 9; m++) {
        const struct gw_pipeline_slack p = plan(4, m, forward_s, backward_s, 1.0, NULL);
        assert_near(p.full_s, (m + 3) * 3.0, 1e-12, 0.0);
        assert_near(p.bubble_frac / (1.0 - p.bubble_frac), gw_efficiency_bubble(4.0, 1.0, m), 1e-9, 0.0);
        /* 4 stages, 3 s of each micro-batch at 400 W, the rest waiting at 100 W */
        assert_near(p.full_j, 4.0 * p.full_s * 100.0 + 4.0 * m * 3.0 * 300.0, 1e-12, 0.0);
    }
}

/* One stage never waits for another: there is nothing to save until a straggler elsewhere gives time. */
static void a_single_stage_has_no_slack(void **state)
{
    (void)state;
    const double forward_s[] = {1.0}, backward_s[] = {2.0};
    const struct gw_pipeline_slack p = plan(1, 8, forward_s, backward_s, 1.0, NULL);
    assert_near(p.full_s, 24.0, 1e-12, 0.0);
    assert_near(p.saved_frac, 0.0, 0.0, 1e-12);
    assert_near(p.bubble_frac, 0.0, 0.0, 1e-12);
    /* a fifth more time: speed 5/6, power 0.4 + 0.6 (5/6)^3 = 0.747 of 400 W for 28.8 s, against 24 s at 400
     * W and 4.8 s waiting at 100 W */
    const struct gw_pipeline_slack late = plan(1, 8, forward_s, backward_s, 1.2, NULL);
    assert_near(late.planned_j, 28.8 * 400.0 * (0.4 + 0.6 * 125.0 / 216.0), 1e-9, 0.0);
    assert_near(late.full_j, 24.0 * 400.0 + 4.8 * 100.0, 1e-12, 0.0);
}

/* The second of two stages takes twice as long, so the first may run at half of its speed in the long run.
 * That is also what costs least: above waiting, work at speed v takes (160 + 240 v^3 - 100) / v, least at v^3
 * = 1/8. */
static void the_quick_stage_is_slowed_and_the_slow_one_is_not(void **state)
{
    (void)state;
    const double forward_s[] = {1.0, 2.0}, backward_s[] = {2.0, 4.0};
    double speed[2];
    const struct gw_pipeline_slack p = plan(2, 64, forward_s, backward_s, 1.0, speed);
    assert_true(p.planned_s <= p.deadline_s * (1.0 + 1e-12));
    assert_near(p.deadline_s, p.full_s, 0.0, 0.0);
    assert_near(speed[1], 1.0, 1e-9, 0.0);
    assert_near(speed[0], 0.5, 0.06, 0.0);
    assert_true(p.saved_frac > 0.05);
}

/* Whatever the stages: the iteration never ends later, energy never rises, more slack never saves less. */
static void slowing_costs_no_time_and_saves_energy(void **state)
{
    (void)state;
    gsl_rng *r = gw_rng_create(20240607, 0, "test/pipeline_slack");
    for (int trial = 0; trial < 300; trial++) {
        const uint32_t stages = 1 + (uint32_t)gsl_rng_uniform_int(r, 8);
        const uint32_t micro_batches = 1 + (uint32_t)gsl_rng_uniform_int(r, 20);
        double forward_s[8], backward_s[8];
        for (uint32_t s = 0; s < stages; s++) {
            forward_s[s] = 0.5 + gsl_rng_uniform(r);
            backward_s[s] = 2.0 * forward_s[s];
        }
        const struct gw_pipeline_slack p = plan(stages, micro_batches, forward_s, backward_s, 1.0, NULL);
        const struct gw_pipeline_slack late = plan(stages, micro_batches, forward_s, backward_s, 1.1, NULL);
        if (!(p.planned_s <= p.deadline_s * (1.0 + 1e-12) && p.planned_j <= p.full_j * (1.0 + 1e-12) &&
              late.saved_frac >= p.saved_frac - 1e-9)) {
            fail_msg("trial %d: %u stages, %u micro-batches: %.17g s of %.17g, %.17g J of %.17g", trial,
                     stages, micro_batches, p.planned_s, p.deadline_s, p.planned_j, p.full_j);
        }
    }
    gsl_rng_free(r);
}

static void too_many_passes_are_refused(void **state)
{
    (void)state;
    const double one_s[1] = {1.0};
    const struct gw_pipeline_slack_cfg cfg = {.stages = 1,
                                              .micro_batches = GW_PIPELINE_SLACK_PASSES_MAX,
                                              .forward_s = one_s,
                                              .backward_s = one_s,
                                              .cap = &cube,
                                              .compute_w = 400.0,
                                              .wait_w = 100.0,
                                              .straggler = 1.0};
    struct gw_pipeline_slack out;
    struct gw_error err;
    assert_int_equal(gw_pipeline_slack_plan(&cfg, &out, NULL, &err), GW_ERR_RANGE);
    assert_non_null(strstr(err.why, "passes"));
}

static void a_lack_of_memory_is_reported(void **state)
{
    (void)state;
    const double one_s[2] = {1.0, 1.0};
    const struct gw_pipeline_slack_cfg cfg = {.stages = 2,
                                              .micro_batches = 4,
                                              .forward_s = one_s,
                                              .backward_s = one_s,
                                              .cap = &cube,
                                              .compute_w = 400.0,
                                              .wait_w = 100.0,
                                              .straggler = 1.0};
    for (size_t n = 1;; n++) {
        struct gw_pipeline_slack out = {.full_s = -1.0};
        gw_failing_malloc_arm(n);
        const enum gw_status status = gw_pipeline_slack_plan(&cfg, &out, NULL, NULL);
        if (!gw_failing_malloc_disarm()) {
            assert_int_equal(status, GW_OK);
            break;
        }
        assert_int_equal(status, GW_ERR_NOMEM);
        assert_near(out.full_s, -1.0, 0.0, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_even_pipeline_has_its_bubble),
        cmocka_unit_test(a_single_stage_has_no_slack),
        cmocka_unit_test(the_quick_stage_is_slowed_and_the_slow_one_is_not),
        cmocka_unit_test(slowing_costs_no_time_and_saves_energy),
        cmocka_unit_test(too_many_passes_are_refused),
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests_name("pipeline_slack", tests, NULL, NULL);
}
