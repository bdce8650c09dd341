/* traces/trace.h - what was read from other people's grid data: named columns on one time grid, and
 * everything noticed on the way.
 *
 * Canonical columns, by name:
 *   ci_direct_gco2_per_kwh, ci_lifecycle_gco2_per_kwh, ci_marginal_direct_gco2_per_kwh   carbon intensity
 *   price_usd_per_mwh, price_eur_per_mwh, ...    wholesale price, in the currency of the file
 *   generation_FUEL_mw, consumption_FUEL_mw, load_mw, carbon_free_frac, renewable_frac, ...
 *
 * A finding is a note, a repair, or a reason to refuse. A trace with a refusal is only good for looking at:
 * gw_trace_accept says so, with file and line. */
#ifndef GW_TRACES_TRACE_H
#define GW_TRACES_TRACE_H

#include <stdbool.h>

#include "sim/base/text.h"
#include "traces/series.h"

#define GW_TRACE_KIND_LIST(X)                                                                                \
    X(GW_TRACE_TIME_BASE, "time base")                                                                       \
    X(GW_TRACE_UNIT, "unit")                                                                                 \
    X(GW_TRACE_ORDER, "order")                                                                               \
    X(GW_TRACE_STEP, "step")                                                                                 \
    X(GW_TRACE_OFF_GRID, "off the grid")                                                                     \
    X(GW_TRACE_REPEATED, "repeated")                                                                         \
    X(GW_TRACE_CONFLICT, "conflict")                                                                         \
    X(GW_TRACE_DAYLIGHT, "daylight saving")                                                                  \
    X(GW_TRACE_EMPTY, "empty column")                                                                        \
    X(GW_TRACE_NO_GENERATION, "no generation")                                                               \
    X(GW_TRACE_RANGE, "range")                                                                               \
    X(GW_TRACE_DIRECT_ABOVE_LIFECYCLE, "direct > lifecycle")                                                 \
    X(GW_TRACE_CONSTANT, "constant")                                                                         \
    X(GW_TRACE_PERIODIC, "periodic")                                                                         \
    X(GW_TRACE_OUTLIER, "outlier")                                                                           \
    X(GW_TRACE_SUN, "sun")                                                                                   \
    X(GW_TRACE_ESTIMATED, "estimated")                                                                       \
    X(GW_TRACE_GAP, "gap")

#define GW_TRACE_KIND_ENUM(name, text) name,
enum gw_trace_kind { GW_TRACE_KIND_LIST(GW_TRACE_KIND_ENUM) };
#undef GW_TRACE_KIND_ENUM

enum gw_trace_verdict { GW_TRACE_NOTE, GW_TRACE_REPAIR, GW_TRACE_REFUSAL };

struct gw_trace_finding {
    enum gw_trace_kind kind;
    enum gw_trace_verdict verdict;
    const char *column; /* NULL: the rows as a whole */
    uint64_t count;     /* rows or values concerned */
    uint64_t line;      /* the first place, 0 when it has none */
    char text[200];     /* one sentence */
};

struct gw_trace_column {
    const char *name;
    double *value; /* n of them, NaN for missing; owned by the arena */
    uint64_t missing;
};

struct gw_trace {
    const char *format;    /* "electricity-maps" */
    const char *file;      /* for messages */
    const char *area;      /* zone, balancing authority or node; NULL when the file names none */
    const char *line_word; /* what findings count places in: "line" or "item" */
    gw_time_us start_unix_us, step_us;
    size_t n;
    uint32_t columns;
    struct gw_trace_column *column;
    uint32_t *line;           /* n: of the row that gave the interval its values, 0 for none */
    uint64_t rows, estimated; /* rows read, and those that the source calls estimated */
    uint32_t findings, findings_cap;
    struct gw_trace_finding *finding;
};

/* What the user knows and the file does not say. Zeroed: nothing. */
struct gw_trace_options {
    const char *area;     /* take the rows of this zone or node; NULL: there must be only one */
    const char *clock;    /* of stamps without a zone: "UTC", "+05:30", "Europe/Berlin"; see trace_clock.h */
    const char *unit;     /* of columns without one: "g/kWh", "lb/MWh", "EUR/MWh" */
    double longest_gap_h; /* that may be filled; 0: 48 */
};

/* Recognises the format, reads the rows onto the grid, checks and repairs. GW_OK also for a trace with
 * refusals. On failure *out is zeroed and err names file and line. */
GW_MUST_USE enum gw_status gw_trace_read(const char *bytes, size_t n, const char *file,
                                         const struct gw_trace_options *options, struct gw_trace *out,
                                         struct gw_arena *arena, struct gw_error *err);

/* GW_OK, or the first refusal as an error. */
GW_MUST_USE enum gw_status gw_trace_accept(const struct gw_trace *self, struct gw_error *err);

/* The column of that name, or NULL. */
struct gw_trace_column *gw_trace_find(const struct gw_trace *self, const char *column);

/* A column as a series; shares the values. */
struct gw_series gw_trace_series(const struct gw_trace *self, const struct gw_trace_column *column);

/* Appends a finding; false when memory is out. */
GW_MUST_USE bool gw_trace_add(struct gw_trace *self, struct gw_arena *arena, enum gw_trace_kind kind,
                              enum gw_trace_verdict verdict, const char *column, uint64_t count,
                              uint64_t line, const char *fmt, ...) GW_PRINTF(8, 9);

const char *gw_trace_kind_text(enum gw_trace_kind kind);

/* The trace in geowatt's own form (traces/csv.h); where it comes from and each finding as comments on top. */
void gw_trace_print_csv(const struct gw_trace *self, struct gw_text *out);

/* Its parts: one finding as a line without its end, and header and rows. */
void gw_trace_print_finding(const struct gw_trace *self, uint32_t finding, struct gw_text *out);
void gw_trace_print_rows(const struct gw_trace *self, struct gw_text *out);

#endif
