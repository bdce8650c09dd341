/* CarbonScaler's greedy, by hand: 1 kW per accelerator, speed = sqrt(width), so the second accelerator brings
 * 0.4142 of the first one's work, at 2.414 kWh per hour of work, and the third 0.3178 at 3.146. */
#include "tests/support/near.h"

#include "models/policies/job_scale.h"
#include "tests/support/job_desk.h"

#define H JOB_DESK_HOUR

static const double hours[] = {1, 3, 100};
static const double *const one_site[] = {hours};

static double fit(struct gw_job_scale *plan, int64_t work_us, struct job_desk_plan *out)
{
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 3);
    desk.exponent = 0.5;
    struct gw_job_view job = job_desk_job(&desk, 0, work_us, INT64_MAX);
    job.max_width = 3;
    const double cost = gw_job_scale_fit(plan, &desk.public, &job, GW_JOB_CARBON, 0, 1, 2 * H);
    job_desk_plan_init(out);
    assert_int_equal(gw_job_scale_write(plan, &out->public), 0);
    return cost;
}

/* 1.2 hours of work: hour 0 at one accelerator, and a second one for 0.2 / 0.4142 of it. */
static void the_second_accelerator_comes_before_the_dearer_hour(void **state)
{
    (void)state;
    struct gw_job_scale plan = {0};
    struct job_desk_plan out;
    assert_near(fit(&plan, 6 * H / 5, &out), 1.0 + 0.2 / (sqrt(2) - 1), 1e-9, 0);
    assert_int_equal(plan.n_levels, 3);
    assert_near(plan.level[1].watts_per_speed, 1000 / (sqrt(2) - 1), 1e-12, 0);
    assert_int_equal(out.n, 2);
    assert_int_equal(out.segment[0].width, 2);
    assert_near((double)out.segment[0].to_us, 0.2 / (sqrt(2) - 1) * (double)H, 0, 2);
    assert_int_equal(out.segment[1].width, 1);
    assert_int_equal(out.segment[1].from_us, out.segment[0].to_us);
    assert_true(out.segment[1].to_us == INT64_MAX);
    assert_int_equal(gw_job_scale_stops(&plan), 0);
    gw_job_scale_free(&plan);
}

/* 2 hours: after two accelerators in hour 0 the hour at 3 g (3.0) comes before the third one (3.146). */
static void then_the_dearer_hour_before_the_third_accelerator(void **state)
{
    (void)state;
    struct gw_job_scale plan = {0};
    struct job_desk_plan out;
    const double rest = 2.0 - sqrt(2);
    assert_near(fit(&plan, 2 * H, &out), 2.0 + 3.0 * rest, 1e-9, 0);
    assert_int_equal(out.n, 2);
    assert_int_equal(out.segment[0].width, 2);
    assert_int_equal(out.segment[0].to_us, H);
    assert_int_equal(out.segment[1].width, 1);
    gw_job_scale_free(&plan);
}

static void what_does_not_fit_says_so(void **state)
{
    (void)state;
    struct gw_job_scale plan = {0};
    struct job_desk_plan out;
    assert_true(fit(&plan, 4 * H, &out) == (double)INFINITY); /* 2 x sqrt(3) = 3.46 at most */
    gw_job_scale_free(&plan);
}

/* Resuming takes half an hour: a plan that stops has to place it. {1, 100, 1}, two hours of work in three:
 * hours 0 and 2 would do it in two spans, whose second has to resume first; 2.5 hours then cost 52. */
static void stops_are_made_room_for(void **state)
{
    (void)state;
    static const double gap[] = {1, 100, 1, 1};
    const double *const site[] = {gap};
    struct job_desk desk;
    job_desk_init(&desk, 1, site, 4);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, INT64_MAX);
    struct gw_job_scale plan = {0};
    assert_near(gw_job_scale_fit(&plan, &desk.public, &job, GW_JOB_CARBON, 0, 1, 3 * H), 2, 1e-12, 0);
    assert_int_equal(gw_job_scale_stops(&plan), 1);
    job.resume_us = H / 2;
    assert_near(gw_job_scale_fit(&plan, &desk.public, &job, GW_JOB_CARBON, 0, 1, 3 * H), 52, 1e-12, 0);
    gw_job_scale_free(&plan);
}

/* The first plan changes its width once. If that takes an hour, the job's own width is better: 1 + 0.2 x 3.
 */
static void a_new_layout_has_to_pay(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 3);
    desk.exponent = 0.5;
    struct gw_job_view job = job_desk_job(&desk, 0, 6 * H / 5, INT64_MAX);
    job.max_width = 3;
    job.reshape_us = H;
    struct gw_job_scale plan = {0};
    assert_near(gw_job_scale_fit(&plan, &desk.public, &job, GW_JOB_CARBON, 0, 1, 2 * H), 1.6, 1e-9, 0);
    struct job_desk_plan out;
    job_desk_plan_init(&out);
    assert_int_equal(gw_job_scale_write(&plan, &out.public), 0);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.segment[0].width, 1);
    gw_job_scale_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_accelerator_comes_before_the_dearer_hour),
        cmocka_unit_test(then_the_dearer_hour_before_the_third_accelerator),
        cmocka_unit_test(what_does_not_fit_says_so),
        cmocka_unit_test(stops_are_made_room_for),
        cmocka_unit_test(a_new_layout_has_to_pay),
    };
    return cmocka_run_group_tests_name("job_scale", tests, NULL, NULL);
}
