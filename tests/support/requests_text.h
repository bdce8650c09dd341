/* tests/support/requests_text.h - a text read as a request trace, for tests of the readers. */
#ifndef GW_TESTS_SUPPORT_REQUESTS_TEXT_H
#define GW_TESTS_SUPPORT_REQUESTS_TEXT_H

#include "traces/requests.h"

enum { REQUESTS_TEXT_MAX = 64 };

struct requests_text {
    enum gw_status status; /* of opening, else of the stream at its end */
    struct gw_error err;
    size_t n;
    struct gw_requests_row row[REQUESTS_TEXT_MAX];
    struct gw_requests_counts counts;
    char format[16];
};

/* Reads all of it; epoch 1970 and UTC unless `cfg` (may be NULL) says otherwise. */
void requests_text_read(struct requests_text *self, const char *bytes, size_t n,
                        const struct gw_requests_cfg *cfg);

/* The text as gzip of the given number of members; the caller frees. */
char *requests_text_gz(const char *text, size_t n, unsigned members, size_t *packed_n);

#endif
