/* models/policies/search/quality.h - how good a set of points is, beside hypervolume (minimisation).
 *
 *   igd+      mean over the wanted points z of min over found points a of |max(a - z, 0)|   (Ishibuchi 2015)
 *   igd       the same with |a - z|
 *   epsilon   max over z of min over a of max_k (a_k - z_k): what must be taken off every objective of the
 *             found points so that they weakly dominate all wanted ones                       (Zitzler 2003)
 *   spread    of two objectives (Deb 2002): (e + sum |d_i - mean|) / (e + (n - 1) mean), d between
 *             neighbours, e from the first and the last to the wanted front's ends; 0 is an even front
 *
 * igd+ and epsilon agree with dominance (a set that is at least as good is never rated worse), igd does not.
 * Values depend on the objectives' units: normalise first when they differ. n >= 1, wanted >= 1. */
#ifndef GW_MODELS_POLICIES_SEARCH_QUALITY_H
#define GW_MODELS_POLICIES_SEARCH_QUALITY_H

#include <stdint.h>

double gw_quality_igd_plus(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted,
                           uint32_t objectives);
double gw_quality_igd(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted,
                      uint32_t objectives);
double gw_quality_epsilon(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted,
                          uint32_t objectives);

/* f[n][2], in any order; first and last: the ends of the wanted front, by the first objective. NaN when
 * memory is out. */
double gw_quality_spread(const double *f, uint32_t n, const double first[2], const double last[2]);

#endif
