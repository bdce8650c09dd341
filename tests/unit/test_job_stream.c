/* Jobs made by law: how many come, how long and wide they are; the same whatever is asked around them. */
#include "tests/support/bound.h"

#include <math.h>

#include "models/training/job_stream.h"
#include "sim/base/units.h"

struct root {
    struct gw_job_stream_cfg stream;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, stream, &gw_job_stream_type, "{}", "A stream", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A stream"};

struct counted {
    double n, mean_h, mean_width, office;
};

static struct counted count(const char *yaml, double days, uint64_t key)
{
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, yaml, &root);
    struct gw_job_stream s;
    struct gw_job job = {0};
    struct counted c = {0};
    gw_job_stream_init(&s, &root.stream, 0, 0, key); /* 1970-01-01 was a Thursday */
    gw_time_us last_us = 0;
    while (gw_job_stream_next(&s, (gw_time_us)(days * 24) * GW_US_PER_H, &job)) {
        assert_true(job.submit_us >= last_us);
        last_us = job.submit_us;
        const struct gw_calendar at = gw_clock_calendar(job.submit_us);
        c.office += at.weekday < 5 && at.hour >= 9 && at.hour < 17;
        c.n++;
        c.mean_h += gw_h_from_us(job.work_us);
        c.mean_width += job.width;
    }
    c.mean_h /= c.n;
    c.mean_width /= c.n;
    bound_fini(&b);
    return c;
}

static void as_many_come_as_the_rate_says(void **state)
{
    (void)state;
    const struct counted c = count("stream: { arrivals: 10 /h }\n", 70, 1);
    assert_near(c.n, 16800, 0, 4 * sqrt(16800.0));
    assert_near(c.office / c.n, 40.0 / 168, 0, 0.02);
}

static void office_hours_are_busier_and_the_mean_is_kept(void **state)
{
    (void)state;
    const struct counted c = count("stream: { arrivals: 10 /h, office: 5 }\n", 70, 1);
    assert_near(c.n, 16800, 0, 4 * sqrt(16800.0));
    assert_near(c.office / c.n, 200.0 / 328, 0, 0.02);
}

static void one_every_so_often(void **state)
{
    (void)state;
    const struct counted c =
        count("stream: { arrivals: { every: 24 h }, length: 30 min, width: 8 }\n", 10, 1);
    assert_near(c.n, 10, 0, 0);
    assert_near(c.mean_h, 0.5, 0, 0);
    assert_near(c.mean_width, 8, 0, 0);
}

/* Median 0.84 h and mean 2.52 h; 1000 jobs ask for 1.236 CPUs. Lengths are cut at seven days. */
static void the_pai_mix_has_its_means(void **state)
{
    (void)state;
    const struct counted c = count("stream: { arrivals: 100 /h }\n", 70, 2);
    assert_near(c.mean_h, 2.52, 0.03, 0);
    assert_near(c.mean_width, 1.236, 0.01, 0);
}

static void lengths_between_two(void **state)
{
    (void)state;
    const struct counted c = count(
        "stream: { arrivals: 10 /h, length: { uniform: { from: 4 h, to: 90 h, grain: 30 min } } }\n", 70, 3);
    assert_near(c.mean_h, 47, 0.02, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_come_as_the_rate_says),
        cmocka_unit_test(office_hours_are_busier_and_the_mean_is_kept),
        cmocka_unit_test(one_every_so_often),
        cmocka_unit_test(the_pai_mix_has_its_means),
        cmocka_unit_test(lengths_between_two),
    };
    return cmocka_run_group_tests_name("job_stream", tests, NULL, NULL);
}
