#include "traces/jobs.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/units.h"
#include "traces/scan.h"

const char *const gw_jobs_format_names[] = {"gaia-s", "gaia-h", "philly-gavel", "generic", NULL};

enum what { SUBMIT, WORK, WIDTH, DEADLINE, WHATS };
static const char *const what_names[WHATS] = {"time of submission", "length", "width", "deadline"};

/* Names of columns and microseconds per unit; the first that is there counts. */
struct name {
    const char *name;
    enum what what;
    double us;
};
static const struct name gaia_s[] = {
    {"arrival_time", SUBMIT, 1e6}, {"length", WORK, 1e6}, {"cpus", WIDTH, 1}, {NULL, SUBMIT, 0}};
static const struct name gaia_h[] = {
    {"arrival_time", SUBMIT, 3.6e9}, {"length", WORK, 3.6e9}, {"cpus", WIDTH, 1}, {NULL, SUBMIT, 0}};
static const struct name philly[] = {
    {"arrival_s", SUBMIT, 1e6}, {"v100_duration_s", WORK, 1e6}, {"gpus", WIDTH, 1}, {NULL, SUBMIT, 0}};
static const struct name generic[] = {{"submit_s", SUBMIT, 1e6},
                                      {"submit_h", SUBMIT, 3.6e9},
                                      {"work_s", WORK, 1e6},
                                      {"work_h", WORK, 3.6e9},
                                      {"width", WIDTH, 1},
                                      {"deadline_s", DEADLINE, 1e6},
                                      {"deadline_h", DEADLINE, 3.6e9},
                                      {NULL, SUBMIT, 0}};
static const struct name *const names_of[] = {
    [GW_JOBS_GAIA_S] = gaia_s,
    [GW_JOBS_GAIA_H] = gaia_h,
    [GW_JOBS_PHILLY_GAVEL] = philly,
    [GW_JOBS_GENERIC] = generic,
};

enum { COLUMNS_MAX = 64 };
static const double longest_us = 100.0 * 366 * 86400 * 1e6;

struct reader {
    struct gw_scan scan;
    const struct name *column[COLUMNS_MAX]; /* NULL: passed over */
    size_t columns;
    struct gw_jobs_row *row;
    size_t n, cap;
};

static bool reads(struct gw_scan_field field, const char *text)
{
    return field.n == strlen(text) && memcmp(field.at, text, field.n) == 0;
}

/* The separator behind a field, if the line goes on. */
static bool more(struct reader *r)
{
    if (gw_scan_at_line_end(&r->scan)) {
        return false;
    }
    r->scan.at++;
    return true;
}

static enum gw_status read_header(struct reader *r, const struct name *names)
{
    bool found[WHATS] = {false};
    const char *begin = r->scan.at;
    do {
        struct gw_scan_field field;
        const enum gw_status s = gw_scan_field(&r->scan, &field);
        if (s != GW_OK) {
            return s;
        }
        if (r->columns == COLUMNS_MAX) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, field.at, "more than %d columns", (int)COLUMNS_MAX);
        }
        const struct name *mine = names;
        while (mine->name != NULL && !(reads(field, mine->name) && !found[mine->what])) {
            mine++;
        }
        r->column[r->columns++] = mine->name != NULL ? mine : NULL;
        if (mine->name != NULL) {
            found[mine->what] = true;
        }
    } while (more(r));
    for (const struct name *needed = names; needed->name != NULL; needed++) {
        if (!found[needed->what] && needed->what != DEADLINE) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, begin, "there is no column \"%s\" for the %s",
                                needed->name, what_names[needed->what]);
        }
    }
    gw_scan_pass_line(&r->scan);
    return GW_OK;
}

static enum gw_status take(struct reader *r, const struct name *column, struct gw_scan_field field,
                           struct gw_jobs_row *row)
{
    char shown[GW_SCAN_SHOWN_MAX + 4];
    double x = 0.0;
    if (column->what == DEADLINE && field.n == 0) {
        return GW_OK;
    }
    if (!gw_scan_field_number(field, &x) || !isfinite(x)) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, field.at,
                            "\"%s\" is no number: the %s of a job was expected", gw_scan_shown(field, shown),
                            what_names[column->what]);
    }
    const double value = x * column->us;
    const double least = column->what == SUBMIT ? 0.0 : 1.0;
    const double most = column->what == WIDTH ? 1e6 : longest_us;
    if (!(value >= least && value <= most) || (column->what == WIDTH && value != floor(value))) {
        return gw_scan_fail(&r->scan, GW_ERR_RANGE, field.at, "%s is no %s of a job",
                            gw_scan_shown(field, shown), what_names[column->what]);
    }
    switch (column->what) {
    case SUBMIT:
        row->submit_us = llround(value);
        break;
    case WORK:
        row->work_us = llround(value);
        break;
    case WIDTH:
        row->width = (uint32_t)value;
        break;
    default:
        row->deadline_us = llround(value);
    }
    return GW_OK;
}

static enum gw_status read_row(struct reader *r)
{
    struct gw_jobs_row row = {.deadline_us = GW_NEVER_US};
    size_t i = 0;
    const char *begin = r->scan.at;
    do {
        struct gw_scan_field field;
        enum gw_status s = gw_scan_field(&r->scan, &field);
        if (s == GW_OK && i < r->columns && r->column[i] != NULL) {
            s = take(r, r->column[i], field, &row);
        }
        if (s != GW_OK) {
            return s;
        }
        i++;
    } while (more(r));
    if (i != r->columns) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, begin, "%zu fields; the first line has %zu", i,
                            r->columns);
    }
    gw_scan_pass_line(&r->scan);
    if (!gw_array_reserve((void **)&r->row, &r->cap, r->n + 1, sizeof *r->row)) {
        return gw_fail(r->scan.err, GW_ERR_NOMEM, r->scan.name, "out of memory");
    }
    r->row[r->n++] = row;
    return GW_OK;
}

enum gw_status gw_jobs_parse(enum gw_jobs_format format, const char *bytes, size_t n, const char *name,
                             struct gw_jobs *out, struct gw_arena *arena, struct gw_error *err)
{
    struct reader r = {.columns = 0};
    *out = (struct gw_jobs){0};
    gw_scan_init(&r.scan, bytes, n, name, err);
    (void)gw_scan_skip_blank(&r.scan);
    enum gw_status s = gw_scan_ended(&r.scan) ? gw_fail(err, GW_ERR_SYNTAX, name, "is empty")
                                              : read_header(&r, names_of[format]);
    while (s == GW_OK && (gw_scan_skip_blank(&r.scan), !gw_scan_ended(&r.scan))) {
        s = read_row(&r);
    }
    if (s == GW_OK && (r.n == 0 || r.n > UINT32_MAX)) {
        s = gw_fail(err, GW_ERR_RANGE, name, r.n == 0 ? "has no jobs" : "has too many jobs");
    }
    struct gw_jobs_row *row = s == GW_OK ? gw_arena_array(arena, r.n, sizeof *row) : NULL;
    if (s == GW_OK && row == NULL) {
        s = gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
    }
    if (s == GW_OK) {
        memcpy(row, r.row, r.n * sizeof *row);
        *out = (struct gw_jobs){(uint32_t)r.n, row};
    }
    free(r.row);
    return s;
}
