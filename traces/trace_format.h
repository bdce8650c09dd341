/* traces/trace_format.h - the comma-separated formats that are read, one row of a table each.
 *
 * A format is recognised by its headers, compared in lower case with the subscript 2 of CO2 as a digit and
 * single blanks. A `*` in a pattern stands for any text; what it stood for may become part of the column's
 * name:
 *
 *   "* - actual aggregated [mw]"  ->  "generation_%_mw"  ->  generation_wind_onshore_mw */
#ifndef GW_TRACES_TRACE_FORMAT_H
#define GW_TRACES_TRACE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/clock.h"

enum gw_trace_role {
    GW_TRACE_SKIP,
    GW_TRACE_TIME,        /* name: the clock of stamps without a zone, NULL when the file does not say */
    GW_TRACE_HOUR_ENDING, /* 1..24, added to the time's date */
    GW_TRACE_INTERVAL,    /* 1..4, the quarter of that hour */
    GW_TRACE_SECOND,      /* "Y" in the repeated hour of autumn */
    GW_TRACE_AREA,
    GW_TRACE_ONLY,     /* name: patterns separated by |; rows with another value are left out */
    GW_TRACE_ESTIMATE, /* "true" for rows that the source calls estimated */
    GW_TRACE_NAME,     /* long form: names the column of this row's value */
    GW_TRACE_VALUE,
};

struct gw_trace_rule {
    const char *pattern; /* NULL ends a table; of several that match a header the first counts */
    enum gw_trace_role role;
    bool must; /* a header has to match, or it is another format */
    const char *name;
    double scale; /* from the file's unit to that of the name; 0 stands for 1 */
};

struct gw_trace_format {
    const char *name, *title; /* NULL ends the table */
    const struct gw_trace_rule *rules;
    gw_time_us ending_us; /* stamps are this much after the start of the interval */
    bool day_first;
    const char *note; /* a caution that is repeated to the user, or NULL */
};

/* The last one takes any file with a time first and names its columns by what follows their unit. */
extern const struct gw_trace_format gw_trace_format_table[];

/* By its headers, already folded; NULL when none fits. */
const struct gw_trace_format *gw_trace_format_detect(const char *const *header, size_t n);

/* The rule for a header, or NULL. */
const struct gw_trace_rule *gw_trace_format_rule(const struct gw_trace_format *self, const char *header);

/* Lower case, "₂" as "2", runs of blanks as one, none at the ends. Writes at most cap bytes with the NUL;
 * cuts what is longer. */
void gw_trace_format_fold(const char *at, size_t n, char *out, size_t cap);

/* The text matches, with * for any text; *star (may be NULL) and *star_n are what the first * stood for. */
bool gw_trace_format_match(const char *pattern, const char *text, const char **star, size_t *star_n);

/* Name of a column: `name` with % replaced by the captured text as a word ("wind_onshore", "eur"). */
void gw_trace_format_name(const char *name, const char *star, size_t star_n, char *out, size_t cap);

/* A column of a format that is not known: the unit found in its header (or `unit`, as the user spells it)
 * gives the end of its name. False when there is none. */
bool gw_trace_format_generic(const char *header, const char *unit, char *out, size_t cap, double *scale);

#endif
