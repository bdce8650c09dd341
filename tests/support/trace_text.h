/* tests/support/trace_text.h - a text read as a trace, for tests of the importers. */
#ifndef GW_TESTS_SUPPORT_TRACE_TEXT_H
#define GW_TESTS_SUPPORT_TRACE_TEXT_H

#include "traces/trace.h"

struct trace_text {
    enum gw_status status;
    struct gw_trace trace;
    struct gw_error err;
    struct gw_arena arena;
};

/* The caller ends with gw_arena_fini(&self->arena). */
struct trace_text *trace_text_read(struct trace_text *self, const char *text,
                                   const struct gw_trace_options *options);

/* The value of interval i; fails the test when there is no such column. */
double trace_text_at(const struct trace_text *self, const char *column, size_t i);

/* The first finding of that kind, or NULL. */
const struct gw_trace_finding *trace_text_finding(const struct trace_text *self, enum gw_trace_kind kind);

#endif
