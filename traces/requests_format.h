/* traces/requests_format.h - what the columns or keys of request traces are called, one row of a table each.
 *
 * Names are compared in lower case with single blanks. A format is recognised when all the names it must have
 * are there; of several the first in the table counts. `generic` has synonyms for each role. */
#ifndef GW_TRACES_REQUESTS_FORMAT_H
#define GW_TRACES_REQUESTS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/status.h"

enum gw_requests_role {
    GW_REQUESTS_IGNORED,
    GW_REQUESTS_TIME,
    GW_REQUESTS_IN_TOK,
    GW_REQUESTS_OUT_TOK,
    GW_REQUESTS_BLOCKS, /* ids of the prompt's blocks of tokens */
    /* of a client table */
    GW_REQUESTS_CLIENT,
    GW_REQUESTS_WINDOW_S,
    GW_REQUESTS_RATE,
    GW_REQUESTS_PATTERN,
    GW_REQUESTS_SHAPE,
    GW_REQUESTS_ROLES,
};

/* How a time is written; ANY: a number counts seconds, anything else is a stamp. */
enum gw_requests_time { GW_REQUESTS_ANY, GW_REQUESTS_STAMP, GW_REQUESTS_S, GW_REQUESTS_MS, GW_REQUESTS_US };

struct gw_requests_rule {
    const char *name; /* NULL ends a table */
    enum gw_requests_role role;
    enum gw_requests_time time;
};

struct gw_requests_format {
    const char *name, *title; /* NULL ends the table */
    const struct gw_requests_rule *rules;
    unsigned block_tok; /* tokens per block id */
};

extern const struct gw_requests_format gw_requests_format_table[];

/* A role must be filled for the format to fit: time and both lengths, or all of a client table. */
const struct gw_requests_format *gw_requests_format_detect(const char *const *name, size_t n);
const struct gw_requests_format *gw_requests_format_find(const char *format);
bool gw_requests_format_fits(const struct gw_requests_format *self, const char *const *name, size_t n);

/* The rule for a folded name, or NULL. */
const struct gw_requests_rule *gw_requests_format_rule(const struct gw_requests_format *self,
                                                       const char *name);

/* True for a table of clients instead of requests. */
bool gw_requests_format_is_table(const struct gw_requests_format *self);

#endif
