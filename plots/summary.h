/* plots/summary.h - what the replications of a policy say together: mean, interval, and whether it may be
 * compared. */
#ifndef GW_PLOTS_SUMMARY_H
#define GW_PLOTS_SUMMARY_H

#include <stdbool.h>

#include "sim/run/result_file.h"

#define GW_SUMMARY_CONFIDENCE 0.95

/* How a policy's runs ended. */
struct gw_summary_runs {
    uint32_t whole, failed;
    /* Every replication that is whole here and for the baseline did the same work (score.h); false when there
     * is none. */
    bool comparable;
};
struct gw_summary_runs gw_summary_runs(const struct gw_result_file *result, uint32_t policy);

/* A score over the whole runs in which it is a finite number. */
struct gw_summary {
    uint64_t n;
    double mean; /* NaN for n = 0 */
    double half; /* half width of the two-sided Student interval of the mean; NaN for n < 2 */
};

/* column may be NULL: a score that the file does not have. */
struct gw_summary gw_summary_score(const struct gw_result_file *result, const struct gw_result_column *column,
                                   uint32_t policy);

#endif
