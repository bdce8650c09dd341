#include <stdio.h>

#include "models/grid/grid_columns.h"
#include "models/grid/natural.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"
#include "sim/core/clock.h"

enum { SETS = 4, DAY_HOURS = 24, YEAR_HOURS = 366 * DAY_HOURS };

/* What is asked for: one hour of a made year. */
struct asked {
    const struct gw_zone *zone;
    const struct gw_water_set *set[SETS];
    gw_time_us unix_us, start_unix_us; /* the instant, and 1 January before it */
    uint64_t seed;
    uint32_t replication;
};

static bool read_asked(struct gw_question *q, struct asked *asked)
{
    static const char *const sets[SETS] = {"macknick", "macknick-reservoirs", "gridemissions",
                                           "less-thirsty"};
    struct gw_error err;
    double seed, replication;
    asked->zone = gw_probe_command_entry(q, "grid", gw_probe_command_given(q, "--region", "DE"));
    if (asked->zone == NULL || !gw_probe_command_number(q, "--seed", "1", "1", 0, 9e15, &seed) ||
        !gw_probe_command_number(q, "--replication", "1", "0", 0, 1e6, &replication)) {
        return false;
    }
    if (gw_clock_parse(gw_probe_command_given(q, "--at", "2023-01-15T12:00:00Z"), &asked->unix_us, &err) !=
        GW_OK) {
        fprintf(stderr, "geowatt probe grid: --at: %s\n", err.why);
        return false;
    }
    for (int i = 0; i < SETS; i++) {
        asked->set[i] = gw_probe_command_entry(q, "water-set", sets[i]);
        if (asked->set[i] == NULL) {
            return false;
        }
    }
    asked->seed = (uint64_t)seed;
    asked->replication = (uint32_t)replication;
    const gw_time_us hour_us = asked->unix_us - (asked->unix_us % GW_US_PER_H + GW_US_PER_H) % GW_US_PER_H;
    const struct gw_calendar c = gw_clock_calendar(hour_us);
    asked->start_unix_us = hour_us - (c.day_of_year * DAY_HOURS + c.hour) * GW_US_PER_H;
    return true;
}

static void line(const struct gw_question *q, const char *name, double value)
{
    printf(q->csv ? "%s,%.9g\n" : "  %-48s %12.6g\n", name, value);
}

/* The intermediates of docs/models/grid.md, then the columns of the year. */
static int answer(struct gw_question *q)
{
    struct asked asked;
    if (!read_asked(q, &asked)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const size_t i = (size_t)((asked.unix_us - asked.start_unix_us) / GW_US_PER_H);
    const struct gw_natural_span span = gw_natural_span(asked.zone, asked.start_unix_us / GW_US_PER_H,
                                                        YEAR_HOURS, asked.seed, asked.replication, &q->arena);
    struct gw_natural natural;
    struct gw_grid_year year;
    struct gw_grid_column column[GW_GRID_COLUMNS_MAX];
    struct gw_error err;
    enum gw_status s = gw_natural_make(&span, &natural, &err);
    s = s == GW_OK ? gw_grid_year_make(asked.zone, asked.set[0], asked.start_unix_us, YEAR_HOURS, asked.seed,
                                       asked.replication, &year, &q->arena, &err)
                   : s;
    const size_t n = s == GW_OK ? gw_grid_columns_of(&year, asked.set, SETS, column, &q->arena) : 0;
    if (n == 0) {
        fprintf(stderr, "geowatt probe grid: %s\n", s == GW_OK ? "out of memory" : err.why);
        return gw_status_exit(s == GW_OK ? GW_ERR_NOMEM : s);
    }
    if (q->csv) {
        printf("what,value\n");
    } else {
        char when[GW_CLOCK_TEXT_MAX];
        gw_clock_print(asked.start_unix_us + (gw_time_us)i * GW_US_PER_H, when);
        printf("%s, the hour from %s, seed %llu, replication %u\n\n", asked.zone->name, when,
               (unsigned long long)asked.seed, (unsigned)asked.replication);
    }
    line(q, "local_hour", natural.hour_of_day[i]);
    line(q, "heat_sd", natural.heat[i]);
    line(q, "wind_per_mean", natural.wind[i]);
    line(q, "solar_per_mean", natural.solar[i]);
    line(q, "inflow_per_mean", natural.inflow[i]);
    line(q, "nuclear_per_mean", natural.nuclear[i]);
    for (size_t k = 0; k < n; k++) {
        line(q, column[k].name, column[k].series.value[i]);
    }
    return 0;
}

static int main_grid(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, answer);
}

static const struct gw_option options[] = {
    {"--region", NULL, "NAME", "The grid (default DE)"},
    {"--at", NULL, "TIME", "An instant in UTC (default 2023-01-15T12:00:00Z)"},
    {"--seed", NULL, "N", "The scenario's seed (default 1)"},
    {"--replication", NULL, "N", "Which of the made years (default 0)"},
    {0},
};

const struct gw_subject gw_probe_grid = {
    .name = "grid",
    .summary = "A made grid at an hour: weather, plants, carbon, price, water by four conventions",
    .example = "geowatt probe grid --region GB --at 2023-07-01T11:00:00Z",
    .options = options,
    .main = main_grid,
};
