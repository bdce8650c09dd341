#include "sim/run/seal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/hash.h"

/* Room for the NUL of snprintf, too. */
struct line {
    char text[GW_SEAL_BYTES + 1];
};

static const char mark[] = "\ngeowatt seal fnv1a64 ";
enum { MARK_BYTES = sizeof mark - 1 };
_Static_assert(GW_SEAL_BYTES == MARK_BYTES + 16 + 1, "a mark, 16 digits, a line feed");

static struct line seal_of(uint64_t checksum)
{
    struct line line;
    snprintf(line.text, sizeof line.text, "%s%016" PRIx64 "\n", mark, checksum);
    return line;
}

void gw_seal_put(char *bytes, size_t n)
{
    const struct line line = seal_of(gw_hash_fnv1a(GW_HASH_START, bytes, n));
    memcpy(bytes + n, line.text, GW_SEAL_BYTES);
}

enum gw_status gw_seal_check(const char *bytes, size_t n, const char *path, size_t *n_before,
                             uint64_t *checksum, struct gw_error *err)
{
    if (n < GW_SEAL_BYTES || memcmp(bytes + n - GW_SEAL_BYTES, mark, MARK_BYTES) != 0) {
        return gw_fail(err, GW_ERR_SYNTAX, path,
                       "does not end as a geowatt result ends: it was cut off, changed by another program or "
                       "never written by geowatt");
    }
    const uint64_t found = gw_hash_fnv1a(GW_HASH_START, bytes, n - GW_SEAL_BYTES);
    const struct line line = seal_of(found);
    if (memcmp(bytes + n - GW_SEAL_BYTES, line.text, GW_SEAL_BYTES) != 0) {
        return gw_fail(err, GW_ERR_SYNTAX, path,
                       "was damaged or changed after geowatt wrote it: its checksum does not fit");
    }
    *n_before = n - GW_SEAL_BYTES;
    *checksum = found;
    return GW_OK;
}
