/* 100 000 training jobs over a year of hours at one site, under each policy: at most 2 s. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/training/yard.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"

void gw_bench_job_policies(struct gw_bench *b);

enum { JOBS = 100000, HOURS = 8760, CFG_BYTES = 256 };

struct year {
    struct gw_arena arena;
    struct gw_signal_integral ci;
    struct gw_job *job;
    struct gw_job_queue queue[2];
    struct gw_job_kind kind;
    const struct gw_policy_ops *ops;
};

static const struct gw_signal_integral *truth(void *of, uint32_t signal, uint32_t site, gw_time_us now_us)
{
    (void)signal;
    (void)site;
    (void)now_us;
    return &((struct year *)of)->ci;
}

/* Lengths as in GAIA's jobs: a median below an hour and a long tail; up to four times as wide. */
static void build(struct year *y)
{
    struct gw_rng r;
    gw_rng_init(&r, gw_rng_seed(1, 0, "bench/jobs"));
    *y = (struct year){.kind = {.scaling.exponent = 0.9,
                                .capping.exponent = 0.5,
                                .watts = 500,
                                .held_watts = 100,
                                .interval_us = GW_NEVER_US}};
    y->job = gw_arena_alloc(&y->arena, JOBS * sizeof *y->job);
    GW_REQUIRE(y->job != NULL &&
               gw_signal_integral_init(&y->ci, GW_READING_STEP, 0, GW_US_PER_H, HOURS, &y->arena));
    for (int h = 0; h < HOURS; h++) {
        y->ci.value[h] = 300 + 100 * sin(6.283185307 * h / 24) + 50 * gw_rng_unit(gw_rng_next(&r));
    }
    gw_signal_integral_seal(&y->ci);
    for (uint32_t i = 0; i < JOBS; i++) {
        const double length_h = fmin(0.84 * exp(1.48 * gw_rng_normal(&r)), 200.0);
        const uint32_t width = 1 + (uint32_t)(gw_rng_next(&r) % 4);
        y->job[i] = (struct gw_job){.number = i,
                                    .submit_us = (gw_time_us)i * HOURS * (GW_US_PER_H / JOBS),
                                    .work_us = 1 + (gw_time_us)(length_h * (double)GW_US_PER_H),
                                    .deadline_us = GW_NEVER_US,
                                    .width = width,
                                    .min_width = width,
                                    .max_width = 4 * width};
    }
    y->queue[0] =
        (struct gw_job_queue){.name = "short", .longest_us = 2 * GW_US_PER_H, .wait_us = 6 * GW_US_PER_H};
    y->queue[1] =
        (struct gw_job_queue){.name = "long", .longest_us = GW_NEVER_US, .wait_us = 24 * GW_US_PER_H};
    gw_job_assign(y->job, JOBS, y->queue, 2);
}

static void defaults(const struct gw_policy_ops *ops, char *cfg)
{
    GW_REQUIRE(ops->cfg_size <= CFG_BYTES);
    for (const struct gw_policy_param *p = ops->params; p->key != NULL; p++) {
        const int32_t choice = (int32_t)p->def;
        if (p->kind == GW_PARAM_CHOICE) {
            memcpy(cfg + p->offset, &choice, sizeof choice);
        } else {
            memcpy(cfg + p->offset, &p->def, sizeof p->def);
        }
    }
}

static double year(void *context)
{
    struct year *y = context;
    union {
        double align;
        char bytes[CFG_BYTES];
    } cfg = {0};
    const struct gw_yard_site site = {.name = "site",
                                      .total = {40, GW_YARD_UNLIMITED, GW_YARD_UNLIMITED},
                                      .usd_per_h = {0, 1, 0.2},
                                      .carbon = &y->ci};
    struct gw_yard_cfg yard = {.job = y->job,
                               .jobs = JOBS,
                               .kind = &y->kind,
                               .queue = y->queue,
                               .site = &site,
                               .sites = 1,
                               .outlook = {truth, y},
                               .policy = y->ops,
                               .policy_name = y->ops->name};
    struct gw_policy_error bad;
    struct gw_error err;
    defaults(y->ops, cfg.bytes);
    GW_REQUIRE(y->ops->create(&yard.self, cfg.bytes, NULL, 1, &bad) == 0);
    struct gw_yard *self = gw_yard_create(&yard);
    GW_REQUIRE(self != NULL && gw_yard_advance(self, GW_NEVER_US, &err) == GW_OK);
    GW_REQUIRE(gw_yard_done(self) == JOBS);
    gw_bench_keep(gw_yard_record(self, 0)->carbon_g);
    gw_yard_destroy(self);
    if (y->ops->destroy != NULL) {
        y->ops->destroy(yard.self);
    }
    return JOBS;
}

void gw_bench_job_policies(struct gw_bench *b)
{
    struct year y = {0};
    for (const char *const *at = gw_registry_names_for(GW_SLOTS_TRAINING); *at != NULL; at++) {
        char name[64];
        snprintf(name, sizeof name, "jobs, a year, %s", *at);
        const struct gw_policy_ops *ops = gw_registry_find(*at);
        if (ops == NULL || !gw_bench_wanted(b, name)) {
            continue;
        }
        if (y.job == NULL) {
            build(&y);
        }
        y.ops = ops;
        gw_bench_run(b, name, "jobs/s", JOBS / 2.0, year, &y);
    }
    gw_arena_fini(&y.arena);
}
