/* A year of training jobs through the whole run loop: made, decided, worked, metered, billed, scored. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/run/run.h"

void gw_bench_training_year(struct gw_bench *b);

/* The jobs that were done. */
static double work(void *context)
{
    const struct gw_scenario *sc = context;
    struct gw_run_result result = {0};
    struct gw_error err;
    double jobs = 0.0;
    if (gw_run_exec(sc, 0, 0, NULL, NULL, &result, &err) == GW_OK) {
        jobs = result.score[GW_SCORE_JOBS_DONE];
    }
    gw_arena_fini(&result.arena);
    return jobs;
}

/* 11.42 an hour are 100 000 in a year; three sites, each with room for all that come. */
static void year(struct gw_bench *b, const char *name, const char *policy)
{
    if (!gw_bench_wanted(b, name)) {
        return;
    }
    struct gw_text yaml = {0};
    gw_text_addf(
        &yaml,
        "geowatt: 1\nname: year\n"
        "time: { start: 2023-01-01T00:00:00Z, duration: 365 d, epoch: 1 h, step: 1 h, initial: cold }\n"
        "sites:\n"
        "  - { name: a, place: the-dalles, grid: US-NW-BPAT, cooling: { plant: constant, pue: 1.1 } }\n"
        "  - { name: b, place: ashburn, grid: US-MIDA-PJM, cooling: { plant: constant, pue: 1.2 } }\n"
        "  - { name: c, place: eu-central, grid: DE, cooling: { plant: constant, pue: 1.3 } }\n"
        "training:\n"
        "  streams: [ { name: pai, generate: { mix: pai, arrivals: 11.42 /h }, power: 400 W } ]\n"
        "  queues: [ { name: short, longest: 2 h, wait: 6 h }, { name: long, wait: 24 h } ]\n"
        "  capacity:\n"
        "    - { site: a, reserved: 200 }\n"
        "    - { site: b, reserved: 200 }\n"
        "    - { site: c, reserved: 200 }\n"
        "policies: [ { name: p, training: %s } ]\n",
        policy);
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    if (!yaml.failed && gw_scenario_parse(yaml.at, yaml.n, "year.yaml", NULL, &sc, &errs) == GW_OK) {
        /* 100 000 jobs in 2 s */
        gw_bench_run(b, name, "jobs/s", 5e4, work, &sc);
        gw_scenario_fini(&sc);
    } else {
        fprintf(stderr, "%s: %s\n", errs.item[0].where, errs.item[0].why);
    }
    gw_text_fini(&yaml);
}

void gw_bench_training_year(struct gw_bench *b)
{
    year(b, "run, a year of 100000 jobs at once", "run-now");
    year(b, "run, a year of 100000 jobs, lowest-window", "lowest-window");
}
