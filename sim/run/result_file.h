/* sim/run/result_file.h - result.h5: written whole or not at all, read back by plots, compare and run.
 *
 * The file follows the netCDF-4 conventions (dimension scales, `units`, `long_name`, global attributes), so
 * that ncdump, xarray, h5py, R and MATLAB open it unaided. docs/results-format.md is the map. Equal inputs
 * give equal bytes: no times, no names of machines or folders. The resolved scenario and the files it read
 * stand inside: the result can be given to `geowatt run` as it is. HDF5 is not used by two threads at once:
 * neither may these functions be. */
#ifndef GW_SIM_RUN_RESULT_FILE_H
#define GW_SIM_RUN_RESULT_FILE_H

#include "sim/run/result.h"

enum { GW_RESULT_SCHEMA = 1 };

/* A file that the scenario read. */
struct gw_result_input {
    const char *path;  /* as the scenario names it */
    const char *bytes; /* NULL: not embedded */
    size_t n;
    uint64_t checksum;   /* FNV-1a of all bytes, embedded or not */
    const char *repairs; /* what was mended or left out in it, a line each; NULL: nothing */
};

/* A variable of a result; its shape is as its kind says. */
struct gw_result_column {
    const char *name, *unit, *doc;
    double *value;
};

/* Hours of the sites' grids in replication 0, from the start of the scored time; the last one may be cut. */
struct gw_result_grids {
    uint32_t hours;                  /* 0: none */
    const char **name;               /* [sites] */
    double *utc_offset_h;            /* [sites] of local standard time */
    struct gw_result_column *column; /* [sites][hours]; what a grid does not know is NaN */
    uint32_t n_columns;
};

/* What stands beside the numbers. All borrowed. */
struct gw_result_facts {
    const char *scenario_name, *version, *commit;
    const char *scenario_yaml; /* resolved */
    uint64_t seed;
    uint64_t libm_fingerprint;
    const char *const *policy, *const *site, *const *demand, *const *model; /* names */
    gw_time_us start_unix_us, duration_us, step_us, epoch_us;
    uint32_t baseline; /* index of the policy others are compared with */
    struct gw_result_input *input;
    uint32_t n_inputs;
    const char *transferred;     /* engines on accelerators they were not measured on; "" when all were */
    const char *external;        /* policies decided outside of geowatt, and by what; "" or NULL: none */
    const char *const *citation; /* "key: text" of every constant and policy used */
    uint32_t n_citations;
    struct gw_result_grids grids;
};

/* GW_ERR_OUTPUT when the disk does not take it; then nothing is left behind and an older file under that name
 * stays. */
GW_MUST_USE enum gw_status gw_result_file_write(const char *path, const struct gw_result *result,
                                                const struct gw_result_facts *facts, struct gw_error *err);

/* A result file in memory. Columns are found by name, so files of older versions read as well. A value that a
 * failed run or a shorter drain left open is NaN. */
struct gw_result_file {
    struct gw_arena arena;
    const char *scenario_name, *version, *commit, *scenario_yaml;
    uint64_t seed, libm_fingerprint;
    uint64_t checksum; /* of the file: equal ones mean equal bytes */
    uint32_t policies, replications, sites, demands, models, rows;
    const char **policy, **site, **demand, **model; /* model: NULL in files without load */
    uint32_t baseline;
    gw_time_us start_unix_us, duration_us, step_us, epoch_us, every_us;
    uint8_t *ok;                    /* [policies][replications]: the run is whole */
    const char **error;             /* [policies][replications]: why it is not; "" when it is */
    struct gw_result_column *score; /* [policies][replications] */
    uint32_t n_scores;
    struct gw_result_column *account; /* [policies][replications][sites], named as the ledger names them */
    uint32_t n_accounts;
    struct gw_result_column *series; /* [policies][replications][sites][rows] */
    uint32_t n_series;
    struct gw_result_column *load; /* [policies][replications][sites][models][rows], as load.h names them */
    uint32_t n_load;
    struct gw_result_column *per_demand; /* [policies][replications][demands] */
    uint32_t n_per_demand;
    double *ttft_count;   /* [policies][replications][demands][ttft_bins]; NULL in older files */
    double *ttft_from_ms; /* [ttft_bins]; each ends where the next begins, the last one never */
    uint32_t ttft_bins;
    double *sent_frac;              /* [policies][replications][demands][sites]; NULL without demand rows */
    struct gw_result_column *bound; /* [GW_BOUNDS][replications], named as the scores they are bounds of */
    uint32_t n_bounds;              /* 0: none were asked for */
    uint32_t epochs;
    struct gw_result_column *gap; /* [policies][replications][epochs], named as the scores of plan gaps */
    uint32_t n_gaps;
    struct gw_result_grids grids;
    struct gw_result_input *input;
    uint32_t n_inputs;
};

/* GW_ERR_IO when there is no such file, GW_ERR_SYNTAX when it is none of ours, was cut off, damaged or
 * changed, or comes from a later version; *out is then empty. */
GW_MUST_USE enum gw_status gw_result_file_read(const char *path, struct gw_result_file *out,
                                               struct gw_error *err);
void gw_result_file_fini(struct gw_result_file *self);

/* NULL when the file has no such column. */
const struct gw_result_column *gw_result_file_score(const struct gw_result_file *self, const char *name);

/* The column of that name among n; NULL when there is none. */
const struct gw_result_column *gw_result_file_column(const struct gw_result_column *column, uint32_t n,
                                                     const char *name);

/* A column of the sites' time series; NULL when the file has none. */
const struct gw_result_column *gw_result_file_series(const struct gw_result_file *self, const char *name);

/* True when the file begins as an HDF5 file does. */
bool gw_result_file_is(const char *path);

#endif
