/* tests/support/figure_result.h - a result as a file would give it, made by hand, for what reads results.
 *
 * Numbers are round and follow simple rules, so that a test can say what a figure must show:
 *
 *   score[p][r] = base * (1 + 0.1 p) * (1 + 0.02 (r - (R - 1) / 2))   lower is better: policy 0 is the best
 *   import_kw   = 1000 + 100 site + 50 policy, in odd hours 200 more
 *   carbon      = import at 100 + 200 site gCO2/kWh
 *   running     = 10 (1 + site) in the first of two models, twice as much in the second; waiting a tenth of
 *                 it, arrived 3600 times it, kv_frac 0.1 (1 + site) in the first, NaN in the second model
 *
 * one ttft_count   = 1000 requests of the first demand row from 256 to 512 ms, 500 of the second from there
 * to 1024 ms; 16 bins, from 0 and then 2, 4, 8 ... ms
 *
 * with R replications. Completed requests and output tokens are alike in all runs; slo_frac is 0.9 + 0.02 p.
 */
#ifndef GW_TESTS_SUPPORT_FIGURE_RESULT_H
#define GW_TESTS_SUPPORT_FIGURE_RESULT_H

#include "sim/run/result_file.h"

/* Policies are "nearest", "greedy-carbon", ... and the first is the baseline; 24 hourly rows from 2023-06-01.
 * Freed by gw_figure_result_fini. False when memory is out. */
bool gw_figure_result_init(struct gw_result_file *out, uint32_t policies, uint32_t replications,
                           uint32_t sites);
void gw_figure_result_fini(struct gw_result_file *self);

/* Gives it hours of `days` days for every site, each on a grid of its own that lies `site` hours east of UTC:
 *
 *   net load = 0.5 + 0.01 h,  gCO2/kWh = 100 (site + 1) + 2 h,  USD/MWh = 10 (site + 1) + h
 *
 * at local hour h. False when memory is out. */
bool gw_figure_result_add_grids(struct gw_result_file *self, uint32_t days);

/* Sets one score of all replications of a policy. The score must exist. */
void gw_figure_result_set(struct gw_result_file *self, const char *score, uint32_t policy, double value);

/* Marks one run as failed; its scores become NaN, as a file has them. */
void gw_figure_result_fail(struct gw_result_file *self, uint32_t policy, uint32_t replication);

#endif
