/* traces/lines.h - a line of a text of comma-separated lines as a whole, with its fields numbered: for
 * readers of formats whose fields are known by their place.
 *
 * Fields are those of scan.h; one that is not well formed is taken as it stands. */
#ifndef GW_TRACES_LINES_H
#define GW_TRACES_LINES_H

#include "traces/scan.h"

enum { GW_LINES_FIELDS_MAX = 128 };

struct gw_lines {
    struct gw_scan scan;
    uint64_t number; /* of the line last read, from 1 */
    size_t n;        /* its fields; further ones are cut off */
    struct gw_scan_field field[GW_LINES_FIELDS_MAX];
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
