/* models/policies/search/linear_lp.h - the exact front of a linear routing problem (linear.h), by linear
 * programs along a lattice of weights: what searches on it are held against. */
#ifndef GW_MODELS_POLICIES_SEARCH_LINEAR_LP_H
#define GW_MODELS_POLICIES_SEARCH_LINEAR_LP_H

#include "models/policies/search/front.h"
#include "models/policies/search/linear.h"

/* Appends a plan for each of at most n >= objectives weights, objectives scaled to the range of the single
 * optima; `out` is empty. False when memory is out, or when the load does not find room. */
GW_MUST_USE bool gw_linear_lp_front(const struct gw_linear *linear, uint32_t n, struct gw_front *out);

#endif
