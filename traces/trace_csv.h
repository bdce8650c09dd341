/* traces/trace_csv.h - rows of comma-separated grid data in any format of trace_format.h.
 *
 * Commas, or semicolons or tabs when the header holds no comma; quotes, thousands separators inside quotes,
 * CRLF, a byte order mark, blank lines and comments (#) are accepted. "", "-", "n/e", "N/A", "null", "nan"
 * are missing values. One pass over the bytes; memory is that of the rows. */
#ifndef GW_TRACES_TRACE_CSV_H
#define GW_TRACES_TRACE_CSV_H

#include "traces/trace_rows.h"

/* Fills format, area, names of columns, estimated of `trace`, and the rows. *naive: stamps without a zone
 * were met and no clock was known. Errors name file, line and column. */
GW_MUST_USE enum gw_status gw_trace_csv_read(const char *bytes, size_t n,
                                             const struct gw_trace_options *options, struct gw_trace *trace,
                                             struct gw_trace_rows *rows, bool *naive, struct gw_arena *arena,
                                             struct gw_error *err);

#endif
