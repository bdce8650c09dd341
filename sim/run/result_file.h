/* sim/run/result_file.h - result.h5 and scores.csv: written whole or not at all, read back by plots, compare and run.
 *
 * result.h5 follows the netCDF-4 conventions (dimension scales, `units`, `long_name`, global attributes), so that ncdump,
 * xarray, h5py, R and MATLAB open it unaided. docs/results-format.md is the map. Equal inputs give equal bytes:
 * no times, no names of machines or folders. The resolved scenario and the files it read stand inside: the result can be
 * given to `geowatt run` as it is. */
#ifndef GW_SIM_RUN_RESULT_FILE_H
#define GW_SIM_RUN_RESULT_FILE_H

#include "sim/run/result.h"
#include "sim/tree/node.h"

enum { GW_RESULT_SCHEMA = 1 };

/* What stands beside the numbers. All borrowed. */
struct gw_result_facts {
    const char *scenario_name, *version, *commit;
    const char *scenario_yaml; /* resolved */
    uint64_t seed;
    uint64_t libm_fingerprint;
    const char *const *policy, *const *site, *const *demand; /* names */
    gw_time_us start_unix_us, duration_us, step_us, epoch_us;
    uint32_t baseline; /* index of the policy others are compared with */
    struct gw_result_input {
        const char *path;      /* as the scenario names it */
        const char *bytes;     /* NULL: not embedded */
        size_t n;
        uint64_t checksum;
    } *input;
    uint32_t n_inputs;
    const char *const *citation; /* "key: text" of every constant and policy used */
    uint32_t n_citations;
};

GW_MUST_USE enum gw_status gw_result_file_write(const char *path, const struct gw_result *result,
                                                const struct gw_result_facts *facts, struct gw_error *err);

/* One row per policy and replication: policy, replication, status, comparable, then every score column. */
GW_MUST_USE enum gw_status gw_result_file_write_csv(const char *path, const struct gw_result *result,
                                                    const struct gw_result_facts *facts, struct gw_error *err);

/* A result file in memory. Columns are found by name, so files of older versions read as well. */
struct gw_result_column {
    const char *name, *unit, *doc;
    double *value; /* shape as its kind says */
};
struct gw_result_file {
    struct gw_arena arena;
    const char *scenario_name, *version, *commit, *scenario_yaml;
    uint64_t seed;
    uint32_t policies, replications, sites, demands, rows;
    const char **policy, **site, **demand;
    uint32_t baseline;
    gw_time_us start_unix_us, duration_us, every_us;
    uint8_t *ok;                               /* [policies][replications]: the run is whole */
    struct gw_result_column *score; uint32_t n_scores;      /* [policies][replications] */
    struct gw_result_column *account; uint32_t n_accounts;  /* [policies][replications][sites] */
    struct gw_result_column *series; uint32_t n_series;     /* [policies][replications][sites][rows] */
    struct gw_result_column *per_demand; uint32_t n_per_demand; /* [policies][replications][demands] */
    struct gw_result_input *input; uint32_t n_inputs;
};

GW_MUST_USE enum gw_status gw_result_file_read(const char *path, struct gw_result_file *out, struct gw_error *err);
void gw_result_file_fini(struct gw_result_file *self);
const struct gw_result_column *gw_result_file_score(const struct gw_result_file *self, const char *name);

/* True when the file begins as an HDF5 file does. */
bool gw_result_file_is(const char *path);

#endif
