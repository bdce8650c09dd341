/* traces/stream.h - a text file of any size, handed out in parts of whole lines from one bounded buffer.
 *
 *   s = gw_stream_open(&(struct gw_stream_from){.path = "requests.csv.gz"}, &stream, err);
 *   while ((s = gw_stream_lines(stream, &at, &n, err)) == GW_OK && n > 0) { ... n bytes at `at` ... }
 *   gw_stream_close(stream);
 *
 * Plain and gzip-compressed files give the same lines. A last line without newline is a line. Memory is that
 * of the buffer: 256 kB, more only for a line that is longer, up to 16 MB. */
#ifndef GW_TRACES_STREAM_H
#define GW_TRACES_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

struct gw_stream;

/* A file, or bytes that are there already and outlive the stream; then `path` is for messages. */
struct gw_stream_from {
    const char *path;
    const char *bytes; /* NULL: the file */
    size_t n;
    bool hashed; /* the checksum is wanted: it takes as long as reading */
};

/* NULL in *out and GW_ERR_IO or GW_ERR_NOMEM on failure. */
GW_MUST_USE enum gw_status gw_stream_open(const struct gw_stream_from *from, struct gw_stream **out,
                                          struct gw_error *err);
void gw_stream_close(struct gw_stream *self);

/* The next lines, valid until the next call; *n == 0 at the end. GW_ERR_SYNTAX for compressed data that is
 * damaged or ends early, GW_ERR_RANGE for a line that is too long. */
GW_MUST_USE enum gw_status gw_stream_lines(struct gw_stream *self, const char **at, size_t *n,
                                           struct gw_error *err);

/* Of the bytes of the file read so far, as they lie on the disk: their number and, when asked for, FNV-1a. */
uint64_t gw_stream_read_bytes(const struct gw_stream *self);
uint64_t gw_stream_checksum(const struct gw_stream *self);

#endif
