#include "models/workload/replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "sim/tree/bind.h"
#include "traces/requests_format.h"

#define BIN_US    (300 * GW_US_PER_S)
#define SPREAD_US (60 * GW_US_PER_S) /* within which copies of a request come */

enum {
    STREAM_BYTES = 512,
    DRAW_SCALE = 64,
    DRAW_DELAY = 65
}; /* beside those of rng.h, under a key of their own */

/* --- the key `trace:` --------------------------------------------------------------------------- */

static const char *const format_names[] = {"auto",     "azure",    "burstgpt", "splitwise",
                                           "mooncake", "servegen", "generic",  NULL};
static const char *const bad_rows_names[] = {
    [GW_REQUESTS_STRICT] = "strict", [GW_REQUESTS_SKIP] = "skip", [GW_REQUESTS_SKIP + 1] = NULL};

static const struct gw_type file = {.kind = GW_PATH, .size = sizeof(const char *)};
static const struct gw_type format = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = format_names};
static const struct gw_type epoch = {.kind = GW_TIME, .size = sizeof(gw_time_us)};
static const struct gw_type utc_offset = {
    .kind = GW_SPAN, .size = sizeof(gw_time_us), .unit = "s", .min = -14 * 3600, .max = 14 * 3600};
static const struct gw_type scale = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1e-6, .max = 1e6};
static const struct gw_type bad_rows = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = bad_rows_names};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_replay_cfg, file, &file, NULL, "A list of requests, CSV or JSON lines, also gzip",
             NULL),
    GW_FIELD(struct gw_replay_cfg, format, &format, "auto", "Its form; auto: by the names of its columns",
             NULL),
    GW_FIELD_AS(struct gw_replay_cfg, "epoch", epoch_unix_us, &epoch, "~",
                "The time (UTC) of count 0, where times count from a start; where they are stamps, the time "
                "to which the first is moved",
                NULL),
    GW_FIELD_AS(struct gw_replay_cfg, "utc_offset", utc_offset_us, &utc_offset, "~",
                "How far the clock of stamps without a zone is ahead of UTC", NULL),
    GW_FIELD(struct gw_replay_cfg, scale, &scale, "1",
             "Requests per request of the trace; left alone when the row has a rate", NULL),
    GW_FIELD(struct gw_replay_cfg, bad_rows, &bad_rows, "strict",
             "strict: a row that is wrong is an error; skip: it is left out and counted", NULL),
    GW_FIELD_END,
};
static const struct gw_type replay = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_replay_cfg),
                                      .of = fields,
                                      .doc = "Requests that somebody recorded"};
const struct gw_type gw_replay_type = {.kind = GW_OPT, .size = sizeof(struct gw_replay_cfg), .of = &replay};

static struct gw_requests_cfg reader_cfg(const struct gw_replay *self, bool hashed, uint64_t seed)
{
    const struct gw_replay_cfg *cfg = self->cfg;
    const bool has_epoch = cfg->epoch_unix_us != GW_ABSENT, has_offset = cfg->utc_offset_us != GW_ABSENT;
    return (struct gw_requests_cfg){
        .from = {.path = cfg->file, .bytes = self->bytes, .n = self->n, .hashed = hashed},
        .format = cfg->format == 0 ? NULL : format_names[cfg->format],
        .has_epoch = has_epoch,
        .has_utc_offset = has_offset,
        .epoch_unix_us = has_epoch ? cfg->epoch_unix_us : 0,
        .utc_offset_us = has_offset ? cfg->utc_offset_us : 0,
        .bad_rows = (enum gw_requests_bad_rows)cfg->bad_rows,
        .seed = seed,
    };
}

/* --- read beforehand ---------------------------------------------------------------------------- */

struct sums {
    double in, out;
    double *bin;
    gw_time_us first_unix_us, last_unix_us;
    uint64_t rows;
};

static void take_row(struct gw_replay *self, struct sums *sums, const struct gw_requests_row *row,
                     gw_time_us span_us)
{
    const gw_time_us t_us = row->t_unix_us - self->start_unix_us;
    sums->first_unix_us = sums->rows++ == 0 ? row->t_unix_us : sums->first_unix_us;
    sums->last_unix_us = row->t_unix_us;
    if (t_us < 0 || t_us >= (gw_time_us)self->bins * BIN_US) {
        return;
    }
    sums->bin[t_us / BIN_US + 1]++;
    if (t_us >= span_us) {
        return;
    }
    self->requests++;
    self->has_lengths = row->out_tok > 0;
    sums->in += row->in_tok;
    sums->out += row->out_tok;
    self->in_sq += (double)row->in_tok * row->in_tok;
    self->out_sq += (double)row->out_tok * row->out_tok;
}

static enum gw_status nothing_there(const struct gw_replay *self, const struct sums *sums,
                                    struct gw_error *err)
{
    if (sums->rows == 0) {
        return gw_fail(err, GW_ERR_RANGE, self->cfg->file, "there is no request in it");
    }
    char from[GW_CLOCK_TEXT_MAX], to[GW_CLOCK_TEXT_MAX];
    gw_clock_print(sums->first_unix_us, from);
    gw_clock_print(sums->last_unix_us, to);
    return gw_fail(err, GW_ERR_RANGE, self->cfg->file,
                   "no request lies within the run; those that were read go from %s to %s: epoch moves them",
                   from, to);
}

static void finish(struct gw_replay *self, const struct sums *sums, gw_time_us span_us, double rate_per_s)
{
    const double n = (double)self->requests;
    self->in_mean = sums->in / n;
    self->out_mean = sums->out / n;
    self->in_sq /= n;
    self->out_sq /= n;
    for (size_t i = 0; i < self->bins; i++) {
        sums->bin[i + 1] += sums->bin[i];
    }
    self->before = sums->bin;
    self->scale = isnan(rate_per_s) ? self->cfg->scale : rate_per_s * gw_s_from_us(span_us) / n;
}

enum gw_status gw_replay_load(struct gw_replay *out, gw_time_us span_us, double rate_per_s,
                              struct gw_arena *arena, struct gw_error *err)
{
    /* forecasts look beyond the run: a day is kept */
    const gw_time_us read_us = span_us + 24 * GW_US_PER_H;
    out->bins = (size_t)((read_us + BIN_US - 1) / BIN_US);
    struct sums sums = {.bin = gw_arena_array(arena, out->bins + 1, sizeof *sums.bin)};
    if (sums.bin == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, out->cfg->file, "out of memory");
    }
    const struct gw_requests_cfg cfg = reader_cfg(out, out->bytes == NULL, 0);
    struct gw_requests *requests;
    enum gw_status s = gw_requests_open(&cfg, &requests, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_requests_row row = {.t_unix_us = out->start_unix_us};
    while (row.t_unix_us - out->start_unix_us < read_us && gw_requests_next(requests, &row)) {
        take_row(out, &sums, &row, span_us);
    }
    s = gw_requests_status(requests, err);
    s = s == GW_OK ? gw_requests_drain(requests, err) : s;
    out->counts = *gw_requests_counted(requests);
    out->file_bytes = gw_stream_read_bytes(gw_requests_stream(requests));
    out->checksum = gw_stream_checksum(gw_requests_stream(requests));
    gw_requests_close(requests);
    if (s == GW_OK && out->requests == 0) {
        s = nothing_there(out, &sums, err);
    }
    if (s == GW_OK) {
        finish(out, &sums, span_us, rate_per_s);
    }
    return s;
}

/* --- what is expected --------------------------------------------------------------------------- */

/* Requests before an instant; within a bin they are taken to lie evenly. */
static double before(const struct gw_replay *self, gw_time_us t_us)
{
    const gw_time_us end_us = (gw_time_us)self->bins * BIN_US;
    const gw_time_us t = t_us < 0 ? 0 : t_us < end_us ? t_us : end_us;
    const size_t i = (size_t)(t / BIN_US);
    const double here = self->before[i], next = i < self->bins ? self->before[i + 1] : here;
    return self->scale * (here + (next - here) * ((double)(t % BIN_US) / (double)BIN_US));
}

static double law_expected(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us)
{
    if (from_us < 0) {
        return (double)NAN; /* what came before the run was not counted */
    }
    return before(self->of, to_us) - before(self->of, from_us);
}

static double law_peak_rate(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us)
{
    const struct gw_replay *replayed = self->of;
    double most = 0;
    for (gw_time_us i = from_us < 0 ? 0 : from_us / BIN_US;
         i < (gw_time_us)replayed->bins && i * BIN_US < to_us; i++) {
        most = fmax(most, replayed->before[i + 1] - replayed->before[i]);
    }
    return replayed->scale * most / gw_s_from_us(BIN_US);
}

/* --- replayed ----------------------------------------------------------------------------------- */

/* A copy that is still to come, at ask.t_us. */
struct copy {
    uint64_t order;
    struct gw_ask ask;
};

struct source {
    struct gw_request_source public;
    const struct gw_replay *replay;
    struct gw_requests *requests;
    gw_time_us end_us;
    uint64_t scale_key, length_key;
    uint64_t rows, copies, number;
    struct gw_ask head; /* of the trace, not yet handed out; t_us GW_NEVER_US: none left */
    struct copy *heap;  /* the next copy on top */
    size_t n, cap;
};

static bool earlier(const struct copy *a, const struct copy *b)
{
    return a->ask.t_us != b->ask.t_us ? a->ask.t_us < b->ask.t_us : a->order < b->order;
}

static bool push(struct source *self, struct copy copy)
{
    if (!gw_array_reserve((void **)&self->heap, &self->cap, self->n + 1, sizeof *self->heap)) {
        return false;
    }
    size_t at = self->n++;
    for (; at > 0 && earlier(&copy, &self->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        self->heap[at] = self->heap[(at - 1) / 2];
    }
    self->heap[at] = copy;
    return true;
}

static struct copy pop(struct source *self)
{
    const struct copy top = self->heap[0], last = self->heap[--self->n];
    size_t at = 0;
    for (size_t child = 1; child < self->n; child = 2 * at + 1) {
        child += child + 1 < self->n && earlier(&self->heap[child + 1], &self->heap[child]);
        if (!earlier(&self->heap[child], &last)) {
            break;
        }
        self->heap[at] = self->heap[child];
        at = child;
    }
    self->heap[at] = last;
    return top;
}

static double draw(uint64_t key, uint64_t request, uint32_t copy, int what)
{
    return gw_rng_unit(gw_rng_draw(gw_rng_request_key(key, copy, request, 0), (enum gw_draw)what));
}

/* A text is shared within one demand row, and by the same copies: they are the same users. */
static uint64_t text_key(const struct source *self, uint64_t text, uint64_t copy)
{
    return text == 0 ? 0 : gw_rng_request_key(self->length_key, (uint32_t)copy, text, 0) | 1;
}

/* How often a row of the trace comes, and its copies. False when memory is out. */
static bool multiply(struct source *self, const struct gw_requests_row *read, const struct gw_ask *ask,
                     uint64_t *times)
{
    const uint64_t row = self->rows++;
    const double s = self->replay->scale, whole = floor(s);
    *times = (uint64_t)whole + (draw(self->scale_key, row, 0, DRAW_SCALE) < s - whole ? 1 : 0);
    for (uint64_t k = 1; k < *times; k++) {
        const double delay = draw(self->scale_key, row, (uint32_t)k, DRAW_DELAY);
        struct copy copy = {.order = self->copies++, .ask = *ask};
        copy.ask.t_us += (gw_time_us)(delay * (double)SPREAD_US);
        copy.ask.prefix = text_key(self, read->prefix, k);
        if (!push(self, copy)) {
            return false;
        }
    }
    return true;
}

/* The next row that comes at all becomes the head. */
static void read_head(struct source *self)
{
    self->head.t_us = GW_NEVER_US;
    struct gw_requests_row row;
    for (uint64_t times = 0; times == 0;) {
        if (!gw_requests_next(self->requests, &row)) {
            self->public.error.status = gw_requests_status(self->requests, &self->public.error);
            return;
        }
        const gw_time_us t_us = row.t_unix_us - self->replay->start_unix_us;
        if (t_us < 0) {
            continue;
        }
        if (t_us >= self->end_us) {
            return;
        }
        const struct gw_ask ask = {.t_us = t_us,
                                   .in_tok = row.in_tok,
                                   .out_tok = row.out_tok,
                                   .prefix = text_key(self, row.prefix, 0),
                                   .prefix_tok = row.prefix_tok};
        if (!multiply(self, &row, &ask, &times)) {
            (void)gw_fail(&self->public.error, GW_ERR_NOMEM, self->replay->cfg->file, "out of memory");
            return;
        }
        self->head = ask;
        self->head.t_us = times > 0 ? t_us : GW_NEVER_US;
    }
}

/* Formats without lengths: those of the demand row, by the request's own quantiles. */
static void draw_lengths(const struct source *self, struct gw_ask *ask)
{
    const uint64_t key = gw_rng_request_key(self->length_key, 0, ask->number, 0);
    ask->in_tok = gw_length_at(self->replay->prompt, gw_rng_unit(gw_rng_draw(key, GW_DRAW_PROMPT)));
    ask->out_tok = gw_length_at(self->replay->output, gw_rng_unit(gw_rng_draw(key, GW_DRAW_OUTPUT)));
}

static bool source_next(struct gw_request_source *public, gw_time_us until_us, struct gw_ask *out)
{
    struct source *self = (struct source *)public;
    const bool copy = self->n > 0 && self->heap[0].ask.t_us < self->head.t_us;
    const gw_time_us t_us = copy ? self->heap[0].ask.t_us : self->head.t_us;
    if (t_us >= until_us || t_us >= self->end_us || public->error.status != GW_OK) {
        return false;
    }
    if (copy) {
        *out = pop(self).ask;
    } else {
        *out = self->head;
        read_head(self);
    }
    out->number = self->number++;
    if (out->out_tok == 0) {
        draw_lengths(self, out);
    }
    return true;
}

static void source_close(struct gw_request_source *public)
{
    struct source *self = (struct source *)public;
    gw_requests_close(self->requests);
    free(self->heap);
}

static const struct gw_request_source_ops source_ops = {.next = source_next, .close = source_close};

static uint64_t stream_key(uint64_t seed, uint32_t replication, const char *what, const char *name)
{
    char stream[STREAM_BYTES];
    snprintf(stream, sizeof stream, "%s/%s", what, name);
    return gw_rng_seed(seed, replication, stream);
}

static struct gw_request_source *law_open(const struct gw_request_law *self, gw_time_us end_us, uint64_t seed,
                                          uint32_t replication, const char *name, struct gw_arena *arena,
                                          struct gw_error *err)
{
    struct source *source = gw_arena_array(arena, 1, sizeof *source);
    if (source == NULL) {
        (void)gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        return NULL;
    }
    *source = (struct source){.public.ops = &source_ops,
                              .replay = self->of,
                              .end_us = end_us,
                              .scale_key = stream_key(seed, replication, "scale", name),
                              .length_key = stream_key(seed, replication, "requests", name)};
    const struct gw_requests_cfg cfg =
        reader_cfg(self->of, false, stream_key(seed, replication, "arrivals", name));
    if (gw_requests_open(&cfg, &source->requests, err) != GW_OK) {
        return NULL;
    }
    read_head(source);
    return &source->public;
}

struct gw_request_law gw_replay_law(const struct gw_replay *self)
{
    static const struct gw_request_law_ops ops = {
        .expected = law_expected, .peak_rate = law_peak_rate, .open = law_open};
    return (struct gw_request_law){.ops = &ops, .of = self};
}
