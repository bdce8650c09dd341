#include "sim/cli/trace_command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/cli/command.h"
#include "sim/cli/terminal.h"
#include "sim/cli/trace_generate.h"
#include "sim/cli/trace_requests.h"
#include "sim/run/trace_hdf5.h"
#include "traces/trace.h"

enum { SPARK_CELLS = 24, COLUMNS_SHOWN = 24 };

static const size_t bytes_max = (size_t)4 << 30;

/* --- inspect ------------------------------------------------------------------------------------ */

/* The mean of each of equal parts of the trace, from the least to the greatest of them. */
static void spark(const struct gw_trace *trace, const double *value, struct gw_text *out)
{
    static const char *const bar[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double mean[SPARK_CELLS], low = (double)INFINITY, high = -(double)INFINITY;
    const size_t cells = trace->n < SPARK_CELLS ? trace->n : SPARK_CELLS;
    for (size_t k = 0; k < cells; k++) {
        const size_t from = k * trace->n / cells, to = (k + 1) * trace->n / cells;
        double sum = 0;
        size_t n = 0;
        for (size_t i = from; i < to; i++) {
            if (!isnan(value[i])) {
                sum += value[i];
                n++;
            }
        }
        mean[k] = sum / (double)n;
        low = fmin(low, mean[k]);
        high = fmax(high, mean[k]);
    }
    for (size_t k = 0; k < cells; k++) {
        const double part = high > low ? (mean[k] - low) / (high - low) : 0.5;
        gw_text_add(out, isnan(mean[k]) ? " " : bar[(size_t)(7.999 * part)]);
    }
}

static void print_column(const struct gw_trace *trace, const struct gw_trace_column *c, struct gw_text *out)
{
    double sum = 0, low = (double)NAN, high = (double)NAN;
    size_t n = 0;
    for (size_t i = 0; i < trace->n; i++) {
        if (!isnan(c->value[i])) {
            sum += c->value[i];
            low = fmin(low, c->value[i]);
            high = fmax(high, c->value[i]);
            n++;
        }
    }
    gw_text_addf(out, "  %-36s %10.6g %10.6g %10.6g  ", c->name, low, sum / (double)n, high);
    spark(trace, c->value, out);
    gw_text_add(out, "\n");
}

static void print_finding(const struct gw_trace *trace, const struct gw_trace_finding *f, struct gw_text *out)
{
    static const char *const verdict[] = {"note", "repair", "refusal"};
    gw_text_addf(out, "  %-8s %s%s%s: %s (%llu", verdict[f->verdict], gw_trace_kind_text(f->kind),
                 f->column == NULL ? "" : ", ", f->column == NULL ? "" : f->column, f->text,
                 (unsigned long long)f->count);
    if (f->line > 0) {
        gw_text_addf(out, ", first at %s %llu", trace->line_word, (unsigned long long)f->line);
    }
    gw_text_add(out, ")\n");
}

static void print_trace(const struct gw_trace *trace, struct gw_text *out)
{
    char from[GW_CLOCK_TEXT_MAX], to[GW_CLOCK_TEXT_MAX], step[GW_CLOCK_TEXT_MAX];
    gw_clock_print(trace->start_unix_us, from);
    gw_clock_print(trace->start_unix_us + (gw_time_us)trace->n * trace->step_us, to);
    gw_clock_print_span(trace->step_us, step);
    gw_text_addf(out, "format   %s\n", trace->format);
    if (trace->area != NULL) {
        gw_text_addf(out, "area     %s\n", trace->area);
    }
    gw_text_addf(out, "time     %s to %s, every %s: %zu steps from %llu rows\n\n", from, to, step, trace->n,
                 (unsigned long long)trace->rows);
    gw_text_addf(out, "  %-36s %10s %10s %10s\n", "column", "least", "mean", "greatest");
    for (uint32_t c = 0; c < trace->columns && c < COLUMNS_SHOWN; c++) {
        print_column(trace, &trace->column[c], out);
    }
    if (trace->columns > COLUMNS_SHOWN) {
        gw_text_addf(out, "  and %u more\n", (unsigned)(trace->columns - COLUMNS_SHOWN));
    }
    gw_text_addf(out, "\nfindings%s\n", trace->findings == 0 ? ": none" : "");
    for (uint32_t i = 0; i < trace->findings; i++) {
        print_finding(trace, &trace->finding[i], out);
    }
}

static int inspect(const struct gw_trace *trace)
{
    struct gw_text out = {0};
    print_trace(trace, &out);
    for (size_t i = 0; i < out.n; i++) { /* the file's own words must not steer a terminal */
        out.at[i] = (unsigned char)out.at[i] < 0x20 && out.at[i] != '\n' ? '?' : out.at[i];
    }
    if (!out.failed) {
        fputs(out.at, stdout);
    }
    const bool failed = out.failed;
    gw_text_fini(&out);
    if (failed) {
        fprintf(stderr, "geowatt: out of memory\n");
        return gw_status_exit(GW_ERR_NOMEM);
    }
    struct gw_error err;
    return gw_trace_accept(trace, &err) == GW_OK ? 0 : gw_terminal_error(&err);
}

/* --- import ------------------------------------------------------------------------------------- */

static void print_repairs(const struct gw_trace *trace)
{
    struct gw_text out = {0};
    for (uint32_t i = 0; i < trace->findings; i++) {
        if (trace->finding[i].verdict == GW_TRACE_REPAIR) {
            print_finding(trace, &trace->finding[i], &out);
        }
    }
    if (!out.failed && out.n > 0) {
        fputs(out.at, stdout);
    }
    gw_text_fini(&out);
}

static int import(const struct gw_trace *trace, const char *path)
{
    struct gw_error err;
    if (path == NULL) {
        fprintf(stderr, "geowatt trace import: say with -o where the file goes\n");
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (gw_trace_accept(trace, &err) != GW_OK) {
        return gw_terminal_error(&err);
    }
    if (gw_trace_generate_write(trace, path, &err) != GW_OK) {
        return gw_terminal_error(&err);
    }
    printf("%s: %zu steps, %u columns\n", path, trace->n, (unsigned)trace->columns);
    print_repairs(trace);
    return 0;
}

/* --- the command -------------------------------------------------------------------------------- */

int gw_trace_command(const struct gw_arguments *arguments)
{
    const char *const verb = arguments->operand[0], *const path = arguments->operand[1];
    const bool inspects = strcmp(verb, "inspect") == 0;
    if (strcmp(verb, "generate") == 0) {
        return gw_trace_generate(path, arguments);
    }
    if (!inspects && strcmp(verb, "import") != 0) {
        fprintf(stderr, "geowatt trace: there is inspect, import and generate, not \"%s\"\n", verb);
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (inspects && gw_trace_requests_is(path, arguments)) {
        return gw_trace_requests_inspect(path, arguments);
    }
    long long longest_gap_h;
    if (!gw_command_number(arguments, "--longest-gap", 1, 10000, 48, &longest_gap_h)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const struct gw_trace_options options = {.area = gw_command_value(arguments, "--area"),
                                             .clock = gw_command_value(arguments, "--clock"),
                                             .unit = gw_command_value(arguments, "--unit"),
                                             .longest_gap_h = (double)longest_gap_h};
    struct gw_arena arena = {0};
    struct gw_trace trace;
    struct gw_error err;
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = gw_file_read(path, bytes_max, &bytes, &n, &err);
    s = s == GW_OK ? gw_trace_hdf5_plain(&bytes, &n, bytes_max, path, &err) : s;
    if (s == GW_OK) {
        s = gw_trace_read(bytes, n, path, &options, &trace, &arena, &err);
    }
    free(bytes);
    int status;
    if (s != GW_OK) {
        status = gw_terminal_error(&err);
    } else {
        status = inspects ? inspect(&trace) : import(&trace, gw_command_value(arguments, "--output"));
    }
    gw_arena_fini(&arena);
    return status;
}
