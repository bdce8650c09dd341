/* traces/csv.h - comma-separated time series in geowatt's own form, read at memory speed.
 *
 *   time_utc,ci_gco2_per_kwh,price_usd_per_mwh
 *   2023-01-01T00:00:00Z,412.5,31.2
 *
 * First column: UTC time of the interval's start, strictly increasing by one constant step. Column names end
 * in their unit. An empty field, "nan" or "NaN" is a gap: an error unless the caller allows gaps. CRLF, a
 * byte order mark and trailing blank lines are accepted; quotes around a field too. Lines starting with # are
 * comments. Errors name file, line and column. */
#ifndef GW_TRACES_CSV_H
#define GW_TRACES_CSV_H

#include <stdbool.h>

#include "traces/series.h"

struct gw_csv {
    uint32_t columns;         /* value columns, the time column not counted */
    const char **name;        /* their headers */
    struct gw_series *series; /* one per column, sharing the time base */
};

/* Everything lives in the arena; on failure *out is zeroed. `name` is for messages. */
GW_MUST_USE enum gw_status gw_csv_parse(const char *bytes, size_t n, const char *name, bool allow_gaps,
                                        struct gw_csv *out, struct gw_arena *arena, struct gw_error *err);

/* The column of that name, or NULL; then err names the nearest one. */
const struct gw_series *gw_csv_column(const struct gw_csv *csv, const char *column, const char *file,
                                      struct gw_error *err);

#endif
