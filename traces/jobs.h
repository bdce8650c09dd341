/* traces/jobs.h - lists of training jobs as others wrote them: when each came, how long it ran, how wide.
 *
 *   gaia-s, gaia-h   arrival_time,length,cpus                    seconds, or hours
 *   philly-gavel     arrival_s,...,gpus,...,v100_duration_s
 *   generic          submit_s | submit_h, work_s | work_h, width, and if wanted deadline_s | deadline_h
 *
 * Columns are found by their names in the first line, others are passed over. A deadline counts from
 * submission, an empty one is none. Lines may stand in any order; times are kept to the microsecond. Errors
 * name file, line and column: a missing column, a field that is no number, a job before time 0, without
 * length or without width. */
#ifndef GW_TRACES_JOBS_H
#define GW_TRACES_JOBS_H

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"

enum gw_jobs_format { GW_JOBS_GAIA_S, GW_JOBS_GAIA_H, GW_JOBS_PHILLY_GAVEL, GW_JOBS_GENERIC };
extern const char *const gw_jobs_format_names[]; /* "gaia-s", ..., NULL */

struct gw_jobs_row {
    gw_time_us submit_us, work_us;
    gw_time_us deadline_us; /* from submission; GW_NEVER_US: none */
    uint32_t width;
};

struct gw_jobs {
    uint32_t n;
    struct gw_jobs_row *row; /* in the order of the file */
};

/* Rows live in the arena; on failure *out is zeroed. */
GW_MUST_USE enum gw_status gw_jobs_parse(enum gw_jobs_format format, const char *bytes, size_t n,
                                         const char *name, struct gw_jobs *out, struct gw_arena *arena,
                                         struct gw_error *err);

#endif
