/* What is known of a job before it runs: queues, speed, checkpoints, deadlines. */
#include "tests/support/near.h"

#include "models/training/job.h"
#include "sim/base/units.h"

#define H GW_US_PER_H

static void a_job_is_in_the_first_queue_that_takes_its_length(void **state)
{
    (void)state;
    struct gw_job job[] = {{.work_us = H}, {.work_us = 2 * H}, {.work_us = 2 * H + 1}, {.work_us = 99 * H}};
    struct gw_job_queue queue[] = {{.longest_us = 2 * H}, {.longest_us = 24 * H}};
    gw_job_assign(job, 4, queue, 2);
    assert_int_equal(job[0].queue, 0);
    assert_int_equal(job[1].queue, 0);
    assert_int_equal(job[2].queue, 1);
    assert_int_equal(job[3].queue, 1); /* the last queue takes all that is left */
    assert_near(queue[0].mean_us, 1.5 * (double)H, 0, 0);
    assert_near(queue[1].mean_us, 50.5 * (double)H + 0.5, 0, 0);
}

static void speed_follows_the_table_between_its_rows(void **state)
{
    (void)state;
    static const double width[] = {1, 2, 4}, throughput[] = {100, 180, 300};
    const struct gw_job job = {.width = 2};
    const struct gw_job_kind kind = {.scaling = {.n = 3, .width = width, .throughput = throughput},
                                     .capping = {.exponent = 0.5}};
    assert_near(gw_job_speed(&job, &kind, 2, 1.0), 1.0, 0, 0);
    assert_near(gw_job_speed(&job, &kind, 1, 1.0), 100.0 / 180, 1e-15, 0);
    assert_near(gw_job_speed(&job, &kind, 3, 1.0), 240.0 / 180, 1e-15, 0);
    assert_near(gw_job_speed(&job, &kind, 9, 1.0), 300.0 / 180, 1e-15, 0); /* no faster than the last row */
    assert_near(gw_job_speed(&job, &kind, 4, 0.25), 300.0 / 180 * 0.5, 1e-15, 0);
}

static void speed_without_a_table_is_a_power_of_the_width(void **state)
{
    (void)state;
    const struct gw_job job = {.width = 2};
    const struct gw_job_kind kind = {.scaling = {.exponent = 0.5}};
    assert_near(gw_job_speed(&job, &kind, 8, 1.0), 2.0, 1e-15, 0);
    static const double power[] = {0.5, 1.0}, throughput[] = {8, 10};
    const struct gw_job_kind capped = {.scaling = {.exponent = 1},
                                       .capping = {.n = 2, .power = power, .throughput = throughput}};
    assert_near(gw_job_speed(&job, &capped, 2, 0.75), 0.9, 1e-15, 0);
}

/* 10 h of work, a checkpoint of 6 min after every 3 h: after 3, 6 and 9 h. */
static void checkpoints_lengthen_work(void **state)
{
    (void)state;
    const struct gw_job_kind kind = {.interval_us = 3 * H, .checkpoint_us = H / 10};
    assert_int_equal(gw_job_duration(&kind, 10.0 * (double)H, 1.0), 10 * H + 3 * (H / 10));
    assert_int_equal(gw_job_duration(&kind, 9.0 * (double)H, 1.0), 9 * H + 2 * (H / 10)); /* done: no third */
    assert_int_equal(gw_job_duration(&kind, 10.0 * (double)H, 2.0), 5 * H + H / 10);
    assert_near(gw_job_progress(&kind, 3 * H, 1.0), 3.0 * (double)H, 0, 0);
    assert_near(gw_job_progress(&kind, 3 * H + H / 20, 1.0), 3.0 * (double)H, 0, 0); /* while writing */
    assert_near(gw_job_progress(&kind, 4 * H, 1.0), 3.9 * (double)H, 0, 0);
    assert_near(gw_job_saved(&kind, 4 * H, 1.0), 3.0 * (double)H, 0, 0);
    assert_near(gw_job_saved(&kind, 3 * H + H / 20, 1.0), 0, 0, 0); /* not yet written */
    assert_near(gw_job_progress(&kind, gw_job_duration(&kind, 10.0 * (double)H, 1.0), 1.0), 10.0 * (double)H,
                0, 0);
}

static void without_an_interval_nothing_is_saved_on_the_way(void **state)
{
    (void)state;
    const struct gw_job_kind kind = {.interval_us = GW_NEVER_US, .checkpoint_us = H};
    assert_int_equal(gw_job_duration(&kind, 7.5, 2.0), 4); /* rounded up to the microsecond */
    assert_near(gw_job_progress(&kind, 5 * H, 0.5), 2.5 * (double)H, 0, 0);
    assert_near(gw_job_saved(&kind, 5 * H, 0.5), 0, 0, 0);
}

static gw_time_us at(const char *text)
{
    gw_time_us t = 0;
    assert_int_equal(gw_clock_parse(text, &t, NULL), GW_OK);
    return t;
}

/* 2020-01-03 is a Friday. */
static void deadlines_by_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *from, *next_workday, *semi_weekly;
    } cases[] = {
        {"2020-01-02T10:00Z", "2020-01-03T09:00Z", "2020-01-06T09:00Z"},
        {"2020-01-03T08:59Z", "2020-01-03T09:00Z", "2020-01-06T09:00Z"},
        {"2020-01-03T09:00Z", "2020-01-06T09:00Z", "2020-01-06T09:00Z"},
        {"2020-01-06T09:00Z", "2020-01-07T09:00Z", "2020-01-09T09:00Z"},
        {"2020-01-08T23:00Z", "2020-01-09T09:00Z", "2020-01-09T09:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const gw_time_us from = at(cases[i].from);
        assert_int_equal(gw_job_calendar_deadline(GW_JOB_NEXT_WORKDAY, from, 9), at(cases[i].next_workday));
        assert_int_equal(gw_job_calendar_deadline(GW_JOB_SEMI_WEEKLY, from, 9), at(cases[i].semi_weekly));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_in_the_first_queue_that_takes_its_length),
        cmocka_unit_test(speed_follows_the_table_between_its_rows),
        cmocka_unit_test(speed_without_a_table_is_a_power_of_the_width),
        cmocka_unit_test(checkpoints_lengthen_work),
        cmocka_unit_test(without_an_interval_nothing_is_saved_on_the_way),
        cmocka_unit_test(deadlines_by_the_calendar),
    };
    return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
