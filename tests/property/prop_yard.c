/* Whatever a policy does to jobs: accelerators are never given twice, all work is done, and energy is its
 * integral, however often the meters are read. */
#include "tests/support/near.h"

#include <string.h>

#include "models/training/yard.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

enum { JOBS = 60, SITES = 3 };

struct world {
    struct gw_rng rng; /* of the policy */
    struct gw_job job[JOBS];
    struct gw_job_kind kind[2];
    struct gw_job_queue queue[3];
    struct gw_yard_site site[SITES];
    double gb_per_s[SITES * SITES];
};

static uint64_t below(struct gw_rng *r, uint64_t n)
{
    return gw_rng_next(r) % n;
}

/* Some segments at random; one in three answers only waits. */
static int wild(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error)
{
    (void)view;
    (void)desk;
    (void)error;
    struct gw_rng *r = self;
    gw_time_us t = job->now_us;
    out->look_again_us = t + 1 + (gw_time_us)below(r, (uint64_t)GW_US_PER_H * 9);
    out->wait_tier = (uint32_t)below(r, GW_TIERS + 1);
    for (uint64_t n = below(r, 4); n > 0; n--) {
        t += (gw_time_us)(below(r, 2) * below(r, (uint64_t)GW_US_PER_H * 5));
        const uint32_t width = job->min_width + (uint32_t)below(r, job->max_width - job->min_width + 1);
        const struct gw_segment s = {.from_us = t,
                                     .to_us = t + 1 + (gw_time_us)below(r, (uint64_t)GW_US_PER_H * 30),
                                     .site = (uint32_t)below(r, SITES),
                                     .tier = (uint32_t)below(r, GW_TIERS + 1),
                                     .width = width,
                                     .power = 0.25 * (double)(1 + below(r, 4))};
        if (out->add(out, &s) != 0) {
            return 1;
        }
        t = s.to_us;
    }
    return 0;
}
static const struct gw_policy_ops policy = {.name = "wild", .schedule = wild};

static void build(struct world *w, uint64_t seed, struct gw_yard_cfg *cfg)
{
    struct gw_rng r;
    gw_rng_init(&r, seed);
    memset(w, 0, sizeof *w);
    gw_rng_init(&w->rng, seed + 1000);
    for (size_t k = 0; k < 2; k++) {
        w->kind[k] = (struct gw_job_kind){
            .scaling.exponent = 0.5 + 0.5 * gw_rng_unit(gw_rng_next(&r)),
            .capping.exponent = 0.5,
            .watts = 100 + (double)below(&r, 600),
            .held_watts = (double)below(&r, 100),
            .start_us = (gw_time_us)below(&r, (uint64_t)GW_US_PER_H / 4),
            .resume_us = (gw_time_us)below(&r, (uint64_t)GW_US_PER_H / 4),
            .checkpoint_us = (gw_time_us)below(&r, (uint64_t)GW_US_PER_H / 10),
            .interval_us = k == 0 ? GW_NEVER_US : GW_US_PER_H / 2 + (gw_time_us)below(&r, 3600000000u),
            .reshape_us = (gw_time_us)below(&r, (uint64_t)GW_US_PER_H / 8),
            .checkpoint_gb = (double)below(&r, 50),
            .spares = (uint32_t)k,
            .failures_per_h = k == 0 ? 0.0 : 0.002,
        };
    }
    gw_time_us at = 0;
    for (uint32_t i = 0; i < JOBS; i++) {
        at += (gw_time_us)below(&r, (uint64_t)GW_US_PER_H * 2);
        const uint32_t width = 1 + (uint32_t)below(&r, 8);
        w->job[i] = (struct gw_job){.number = i,
                                    .submit_us = at,
                                    .work_us = 1 + (gw_time_us)below(&r, (uint64_t)GW_US_PER_H * 20),
                                    .deadline_us = GW_NEVER_US,
                                    .width = width,
                                    .min_width = 1,
                                    .max_width = 8,
                                    .queue = (uint32_t)below(&r, 3),
                                    .kind = (uint32_t)below(&r, 2)};
    }
    for (size_t q = 0; q < 3; q++) {
        w->queue[q] = (struct gw_job_queue){.wait_us = GW_NEVER_US,
                                            .priority = (int32_t)below(&r, 2),
                                            .quota = q == 0 ? 0 : 9 + (uint32_t)below(&r, 8)};
    }
    for (size_t s = 0; s < SITES; s++) {
        w->site[s] = (struct gw_yard_site){
            .name = "s",
            .total = {8 + (uint32_t)below(&r, 20), 8 + (uint32_t)below(&r, 20), 8 + (uint32_t)below(&r, 20)},
            .usd_per_h = {1, 2, 0.5},
            .evictions_per_h = 0.05,
        };
    }
    for (size_t i = 0; i < (size_t)SITES * SITES; i++) {
        w->gb_per_s[i] = 0.01;
    }
    *cfg = (struct gw_yard_cfg){.job = w->job,
                                .jobs = JOBS,
                                .kind = w->kind,
                                .queue = w->queue,
                                .site = w->site,
                                .sites = SITES,
                                .gb_per_s = w->gb_per_s,
                                .backfill = seed % 2 == 0,
                                .seed = seed,
                                .policy = &policy,
                                .self = &w->rng,
                                .policy_name = "wild"};
}

struct outcome {
    struct gw_job_record record[JOBS];
    double work_j, held_j, lost_j, work_s;
};

/* Advanced and read every `step`, until nothing happens any more. */
static void run_all(uint64_t seed, gw_time_us step_us, struct outcome *out)
{
    static struct world w;
    struct gw_yard_cfg cfg;
    build(&w, seed, &cfg);
    struct gw_yard *yard = gw_yard_create(&cfg);
    assert_non_null(yard);
    *out = (struct outcome){0};
    struct gw_error err = {0};
    for (gw_time_us t = step_us; gw_yard_done(yard) < JOBS; t += step_us) {
        assert_true(t < 20000 * GW_US_PER_H);
        if (gw_yard_advance(yard, t, &err) != GW_OK) {
            fail_msg("seed %llu: %s: %s", (unsigned long long)seed, err.where, err.why);
        }
        gw_yard_verify(yard);
        for (uint32_t s = 0; s < SITES; s++) {
            const struct gw_yard_meter m = gw_yard_read(yard, s, t);
            out->work_j += m.work_j;
            out->held_j += m.held_j;
            out->lost_j += m.lost_j;
            out->work_s += m.work_s;
        }
    }
    for (uint32_t s = 0; s < SITES; s++) {
        for (uint32_t t = 0; t < GW_TIERS; t++) {
            assert_int_equal(gw_yard_used(yard, s, t), 0);
        }
    }
    for (uint32_t i = 0; i < JOBS; i++) {
        out->record[i] = *gw_yard_record(yard, i);
    }
    gw_yard_destroy(yard);
}

static void meters_tell_what_jobs_used_and_no_reading_changes_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        static struct outcome a, b;
        run_all(seed, 7 * GW_US_PER_H, &a);
        run_all(seed, GW_US_PER_H / 3, &b);
        double energy_j = 0, lost_j = 0;
        for (uint32_t i = 0; i < JOBS; i++) {
            assert_int_equal(a.record[i].end_us, b.record[i].end_us);
            assert_near(a.record[i].energy_j, b.record[i].energy_j, 0, 0);
            assert_true(a.record[i].end_us != GW_NEVER_US);
            energy_j += a.record[i].energy_j;
            lost_j += a.record[i].lost_j;
        }
        assert_near(a.work_j + a.held_j, energy_j, 1e-9, 0);
        assert_near(a.lost_j, lost_j, 1e-9, 1e-6);
        assert_near(b.work_j + b.held_j, energy_j, 1e-9, 0);
        assert_near(b.work_s, a.work_s, 1e-9, 0);
    }
}

/* Serving takes reserved ones back and returns them every three hours. `grace`: enough for every checkpoint.
 */
static double run_shared(uint64_t seed, bool grace)
{
    static struct world w;
    struct gw_yard_cfg cfg;
    build(&w, seed, &cfg);
    for (size_t k = 0; k < 2; k++) {
        w.kind[k].failures_per_h = 0;
        w.kind[k].scaling.exponent = w.kind[k].capping.exponent = 1;
        w.kind[k].interval_us = GW_NEVER_US; /* the dips of a cycle are spread over it */
        w.kind[k].spares = 0;                /* what is lost has their energy, too */
    }
    for (size_t s = 0; s < SITES; s++) {
        w.site[s].evictions_per_h = 0;
        w.site[s].grace_us = grace ? GW_US_PER_H : 0;
    }
    struct gw_yard *yard = gw_yard_create(&cfg);
    assert_non_null(yard);
    struct gw_rng r;
    gw_rng_init(&r, seed + 77);
    struct gw_error err = {0};
    double lost_j = 0, work_j = 0;
    for (gw_time_us t = 3 * GW_US_PER_H; gw_yard_done(yard) < JOBS; t += 3 * GW_US_PER_H) {
        assert_true(t < 20000 * GW_US_PER_H);
        for (uint32_t s = 0; s < SITES; s++) {
            const uint32_t total = t % (9 * GW_US_PER_H) == 0 ? 12 : (uint32_t)below(&r, 20);
            assert_int_equal(gw_yard_resize(yard, s, GW_TIER_RESERVED, total, &err), GW_OK);
        }
        if (gw_yard_advance(yard, t, &err) != GW_OK) {
            fail_msg("seed %llu: %s: %s", (unsigned long long)seed, err.where, err.why);
        }
        gw_yard_verify(yard);
        for (uint32_t s = 0; s < SITES; s++) {
            const struct gw_yard_meter m = gw_yard_read(yard, s, t);
            assert_true(m.nodes_s <= m.held_s[GW_TIER_RESERVED] + 1e-9);
            lost_j += m.lost_j;
            work_j += m.work_j;
        }
    }
    gw_yard_destroy(yard);
    /* speed is in proportion to watts: what was not lost is the work of the jobs */
    double jobs_j = 0;
    for (uint32_t i = 0; i < JOBS; i++) {
        jobs_j += w.kind[w.job[i].kind].watts * w.job[i].width * gw_s_from_us(w.job[i].work_us);
    }
    assert_near(work_j - lost_j, jobs_j, 1e-9, 0);
    return lost_j;
}

static void nothing_is_lost_to_serving_within_the_grace(void **state)
{
    (void)state;
    double without_j = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        assert_near(run_shared(seed, true), 0, 0, 0);
        without_j += run_shared(seed, false);
    }
    assert_true(without_j > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meters_tell_what_jobs_used_and_no_reading_changes_it),
        cmocka_unit_test(nothing_is_lost_to_serving_within_the_grace),
    };
    return cmocka_run_group_tests_name("yard", tests, NULL, NULL);
}
