#include <string.h>

#include "sim/base/arena.h"
#include "traces/requests_row.h"
#include "traces/trace_format.h"

enum { NAME_BYTES_MAX = 64 };

enum gw_status gw_requests_csv_header(struct gw_scan *scan, const char **name, size_t cap, size_t *n,
                                      struct gw_arena *arena)
{
    scan->separator = gw_scan_guess_separator(scan);
    *n = 0;
    for (bool more = true; more; ++*n) {
        struct gw_scan_field f;
        const enum gw_status s = gw_scan_field(scan, &f);
        if (s != GW_OK) {
            return s;
        }
        if (*n == cap) {
            return gw_scan_fail(scan, GW_ERR_RANGE, scan->at, "more than %zu columns", cap);
        }
        char folded[NAME_BYTES_MAX];
        gw_trace_format_fold(f.at, f.n, folded, sizeof folded);
        name[*n] = gw_arena_text(arena, folded);
        if (name[*n] == NULL) {
            return gw_scan_fail(scan, GW_ERR_NOMEM, scan->at, "out of memory");
        }
        more = !gw_scan_at_line_end(scan);
        scan->at += more;
    }
    return GW_OK;
}

static enum gw_status read_cell(struct gw_requests_plan *plan, struct gw_scan *scan,
                                const struct gw_requests_rule *rule, struct gw_requests_raw *out)
{
    uint64_t tok;
    const char *const at = scan->at;
    if (rule->role == GW_REQUESTS_IGNORED) {
        return gw_scan_skip(scan);
    }
    if ((rule->role == GW_REQUESTS_IN_TOK || rule->role == GW_REQUESTS_OUT_TOK) &&
        gw_scan_whole(scan, &tok)) {
        return gw_requests_row_take_tokens(scan, at, rule->role, tok, out);
    }
    struct gw_scan_field field;
    const enum gw_status s = gw_scan_field(scan, &field);
    return s == GW_OK ? gw_requests_row_take(plan, scan, rule, field, out) : s;
}

enum gw_status gw_requests_csv_row(struct gw_requests_plan *plan, struct gw_scan *scan,
                                   struct gw_requests_raw *out)
{
    *out = (struct gw_requests_raw){0};
    for (uint32_t i = 0; i < plan->columns; i++) {
        if (i > 0 && gw_scan_at_line_end(scan)) {
            return gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "the row ends after %u of %u fields",
                                (unsigned)i, (unsigned)plan->columns);
        }
        scan->at += i > 0;
        const enum gw_status s = read_cell(plan, scan, &plan->column[i], out);
        if (s != GW_OK) {
            return s;
        }
    }
    return GW_OK;
}
