/* The policies of the slot training: one job, plans computed by hand. Hours from 0, values in g/kWh. */
#include "tests/support/near.h"

#include "models/policies/registry.h"
#include "tests/support/job_desk.h"

#define H JOB_DESK_HOUR

static const double hours[] = {10, 5, 5, 4, 5, 9, 9, 9};
static const double *const one_site[] = {hours};

/* What one of them decides for a job at its arrival; `first` is its first parameter, NAN the default. */
static struct job_desk_plan decide(const struct gw_policy_ops *ops, const char *key, double value,
                                   const struct job_desk *desk, const struct gw_job_view *job)
{
    struct job_desk_policy policy;
    struct job_desk_plan plan;
    job_desk_policy_init(&policy, ops, key, value, NULL);
    job_desk_ask(&policy, desk, job, &plan);
    job_desk_policy_fini(&policy);
    return plan;
}

static void assert_runs_from(const struct job_desk_plan *plan, int64_t at_us, uint32_t tier)
{
    assert_int_equal(plan->n, 1);
    assert_int_equal(plan->segment[0].from_us, at_us);
    assert_true(plan->segment[0].to_us == INT64_MAX);
    assert_int_equal(plan->segment[0].tier, tier);
    assert_int_equal(plan->segment[0].width, 1);
}

static void one_start_per_rule(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    const struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 3 * H);
    struct job_desk_plan plan = decide(&gw_policy_lowest_slot, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 3 * H, GW_TIER_ANY);
    plan = decide(&gw_policy_lowest_window, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 2 * H, GW_TIER_ANY);
    plan = decide(&gw_policy_carbon_time, NULL, 0, &desk, &job);
    assert_runs_from(&plan, H, GW_TIER_ANY);
}

/* The queue's jobs last an hour on average, this one two: hour 3 is best for the one, 2 to 4 for the other.
 */
static void lengths_are_means_unless_known(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 3 * H);
    job.queue_mean_us = (double)H;
    struct job_desk_plan plan = decide(&gw_policy_lowest_window, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 3 * H, GW_TIER_ANY);
    plan = decide(&gw_policy_lowest_window, "length", 1, &desk, &job);
    assert_runs_from(&plan, 2 * H, GW_TIER_ANY);
}

static void what_was_disturbed_goes_on_at_once(void **state)
{
    (void)state;
    static const struct gw_policy_ops *const all[] = {
        &gw_policy_lowest_slot, &gw_policy_lowest_window,      &gw_policy_carbon_time,
        &gw_policy_wait_awhile, &gw_policy_ecovisor_threshold, &gw_policy_pcaps,
        &gw_policy_res_first,   &gw_policy_spot_first,         &gw_policy_spot_res,
        &gw_policy_vcc,         &gw_policy_double_threshold,   &gw_policy_carbon_scaler,
    };
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    desk.free[GW_TIER_RESERVED] = 0;
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 3 * H);
    job.why = GW_LOOK_DENIED;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const struct job_desk_plan plan = decide(all[i], NULL, 0, &desk, &job);
        assert_runs_from(&plan, 0, GW_TIER_ANY);
    }
}

/* {5, 1, 9, 2}: two hours by hour 4. In one span 0 to 2 (6 g), in two 1 to 2 and 3 to 4 (3 g). Resuming for
 * an hour makes it three of the four hours, 8 g: then one span is better. */
static void wait_awhile_takes_the_cheapest_hours(void **state)
{
    (void)state;
    static const double uneven[] = {5, 1, 9, 2, 50, 50};
    const double *const site[] = {uneven};
    struct job_desk desk;
    job_desk_init(&desk, 1, site, 6);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 2 * H);
    struct job_desk_plan plan = decide(&gw_policy_wait_awhile, NULL, 0, &desk, &job);
    assert_int_equal(plan.n, 2);
    assert_int_equal(plan.segment[0].from_us, H);
    assert_int_equal(plan.segment[0].to_us, 2 * H);
    assert_int_equal(plan.segment[1].from_us, 3 * H);
    assert_true(plan.segment[1].to_us == INT64_MAX);

    plan = decide(&gw_policy_wait_awhile, "interrupt", 1, &desk, &job);
    assert_runs_from(&plan, 0, GW_TIER_ANY);
    job.resume_us = H;
    plan = decide(&gw_policy_wait_awhile, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 0, GW_TIER_ANY);
    job.resume_us = 0;
    job.deadline_us = 3 * H; /* hours 0 and 1 */
    plan = decide(&gw_policy_wait_awhile, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 0, GW_TIER_ANY);
}

/* The coming four hours are {8, 2, 6, 4}: less than 30 % of them lie below 4. */
static void ecovisor_works_below_the_quantile(void **state)
{
    (void)state;
    static const double wave[] = {8, 2, 6, 4, 8, 2, 6, 4, 8, 2, 6, 4};
    const double *const site[] = {wave};
    struct job_desk desk;
    job_desk_init(&desk, 1, site, 12);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 24 * H);
    struct job_desk_policy policy;
    job_desk_policy_init(&policy, &gw_policy_ecovisor_threshold, "look", 4 * 3600.0, NULL);
    struct job_desk_plan plan;
    job_desk_ask(&policy, &desk, &job, &plan);
    assert_int_equal(plan.n, 0);
    assert_int_equal(plan.public.look_again_us, H);
    const struct job_desk_run run = job_desk_run(&policy, &desk, job);
    assert_near(run.carbon, 4, 1e-12, 0); /* hours 1 and 5 */
    assert_int_equal(run.end_us, 6 * H);
    assert_int_equal(run.waited_us, 4 * H);

    job.wait_us = 2 * H; /* hours 0 and 2 wait; from 3 on to the end */
    const struct job_desk_run short_wait = job_desk_run(&policy, &desk, job);
    assert_int_equal(short_wait.end_us, 4 * H);
    assert_near(short_wait.carbon, 2 + 4, 1e-12, 0);
    job_desk_policy_fini(&policy);
}

/* L = 2, U = 8, gamma 1/2: Psi(0) = 5, Psi(1) = 8; half the wait used, 5 + 3 (e^0.25 - 1) / (e^0.5 - 1) =
 * 6.313. */
static void pcaps_lets_the_threshold_rise_with_the_wait(void **state)
{
    (void)state;
    static const double wave[] = {6.2, 2, 8, 6.4};
    const double *const site[] = {wave};
    struct job_desk desk;
    job_desk_init(&desk, 1, site, 4);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 8 * H);
    assert_int_equal(decide(&gw_policy_pcaps, "look", 4 * 3600.0, &desk, &job).n, 0);
    job.waited_us = 4 * H;
    assert_int_equal(decide(&gw_policy_pcaps, "look", 4 * 3600.0, &desk, &job).n, 1);
    job.waited_us = 3 * H; /* Psi(3/8) = 5.955 */
    assert_int_equal(decide(&gw_policy_pcaps, "look", 4 * 3600.0, &desk, &job).n, 0);
    job.waited_us = 0;
    assert_int_equal(decide(&gw_policy_pcaps, "gamma", 0, &desk, &job).n, 1); /* never waits */
}

/* One unit between 2 and 8: the rung is sqrt(2 x 8) = 4, beta 0.1 x 6: it begins at 3.4, and goes on to 4.6.
 */
static void two_thresholds_for_a_job_that_stands_and_one_that_works(void **state)
{
    (void)state;
    struct job_desk desk;
    const double now[] = {3.3, 3.5, 4.5, 4.7};
    const bool begins[] = {true, false, false, false}, goes_on[] = {true, true, true, false};
    for (size_t i = 0; i < 4; i++) {
        const double wave[] = {now[i], 2, 8, 8};
        const double *const site[] = {wave};
        job_desk_init(&desk, 1, site, 4);
        struct gw_job_view job = job_desk_job(&desk, 0, H, 8 * H);
        assert_int_equal(decide(&gw_policy_double_threshold, NULL, 0, &desk, &job).n, begins[i]);
        job.site = 0;
        job.held = 1;
        assert_int_equal(decide(&gw_policy_double_threshold, NULL, 0, &desk, &job).n, goes_on[i]);
    }
}

static void reserved_accelerators_are_taken_when_they_are_free(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    desk.total[GW_TIER_ON_DEMAND] = desk.free[GW_TIER_ON_DEMAND] = 1000;
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 3 * H);
    struct job_desk_plan plan = decide(&gw_policy_res_first, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 0, GW_TIER_RESERVED);

    desk.free[GW_TIER_RESERVED] = 0; /* else at Carbon-Time's start, 1:00 */
    plan = decide(&gw_policy_res_first, NULL, 0, &desk, &job);
    assert_int_equal(plan.n, 0);
    assert_int_equal(plan.public.look_again_us, H);
    assert_int_equal(plan.public.wait_tier, GW_TIER_RESERVED);

    job.now_us = H / 2; /* it was told of free ones, which somebody else got */
    job.why = GW_LOOK_FREED;
    job.waited_us = H / 2;
    plan = decide(&gw_policy_res_first, NULL, 0, &desk, &job);
    assert_int_equal(plan.public.look_again_us, H);
    desk.free[GW_TIER_RESERVED] = 1;
    plan = decide(&gw_policy_res_first, NULL, 0, &desk, &job);
    assert_runs_from(&plan, H / 2, GW_TIER_RESERVED);

    desk.free[GW_TIER_RESERVED] = 0;
    job.now_us = H;
    job.why = GW_LOOK_AGAIN;
    plan = decide(&gw_policy_res_first, NULL, 0, &desk, &job);
    assert_runs_from(&plan, H, GW_TIER_ANY);
}

static void short_jobs_go_on_spot(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 3 * H);
    struct job_desk_plan plan = decide(&gw_policy_spot_first, NULL, 0, &desk, &job);
    assert_runs_from(&plan, H, GW_TIER_SPOT);
    plan = decide(&gw_policy_spot_res, NULL, 0, &desk, &job);
    assert_runs_from(&plan, H, GW_TIER_SPOT);
    plan = decide(&gw_policy_spot_first, "short", 7199, &desk, &job);
    assert_runs_from(&plan, H, GW_TIER_ANY);
    plan = decide(&gw_policy_spot_res, "short", 7199, &desk, &job);
    assert_runs_from(&plan, 0, GW_TIER_RESERVED);
    job.why = GW_LOOK_EVICTED;
    job.site = 0;
    job.now_us = 2 * H;
    plan = decide(&gw_policy_spot_first, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 2 * H, GW_TIER_ANY);
}

/* Two sites; an elastic job of two hours, due in two. */
static void a_scaled_job_is_wide_where_it_is_clean(void **state)
{
    (void)state;
    static const double dirty[] = {9, 9, 9}, mixed[] = {1, 9, 9};
    const double *const sites[] = {dirty, mixed};
    struct job_desk desk;
    job_desk_init(&desk, 2, sites, 3);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    job.max_width = 2;
    struct job_desk_plan plan = decide(&gw_policy_carbon_scaler, NULL, 0, &desk, &job);
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.segment[0].site, 1);
    assert_int_equal(plan.segment[0].width, 2);

    job.deadline_us = H / 2; /* cannot be met: as wide as helps */
    plan = decide(&gw_policy_carbon_scaler, NULL, 0, &desk, &job);
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.segment[0].width, 2);
}

/* Hour 0 here, hour 1 there; where moving takes time, the better of the two. */
static void the_oracle_is_where_it_is_cleanest(void **state)
{
    (void)state;
    static const double a[] = {1, 9, 9}, b[] = {8, 2, 9};
    const double *const sites[] = {a, b};
    struct job_desk desk;
    job_desk_init(&desk, 2, sites, 3);
    const struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 0);
    struct job_desk_plan plan = decide(&gw_policy_oracle, NULL, 0, &desk, &job);
    assert_int_equal(plan.n, 2);
    assert_int_equal(plan.segment[0].site, 0);
    assert_int_equal(plan.segment[1].site, 1);
    desk.move_us = 1;
    plan = decide(&gw_policy_oracle, NULL, 0, &desk, &job);
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.segment[0].site, 0); /* 10 and 10: the first */
}

/* 10 h at 1 kW: 100 g here, 20 there; an hour of writing at 10 and one of resuming at 2 cost 12, and half
 * more for the margin: 18 < 80. Moving takes 2 h. */
static void a_job_moves_when_that_pays(void **state)
{
    (void)state;
    static const double here[] = {10}, there[] = {2};
    const double *const sites[] = {here, there};
    struct job_desk desk;
    job_desk_init(&desk, 2, sites, 1);
    desk.move_us = 2 * H;
    struct gw_job_view job = job_desk_job(&desk, 5 * H, 10 * H, INT64_MAX);
    job.checkpoint_us = job.resume_us = H;
    struct job_desk_plan plan = decide(&gw_policy_geo_migrate, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 5 * H, GW_TIER_ANY);
    assert_int_equal(plan.segment[0].site, 1); /* it comes where it is clean */

    job.site = 0;
    job.held = 1;
    job.why = GW_LOOK_AGAIN;
    plan = decide(&gw_policy_geo_migrate, NULL, 0, &desk, &job);
    assert_runs_from(&plan, 8 * H, GW_TIER_ANY);
    assert_int_equal(plan.segment[0].site, 1);
    plan = decide(&gw_policy_geo_migrate, "margin", 5.6, &desk, &job); /* 79.2 */
    assert_int_equal(plan.segment[0].site, 1);
    plan = decide(&gw_policy_geo_migrate, "margin", 5.7, &desk, &job); /* 80.4 */
    assert_int_equal(plan.segment[0].site, 0);
    plan =
        decide(&gw_policy_geo_migrate, "transfer", 10, &desk, &job); /* 10 kWh at 6 g, 1.5 times: 90 more */
    assert_int_equal(plan.segment[0].site, 0);
    job.deadline_us = 18 * H; /* 8 + 1 + 10 = 19 */
    plan = decide(&gw_policy_geo_migrate, NULL, 0, &desk, &job);
    assert_int_equal(plan.segment[0].site, 0);
    job.deadline_us = INT64_MAX;
    desk.free[GW_TIER_RESERVED] = 0;
    plan = decide(&gw_policy_geo_migrate, NULL, 0, &desk, &job);
    assert_int_equal(plan.segment[0].site, 0); /* there is no room */
}

/* 12 hours at 10, 12 at 2, each day. Yesterday brought 24 accelerator hours: in the 12 cheap hours of today
 * two at a time. */
static void a_curve_holds_todays_work(void **state)
{
    (void)state;
    double wave[72];
    for (int h = 0; h < 72; h++) {
        wave[h] = h % 24 < 12 ? 10 : 2;
    }
    const double *const site[] = {wave};
    struct job_desk desk;
    job_desk_init(&desk, 1, site, 72);
    struct job_desk_policy policy;
    job_desk_policy_init(&policy, &gw_policy_vcc, "peak", 0.0, "margin", 0.0, NULL);
    struct job_desk_plan plan;
    struct gw_job_view job = job_desk_job(&desk, H, 24 * H, 24 * H);
    job_desk_ask(&policy, &desk, &job, &plan); /* the first day has no curve */
    assert_runs_from(&plan, H, GW_TIER_ANY);
    job.why = GW_LOOK_DONE;
    job.site = 0;
    job_desk_ask(&policy, &desk, &job, &plan);

    job = job_desk_job(&desk, 26 * H + H / 2, 4 * H, 24 * H);
    job_desk_ask(&policy, &desk, &job, &plan);
    assert_int_equal(plan.n, 0);
    assert_int_equal(plan.public.look_again_us, 27 * H);
    job.why = GW_LOOK_AGAIN;
    job.now_us = 36 * H;
    for (int k = 0; k < 3; k++) {
        job_desk_ask(&policy, &desk, &job, &plan);
        assert_int_equal(plan.n, k < 2);
    }
    job.waited_us = 24 * H; /* it has waited long enough */
    job_desk_ask(&policy, &desk, &job, &plan);
    assert_int_equal(plan.n, 1);
    job_desk_policy_fini(&policy);
}

/* Every day has one hour at 1 and one at 3, the others at 9. A job of one hour learns that 1 can be had; one
 * of two hours that 3 must do; an elastic one widens at 1 as far as 3 is worth. */
static void yesterday_teaches_what_is_cheap(void **state)
{
    (void)state;
    double wave[96];
    for (int h = 0; h < 96; h++) {
        wave[h] = h % 24 == 5 ? 1 : h % 24 == 7 ? 3 : 9;
    }
    const double *const site[] = {wave};
    struct job_desk desk;
    job_desk_init(&desk, 1, site, 96);
    const int64_t day = 48 * H;
    struct gw_job_view job = job_desk_job(&desk, day + 5 * H, H, 23 * H);
    assert_int_equal(decide(&gw_policy_carbon_flex, NULL, 0, &desk, &job).n, 1);
    job = job_desk_job(&desk, day + 7 * H, H, 23 * H);
    assert_int_equal(decide(&gw_policy_carbon_flex, NULL, 0, &desk, &job).n, 0);
    job = job_desk_job(&desk, day + 7 * H, 2 * H, 22 * H);
    assert_int_equal(decide(&gw_policy_carbon_flex, NULL, 0, &desk, &job).n, 1);
    job = job_desk_job(&desk, day + 8 * H, 2 * H, 22 * H);
    const struct job_desk_plan waits = decide(&gw_policy_carbon_flex, NULL, 0, &desk, &job);
    assert_int_equal(waits.n, 0);
    assert_int_equal(waits.public.look_again_us, day + 9 * H);

    desk.exponent = 0.5; /* the second and third accelerator: 2.414 and 3.146 at 1 g */
    job = job_desk_job(&desk, day + 5 * H, 2 * H, 22 * H);
    job.max_width = 8;
    const struct job_desk_plan wide = decide(&gw_policy_carbon_flex, NULL, 0, &desk, &job);
    assert_int_equal(wide.segment[0].width, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_start_per_rule),
        cmocka_unit_test(lengths_are_means_unless_known),
        cmocka_unit_test(what_was_disturbed_goes_on_at_once),
        cmocka_unit_test(wait_awhile_takes_the_cheapest_hours),
        cmocka_unit_test(ecovisor_works_below_the_quantile),
        cmocka_unit_test(pcaps_lets_the_threshold_rise_with_the_wait),
        cmocka_unit_test(two_thresholds_for_a_job_that_stands_and_one_that_works),
        cmocka_unit_test(reserved_accelerators_are_taken_when_they_are_free),
        cmocka_unit_test(short_jobs_go_on_spot),
        cmocka_unit_test(a_scaled_job_is_wide_where_it_is_clean),
        cmocka_unit_test(the_oracle_is_where_it_is_cleanest),
        cmocka_unit_test(a_job_moves_when_that_pays),
        cmocka_unit_test(a_curve_holds_todays_work),
        cmocka_unit_test(yesterday_teaches_what_is_cheap),
    };
    return cmocka_run_group_tests_name("training_policies", tests, NULL, NULL);
}
