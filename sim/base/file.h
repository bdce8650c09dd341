/* sim/base/file.h - whole files in, whole files out.
 *
 * Output is written to a temporary name beside the target, flushed to the disk and renamed, so that
 * a killed run or a full disk never leaves a broken file under the target's name. */
#ifndef GW_SIM_BASE_FILE_H
#define GW_SIM_BASE_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "sim/base/status.h"

/* All bytes, NUL appended beyond *n; the caller frees. More than max_bytes is refused with a sentence. */
GW_MUST_USE enum gw_status gw_file_read(const char *path, size_t max_bytes, char **bytes, size_t *n,
                                        struct gw_error *err);

/* The temporary name for `path` (same folder); the caller frees. NULL when memory is out. */
char *gw_file_temp_name(const char *path);

/* Makes temp durable and renames it to path; on failure removes temp. GW_ERR_OUTPUT. */
GW_MUST_USE enum gw_status gw_file_commit(const char *temp, const char *path, struct gw_error *err);

/* Temporary, write, commit in one call. */
GW_MUST_USE enum gw_status gw_file_write(const char *path, const char *bytes, size_t n, struct gw_error *err);

/* Creates the folder and its parents. Existing ones are fine. */
GW_MUST_USE enum gw_status gw_file_make_folder(const char *path, struct gw_error *err);

/* Whether make_folder and writing into it can be expected to work, creating nothing. GW_ERR_OUTPUT. */
GW_MUST_USE enum gw_status gw_file_check_folder(const char *path, struct gw_error *err);

/* `relative` seen from the folder of the file `base`; absolute paths pass. The caller frees; NULL = no
 * memory. */
char *gw_file_resolve(const char *base, const char *relative);

#endif
