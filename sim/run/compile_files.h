/* sim/run/compile_files.h - files that a scenario names: read, kept for provenance and for the result */
#ifndef GW_SIM_RUN_COMPILE_FILES_H
#define GW_SIM_RUN_COMPILE_FILES_H

#include "sim/run/compiler.h"

/* A new entry for the path; *out is NULL when there is one already. False when memory is out. */
GW_MUST_USE bool gw_compile_files_add(struct gw_scenario *sc, const char *path,
                                      struct gw_scenario_file **out);

/* The entry of a path that was added. */
struct gw_scenario_file *gw_compile_files_of(struct gw_scenario *sc, const char *path);

/* The function of a gw_source, with the compiler as `from`: remembers what was read through it, and gives
 * compressed files and HDF5 traces as text. The caller frees *bytes. */
GW_MUST_USE enum gw_status gw_compile_files_read(void *from, const char *path, size_t max_bytes, char **bytes,
                                                 size_t *n, struct gw_error *err);

#endif
