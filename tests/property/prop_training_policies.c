/* What holds for the policies of training jobs on any signal: waiting saves and more slack saves more, a
 * constant signal ties them all, being interrupted does no harm, a flat scaling curve is suspend-resume, and
 * sites have no names. */
#include "tests/support/near.h"

#include "models/policies/registry.h"
#include "sim/core/rng.h"
#include "tests/support/job_desk.h"

#define H JOB_DESK_HOUR

enum { HOURS = 200, TRIALS = 60 };

struct scene {
    double hour[JOB_DESK_SITES][HOURS];
    struct job_desk desk;
    struct gw_job_view job;
};

/* Days with noise, alike at no two sites; a job of up to 20 h that comes after two days. */
static void draw(struct scene *s, struct gw_rng *r, uint32_t sites)
{
    const double *signal[JOB_DESK_SITES];
    for (uint32_t k = 0; k < sites; k++) {
        const double level = 20 + 400 * gw_rng_unit(gw_rng_next(r));
        const double swing = 0.6 * gw_rng_unit(gw_rng_next(r)), phase = 6.28 * gw_rng_unit(gw_rng_next(r));
        for (int h = 0; h < HOURS; h++) {
            const double noise = 0.3 * gw_rng_unit(gw_rng_next(r));
            s->hour[k][h] = level * (1 + swing * sin(6.283185307 * h / 24 + phase) + noise);
        }
        signal[k] = s->hour[k];
    }
    job_desk_init(&s->desk, sites, signal, HOURS);
    const int64_t at_us = 48 * H + (int64_t)(gw_rng_next(r) % (uint64_t)H);
    const int64_t length_us = H / 10 + (int64_t)(gw_rng_next(r) % (uint64_t)(20 * H));
    const int64_t wait_us = (int64_t)(gw_rng_next(r) % 24) * H;
    s->job = job_desk_job(&s->desk, at_us, length_us, wait_us);
}

static double carbon(const struct gw_policy_ops *ops, const char *key, double value, const struct scene *s)
{
    struct job_desk_policy policy;
    job_desk_policy_init(&policy, ops, key, value, NULL);
    const struct job_desk_run run = job_desk_run(&policy, &s->desk, s->job);
    job_desk_policy_fini(&policy);
    return run.carbon;
}

static double at_once(const struct scene *s)
{
    return s->desk.public.integral(&s->desk.public, GW_JOB_CARBON, 0, s->job.now_us,
                                   s->job.now_us + s->job.length_us);
}

/* Those that know the length and compare whole plans. */
static const struct {
    const struct gw_policy_ops *ops;
    const char *key;
    double value;
} planners[] = {
    {&gw_policy_lowest_window, NULL, 0}, {&gw_policy_wait_awhile, NULL, 0},
    {&gw_policy_carbon_time, NULL, 0},   {&gw_policy_wait_awhile, "interrupt", 1},
    {&gw_policy_carbon_scaler, NULL, 0}, {&gw_policy_oracle, NULL, 0},
};
enum { PLANNERS = sizeof planners / sizeof planners[0] };

static void waiting_saves_and_more_slack_saves_more(void **state)
{
    (void)state;
    struct gw_rng r;
    gw_rng_init(&r, 1);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct scene s;
        draw(&s, &r, 1);
        for (size_t p = 0; p < PLANNERS; p++) {
            const bool monotone = planners[p].ops != &gw_policy_carbon_time; /* it weighs time as well */
            double last = at_once(&s) * (1 + 1e-9);
            for (int64_t wait_h = 0; wait_h <= 24; wait_h += 6) {
                s.job.wait_us = wait_h * H;
                const double now = carbon(planners[p].ops, planners[p].key, planners[p].value, &s);
                if (!(now <= last)) {
                    fail_msg("trial %d, %s, wait %d h: %.12g after %.12g", trial, planners[p].ops->name,
                             (int)wait_h, now, last);
                }
                last = monotone ? now * (1 + 1e-9) : last;
            }
        }
    }
}

static const struct gw_policy_ops *const all[] = {
    &gw_policy_run_now,
    &gw_policy_lowest_slot,
    &gw_policy_lowest_window,
    &gw_policy_carbon_time,
    &gw_policy_wait_awhile,
    &gw_policy_pcaps,
    &gw_policy_ecovisor_threshold,
    &gw_policy_double_threshold,
    &gw_policy_res_first,
    &gw_policy_spot_first,
    &gw_policy_spot_res,
    &gw_policy_carbon_scaler,
    &gw_policy_carbon_flex,
    &gw_policy_vcc,
    &gw_policy_geo_migrate,
    &gw_policy_oracle,
};
enum { ALL = sizeof all / sizeof all[0] };

static void a_constant_signal_ties_them_all_and_nobody_waits(void **state)
{
    (void)state;
    struct gw_rng r;
    gw_rng_init(&r, 2);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct scene s;
        draw(&s, &r, 1);
        for (int h = 0; h < HOURS; h++) {
            s.hour[0][h] = 123.456;
        }
        for (size_t p = 0; p < ALL; p++) {
            struct job_desk_policy policy;
            job_desk_policy_init(&policy, all[p], NULL);
            const struct job_desk_run run = job_desk_run(&policy, &s.desk, s.job);
            job_desk_policy_fini(&policy);
            assert_near(run.carbon, at_once(&s), 1e-9, 0);
            if (run.waited_us != 0) {
                fail_msg("trial %d: %s waits for nothing", trial, all[p]->name);
            }
        }
    }
}

static void being_interrupted_does_no_harm_and_the_oracle_is_the_floor(void **state)
{
    (void)state;
    struct gw_rng r;
    gw_rng_init(&r, 3);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct scene s;
        draw(&s, &r, 3);
        const double pieces = carbon(&gw_policy_wait_awhile, NULL, 0, &s);
        assert_true(pieces <= carbon(&gw_policy_wait_awhile, "interrupt", 1, &s) * (1 + 1e-9));
        const double floor_g = carbon(&gw_policy_oracle, NULL, 0, &s);
        for (size_t p = 0; p < ALL; p++) {
            if (all[p] != &gw_policy_geo_migrate && !(carbon(all[p], NULL, 0, &s) >= floor_g * (1 - 1e-9))) {
                fail_msg("trial %d: %s is below the oracle", trial, all[p]->name);
            }
        }
    }
}

static void a_flat_curve_is_suspend_resume(void **state)
{
    (void)state;
    struct gw_rng r;
    gw_rng_init(&r, 4);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct scene s;
        draw(&s, &r, 2);
        const double pieces = carbon(&gw_policy_wait_awhile, NULL, 0, &s);
        s.job.max_width = 8;
        s.desk.flat_beyond = 1;
        assert_near(carbon(&gw_policy_carbon_scaler, NULL, 0, &s), pieces, 1e-9, 0);
        s.desk.flat_beyond = 0; /* with a curve that falls off it is no worse */
        s.desk.exponent = 0.8;
        assert_true(carbon(&gw_policy_carbon_scaler, NULL, 0, &s) <= pieces * (1 + 1e-9));
    }
}

static void sites_have_no_names(void **state)
{
    (void)state;
    struct gw_rng r;
    gw_rng_init(&r, 5);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct scene s;
        draw(&s, &r, 3);
        s.desk.move_us = H / 4;
        for (size_t p = 0; p < ALL; p++) {
            if (all[p] == &gw_policy_run_now) { /* takes the first site */
                continue;
            }
            const double before = carbon(all[p], NULL, 0, &s);
            struct scene t = s;
            t.desk.signal[0] = s.hour[2];
            t.desk.signal[1] = s.hour[0];
            t.desk.signal[2] = s.hour[1];
            const double after = carbon(all[p], NULL, 0, &t);
            if (!(fabs(after - before) <= 1e-9 * before)) {
                fail_msg("trial %d: %s, %.12g and relabelled %.12g", trial, all[p]->name, before, after);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_saves_and_more_slack_saves_more),
        cmocka_unit_test(a_constant_signal_ties_them_all_and_nobody_waits),
        cmocka_unit_test(being_interrupted_does_no_harm_and_the_oracle_is_the_floor),
        cmocka_unit_test(a_flat_curve_is_suspend_resume),
        cmocka_unit_test(sites_have_no_names),
    };
    return cmocka_run_group_tests_name("training_policies", tests, NULL, NULL);
}
