#include "traces/trace_csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"
#include "traces/scan.h"
#include "traces/trace_clock.h"
#include "traces/trace_format.h"

enum {
    COLUMNS_MAX = 1024,
    HEADER_MAX = 256,
    NAME_MAX_BYTES = 128,
};

struct plan {
    enum gw_trace_role role;
    uint32_t slot;
    double scale;
    const char *only;
};

struct reader {
    struct gw_scan scan;
    const struct gw_trace_options *options;
    const struct gw_trace_format *format;
    struct gw_trace *trace;
    struct gw_trace_rows *rows;
    struct gw_arena *arena;
    struct gw_error *err;

    struct plan *plan;
    uint32_t fields;       /* of the header, up to the last that is read */
    uint32_t first_value;  /* a row must reach this field */
    const char *long_name; /* of a long form's columns */
    uint32_t columns_cap;  /* room in trace->column */
    struct gw_trace_stamps stamps;
    struct gw_trace_clock clock;
    bool has_clock, naive, counted_s;
    gw_time_us last_us;
    uint64_t skipped, skipped_line; /* times that the clock does not show */
    double *value;                  /* of the row being read */
};

/* What a row says beside its values. */
struct row {
    gw_time_us t_us;
    bool zoned, second, left_out, estimated;
    uint32_t column;
};

static enum gw_status no_memory(const struct reader *r)
{
    return gw_fail(r->err, GW_ERR_NOMEM, r->trace->file, "out of memory");
}

static bool matches_any(const char *patterns, struct gw_scan_field f)
{
    char text[64], one[64];
    gw_trace_format_fold(f.at, f.n, text, sizeof text);
    for (const char *p = patterns;; p++) {
        const size_t n = strcspn(p, "|");
        snprintf(one, sizeof one, "%.*s", (int)n, p);
        if (gw_trace_format_match(one, text, NULL, NULL)) {
            return true;
        }
        p += n;
        if (*p == '\0') {
            return false;
        }
    }
}

/* --- header ------------------------------------------------------------------------------------- */

static enum gw_status check_name(const struct reader *r, const char *name)
{
    size_t bad;
    return gw_text_is_utf8(name, strlen(name), &bad) && !gw_text_has_control(name)
               ? GW_OK
               : gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.line_at,
                              "the name of a column is not UTF-8 text, or too long");
}

/* The column of that name, made when it is not there; UINT32_MAX when memory or room is out. */
static uint32_t column_slot(struct reader *r, const char *name)
{
    struct gw_trace *t = r->trace;
    for (uint32_t c = 0; c < t->columns; c++) {
        if (strcmp(t->column[c].name, name) == 0) {
            return c;
        }
    }
    if (t->columns == r->columns_cap) {
        return UINT32_MAX;
    }
    const char *copy = gw_arena_text(r->arena, name);
    if (copy == NULL) {
        return UINT32_MAX;
    }
    t->column[t->columns] = (struct gw_trace_column){.name = copy};
    return t->columns++;
}

/* CarbonCast says in the name of the file alone what its intensity is. */
static const char *basis_of(const char *file)
{
    return strstr(file, "lifecycle") != NULL ? "lifecycle" : strstr(file, "direct") != NULL ? "direct" : NULL;
}

static enum gw_status plan_value(struct reader *r, const struct gw_trace_rule *rule, const char *header,
                                 struct plan *plan)
{
    char name[NAME_MAX_BYTES], full[NAME_MAX_BYTES];
    const char *star = "";
    size_t star_n = 0;
    plan->scale = 1;
    if (rule == NULL) {
        if (!gw_trace_format_generic(header, r->options->unit, name, sizeof name, &plan->scale)) {
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.line_at,
                                "column \"%.40s\" does not say its unit; give one, such as g/kWh", header);
        }
    } else {
        (void)gw_trace_format_match(rule->pattern, header, &star, &star_n);
        gw_trace_format_name(rule->name, star, star_n, name, sizeof name);
        plan->scale = rule->scale == 0 ? 1 : rule->scale;
    }
    char *at = strchr(name, '@');
    if (at != NULL) {
        const char *basis = basis_of(r->trace->file);
        if (basis == NULL) {
            return gw_scan_fail(
                &r->scan, GW_ERR_SYNTAX, r->scan.line_at,
                "whether the intensity is direct or lifecycle stands in the file's name, which lost it");
        }
        snprintf(full, sizeof full, "%.*s%s%s", (int)(at - name), name, basis, at + 1);
        memcpy(name, full, sizeof name);
    }
    const enum gw_status s = check_name(r, name);
    if (s != GW_OK) {
        return s;
    }
    const uint32_t before = r->trace->columns;
    plan->role = GW_TRACE_VALUE;
    plan->slot = column_slot(r, name);
    if (plan->slot == UINT32_MAX) {
        return no_memory(r);
    }
    return plan->slot == before
               ? GW_OK
               : gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.line_at, "two columns are %s", name);
}

static enum gw_status plan_time(struct reader *r, const char *clock, const char *header)
{
    if (r->options->clock != NULL && clock == NULL) {
        clock = r->options->clock;
    }
    if (clock == NULL && r->format->rules->pattern == NULL && strstr(header, "utc") != NULL) {
        clock = "UTC";
    }
    if (clock != NULL) {
        r->has_clock = gw_trace_clock_find(clock, &r->clock);
        if (!r->has_clock) {
            return gw_fail(r->err, GW_ERR_UNKNOWN, r->trace->file, "there is no clock \"%.40s\" here", clock);
        }
    }
    return GW_OK;
}

static enum gw_status plan_column(struct reader *r, uint32_t i, const char *header, bool *timed)
{
    struct plan *plan = &r->plan[i];
    const bool generic = r->format->rules->pattern == NULL;
    const struct gw_trace_rule *rule = gw_trace_format_rule(r->format, header);
    plan->role = rule == NULL ? GW_TRACE_SKIP : rule->role;
    if (generic) {
        plan->role = i == 0 ? GW_TRACE_TIME : header[0] == '\0' ? GW_TRACE_SKIP : GW_TRACE_VALUE;
    }
    enum gw_status s = GW_OK;
    if (plan->role == GW_TRACE_TIME && *timed) {
        plan->role = GW_TRACE_SKIP;
    } else if (plan->role == GW_TRACE_TIME) {
        *timed = true;
        s = plan_time(r, rule == NULL ? NULL : rule->name, header);
    } else if (plan->role == GW_TRACE_VALUE && r->long_name == NULL) {
        r->first_value = r->first_value == 0 ? i : r->first_value;
        s = plan_value(r, rule, header, plan);
    } else if (plan->role == GW_TRACE_VALUE) {
        r->first_value = i;
        plan->scale = 1;
    } else if (plan->role == GW_TRACE_ONLY) {
        plan->only = rule->name;
    }
    r->fields = plan->role == GW_TRACE_SKIP ? r->fields : i + 1;
    return s;
}

static enum gw_status plan_columns(struct reader *r, const char *const *header, uint32_t n)
{
    r->format = gw_trace_format_detect(header, n);
    if (r->format == NULL) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.line_at,
                            "a header with time and values is needed");
    }
    r->trace->format = r->format->name;
    r->stamps.day_first = r->format->day_first;
    for (const struct gw_trace_rule *rule = r->format->rules; rule->pattern != NULL; rule++) {
        r->long_name = rule->role == GW_TRACE_NAME ? rule->name : r->long_name;
    }
    r->columns_cap = r->long_name != NULL ? COLUMNS_MAX : n;
    r->plan = gw_arena_array(r->arena, n, sizeof *r->plan);
    r->trace->column = gw_arena_array(r->arena, r->columns_cap, sizeof *r->trace->column);
    r->value = gw_arena_array(r->arena, n, sizeof *r->value);
    if (r->plan == NULL || r->trace->column == NULL || r->value == NULL) {
        return no_memory(r);
    }
    bool timed = false;
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < n && s == GW_OK; i++) {
        s = plan_column(r, i, header[i], &timed);
    }
    r->rows->width = r->long_name != NULL ? 1 : r->trace->columns;
    if (s == GW_OK && r->rows->width == 0) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.line_at, "no column of values");
    }
    return s;
}

static enum gw_status read_header(struct reader *r)
{
    (void)gw_scan_skip_blank(&r->scan);
    r->scan.separator = gw_scan_guess_separator(&r->scan);
    const char **header = gw_arena_array(r->arena, COLUMNS_MAX, sizeof *header);
    if (header == NULL) {
        return no_memory(r);
    }
    uint32_t n = 0;
    for (bool more = true; more; n++) {
        struct gw_scan_field f;
        const enum gw_status s = gw_scan_field(&r->scan, &f);
        if (s != GW_OK) {
            return s;
        }
        char folded[HEADER_MAX];
        gw_trace_format_fold(f.at, f.n, folded, sizeof folded);
        if (n == COLUMNS_MAX) {
            return gw_scan_fail(&r->scan, GW_ERR_RANGE, r->scan.at, "more than %d columns", COLUMNS_MAX);
        }
        header[n] = gw_arena_text(r->arena, folded);
        if (header[n] == NULL) {
            return no_memory(r);
        }
        more = !gw_scan_at_line_end(&r->scan);
        r->scan.at += more;
    }
    const enum gw_status s = plan_columns(r, header, n);
    gw_scan_pass_line(&r->scan);
    return s;
}

/* --- values ------------------------------------------------------------------------------------- */

static bool is_missing(struct gw_scan_field f)
{
    static const char *const words[] = {"", "-", "--", "nan", "n/e", "n/a", "na", "null", "none"};
    char text[8];
    if (f.n >= sizeof text) {
        return false;
    }
    gw_trace_format_fold(f.at, f.n, text, sizeof text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static enum gw_status read_value(struct reader *r, double *out)
{
    if (gw_scan_number(&r->scan, out)) {
        return GW_OK;
    }
    struct gw_scan_field f;
    const enum gw_status s = gw_scan_field(&r->scan, &f);
    if (s != GW_OK) {
        return s;
    }
    if (is_missing(f)) {
        *out = (double)NAN;
        return GW_OK;
    }
    char text[64], quote[GW_SCAN_SHOWN_MAX + 4];
    size_t n = 0;
    for (size_t i = 0; i < f.n && n < sizeof text; i++) {
        if (f.at[i] != ',') { /* of thousands */
            text[n++] = f.at[i];
        }
    }
    if (n == 0 || !gw_scan_field_number((struct gw_scan_field){text, n}, out)) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "\"%s\" is not a number", gw_scan_shown(f, quote));
    }
    if (!isfinite(*out)) {
        return gw_scan_fail(&r->scan, GW_ERR_RANGE, f.at, "\"%s\" is too large for a number",
                            gw_scan_shown(f, quote));
    }
    return GW_OK;
}

/* --- times -------------------------------------------------------------------------------------- */

/* Seconds since 1970, or from an unknown start; milliseconds when there are so many. */
static bool read_count(struct reader *r, struct gw_scan_field f, gw_time_us *us)
{
    double x;
    if (r->format->rules->pattern != NULL || f.n == 0 || !gw_scan_field_number(f, &x) || !(x >= 0) ||
        x > 1e14) {
        return false;
    }
    r->counted_s = r->counted_s || x < 1e8;
    *us = (gw_time_us)llround(x < 1e11 ? x * 1e6 : x * 1e3);
    return true;
}

/* "01.01.2024 00:00 - 01.01.2024 01:00 (UTC)": the start, and the clock when it stands there. */
static enum gw_status cut_interval(struct reader *r, struct gw_scan_field *f)
{
    for (size_t i = 0; i + 2 < f->n; i++) {
        if (memcmp(f->at + i, " - ", 3) != 0) {
            continue;
        }
        const char *open = memchr(f->at + i, '(', f->n - i);
        const char *close = f->at + f->n - 1;
        if (open != NULL && *close == ')' && !r->has_clock) {
            char name[32];
            snprintf(name, sizeof name, "%.*s", (int)(close - open - 1 < 31 ? close - open - 1 : 31),
                     open + 1);
            r->has_clock = gw_trace_clock_find(name, &r->clock);
            if (!r->has_clock) {
                return gw_scan_fail(&r->scan, GW_ERR_UNKNOWN, open, "there is no clock \"%s\" here", name);
            }
        }
        f->n = i;
        break;
    }
    return GW_OK;
}

static enum gw_status read_time(struct reader *r, struct gw_scan_field f, struct row *row)
{
    char quote[GW_SCAN_SHOWN_MAX + 4];
    enum gw_status s = cut_interval(r, &f);
    if (s != GW_OK) {
        return s;
    }
    if (gw_trace_clock_read(&r->stamps, f.at, f.n, &row->t_us, &row->zoned)) {
        return GW_OK;
    }
    if (read_count(r, f, &row->t_us)) {
        row->zoned = true;
        return GW_OK;
    }
    return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at,
                        f.n == 0 ? "a time is missing%s" : "\"%s\" is not a time",
                        f.n == 0 ? "" : gw_scan_shown(f, quote));
}

/* "01:00" to "24:00", or 1 to `max`: the part of a day or hour that ends there; gives its start. */
static enum gw_status read_part(struct reader *r, struct gw_scan_field f, int max, gw_time_us part_us,
                                gw_time_us *t_us)
{
    const char *colon = f.n == 0 ? NULL : memchr(f.at, ':', f.n);
    const size_t n = colon == NULL ? f.n : (size_t)(colon - f.at);
    double x;
    char quote[GW_SCAN_SHOWN_MAX + 4];
    if (n == 0 || !gw_scan_field_number((struct gw_scan_field){f.at, n}, &x) || !(x >= 1 && x <= max) ||
        x != floor(x)) {
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "\"%s\" is not a number from 1 to %d",
                            gw_scan_shown(f, quote), max);
    }
    *t_us += (gw_time_us)(x - 1) * part_us;
    return GW_OK;
}

/* UTC of the start of the row's interval. */
static void place_row(struct reader *r, struct row *row)
{
    if (!row->zoned && r->has_clock) {
        bool again = row->second, skipped = false;
        gw_time_us us = gw_trace_clock_utc(&r->clock, row->t_us, again, &skipped);
        /* a clock that shows an hour twice shows it the second time behind the first */
        again = r->long_name == NULL ? us <= r->last_us : us < r->last_us;
        if (again && gw_trace_clock_twice(&r->clock, row->t_us)) {
            us = gw_trace_clock_utc(&r->clock, row->t_us, true, &skipped);
        }
        r->skipped_line = skipped && r->skipped++ == 0 ? (uint32_t)r->scan.line : r->skipped_line;
        row->t_us = us;
    } else if (!row->zoned) {
        r->naive = true;
    }
    r->last_us = row->t_us;
    row->t_us -= r->format->ending_us;
}

/* --- rows --------------------------------------------------------------------------------------- */

static enum gw_status read_area(struct reader *r, struct gw_scan_field f, struct row *row)
{
    const char *const wanted = r->options->area != NULL ? r->options->area : r->trace->area;
    if (wanted == NULL) {
        r->trace->area = gw_arena_text_n(r->arena, f.at, f.n);
        return r->trace->area != NULL ? GW_OK : no_memory(r);
    }
    if (strlen(wanted) == f.n && memcmp(wanted, f.at, f.n) == 0) {
        r->trace->area = wanted;
        return GW_OK;
    }
    if (r->options->area == NULL) {
        char a[GW_SCAN_SHOWN_MAX + 4], b[GW_SCAN_SHOWN_MAX + 4];
        return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, f.at, "a row of %s after rows of %s: choose an area",
                            gw_scan_shown(f, a),
                            gw_scan_shown((struct gw_scan_field){wanted, strlen(wanted)}, b));
    }
    row->left_out = true;
    return GW_OK;
}

static enum gw_status read_long_name(struct reader *r, struct gw_scan_field f, struct row *row)
{
    char folded[64], name[NAME_MAX_BYTES];
    gw_trace_format_fold(f.at, f.n, folded, sizeof folded);
    gw_trace_format_name(r->long_name, folded, strlen(folded), name, sizeof name);
    const enum gw_status s = check_name(r, name);
    if (s != GW_OK) {
        return s;
    }
    row->column = column_slot(r, name);
    return row->column != UINT32_MAX ? GW_OK : no_memory(r);
}

/* A percentage is divided: 41 / 100 is the double nearest to 0.41, 41 * 0.01 is not. */
static double scaled(double x, double scale)
{
    return scale == 0.01 ? x / 100 : scale == 1 ? x : x * scale;
}

static enum gw_status read_cell(struct reader *r, const struct plan *plan, struct row *row)
{
    if (plan->role == GW_TRACE_VALUE) {
        double *const to = &r->value[plan->slot];
        const char *const at = r->scan.at;
        const enum gw_status s = read_value(r, to);
        if (s == GW_OK) {
            *to = scaled(*to, plan->scale);
        }
        return s != GW_OK || !isinf(*to) ? s
                                         : gw_scan_fail(&r->scan, GW_ERR_RANGE, at, "the value is too large");
    }
    if (plan->role == GW_TRACE_SKIP) {
        return gw_scan_skip(&r->scan);
    }
    struct gw_scan_field f;
    const enum gw_status s = gw_scan_field(&r->scan, &f);
    if (s != GW_OK) {
        return s;
    }
    switch (plan->role) {
    case GW_TRACE_TIME:
        return read_time(r, f, row);
    case GW_TRACE_HOUR_ENDING:
        return read_part(r, f, 24, GW_US_PER_H, &row->t_us);
    case GW_TRACE_INTERVAL:
        return read_part(r, f, 4, GW_US_PER_H / 4, &row->t_us);
    case GW_TRACE_SECOND:
        row->second = f.n == 1 && (*f.at == 'Y' || *f.at == 'y');
        return GW_OK;
    case GW_TRACE_AREA:
        return read_area(r, f, row);
    case GW_TRACE_ONLY:
        row->left_out = row->left_out || !matches_any(plan->only, f);
        return GW_OK;
    case GW_TRACE_ESTIMATE:
        row->estimated = f.n > 0 && (*f.at == 't' || *f.at == 'T' || *f.at == '1');
        return GW_OK;
    case GW_TRACE_NAME:
        return read_long_name(r, f, row);
    default:
        return GW_OK;
    }
}

static enum gw_status read_row(struct reader *r)
{
    struct row row = {0};
    for (uint32_t c = 0; c < r->rows->width; c++) {
        r->value[c] = (double)NAN;
    }
    for (uint32_t i = 0; i < r->fields && !row.left_out; i++) {
        if (i > 0 && gw_scan_at_line_end(&r->scan)) {
            if (i > r->first_value) {
                break;
            }
            return gw_scan_fail(&r->scan, GW_ERR_SYNTAX, r->scan.at, "the row ends after %u fields",
                                (unsigned)i);
        }
        r->scan.at += i > 0;
        const enum gw_status s = read_cell(r, &r->plan[i], &row);
        if (s != GW_OK) {
            return s;
        }
    }
    if (!row.left_out) {
        place_row(r, &row);
        struct gw_trace_row *at = gw_trace_rows_add(r->rows, row.t_us, (uint32_t)r->scan.line);
        if (at == NULL) {
            return no_memory(r);
        }
        at->column = row.column;
        memcpy(at->value, r->value, r->rows->width * sizeof *r->value);
        r->trace->estimated += row.estimated;
    }
    gw_scan_pass_line(&r->scan);
    return GW_OK;
}

static bool note_times(struct reader *r)
{
    bool ok = true;
    if (r->naive) {
        ok = gw_trace_add(r->trace, r->arena, GW_TRACE_TIME_BASE, GW_TRACE_NOTE, NULL, r->rows->n, 0,
                          "stamps say no zone and no clock was given: read as UTC");
    }
    if (ok && r->counted_s) {
        ok = gw_trace_add(r->trace, r->arena, GW_TRACE_TIME_BASE, GW_TRACE_NOTE, NULL, r->rows->n, 0,
                          "times count seconds from a start that the file does not say: read as from 1970");
    }
    if (ok && r->skipped > 0) {
        ok = gw_trace_add(r->trace, r->arena, GW_TRACE_DAYLIGHT, GW_TRACE_REPAIR, NULL, r->skipped,
                          r->skipped_line, "times that the clock skips in spring; read as standard time");
    }
    if (ok && r->format->note != NULL) {
        ok = gw_trace_add(r->trace, r->arena, GW_TRACE_UNIT, GW_TRACE_NOTE, NULL, r->rows->n, 0, "%s",
                          r->format->note);
    }
    return ok;
}

enum gw_status gw_trace_csv_read(const char *bytes, size_t n, const struct gw_trace_options *options,
                                 struct gw_trace *trace, struct gw_trace_rows *rows, bool *naive,
                                 struct gw_arena *arena, struct gw_error *err)
{
    struct reader r = {
        .options = options, .trace = trace, .rows = rows, .arena = arena, .err = err, .last_us = INT64_MIN};
    gw_scan_init(&r.scan, bytes, n, trace->file, err);
    trace->line_word = "line";
    enum gw_status s = read_header(&r);
    for ((void)gw_scan_skip_blank(&r.scan); s == GW_OK && !gw_scan_ended(&r.scan);
         (void)gw_scan_skip_blank(&r.scan)) {
        s = read_row(&r);
    }
    if (s == GW_OK && rows->n == 0 && options->area != NULL) {
        s = gw_fail(err, GW_ERR_UNKNOWN, trace->file, "no rows of \"%.60s\"", options->area);
    }
    if (s == GW_OK && !note_times(&r)) {
        s = no_memory(&r);
    }
    *naive = r.naive;
    return s;
}
