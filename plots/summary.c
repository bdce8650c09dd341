#include "plots/summary.h"

#include <math.h>

#include "sim/core/moments.h"

/* A run's row as score.h orders it; NaN for columns that the file does not have. */
static void row_of(const struct gw_result_file *result, size_t run, double row[GW_SCORE_COUNT])
{
    for (int i = 0; i < GW_SCORE_COUNT; i++) {
        const struct gw_result_column *column =
            gw_result_file_score(result, gw_score_doc((enum gw_score)i).name);
        row[i] = column != NULL ? column->value[run] : NAN;
    }
}

struct gw_summary_runs gw_summary_runs(const struct gw_result_file *result, uint32_t policy)
{
    struct gw_summary_runs runs = {0};
    uint32_t pairs = 0, alike = 0;
    for (uint32_t r = 0; r < result->replications; r++) {
        const size_t run = (size_t)policy * result->replications + r;
        const size_t base = (size_t)result->baseline * result->replications + r;
        runs.whole += result->ok[run] != 0;
        runs.failed += result->ok[run] == 0;
        if (result->ok[run] && result->ok[base]) {
            double row[GW_SCORE_COUNT], base_row[GW_SCORE_COUNT];
            row_of(result, run, row);
            row_of(result, base, base_row);
            pairs++;
            alike += gw_score_comparable(row, base_row);
        }
    }
    runs.comparable = pairs > 0 && alike == pairs;
    return runs;
}

struct gw_summary gw_summary_score(const struct gw_result_file *result, const struct gw_result_column *column,
                                   uint32_t policy)
{
    struct gw_moments moments = {0};
    for (uint32_t r = 0; column != NULL && r < result->replications; r++) {
        const size_t run = (size_t)policy * result->replications + r;
        if (result->ok[run] && isfinite(column->value[run])) {
            gw_moments_add(&moments, column->value[run]);
        }
    }
    if (moments.n == 0) {
        return (struct gw_summary){.mean = NAN, .half = NAN};
    }
    return (struct gw_summary){moments.n, moments.mean,
                               gw_moments_half_width(&moments, GW_SUMMARY_CONFIDENCE)};
}
