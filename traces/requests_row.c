#include "traces/requests_row.h"

#include <math.h>

#include "sim/base/units.h"
#include "traces/requests.h"

static const double count_us_max = 9e15; /* 285 years, and exact as a double */

static enum gw_status take_count(const struct gw_scan *scan, enum gw_requests_time unit,
                                 struct gw_scan_field field, struct gw_requests_raw *out)
{
    static const double us[] = {
        [GW_REQUESTS_ANY] = 1e6, [GW_REQUESTS_S] = 1e6, [GW_REQUESTS_MS] = 1e3, [GW_REQUESTS_US] = 1};
    double x;
    char quote[GW_SCAN_SHOWN_MAX + 4];
    if (!gw_scan_field_number(field, &x)) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, field.at, "\"%s\" is not a time",
                            gw_scan_shown(field, quote));
    }
    if (!(x >= 0 && x * us[unit] <= count_us_max)) {
        return gw_scan_fail(scan, GW_ERR_RANGE, field.at, "time %s lies before 0 or beyond 285 years",
                            gw_scan_shown(field, quote));
    }
    out->t_us = (gw_time_us)(x * us[unit] + 0.5);
    out->counted = true;
    return GW_OK;
}

static enum gw_status take_time(struct gw_requests_plan *plan, const struct gw_scan *scan,
                                enum gw_requests_time kind, struct gw_scan_field field,
                                struct gw_requests_raw *out)
{
    out->time_at = field.at;
    if (field.n == 0) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, field.at, "a time is missing");
    }
    const bool dated = kind == GW_REQUESTS_ANY && field.n > 5 && field.at[4] == '-';
    if (kind != GW_REQUESTS_STAMP && !dated) {
        return take_count(scan, kind, field, out);
    }
    if (!gw_trace_clock_read(&plan->stamps, field.at, field.n, &out->t_us, &out->zoned)) {
        char quote[GW_SCAN_SHOWN_MAX + 4];
        return gw_scan_fail(scan, GW_ERR_SYNTAX, field.at, "\"%s\" is not a time",
                            gw_scan_shown(field, quote));
    }
    return GW_OK;
}

enum gw_status gw_requests_row_take_tokens(const struct gw_scan *scan, const char *at,
                                           enum gw_requests_role role, uint64_t tok,
                                           struct gw_requests_raw *out)
{
    if (tok > GW_REQUESTS_TOK_MAX) {
        return gw_scan_fail(scan, GW_ERR_RANGE, at, "%llu tokens; more than %d are no request",
                            (unsigned long long)tok, (int)GW_REQUESTS_TOK_MAX);
    }
    if (role == GW_REQUESTS_OUT_TOK) {
        out->out_tok = (uint32_t)tok;
        return GW_OK;
    }
    out->in_tok = (uint32_t)tok;
    return tok > 0 ? GW_OK : gw_scan_fail(scan, GW_ERR_RANGE, at, "a prompt of no tokens");
}

static enum gw_status take_whole(const struct gw_scan *scan, struct gw_scan_field field, const char *what,
                                 uint64_t *out)
{
    double x;
    char quote[GW_SCAN_SHOWN_MAX + 4];
    if (!gw_scan_field_number(field, &x) || !(x >= 0 && x <= 1e18) || x != floor(x)) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, field.at, "\"%s\" is not %s", gw_scan_shown(field, quote),
                            what);
    }
    *out = (uint64_t)x;
    return GW_OK;
}

static enum gw_status take_number(const struct gw_scan *scan, struct gw_scan_field field, double *out)
{
    char quote[GW_SCAN_SHOWN_MAX + 4];
    if (!gw_scan_field_number(field, out) || !(*out >= 0 && *out <= 1e9)) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, field.at, "\"%s\" is not a number from 0 to 1e9",
                            gw_scan_shown(field, quote));
    }
    return GW_OK;
}

enum gw_status gw_requests_row_take(struct gw_requests_plan *plan, const struct gw_scan *scan,
                                    const struct gw_requests_rule *rule, struct gw_scan_field field,
                                    struct gw_requests_raw *out)
{
    uint64_t tok = 0;
    enum gw_status s = GW_OK;
    switch (rule->role) {
    case GW_REQUESTS_TIME:
        return take_time(plan, scan, rule->time, field, out);
    case GW_REQUESTS_IN_TOK:
    case GW_REQUESTS_OUT_TOK:
        s = take_whole(scan, field, "a number of tokens", &tok);
        return s == GW_OK ? gw_requests_row_take_tokens(scan, field.at, rule->role, tok, out) : s;
    case GW_REQUESTS_CLIENT:
        return take_whole(scan, field, "a client's number", &out->client);
    case GW_REQUESTS_WINDOW_S:
        return take_number(scan, field, &out->window_s);
    case GW_REQUESTS_RATE:
        return take_number(scan, field, &out->rate);
    case GW_REQUESTS_SHAPE:
        return take_number(scan, field, &out->shape);
    case GW_REQUESTS_PATTERN:
        out->pattern = field;
        return GW_OK;
    default:
        return GW_OK;
    }
}
