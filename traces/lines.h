/* traces/lines.h - a text of comma-separated lines, one at a time: for readers of other people's formats.
 *
 * Blanks and quotes around a field, CRLF and a byte order mark are taken off. */
#ifndef GW_TRACES_LINES_H
#define GW_TRACES_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

enum { GW_LINES_FIELDS_MAX = 128 };

struct gw_lines_field {
    const char *at;
    size_t n;
};

struct gw_lines {
    const char *at, *end;
    const char *name; /* of the file, for messages */
    uint64_t number;  /* of the line last read, from 1 */
    size_t n;         /* its fields; further ones are cut off */
    struct gw_lines_field field[GW_LINES_FIELDS_MAX];
};

void gw_lines_init(struct gw_lines *self, const char *bytes, size_t n, const char *name);

/* Reads a line, an empty one has one empty field; false at the end. */
bool gw_lines_next(struct gw_lines *self);

/* A number, or NAN when the line has no such field, it is empty or not a number. */
double gw_lines_number(const struct gw_lines *self, size_t field);

/* True when the field reads exactly, or begins, so. */
bool gw_lines_is(const struct gw_lines *self, size_t field, const char *text);
bool gw_lines_begins(const struct gw_lines *self, size_t field, const char *text);

/* The first field that begins with `text`, self->n when there is none. */
size_t gw_lines_find(const struct gw_lines *self, const char *text);

/* Fails with "name:line" as where. */
enum gw_status gw_lines_fail(const struct gw_lines *self, struct gw_error *err, enum gw_status s,
                             const char *fmt, ...) GW_PRINTF(4, 5);

#endif
