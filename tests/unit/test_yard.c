/* The yard by hand: each test scripts what a policy answers, and counts accelerators, time and energy. */
#include "tests/support/near.h"

#include <string.h>

#include "models/training/yard.h"
#include "sim/base/units.h"

#define H   GW_US_PER_H
#define ALL GW_NEVER_US

/* One answer of the scripted policy; it is given to the job's looks in order, the last one again and again.
 */
struct answer {
    uint32_t job, n;
    struct gw_segment segment[4]; /* times from the moment of the look on */
    gw_time_us look_in_us;        /* 0: never */
    uint32_t wait_tier;           /* 0: none; else the tier + 1 */
};

enum { JOBS_MAX = 8, LOOKS_MAX = 64 };
struct script {
    const struct answer *answer;
    uint32_t answers, next[JOBS_MAX];
    uint32_t why[JOBS_MAX][LOOKS_MAX], looks[JOBS_MAX];
    struct gw_job_view last[JOBS_MAX];
    double asked; /* what the desk said at the last look */
};

static const struct answer *answer_for(struct script *s, uint32_t job)
{
    uint32_t nth = 0;
    const struct answer *last = NULL;
    for (uint32_t i = 0; i < s->answers; i++) {
        if (s->answer[i].job == job) {
            last = &s->answer[i];
            if (nth++ == s->next[job]) {
                break;
            }
        }
    }
    s->next[job]++;
    assert_non_null(last);
    return last;
}

static int scripted(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                    const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct script *s = self;
    const uint32_t k = (uint32_t)job->number;
    s->why[k][s->looks[k]++] = job->why;
    s->last[k] = *job;
    s->asked = desk->free(desk, 0, GW_TIER_RESERVED);
    if (job->why == GW_LOOK_DONE) {
        return 0;
    }
    const struct answer *a = answer_for(s, k);
    for (uint32_t i = 0; i < a->n; i++) {
        struct gw_segment segment = a->segment[i];
        segment.from_us += job->now_us;
        segment.to_us = segment.to_us == ALL ? ALL : segment.to_us + job->now_us;
        (void)out->add(out, &segment);
    }
    out->look_again_us = a->look_in_us > 0 ? job->now_us + a->look_in_us : GW_NEVER_US;
    out->wait_tier = a->wait_tier > 0 ? a->wait_tier - 1 : GW_TIERS;
    return 0;
}

static const struct gw_policy_ops policy = {.name = "scripted", .schedule = scripted};

/* A yard with two sites: four reserved accelerators and all the rest on demand, and spot. */
struct scene {
    struct script script;
    struct gw_job job[JOBS_MAX];
    struct gw_job_kind kind[2];
    struct gw_job_queue queue[2];
    struct gw_yard_site site[2];

    struct gw_yard_cfg cfg;
    struct gw_yard *yard;
};

static void prepare(struct scene *s, uint32_t jobs, const struct answer *answer, uint32_t answers)
{
    *s = (struct scene){
        .script = {.answer = answer, .answers = answers},
        .kind = {{.scaling.exponent = 0.5,
                  .capping.exponent = 0.5,
                  .watts = 100,
                  .held_watts = 10,
                  .interval_us = GW_NEVER_US}},
        .queue = {{.wait_us = 24 * H, .mean_us = 5e9}, {.wait_us = 24 * H, .mean_us = 5e9}},
        .site = {{.name = "a", .total = {4, GW_YARD_UNLIMITED, GW_YARD_UNLIMITED}, .usd_per_h = {1, 2, 0.5}},
                 {.name = "b", .total = {0, 4, 0}, .usd_per_h = {1, 3, 0.5}}},
    };
    for (uint32_t i = 0; i < jobs; i++) {
        s->job[i] = (struct gw_job){.number = i,
                                    .submit_us = i * H,
                                    .work_us = 10 * H,
                                    .deadline_us = GW_NEVER_US,
                                    .width = 2,
                                    .min_width = 1,
                                    .max_width = 8};
    }
    s->cfg = (struct gw_yard_cfg){.job = s->job,
                                  .jobs = jobs,
                                  .kind = s->kind,
                                  .queue = s->queue,
                                  .site = s->site,
                                  .sites = 2,
                                  .seed = 1,
                                  .policy = &policy,
                                  .self = &s->script,
                                  .policy_name = "mine"};
}

static void run_until(struct scene *s, gw_time_us until_us)
{
    struct gw_error err = {0};
    if (s->yard == NULL) {
        s->yard = gw_yard_create(&s->cfg);
        assert_non_null(s->yard);
    }
    if (gw_yard_advance(s->yard, until_us, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    gw_yard_verify(s->yard);
}

static const struct gw_job_record *record(const struct scene *s, uint32_t job)
{
    return gw_yard_record(s->yard, job);
}

static void a_job_runs_and_is_done(void **state)
{
    (void)state;
    struct scene s;
    const struct answer now[] = {{0, 1, {{0, ALL, 0, GW_TIER_RESERVED, 2, 1}}, 0, 0}};
    prepare(&s, 1, now, 1);
    run_until(&s, 4 * H);
    const struct gw_yard_meter half = gw_yard_read(s.yard, 0, 4 * H);
    assert_near(half.work_j, 200.0 * 4 * 3600, 1e-12, 0);
    assert_int_equal(gw_yard_used(s.yard, 0, GW_TIER_RESERVED), 2);
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 0)->start_us, 0);
    assert_int_equal(record(&s, 0)->end_us, 10 * H);
    assert_near(record(&s, 0)->energy_j, 200.0 * 36000, 1e-12, 0);
    const struct gw_yard_meter rest = gw_yard_read(s.yard, 0, 100 * H);
    assert_near(rest.work_j, 200.0 * 6 * 3600, 1e-12, 0);
    assert_near(rest.held_s[GW_TIER_RESERVED], 2 * 6 * 3600, 1e-12, 0);
    assert_near(rest.usd, 0, 0, 0); /* reserved: paid for anyway */
    assert_int_equal(gw_yard_done(s.yard), 1);
    assert_int_equal(gw_yard_next(s.yard), GW_NEVER_US);
    assert_int_equal(s.script.why[0][1], GW_LOOK_DONE);
    gw_yard_destroy(s.yard);
}

/* 3 h, a pause of 2 h, the rest: the checkpoint takes 0.5 h after the first segment, resuming 0.25 h. */
static void a_pause_costs_a_checkpoint_and_a_resumption(void **state)
{
    (void)state;
    struct scene s;
    const struct answer two[] = {
        {0, 2, {{0, 3 * H, 0, GW_TIER_ON_DEMAND, 2, 1}, {5 * H, ALL, 0, GW_TIER_ON_DEMAND, 2, 1}}, 0, 0}};
    prepare(&s, 1, two, 1);
    s.kind[0].start_us = H;
    s.kind[0].resume_us = H / 4;
    s.kind[0].checkpoint_us = H / 2;
    run_until(&s, 100 * H);
    /* work 1..3, saved 3..3.5, resumed 5..5.25, 8 h more */
    assert_int_equal(record(&s, 0)->end_us, 13 * H + H / 4);
    assert_int_equal(record(&s, 0)->waited_us, 3 * H / 2);
    assert_int_equal(record(&s, 0)->stops, 1);
    const struct gw_yard_meter m = gw_yard_read(s.yard, 0, 100 * H);
    assert_near(m.work_j, 200.0 * 36000, 1e-12, 0);
    assert_near(m.held_j, 20.0 * 3600 * 1.75, 1e-12, 0);
    assert_near(m.usd, 2 * 2.0 * (10 + 1.75), 1e-12, 0);
    assert_near(record(&s, 0)->usd, m.usd, 1e-12, 0);
    gw_yard_destroy(s.yard);
}

/* Twice the speed of width 2 at width 8 (exponent 0.5); half of it at a quarter of the power. */
static void width_and_power_change_the_speed(void **state)
{
    (void)state;
    struct scene s;
    const struct answer wide[] = {
        {0, 2, {{0, 2 * H, 0, GW_TIER_ON_DEMAND, 8, 1}, {2 * H, ALL, 0, GW_TIER_ON_DEMAND, 8, 0.25}}, 0, 0}};
    prepare(&s, 1, wide, 1);
    run_until(&s, 100 * H);
    /* 4 h of work in 2 h, then 6 h at speed 1; the change of power costs nothing */
    assert_int_equal(record(&s, 0)->end_us, 8 * H);
    assert_int_equal(record(&s, 0)->stops, 0);
    assert_near(gw_yard_read(s.yard, 0, 100 * H).work_j, (800.0 * 2 + 200.0 * 6) * 3600, 1e-12, 0);
    gw_yard_destroy(s.yard);
}

static void another_width_costs_reshaping(void **state)
{
    (void)state;
    struct scene s;
    const struct answer grow[] = {
        {0, 2, {{0, 2 * H, 0, GW_TIER_ON_DEMAND, 2, 1}, {2 * H, ALL, 0, GW_TIER_ON_DEMAND, 8, 1}}, 0, 0}};
    prepare(&s, 1, grow, 1);
    s.kind[0].reshape_us = H / 2;
    s.kind[0].resume_us = H / 4;
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 0)->end_us, 2 * H + 3 * H / 4 + 4 * H);
    gw_yard_destroy(s.yard);
}

/* Four reserved: jobs of two at 0, 1 and 2 h; the third waits in line until the first is done. */
static void who_is_denied_waits_in_line(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment now = {0, ALL, 0, GW_TIER_RESERVED, 2, 1};
    const struct answer all[] = {{0, 1, {now}, 0, 0}, {1, 1, {now}, 0, 0}, {2, 1, {now}, 0, 0}};
    prepare(&s, 3, all, 3);
    run_until(&s, 5 * H);
    assert_int_equal(s.script.why[2][0], GW_LOOK_ARRIVED);
    assert_int_equal(s.script.why[2][1], GW_LOOK_DENIED);
    assert_int_equal(s.script.looks[2], 2);
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 2)->start_us, 10 * H);
    assert_int_equal(record(&s, 2)->waited_us, 8 * H);
    gw_yard_destroy(s.yard);
}

/* The second job wants all four and waits; the third would fit, and passes only where it may. */
static void a_line_is_first_come_first_served_unless_backfilled(void **state)
{
    (void)state;
    for (int backfill = 0; backfill < 2; backfill++) {
        struct scene s;
        const struct answer all[] = {{0, 1, {{0, ALL, 0, GW_TIER_RESERVED, 2, 1}}, 0, 0},
                                     {1, 1, {{0, ALL, 0, GW_TIER_RESERVED, 4, 1}}, 0, 0},
                                     {2, 1, {{0, ALL, 0, GW_TIER_RESERVED, 2, 1}}, 0, 0}};
        prepare(&s, 3, all, 3);
        s.kind[0].scaling.exponent = 0; /* as fast at any width */
        s.cfg.backfill = backfill;
        run_until(&s, 3 * H);
        assert_near(s.script.asked, backfill ? 2 : 0, 0, 0);
        run_until(&s, 100 * H);
        assert_int_equal(record(&s, 1)->start_us, backfill ? 12 * H : 10 * H);
        assert_int_equal(record(&s, 2)->start_us, backfill ? 2 * H : 20 * H);
        gw_yard_destroy(s.yard);
    }
}

/* Four reserved and three jobs of four: the last to come is of the queue that goes first. */
static void higher_priority_is_served_first(void **state)
{
    (void)state;
    for (int high = 0; high < 2; high++) {
        struct scene s;
        const struct gw_segment now = {0, ALL, 0, GW_TIER_RESERVED, 4, 1};
        const struct answer all[] = {{0, 1, {now}, 0, 0}, {1, 1, {now}, 0, 0}, {2, 1, {now}, 0, 0}};
        prepare(&s, 3, all, 3);
        s.kind[0].scaling.exponent = 0;
        s.job[2].queue = 1;
        s.queue[1].priority = high;
        run_until(&s, 100 * H);
        assert_int_equal(record(&s, 1)->start_us, high ? 20 * H : 10 * H);
        assert_int_equal(record(&s, 2)->start_us, high ? 10 * H : 20 * H);
        gw_yard_destroy(s.yard);
    }
}

/* The same of those who wait for a tier: told in order of priority. */
static void higher_priority_is_told_first(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment now = {0, ALL, 0, GW_TIER_RESERVED, 4, 1};
    const struct answer all[] = {{0, 1, {now}, 0, 0},
                                 {1, 0, {{0}}, 0, GW_TIER_RESERVED + 1},
                                 {1, 1, {now}, 0, 0},
                                 {2, 0, {{0}}, 0, GW_TIER_RESERVED + 1},
                                 {2, 1, {now}, 0, 0}};
    prepare(&s, 3, all, 5);
    s.kind[0].scaling.exponent = 0;
    s.job[2].queue = 1;
    s.queue[1].priority = 5;
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 2)->start_us, 10 * H);
    assert_int_equal(record(&s, 1)->start_us, 20 * H);
    gw_yard_destroy(s.yard);
}

/* Queue 0 has a quota of two: its second job waits though there is room, and keeps nobody else waiting. It
 * starts when the first one ends, at another site. */
static void a_quota_holds_everywhere(void **state)
{
    (void)state;
    struct scene s;
    const struct answer all[] = {{0, 1, {{0, ALL, 0, GW_TIER_RESERVED, 2, 1}}, 0, 0},
                                 {1, 1, {{0, ALL, 1, GW_TIER_ON_DEMAND, 2, 1}}, 0, 0},
                                 {2, 1, {{0, ALL, 1, GW_TIER_ON_DEMAND, 4, 1}}, 0, 0}};
    prepare(&s, 3, all, 3);
    s.kind[0].scaling.exponent = 0;
    s.queue[0].quota = 2;
    s.job[2].queue = 1;
    s.job[2].work_us = 3 * H;
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 2)->start_us, 2 * H);
    assert_int_equal(record(&s, 1)->start_us, 10 * H);
    gw_yard_destroy(s.yard);
}

static void a_segment_beyond_the_quota_breaks_the_contract(void **state)
{
    (void)state;
    struct scene s;
    const struct answer wide[] = {{0, 1, {{0, ALL, 0, GW_TIER_RESERVED, 3, 1}}, 0, 0}};
    prepare(&s, 1, wide, 1);
    s.queue[0].quota = 2;
    struct gw_error err = {0};
    s.yard = gw_yard_create(&s.cfg);
    assert_int_equal(gw_yard_advance(s.yard, H, &err), GW_ERR_POLICY);
    assert_non_null(strstr(err.why, "is wider than the quota"));
    gw_yard_destroy(s.yard);
}

/* Two of four are taken back at 5 h, when jobs of two have worked for 5 h and 4 h: of equals from who got
 * them last, otherwise from the lower priority. Writing takes half an hour; an hour of grace is enough, a
 * quarter is not and loses the work. */
static void who_has_a_grace_saves_what_he_did(void **state)
{
    (void)state;
    for (int c = 0; c < 3; c++) {
        struct scene s;
        const struct gw_segment now = {0, ALL, 0, GW_TIER_RESERVED, 2, 1};
        const struct answer all[] = {{0, 1, {now}, 0, 0}, {1, 1, {now}, 0, 0}};
        prepare(&s, 2, all, 2);
        s.kind[0].checkpoint_us = H / 2;
        s.site[0].grace_us = c == 1 ? H / 4 : H;
        s.job[1].queue = 1;
        s.queue[1].priority = c == 2 ? 1 : 0;
        run_until(&s, 5 * H);
        struct gw_error err = {0};
        assert_int_equal(gw_yard_resize(s.yard, 0, GW_TIER_RESERVED, 2, &err), GW_OK);
        gw_yard_verify(s.yard);
        assert_int_equal(gw_yard_used(s.yard, 0, GW_TIER_RESERVED), c == 1 ? 2 : 4);
        run_until(&s, 5 * H + H / 2 + 1);
        assert_int_equal(gw_yard_used(s.yard, 0, GW_TIER_RESERVED), 2);
        const uint32_t gone = c == 2 ? 0 : 1;
        assert_int_equal(s.script.why[gone][1], GW_LOOK_OUTAGE);
        const gw_time_us done_us = gone == 0 ? 5 * H : c == 1 ? 0 : 4 * H;
        assert_int_equal(s.script.last[gone].left_us, 10 * H - done_us);
        assert_near(record(&s, gone)->lost_j, c == 1 ? 200.0 * 4 * 3600 : 0, 1e-12, 0);
        run_until(&s, 100 * H);
        assert_int_equal(gw_yard_done(s.yard), 2);
        /* those that are given back count no more while they save */
        const struct gw_yard_meter m = gw_yard_read(s.yard, 0, 100 * H);
        assert_near(m.nodes_s, 3600.0 * 2 * (c == 1 ? 10 + 4 + 10 : 10 + 10), 1e-9, 0);
        gw_yard_destroy(s.yard);
    }
}

/* Three of five are rented: the site's own two are taken first. */
static void nodes_of_the_site_are_taken_before_rented_ones(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment now = {0, ALL, 0, GW_TIER_RESERVED, 3, 1};
    const struct answer all[] = {{0, 1, {now}, 0, 0}};
    prepare(&s, 1, all, 1);
    s.kind[0].scaling.exponent = 0;
    s.site[0].total[GW_TIER_RESERVED] = 5;
    s.site[0].rented = 3;
    run_until(&s, 100 * H);
    const struct gw_yard_meter m = gw_yard_read(s.yard, 0, 100 * H);
    assert_near(m.nodes_s, 2 * 36000.0, 1e-12, 0);
    assert_near(m.held_s[GW_TIER_RESERVED], 3 * 36000.0, 1e-12, 0);
    gw_yard_destroy(s.yard);
}

static void any_takes_reserved_first(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment any = {0, ALL, 0, GW_TIER_ANY, 3, 1};
    const struct answer all[] = {{0, 1, {any}, 0, 0}, {1, 1, {any}, 0, 0}};
    prepare(&s, 2, all, 2);
    run_until(&s, 2 * H);
    assert_int_equal(gw_yard_used(s.yard, 0, GW_TIER_RESERVED), 3);
    assert_int_equal(gw_yard_used(s.yard, 0, GW_TIER_ON_DEMAND), 3);
    assert_int_equal(s.script.last[1].why, GW_LOOK_ARRIVED);
    gw_yard_destroy(s.yard);
}

/* The second job waits for reserved ones, at most 20 h; the first sets two of them free at 10 h. */
static void who_waits_for_a_tier_is_told_when_it_is_free(void **state)
{
    (void)state;
    struct scene s;
    const struct answer all[] = {{0, 1, {{0, ALL, 0, GW_TIER_RESERVED, 4, 1}}, 0, 0},
                                 {1, 0, {{0}}, 20 * H, GW_TIER_RESERVED + 1},
                                 {1, 1, {{0, ALL, 0, GW_TIER_RESERVED, 2, 1}}, 0, 0}};
    prepare(&s, 2, all, 3);
    s.kind[0].scaling.exponent = 0;
    run_until(&s, 100 * H);
    assert_int_equal(s.script.why[1][1], GW_LOOK_FREED);
    assert_int_equal(record(&s, 1)->start_us, 10 * H);
    gw_yard_destroy(s.yard);
}

static void a_policy_may_look_again_while_a_job_works(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment now = {0, ALL, 0, GW_TIER_ON_DEMAND, 2, 1};
    const struct answer all[] = {{0, 1, {now}, 3 * H, 0}, {0, 1, {now}, 0, 0}};
    prepare(&s, 1, all, 2);
    s.kind[0].checkpoint_us = H;
    run_until(&s, 100 * H);
    assert_int_equal(s.script.why[0][1], GW_LOOK_AGAIN);
    assert_int_equal(record(&s, 0)->end_us, 10 * H); /* it went on as before: nothing was paid */
    assert_int_equal(record(&s, 0)->stops, 0);
    gw_yard_destroy(s.yard);
}

/* What the view said at the second look, at 3 h: 7 h are left. */
static void the_view_shows_the_work_that_is_left(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment now = {0, ALL, 0, GW_TIER_ON_DEMAND, 2, 1};
    const struct answer all[] = {{0, 1, {now}, 3 * H, 0}};
    prepare(&s, 1, all, 1);
    run_until(&s, 4 * H);
    assert_int_equal(s.script.last[0].left_us, 7 * H);
    assert_int_equal(s.script.last[0].length_us, 10 * H);
    assert_int_equal(s.script.last[0].held, 2);
    assert_int_equal(s.script.last[0].site, 0);
    assert_int_equal(s.script.last[0].waited_us, 0);
    assert_int_equal(s.script.last[0].wait_us, 24 * H);
    gw_yard_destroy(s.yard);
}

/* 20 GB at 0.01 GB/s: 2000 s on the way; nothing is held meanwhile. */
static void a_job_takes_its_checkpoint_along(void **state)
{
    (void)state;
    struct scene s;
    const struct answer move[] = {
        {0, 2, {{0, 4 * H, 0, GW_TIER_ON_DEMAND, 2, 1}, {4 * H, ALL, 1, GW_TIER_ON_DEMAND, 2, 1}}, 0, 0}};
    prepare(&s, 1, move, 1);
    static const double gb_per_s[] = {0, 0.01, 0.01, 0};
    s.cfg.gb_per_s = gb_per_s;
    s.kind[0].checkpoint_gb = 20;
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 0)->end_us, 10 * H + 2000 * GW_US_PER_S);
    assert_int_equal(record(&s, 0)->moves, 1);
    assert_int_equal(record(&s, 0)->site, 1);
    assert_near(gw_yard_read(s.yard, 0, 100 * H).work_j, 200.0 * 4 * 3600, 1e-12, 0);
    assert_near(gw_yard_read(s.yard, 1, 100 * H).work_j, 200.0 * 6 * 3600, 1e-12, 0);
    gw_yard_destroy(s.yard);
}

/* Spot accelerators taken away about every 2 h, checkpoints each hour of work: the work is done all the same,
 * what was lost is told apart, and energy is what was worked. */
static void evictions_lose_what_was_not_saved(void **state)
{
    (void)state;
    struct scene s;
    const struct answer spot[] = {{0, 1, {{0, ALL, 0, GW_TIER_SPOT, 2, 1}}, 0, 0}};
    prepare(&s, 1, spot, 1);
    s.site[0].evictions_per_h = 0.5;
    s.kind[0].interval_us = H;
    run_until(&s, 1000 * H);
    const struct gw_job_record *r = record(&s, 0);
    assert_true(r->evictions > 0 && r->lost_j > 0);
    assert_near(r->energy_j - r->lost_j, 200.0 * 36000, 1e-9, 0);
    assert_near((double)r->end_us, (double)(10 * H) + r->lost_j / 200.0 * 1e6, 1e-9, 0);
    const struct gw_yard_meter m = gw_yard_read(s.yard, 0, 1000 * H);
    assert_near(m.lost_j, r->lost_j, 1e-12, 0);
    assert_near(m.work_j, r->energy_j, 1e-12, 0);
    assert_int_equal(s.script.why[0][1], GW_LOOK_EVICTED);
    gw_yard_destroy(s.yard);
}

/* The site is out from 4 h to 6 h; without a checkpoint on the way the job begins anew. */
static void an_outage_takes_everything(void **state)
{
    (void)state;
    struct scene s;
    const struct answer now[] = {{0, 1, {{0, ALL, 0, GW_TIER_RESERVED, 2, 1}}, 0, 0}};
    prepare(&s, 1, now, 1);
    struct gw_error err = {0};
    run_until(&s, 4 * H);
    assert_int_equal(gw_yard_outage(s.yard, 0, true, &err), GW_OK);
    assert_int_equal(s.script.why[0][1], GW_LOOK_OUTAGE);
    run_until(&s, 6 * H);
    assert_int_equal(gw_yard_outage(s.yard, 0, false, &err), GW_OK);
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 0)->end_us, 16 * H);
    assert_near(record(&s, 0)->lost_j, 200.0 * 4 * 3600, 1e-12, 0);
    gw_yard_destroy(s.yard);
}

/* Serving takes three of four back at 5 h, and gives them again at 7 h. */
static void fewer_accelerators_take_the_latest_ones_back(void **state)
{
    (void)state;
    struct scene s;
    const struct gw_segment now = {0, ALL, 0, GW_TIER_RESERVED, 2, 1};
    const struct answer all[] = {{0, 1, {now}, 0, 0}, {1, 1, {now}, 0, 0}};
    prepare(&s, 2, all, 2);
    struct gw_error err = {0};
    run_until(&s, 5 * H);
    assert_int_equal(gw_yard_resize(s.yard, 0, GW_TIER_RESERVED, 2, &err), GW_OK);
    gw_yard_verify(s.yard);
    assert_int_equal(gw_yard_used(s.yard, 0, GW_TIER_RESERVED), 2);
    run_until(&s, 7 * H);
    assert_int_equal(gw_yard_resize(s.yard, 0, GW_TIER_RESERVED, 4, &err), GW_OK);
    run_until(&s, 100 * H);
    assert_int_equal(record(&s, 0)->end_us, 10 * H);
    assert_int_equal(record(&s, 1)->end_us, 17 * H);
    gw_yard_destroy(s.yard);
}

static void records_have_the_carbon_of_the_hours(void **state)
{
    (void)state;
    struct scene s;
    struct gw_arena arena = {0};
    struct gw_signal_integral carbon;
    assert_true(gw_signal_integral_init(&carbon, GW_READING_STEP, 0, H, 12, &arena));
    for (uint32_t i = 0; i < 12; i++) {
        carbon.value[i] = 100.0 * (i + 1);
    }
    gw_signal_integral_seal(&carbon);
    const struct answer two[] = {
        {0, 2, {{0, 2 * H, 0, GW_TIER_SPOT, 2, 1}, {4 * H, ALL, 0, GW_TIER_SPOT, 2, 1}}, 0, 0}};
    prepare(&s, 1, two, 1);
    s.job[0].work_us = 3 * H;
    s.site[0].carbon = &carbon;
    run_until(&s, 100 * H);
    assert_near(record(&s, 0)->carbon_g, 0.2 * (100 + 200 + 500), 1e-12, 0);
    assert_near(record(&s, 0)->usd, 2 * 0.5 * 3, 1e-12, 0);
    gw_arena_fini(&arena);
    gw_yard_destroy(s.yard);
}

static void broken_contracts_are_named(void **state)
{
    (void)state;
    static const struct {
        struct answer answer;
        const char *why;
    } cases[] = {
        {{0, 1, {{-1, ALL, 0, 0, 2, 1}}, 0, 0}, "segment 0 begins in the past"},
        {{0, 1, {{H, H, 0, 0, 2, 1}}, 0, 0}, "segment 0 ends before it begins"},
        {{0, 2, {{0, 2 * H, 0, 0, 2, 1}, {H, ALL, 0, 0, 2, 1}}, 0, 0}, "segment 1 begins before"},
        {{0, 1, {{0, ALL, 7, 0, 2, 1}}, 0, 0}, "segment 0 is at a site where the job may not run"},
        {{0, 1, {{0, ALL, 0, 9, 2, 1}}, 0, 0}, "segment 0 has a tier that does not exist"},
        {{0, 1, {{0, ALL, 0, 0, 9, 1}}, 0, 0}, "segment 0 has a width outside the job's limits"},
        {{0, 1, {{0, ALL, 0, 0, 2, 0}}, 0, 0}, "segment 0 has a power"},
        {{0, 0, {{0}}, 0, 0}, "it has no segment"},
        {{0, 0, {{0}}, 0, 9}, "it waits for a tier that does not exist"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene s;
        prepare(&s, 1, &cases[i].answer, 1);
        s.yard = gw_yard_create(&s.cfg);
        assert_non_null(s.yard);
        struct gw_error err = {0};
        assert_int_equal(gw_yard_advance(s.yard, H, &err), GW_ERR_POLICY);
        assert_string_equal(err.where, "mine");
        if (strstr(err.why, cases[i].why) == NULL || strstr(err.why, "schedule of job 0") == NULL) {
            fail_msg("case %zu: %s", i, err.why);
        }
        gw_yard_destroy(s.yard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_runs_and_is_done),
        cmocka_unit_test(a_pause_costs_a_checkpoint_and_a_resumption),
        cmocka_unit_test(width_and_power_change_the_speed),
        cmocka_unit_test(another_width_costs_reshaping),
        cmocka_unit_test(who_is_denied_waits_in_line),
        cmocka_unit_test(a_line_is_first_come_first_served_unless_backfilled),
        cmocka_unit_test(higher_priority_is_served_first),
        cmocka_unit_test(higher_priority_is_told_first),
        cmocka_unit_test(a_quota_holds_everywhere),
        cmocka_unit_test(a_segment_beyond_the_quota_breaks_the_contract),
        cmocka_unit_test(who_has_a_grace_saves_what_he_did),
        cmocka_unit_test(nodes_of_the_site_are_taken_before_rented_ones),
        cmocka_unit_test(any_takes_reserved_first),
        cmocka_unit_test(who_waits_for_a_tier_is_told_when_it_is_free),
        cmocka_unit_test(a_policy_may_look_again_while_a_job_works),
        cmocka_unit_test(the_view_shows_the_work_that_is_left),
        cmocka_unit_test(a_job_takes_its_checkpoint_along),
        cmocka_unit_test(evictions_lose_what_was_not_saved),
        cmocka_unit_test(an_outage_takes_everything),
        cmocka_unit_test(fewer_accelerators_take_the_latest_ones_back),
        cmocka_unit_test(records_have_the_carbon_of_the_hours),
        cmocka_unit_test(broken_contracts_are_named),
    };
    return cmocka_run_group_tests_name("yard", tests, NULL, NULL);
}
