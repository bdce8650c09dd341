#include "traces/lines.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/number.h"

void gw_lines_init(struct gw_lines *self, const char *bytes, size_t n, const char *name)
{
    const bool marked = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    *self = (struct gw_lines){.at = bytes + (marked ? 3 : 0), .end = bytes + n, .name = name};
}

static bool is_padding(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '"';
}

static struct gw_lines_field trim(const char *from, const char *to)
{
    while (from < to && is_padding(*from)) {
        from++;
    }
    while (to > from && is_padding(to[-1])) {
        to--;
    }
    return (struct gw_lines_field){from, (size_t)(to - from)};
}

/* A comma between quotes parts nothing. */
static const char *field_end(const char *at, const char *end)
{
    bool quoted = false;
    while (at < end && (quoted || *at != ',')) {
        quoted ^= *at == '"';
        at++;
    }
    return at;
}

bool gw_lines_next(struct gw_lines *self)
{
    if (self->at >= self->end) {
        return false;
    }
    const char *newline = memchr(self->at, '\n', (size_t)(self->end - self->at));
    const char *end = newline == NULL ? self->end : newline;
    self->n = 0;
    for (const char *p = self->at; self->n < GW_LINES_FIELDS_MAX; p++) {
        const char *to = field_end(p, end);
        self->field[self->n++] = trim(p, to);
        if (to == end) {
            break;
        }
        p = to;
    }
    self->number++;
    self->at = newline == NULL ? self->end : newline + 1;
    return true;
}

double gw_lines_number(const struct gw_lines *self, size_t field)
{
    double x;
    if (field >= self->n || self->field[field].n == 0) {
        return (double)NAN;
    }
    const struct gw_lines_field *f = &self->field[field];
    return gw_number_read(f->at, f->n, &x) == f->n && isfinite(x) ? x : (double)NAN;
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
    snprintf(e.where, sizeof e.where, "%s:%llu", self->name, (unsigned long long)self->number);
    va_list args;
    va_start(args, fmt);
    vsnprintf(e.why, sizeof e.why, fmt, args);
    va_end(args);
    return gw_fail(err, s, e.where, "%s", e.why);
}
