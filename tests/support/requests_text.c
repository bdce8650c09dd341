#include "tests/support/requests_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/near.h"
#include "traces/gz.h"

void requests_text_read(struct requests_text *self, const char *bytes, size_t n,
                        const struct gw_requests_cfg *given)
{
    struct gw_requests_cfg cfg = {.has_epoch = false, .relative = true};
    if (given != NULL) {
        cfg = *given;
    }
    cfg.from = (struct gw_stream_from){.path = "t.csv", .bytes = bytes, .n = n};
    memset(self, 0, sizeof *self);
    struct gw_requests *requests;
    self->status = gw_requests_open(&cfg, &requests, &self->err);
    if (self->status != GW_OK) {
        assert_null(requests);
        return;
    }
    while (self->n < REQUESTS_TEXT_MAX && gw_requests_next(requests, &self->row[self->n])) {
        self->n++;
    }
    self->status = gw_requests_status(requests, &self->err);
    self->counts = *gw_requests_counted(requests);
    snprintf(self->format, sizeof self->format, "%s", gw_requests_format(requests));
    gw_requests_close(requests);
}

char *requests_text_gz(const char *text, size_t n, unsigned members, size_t *packed_n)
{
    const size_t cap = 2 * n + 1000;
    char *packed = malloc(cap);
    assert_non_null(packed);
    *packed_n = 0;
    for (unsigned m = 0; m < members; m++) {
        const size_t from = m * n / members, to = (m + 1) * n / members;
        z_stream z = {0};
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        z.next_in = (const Bytef *)(const void *)(text + from);
        z.avail_in = (uInt)(to - from);
        z.next_out = (Bytef *)(void *)(packed + *packed_n);
        z.avail_out = (uInt)(cap - *packed_n);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        *packed_n = cap - z.avail_out;
        assert_int_equal(deflateEnd(&z), Z_OK);
    }
    return packed;
}
