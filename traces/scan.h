/* traces/scan.h - fields of a text of separated lines, one after the other: what every reader of CSV stands
 * on.
 *
 *   gw_scan_init(&scan, bytes, n, "ci.csv", err);
 *   while (gw_scan_skip_blank(&scan), !gw_scan_ended(&scan)) {
 *       s = gw_scan_field(&scan, &f);                 scan.at stands on the separator or the line's end
 *       ...
 *       gw_scan_pass_line(&scan);
 *   }
 *
 * Blanks around a field, quotes about it, CRLF and a byte order mark are taken off; a quote inside quotes is
 * written twice and stays doubled. Nothing is copied: fields point into the text. Line numbers go on over
 * texts that are read in parts (gw_scan_more). */
#ifndef GW_TRACES_SCAN_H
#define GW_TRACES_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

struct gw_scan {
    const char *at, *end;
    const char *line_at; /* where the current line starts */
    uint64_t line;       /* from 1 */
    char separator;      /* a comma unless the caller sets another */
    const char *name;    /* of the file, for messages */
    struct gw_error *err;
};

struct gw_scan_field {
    const char *at;
    size_t n;
};

void gw_scan_init(struct gw_scan *self, const char *bytes, size_t n, const char *name, struct gw_error *err);

/* Further whole lines of the same file. */
void gw_scan_more(struct gw_scan *self, const char *bytes, size_t n);

/* A comma, or a semicolon or tab when the line ahead holds no comma. */
char gw_scan_guess_separator(const struct gw_scan *self);

static inline bool gw_scan_ended(const struct gw_scan *self)
{
    return self->at == self->end;
}

/* On the end of a line (LF or CRLF) or of the text. A CR elsewhere ends nothing. */
bool gw_scan_at_line_end(const struct gw_scan *self);

/* To the start of the next line. */
void gw_scan_pass_line(struct gw_scan *self);

/* Over blank lines and comments (#); true when there was a blank one. */
bool gw_scan_skip_blank(struct gw_scan *self);

/* The next field. GW_ERR_SYNTAX for a quote that is not closed on its line, or text behind a closing one. */
GW_MUST_USE enum gw_status gw_scan_field(struct gw_scan *self, struct gw_scan_field *out);

/* Over a field of which nothing is wanted. */
GW_MUST_USE enum gw_status gw_scan_skip(struct gw_scan *self);

/* "-412.5": sign, digits with a point among them, up to 19, correctly rounded; or whole and without a sign.
 * False, and nothing is read: the field is empty, quoted, padded or no such number. */
bool gw_scan_number(struct gw_scan *self, double *out);
bool gw_scan_whole(struct gw_scan *self, uint64_t *out);

/* "12345.678" in a field already cut out; as gw_scan_number, but any number. */
bool gw_scan_field_number(struct gw_scan_field field, double *out);

/* Fails with "name:line:column" of `at`. */
enum gw_status gw_scan_fail(const struct gw_scan *self, enum gw_status s, const char *at, const char *fmt,
                            ...) GW_PRINTF(4, 5);

/* A field as a message may show it: cut, and without bytes that would upset a terminal. */
enum { GW_SCAN_SHOWN_MAX = 24 };
const char *gw_scan_shown(struct gw_scan_field field, char out[GW_SCAN_SHOWN_MAX + 4]);

#endif
