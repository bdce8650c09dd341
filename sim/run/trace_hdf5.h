/* sim/run/trace_hdf5.h - a grid trace as a netCDF-4 file: what `geowatt trace import` and `generate` write
 * for a name that ends in .h5, and what a scenario reads back wherever it takes a file of geowatt's CSV.
 *
 *   time(time)     int64, microseconds since 1970-01-01, start of the interval
 *   COLUMN(time)   double, `units` from the end of its name, NaN for missing
 *   findings       what was noticed and repaired, one sentence each
 *
 * with the step, the source's format, file name and area as attributes, and a seal (seal.h) behind it. Equal
 * traces give equal bytes. */
#ifndef GW_SIM_RUN_TRACE_HDF5_H
#define GW_SIM_RUN_TRACE_HDF5_H

#include "traces/trace.h"

/* True for a file name that asks for this form. */
bool gw_trace_hdf5_is_name(const char *path);

/* The file's bytes on the heap; the caller frees. `path` is for messages. */
GW_MUST_USE enum gw_status gw_trace_hdf5_pack(const struct gw_trace *trace, const char *path, char **bytes,
                                              size_t *n, struct gw_error *err);

/* Replaces whole bytes on the heap by the text in them: such a file becomes geowatt's CSV, compressed bytes
 * what is in them (traces/gz.h), up to max bytes; others stay as they are. On failure the bytes are as
 * before.
 */
GW_MUST_USE enum gw_status gw_trace_hdf5_plain(char **bytes, size_t *n, size_t max, const char *path,
                                               struct gw_error *err);

#endif
