/* models/policies/search/weights.h - directions in the space of objectives, each >= 0 and summing to 1. */
#ifndef GW_MODELS_POLICIES_SEARCH_WEIGHTS_H
#define GW_MODELS_POLICIES_SEARCH_WEIGHTS_H

#include "sim/core/rng.h"

/* How many directions a lattice with `parts` parts has: C(parts + objectives - 1, objectives - 1). */
uint64_t gw_weights_lattice_size(uint32_t objectives, uint32_t parts);

/* The largest number of parts with at most n directions; 0 when not even the unit vectors fit. */
uint32_t gw_weights_lattice_parts(uint32_t objectives, uint32_t n);

/* The lattice of Das and Dennis (1998), in lexicographic order: every weight a multiple of 1/parts. `out` has
 * room for all of it. parts >= 1. */
void gw_weights_lattice(uint32_t objectives, uint32_t parts, double *out);

/* n directions: the largest lattice that fits, the rest drawn uniformly from the simplex. */
void gw_weights_spread(uint32_t objectives, uint32_t n, struct gw_rng *rng, double *out);

/* near[n][count]: the `count` nearest directions of each by Euclidean distance, itself first; ties by index.
 * count <= n. */
void gw_weights_neighbours(const double *weight, uint32_t n, uint32_t objectives, uint32_t count,
                           uint32_t *near);

#endif
