/* sim/validate/job_world.h - published jobs under a policy, at one site whose signal is known: what a table
 * of a paper is recomputed with.
 *
 * One watt per accelerator and nothing for starting and stopping, so carbon is grams per watt and
 * accelerator. Prices are those of GAIA: 0.0624 USD an hour on demand, a fifth of it on spot, 0.4 of it
 * reserved, paid until the last job has started. */
#ifndef GW_SIM_VALIDATE_JOB_WORLD_H
#define GW_SIM_VALIDATE_JOB_WORLD_H

#include "models/training/yard.h"
#include "sim/validate/validation.h"

enum { GW_JOB_WORLD_COLUMNS_MAX = 256 };

/* A header and rows of numbers. */
struct gw_job_world_table {
    char *bytes;
    const char *name[GW_JOB_WORLD_COLUMNS_MAX]; /* by column; lives in bytes */
    double *value;                              /* [rows][columns]; NAN what is no number */
    size_t columns, rows;
};

/* False when there is no such file, it cannot be read or memory is out; then nothing is to be freed. */
bool gw_job_world_table_read(struct gw_validation *out, const char *relative, struct gw_job_world_table *t);
void gw_job_world_table_fini(struct gw_job_world_table *self);

/* SIZE_MAX: there is none of that name. */
size_t gw_job_world_column(const struct gw_job_world_table *t, const char *name);

struct gw_job_world {
    struct gw_arena arena;
    struct gw_signal_integral ci;
    struct gw_job *job; /* [jobs], to be filled in order of time */
    double *carbon_g;   /* [jobs] of the last run */
    uint32_t jobs, reserved;
    struct gw_job_queue queue[2];
    struct gw_job_kind kind;
};

/* Hours of the column from `first` on; one queue for all. False when memory is out. */
bool gw_job_world_init(struct gw_job_world *w, const struct gw_job_world_table *zones, size_t column,
                       size_t first, size_t hours, uint32_t jobs);
void gw_job_world_fini(struct gw_job_world *w);

struct gw_job_world_totals {
    double carbon_g, usd;
    double delay_h; /* to the first start, mean over jobs */
    gw_time_us last_start_us;
};

/* All jobs under a policy with its default parameters but one (key NULL: all). */
GW_MUST_USE enum gw_status gw_job_world_run(struct gw_job_world *w, const struct gw_policy_ops *ops,
                                            const char *key, double to, struct gw_job_world_totals *sum,
                                            struct gw_error *err);

#endif
