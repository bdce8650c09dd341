/* sim/run/compare.h - two result files side by side: what `geowatt compare A B [--same]` prints.
 *
 * Rows are paired by policy name and replication, sites and demand rows by name, columns by name. Without
 * `same` the question is how B differs from A: a row misses when the work done differs by more than
 * GW_SCORE_WORK_TOLERANCE or when the run failed in one file only. With `same` it is whether B repeats A:
 * every score, site account, column of demand rows, count of times to first token, time series and hour of a
 * grid has to agree within the tolerance, and nothing may stand in one file only.
 *
 *   agree(a, b)  =  |a - b| <= tolerance * max(|a|, |b|) + GW_COMPARE_FLOOR,  or both are missing
 */
#ifndef GW_SIM_RUN_COMPARE_H
#define GW_SIM_RUN_COMPARE_H

#include <stdbool.h>

#include "sim/run/result_file.h"

/* Differences below this count as none, whatever the unit: rounding residuals have no relative size. */
#define GW_COMPARE_FLOOR     1e-12
#define GW_COMPARE_TOLERANCE 1e-9

struct gw_compare_options {
    bool same;
    double tolerance; /* relative, of `same` */
};

enum gw_compare_table {
    GW_COMPARE_SCORES,
    GW_COMPARE_SITES,
    GW_COMPARE_DEMANDS,
    GW_COMPARE_TIMELINE,
    GW_COMPARE_GRIDS /* of no run */
};

/* A column that both files have. */
struct gw_compare_column {
    enum gw_compare_table table;
    const char *name, *unit;
    double worst;       /* largest |a - b| / max(|a|, |b|) beyond the floor; infinite when one is missing */
    uint32_t worst_row; /* where */
    uint64_t apart;     /* values that do not agree */
    double *a, *b;      /* [rows], of scores only */
    double *relative;   /* (b - a) / |a|; 0 when equal, NaN when one is missing */
};

/* A run that both files have. */
struct gw_compare_row {
    const char *policy;
    uint32_t replication;
    bool ok_a, ok_b;
    bool comparable; /* both whole, and the same work done */
};

struct gw_compare {
    struct gw_arena arena;
    bool identical; /* byte for byte */
    struct gw_compare_row *row;
    uint32_t n_rows;
    struct gw_compare_column *column; /* scores first, in the order of A */
    uint32_t n_columns;
    const char **note; /* sentences: other version, other libm, what only one file has ... */
    uint32_t n_notes;
};

/* GW_OK; GW_ERR_MISSED with the first miss as a sentence, *out being filled all the same; or why a file
 * cannot be read, *out being empty. */
GW_MUST_USE enum gw_status gw_compare_files(const char *path_a, const char *path_b,
                                            const struct gw_compare_options *options, struct gw_compare *out,
                                            struct gw_error *err);
/* The same for files read before. */
GW_MUST_USE enum gw_status gw_compare_results(const struct gw_result_file *a, const struct gw_result_file *b,
                                              const struct gw_compare_options *options,
                                              struct gw_compare *out, struct gw_error *err);
void gw_compare_fini(struct gw_compare *self);

#endif
