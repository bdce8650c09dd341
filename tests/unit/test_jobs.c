/* Lists of jobs in four forms: the same job read from each, and what is wrong with a list told by its line.
 */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/units.h"
#include "traces/jobs.h"

static enum gw_status parse(enum gw_jobs_format format, const char *text, struct gw_jobs *out,
                            struct gw_arena *arena, struct gw_error *err)
{
    return gw_jobs_parse(format, text, strlen(text), "jobs.csv", out, arena, err);
}

static void the_same_job_in_every_form(void **state)
{
    (void)state;
    static const struct {
        enum gw_jobs_format format;
        const char *text;
    } forms[] = {
        {GW_JOBS_GAIA_S, "arrival_time,length,cpus\n1800.0,5400,3\n"},
        {GW_JOBS_GAIA_H, "arrival_time,length,cpus\n0.5,1.5,3\n"},
        {GW_JOBS_PHILLY_GAVEL, "arrival_s,virtual_cluster,job_type,gpus,total_steps,v100_duration_s\n"
                               "1800,0e4a51,\"Transformer (batch size 128)\",3,95121,5400\n"},
        {GW_JOBS_GENERIC, "# ours\nwho,work_h,submit_s,width\r\nme,1.5,1800,3\r\n"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_jobs jobs;
        struct gw_error err = {0};
        if (parse(forms[i].format, forms[i].text, &jobs, &arena, &err) != GW_OK) {
            fail_msg("%s: %s", err.where, err.why);
        }
        assert_int_equal(jobs.n, 1);
        assert_int_equal(jobs.row[0].submit_us, GW_US_PER_H / 2);
        assert_int_equal(jobs.row[0].work_us, GW_US_PER_H * 3 / 2);
        assert_int_equal(jobs.row[0].width, 3);
        assert_int_equal(jobs.row[0].deadline_us, GW_NEVER_US);
        gw_arena_fini(&arena);
    }
}

static void a_deadline_may_be_given_or_left_out(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_jobs jobs;
    assert_int_equal(
        parse(GW_JOBS_GENERIC, "submit_s,work_s,width,deadline_h\n0,60,1,2\n5,60,1,\n", &jobs, &arena, NULL),
        GW_OK);
    assert_int_equal(jobs.row[0].deadline_us, 2 * GW_US_PER_H);
    assert_int_equal(jobs.row[1].deadline_us, GW_NEVER_US);
    gw_arena_fini(&arena);
}

static void bad_lists_are_named_by_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
        enum gw_status status;
    } cases[] = {
        {"", "jobs.csv", "is empty", GW_ERR_SYNTAX},
        {"submit_s,work_s,width\n", "jobs.csv", "has no jobs", GW_ERR_RANGE},
        {"submit_s,work_s\n0,1\n", "jobs.csv:1:1", "no column \"width\" for the width", GW_ERR_SYNTAX},
        {"submit_s,work_s,width\n0,60,1\n0,long,1\n", "jobs.csv:3:3", "\"long\" is no number: the length",
         GW_ERR_SYNTAX},
        {"submit_s,work_s,width\n-1,60,1\n", "jobs.csv:2:1", "-1 is no time of submission", GW_ERR_RANGE},
        {"submit_s,work_s,width\n0,0,1\n", "jobs.csv:2:3", "0 is no length", GW_ERR_RANGE},
        {"submit_s,work_s,width\n0,60,1.5\n", "jobs.csv:2:6", "1.5 is no width", GW_ERR_RANGE},
        {"submit_s,work_s,width\n0,60\n", "jobs.csv:2:1", "2 fields; the first line has 3", GW_ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_jobs jobs;
        struct gw_error err = {0};
        assert_int_equal(parse(GW_JOBS_GENERIC, cases[i].text, &jobs, &arena, &err), cases[i].status);
        assert_string_equal(err.where, cases[i].where);
        if (strstr(err.why, cases[i].why) == NULL) {
            fail_msg("case %zu: %s", i, err.why);
        }
        assert_int_equal(jobs.n, 0);
        gw_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_job_in_every_form),
        cmocka_unit_test(a_deadline_may_be_given_or_left_out),
        cmocka_unit_test(bad_lists_are_named_by_line_and_column),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
