/* tests/bench/bench.h - how fast geowatt is, as rows of a CSV, each beside what is asked of it.
 *
 * A benchmark file bench_NAME.c exports one function, found by its name (no list to edit):
 *
 *   static double hold(void *context) { ... do n events ...; return n; }
 *
 *   void gw_bench_event(struct gw_bench *b)
 *   {
 *       struct hold h = ...;                                          outside the clock
 *       gw_bench_run(b, "event queue, hold 1e3", "events/s", 15e6, hold, &h);
 *   }
 *
 * The work function is called `repeats` times; the best of them counts, because a shared machine only ever
 * makes a run slower. `ratio` is value / budget: at least 1 meets the budget; a budget of 0 means that there
 * is none, and the row is there for comparison.
 *
 *   name,value,unit,budget,ratio,repeats,peak_rss_kb
 *
 * peak_rss_kb is the largest memory of the process so far, so it never falls from row to row. */
#ifndef GW_TESTS_BENCH_BENCH_H
#define GW_TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdio.h>

struct gw_bench {
    FILE *out;          /* rows of CSV */
    const char *filter; /* only rows whose name contains this; NULL: all */
    unsigned repeats;   /* of each, at least 1 */
    unsigned missed;    /* rows below their budget so far */
    unsigned rows;      /* written so far */
};

/* Calls work(context), which returns the amount of work it did, and writes a row: work per second of this
 * thread's processor time. Returns the rate, 0 when the filter left it out. */
double gw_bench_run(struct gw_bench *b, const char *name, const char *unit, double budget,
                    double (*work)(void *context), void *context);

/* The same per second of wall time, for work that several threads share. */
double gw_bench_run_threads(struct gw_bench *b, const char *name, const char *unit, double budget,
                            double (*work)(void *context), void *context);

/* A row for a value that was computed, for example a ratio of two rates. Rates of 0 come from rows the filter
 * left out; a value that is not finite or 0 is left out as well. */
void gw_bench_value(struct gw_bench *b, const char *name, const char *unit, double budget, double value);

/* True when the filter wants this row: to spare a costly preparation. */
bool gw_bench_wanted(const struct gw_bench *b, const char *name);

/* Keeps a result from being optimised away. */
void gw_bench_keep(double result);

/* The header line, then every benchmark file in the order of its name. */
void gw_bench_all(struct gw_bench *b);

#endif
