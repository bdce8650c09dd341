/* Bytes per second of other people's grid data, read, laid on its grid and checked: ten years of hours. */
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"
#include "traces/trace.h"

void gw_bench_trace(struct gw_bench *b);

#define START_US (INT64_C(1577836800) * GW_US_PER_S) /* 2020-01-01T00:00:00Z */

enum { HOURS = 87600, TIME_BYTES = 19 };

struct sample {
    const char *name, *header, *row; /* the row takes a time and three numbers */
    bool blank;                      /* between date and time */
    const char *clock;
};

static void fill(const struct sample *sample, struct gw_text *out)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/trace"));
    gw_text_add(out, sample->header);
    for (int64_t i = 0; i < HOURS; i++) {
        char time[GW_CLOCK_TEXT_MAX];
        gw_clock_print(START_US + i * GW_US_PER_H, time);
        time[TIME_BYTES] = '\0';
        time[10] = sample->blank ? ' ' : 'T';
        const double direct = 300 + 100 * gw_rng_unit(gw_rng_next(&rng)), life = direct + 40,
                     share = 100 * gw_rng_unit(gw_rng_next(&rng));
        gw_text_addf(out, sample->row, time, direct, life, share);
    }
    GW_REQUIRE(!out->failed);
}

struct job {
    struct gw_text text;
    struct gw_trace_options options;
};

static double read_all(void *context)
{
    const struct job *job = context;
    struct gw_trace trace;
    struct gw_arena arena = {0};
    GW_REQUIRE(gw_trace_read(job->text.at, job->text.n, "bench.csv", &job->options, &trace, &arena, NULL) ==
               GW_OK);
    GW_REQUIRE(trace.n == HOURS);
    gw_bench_keep(trace.column[0].value[HOURS - 1]);
    gw_arena_fini(&arena);
    return (double)job->text.n;
}

void gw_bench_trace(struct gw_bench *b)
{
    static const struct sample samples[] = {
        {"grid trace, electricity-maps",
         "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO2eq/kWh (direct),Carbon Intensity "
         "gCO2eq/kWh (LCA),Low Carbon Percentage,Renewable Percentage,Data Source,Data Estimated,Data "
         "Estimation Method\n",
         "%s,Nowhere,Central Nowhere,NO-WH,%.2f,%.2f,%.2f,60.12,example.org; example.net,false,\n", true,
         NULL},
        {"grid trace, sustaindc", "timestamp,WND,SUN,WAT,OIL,NG,COL,NUC,OTH,avg_CI\n",
         "%s+00:00,3130.0,1367.0,%.1f,44.0,%.1f,19.0,2265.0,189.0,%.14f\n", true, NULL},
        {"grid trace, pjm-lmp",
         "datetime_beginning_utc,pnode_id,pnode_name,voltage,equipment,type,zone,system_energy_price_da,"
         "total_lmp_da,congestion_price_da,row_is_current,version_nbr\n",
         "%s,51288,WESTERN HUB,,,HUB,,%.6f,%.6f,%.6f,True,1\n", true, NULL},
        {"grid trace, generic", "time,carbon (g/kWh),price (USD/MWh),load (MW)\n", "%s,%.2f,%.2f,%.2f\n",
         false, "UTC"},
        {"grid trace, local clock", "time,carbon (g/kWh),price (USD/MWh),load (MW)\n", "%s,%.2f,%.2f,%.2f\n",
         false, "-05:00"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (!gw_bench_wanted(b, samples[i].name)) {
            continue;
        }
        struct job job = {.options.clock = samples[i].clock};
        fill(&samples[i], &job.text);
        gw_bench_run(b, samples[i].name, "B/s", 200e6, read_all, &job);
        gw_text_fini(&job.text);
    }
}
