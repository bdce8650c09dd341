/* sim/base/text.h - a growing string: messages, YAML dumps, tables, CSV rows.
 *
 * An allocation failure is remembered in `failed` and later calls do nothing, so that a caller
 * checks once at the end. `at` is always NUL-terminated once anything was added. */
#ifndef GW_SIM_BASE_TEXT_H
#define GW_SIM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/status.h"

struct gw_text {
    char *at;
    size_t n, cap;
    bool failed;
};

/* A zeroed struct is valid and empty. */
void gw_text_fini(struct gw_text *self);
void gw_text_add(struct gw_text *self, const char *text);
void gw_text_add_n(struct gw_text *self, const char *bytes, size_t n);
void gw_text_addf(struct gw_text *self, const char *fmt, ...) GW_PRINTF(2, 3);
/* The shortest decimal form that reads back as the same double (see number.h). */
void gw_text_add_number(struct gw_text *self, double x);
/* `text` as a JSON string with its quotes. */
void gw_text_add_json(struct gw_text *self, const char *text);

/* Columns a terminal needs for UTF-8 text (each code point counts one). */
size_t gw_text_columns(const char *utf8);

/* True when every byte sequence is well-formed UTF-8 without NUL; else *bad_offset is its first bad byte. */
bool gw_text_is_utf8(const char *bytes, size_t n, size_t *bad_offset);

/* True when there is a C0 or C1 control character in the text: it would break a table or steer a terminal. */
bool gw_text_has_control(const char *utf8);

/* Edits (insert, delete, replace, swap of neighbours) between two names, cut off at `limit + 1`. Made for
 * names: what differs in more than 127 bytes is `limit + 1` apart. */
unsigned gw_text_distance(const char *a, const char *b, unsigned limit);

/* ` (did you mean "x"?)` for the end of a message; empty when there is no nearest. */
struct gw_text_hint {
    char text[120];
};
struct gw_text_hint gw_text_hint(const char *nearest);

/* The candidate nearest to `name`, or NULL when none is near enough to be a typo of it. */
const char *gw_text_nearest(const char *name, const char *const *candidate, size_t n);

#endif
