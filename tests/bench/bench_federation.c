/* A month of federated learning over a hundred clients, with a decision every minute. */
#include <stdio.h>
#include <stdlib.h>

#include "models/federation/fed_arm.h"
#include "models/policies/registry.h"
#include "sim/base/arena.h"
#include "sim/base/check.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"

void gw_bench_federation(struct gw_bench *b);

enum { CLIENTS = 100, DOMAINS = 10, DAYS = 30, STEPS = DAYS * 24 * 12 };

static const gw_time_us step_us = 300 * INT64_C(1000000), minute_us = 60 * INT64_C(1000000);

struct month {
    struct gw_arena arena;
    struct gw_fed_client client[CLIENTS];
    char name[CLIENTS][8];
    const double *excess[CLIENTS], *carbon[CLIENTS];
    struct gw_federation_cfg cfg;
    struct gw_fed_series series;
    const struct gw_policy_ops *ops;
};

/* Suns over ten domains, one every 2.4 h, and clients of three sizes, as in FedZero's scenario. */
static void make_month(struct month *m)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/federation"));
    for (int d = 0; d < DOMAINS; d++) {
        double *excess = gw_arena_array(&m->arena, STEPS, sizeof *excess);
        double *carbon = gw_arena_array(&m->arena, STEPS, sizeof *carbon);
        GW_REQUIRE(excess != NULL && carbon != NULL);
        for (int s = 0; s < STEPS; s++) {
            const double hour = ((double)s / 12.0 + 2.4 * d) / 24.0;
            const double day = hour - (double)(int)hour;
            const double sun = day > 0.25 && day < 0.75 ? 16.0 * (day - 0.25) * (0.75 - day) : 0.0;
            excess[s] = 0.8 * sun * (0.5 + 0.5 * gw_rng_unit(gw_rng_next(&rng)));
            carbon[s] = 500.0 - 300.0 * sun;
        }
        for (int c = d; c < CLIENTS; c += DOMAINS) {
            m->excess[c] = excess;
            m->carbon[c] = carbon;
        }
    }
    static const double kw[] = {0.07, 0.3, 0.7}, images_per_s[] = {183, 639, 1237};
    for (uint32_t c = 0; c < CLIENTS; c++) {
        snprintf(m->name[c], sizeof m->name[c], "c%u", (unsigned)c);
        m->client[c] = (struct gw_fed_client){.name = m->name[c],
                                              .steps_per_s = images_per_s[c % 3] / 1000.0,
                                              .tok_per_step = 10.0,
                                              .train_kw = kw[c % 3],
                                              .idle_kw = 0.0,
                                              .utility = 1.0,
                                              .domain = c % DOMAINS};
    }
    m->cfg = gw_federation_default(11e6, 1e12); /* never done */
    m->cfg.local_steps = 500.0;
    m->cfg.least_steps = 100.0;
    m->cfg.straggler = GW_FED_DEADLINE;
    m->cfg.power = GW_FED_EXCESS_ONLY;
    m->cfg.blocklist.alpha = 1.0;
    m->cfg.blocklist.quantile_frac = 1.0;
    m->series =
        (struct gw_fed_series){.step_us = step_us, .n = STEPS, .excess_kw = m->excess, .carbon = m->carbon};
}

static double run_month(void *context)
{
    const struct month *m = context;
    static const struct gw_fed_links nowhere = {0};
    const double clients[] = {10.0, 0.0, 0.0};
    struct gw_fed_selector selector = {.ops = m->ops};
    if (m->ops->create != NULL) {
        GW_REQUIRE(m->ops->create(&selector.self, clients, NULL, 1, NULL) == 0);
    }
    struct gw_federation *job = gw_federation_create(&m->cfg, CLIENTS, m->client, &nowhere, &selector);
    GW_REQUIRE(job != NULL);
    GW_REQUIRE(gw_fed_series_run(job, CLIENTS, &m->series, minute_us, 12, false, NULL) == GW_OK);
    gw_bench_keep(gw_fed_arm_sum(job, CLIENTS).compute_kwh + (double)gw_federation_state(job).rounds);
    gw_federation_destroy(job);
    if (m->ops->destroy != NULL) {
        m->ops->destroy(selector.self);
    }
    return DAYS;
}

void gw_bench_federation(struct gw_bench *b)
{
    static const struct {
        const char *name;
        const struct gw_policy_ops *ops;
        double budget;
    } rows[] = {
        {"federation, 100 clients, a minute's decisions, excess-power", &gw_policy_excess_power, DAYS},
        {"federation, 100 clients, a minute's decisions, all", &gw_policy_fed_rank_all, DAYS},
        {"federation, 100 clients, a minute's decisions, lowest-ci", &gw_policy_fed_rank_lowest_ci, DAYS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (gw_bench_wanted(b, rows[i].name)) {
            struct month m = {.ops = rows[i].ops};
            make_month(&m);
            gw_bench_run(b, rows[i].name, "days/s", rows[i].budget, run_month, &m);
            gw_arena_fini(&m.arena);
        }
    }
}
