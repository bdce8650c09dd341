/* Any bytes at all, as CSV, JSON lines or compressed: either requests in the order of time within their
 * bounds, or an error that says where and why. The first byte chooses the policy for bad rows. */
#include <stdint.h>

#include "sim/base/check.h"
#include "traces/requests.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS_MAX = 10000 }; /* a client table may stand for any number */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const struct gw_requests_cfg cfg = {
        .from = {.path = "fuzz", .bytes = (const char *)data + 1, .n = size - 1},
        .relative = true,
        .bad_rows = data[0] & 1 ? GW_REQUESTS_SKIP : GW_REQUESTS_STRICT,
    };
    struct gw_requests *requests;
    struct gw_error err = {0};
    if (gw_requests_open(&cfg, &requests, &err) != GW_OK) {
        GW_REQUIRE(err.where[0] != '\0' && err.why[0] != '\0' && requests == NULL);
        return 0;
    }
    struct gw_requests_row row;
    gw_time_us last_us = INT64_MIN;
    for (int i = 0; i < ROWS_MAX && gw_requests_next(requests, &row); i++) {
        GW_REQUIRE(row.t_unix_us >= last_us);
        GW_REQUIRE(row.in_tok <= GW_REQUESTS_TOK_MAX && row.out_tok <= GW_REQUESTS_TOK_MAX);
        GW_REQUIRE((row.in_tok > 0) == (row.out_tok > 0));
        GW_REQUIRE(row.prefix_tok <= row.in_tok && row.known_tok <= row.in_tok);
        last_us = row.t_unix_us;
    }
    if (gw_requests_status(requests, &err) != GW_OK) {
        GW_REQUIRE(err.where[0] != '\0' && err.why[0] != '\0');
    }
    gw_requests_close(requests);
    return 0;
}
