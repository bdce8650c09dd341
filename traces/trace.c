#include "traces/trace.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"
#include "traces/trace_checks.h"
#include "traces/trace_clock.h"
#include "traces/trace_csv.h"
#include "traces/trace_json.h"

static const double longest_gap_usual_h = 48;

const char *gw_trace_kind_text(enum gw_trace_kind kind)
{
#define GW_TRACE_KIND_TEXT(name, text) text,
    static const char *const texts[] = {GW_TRACE_KIND_LIST(GW_TRACE_KIND_TEXT)};
#undef GW_TRACE_KIND_TEXT
    return texts[kind];
}

bool gw_trace_add(struct gw_trace *self, struct gw_arena *arena, enum gw_trace_kind kind,
                  enum gw_trace_verdict verdict, const char *column, uint64_t count, uint64_t line,
                  const char *fmt, ...)
{
    if (self->findings == self->findings_cap) {
        const uint32_t cap = self->findings_cap == 0 ? 16 : 2 * self->findings_cap;
        struct gw_trace_finding *more = gw_arena_array(arena, cap, sizeof *more);
        if (more == NULL) {
            return false;
        }
        if (self->findings > 0) {
            memcpy(more, self->finding, self->findings * sizeof *more);
        }
        self->finding = more;
        self->findings_cap = cap;
    }
    struct gw_trace_finding *f = &self->finding[self->findings++];
    *f = (struct gw_trace_finding){
        .kind = kind, .verdict = verdict, .column = column, .count = count, .line = line};
    va_list args;
    va_start(args, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, args);
    va_end(args);
    return true;
}

static bool looks_like_json(const char *bytes, size_t n)
{
    size_t i = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < n && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t')) {
        i++;
    }
    return i < n && (bytes[i] == '{' || bytes[i] == '[');
}

enum gw_status gw_trace_read(const char *bytes, size_t n, const char *file,
                             const struct gw_trace_options *options, struct gw_trace *out,
                             struct gw_arena *arena, struct gw_error *err)
{
    struct gw_trace trace = {.file = file};
    struct gw_trace_rows rows = {0};
    bool naive = false;
    struct gw_trace_clock clock;
    double noon_utc_h = (double)NAN;
    *out = (struct gw_trace){0};
    if (options->clock != NULL) {
        if (!gw_trace_clock_find(options->clock, &clock)) {
            return gw_fail(err, GW_ERR_UNKNOWN, file, "there is no clock \"%.40s\" here", options->clock);
        }
        noon_utc_h = 12 - clock.offset_min / 60.0;
    }

    enum gw_status s = looks_like_json(bytes, n)
                           ? gw_trace_json_read(bytes, n, options, &trace, &rows, &naive, arena, err)
                           : gw_trace_csv_read(bytes, n, options, &trace, &rows, &naive, arena, err);
    if (s == GW_OK) {
        s = gw_trace_rows_grid(&rows, naive, &trace, arena, err);
    }
    gw_trace_rows_fini(&rows);
    const double longest_h = options->longest_gap_h > 0 ? options->longest_gap_h : longest_gap_usual_h;
    if (s == GW_OK && !gw_trace_checks_run(&trace, noon_utc_h, longest_h, arena)) {
        s = gw_fail(err, GW_ERR_NOMEM, file, "out of memory");
    }
    if (s == GW_OK) {
        *out = trace;
    }
    return s;
}

enum gw_status gw_trace_accept(const struct gw_trace *self, struct gw_error *err)
{
    for (uint32_t i = 0; i < self->findings; i++) {
        const struct gw_trace_finding *f = &self->finding[i];
        if (f->verdict == GW_TRACE_REFUSAL) {
            char where[sizeof err->where];
            const bool item = strcmp(self->line_word, "item") == 0;
            snprintf(where, sizeof where,
                     f->line == 0 ? "%s"
                     : item       ? "%s: item %llu"
                                  : "%s:%llu",
                     self->file, (unsigned long long)f->line);
            return gw_fail(err, GW_ERR_RANGE, where, "%s%s%s (%llu)", f->column == NULL ? "" : f->column,
                           f->column == NULL ? "" : ": ", f->text, (unsigned long long)f->count);
        }
    }
    return GW_OK;
}

struct gw_trace_column *gw_trace_find(const struct gw_trace *self, const char *column)
{
    for (uint32_t c = 0; c < self->columns; c++) {
        if (strcmp(self->column[c].name, column) == 0) {
            return &self->column[c];
        }
    }
    return NULL;
}

struct gw_series gw_trace_series(const struct gw_trace *self, const struct gw_trace_column *column)
{
    return (struct gw_series){.start_unix_us = self->start_unix_us,
                              .step_us = self->step_us,
                              .n = self->n,
                              .value = column->value,
                              .missing = column->missing};
}

/* A comment must stay on its line, whatever a file calls itself. */
static void add_comment(struct gw_text *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p;
        gw_text_add_n(out, c < 0x20 || c == 0x7f ? "?" : p, 1);
    }
}

void gw_trace_print_finding(const struct gw_trace *self, uint32_t finding, struct gw_text *out)
{
    static const char *const verdict[] = {"note", "repair", "refusal"};
    const struct gw_trace_finding *f = &self->finding[finding];
    gw_text_addf(out, "%s: %s, ", verdict[f->verdict], gw_trace_kind_text(f->kind));
    if (f->column != NULL) {
        gw_text_addf(out, "%s: ", f->column);
    }
    add_comment(out, f->text);
    gw_text_addf(out, "; count %llu", (unsigned long long)f->count);
    if (f->line > 0) {
        gw_text_addf(out, ", first at %s %llu", self->line_word, (unsigned long long)f->line);
    }
}

static void print_comments(const struct gw_trace *self, struct gw_text *out)
{
    gw_text_add(out, "# imported from ");
    add_comment(out, self->file);
    gw_text_addf(out, ", format %s", self->format);
    if (self->area != NULL) {
        gw_text_add(out, ", area ");
        add_comment(out, self->area);
    }
    gw_text_addf(out, ", %llu rows\n", (unsigned long long)self->rows);
    for (uint32_t i = 0; i < self->findings; i++) {
        gw_text_add(out, "# ");
        gw_trace_print_finding(self, i, out);
        gw_text_add(out, "\n");
    }
}

void gw_trace_print_csv(const struct gw_trace *self, struct gw_text *out)
{
    print_comments(self, out);
    gw_trace_print_rows(self, out);
}

void gw_trace_print_rows(const struct gw_trace *self, struct gw_text *out)
{
    gw_text_add(out, "time_utc");
    for (uint32_t c = 0; c < self->columns; c++) {
        gw_text_addf(out, ",%s", self->column[c].name);
    }
    gw_text_add(out, "\n");
    for (size_t i = 0; i < self->n; i++) {
        char time[GW_CLOCK_TEXT_MAX];
        gw_clock_print(self->start_unix_us + (gw_time_us)i * self->step_us, time);
        gw_text_add(out, time);
        for (uint32_t c = 0; c < self->columns; c++) {
            gw_text_add_n(out, ",", 1);
            if (!isnan(self->column[c].value[i])) {
                gw_text_add_number(out, self->column[c].value[i]);
            }
        }
        gw_text_add_n(out, "\n", 1);
    }
}
