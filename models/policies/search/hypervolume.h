/* models/policies/search/hypervolume.h - the volume that a set of points dominates, up to a reference point.
 *
 * Exact for any number of objectives (minimisation); fast for 2 to 4. Points that are not better than the
 * reference in every objective add nothing, nor do dominated points and repetitions. With 2 objectives a
 * sweep; beyond, the recursion of While, Bradstreet and Barone, "A fast way of calculating exact
 * hypervolumes", IEEE Trans. Evol. Comput. 16(1), 2012: volume = sum of what each point adds to those after
 * it. */
#ifndef GW_MODELS_POLICIES_SEARCH_HYPERVOLUME_H
#define GW_MODELS_POLICIES_SEARCH_HYPERVOLUME_H

#include <stdint.h>

/* f[n][objectives]; at most GW_PROBLEM_OBJECTIVES_MAX objectives. NaN when memory is out. */
double gw_hypervolume(const double *f, uint32_t n, uint32_t objectives, const double *reference);

/* contribution[i]: what would be lost without point i. 0 for points that are dominated, repeated or beyond
 * the reference. All NaN when memory is out. */
void gw_hypervolume_contributions(const double *f, uint32_t n, uint32_t objectives, const double *reference,
                                  double *contribution);

#endif
