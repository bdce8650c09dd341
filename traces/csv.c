#include "traces/csv.h"

#include <math.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "traces/scan.h"

enum {
    COLUMNS_MAX = 1024,
    TIME_BYTES_MIN = 10, /* "2023-06-01" */
};

struct reader {
    struct gw_scan scan;
    char date[TIME_BYTES_MIN]; /* the date last met and its midnight: rows of a day share it */
    gw_time_us date_unix_us;
};

/* --- values ------------------------------------------------------------------------------------- */

static bool is_gap(struct gw_scan_field f)
{
    return f.n == 0 || (f.n == 3 && (memcmp(f.at, "nan", 3) == 0 || memcmp(f.at, "NaN", 3) == 0));
}

static enum gw_status read_value(struct reader *r, bool allow_gaps, double *out)
{
    if (gw_scan_number(&r->scan, out)) {
        return GW_OK;
    }

    const char *const at = r->scan.at;
    struct gw_scan_field f;
    const enum gw_status s = gw_scan_field(&r->scan, &f);
    if (s != GW_OK) {
        return s;
    }
    if (is_gap(f)) {
        *out = (double)NAN;
        return allow_gaps ? GW_OK : gw_scan_fail(&r->scan, GW_ERR_SYNTAX, at, "a value is missing");
    }
    char text[GW_SCAN_SHOWN_MAX + 4];
    if (!gw_scan_field_number(f, out)) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "\"%s\" is not a number", gw_scan_shown(f, text));
    }
    if (!isfinite(*out)) {
        return gw_scan_fail(&r->scan, GW_ERR_RANGE, f.at, "\"%s\" is too large for a number",
                            gw_scan_shown(f, text));
    }
    return GW_OK;
}

/* --- times -------------------------------------------------------------------------------------- */

static bool two_digits(const char *at, int64_t limit, int64_t *out)
{
    const unsigned tens = (unsigned char)(at[0] - '0'), ones = (unsigned char)(at[1] - '0');
    *out = 10 * (int64_t)tens + ones;
    return tens <= 9 && ones <= 9 && *out < limit;
}

static enum gw_status parse_time(const struct reader *r, struct gw_scan_field f, gw_time_us *out)
{
    char text[GW_CLOCK_TEXT_MAX], quote[GW_SCAN_SHOWN_MAX + 4];
    if (f.n == 0) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "a time is missing");
    }
    if (f.n < TIME_BYTES_MIN || f.n >= sizeof text || memchr(f.at, '\0', f.n) != NULL) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "\"%s\" is not a time", gw_scan_shown(f, quote));
    }
    memcpy(text, f.at, f.n);
    text[f.n] = '\0';
    struct gw_error clock;
    const enum gw_status s = gw_clock_parse(text, out, &clock);
    return s == GW_OK ? GW_OK
                      : gw_scan_fail(&r->scan, s, f.at, "\"%s\": %s", gw_scan_shown(f, quote), clock.why);
}

/* "2023-06-01T00:15:00Z", the Z optional, of a day that is known or that the clock accepts. False: the
 * general reader must look, also at what is wrong. */
static bool read_plain_time(struct reader *r, gw_time_us *out)
{
    const char *const p = r->scan.at;
    int64_t h, min, s;
    if (r->scan.end - p < 21 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':' ||
        !two_digits(p + 11, 24, &h) || !two_digits(p + 14, 60, &min) || !two_digits(p + 17, 60, &s)) {
        return false;
    }
    const char *const next = p + 19 + (p[19] == 'Z');
    if (*next != r->scan.separator) {
        return false;
    }
    if (memcmp(r->date, p, sizeof r->date) != 0) {
        struct reader silent = *r;
        silent.scan.err = NULL;
        if (parse_time(&silent, (struct gw_scan_field){p, sizeof r->date}, &r->date_unix_us) != GW_OK) {
            return false;
        }
        memcpy(r->date, p, sizeof r->date);
    }
    *out = r->date_unix_us + (60 * (60 * h + min) + s) * GW_US_PER_S;
    r->scan.at = next;
    return true;
}

static enum gw_status read_time(struct reader *r, gw_time_us *out)
{
    if (read_plain_time(r, out)) {
        return GW_OK;
    }
    struct gw_scan_field f;
    const enum gw_status s = gw_scan_field(&r->scan, &f);
    return s == GW_OK ? parse_time(r, f, out) : s;
}

/* The constant step: set by the second row, checked from the third on. */
static enum gw_status check_step(const struct reader *r, const char *at, size_t row, gw_time_us t_us,
                                 struct gw_series *base)
{
    if (row == 0) {
        base->start_unix_us = t_us;
        return GW_OK;
    }
    if (row == 1) {
        base->step_us = t_us - base->start_unix_us;
    }
    const gw_time_us due_us = base->start_unix_us + (gw_time_us)row * base->step_us;
    if (base->step_us > 0 && t_us == due_us) {
        return GW_OK;
    }

    char is[GW_CLOCK_TEXT_MAX], due[GW_CLOCK_TEXT_MAX], step[GW_CLOCK_TEXT_MAX];
    gw_clock_print(t_us, is);
    if (base->step_us <= 0) {
        return gw_scan_fail(&r->scan, GW_ERR_RANGE, at, "time %s does not lie after the row before", is);
    }
    gw_clock_print(due_us, due);
    gw_clock_print_span(base->step_us, step);
    return gw_scan_fail(&r->scan, GW_ERR_RANGE, at,
                        "time is %s where %s is due: rows are %s apart, as the first two", is, due, step);
}

/* --- header and rows ---------------------------------------------------------------------------- */

static uint32_t count_columns(const struct reader *r)
{
    uint32_t n = 0;
    for (const char *p = r->scan.at; p < r->scan.end && *p != '\n' && n <= COLUMNS_MAX; p++) {
        n += *p == ',';
    }
    return n;
}

static enum gw_status read_name(struct reader *r, struct gw_csv *out, uint32_t column, struct gw_arena *arena)
{
    const char *const at = r->scan.at;
    struct gw_scan_field f;
    const enum gw_status s = gw_scan_field(&r->scan, &f);
    if (s != GW_OK) {
        return s;
    }
    size_t bad;
    if (f.n == 0) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, at, "a column without a name");
    }
    if (!gw_text_is_utf8(f.at, f.n, &bad)) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "a column's name is not UTF-8 text");
    }
    const char *name = gw_arena_text_n(arena, f.at, f.n);
    if (name == NULL) {
        return gw_scan_fail(&r->scan, GW_ERR_NOMEM, at, "no memory for the header");
    }
    for (uint32_t c = 0; c < column; c++) {
        if (strcmp(out->name[c], name) == 0) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "column %s stands twice", name);
        }
    }
    out->name[column] = name;
    return GW_OK;
}

static enum gw_status read_header(struct reader *r, struct gw_csv *out, struct gw_arena *arena)
{
    struct gw_scan_field first;
    enum gw_status s = gw_scan_field(&r->scan, &first);
    if (s != GW_OK) {
        return s;
    }
    if (first.n != 8 || memcmp(first.at, "time_utc", 8) != 0) {
        char quote[GW_SCAN_SHOWN_MAX + 4];
        return gw_scan_fail(
            &r->scan, GW_ERR_SYNTAX, first.at,
            "the first column is \"%s\" and must be time_utc: the UTC time at which a row's interval starts",
            gw_scan_shown(first, quote));
    }
    out->columns = count_columns(r);
    if (out->columns == 0) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "no column beside time_utc");
    }
    if (out->columns > COLUMNS_MAX) {
        return gw_scan_fail(&r->scan, GW_ERR_RANGE, r->scan.at, "more than %d columns", (int)COLUMNS_MAX);
    }
    out->name = gw_arena_array(arena, out->columns, sizeof *out->name);
    out->series = gw_arena_array(arena, out->columns, sizeof *out->series);
    if (out->name == NULL || out->series == NULL) {
        return gw_scan_fail(&r->scan, GW_ERR_NOMEM, r->scan.at, "no memory for the header");
    }
    for (uint32_t c = 0; c < out->columns && s == GW_OK; c++) {
        if (gw_scan_at_line_end(&r->scan)) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "a comma inside a column's name");
        }
        r->scan.at++; /* the comma */
        s = read_name(r, out, c, arena);
    }
    if (s == GW_OK) {
        gw_scan_pass_line(&r->scan);
    }
    return s;
}

/* No fewer than the rows that follow. A row takes a line, a time and its commas, which also keeps the
 * memory within a small multiple of the file. */
static size_t bound_rows(const struct reader *r, uint32_t columns)
{
    size_t lines = 1;
    for (const char *p = r->scan.at; (p = memchr(p, '\n', (size_t)(r->scan.end - p))) != NULL; p++) {
        lines++;
    }
    const size_t by_bytes = (size_t)(r->scan.end - r->scan.at) / (columns + TIME_BYTES_MIN) + 1;
    return lines < by_bytes ? lines : by_bytes;
}

/* value[column * cap + row] */
static enum gw_status read_row(struct reader *r, bool allow_gaps, const struct gw_csv *csv, double *value,
                               size_t cap, size_t row)
{
    const char *const at = r->scan.at;
    gw_time_us t_us;
    enum gw_status s = read_time(r, &t_us);
    if (s != GW_OK || (s = check_step(r, at, row, t_us, &csv->series[0])) != GW_OK) {
        return s;
    }
    for (uint32_t c = 0; c < csv->columns; c++) {
        if (gw_scan_at_line_end(&r->scan)) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "the row ends before column %s",
                                csv->name[c]);
        }
        r->scan.at++; /* the comma */
        s = read_value(r, allow_gaps, &value[c * cap + row]);
        if (s != GW_OK) {
            return s;
        }
        csv->series[c].missing += isnan(value[c * cap + row]) ? 1 : 0;
    }
    if (!gw_scan_at_line_end(&r->scan)) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "more fields than the header has columns");
    }
    gw_scan_pass_line(&r->scan);
    return GW_OK;
}

static enum gw_status read_rows(struct reader *r, bool allow_gaps, struct gw_csv *csv, struct gw_arena *arena)
{
    const size_t cap = bound_rows(r, csv->columns);
    double *value = gw_arena_array(arena, cap * csv->columns, sizeof *value);
    if (value == NULL) {
        return gw_scan_fail(&r->scan, GW_ERR_NOMEM, r->scan.at, "no memory for %zu rows", cap);
    }

    size_t rows = 0;
    bool blank = gw_scan_skip_blank(&r->scan);
    while (!gw_scan_ended(&r->scan)) {
        if (blank && rows > 0) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "a blank line before this row");
        }
        GW_REQUIRE(rows < cap);
        const enum gw_status s = read_row(r, allow_gaps, csv, value, cap, rows);
        if (s != GW_OK) {
            return s;
        }
        rows++;
        blank = gw_scan_skip_blank(&r->scan);
    }
    if (rows < 2) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "%s: two are needed to know the step",
                            rows == 0 ? "no row of values" : "a single row of values");
    }
    for (uint32_t c = 0; c < csv->columns; c++) {
        struct gw_series *series = &csv->series[c];
        series->start_unix_us = csv->series[0].start_unix_us;
        series->step_us = csv->series[0].step_us;
        series->n = rows;
        series->value = value + c * cap;
    }
    return GW_OK;
}

/* --- interface ---------------------------------------------------------------------------------- */

enum gw_status gw_csv_parse(const char *bytes, size_t n, const char *name, bool allow_gaps,
                            struct gw_csv *out, struct gw_arena *arena, struct gw_error *err)
{
    struct gw_csv csv = {0};
    struct reader r = {0};
    gw_scan_init(&r.scan, bytes, n, name, err);
    *out = csv;

    (void)gw_scan_skip_blank(&r.scan);
    if (gw_scan_ended(&r.scan)) {
        return gw_scan_fail(&r.scan, GW_ERR_SYNTAX, r.scan.at, "the file is empty");
    }
    enum gw_status s = read_header(&r, &csv, arena);
    if (s == GW_OK) {
        s = read_rows(&r, allow_gaps, &csv, arena);
    }
    if (s == GW_OK) {
        *out = csv;
    }
    return s;
}

const struct gw_series *gw_csv_column(const struct gw_csv *csv, const char *column, const char *file,
                                      struct gw_error *err)
{
    for (uint32_t c = 0; c < csv->columns; c++) {
        if (strcmp(csv->name[c], column) == 0) {
            return &csv->series[c];
        }
    }
    const char *nearest = gw_text_nearest(column, csv->name, csv->columns);
    (void)gw_fail(err, GW_ERR_UNKNOWN, file, "no column %s%s%s%s", column,
                  nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
                  nearest == NULL ? "" : "?");
    return NULL;
}
