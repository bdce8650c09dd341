/* What policies of training jobs share: windows, starts and pieces, by hand. Hours from 0, values in g/kWh.
 */
#include "tests/support/near.h"

#include "models/policies/job_plan.h"
#include "tests/support/job_desk.h"

#define H JOB_DESK_HOUR

static const double hours[] = {10, 5, 5, 4, 5, 9, 9, 9};
static const double *const one_site[] = {hours};

static void a_job_may_be_put_off_by_what_is_left_of_its_wait(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    struct gw_job_view job = job_desk_job(&desk, 2 * H, 3 * H, 6 * H);
    job.start_us = H;
    struct gw_job_window w = gw_job_plan_window(&job, job.left_us, 86400.0);
    assert_int_equal(w.latest_us, 8 * H);
    assert_int_equal(w.finish_us, 12 * H); /* an hour to start, three of work */

    job.waited_us = 2 * H;
    assert_int_equal(gw_job_plan_window(&job, job.left_us, 86400.0).latest_us, 6 * H);
    job.deadline_us = 9 * H; /* 9 - 4 */
    assert_int_equal(gw_job_plan_window(&job, job.left_us, 86400.0).latest_us, 5 * H);
    job.deadline_us = 4 * H; /* too late anyhow: now */
    assert_int_equal(gw_job_plan_window(&job, job.left_us, 86400.0).latest_us, 2 * H);
    job.wait_us = INT64_MAX;
    job.deadline_us = 100 * H;
    assert_int_equal(gw_job_plan_window(&job, job.left_us, 86400.0).latest_us, 96 * H);
    job.deadline_us = INT64_MAX; /* neither: 24 h */
    assert_int_equal(gw_job_plan_window(&job, job.left_us, 86400.0).latest_us, 26 * H);
    job.held = 1; /* what runs needs no start */
    assert_int_equal(gw_job_plan_window(&job, job.left_us, 86400.0).finish_us, 29 * H);
}

static struct gw_job_start start(enum gw_job_start_rule rule, int64_t from_us, int64_t step_us)
{
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    const struct gw_job_view job = job_desk_job(&desk, from_us, 2 * H, 3 * H);
    const struct gw_job_ask ask = {rule, GW_JOB_CARBON, from_us, from_us + 3 * H, 2 * H, step_us};
    return gw_job_plan_start(&desk.public, &job, &ask);
}

/* Two hours from 0, 1, 2, 3 cost 15, 10, 9, 9; they save 5/3, 6/4 and 6/5 per hour. */
static void rules_find_their_starts(void **state)
{
    (void)state;
    assert_int_equal(start(GW_JOB_START_NOW, 0, H).at_us, 0);
    assert_int_equal(start(GW_JOB_START_SLOT, 0, H).at_us, 3 * H);
    assert_int_equal(start(GW_JOB_START_WINDOW, 0, H).at_us, 2 * H); /* of two alike the earlier */
    assert_int_equal(start(GW_JOB_START_RATE, 0, H).at_us, H);
    assert_int_equal(start(GW_JOB_START_LAST, 0, H).at_us, 3 * H);
}

/* From 0:30 in steps of an hour: 1:30 costs 5/2 + 5 + 4/2 = 9.5, 2:30 costs 9; at any time, 2:00 to 3:00 cost
 * 9 as well. */
static void without_a_step_edges_are_starts(void **state)
{
    (void)state;
    assert_int_equal(start(GW_JOB_START_WINDOW, H / 2, H).at_us, 5 * H / 2);
    assert_int_equal(start(GW_JOB_START_WINDOW, H / 2, 0).at_us, 2 * H);
}

static void the_cleaner_site_wins_and_of_two_alike_the_first(void **state)
{
    (void)state;
    static const double clean[] = {9, 5, 5, 4, 3, 9, 9, 9};
    const double *const sites[] = {hours, clean, clean};
    struct job_desk desk;
    job_desk_init(&desk, 3, sites, 8);
    struct gw_job_view job = job_desk_job(&desk, 0, 2 * H, 3 * H);
    const struct gw_job_ask ask = {GW_JOB_START_WINDOW, GW_JOB_CARBON, 0, 3 * H, 2 * H, H};
    struct gw_job_start s = gw_job_plan_start(&desk.public, &job, &ask);
    assert_int_equal(s.site, 1);
    assert_int_equal(s.at_us, 3 * H);

    job.site = 0; /* its checkpoint lies there */
    assert_int_equal(gw_job_plan_start(&desk.public, &job, &ask).site, 0);
    const uint8_t only_last[] = {0, 0, 1};
    job.site = UINT32_MAX;
    job.allowed = only_last;
    assert_int_equal(gw_job_plan_start(&desk.public, &job, &ask).site, 2);
    job.width = 2000; /* nowhere are so many */
    s = gw_job_plan_start(&desk.public, &job, &ask);
    assert_int_equal(s.site, 2);
    assert_int_equal(s.at_us, 0);
}

static void pieces_end_at_edges(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    struct gw_job_pieces p = {0};
    assert_true(gw_job_plan_lay(&p, &desk.public, GW_JOB_CARBON, 0, H / 2, 3 * H + H / 4));
    assert_int_equal(p.n, 4);
    assert_int_equal(p.at[0].to_us, H);
    assert_near(p.at[0].value, 10, 1e-12, 0);
    assert_int_equal(p.at[3].from_us, 3 * H);
    assert_int_equal(p.at[3].to_us, 3 * H + H / 4);
    assert_near(p.at[3].value, 4, 1e-12, 0);
    assert_near(gw_job_plan_quantile(&p, 0.5), 5, 1e-12, 0);
    assert_near(gw_job_plan_quantile(&p, 0.0), 4, 1e-12, 0);
    assert_near(gw_job_plan_quantile(&p, 1.0), 10, 1e-12, 0);
    gw_job_plan_free(&p);
}

/* 1.5 hours of {10, 5, 5, 4}: hour 3 and the half of hour 1 (of two alike the earlier), which touches
 * nothing and keeps its beginning. */
static void the_cheapest_pieces_add_up(void **state)
{
    (void)state;
    struct job_desk desk;
    job_desk_init(&desk, 1, one_site, 8);
    struct gw_job_pieces p = {0};
    assert_true(gw_job_plan_lay(&p, &desk.public, GW_JOB_CARBON, 0, 0, 4 * H));
    assert_near(gw_job_plan_cheapest(&p, 3 * H / 2), 6.5, 1e-12, 0);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.at[0].from_us, H);
    assert_int_equal(p.at[0].to_us, 3 * H / 2);
    assert_int_equal(gw_job_plan_spans(&p), 2);

    /* 2.5 hours: hours 3 and 1 whole, half of hour 2; it touches both, and gives up its end */
    assert_true(gw_job_plan_lay(&p, &desk.public, GW_JOB_CARBON, 0, 0, 4 * H));
    assert_near(gw_job_plan_cheapest(&p, 5 * H / 2), 11.5, 1e-12, 0);
    assert_int_equal(p.at[1].to_us, 5 * H / 2);

    /* 3.5 hours: hours 1 to 3 and the end of hour 0, one span */
    assert_true(gw_job_plan_lay(&p, &desk.public, GW_JOB_CARBON, 0, 0, 4 * H));
    assert_near(gw_job_plan_cheapest(&p, 7 * H / 2), 19, 1e-12, 0);
    assert_int_equal(p.at[0].from_us, H / 2);
    assert_int_equal(gw_job_plan_spans(&p), 1);

    /* more than there is */
    assert_true(gw_job_plan_lay(&p, &desk.public, GW_JOB_CARBON, 0, 0, 4 * H));
    assert_near(gw_job_plan_cheapest(&p, 9 * H), 24, 1e-12, 0);
    gw_job_plan_free(&p);
}

static void the_lower_of_two_sites_piece_by_piece(void **state)
{
    (void)state;
    static const double other[] = {20, 3, 6, 6, 6, 6, 6, 6};
    const double *const sites[] = {hours, other};
    struct job_desk desk;
    job_desk_init(&desk, 2, sites, 8);
    const struct gw_job_view job = job_desk_job(&desk, 0, H, H);
    struct gw_job_pieces p = {0};
    assert_true(gw_job_plan_lay_least(&p, &desk.public, &job, GW_JOB_CARBON, 0, 3 * H));
    assert_int_equal(p.n, 3);
    assert_int_equal(p.at[0].site, 0);
    assert_int_equal(p.at[1].site, 1);
    assert_int_equal(p.at[2].site, 0);
    assert_int_equal(gw_job_plan_spans(&p), 3); /* another site is another span */
    gw_job_plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_may_be_put_off_by_what_is_left_of_its_wait),
        cmocka_unit_test(rules_find_their_starts),
        cmocka_unit_test(without_a_step_edges_are_starts),
        cmocka_unit_test(the_cleaner_site_wins_and_of_two_alike_the_first),
        cmocka_unit_test(pieces_end_at_edges),
        cmocka_unit_test(the_cheapest_pieces_add_up),
        cmocka_unit_test(the_lower_of_two_sites_piece_by_piece),
    };
    return cmocka_run_group_tests_name("job_plan", tests, NULL, NULL);
}
