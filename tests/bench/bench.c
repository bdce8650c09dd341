#include "tests/bench/bench.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* Made by CMake from the names of the files: X(event) X(rng) ... */
#include "tests/bench_list.h"

#define X(name) void gw_bench_##name(struct gw_bench *b);
GW_BENCH_LIST(X)
#undef X

static double now_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static long peak_rss_kb(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

bool gw_bench_wanted(const struct gw_bench *b, const char *name)
{
    return b->filter == NULL || strstr(name, b->filter) != NULL;
}

static void write_row(struct gw_bench *b, const char *name, const char *unit, double budget, double value,
                      unsigned repeats)
{
    b->rows++;
    fprintf(b->out, "\"%s\",%.4g,%s,", name, value, unit);
    if (budget > 0) {
        fprintf(b->out, "%.4g,%.2f,", budget, value / budget);
        b->missed += value < budget;
    } else {
        fprintf(b->out, ",,");
    }
    fprintf(b->out, "%u,%ld\n", repeats, peak_rss_kb());
    fflush(b->out);
}

static double best_rate(struct gw_bench *b, const char *name, const char *unit, double budget,
                        double (*work)(void *context), void *context, clockid_t clock)
{
    if (!gw_bench_wanted(b, name)) {
        return 0;
    }
    double best = 0;
    for (unsigned i = 0; i < b->repeats; i++) {
        const double start_s = now_s(clock);
        const double done = work(context);
        best = fmax(best, done / (now_s(clock) - start_s));
    }
    write_row(b, name, unit, budget, best, b->repeats);
    return best;
}

double gw_bench_run(struct gw_bench *b, const char *name, const char *unit, double budget,
                    double (*work)(void *context), void *context)
{
    return best_rate(b, name, unit, budget, work, context, CLOCK_THREAD_CPUTIME_ID);
}

double gw_bench_run_threads(struct gw_bench *b, const char *name, const char *unit, double budget,
                            double (*work)(void *context), void *context)
{
    return best_rate(b, name, unit, budget, work, context, CLOCK_MONOTONIC);
}

void gw_bench_value(struct gw_bench *b, const char *name, const char *unit, double budget, double value)
{
    if (gw_bench_wanted(b, name) && isfinite(value) && value != 0) {
        write_row(b, name, unit, budget, value, 1);
    }
}

void gw_bench_keep(double result)
{
    static volatile double kept;
    kept = result;
    (void)kept;
}

void gw_bench_all(struct gw_bench *b)
{
    fprintf(b->out, "name,value,unit,budget,ratio,repeats,peak_rss_kb\n");
#define X(name) gw_bench_##name(b);
    GW_BENCH_LIST(X)
#undef X
}
