/* sim/run/result_unpack.h - a result from the bytes of result.h5: the other direction of result_pack.h. */
#ifndef GW_SIM_RUN_RESULT_UNPACK_H
#define GW_SIM_RUN_RESULT_UNPACK_H

#include "sim/run/result_file.h"

/* GW_ERR_SYNTAX with a sentence when something is missing, of another shape than the file's own dimensions,
 * or of a later schema; *out is then empty. HDF5 trusts its input: bytes have to be the ones that were packed
 * (see seal.h). */
GW_MUST_USE enum gw_status gw_result_unpack(char *bytes, size_t n, const char *path,
                                            struct gw_result_file *out, struct gw_error *err);

#endif
