#include "traces/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/array.h"
#include "sim/base/hash.h"
#include "traces/gz.h"

#define BUFFER_BYTES ((size_t)256 << 10)
#define PACKED_BYTES ((size_t)64 << 10)
#define LINE_BYTES   ((size_t)16 << 20)

struct gw_stream {
    struct gw_stream_from from;
    int fd; /* -1: bytes in memory */
    size_t from_at;
    uint64_t bytes, checksum;

    char *packed; /* what was read of a compressed file and not yet unpacked */
    const char *packed_at;
    size_t packed_n;
    struct gw_gz gz;
    bool is_gz, file_ended, ended;

    char *buffer;
    size_t cap, begin, used; /* [begin, used) was not handed out yet */
};

/* Up to cap bytes of the file; fewer only at its end. */
static enum gw_status read_file(struct gw_stream *self, char *to, size_t cap, size_t *n, struct gw_error *err)
{
    *n = 0;
    if (self->fd < 0) {
        const size_t left = self->from.n - self->from_at;
        *n = left < cap ? left : cap;
        memcpy(to, self->from.bytes + self->from_at, *n);
        self->from_at += *n;
    }
    while (self->fd >= 0 && *n < cap) {
        const ssize_t got = read(self->fd, to + *n, cap - *n);
        if (got < 0 && errno != EINTR) {
            char why[100];
            if (strerror_r(errno, why, sizeof why) != 0) {
                snprintf(why, sizeof why, "error");
            }
            return gw_fail(err, GW_ERR_IO, self->from.path, "cannot be read: %s", why);
        }
        if (got == 0) {
            break;
        }
        *n += got > 0 ? (size_t)got : 0;
    }
    self->file_ended = *n < cap;
    self->bytes += *n;
    if (self->from.hashed) {
        self->checksum = gw_hash_fnv1a(self->checksum, to, *n);
    }
    return GW_OK;
}

/* The text, whether it was compressed or not: up to cap bytes, 0 only at its end. */
static enum gw_status read_text(struct gw_stream *self, char *to, size_t cap, size_t *n, struct gw_error *err)
{
    if (!self->is_gz) {
        *n = 0;
        return self->file_ended ? GW_OK : read_file(self, to, cap, n, err);
    }
    for (;;) {
        if (self->packed_n == 0 && !self->file_ended) {
            const enum gw_status s = read_file(self, self->packed, PACKED_BYTES, &self->packed_n, err);
            if (s != GW_OK) {
                return s;
            }
            self->packed_at = self->packed;
        }
        const enum gw_status s = gw_gz_unpack(&self->gz, &self->packed_at, &self->packed_n, self->file_ended,
                                              to, cap, n, self->from.path, err);
        if (s != GW_OK || *n > 0 || (self->packed_n == 0 && self->file_ended)) {
            return s;
        }
    }
}

/* Looks at how the file begins; a plain one's first bytes are already text. */
static enum gw_status begin(struct gw_stream *self, struct gw_error *err)
{
    size_t n;
    const enum gw_status s = read_file(self, self->packed, PACKED_BYTES, &n, err);
    if (s != GW_OK) {
        return s;
    }
    self->is_gz = gw_gz_is(self->packed, n);
    if (self->is_gz) {
        self->packed_at = self->packed;
        self->packed_n = n;
        return GW_OK;
    }
    memcpy(self->buffer, self->packed, n);
    self->used = n;
    free(self->packed);
    self->packed = NULL;
    return GW_OK;
}

enum gw_status gw_stream_open(const struct gw_stream_from *from, struct gw_stream **out, struct gw_error *err)
{
    *out = NULL;
    struct gw_stream *self = malloc(sizeof *self);
    if (self == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, from->path, "out of memory");
    }
    *self = (struct gw_stream){.from = *from, .fd = -1, .cap = BUFFER_BYTES, .checksum = GW_HASH_START};
    self->buffer = malloc(self->cap);
    self->packed = malloc(PACKED_BYTES);
    enum gw_status s = GW_OK;
    if (self->buffer == NULL || self->packed == NULL) {
        s = gw_fail(err, GW_ERR_NOMEM, from->path, "out of memory");
    } else if (from->bytes == NULL) {
        self->fd = open(from->path, O_RDONLY | O_CLOEXEC);
        if (self->fd < 0) {
            char why[100];
            if (strerror_r(errno, why, sizeof why) != 0) {
                snprintf(why, sizeof why, "error");
            }
            s = gw_fail(err, GW_ERR_IO, from->path, "cannot be read: %s", why);
        }
    }
    s = s == GW_OK ? begin(self, err) : s;
    if (s != GW_OK) {
        gw_stream_close(self);
        return s;
    }
    *out = self;
    return GW_OK;
}

void gw_stream_close(struct gw_stream *self)
{
    if (self == NULL) {
        return;
    }
    if (self->fd >= 0) {
        close(self->fd);
    }
    gw_gz_fini(&self->gz);
    free(self->packed);
    free(self->buffer);
    free(self);
}

static const char *last_newline(const char *at, size_t n)
{
    while (n > 0 && at[n - 1] != '\n') {
        n--;
    }
    return n > 0 ? at + n - 1 : NULL;
}

/* Makes room behind what is left and reads on. */
static enum gw_status fill(struct gw_stream *self, struct gw_error *err)
{
    const size_t left = self->used - self->begin;
    if (self->begin > 0) {
        memmove(self->buffer, self->buffer + self->begin, left);
    }
    self->begin = 0;
    self->used = left;
    if (left > LINE_BYTES) {
        return gw_fail(err, GW_ERR_RANGE, self->from.path, "a line of more than %zu bytes", LINE_BYTES);
    }
    void *at = self->buffer;
    const bool grown = left < self->cap / 2 || gw_array_reserve(&at, &self->cap, 2 * self->cap, 1);
    self->buffer = at;
    if (!grown) {
        return gw_fail(err, GW_ERR_NOMEM, self->from.path, "out of memory");
    }
    size_t n;
    const enum gw_status s = read_text(self, self->buffer + left, self->cap - left, &n, err);
    self->used += s == GW_OK ? n : 0;
    self->ended = s == GW_OK && n == 0;
    return s;
}

enum gw_status gw_stream_lines(struct gw_stream *self, const char **at, size_t *n, struct gw_error *err)
{
    for (;;) {
        const char *const from = self->buffer + self->begin;
        const size_t left = self->used - self->begin;
        const char *newline = last_newline(from, left);
        if (newline != NULL || self->ended) {
            *at = from;
            *n = newline != NULL ? (size_t)(newline - from) + 1 : left;
            self->begin += *n;
            return GW_OK;
        }
        const enum gw_status s = fill(self, err);
        if (s != GW_OK) {
            return s;
        }
    }
}

uint64_t gw_stream_read_bytes(const struct gw_stream *self)
{
    return self->bytes;
}

uint64_t gw_stream_checksum(const struct gw_stream *self)
{
    return self->checksum;
}
