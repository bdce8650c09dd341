/* traces/trace_rows.h - rows in the order of a file, and from them columns on a grid of constant step.
 *
 * The step is the most frequent distance of neighbouring times. Rows out of order are sorted, repeated ones
 * merged (the first counts), missing ones become NaN; each of these is a finding. Rows that lie beside the
 * grid are left out when there are few, else the times are irregular and refused. */
#ifndef GW_TRACES_TRACE_ROWS_H
#define GW_TRACES_TRACE_ROWS_H

#include "traces/trace.h"

struct gw_trace_row {
    gw_time_us t_us;
    uint32_t line, column; /* the column of its first value */
    double value[];        /* width of them */
};

struct gw_trace_rows {
    uint32_t width; /* values per row: all columns, or 1 when each row holds one */
    size_t n, cap;
    char *row; /* heap; n times (16 + 8 * width) bytes */
};

void gw_trace_rows_fini(struct gw_trace_rows *self);

/* A new row with values NaN, valid until the next call; NULL when memory is out. */
struct gw_trace_row *gw_trace_rows_add(struct gw_trace_rows *self, gw_time_us t_us, uint32_t line);

/* Fills start, step, n, line and the values of the columns of `trace`, whose names are known. `naive`: the
 * stamps had no zone and none was given, so that daylight saving is looked for, and refused. */
GW_MUST_USE enum gw_status gw_trace_rows_grid(const struct gw_trace_rows *self, bool naive,
                                              struct gw_trace *trace, struct gw_arena *arena,
                                              struct gw_error *err);

#endif
