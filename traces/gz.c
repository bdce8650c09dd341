#include "traces/gz.h"

#include <limits.h>
#include <stdlib.h>

#include "sim/base/array.h"

enum { GZIP_WINDOW = 15 + 16, FIRST_BYTES = 65536 }; /* + 16: a gzip header is due */

bool gw_gz_is(const char *bytes, size_t n)
{
    return n >= 2 && (unsigned char)bytes[0] == 0x1f && (unsigned char)bytes[1] == 0x8b;
}

static enum gw_status begin_member(struct gw_gz *self, const char *name, struct gw_error *err)
{
    const int r = self->begun ? inflateReset(&self->z) : inflateInit2(&self->z, GZIP_WINDOW);
    if (r != Z_OK) {
        return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
    }
    self->begun = true;
    self->between = false;
    return GW_OK;
}

/* Behind a member: zeros, another member, or the end. */
static enum gw_status look_behind(struct gw_gz *self, const char **in, size_t *in_n, const char *name,
                                  struct gw_error *err)
{
    while (self->begun && *in_n > 0 && **in == '\0') {
        ++*in;
        --*in_n;
    }
    return *in_n > 0 ? begin_member(self, name, err) : GW_OK;
}

static enum gw_status inflate_some(struct gw_gz *self, const char **in, size_t *in_n, char *out, size_t cap,
                                   size_t *n, const char *name, struct gw_error *err)
{
    const uInt give = *in_n < UINT_MAX ? (uInt)*in_n : UINT_MAX;
    const uInt room = cap - *n < UINT_MAX ? (uInt)(cap - *n) : UINT_MAX;
    self->z.next_in = (const Bytef *)(const void *)*in;
    self->z.avail_in = give;
    self->z.next_out = (Bytef *)(void *)(out + *n);
    self->z.avail_out = room;
    const int r = inflate(&self->z, Z_NO_FLUSH);
    *in += give - self->z.avail_in;
    *in_n -= give - self->z.avail_in;
    *n += room - self->z.avail_out;
    if (r == Z_STREAM_END) {
        self->between = true;
    } else if (r == Z_MEM_ERROR) {
        return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
    } else if (r != Z_OK && r != Z_BUF_ERROR) {
        return gw_fail(err, GW_ERR_SYNTAX, name, "compressed data is damaged: %s",
                       self->z.msg != NULL ? self->z.msg : "not gzip");
    }
    return GW_OK;
}

enum gw_status gw_gz_unpack(struct gw_gz *self, const char **in, size_t *in_n, bool last, char *out,
                            size_t cap, size_t *n, const char *name, struct gw_error *err)
{
    *n = 0;
    self->between = self->between || !self->begun;
    while (*n<cap && * in_n> 0) {
        enum gw_status s = self->between ? look_behind(self, in, in_n, name, err) : GW_OK;
        if (s == GW_OK && !self->between) {
            s = inflate_some(self, in, in_n, out, cap, n, name, err);
        }
        if (s != GW_OK) {
            return s;
        }
    }
    /* what was given may be used up while more output waits inside */
    enum gw_status s = GW_OK;
    if (*n < cap && *in_n == 0 && !self->between) {
        s = inflate_some(self, in, in_n, out, cap, n, name, err);
    }
    if (s == GW_OK && last && *n == 0 && *in_n == 0 && !self->between) {
        s = gw_fail(err, GW_ERR_SYNTAX, name, "compressed data ends early: the file is cut off");
    }
    return s;
}

void gw_gz_fini(struct gw_gz *self)
{
    if (self->begun) {
        (void)inflateEnd(&self->z);
    }
    *self = (struct gw_gz){0};
}

static enum gw_status unpack_all(struct gw_gz *gz, const char *in, size_t in_n, size_t max, char **out,
                                 size_t *n, const char *name, struct gw_error *err)
{
    void *at = NULL;
    size_t cap = 0, used = 0, got = 1;
    enum gw_status s = GW_OK;
    while (s == GW_OK && got > 0) {
        const bool grown = gw_array_reserve(&at, &cap, used + FIRST_BYTES, 1);
        *out = at;
        if (!grown) {
            return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        }
        s = gw_gz_unpack(gz, &in, &in_n, true, *out + used, cap - 1 - used, &got, name, err);
        used += got;
        if (s == GW_OK && used > max) {
            s = gw_fail(err, GW_ERR_IO, name, "unpacks to more than the %zu bytes that are read at most",
                        max);
        }
    }
    *n = used;
    return s;
}

enum gw_status gw_gz_plain(char **bytes, size_t *n, size_t max, const char *name, struct gw_error *err)
{
    if (!gw_gz_is(*bytes, *n)) {
        return GW_OK;
    }
    struct gw_gz gz = {0};
    char *plain = NULL;
    size_t plain_n = 0;
    const enum gw_status s = unpack_all(&gz, *bytes, *n, max, &plain, &plain_n, name, err);
    gw_gz_fini(&gz);
    if (s != GW_OK) {
        free(plain);
        return s;
    }
    plain[plain_n] = '\0'; /* as gw_file_read leaves it */
    free(*bytes);
    *bytes = plain;
    *n = plain_n;
    return GW_OK;
}
