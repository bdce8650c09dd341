/* traces/requests.h - lists of requests that somebody recorded, read as a stream: one request at a time, in
 * memory that does not grow with their number.
 *
 *   azure      Azure LLM inference 2023, 2024    TIMESTAMP,ContextTokens,GeneratedTokens
 *   burstgpt   BurstGPT                          Timestamp,...,Request tokens,Response tokens,...
 *   splitwise  Splitwise                         ...,arrival_timestamp,...,prompt_size,token_size
 *   mooncake   Mooncake, JSON lines              {"timestamp": 0, "input_length": ..., "hash_ids": [...]}
 *   servegen   ServeGen, windows of clients      client,window_start_s,requests_per_s,...,pattern,shape,...
 *   generic    CSV or JSON lines whose names say what they are (requests_format.h)
 *
 * Files may be compressed. Times are made Unix time: those that count from a start need `epoch`, stamps
 * without a zone need `utc_offset`. Rows must come in the order of time; equal times are fine. A row that is
 * wrong stops the stream (strict) or is left out and counted. Requests that were not answered (no output
 * tokens) are left out and counted apart. docs/models/request-traces.md. */
#ifndef GW_TRACES_REQUESTS_H
#define GW_TRACES_REQUESTS_H

#include <stdbool.h>

#include "sim/core/clock.h"
#include "traces/stream.h"

enum { GW_REQUESTS_TOK_MAX = 4 << 20 }; /* of a prompt or an answer; more is a fault of the row */

enum gw_requests_bad_rows { GW_REQUESTS_STRICT, GW_REQUESTS_SKIP };

struct gw_requests_cfg {
    struct gw_stream_from from;
    const char *format; /* of the list above; NULL: told by the names of the columns */
    bool has_epoch, has_utc_offset;
    /* Of files that count: the instant of count 0. Of stamps: the instant to which the first row is moved. */
    gw_time_us epoch_unix_us;
    gw_time_us utc_offset_us; /* of stamps without a zone, east positive */
    bool relative;            /* only distances of times matter: neither of the two is asked for */
    enum gw_requests_bad_rows bad_rows;
    uint64_t seed; /* of what a client table leaves to chance */
};

struct gw_requests_row {
    gw_time_us t_unix_us;
    uint32_t in_tok, out_tok; /* both 0: the format has no lengths */
    /* Which text the prompt begins with and how many of its tokens come from there; 0: not known. */
    uint64_t prefix;
    uint32_t prefix_tok;
    uint32_t known_tok; /* of the prompt that stood in prompts before, in whichever text */
    uint64_t line;
};

struct gw_requests_counts {
    uint64_t rows;       /* handed out */
    uint64_t bad;        /* left out */
    uint64_t unanswered; /* left out */
    uint64_t bad_line;   /* of the first bad one */
    char bad_why[200];
};

struct gw_requests;

/* Opens the file and reads its header. On failure *out is NULL and err names file and line. The paths and
 * bytes of cfg are borrowed until close. */
GW_MUST_USE enum gw_status gw_requests_open(const struct gw_requests_cfg *cfg, struct gw_requests **out,
                                            struct gw_error *err);
void gw_requests_close(struct gw_requests *self);

/* True and the next request; false at the end, or when the stream broke off: ask gw_requests_status. */
bool gw_requests_next(struct gw_requests *self, struct gw_requests_row *out);

/* Passes over the rest of the file, so that its bytes are counted and hashed. */
GW_MUST_USE enum gw_status gw_requests_drain(struct gw_requests *self, struct gw_error *err);

/* GW_OK, or why the stream broke off, with "file:line:column". */
GW_MUST_USE enum gw_status gw_requests_status(const struct gw_requests *self, struct gw_error *err);

const char *gw_requests_format(const struct gw_requests *self);
const struct gw_requests_counts *gw_requests_counted(const struct gw_requests *self);
const struct gw_stream *gw_requests_stream(const struct gw_requests *self);

#endif
