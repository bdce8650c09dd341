/* traces/requests_row.h - one row of a request trace as it stands in the file, from CSV or JSON lines.
 *
 * Between requests.c, which owns the plan and the order of rows, and the two readers. A reader leaves
 * scan.at somewhere on the line; errors name file, line and column. */
#ifndef GW_TRACES_REQUESTS_ROW_H
#define GW_TRACES_REQUESTS_ROW_H

#include "sim/core/clock.h"
#include "traces/requests_format.h"
#include "traces/scan.h"
#include "traces/trace_clock.h"

enum { GW_REQUESTS_COLUMNS_MAX = 64 };

/* Which column or key is what. */
struct gw_requests_plan {
    const struct gw_requests_format *format;
    uint32_t columns; /* of CSV, up to the last that is read */
    struct gw_requests_rule column[GW_REQUESTS_COLUMNS_MAX];
    struct gw_trace_stamps stamps;
    uint64_t *block; /* ids of the row last read; heap */
    size_t block_cap;
};

struct gw_requests_raw {
    gw_time_us t_us;
    bool counted, zoned; /* counts from a start; a stamp that carried its zone */
    uint32_t in_tok, out_tok;
    size_t blocks; /* ids in plan->block */
    const char *time_at;
    /* of a client table */
    uint64_t client;
    double window_s, rate, shape;
    struct gw_scan_field pattern;
};

/* Names of the columns, or the keys of the object ahead, folded; the line is not passed. At most cap, each in
 * the arena. */
struct gw_arena;
GW_MUST_USE enum gw_status gw_requests_csv_header(struct gw_scan *scan, const char **name, size_t cap,
                                                  size_t *n, struct gw_arena *arena);
GW_MUST_USE enum gw_status gw_requests_json_header(const struct gw_scan *scan, const char **name, size_t cap,
                                                   size_t *n, struct gw_arena *arena);

GW_MUST_USE enum gw_status gw_requests_csv_row(struct gw_requests_plan *plan, struct gw_scan *scan,
                                               struct gw_requests_raw *out);
GW_MUST_USE enum gw_status gw_requests_json_row(struct gw_requests_plan *plan, struct gw_scan *scan,
                                                struct gw_requests_raw *out);

/* For both readers: a field as what its rule says. */
GW_MUST_USE enum gw_status gw_requests_row_take(struct gw_requests_plan *plan, const struct gw_scan *scan,
                                                const struct gw_requests_rule *rule,
                                                struct gw_scan_field field, struct gw_requests_raw *out);
GW_MUST_USE enum gw_status gw_requests_row_take_tokens(const struct gw_scan *scan, const char *at,
                                                       enum gw_requests_role role, uint64_t tok,
                                                       struct gw_requests_raw *out);

#endif
