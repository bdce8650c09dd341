/* Power caps of training jobs. On the desk speed is the square root of the share p of full power, so
 * (a p + b) / sqrt(p) is least at p = b / a. */
#include "tests/support/near.h"

#include "models/policies/registry.h"
#include "tests/support/job_desk.h"

#define H JOB_DESK_HOUR

static const double hours[] = {100, 50};
static const double *const one_site[] = {hours};

static double power_of(const struct gw_policy_ops *ops, const struct job_desk *desk,
                       const struct gw_job_view *job, const char *key, double value)
{
    struct job_desk_policy policy;
    struct job_desk_plan plan;
    job_desk_policy_init(&policy, ops, key, value, NULL);
    job_desk_ask(&policy, desk, job, &plan);
    job_desk_policy_fini(&policy);
    assert_int_equal(plan.n, 1);
    assert_true(plan.segment[0].from_us == job->now_us);
    assert_true(plan.segment[0].to_us == INT64_MAX);
    return plan.segment[0].power;
}

static void zeus_weighs_energy_and_time(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 2);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    job.limit_frac = 1.0;
    assert_near(power_of(&gw_policy_job_caps_zeus, &desk, &job, "eta", 0.0), 1.0, 0, 0);
    assert_near(power_of(&gw_policy_job_caps_zeus, &desk, &job, "eta", 0.625), 0.6, 0, 0);
    job.limit_frac = 1.5; /* time costs half as much again */
    assert_near(power_of(&gw_policy_job_caps_zeus, &desk, &job, "eta", 0.625), 0.9, 0, 0);
}

/* 0.6 CI_max / CI: 0.6 in the dirty hour, full power in the clean one; 0.8 for their mean of 75. */
static void chase_follows_the_grid_and_its_static_part_does_not(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 2);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    job.limit_frac = 1.0;
    assert_near(power_of(&gw_policy_job_caps_chase, &desk, &job, "eta", 0.625), 0.6, 0, 0);
    assert_near(power_of(&gw_policy_job_caps_chase_static, &desk, &job, "eta", 0.625), 0.8, 0, 0);
    job.now_us = H;
    job.left_us = H;
    assert_near(power_of(&gw_policy_job_caps_chase, &desk, &job, "eta", 0.625), 1.0, 0, 0);
}

static void chase_chooses_anew_each_period(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 2);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    job.limit_frac = 1.0;
    struct job_desk_policy policy;
    struct job_desk_plan plan;
    job_desk_policy_init(&policy, &gw_policy_job_caps_chase, "period", 900.0, NULL);
    job_desk_ask(&policy, &desk, &job, &plan);
    assert_true(plan.public.look_again_us == H / 4);
    job_desk_policy_fini(&policy);
}

static void measured_points_are_all_there_is_to_choose_from(void **state)
{
    (void)state;
    static const double cap[] = {0.5, 0.75, 1.0};
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 2);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    job.limit_frac = 1.0;
    assert_near(power_of(&gw_policy_job_caps_fixed, &desk, &job, "cap", 0.6), 0.6, 0, 0);
    job.caps = 3;
    job.cap = cap;
    assert_near(power_of(&gw_policy_job_caps_fixed, &desk, &job, "cap", 0.6), 0.75, 0, 0);
    assert_near(power_of(&gw_policy_job_caps_zeus, &desk, &job, "eta", 0.625), 0.5, 0, 0);
}

static void what_runs_goes_on_where_it_is(void **state)
{
    (void)state;
    struct job_desk desk;
    const double *const two[] = {hours, hours};
    job_desk_init(&desk, 2, two, 2);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    job.limit_frac = 1.0;
    job.why = GW_LOOK_AGAIN;
    job.site = 1;
    job.held = 1;
    job.tier = GW_TIER_ON_DEMAND;
    struct job_desk_policy policy;
    struct job_desk_plan plan;
    job_desk_policy_init(&policy, &gw_policy_job_caps_chase, NULL);
    job_desk_ask(&policy, &desk, &job, &plan);
    assert_int_equal(plan.segment[0].site, 1);
    assert_int_equal(plan.segment[0].tier, GW_TIER_ON_DEMAND);
    job_desk_policy_fini(&policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeus_weighs_energy_and_time),
        cmocka_unit_test(chase_follows_the_grid_and_its_static_part_does_not),
        cmocka_unit_test(chase_chooses_anew_each_period),
        cmocka_unit_test(measured_points_are_all_there_is_to_choose_from),
        cmocka_unit_test(what_runs_goes_on_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
