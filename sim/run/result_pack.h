/* sim/run/result_pack.h - a result as the bytes of result.h5: what stands where in the file, see
 * docs/results-format.md. */
#ifndef GW_SIM_RUN_RESULT_PACK_H
#define GW_SIM_RUN_RESULT_PACK_H

#include "sim/run/result_file.h"

/* Bytes on the heap with room for `extra` more behind; the caller frees. Equal inputs give equal bytes.
 * `path` is for messages only. */
GW_MUST_USE enum gw_status gw_result_pack(const struct gw_result *result, const struct gw_result_facts *facts,
                                          size_t extra, const char *path, char **bytes, size_t *n,
                                          struct gw_error *err);

#endif
