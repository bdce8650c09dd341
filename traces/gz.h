/* traces/gz.h - gzip-compressed input, told by its first two bytes, whatever the file is called.
 *
 * Files of several members (as `cat a.gz b.gz` makes them) are one text; zeros behind the last member are
 * padding. What ends early or fails its checksum is an error. */
#ifndef GW_TRACES_GZ_H
#define GW_TRACES_GZ_H

#include <stdbool.h>
#include <stddef.h>
#define ZLIB_CONST
#include <zlib.h>

#include "sim/base/status.h"

bool gw_gz_is(const char *bytes, size_t n);

/* A text being unpacked; zeroed is a valid one that has not begun. */
struct gw_gz {
    z_stream z;
    bool begun, between; /* between members: before the first, or behind one */
};

/* Unpacks from [*in, *in + *in_n), which both move on, to at most cap bytes; *n receives how many. `last`: no
 * input follows. *n == 0 with *in_n == 0 means: more input is needed, or with `last`, the end. */
GW_MUST_USE enum gw_status gw_gz_unpack(struct gw_gz *self, const char **in, size_t *in_n, bool last,
                                        char *out, size_t cap, size_t *n, const char *name,
                                        struct gw_error *err);
void gw_gz_fini(struct gw_gz *self);

/* Replaces whole bytes on the heap by the text in them; other bytes stay as they are. More than max bytes are
 * refused; on failure the bytes are as before. */
GW_MUST_USE enum gw_status gw_gz_plain(char **bytes, size_t *n, size_t max, const char *name,
                                       struct gw_error *err);

#endif
