#include "traces/csv.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/number.h"
#include "sim/base/text.h"
#include "sim/base/units.h"

enum {
    COLUMNS_MAX = 1024,
    TIME_BYTES_MIN = 10, /* "2023-06-01" */
    QUOTE_MAX = 24,      /* bytes of a bad field that a message shows */
};

struct reader {
    const char *at, *end;
    const char *line_at; /* where the current line starts */
    uint64_t line;       /* from 1 */
    const char *name;
    struct gw_error *err;

    char date[TIME_BYTES_MIN]; /* the date last met and its midnight: rows of a day share it */
    gw_time_us date_unix_us;
};

/* A field without its blanks and quotes. */
struct field {
    const char *at;
    size_t n;
};

__attribute__((format(printf, 4, 5))) static enum gw_status fail(const struct reader *r, enum gw_status s,
                                                                 const char *at, const char *fmt, ...)
{
    char where[sizeof r->err->where], why[sizeof r->err->why];
    snprintf(where, sizeof where, "%s:%llu:%llu", r->name, (unsigned long long)r->line,
             (unsigned long long)(at - r->line_at) + 1);
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    return gw_fail(r->err, s, where, "%s", why);
}

/* A field as a message may show it: cut, and without bytes that would upset a terminal. */
static const char *shown(struct field f, char out[QUOTE_MAX + 4])
{
    const size_t n = f.n < QUOTE_MAX ? f.n : QUOTE_MAX;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)f.at[i];
        out[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    memcpy(out + n, "...", 4);
    out[f.n > n ? n + 3 : n] = '\0';
    return out;
}

/* --- lines and fields --------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* At a comma, a line end or the end of the file. A lone CR ends nothing. */
static bool at_delimiter(const char *at, const char *end)
{
    return at == end || *at == ',' || *at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n');
}

static bool at_line_end(const struct reader *r)
{
    return at_delimiter(r->at, r->end) && (r->at == r->end || *r->at != ',');
}

static void pass_line_end(struct reader *r)
{
    if (r->at == r->end) {
        return;
    }
    r->at += *r->at == '\r' ? 2 : 1;
    r->line++;
    r->line_at = r->at;
}

/* Over comments and lines of nothing but blanks; true when there was one of the latter. */
static bool skip_empty_lines(struct reader *r)
{
    bool blank = false;
    while (r->at < r->end) {
        const char *p = r->at;
        if (*p == '#') {
            const char *newline = memchr(p, '\n', (size_t)(r->end - p));
            r->at = newline == NULL ? r->end : newline;
        } else {
            while (p < r->end && is_blank(*p)) {
                p++;
            }
            if (!at_delimiter(p, r->end) || (p < r->end && *p == ',')) {
                break;
            }
            r->at = p;
            blank = true;
        }
        pass_line_end(r);
    }
    return blank;
}

/* The next field; r->at ends on its delimiter. */
static enum gw_status read_field(struct reader *r, struct field *out)
{
    const char *p = r->at;
    while (p < r->end && is_blank(*p)) {
        p++;
    }
    if (p < r->end && *p == '"') {
        const char *close = ++p;
        while (close < r->end && *close != '"' && *close != '\n') {
            close++;
        }
        if (close == r->end || *close == '\n') {
            return fail(r, GW_ERR_SYNTAX, p - 1, "a quote that is not closed on its line");
        }
        *out = (struct field){p, (size_t)(close - p)};
        for (p = close + 1; p < r->end && is_blank(*p); p++) {
        }
        if (!at_delimiter(p, r->end)) {
            return fail(r, GW_ERR_SYNTAX, p, "text behind a closing quote");
        }
    } else {
        const char *from = p;
        while (!at_delimiter(p, r->end)) {
            p++;
        }
        const char *to = p;
        while (to > from && is_blank(to[-1])) {
            to--;
        }
        *out = (struct field){from, (size_t)(to - from)};
    }
    r->at = p;
    return GW_OK;
}

/* --- values ------------------------------------------------------------------------------------- */

__extension__ typedef unsigned __int128 uint128;

enum {
    EXACT_DIGITS = 15, /* an integer of so many digits is a double */
    DIGITS_MAX = 19,   /* and of so many fits into 64 bits */
};

static const double power_of_ten[EXACT_DIGITS + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static const uint64_t power_of_five[DIGITS_MAX + 1] = {
    1,          5,           25,           125,          625,           3125,           15625,
    78125,      390625,      1953125,      9765625,      48828125,      244140625,      1220703125,
    6103515625, 30517578125, 152587890625, 762939453125, 3814697265625, 19073486328125,
};

/* The double nearest to digits / 10^decimals. The quotient by 5^decimals is made with 63 bits or more, its
 * lowest says whether anything was cut off, so that the conversion to double rounds once and correctly. */
static double divide(uint64_t digits, size_t decimals)
{
    if (digits == 0) {
        return 0;
    }
    uint64_t n = digits, d = power_of_five[decimals];
    int exponent = -63 - (int)decimals;
    for (; n >> 63 == 0; n <<= 1) {
        exponent--;
    }
    for (; d >> 63 == 0; d <<= 1) {
        exponent++;
    }
    const uint128 scaled = (uint128)n << 63;
    const uint64_t quotient = (uint64_t)(scaled / d);
    return ldexp((double)(quotient | (scaled % d != 0)), exponent);
}

/* "412.5": sign, up to 19 digits, a point among them; read without a second look. Up to 15 digits both they
 * and the power of ten are exact doubles, so that one division rounds correctly. False: the general reader
 * must look. */
static bool read_plain_number(struct reader *r, double *out)
{
    const char *p = r->at, *const end = r->end;
    const bool negative = p < end && *p == '-';
    p += negative;

    uint64_t digits = 0;
    const char *const from = p;
    while (p < end && (unsigned char)(*p - '0') <= 9) {
        digits = 10 * digits + (unsigned char)(*p++ - '0');
    }
    size_t n = (size_t)(p - from), decimals = 0;
    if (n == 0) {
        return false;
    }
    if (p < end && *p == '.') {
        const char *const point = p++;
        while (p < end && (unsigned char)(*p - '0') <= 9) {
            digits = 10 * digits + (unsigned char)(*p++ - '0');
        }
        decimals = (size_t)(p - point) - 1;
        n += decimals;
        if (decimals == 0) {
            return false;
        }
    }
    if (n > DIGITS_MAX || !at_delimiter(p, end)) {
        return false;
    }
    const double x = n <= EXACT_DIGITS ? (double)digits / power_of_ten[decimals] : divide(digits, decimals);
    *out = negative ? -x : x;
    r->at = p;
    return true;
}

static bool is_gap(struct field f)
{
    return f.n == 0 || (f.n == 3 && (memcmp(f.at, "nan", 3) == 0 || memcmp(f.at, "NaN", 3) == 0));
}

static enum gw_status read_value(struct reader *r, bool allow_gaps, double *out)
{
    if (read_plain_number(r, out)) {
        return GW_OK;
    }

    const char *const at = r->at;
    struct field f;
    const enum gw_status s = read_field(r, &f);
    if (s != GW_OK) {
        return s;
    }
    if (is_gap(f)) {
        *out = (double)NAN;
        return allow_gaps ? GW_OK : fail(r, GW_ERR_SYNTAX, at, "a value is missing");
    }
    char text[QUOTE_MAX + 4];
    if (gw_number_read(f.at, f.n, out) != f.n) {
        return fail(r, GW_ERR_SYNTAX, f.at, "\"%s\" is not a number", shown(f, text));
    }
    if (!isfinite(*out)) {
        return fail(r, GW_ERR_RANGE, f.at, "\"%s\" is too large for a number", shown(f, text));
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

static enum gw_status parse_time(const struct reader *r, struct field f, gw_time_us *out)
{
    char text[GW_CLOCK_TEXT_MAX], quote[QUOTE_MAX + 4];
    if (f.n == 0) {
        return fail(r, GW_ERR_SYNTAX, f.at, "a time is missing");
    }
    if (f.n < TIME_BYTES_MIN || f.n >= sizeof text || memchr(f.at, '\0', f.n) != NULL) {
        return fail(r, GW_ERR_SYNTAX, f.at, "\"%s\" is not a time", shown(f, quote));
    }
    memcpy(text, f.at, f.n);
    text[f.n] = '\0';
    struct gw_error clock;
    const enum gw_status s = gw_clock_parse(text, out, &clock);
    return s == GW_OK ? GW_OK : fail(r, s, f.at, "\"%s\": %s", shown(f, quote), clock.why);
}

/* "2023-06-01T00:15:00Z", the Z optional, of a day that is known or that the clock accepts. False: the
 * general reader must look, also at what is wrong. */
static bool read_plain_time(struct reader *r, gw_time_us *out)
{
    const char *const p = r->at;
    int64_t h, min, s;
    if (r->end - p < 20 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':' ||
        !two_digits(p + 11, 24, &h) || !two_digits(p + 14, 60, &min) || !two_digits(p + 17, 60, &s)) {
        return false;
    }
    const char *const next = p + 19 + (p[19] == 'Z');
    if (!at_delimiter(next, r->end)) {
        return false;
    }
    if (memcmp(r->date, p, sizeof r->date) != 0) {
        struct reader silent = *r;
        silent.err = NULL;
        if (parse_time(&silent, (struct field){p, sizeof r->date}, &r->date_unix_us) != GW_OK) {
            return false;
        }
        memcpy(r->date, p, sizeof r->date);
    }
    *out = r->date_unix_us + (60 * (60 * h + min) + s) * GW_US_PER_S;
    r->at = next;
    return true;
}

static enum gw_status read_time(struct reader *r, gw_time_us *out)
{
    if (read_plain_time(r, out)) {
        return GW_OK;
    }
    struct field f;
    const enum gw_status s = read_field(r, &f);
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
        return fail(r, GW_ERR_RANGE, at, "time %s does not lie after the row before", is);
    }
    gw_clock_print(due_us, due);
    gw_clock_print_span(base->step_us, step);
    return fail(r, GW_ERR_RANGE, at, "time is %s where %s is due: rows are %s apart, as the first two", is,
                due, step);
}

/* --- header and rows ---------------------------------------------------------------------------- */

static uint32_t count_columns(const struct reader *r)
{
    uint32_t n = 0;
    for (const char *p = r->at; p < r->end && *p != '\n' && n <= COLUMNS_MAX; p++) {
        n += *p == ',';
    }
    return n;
}

static enum gw_status read_name(struct reader *r, struct gw_csv *out, uint32_t column, struct gw_arena *arena)
{
    const char *const at = r->at;
    struct field f;
    const enum gw_status s = read_field(r, &f);
    if (s != GW_OK) {
        return s;
    }
    size_t bad;
    if (f.n == 0) {
        return fail(r, GW_ERR_SYNTAX, at, "a column without a name");
    }
    if (!gw_text_is_utf8(f.at, f.n, &bad)) {
        return fail(r, GW_ERR_SYNTAX, f.at, "a column's name is not UTF-8 text");
    }
    const char *name = gw_arena_text_n(arena, f.at, f.n);
    if (name == NULL) {
        return fail(r, GW_ERR_NOMEM, at, "no memory for the header");
    }
    for (uint32_t c = 0; c < column; c++) {
        if (strcmp(out->name[c], name) == 0) {
            return fail(r, GW_ERR_SYNTAX, f.at, "column %s stands twice", name);
        }
    }
    out->name[column] = name;
    return GW_OK;
}

static enum gw_status read_header(struct reader *r, struct gw_csv *out, struct gw_arena *arena)
{
    struct field first;
    enum gw_status s = read_field(r, &first);
    if (s != GW_OK) {
        return s;
    }
    if (first.n != 8 || memcmp(first.at, "time_utc", 8) != 0) {
        char quote[QUOTE_MAX + 4];
        return fail(
            r, GW_ERR_SYNTAX, first.at,
            "the first column is \"%s\" and must be time_utc: the UTC time at which a row's interval starts",
            shown(first, quote));
    }
    out->columns = count_columns(r);
    if (out->columns == 0) {
        return fail(r, GW_ERR_SYNTAX, r->at, "no column beside time_utc");
    }
    if (out->columns > COLUMNS_MAX) {
        return fail(r, GW_ERR_RANGE, r->at, "more than %d columns", (int)COLUMNS_MAX);
    }
    out->name = gw_arena_array(arena, out->columns, sizeof *out->name);
    out->series = gw_arena_array(arena, out->columns, sizeof *out->series);
    if (out->name == NULL || out->series == NULL) {
        return fail(r, GW_ERR_NOMEM, r->at, "no memory for the header");
    }
    for (uint32_t c = 0; c < out->columns && s == GW_OK; c++) {
        if (at_line_end(r)) {
            return fail(r, GW_ERR_SYNTAX, r->at, "a comma inside a column's name");
        }
        r->at++; /* the comma */
        s = read_name(r, out, c, arena);
    }
    if (s == GW_OK) {
        pass_line_end(r);
    }
    return s;
}

/* No fewer than the rows that follow. A row takes a line, a time and its commas, which also keeps the
 * memory within a small multiple of the file. */
static size_t bound_rows(const struct reader *r, uint32_t columns)
{
    size_t lines = 1;
    for (const char *p = r->at; (p = memchr(p, '\n', (size_t)(r->end - p))) != NULL; p++) {
        lines++;
    }
    const size_t by_bytes = (size_t)(r->end - r->at) / (columns + TIME_BYTES_MIN) + 1;
    return lines < by_bytes ? lines : by_bytes;
}

/* value[column * cap + row] */
static enum gw_status read_row(struct reader *r, bool allow_gaps, const struct gw_csv *csv, double *value,
                               size_t cap, size_t row)
{
    const char *const at = r->at;
    gw_time_us t_us;
    enum gw_status s = read_time(r, &t_us);
    if (s != GW_OK || (s = check_step(r, at, row, t_us, &csv->series[0])) != GW_OK) {
        return s;
    }
    for (uint32_t c = 0; c < csv->columns; c++) {
        if (at_line_end(r)) {
            return fail(r, GW_ERR_SYNTAX, r->at, "the row ends before column %s", csv->name[c]);
        }
        r->at++; /* the comma */
        s = read_value(r, allow_gaps, &value[c * cap + row]);
        if (s != GW_OK) {
            return s;
        }
        csv->series[c].missing += isnan(value[c * cap + row]) ? 1 : 0;
    }
    if (!at_line_end(r)) {
        return fail(r, GW_ERR_SYNTAX, r->at, "more fields than the header has columns");
    }
    pass_line_end(r);
    return GW_OK;
}

static enum gw_status read_rows(struct reader *r, bool allow_gaps, struct gw_csv *csv, struct gw_arena *arena)
{
    const size_t cap = bound_rows(r, csv->columns);
    double *value = gw_arena_array(arena, cap * csv->columns, sizeof *value);
    if (value == NULL) {
        return fail(r, GW_ERR_NOMEM, r->at, "no memory for %zu rows", cap);
    }

    size_t rows = 0;
    bool blank = skip_empty_lines(r);
    while (r->at < r->end) {
        if (blank && rows > 0) {
            return fail(r, GW_ERR_SYNTAX, r->at, "a blank line before this row");
        }
        GW_REQUIRE(rows < cap);
        const enum gw_status s = read_row(r, allow_gaps, csv, value, cap, rows);
        if (s != GW_OK) {
            return s;
        }
        rows++;
        blank = r->at < r->end && (unsigned char)(*r->at - '0') > 9 && skip_empty_lines(r);
    }
    if (rows < 2) {
        return fail(r, GW_ERR_SYNTAX, r->at, "%s: two are needed to know the step",
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
    struct reader r = {.at = bytes, .end = bytes + n, .line_at = bytes, .line = 1, .name = name, .err = err};
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        r.at += 3;
        r.line_at += 3;
    }
    *out = csv;

    (void)skip_empty_lines(&r);
    if (r.at == r.end) {
        return fail(&r, GW_ERR_SYNTAX, r.at, "the file is empty");
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
