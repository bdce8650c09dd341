#include "traces/trace_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

enum {
    STEPS_MAX = 64,       /* different distances that are counted */
    OFF_GRID_PERCENT = 1, /* of rows that may be left out */
    SPARSE = 64,          /* the grid may be so much longer than the rows */
};

#define US_PER_DAY (24 * GW_US_PER_H)

/* --- rows --------------------------------------------------------------------------------------- */

static size_t row_bytes(const struct gw_trace_rows *self)
{
    return sizeof(struct gw_trace_row) + self->width * sizeof(double);
}

static struct gw_trace_row *row_at(const struct gw_trace_rows *self, size_t i)
{
    return (struct gw_trace_row *)(void *)(self->row + i * row_bytes(self));
}

void gw_trace_rows_fini(struct gw_trace_rows *self)
{
    free(self->row);
    *self = (struct gw_trace_rows){0};
}

struct gw_trace_row *gw_trace_rows_add(struct gw_trace_rows *self, gw_time_us t_us, uint32_t line)
{
    if (!gw_array_reserve((void **)&self->row, &self->cap, self->n + 1, row_bytes(self))) {
        return NULL;
    }
    struct gw_trace_row *row = row_at(self, self->n++);
    *row = (struct gw_trace_row){.t_us = t_us, .line = line};
    for (uint32_t c = 0; c < self->width; c++) {
        row->value[c] = (double)NAN;
    }
    return row;
}

/* --- order and step ----------------------------------------------------------------------------- */

struct place {
    gw_time_us t_us;
    size_t row;
};

static int by_time(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->t_us != y->t_us) {
        return x->t_us < y->t_us ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

struct grid {
    const struct gw_trace_rows *rows;
    struct gw_trace *trace;
    struct gw_arena *arena;
    struct gw_error *err;
    struct place *order; /* by time, then as in the file */
};

static enum gw_status no_memory(const struct grid *g)
{
    return gw_fail(g->err, GW_ERR_NOMEM, g->trace->file, "out of memory");
}

static enum gw_status sort_rows(struct grid *g)
{
    const size_t n = g->rows->n;
    uint64_t late = 0, line = 0;
    g->order = gw_arena_array(g->arena, n, sizeof *g->order);
    if (g->order == NULL) {
        return no_memory(g);
    }
    for (size_t i = 0; i < n; i++) {
        g->order[i] = (struct place){row_at(g->rows, i)->t_us, i};
        if (i > 0 && g->order[i].t_us < g->order[i - 1].t_us) {
            line = late++ == 0 ? row_at(g->rows, i)->line : line;
        }
    }
    if (late == 0) {
        return GW_OK;
    }
    qsort(g->order, n, sizeof *g->order, by_time);
    return gw_trace_add(g->trace, g->arena, GW_TRACE_ORDER, GW_TRACE_REPAIR, NULL, late, line,
                        "rows are not in the order of time; sorted")
               ? GW_OK
               : no_memory(g);
}

/* The most frequent distance of neighbours; of equally frequent ones the shortest. */
static enum gw_status find_step(struct grid *g)
{
    struct {
        gw_time_us us;
        uint64_t n;
    } step[STEPS_MAX];
    size_t steps = 0;
    uint64_t all = 0;
    for (size_t i = 1; i < g->rows->n; i++) {
        const gw_time_us us = g->order[i].t_us - g->order[i - 1].t_us;
        size_t k = 0;
        while (k < steps && step[k].us != us) {
            k++;
        }
        if (us > 0 && k < STEPS_MAX) {
            if (k == steps) {
                step[steps].us = us;
                step[steps++].n = 0;
            }
            step[k].n++;
        }
        all += us > 0;
    }
    if (steps == 0) {
        return gw_fail(g->err, GW_ERR_SYNTAX, g->trace->file,
                       "rows of at least two different times are needed to know the step");
    }
    size_t best = 0;
    for (size_t k = 1; k < steps; k++) {
        if (step[k].n > step[best].n || (step[k].n == step[best].n && step[k].us < step[best].us)) {
            best = k;
        }
    }
    g->trace->step_us = step[best].us;
    if (steps == 1) {
        return GW_OK;
    }
    char text[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(step[best].us, text);
    return gw_trace_add(g->trace, g->arena, GW_TRACE_STEP, GW_TRACE_NOTE, NULL, all - step[best].n, 0,
                        "%s apart are %.4g %% of neighbouring rows; there are %zu%s other distances", text,
                        100.0 * (double)step[best].n / (double)all, steps - 1,
                        steps == STEPS_MAX ? " or more" : "")
               ? GW_OK
               : no_memory(g);
}

/* --- daylight saving ---------------------------------------------------------------------------- */

/* A whole day of 23 hours and one of 25: a clock that is put forward and back. Only with steps that divide
 * the hour; of several columns in long form, the first counts. */
static enum gw_status find_daylight(struct grid *g)
{
    const gw_time_us step_us = g->trace->step_us;
    if (GW_US_PER_H % step_us != 0) {
        return GW_OK;
    }
    const int64_t per_hour = GW_US_PER_H / step_us;
    uint64_t short_line = 0, long_line = 0;
    int64_t in_day = 0;
    const size_t n = g->rows->n;
    const uint32_t first_column = row_at(g->rows, g->order[0].row)->column;
    for (size_t i = 0; i < n; i++) {
        const struct gw_trace_row *row = row_at(g->rows, g->order[i].row);
        in_day += row->column == first_column;
        const gw_time_us day = row->t_us / US_PER_DAY;
        if (i + 1 < n && g->order[i + 1].t_us / US_PER_DAY == day) {
            continue;
        }
        const bool whole = g->order[0].t_us / US_PER_DAY < day && i + 1 < n;
        if (whole && in_day == 23 * per_hour && short_line == 0) {
            short_line = row->line;
        }
        if (whole && in_day == 25 * per_hour && long_line == 0) {
            long_line = row->line;
        }
        in_day = 0;
    }
    if (short_line == 0 || long_line == 0) {
        return GW_OK;
    }
    return gw_trace_add(g->trace, g->arena, GW_TRACE_DAYLIGHT, GW_TRACE_REFUSAL, NULL, 2,
                        short_line < long_line ? short_line : long_line,
                        "a day of 23 hours (to %s %llu) and one of 25 (to %s %llu): local time with daylight "
                        "saving; say which clock",
                        g->trace->line_word, (unsigned long long)short_line, g->trace->line_word,
                        (unsigned long long)long_line)
               ? GW_OK
               : no_memory(g);
}

/* --- onto the grid ------------------------------------------------------------------------------ */

static enum gw_status lay_out(struct grid *g)
{
    struct gw_trace *trace = g->trace;
    const gw_time_us first_us = g->order[0].t_us, last_us = g->order[g->rows->n - 1].t_us;
    const uint64_t n = (uint64_t)(last_us - first_us) / (uint64_t)trace->step_us + 1;
    if (n > SPARSE * (uint64_t)g->rows->n) {
        return gw_fail(g->err, GW_ERR_RANGE, trace->file, "%zu rows are spread over %llu steps", g->rows->n,
                       (unsigned long long)n);
    }
    trace->start_unix_us = first_us;
    trace->n = (size_t)n;
    trace->line = gw_arena_array(g->arena, trace->n, sizeof *trace->line);
    if (trace->line == NULL) {
        return no_memory(g);
    }
    for (uint32_t c = 0; c < trace->columns; c++) {
        double *value = gw_arena_array(g->arena, trace->n, sizeof *value);
        if (value == NULL) {
            return no_memory(g);
        }
        for (size_t i = 0; i < trace->n; i++) {
            value[i] = (double)NAN;
        }
        trace->column[c].value = value;
    }
    return GW_OK;
}

struct tally {
    uint64_t n, line;
};

static void count(struct tally *t, bool is, uint32_t line)
{
    t->line = is && t->n == 0 ? line : t->line;
    t->n += is;
}

/* Puts a row at interval i; says whether a value was there already, and another one. */
static void put(const struct grid *g, const struct gw_trace_row *row, size_t i, bool *again, bool *differs)
{
    *again = *differs = false;
    for (uint32_t c = 0; c < g->rows->width; c++) {
        double *cell = &g->trace->column[row->column + c].value[i];
        if (isnan(row->value[c])) {
            continue;
        }
        if (isnan(*cell)) {
            *cell = row->value[c];
        } else {
            *again = true;
            *differs = *differs || *cell != row->value[c];
        }
    }
    if (g->trace->line[i] == 0) {
        g->trace->line[i] = row->line;
    }
}

static enum gw_status report(const struct grid *g, const struct tally *off, const struct tally *again,
                             const struct tally *differs)
{
    struct gw_trace *t = g->trace;
    bool ok = true;
    if (off->n > 0) {
        const bool few = 100 * off->n <= OFF_GRID_PERCENT * (uint64_t)g->rows->n;
        ok = gw_trace_add(t, g->arena, GW_TRACE_OFF_GRID, few ? GW_TRACE_REPAIR : GW_TRACE_REFUSAL, NULL,
                          off->n, off->line,
                          few ? "rows between the steps of the others; left out"
                              : "rows between the steps of the others: the times are irregular");
    }
    if (ok && again->n > 0) {
        ok = gw_trace_add(t, g->arena, GW_TRACE_REPEATED, GW_TRACE_REPAIR, NULL, again->n, again->line,
                          "rows that repeat another one; left out");
    }
    if (ok && differs->n > 0) {
        ok = gw_trace_add(t, g->arena, GW_TRACE_CONFLICT, GW_TRACE_REPAIR, NULL, differs->n, differs->line,
                          "rows with the time of another one and other values; the first was taken");
    }
    return ok ? GW_OK : no_memory(g);
}

static enum gw_status put_rows(const struct grid *g)
{
    struct tally off = {0}, repeated = {0}, conflict = {0};
    for (size_t i = 0; i < g->rows->n; i++) {
        const struct gw_trace_row *row = row_at(g->rows, g->order[i].row);
        const gw_time_us since_us = row->t_us - g->trace->start_unix_us;
        const bool beside = since_us % g->trace->step_us != 0;
        count(&off, beside, row->line);
        if (!beside) {
            bool again, differs;
            put(g, row, (size_t)(since_us / g->trace->step_us), &again, &differs);
            count(&repeated, again && !differs, row->line);
            count(&conflict, differs, row->line);
        }
    }
    return report(g, &off, &repeated, &conflict);
}

enum gw_status gw_trace_rows_grid(const struct gw_trace_rows *self, bool naive, struct gw_trace *trace,
                                  struct gw_arena *arena, struct gw_error *err)
{
    struct grid g = {.rows = self, .trace = trace, .arena = arena, .err = err};
    GW_REQUIRE(self->width == trace->columns || self->width == 1);
    if (self->n < 2) {
        return gw_fail(err, GW_ERR_SYNTAX, trace->file, "%s of values: two are needed to know the step",
                       self->n == 0 ? "no row" : "a single row");
    }
    trace->rows = self->n;
    enum gw_status s = sort_rows(&g);
    if (s == GW_OK) {
        s = find_step(&g);
    }
    if (s == GW_OK && naive) {
        s = find_daylight(&g);
    }
    if (s == GW_OK) {
        s = lay_out(&g);
    }
    return s == GW_OK ? put_rows(&g) : s;
}
