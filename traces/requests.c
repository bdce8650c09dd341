#include "traces/requests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/text.h"
#include "traces/client_table.h"
#include "traces/prefix.h"
#include "traces/requests_row.h"

struct gw_requests {
    struct gw_requests_cfg cfg;
    struct gw_stream *stream;
    struct gw_scan scan;
    struct gw_requests_plan plan;
    bool json;
    struct gw_client_table *clients; /* of a client table */
    struct gw_prefix *prefix;        /* of a trace with block ids */
    gw_time_us last_us, shift_us;
    bool begun, any, broken; /* bytes were read, a row was met; the stream broke off */
    struct gw_requests_counts counts;
    struct gw_error error; /* of the row being read, or of the end */
};

/* --- opening ------------------------------------------------------------------------------------ */

/* On the first byte of the next line that is neither blank nor a comment; false at the end or on a failure.
 */
static bool next_line(struct gw_requests *self)
{
    for (;;) {
        (void)gw_scan_skip_blank(&self->scan);
        if (!gw_scan_ended(&self->scan)) {
            return true;
        }
        const char *at;
        size_t n;
        if (gw_stream_lines(self->stream, &at, &n, &self->error) != GW_OK) {
            self->broken = true;
            return false;
        }
        if (n == 0) {
            return false;
        }
        const bool marked = !self->begun && n >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0;
        self->begun = true;
        gw_scan_more(&self->scan, at + (marked ? 3 : 0), n - (marked ? 3 : 0));
    }
}

static enum gw_status choose_format(struct gw_requests *self, const char *const *name, size_t n,
                                    struct gw_error *err)
{
    const char *const asked = self->cfg.format;
    self->plan.format = asked == NULL ? gw_requests_format_detect(name, n) : gw_requests_format_find(asked);
    if (asked != NULL && self->plan.format == NULL) {
        return gw_fail(err, GW_ERR_UNKNOWN, self->cfg.from.path, "there is no format \"%.40s\"", asked);
    }
    if (self->plan.format == NULL || !gw_requests_format_fits(self->plan.format, name, n)) {
        return gw_scan_fail(&self->scan, GW_ERR_SYNTAX, self->scan.line_at,
                            "the names of the columns are not those of %s%s",
                            asked == NULL ? "any request trace that is read here" : "the format ",
                            asked == NULL ? "" : asked);
    }
    return GW_OK;
}

static void plan_columns(struct gw_requests *self, const char *const *name, size_t n)
{
    bool taken[GW_REQUESTS_ROLES] = {false};
    for (uint32_t i = 0; i < n; i++) {
        const struct gw_requests_rule *rule = gw_requests_format_rule(self->plan.format, name[i]);
        /* of two columns for one thing the first counts; block ids are read from JSON only */
        if (rule != NULL && !taken[rule->role] && rule->role != GW_REQUESTS_BLOCKS) {
            taken[rule->role] = true;
            self->plan.column[i] = *rule;
            self->plan.columns = i + 1;
        }
    }
}

static enum gw_status read_header(struct gw_requests *self, struct gw_error *err)
{
    if (!next_line(self)) {
        return self->broken ? gw_fail(err, self->error.status, self->error.where, "%s", self->error.why)
                            : gw_fail(err, GW_ERR_SYNTAX, self->cfg.from.path, "the file is empty");
    }
    self->json = *self->scan.at == '{';
    const char *name[GW_REQUESTS_COLUMNS_MAX];
    size_t n = 0;
    struct gw_arena arena = {0};
    self->scan.err = err;
    enum gw_status s = self->json
                           ? gw_requests_json_header(&self->scan, name, GW_REQUESTS_COLUMNS_MAX, &n, &arena)
                           : gw_requests_csv_header(&self->scan, name, GW_REQUESTS_COLUMNS_MAX, &n, &arena);
    s = s == GW_OK ? choose_format(self, name, n, err) : s;
    if (s == GW_OK && !self->json) {
        plan_columns(self, name, n);
        gw_scan_pass_line(&self->scan);
    }
    gw_arena_fini(&arena);
    self->scan.err = &self->error;
    return s;
}

static enum gw_status load_clients(struct gw_requests *self, struct gw_error *err);

enum gw_status gw_requests_open(const struct gw_requests_cfg *cfg, struct gw_requests **out,
                                struct gw_error *err)
{
    *out = NULL;
    struct gw_requests *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, cfg->from.path, "out of memory");
    }
    self->cfg = *cfg;
    gw_scan_init(&self->scan, "", 0, cfg->from.path, &self->error);
    enum gw_status s = gw_stream_open(&cfg->from, &self->stream, err);
    if (s == GW_OK) {
        s = read_header(self, err);
    }
    if (s == GW_OK && gw_requests_format_is_table(self->plan.format)) {
        s = load_clients(self, err);
    }
    if (s == GW_OK && self->json && self->plan.format->block_tok > 0) {
        self->prefix = gw_prefix_create(self->plan.format->block_tok);
        s = self->prefix != NULL ? GW_OK : gw_fail(err, GW_ERR_NOMEM, cfg->from.path, "out of memory");
    }
    if (s != GW_OK) {
        gw_requests_close(self);
        return s;
    }
    *out = self;
    return GW_OK;
}

void gw_requests_close(struct gw_requests *self)
{
    if (self == NULL) {
        return;
    }
    gw_client_table_destroy(self->clients);
    gw_prefix_destroy(self->prefix);
    free(self->plan.block);
    gw_stream_close(self->stream);
    free(self);
}

/* --- rows --------------------------------------------------------------------------------------- */

/* Which instant a time means. Asking for what is missing is no fault of a row: it ends the stream. */
static enum gw_status place(struct gw_requests *self, struct gw_requests_raw *raw)
{
    const struct gw_requests_cfg *cfg = &self->cfg;
    if (raw->counted) {
        if (!cfg->has_epoch && !cfg->relative) {
            self->broken = true;
            return gw_scan_fail(&self->scan, GW_ERR_USAGE, raw->time_at,
                                "times count from a start that the file does not say: give epoch");
        }
        raw->t_us += cfg->epoch_unix_us;
        return GW_OK;
    }
    if (!raw->zoned) {
        if (!cfg->has_utc_offset && !cfg->relative) {
            self->broken = true;
            return gw_scan_fail(&self->scan, GW_ERR_USAGE, raw->time_at,
                                "times say no zone: give utc_offset, the hours their clock is ahead of UTC");
        }
        raw->t_us -= cfg->utc_offset_us;
    }
    if (!self->any && cfg->has_epoch) {
        self->shift_us = cfg->epoch_unix_us - raw->t_us;
    }
    raw->t_us += self->shift_us;
    return GW_OK;
}

static enum gw_status check_order(struct gw_requests *self, const struct gw_requests_raw *raw)
{
    if (!self->any || raw->t_us >= self->last_us) {
        return GW_OK;
    }
    char span[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(self->last_us - raw->t_us, span);
    return gw_scan_fail(&self->scan, GW_ERR_RANGE, raw->time_at,
                        "the time lies %s before that of a row above: sort the rows by time", span);
}

/* A fault of the row: stops the stream, or is counted. True: go on. */
static bool forgive(struct gw_requests *self, uint64_t line)
{
    self->broken =
        self->broken || self->cfg.bad_rows == GW_REQUESTS_STRICT || self->error.status == GW_ERR_NOMEM;
    if (self->broken) {
        return false;
    }
    if (self->counts.bad++ == 0) {
        self->counts.bad_line = line;
        snprintf(self->counts.bad_why, sizeof self->counts.bad_why, "%.199s", self->error.why);
    }
    self->error = (struct gw_error){0};
    return true;
}

static enum gw_status read_row(struct gw_requests *self, struct gw_requests_raw *raw)
{
    enum gw_status s = self->json ? gw_requests_json_row(&self->plan, &self->scan, raw)
                                  : gw_requests_csv_row(&self->plan, &self->scan, raw);
    if (s == GW_OK && raw->time_at != NULL) {
        s = place(self, raw);
    }
    if (s == GW_OK && raw->time_at != NULL) {
        s = check_order(self, raw);
    }
    return s;
}

/* The next row without fault; false at the end. */
static bool next_row(struct gw_requests *self, struct gw_requests_raw *raw, uint64_t *line)
{
    while (!self->broken && next_line(self)) {
        *line = self->scan.line;
        const enum gw_status s = read_row(self, raw);
        gw_scan_pass_line(&self->scan);
        if (s == GW_OK) {
            return true;
        }
        if (!forgive(self, *line)) {
            return false;
        }
    }
    return false;
}

static bool next_of_rows(struct gw_requests *self, struct gw_requests_row *out)
{
    struct gw_requests_raw raw;
    uint64_t line;
    while (next_row(self, &raw, &line)) {
        self->last_us = raw.t_us;
        self->any = true;
        if (raw.out_tok == 0) {
            self->counts.unanswered++;
            continue;
        }
        *out = (struct gw_requests_row){
            .t_unix_us = raw.t_us, .in_tok = raw.in_tok, .out_tok = raw.out_tok, .line = line};
        if (raw.blocks > 0) {
            out->prefix = gw_prefix_take(self->prefix, self->plan.block, raw.blocks, raw.in_tok,
                                         &out->prefix_tok, &out->known_tok);
        }
        self->counts.rows++;
        return true;
    }
    return false;
}

/* --- client tables ------------------------------------------------------------------------------ */

static enum gw_status take_law(const struct gw_requests *self, const struct gw_requests_raw *raw,
                               struct gw_client_table_window *out)
{
    static const char *const laws[] = {"Exponential", "Gamma", "Weibull"};
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        if (raw->pattern.n == strlen(laws[i]) && memcmp(raw->pattern.at, laws[i], raw->pattern.n) == 0) {
            out->law = (enum gw_client_table_law)i;
            const bool good =
                out->law == GW_CLIENT_TABLE_EXPONENTIAL || (raw->shape >= 0.01 && raw->shape <= 1e4);
            return good ? GW_OK
                        : gw_scan_fail(&self->scan, GW_ERR_RANGE, raw->pattern.at,
                                       "the shape %g lies outside 0.01 to 10000", raw->shape);
        }
    }
    char quote[GW_SCAN_SHOWN_MAX + 4];
    return gw_scan_fail(&self->scan, GW_ERR_UNKNOWN, raw->pattern.at,
                        "there is no pattern \"%s\": Exponential, Gamma or Weibull",
                        gw_scan_shown(raw->pattern, quote));
}

static enum gw_status load_clients(struct gw_requests *self, struct gw_error *err)
{
    if (!self->cfg.has_epoch && !self->cfg.relative) {
        return gw_fail(err, GW_ERR_USAGE, self->cfg.from.path,
                       "times count from a start that the file does not say: give epoch");
    }
    self->clients = gw_client_table_create(self->cfg.seed);
    if (self->clients == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, self->cfg.from.path, "out of memory");
    }
    while (!self->broken && next_line(self)) {
        struct gw_requests_raw raw;
        const uint64_t line = self->scan.line;
        enum gw_status s = gw_requests_csv_row(&self->plan, &self->scan, &raw);
        struct gw_client_table_window window = {.client = raw.client,
                                                .start_s = raw.window_s,
                                                .rate_per_s = raw.rate,
                                                .shape = raw.shape,
                                                .line = line};
        s = s == GW_OK ? take_law(self, &raw, &window) : s;
        gw_scan_pass_line(&self->scan);
        if (s == GW_OK && !gw_client_table_add(self->clients, &window)) {
            return gw_fail(err, GW_ERR_NOMEM, self->cfg.from.path, "out of memory");
        }
        if (s != GW_OK && !forgive(self, line)) {
            break;
        }
    }
    return self->broken ? gw_fail(err, self->error.status, self->error.where, "%s", self->error.why)
                        : gw_client_table_begin(self->clients, self->cfg.from.path, err);
}

static bool next_of_clients(struct gw_requests *self, struct gw_requests_row *out)
{
    gw_time_us t_us;
    uint64_t client;
    if (!gw_client_table_next(self->clients, &t_us, &client)) {
        return false;
    }
    *out = (struct gw_requests_row){.t_unix_us = self->cfg.epoch_unix_us + t_us};
    self->counts.rows++;
    return true;
}

/* --- interface ---------------------------------------------------------------------------------- */

bool gw_requests_next(struct gw_requests *self, struct gw_requests_row *out)
{
    return self->clients != NULL ? next_of_clients(self, out) : next_of_rows(self, out);
}

enum gw_status gw_requests_status(const struct gw_requests *self, struct gw_error *err)
{
    return self->broken ? gw_fail(err, self->error.status, self->error.where, "%s", self->error.why) : GW_OK;
}

enum gw_status gw_requests_drain(struct gw_requests *self, struct gw_error *err)
{
    const char *at;
    size_t n = 1;
    enum gw_status s = GW_OK;
    while (s == GW_OK && n > 0) {
        s = gw_stream_lines(self->stream, &at, &n, err);
    }
    return s;
}

const char *gw_requests_format(const struct gw_requests *self)
{
    return self->plan.format->name;
}

const struct gw_requests_counts *gw_requests_counted(const struct gw_requests *self)
{
    return &self->counts;
}

const struct gw_stream *gw_requests_stream(const struct gw_requests *self)
{
    return self->stream;
}
