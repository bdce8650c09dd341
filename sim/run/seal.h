/* sim/run/seal.h - a checksum at the end of a file, so that what was cut off, damaged or changed since is
 * known as such before any reader of its format sees it.
 *
 * The seal is one line of text, "geowatt seal fnv1a64 0123456789abcdef", with a line feed before and after
 * it. Programs that read HDF5 ignore what follows the end that the file itself states. It guards against
 * accidents, not against malice. */
#ifndef GW_SIM_RUN_SEAL_H
#define GW_SIM_RUN_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

enum { GW_SEAL_BYTES = 39 };

/* Writes the seal of bytes[0, n) behind them; the caller has made room. */
void gw_seal_put(char *bytes, size_t n);

/* How many bytes stand before the seal, and their checksum. GW_ERR_SYNTAX with a sentence when there is none
 * or when they are not the ones that were sealed. */
GW_MUST_USE enum gw_status gw_seal_check(const char *bytes, size_t n, const char *path, size_t *n_before,
                                         uint64_t *checksum, struct gw_error *err);

#endif
