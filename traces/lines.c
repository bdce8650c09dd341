#include "traces/lines.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void gw_lines_init(struct gw_lines *self, const char *bytes, size_t n, const char *name)
{
    self->number = 0;
    self->n = 0;
    gw_scan_init(&self->scan, bytes, n, name, NULL);
}

bool gw_lines_next(struct gw_lines *self)
{
    struct gw_scan *scan = &self->scan;
    if (gw_scan_ended(scan)) {
        return false;
    }
    self->n = 0;
    for (bool more = true; more && self->n < GW_LINES_FIELDS_MAX;) {
        const char *const from = scan->at;
        struct gw_scan_field *field = &self->field[self->n++];
        if (gw_scan_field(scan, field) != GW_OK) {
            const char *newline = memchr(from, '\n', (size_t)(scan->end - from));
            *field = (struct gw_scan_field){from, (size_t)((newline != NULL ? newline : scan->end) - from)};
            break;
        }
        more = !gw_scan_at_line_end(scan);
        scan->at += more;
    }
    gw_scan_pass_line(scan);
    self->number++;
    return true;
}

double gw_lines_number(const struct gw_lines *self, size_t field)
{
    double x;
    return field < self->n && gw_scan_field_number(self->field[field], &x) && isfinite(x) ? x : (double)NAN;
}

bool gw_lines_is(const struct gw_lines *self, size_t field, const char *text)
{
    return gw_lines_begins(self, field, text) && self->field[field].n == strlen(text);
}

bool gw_lines_begins(const struct gw_lines *self, size_t field, const char *text)
{
    const size_t n = strlen(text);
    return field < self->n && self->field[field].n >= n && memcmp(self->field[field].at, text, n) == 0;
}

size_t gw_lines_find(const struct gw_lines *self, const char *text)
{
    size_t i = 0;
    while (i < self->n && !gw_lines_begins(self, i, text)) {
        i++;
    }
    return i;
}

enum gw_status gw_lines_fail(const struct gw_lines *self, struct gw_error *err, enum gw_status s,
                             const char *fmt, ...)
{
    struct gw_error e;
    snprintf(e.where, sizeof e.where, "%s:%llu", self->scan.name, (unsigned long long)self->number);
    va_list args;
    va_start(args, fmt);
    vsnprintf(e.why, sizeof e.why, fmt, args);
    va_end(args);
    return gw_fail(err, s, e.where, "%s", e.why);
}
